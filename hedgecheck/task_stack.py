"""The second stage: from what several views say of a sentence to one verdict.

Stacking (Wolpert 1992): a regression on the views' scores, learned from scores by views that have
not seen the sentence. What the sentences around it score was tried as well and made no difference
on any task (docs/benchmark.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hedgecheck.blocks import FloatArray
from hedgecheck.task_linear import Target
from hedgecheck.task_reading import Reading
from hedgecheck.tokens import IntArray

#: Inverse strength of regularisation, and penalty for grades; the features are standardised.
_STRENGTH: Final = 1.0
_PENALTY: Final = 1.0
#: Tokens below which a sentence is likely a title or a fragment.
_SHORT: Final = 8


@dataclass(frozen=True, slots=True)
class Stack:
    """The second stage, fitted; `n_classes` is 0 for grades."""

    model: Any
    center: FloatArray
    spread: FloatArray
    n_classes: int

    def predict(self, features: FloatArray) -> FloatArray:
        """Give probabilities of the classes, shape (rows, n_classes), or grades, shape (rows,)."""
        features = (features - self.center) / self.spread
        if not len(features):  # which scikit-learn refuses
            return np.zeros((0, self.n_classes) if self.n_classes else 0)
        if not self.n_classes:
            return np.asarray(self.model.predict(features), dtype=np.float64)
        found = np.zeros((len(features), self.n_classes))
        found[:, self.model.classes_] = self.model.predict_proba(features)
        return found


def fit_stack(
    features: FloatArray, label: Target, n_classes: int, fold: IntArray
) -> tuple[Stack, FloatArray]:
    """Fit the second stage.

    Parameters
    ----------
    features
        `stack_features` of the labelled sentences, from views that have not seen them.
    label
        Numbers of classes, or grades.
    n_classes
        How many classes there are; 0 for grades.
    fold
        Fold of every labelled sentence.

    Returns
    -------
    tuple of Stack and ndarray
        The stage, and verdicts by stages that have not seen the fold of a sentence: usual ones
        where too little is left to fit one.
    """
    shape = (len(label), n_classes) if n_classes else (len(label),)
    unseen = np.full(shape, 1.0 / n_classes if n_classes else label.mean())
    for number in np.unique(fold).tolist():
        learned, held_out = fold != number, fold == number
        if len(np.unique(label[learned])) > 1:
            stage = _fit(features[learned], label[learned], n_classes)
            unseen[held_out] = stage.predict(features[held_out])
    return _fit(features, label, n_classes), unseen


def stack_features(scores: FloatArray, reading: Reading) -> FloatArray:
    """What the second stage sees of the labelled sentences: the views' scores and their form."""
    return np.hstack([scores, sentence_form(reading)])[reading.labelled]


def sentence_form(reading: Reading) -> FloatArray:
    """Length, whether it is short, whether it ends like a sentence, and whether it is the first."""
    tokens, properties = reading.scene.tokens, reading.scene.properties
    length = tokens.last - tokens.first
    filled = length > 0
    last = tokens.type[np.where(filled, tokens.last - 1, 0)]
    ends = (properties.end_mark[last] > 0) | (properties.mark[last] > 0)
    first = np.diff(reading.document, prepend=-1) > 0
    return np.column_stack([np.log1p(length), length < _SHORT, filled & ends, first])


def _fit(features: FloatArray, label: Target, n_classes: int) -> Stack:
    from sklearn.linear_model import LogisticRegression, Ridge

    center, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    model = LogisticRegression(C=_STRENGTH, max_iter=1000) if n_classes else Ridge(_PENALTY)
    model.fit((features - center) / spread, label)
    return Stack(model, center, spread, n_classes)


def best_f1_threshold(probability: FloatArray) -> float:
    """The probability from which on a yes gives the best F1 that can be expected.

    It is worked out from calibrated probabilities alone, without the labels (Lipton et al. 2014,
    "Optimal thresholding of classifiers to maximize F1"): the best F1 on a few thousand labels
    jumps from threshold to threshold.

    >>> best_f1_threshold(np.array([0.9, 0.5, 0.1]))
    0.5
    """
    falling = np.sort(probability)[::-1]
    hits = np.cumsum(falling)
    expected = 2.0 * hits / (np.arange(1, len(falling) + 1) + falling.sum())
    return float(falling[int(expected.argmax())])
