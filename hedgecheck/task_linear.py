"""Linear models of one or several outputs, and scores by models that have not seen a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import FloatArray
from hedgecheck.fitting import fit_logistic, frequent_columns
from hedgecheck.tokens import IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: What is learned, shape (sentences, outputs): bool for yes or no and for one class against the
#: rest, float for grades.
Target = npt.NDArray[Any]

#: Penalty of ridge regression on features that are mostly 0 or 1 (r of the whole way on the train
#: side of Pei & Jurgens, ten folds: .698 with 30, .707 with 100, .705 with 300).
_RIDGE: Final = 100.0


class Scorer(Protocol):
    """Anything that gives decision values for rows of features."""

    def scores(self, features: csr_matrix) -> FloatArray:
        """Decision values, shape (rows, outputs)."""
        ...


#: Learns from rows of features and their targets.
Fit = Callable[["csr_matrix", Target], Scorer]


@dataclass(frozen=True, slots=True)
class Linear:
    """``features[:, columns] @ weights + bias``."""

    columns: IntArray
    weights: FloatArray
    bias: FloatArray

    def scores(self, features: csr_matrix) -> FloatArray:
        """Decision values, shape (rows, outputs)."""
        return np.asarray(features[:, self.columns] @ self.weights + self.bias)


def fit_linear(features: csr_matrix, target: Target, strength: float) -> Linear:
    """Logistic regression of each column of yes and no, ridge regression of each of grades.

    `strength` is the inverse strength of regularisation of the former. Rare features are left out.
    """
    columns = frequent_columns(features)
    found = [fit_output(features[:, columns], each, strength) for each in target.T]
    weights = np.stack([each[0] for each in found], axis=1)
    return Linear(columns, weights, np.array([bias for _, bias in found]))


def fit_output(
    features: csr_matrix, target: Target, strength: float, ridge: float = _RIDGE
) -> tuple[FloatArray, float]:
    """Weights and bias of one output; without features the bias is the mean, or its log odds."""
    if not features.shape[1]:
        mean = float((target.sum() + 0.5) / (len(target) + 1.0))
        return np.zeros(0), math.log(mean / (1.0 - mean)) if target.dtype == np.bool_ else mean
    if target.dtype == np.bool_:
        return fit_logistic(features, target, strength)
    from sklearn.linear_model import Ridge

    model = Ridge(ridge).fit(features, target)
    return model.coef_, float(model.intercept_)


def cross_fitted(
    fit: Fit, features: csr_matrix, target: Target, labelled: IntArray, fold: IntArray
) -> tuple[Scorer, FloatArray]:
    """A scorer that has learned from all labelled rows, and scores that have not seen theirs.

    Parameters
    ----------
    fit
        Learns from some rows.
    features
        A row a sentence.
    target
        A row a labelled sentence.
    labelled
        Rows of the labelled sentences.
    fold
        Fold of every row.

    Returns
    -------
    tuple of Scorer and ndarray of shape (sentences, outputs)
        The scores of each sentence, labelled or not, are by what was learned from other folds.
    """
    unseen = np.zeros((features.shape[0], target.shape[1]))
    for number in np.unique(fold).tolist():
        learned = fold[labelled] != number
        held_out = np.flatnonzero(fold == number)
        scorer = fit(features[labelled[learned]], target[learned])
        unseen[held_out] = scorer.scores(features[held_out])
    return fit(features[labelled], target), unseen
