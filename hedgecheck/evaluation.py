"""Figures with intervals: what a set of predictions is worth against a set of labels.

Every figure is a function of sums over sentences (a confusion matrix, moments, counts of spans), so
that a bootstrap over documents only adds up the sums of the documents drawn. Intervals are the
2.5th and 97.5th percentiles of 1,000 draws (Efron & Tibshirani 1993, chapter 13).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

DRAWS: Final = 1000
ECE_BINS: Final = 15


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def to_dict(self) -> dict[str, float]:
        """Return the figure as a JSON-ready dict."""
        return {"value": self.value, "low": self.low, "high": self.high}


def figure(
    sums: FloatArray,
    groups: Sequence[str] | npt.NDArray[Any],
    finish: Callable[[FloatArray], FloatArray],
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> Figure:
    """Work out a figure and its interval.

    Parameters
    ----------
    sums
        What adds up, shape (items, k).
    groups
        Document of each item: these are drawn, with replacement.
    finish
        Turns summed rows, shape (…, k), into figures, shape (…).
    seed
        Of the random draws; the same seed gives the same interval.
    draws
        How many times the documents are drawn.

    Examples
    --------
    >>> right = np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 1.0]])  # hits, and items
    >>> figure(right, ["a", "a", "b"], lambda sums: sums[..., 0] / sums[..., 1]).value.__round__(3)
    0.667
    """
    return Resampling(groups, seed=seed, draws=draws).figure(sums, finish)


class Resampling:
    """Documents drawn with replacement, the same draws for every figure that is asked for.

    Parameters
    ----------
    groups
        Document of each item.
    seed
        Of the random draws.
    draws
        How many times the documents are drawn.
    """

    def __init__(
        self, groups: Sequence[str] | npt.NDArray[Any], *, seed: int = 0, draws: int = DRAWS
    ) -> None:
        _, self._number = np.unique(np.asarray(groups), return_inverse=True)
        self.n_groups = int(self._number.max(initial=-1)) + 1
        generator = np.random.default_rng(seed)
        even = np.full(self.n_groups, 1.0 / max(self.n_groups, 1))
        self._chosen = generator.multinomial(self.n_groups, even, size=draws).astype(np.float64)

    def values(
        self, sums: FloatArray, finish: Callable[[FloatArray], FloatArray]
    ) -> tuple[float, FloatArray]:
        """A figure, and what it is in each draw, shape (draws,); arguments as of `figure`."""
        by_group = np.zeros((self.n_groups, sums.shape[1]))
        np.add.at(by_group, self._number, sums)
        value = float(finish(by_group.sum(axis=0)))
        with np.errstate(invalid="ignore", divide="ignore"):
            return value, finish(self._chosen @ by_group)

    def figure(self, sums: FloatArray, finish: Callable[[FloatArray], FloatArray]) -> Figure:
        """A figure with its interval; arguments as of the function `figure`."""
        return interval(*self.values(sums, finish))


def interval(value: float, drawn: FloatArray) -> Figure:
    """A figure from its value and its values in the draws.

    >>> str(interval(0.5, np.linspace(0.0, 1.0, 1001)))
    '0.500 [0.025, 0.975]'
    """
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Figure(value, float(low), float(high))


def ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Part by whole, of summed rows; 0 where the whole is 0.

    >>> ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0])).tolist()
    [0.25, 0.0]
    """
    return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), 0.0))


def confusion(gold: IntArray, predicted: IntArray, n_classes: int) -> FloatArray:
    """One row an item: the flattened confusion matrix that it adds to.

    >>> confusion(np.array([0, 1]), np.array([1, 1]), 2).tolist()
    [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    """
    out = np.zeros((len(gold), n_classes * n_classes))
    out[np.arange(len(gold)), gold * n_classes + predicted] = 1.0
    return out


def accuracy(sums: FloatArray) -> FloatArray:
    """Accuracy, of summed `confusion`.

    >>> float(accuracy(confusion(np.array([0, 1, 1, 1]), np.array([1, 1, 1, 1]), 2).sum(axis=0)))
    0.75
    """
    n = round(np.sqrt(sums.shape[-1]))
    return ratio(sums[..., :: n + 1].sum(axis=-1), sums.sum(axis=-1))


def macro_f1(sums: FloatArray) -> FloatArray:
    """Mean F1 of the classes that occur in labels or predictions, of summed `confusion`.

    >>> float(macro_f1(confusion(np.array([0, 1, 1]), np.array([0, 1, 1]), 3).sum(axis=0)))
    1.0
    """
    n = round(np.sqrt(sums.shape[-1]))
    table = sums.reshape(*sums.shape[:-1], n, n)
    hits = np.diagonal(table, axis1=-2, axis2=-1)
    total = table.sum(axis=-1) + table.sum(axis=-2)
    occurs = total > 0
    return ratio((ratio(2 * hits, total) * occurs).sum(axis=-1), occurs.sum(axis=-1) * 1.0)


def counts(gold: npt.NDArray[np.bool_], predicted: npt.NDArray[np.bool_]) -> FloatArray:
    """One row an item: hit, false alarm, miss."""
    found = np.stack([gold & predicted, ~gold & predicted, gold & ~predicted], axis=1)
    return found.astype(np.float64)


def f1(sums: FloatArray) -> FloatArray:
    """F1, of summed `counts`; 0 where nothing was there and nothing was found.

    >>> float(f1(counts(np.array([True, True]), np.array([True, True])).sum(axis=0)))
    1.0
    """
    hit, alarm, miss = sums[..., 0], sums[..., 1], sums[..., 2]
    return ratio(2 * hit, 2 * hit + alarm + miss)


def moments(x: FloatArray, y: FloatArray) -> FloatArray:
    """One row an item: 1, x, y, xx, yy, xy."""
    return np.stack([np.ones(len(x)), x, y, x * x, y * y, x * y], axis=1)


def pearson(sums: FloatArray) -> FloatArray:
    """Pearson's r, of summed `moments`; 0 where either side does not vary.

    >>> x = np.array([0.0, 1.0, 2.0])
    >>> float(pearson(moments(x, 1.0 - x).sum(axis=0)))
    -1.0
    """
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    variance = np.maximum((n * xx - x * x) * (n * yy - y * y), 0.0)
    return ratio(n * xy - x * y, np.sqrt(variance))


def span_counts(
    gold: Sequence[Sequence[tuple[int, int]]],
    predicted: Sequence[Sequence[tuple[int, int]]],
    *,
    exact: bool = False,
) -> FloatArray:
    """One row a sentence: gold spans, those found, predicted spans, those right.

    A span is found (right) when one of the other side overlaps with it, or equals it if `exact`.

    >>> span_counts([[(0, 4), (9, 12)]], [[(2, 6)]]).tolist()
    [[2.0, 1.0, 1.0, 1.0]]
    """

    def meets(a: tuple[int, int], b: tuple[int, int]) -> bool:
        return a == b if exact else a[0] < b[1] and b[0] < a[1]

    rows = [
        (
            len(g),
            sum(any(meets(a, b) for b in p) for a in g),
            len(p),
            sum(any(meets(a, b) for a in g) for b in p),
        )
        for g, p in zip(gold, predicted, strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def span_f1(sums: FloatArray) -> FloatArray:
    """F1 of spans, of summed `span_counts`."""
    recall = ratio(sums[..., 1], sums[..., 0])
    precision = ratio(sums[..., 3], sums[..., 2])
    return ratio(2 * precision * recall, precision + recall)


def reliability(confidence: FloatArray, correct: npt.NDArray[np.bool_]) -> FloatArray:
    """One row an item: for each of `ECE_BINS` bins its count, confidence and hits."""
    place = np.minimum((confidence * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    out = np.zeros((len(confidence), 3, ECE_BINS))
    rows = np.arange(len(confidence))
    out[rows, 0, place] = 1.0
    out[rows, 1, place] = confidence
    out[rows, 2, place] = correct
    return out.reshape(len(confidence), -1)


def calibration_error(sums: FloatArray) -> FloatArray:
    """Expected calibration error (Naeini et al. 2015) of summed `reliability`."""
    table = sums.reshape(*sums.shape[:-1], 3, ECE_BINS)
    gap = np.abs(table[..., 1, :] - table[..., 2, :]).sum(axis=-1)
    return ratio(gap, table[..., 0, :].sum(axis=-1))
