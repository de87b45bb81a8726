"""Evidence tagging: which words are source, attribution cue and hedge.

Two linear token taggers, one on top of the other.

The *corpus tagger* says what the annotators of the large corpora would have marked: PolNeAR's
sources, cues and contents, and Szeged's four kinds of hedge cue. It sees a window of word types,
hashed bigrams, and where the token stands in its sentence and in quotation marks.

The *news tagger* says what the annotation guidelines would have marked: the source and the cue of
the main claim, and the hedges. It sees the corpus tagger's probabilities around the token, how far
the nearest and the strongest reporting cue are and on which side, and the words again.

Spans are runs of tagged tokens; of sources and cues the best run of each sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hedgecheck.blocks import Block, DenseBlock, FloatArray, IndexBlock, TypeBlock, one_hot, rounded
from hedgecheck.quotations import Quotations
from hedgecheck.tokens import IntArray, TokenBatch
from hedgecheck.vocabulary import N_PHRASE_KINDS, TypeProperties, hedge_phrases, phrase_key

#: Outputs of the corpus tagger; a trailing "+" marks the first token of a span.
CORPUS_TAGS: Final = (
    "source", "source+", "cue", "cue+", "content", "paraphrase",
    "epistemic", "doxastic", "condition", "investigation",
)  # fmt: skip
#: Outputs of the news tagger.
NEWS_TAGS: Final = ("source", "source+", "cue", "cue+", "hedge", "hedge+")

#: Tokens on either side that the taggers see.
WINDOW: Final = 3
BIGRAM_BITS: Final = 16
_BIGRAMS: Final = ((-1, 0), (0, 1), (-2, -1), (1, 2))

#: A token whose probability of beginning a span is above this begins a new one.
SPLIT: Final = 0.6
#: A token whose probability of standing in a cue is above this can be the nearest cue of others.
_CUE: Final = 0.35
#: Distances in tokens, in steps that grow.
_STEPS: Final = np.array([0, 1, 2, 3, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 8], dtype=np.int64)
_N_STEPS: Final = 9
_FAR: Final = len(_STEPS) - 1


@dataclass(frozen=True, slots=True)
class Scene:
    """A batch ready for tagging: tokens, quotations, and the slots that hold tokens."""

    tokens: TokenBatch
    quotations: Quotations
    properties: TypeProperties
    slots: IntArray

    @property
    def sentence(self) -> IntArray:
        """Sentence of every token."""
        return self.tokens.sentence[self.slots]


def hashed(properties: TypeProperties, types: list[IntArray], salt: int, bits: int) -> IntArray:
    """Hashed n-grams of types: the same words give the same column on every machine."""
    mixed = np.full(len(types[0]), salt, dtype=np.uint64)
    for position, part in enumerate(types):
        factor = np.uint64((0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)[position])
        mixed = (mixed + properties.hash[part]) * factor
        mixed ^= mixed >> np.uint64(15)
    mixed *= np.uint64(0x2C1B3C6D)
    mixed ^= mixed >> np.uint64(13)
    return (mixed & np.uint64(2**bits - 1)).astype(np.int64)


def _window_blocks(scene: Scene) -> list[Block]:
    """The words around each token, and the pairs of them; one row a token."""
    slots, types = scene.slots, scene.tokens.type
    rows = np.arange(len(slots))
    blocks: list[Block] = [
        TypeBlock(f"word{k:+d}", rows, types[slots + k]) for k in range(-WINDOW, WINDOW + 1)
    ]
    for salt, (left, right) in enumerate(_BIGRAMS):
        pair = [types[slots + left], types[slots + right]]
        column = hashed(scene.properties, pair, salt, BIGRAM_BITS)
        blocks.append(IndexBlock(f"pair{left:+d}{right:+d}", rows, column, 2**BIGRAM_BITS))
    return blocks


def corpus_blocks(scene: Scene) -> list[Block]:
    """What the corpus tagger sees; one row a token."""
    slots, types = scene.slots, scene.tokens.type
    blocks = _window_blocks(scene)
    inside = scene.quotations.inside.astype(np.int64)
    state = inside[slots] + 2 * inside[slots - 1] + 4 * inside[slots + 1]
    blocks.append(one_hot("quoted", state, 8))
    quoted = np.flatnonzero(inside[slots])
    blocks.append(TypeBlock("quoted word", quoted, types[slots[quoted]]))
    sentence = scene.sentence
    before = np.minimum(slots - scene.tokens.first[sentence], 5)
    after = np.minimum(scene.tokens.last[sentence] - 1 - slots, 5)
    blocks.append(one_hot("place", before * 6 + after, 36))
    blocks.append(_phrase_block(scene))
    return blocks


def _phrase_block(scene: Scene) -> Block:
    """Whether a two-word hedge begins or ends at the token, and of which kind."""
    keys, kinds = hedge_phrases()
    hashes = scene.properties.hash[scene.tokens.type]
    key = phrase_key(hashes[:-1], hashes[1:])
    at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    kind = np.append(np.where(keys[at] == key, kinds[at], 0), 0)
    code = kind[scene.slots] * N_PHRASE_KINDS + kind[scene.slots - 1]
    return one_hot("hedge phrase", code, N_PHRASE_KINDS**2)


def probabilities(scores: FloatArray) -> FloatArray:
    """Logistic function of decision values, as multiples of `VALUE_STEP`."""
    return rounded(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))))


def on_slots(scene: Scene, values: FloatArray) -> FloatArray:
    """Spread values of tokens over all slots; padding gets 0."""
    out = np.zeros((len(scene.tokens.type), values.shape[1]))
    out[scene.slots] = values
    return out


def news_blocks(scene: Scene, corpus: FloatArray) -> list[Block]:
    """What the news tagger sees; `corpus` are the corpus tagger's scores, one row a token."""
    slots = scene.slots
    blocks = _window_blocks(scene)
    blocks.append(_phrase_block(scene))
    tagged = on_slots(scene, probabilities(corpus))
    logits = on_slots(scene, rounded(np.clip(corpus, -6.0, 4.0) / 4.0 + 1.5))
    source, cue = tagged[:, 0], tagged[:, 2]
    here = tagged[slots]
    products = here[:, (0, 0, 2)] * np.stack([here[:, 4], 1 - here[:, 4], 1 - here[:, 4]], axis=1)
    n_tags = tagged.shape[1]
    values = np.empty((len(slots), 8 * n_tags + 3))
    values[:, : 5 * n_tags] = _windows(tagged, slots, 2)
    values[:, 5 * n_tags : 8 * n_tags] = _windows(logits, slots, 1)
    values[:, 8 * n_tags :] = rounded(products)
    blocks.append(DenseBlock("corpus tags", values))
    blocks += _cue_blocks(scene, source, cue)
    return blocks


def _windows(values: FloatArray, slots: IntArray, reach: int) -> FloatArray:
    """Rows of the slots from `reach` before to `reach` after each of some slots, side by side."""
    width = values.shape[1]
    if not len(slots):
        return np.zeros((0, (2 * reach + 1) * width))
    flat = np.lib.stride_tricks.sliding_window_view(values.ravel(), (2 * reach + 1) * width)
    return np.asarray(flat[::width][slots - reach])


def _cue_blocks(scene: Scene, source: FloatArray, cue: FloatArray) -> list[Block]:
    """Where the token stands to the reporting cues of its sentence."""
    slots, tokens = scene.slots, scene.tokens
    sentence = scene.sentence
    first, last = tokens.first[sentence], tokens.last[sentence] - 1
    n = len(tokens.type)
    places = np.arange(n)
    on = cue > _CUE
    left = np.maximum.accumulate(np.where(on, places, -1))[slots]
    right = np.minimum.accumulate(np.where(on, places, 2 * n)[::-1])[::-1][slots]
    has_left, has_right = left >= first, right <= last
    steps_left = _STEPS[np.where(has_left, np.minimum(slots - left, _FAR), _FAR)]
    steps_right = _STEPS[np.where(has_right, np.minimum(right - slots, _FAR), _FAR)]
    commas = np.cumsum(scene.properties.comma[tokens.type])
    commas_left = np.minimum(np.where(has_left, commas[slots] - commas[left], 0), 2)
    commas_right = np.where(has_right, commas[np.minimum(right, n - 1)] - commas[slots], 0)
    commas_right = np.minimum(commas_right, 2)

    strongest, place = best_per_sentence(tokens, cue)
    has_best = (strongest > 0.1)[sentence]
    best = place[sentence]
    distance = np.where(has_best, slots - best, 0)
    relative = np.sign(distance) * _STEPS[np.minimum(np.abs(distance), _FAR)] + _N_STEPS
    relative = np.where(has_best, relative, 2 * _N_STEPS)
    inside = scene.quotations.inside.astype(np.int64)
    here = inside[slots]
    best_inside = np.where(has_best, inside[best], 2)
    level = np.minimum((source[slots] * 5).astype(np.int64), 4)
    most_source, _ = best_per_sentence(tokens, source)
    n_relative = 2 * _N_STEPS + 1
    return [
        one_hot("cue left", steps_left, _N_STEPS),
        one_hot("cue right", steps_right, _N_STEPS),
        one_hot("cue left and right", steps_left * _N_STEPS + steps_right, _N_STEPS**2),
        one_hot("cue left, commas", steps_left * 3 + commas_left, _N_STEPS * 3),
        one_hot("cue right, commas", steps_right * 3 + commas_right, _N_STEPS * 3),
        one_hot("main cue, quoted", relative * 2 + here, n_relative * 2),
        one_hot("quoted like main cue", here * 3 + best_inside, 6),
        one_hot("source, cue left", (level * _N_STEPS + steps_left) * 2 + here, 10 * _N_STEPS),
        one_hot("source, cue right", (level * _N_STEPS + steps_right) * 2 + here, 10 * _N_STEPS),
        one_hot("source, main cue", level * n_relative + relative, 5 * n_relative),
        DenseBlock("sentence", np.stack([strongest[sentence], most_source[sentence]], axis=1)),
    ]


def best_per_sentence(tokens: TokenBatch, values: FloatArray) -> tuple[FloatArray, IntArray]:
    """Largest value of each sentence and the first slot that has it; `values` has one a slot."""
    best = np.zeros(tokens.n_sentences)
    place = tokens.first.copy()
    filled = np.flatnonzero(tokens.last > tokens.first)
    if len(filled):
        # Every reduction also spans the padding after its sentence, where values are 0.
        best[filled] = np.maximum.reduceat(values, tokens.first[filled])
        slots = np.flatnonzero(tokens.type)
        hits = slots[values[slots] >= best[tokens.sentence[slots]]]
        place[tokens.sentence[hits][::-1]] = hits[::-1]
    return best, place


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of consecutive tagged tokens: sentence, first and last slot, and the highest value."""

    sentence: IntArray
    start: IntArray
    end: IntArray
    peak: FloatArray


def runs(
    tokens: TokenBatch, values: FloatArray, begins: FloatArray, *, floor: float, peak: float
) -> Runs:
    """Runs of slots with values above `floor` of which one at least reaches `peak`.

    A new run also begins where `begins` is above `SPLIT`.
    """
    on = (values > floor) & (tokens.type > 0)
    start = np.flatnonzero(on & (~np.roll(on, 1) | (begins > SPLIT)))
    if not len(start):
        nothing = np.zeros(0, dtype=np.int64)
        return Runs(nothing, nothing, nothing, np.zeros(0))
    next_off = np.minimum.accumulate(np.where(on, len(on), np.arange(len(on)))[::-1])[::-1]
    end = np.minimum(next_off[start], np.append(start[1:], len(on))) - 1
    # What lies between two runs is at or below the floor, so it may stand in the reduction.
    highest = np.maximum.reduceat(values, start)
    kept = highest >= peak
    return Runs(tokens.sentence[start[kept]], start[kept], end[kept], highest[kept])


def best_runs(found: Runs, n_sentences: int) -> tuple[IntArray, IntArray]:
    """First and last slot of the run with the highest peak; -1 where a sentence has none."""
    start = np.full(n_sentences, -1, dtype=np.int64)
    end = np.full(n_sentences, -1, dtype=np.int64)
    order = np.lexsort((-found.start, found.peak, found.sentence))
    start[found.sentence[order]] = found.start[order]  # the last one written has the highest peak
    end[found.sentence[order]] = found.end[order]
    return start, end
