"""Fitting the linear stages: scikit-learn learns the weights, this file lays them out for scoring.

Logistic regression throughout: by averaged stochastic gradient descent for the token outputs that
learn from hundreds of thousands of tokens, by liblinear for the rest. All seeds are fixed, so that
the same data give the same bits on one machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import Block, FloatArray, LinearStage, layout_of, matrix, rounded_weights
from hedgecheck.context import context_blocks
from hedgecheck.engine import first_pass_probabilities
from hedgecheck.heads import (
    ATTRIBUTION_OUTPUTS,
    CONFIDENTIAL,
    GATE,
    HEDGED,
    LADDER,
    LADDER_OUTPUTS,
    OUTPUTS,
    SOURCING_OUTPUTS,
    Calibration,
    logistic,
)
from hedgecheck.results import CERTAIN, NO_CLAIM
from hedgecheck.sentence_blocks import Evidence, sentence_blocks
from hedgecheck.tagging import Scene
from hedgecheck.tokens import IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

BoolArray = npt.NDArray[np.bool_]
#: Learns a weight for each column and a bias.
Fit = Callable[["csr_matrix", BoolArray], tuple[FloatArray, float]]

#: Folds within the training data, for features and calibration that have not seen their sentences.
INNER_FOLDS: Final = 3
#: Inverse strength of regularisation by kind of output (chosen by cross-validation).
_STRENGTH: Final = {"gate": 0.06, "class": 0.1, "confidential": 0.2, "hedged": 0.04, "ladder": 0.1}
#: Power of a column's log-odds that it is scaled by, and bounds of the log-odds.
_SCALE_POWER: Final = 0.7
_LOG_ODDS: Final = (0.1, 3.0)
#: Where liblinear stops; ten times its own default moves decision values by less than .3.
_TOLERANCE: Final = 1e-3
#: Columns that fewer training rows than this have are left out.
_MIN_ROWS: Final = 3
#: Weight of a sentence seen without its document, beside the same sentence in it.
_ALONE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Targets:
    """What the heads learn, one row a sentence; -1 or NaN where a label is missing.

    ``sourcing`` and ``attribution`` are class numbers, ``confidential`` is 0 or 1, ``certainty``
    goes from 0 to 1. ``share`` is the weight of a sentence in calibration, which is meant for news
    as it is; ``group`` is the document that folds go by.
    """

    sourcing: IntArray
    attribution: IntArray
    confidential: IntArray
    certainty: FloatArray
    share: FloatArray
    group: npt.NDArray[np.str_]

    def of_output(self, output: int) -> tuple[BoolArray, BoolArray]:
        """Rows that an output learns from, and its target on all rows."""
        label = self.sourcing if (self.sourcing >= 0).any() else self.attribution
        if output == GATE:
            return label >= 0, label > 0
        if SOURCING_OUTPUTS.start <= output < SOURCING_OUTPUTS.stop:
            return self.sourcing > 0, self.sourcing == output - SOURCING_OUTPUTS.start + 1
        if ATTRIBUTION_OUTPUTS.start <= output < ATTRIBUTION_OUTPUTS.stop:
            return self.attribution > 0, self.attribution == output - ATTRIBUTION_OUTPUTS.start + 1
        if output == CONFIDENTIAL:
            return self.confidential >= 0, self.confidential == 1
        known = ~np.isnan(self.certainty)
        value = np.where(known, self.certainty, 1.0)
        if output == HEDGED:
            return known, (value > NO_CLAIM) & (value < CERTAIN)
        return known, value < LADDER[output - LADDER_OUTPUTS.start]


def folds_by_group(group: npt.NDArray[np.str_], n_folds: int) -> IntArray:
    """Fold of every row; a group lies in one fold, and depends on nothing but its name's order.

    Groups are dealt out by size, the largest first, each to the fold with the fewest rows so far.
    """
    names, number, sizes = np.unique(group, return_inverse=True, return_counts=True)
    shuffled = np.random.default_rng(0).permutation(len(names))
    order = shuffled[np.argsort(-sizes[shuffled], kind="stable")]
    fold_of = np.zeros(len(names), dtype=np.int64)
    load = np.zeros(n_folds)
    for name in order.tolist():
        fold_of[name] = int(load.argmin())
        load[fold_of[name]] += sizes[name]
    return np.asarray(fold_of[number])


def fit_gradient(
    features: csr_matrix, target: BoolArray, *, alpha: float, epochs: int
) -> tuple[FloatArray, float]:
    """Averaged stochastic gradient descent on the logistic loss: weights and bias."""
    from sklearn.linear_model import SGDClassifier

    model = SGDClassifier(
        loss="log_loss", alpha=alpha, max_iter=epochs, tol=None, random_state=0, average=True
    )
    model.fit(features, target.astype(np.int64))
    return model.coef_[0], float(model.intercept_[0])


def fit_logistic(
    features: csr_matrix, target: BoolArray, strength: float, weight: FloatArray | None = None
) -> tuple[FloatArray, float]:
    """Logistic regression by liblinear: weights and bias; a constant for a single class."""
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    if target.all() or not target.any():
        return np.zeros(features.shape[1]), 6.0 if target.all() else -6.0
    model = LogisticRegression(
        C=strength, solver="liblinear", random_state=0, max_iter=200, tol=_TOLERANCE
    )
    # Its vectors are long enough for BLAS to start threads and too short for them to pay: beside
    # other work, waiting for them made a fit hundreds of times slower.
    with threadpool_limits(limits=1, user_api="blas"):
        model.fit(features, target.astype(np.int64), sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def stage_of(
    blocks: Sequence[Block], width: int, columns: Sequence[FloatArray], biases: Sequence[float]
) -> LinearStage:
    """A stage from one weight vector and one bias an output; the weights are rounded here."""
    weights = rounded_weights(np.stack(columns, axis=1))
    return LinearStage(layout_of(blocks, width), weights, np.array(biases, dtype=np.float64))


def _strength_of(output: int) -> float:
    if output == GATE:
        return _STRENGTH["gate"]
    if output == CONFIDENTIAL:
        return _STRENGTH["confidential"]
    if output == HEDGED:
        return _STRENGTH["hedged"]
    return _STRENGTH["ladder" if output >= LADDER_OUTPUTS.start else "class"]


def frequent_columns(features: csr_matrix) -> IntArray:
    """Columns that at least `_MIN_ROWS` rows have, rising."""
    seen = np.bincount(features.indices, minlength=features.shape[1])
    return np.flatnonzero(seen >= _MIN_ROWS)


def widened(weights: FloatArray, columns: IntArray, width: int) -> FloatArray:
    """Weights of some columns as weights of all: 0 for the others."""
    whole = np.zeros(width)
    whole[columns] = weights
    return whole


def fit_scaled(fit: Fit, features: csr_matrix, target: BoolArray) -> tuple[FloatArray, float]:
    """Fit on features scaled by `column_scale`; the weights are those of the features as given."""
    from scipy import sparse

    scale = column_scale(features, target)
    weights, bias = fit(sparse.csr_matrix(features @ sparse.diags_array(scale)), target)
    return weights * scale, bias


def column_scale(features: csr_matrix, target: BoolArray) -> FloatArray:
    """How much each column counts in a fit: the more, the more its rows differ in their target.

    The absolute log-odds of the column, as in Wang & Manning (2012, "Baselines and bigrams"), but
    bounded and dampened: a word that is as frequent in one class as in the other hardly counts.

    >>> from scipy.sparse import csr_matrix
    >>> features = csr_matrix([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0]])
    >>> column_scale(features, np.array([True, False, False])).round(2).tolist()
    [0.22, 0.99]
    """
    seen = features.copy()
    seen.data = (seen.data != 0).astype(np.float64)
    yes = np.asarray(seen[target].sum(axis=0)).ravel() + 1.0
    no = np.asarray(seen[~target].sum(axis=0)).ravel() + 1.0
    ratio = (yes / (target.sum() + 2.0)) / (no / ((~target).sum() + 2.0))
    return np.asarray(np.clip(np.abs(np.log(ratio)), *_LOG_ODDS) ** _SCALE_POWER)


def _fit_outputs(
    features: csr_matrix, targets: Targets, rows: BoolArray, extra: csr_matrix | None
) -> tuple[list[FloatArray], list[float]]:
    """Fit every output on the rows; `extra` are the same sentences seen without their documents."""
    from scipy import sparse

    n_columns = features.shape[1]
    weights, biases = [], []
    kept = frequent_columns(features[rows])
    small = features[:, kept]
    if extra is not None:
        small_extra = extra[:, kept]
        # Most sentences look the same without their documents: these only count for more.
        differs = np.asarray(abs(small - small_extra).sum(axis=1)).ravel() > 0
    for output in range(len(OUTPUTS)):
        use, target = targets.of_output(output)
        use = use & rows
        stacked, wanted = small[use], target[use]
        weight = np.ones(len(wanted))
        if extra is not None:
            other = use & differs
            stacked = sparse.csr_matrix(sparse.vstack([stacked, small_extra[other]], format="csr"))
            wanted = np.concatenate([wanted, target[other]])
            once = np.where(differs[use], 1.0, 1.0 + _ALONE)
            weight = np.concatenate([once, np.full(int(other.sum()), _ALONE)])
        fit = partial(fit_logistic, strength=_strength_of(output), weight=weight)
        found, bias = fit_scaled(fit, stacked, wanted)
        weights.append(widened(found, kept, n_columns))
        biases.append(bias)
    return weights, biases


@dataclass(frozen=True, slots=True)
class Heads:
    """Both passes with their calibrations."""

    first_pass: LinearStage
    first_calibration: Calibration
    second_pass: LinearStage
    second_calibration: Calibration


def fit_heads(
    scene: Scene,
    evidence: Evidence,
    alone: tuple[Scene, Evidence],
    document: IntArray,
    targets: Targets,
    width: int,
) -> Heads:
    """Fit both passes.

    Parameters
    ----------
    scene, evidence
        All sentences in their documents, with evidence from taggers that have not seen them.
    alone
        The same sentences, each scanned by itself.
    document
        Document of every sentence.
    targets
        Labels of every sentence.
    width
        Number of vocabulary columns.

    Returns
    -------
    Heads
        Both passes, each calibrated on decision values from folds that left the sentence out.
    """
    n, properties = len(document), scene.properties
    fold = folds_by_group(targets.group, INNER_FOLDS)
    blocks = sentence_blocks(scene, evidence)
    features = matrix(blocks, n, properties, width)
    by_itself = matrix(sentence_blocks(*alone), n, properties, width)
    scores = _unseen_scores(features, targets, fold, by_itself)
    first_calibration = calibrate(scores, targets)
    first = first_pass_probabilities(scores, first_calibration)
    first_pass = stage_of(
        blocks, width, *_fit_outputs(features, targets, np.ones(n, dtype=np.bool_), by_itself)
    )
    blocks = [*blocks, *context_blocks(scene, evidence, first, document)]
    features = matrix(blocks, n, properties, width)
    scores = _unseen_scores(features, targets, fold, None)
    second_pass = stage_of(
        blocks, width, *_fit_outputs(features, targets, np.ones(n, dtype=np.bool_), None)
    )
    return Heads(first_pass, first_calibration, second_pass, calibrate(scores, targets))


def _unseen_scores(
    features: csr_matrix, targets: Targets, fold: IntArray, extra: csr_matrix | None
) -> FloatArray:
    """Decision values of every row from heads fitted on the other folds."""
    scores = np.zeros((features.shape[0], len(OUTPUTS)))
    for number in range(INNER_FOLDS):
        weights, biases = _fit_outputs(features, targets, fold != number, extra)
        held_out = fold == number
        scores[held_out] = features[held_out] @ np.stack(weights, axis=1) + np.array(biases)
    return scores


def calibrate(scores: FloatArray, targets: Targets) -> Calibration:
    """Fit the calibration on decision values that the weights have not seen.

    An output without labels keeps a slope of 1 and an offset of 0.

    Parameters
    ----------
    scores
        Decision values, shape (sentences, outputs).
    targets
        Labels of the same sentences.
    """
    from scipy.optimize import nnls

    scale, offset = np.ones(len(OUTPUTS)), np.zeros(len(OUTPUTS))
    weight = targets.share
    for output in (GATE, CONFIDENTIAL, HEDGED):
        use, target = targets.of_output(output)
        use = use & (weight > 0)
        if target[use].any():
            scale[output], offset[output] = _fit_platt(
                scores[use, output], target[use], weight[use]
            )
    for part, label in (
        (SOURCING_OUTPUTS, targets.sourcing),
        (ATTRIBUTION_OUTPUTS, targets.attribution),
    ):
        use = (label > 0) & (weight > 0)
        if use.any():
            scale[part], offset[part] = _fit_softmax(scores[use, part], label[use] - 1, weight[use])
    known = ~np.isnan(targets.certainty) & (weight > 0)
    steps = np.array([0.0, *LADDER])
    threshold = 0.5
    if known.any():
        # Certainty is a top value less what each rung takes away; least squares, no rung below 0.
        below = np.maximum.accumulate(logistic(scores[known, LADDER_OUTPUTS]), axis=1)
        design = np.hstack([np.ones((len(below), 1)), -below])
        (top, *taken), _ = nnls(design, targets.certainty[known])
        steps = top - np.concatenate([np.cumsum(taken[::-1])[::-1], [0.0]])
        _, hedged = targets.of_output(HEDGED)
        proba = logistic(scores[known, HEDGED] * scale[HEDGED] + offset[HEDGED])
        threshold = best_threshold(proba, hedged[known])
    return Calibration(scale, offset, steps, threshold)


def best_threshold(proba: FloatArray, target: BoolArray) -> float:
    """The threshold with the best F1, between .1 and .6; the lowest of equals.

    >>> best_threshold(np.array([0.2, 0.4, 0.9]), np.array([False, True, True]))
    0.2
    """
    grid = np.linspace(0.1, 0.6, 51)
    found = [
        2 * (target & (proba > t)).sum() / max(target.sum() + (proba > t).sum(), 1) for t in grid
    ]
    return float(grid[int(np.argmax(found))])


def _fit_platt(values: FloatArray, target: BoolArray, weight: FloatArray) -> tuple[float, float]:
    """Slope and offset of a logistic curve through decision values (Platt 1999)."""
    from scipy.optimize import minimize

    def loss(parameters: FloatArray) -> float:
        z = values * parameters[0] + parameters[1]
        return float((weight * (np.logaddexp(0.0, z) - target * z)).sum())

    found = minimize(loss, np.array([1.0, 0.0]), method="L-BFGS-B", bounds=[(0.2, 5), (-5, 5)])
    return float(found.x[0]), float(found.x[1])


def _fit_softmax(
    values: FloatArray, label: IntArray, weight: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """One slope and an offset a class for logits that compete (Guo et al. 2017)."""
    from scipy.optimize import minimize

    n_classes = values.shape[1]
    rows = np.arange(len(values))

    def loss(parameters: FloatArray) -> float:
        z = values * parameters[0] + parameters[1:]
        z = z - z.max(axis=1, keepdims=True)
        nll = np.log(np.exp(z).sum(axis=1)) - z[rows, label]
        return float((weight * nll).sum() + (parameters[1:] ** 2).sum())

    start = np.concatenate([[1.0], np.zeros(n_classes)])
    bounds = [(0.2, 5.0)] + [(-3.0, 3.0)] * n_classes
    found = minimize(loss, start, method="L-BFGS-B", bounds=bounds)
    return np.full(n_classes, found.x[0]), np.asarray(found.x[1:])
