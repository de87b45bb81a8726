"""What the words say by themselves: runs of one to three words, weighed by what each tells.

Logistic regression on n-grams scaled by their log-odds (Wang & Manning 2012, "Baselines and
bigrams"): an n-gram that is as frequent in one class as in the other hardly counts, whatever the
regression makes of it. For grades the scale is the n-gram's correlation with the grade.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import FloatArray
from hedgecheck.tagging import Scene
from hedgecheck.task_linear import Scorer, Target, cross_fitted, fit_output
from hedgecheck.task_reading import Reading
from hedgecheck.tokens import IntArray, normal_form, stable_hash

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

KeyArray = npt.NDArray[np.int64]

#: The longest run of words.
LONGEST: Final = 3
#: N-grams in fewer training sentences than this are left out.
_MIN_SENTENCES: Final = 2
#: Bits of an n-gram's key: so many that no two n-grams of a corpus share one.
_KEY_BITS: Final = 62
#: An odd number of 64 bits, as in Fibonacci hashing.
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)
#: Inverse strength of regularisation; rows have length 1 (chosen on folds of CoNLL-2010).
_STRENGTH: Final = 3.0
#: Bounds of the scale of an n-gram by its correlation with the grade, in standard errors.
_SCALES: Final = (0.1, 3.0)
#: Keeps the scale of an n-gram in few sentences down (Pei & Jurgens, train side, ten folds).
_FEW: Final = 5.0


@dataclass(frozen=True, slots=True)
class NgramView:
    """A scorer of n-grams with the n-grams that it knows."""

    keys: KeyArray
    scorer: Scorer

    def scores(self, reading: Reading) -> FloatArray:
        """Decision values of the sentences, shape (sentences, outputs)."""
        return self.scorer.scores(ngram_matrix(reading.scene, self.keys))


def fit_ngrams(reading: Reading, target: Target, fold: IntArray) -> tuple[NgramView, FloatArray]:
    """Fit the view, and score every sentence without having seen its fold."""
    keys = known_ngrams(reading.scene)
    features = ngram_matrix(reading.scene, keys)
    fit = fit_graded if target.dtype == np.float64 else fit_classes
    scorer, unseen = cross_fitted(fit, features, target, reading.labelled, fold)
    return NgramView(keys, scorer), unseen


def ngrams(scene: Scene) -> tuple[IntArray, KeyArray]:
    """Sentence and key of every n-gram; the same words have the same key on every machine."""
    types, sentences, keys = scene.tokens.type, [], []
    # Names count as words here, unlike in `TypeProperties.hash`.
    words = np.array(
        [stable_hash(normal_form(each)) for each in scene.properties.surfaces], np.uint64
    )
    for length in range(1, LONGEST + 1):
        within = types[scene.slots + length - 1] > 0  # padding is all that a shorter run is cut by
        slots = scene.slots[within]
        key = np.full(len(slots), length, dtype=np.uint64)
        for step in range(length):
            key = (key ^ words[types[slots + step]]) * _FACTOR
            key ^= key >> np.uint64(29)
        sentences.append(scene.tokens.sentence[slots])
        keys.append((key >> np.uint64(64 - _KEY_BITS)).astype(np.int64))
    return np.concatenate(sentences), np.concatenate(keys)


def known_ngrams(scene: Scene) -> KeyArray:
    """Keys of the n-grams in at least `_MIN_SENTENCES` sentences, rising."""
    sentence, key = ngrams(scene)
    pairs = np.unique(np.stack([key, sentence], axis=1), axis=0)
    found, counts = np.unique(pairs[:, 0], return_counts=True)
    return np.asarray(found[counts >= _MIN_SENTENCES])


def ngram_matrix(scene: Scene, keys: KeyArray) -> csr_matrix:
    """Which sentence has which n-gram: 1 or nothing, shape (sentences, keys)."""
    from scipy import sparse

    sentence, key = ngrams(scene)
    column = np.searchsorted(keys, key)
    known = column < len(keys)
    known[known] = keys[column[known]] == key[known]
    cells = (np.ones(known.sum()), (sentence[known], column[known]))
    found = sparse.csr_matrix(cells, shape=(scene.tokens.n_sentences, len(keys)))
    found.data[:] = 1.0
    return found


@dataclass(frozen=True, slots=True)
class _Scaled:
    """A linear model of scaled n-grams for each output, on rows of length 1 if `normalised`."""

    scale: list[FloatArray]
    weights: list[FloatArray]
    bias: list[float]
    normalised: bool

    def scores(self, features: csr_matrix) -> FloatArray:
        """Decision values, shape (rows, outputs)."""
        out = np.empty((features.shape[0], len(self.bias)))
        outputs = zip(self.scale, self.weights, self.bias, strict=True)
        for number, (scale, weights, bias) in enumerate(outputs):
            out[:, number] = scaled(features, scale, normalised=self.normalised) @ weights + bias
        return out


def fit_classes(features: csr_matrix, target: Target) -> Scorer:
    """Fit each output of yes and no."""
    scales = [log_odds(features, each) for each in target.T]
    return _fit_scaled(features, target, scales, normalised=True)


def fit_graded(features: csr_matrix, target: Target) -> Scorer:
    """Fit each output of grades."""
    scales = [correlation(features, each) for each in target.T]
    return _fit_scaled(features, target, scales, normalised=False)


def _fit_scaled(
    features: csr_matrix, target: Target, scales: list[FloatArray], *, normalised: bool
) -> Scorer:
    found = [
        fit_output(scaled(features, scale, normalised=normalised), each, _STRENGTH)
        for scale, each in zip(scales, target.T, strict=True)
    ]
    weights, bias = [each[0] for each in found], [each[1] for each in found]
    return _Scaled(scales, weights, bias, normalised)


def log_odds(features: csr_matrix, target: Target) -> FloatArray:
    """How much more often each column is in one class than in the other, as ``|log ratio|``.

    >>> from scipy.sparse import csr_matrix
    >>> features = csr_matrix([[1, 1], [1, 0], [1, 0]])
    >>> log_odds(features, np.array([True, False, False])).round(2).tolist()
    [0.29, 1.39]
    """
    yes = np.asarray(features[target].sum(axis=0)).ravel() + 1.0
    no = np.asarray(features[~target].sum(axis=0)).ravel() + 1.0
    return np.asarray(np.abs(np.log((yes / max(target.sum(), 1)) / (no / max((~target).sum(), 1)))))


def correlation(features: csr_matrix, target: Target) -> FloatArray:
    """How far each column's mean grade lies from that of all, in standard errors, within bounds."""
    centred = target - target.mean()
    counts = np.asarray(features.sum(axis=0)).ravel()
    spread = max(float(centred.std()), 1e-12) * np.sqrt(counts + _FEW)
    return np.asarray(np.clip(np.abs(features.T @ centred) / spread, *_SCALES))


def scaled(features: csr_matrix, scale: FloatArray, *, normalised: bool) -> csr_matrix:
    """The columns times their scale, and each row brought to length 1 if `normalised`."""
    from scipy import sparse

    found = features @ sparse.diags_array(scale)
    if normalised:
        length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        found = sparse.diags_array(1.0 / np.maximum(length, 1e-6)) @ found
    return sparse.csr_matrix(found)
