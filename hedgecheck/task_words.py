"""Which word decides: a scorer of tokens that learns from sentences.

A sentence is a yes if any of its words says so: with p(t) the probability that token t says yes,
that of the sentence is ``1 - prod(1 - p(t))`` (*noisy-or*; multiple-instance learning). Where the
annotators marked the words that decide, the tokens of a sentence are learned from directly; where
they marked none, as in the weasel sentences of CoNLL-2010, the sentence's label alone decides how
the tokens share the blame. The same loss does both: in a sentence that is a no, no token says yes.

The scorer is an ensemble. Each member leaves out a fold of the documents and, at random, half of
the features (Bryll et al. 2003): otherwise the strongest words take all the blame, and the words
that often stand beside them are never learned. The members that left out a fold score its
sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from hedgecheck.blocks import Block, FloatArray, IndexBlock, matrix
from hedgecheck.fitting import BoolArray, frequent_columns
from hedgecheck.tagging import Scene, corpus_blocks, hashed
from hedgecheck.task_linear import Target
from hedgecheck.task_reading import Reading, spans_by_tag
from hedgecheck.tokens import IntArray
from hedgecheck.training import token_targets

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# The settings were chosen on folds of CoNLL-2010's train side; docs/benchmark.md has the figures.
_MEMBERS: Final = 16
#: Members where the annotators marked the words: they differ less.
_MEMBERS_MARKED: Final = 8
_SHARE_OF_COLUMNS: Final = 0.5
#: L2 penalty, and steps of the optimiser: to stop early regularises as well.
_PENALTY: Final = 0.7
_STEPS: Final = 40
#: The start: hardly a token says yes.
_BIAS: Final = -4.0
#: Blocks of the corpus tagger that are too far from the token or too special.
_LEFT_OUT: Final = ("word-3", "word+3", "quoted word")
_TRIPLES: Final = ((-1, 0, 1), (0, 1, 2), (-2, -1, 0))
_TRIPLE_BITS: Final = 17
#: The words of a tag decide if the sentences that have one are yes this often at least.
_DECIDING: Final = 0.95


@dataclass(frozen=True, slots=True)
class WordView:
    """The members of an ensemble: a column of weights and a bias each."""

    columns: IntArray
    weights: FloatArray
    bias: FloatArray

    def scores(self, reading: Reading) -> FloatArray:
        """Decision values of the sentences, shape (sentences, 1): the mean of the members."""
        features = word_matrix(reading)[:, self.columns]
        by_member = pooled(features @ self.weights + self.bias, reading.scene)
        return np.asarray(by_member.mean(axis=1, keepdims=True))


def fit_words(
    reading: Reading, target: Target, fold: IntArray, seed: int
) -> tuple[WordView, FloatArray]:
    """Fit the ensemble, and score every sentence without having seen its fold.

    Parameters
    ----------
    reading
        The training documents.
    target
        Yes or no, shape (labelled sentences, 1).
    fold
        Fold of every sentence.
    seed
        Of the choice of features.
    """
    scene, n = reading.scene, reading.n_sentences
    marked = deciding_tokens(reading, target[:, 0])
    yes = np.zeros(n, dtype=np.bool_)
    yes[reading.labelled] = target[:, 0]
    weak = yes.copy()
    weak[scene.sentence[marked]] = False
    known = reading.known

    features = word_matrix(reading)
    columns = frequent_columns(features[reading.of_sentences(known)])
    features = features[:, columns]
    draw = np.random.default_rng(seed)
    n_folds = int(fold.max()) + 1
    members = _MEMBERS if weak.sum() * 2 > yes.sum() else _MEMBERS_MARKED
    weights, bias = np.zeros((len(columns), members)), np.zeros(members)
    for member in range(members):
        chosen = np.flatnonzero(draw.random(len(columns)) < _SHARE_OF_COLUMNS)
        rows = np.flatnonzero(reading.of_sentences(known & (fold != member % n_folds)))
        weights[chosen, member], bias[member] = fit_tokens(
            features[rows][:, chosen], scene.sentence[rows], marked[rows], weak
        )
    by_member = pooled(features @ weights + bias, scene)
    left_out = np.arange(members)[None, :] % n_folds == fold[:, None]
    unseen = (by_member * left_out).sum(axis=1) / np.maximum(left_out.sum(axis=1), 1)
    return WordView(columns, weights, bias), unseen[:, None]


def word_matrix(reading: Reading) -> csr_matrix:
    """What is seen of each token: the words around it, in ones, twos and threes; a row a token."""
    scene = reading.scene
    blocks: list[Block] = [b for b in corpus_blocks(scene) if b.name not in _LEFT_OUT]
    rows, types = np.arange(len(scene.slots)), scene.tokens.type
    for salt, steps in enumerate(_TRIPLES):
        parts = [types[scene.slots + step] for step in steps]
        column = hashed(scene.properties, parts, 20 + salt, _TRIPLE_BITS)
        blocks.append(IndexBlock(f"triple{steps}", rows, column, 2**_TRIPLE_BITS))
    return matrix(blocks, len(rows), scene.properties, reading.width)


def deciding_tokens(reading: Reading, target: Target) -> BoolArray:
    """Which tokens were marked as those that decide.

    Those are the spans of every tag that hardly stands in a sentence that is a no.
    """
    spans = [spans_by_tag(labels) for labels in reading.labels]
    yes = dict(zip(reading.labelled.tolist(), target.tolist(), strict=True))
    tags = sorted({tag for each in spans for tag in each})
    deciding = []
    for tag in tags:
        found = [yes[i] for i, each in enumerate(spans) if tag in each and i in yes]
        if found and np.mean(found) >= _DECIDING:
            deciding.append(tag)
    if not deciding:
        return np.zeros(len(reading.scene.slots), dtype=np.bool_)
    return np.asarray(token_targets(reading.scene, spans, deciding).any(axis=1))


def pooled(scores: FloatArray, scene: Scene) -> FloatArray:
    """The decision values of sentences of which each token says yes by itself, column by column.

    With p the probability that any token does, the value is ``log(p / (1 - p))``.
    """
    n = scene.tokens.n_sentences
    total = np.stack(
        [np.bincount(scene.sentence, np.logaddexp(0.0, each), n) for each in scores.T], axis=1
    )
    # expm1 overflows where it makes no difference any more.
    return np.where(total > 30.0, total, np.log(np.expm1(np.clip(total, 1e-9, 30.0))))


def fit_tokens(
    features: csr_matrix, sentence: IntArray, marked: BoolArray, weak: BoolArray
) -> tuple[FloatArray, float]:
    """Fit a scorer of tokens by L-BFGS: weights and bias.

    Parameters
    ----------
    features
        A row a token.
    sentence
        Sentence of each token.
    marked
        Which tokens say yes.
    weak
        Which sentences are a yes in which nobody marked the tokens.
    """
    from scipy.optimize import minimize
    from threadpoolctl import threadpool_limits

    transposed = features.T.tocsr()
    pool = weak[sentence]
    in_pool = np.unique(sentence[pool])

    def loss(parameters: FloatArray) -> tuple[float, FloatArray]:
        weights, bias = parameters[:-1], parameters[-1]
        scores = features @ weights + bias
        soft = np.logaddexp(0.0, scores)  # -log P(the token says no)
        total = np.maximum(np.bincount(sentence[pool], soft[pool], len(weak)), 1e-9)
        nobody = np.exp(-total)  # P(all tokens of a sentence say no)
        value = soft[~pool].sum() - scores[marked].sum()
        value -= np.log1p(-np.minimum(nobody[in_pool], 1.0 - 1e-12)).sum()
        share = np.where(pool, (-nobody / np.maximum(1.0 - nobody, 1e-12))[sentence], 1.0)
        slope = share / (1.0 + np.exp(-scores)) - marked
        gradient = np.append(transposed @ slope + _PENALTY * weights, slope.sum())
        return float(value + 0.5 * _PENALTY * (weights @ weights)), gradient

    start = np.append(np.zeros(features.shape[1]), _BIAS)
    with threadpool_limits(limits=1, user_api="blas"):
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    return np.asarray(found.x[:-1]), float(found.x[-1])
