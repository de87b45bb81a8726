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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import (
    AnyFloats,
    Block,
    DenseBlock,
    FloatArray,
    IndexBlock,
    TypeBlock,
    one_hot,
    rounded,
)
from hedgecheck.quotations import Quotations
from hedgecheck.tokens import IntArray, TokenBatch
from hedgecheck.vocabulary import (
    CLOSES_PHRASE,
    N_PHRASE_KINDS,
    OPENS_PHRASE,
    TypeProperties,
    hedge_phrases,
    phrase_key,
)

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
BIGRAMS: Final = ((-1, 0), (0, 1), (-2, -1), (1, 2))
#: Places from either end of the sentence that are told apart.
PLACES: Final = 6
#: Bounds of the corpus tagger's scores as the news tagger sees them.
LOGITS: Final = (-6.0, 4.0)

#: A token whose probability of beginning a span is above this begins a new one.
SPLIT: Final = 0.6
#: A token whose probability of standing in a cue is above this can be the nearest cue of others.
_CUE: Final = 0.35
#: Of a sentence without a token above this there is no main cue.
_WEAK_CUE: Final = 0.1
#: Distances in tokens, in steps that grow.
_STEPS: Final = np.array([0, 1, 2, 3, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 8], dtype=np.int64)
N_STEPS: Final = 9
_FAR: Final = len(_STEPS) - 1
#: The same for distances to the left and to the right, from ``-_FAR`` on.
_SIDES: Final = np.concatenate([-_STEPS[:0:-1], _STEPS]) + N_STEPS
N_RELATIVE: Final = 2 * N_STEPS + 1
N_LEVELS: Final = 5


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
    return mixed([properties.hash[part] for part in types], salt, bits)


def mixed(
    hashes: Sequence[npt.NDArray[np.uint64]], salt: int | npt.NDArray[np.uint64], bits: int
) -> IntArray:
    """One hash of `bits` bits from those of several words; several, one a row, for some salts."""
    found = hashes[0] + np.asarray(salt, dtype=np.uint64)
    for position, part in enumerate(hashes):
        if position:
            found += part
        found *= np.uint64((0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D)[position])
        found ^= found >> np.uint64(15)
    found *= np.uint64(0x2C1B3C6D)
    found ^= found >> np.uint64(13)
    found &= np.uint64(2**bits - 1)
    return found.view(np.int64)


def _window_blocks(scene: Scene) -> list[Block]:
    """The words around each token, and the pairs of them; one row a token."""
    slots, types = scene.slots, scene.tokens.type
    rows = np.arange(len(slots))
    blocks: list[Block] = [
        TypeBlock(f"word{k:+d}", rows, types[slots + k]) for k in range(-WINDOW, WINDOW + 1)
    ]
    for salt, (left, right) in enumerate(BIGRAMS):
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
    quoted = inside[slots].nonzero()[0]
    blocks.append(TypeBlock("quoted word", quoted, types[slots[quoted]]))
    sentence = scene.sentence
    before = np.minimum(slots - scene.tokens.first[sentence], PLACES - 1)
    after = np.minimum(scene.tokens.last[sentence] - 1 - slots, PLACES - 1)
    blocks.append(one_hot("place", before * PLACES + after, PLACES**2))
    blocks.append(_phrase_block(scene))
    return blocks


def _phrase_block(scene: Scene) -> Block:
    """Whether a two-word hedge begins or ends at the token, and of which kind."""
    slots, kind = phrases(scene.tokens.type, scene.properties)
    code = np.zeros(len(scene.tokens.type), dtype=np.int64)
    code[slots] += kind * N_PHRASE_KINDS
    code[slots + 1] += kind
    return one_hot("hedge phrase", code[scene.slots], N_PHRASE_KINDS**2)


def phrases(types: IntArray, properties: TypeProperties) -> tuple[IntArray, IntArray]:
    """The slots at which two-word hedges begin, and the kinds of these."""
    keys, kinds = hedge_phrases()
    words = properties.roles.take(types)
    opens = (words[:-1] & OPENS_PHRASE) > 0
    slots = (opens & ((words[1:] & CLOSES_PHRASE) > 0)).nonzero()[0]
    key = phrase_key(properties.hash[types[slots]], properties.hash[types[slots + 1]])
    at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
    found = keys[at] == key
    return slots[found], kinds[at[found]]


def probabilities(scores: FloatArray) -> FloatArray:
    """Logistic function of decision values, as multiples of `VALUE_STEP`."""
    return rounded(1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0))))


def coarse_logits(scores: FloatArray) -> FloatArray:
    """Decision values between the bounds `LOGITS`, from 0 up, as multiples of `VALUE_STEP`."""
    return rounded((np.clip(scores, *LOGITS) - LOGITS[0]) / 4.0)


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
    logits = on_slots(scene, coarse_logits(corpus))
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


@dataclass(frozen=True, slots=True)
class Standing:
    """Where every slot stands to the reporting cues of its sentence, as codes.

    Of a slot that is padding the codes mean nothing. ``left`` and ``right``: steps to the nearest
    cue; ``commas_left`` and ``commas_right``: commas between (at most 2). ``relative``: steps to
    the main cue and on which side it is. ``here`` and ``main_inside``: whether the slot and the
    main cue stand in quotation marks (2: there is none). ``level``: how likely the slot is in a
    source. ``strongest`` and ``most_source`` (sentences): the highest probabilities of cue and
    source.
    """

    left: IntArray
    right: IntArray
    commas_left: IntArray
    commas_right: IntArray
    relative: IntArray
    here: IntArray
    main_inside: IntArray
    level: IntArray
    strongest: FloatArray
    most_source: FloatArray


@dataclass(frozen=True, slots=True)
class Around:
    """How many words of its sentence stand before and after every slot; below 0 for padding."""

    before: IntArray
    after: IntArray


def words_around(tokens: TokenBatch) -> Around:
    """Count the words of its sentence on either side of every slot."""
    n = len(tokens.type)
    places = np.arange(n)
    # Padding is of sentence -1: it gets what is added at the end.
    before = places - np.append(tokens.first, n).take(tokens.sentence)
    return Around(before, np.append(tokens.last, 0).take(tokens.sentence) - 1 - places)


def standing(scene: Scene, source: AnyFloats, cue: AnyFloats, around: Around) -> Standing:
    """Where every slot stands to the cues; `source` and `cue` are probabilities of the slots."""
    tokens = scene.tokens
    n = len(tokens.type)
    places = np.arange(n)
    commas = np.cumsum(scene.properties.comma.take(tokens.type))
    # Cues are few: between two of them all slots have the same cue to the left, and to the right.
    cues = (cue > _CUE).nonzero()[0]
    at_cues = commas[cues]
    bounds = np.concatenate([[0], cues, [n]])
    from_cue = bounds[1:] - bounds[:-1]
    bounds[1:-1] += 1
    to_cue = bounds[1:] - bounds[:-1]
    to_left = places - np.append(-n, cues).repeat(from_cue)
    to_right = np.append(cues, 2 * n).repeat(to_cue) - places
    # A cue that is farther away than the sentence reaches stands in another sentence.
    has_left, has_right = to_left <= around.before, to_right <= around.after
    commas_left = np.minimum(commas - np.append(0, at_cues).repeat(from_cue), 2) * has_left
    commas_right = np.minimum(np.append(at_cues, 0).repeat(to_cue) - commas, 2) * has_right

    most_source, strongest = per_sentence(tokens, np.maximum, np.stack([source, cue]))
    best = np.append(_strongest_cues(tokens, cue, strongest), -1).take(tokens.sentence)
    has_best = best >= 0
    side = np.clip(places - best, -_FAR, _FAR)
    relative = np.where(has_best, _SIDES.take(side + _FAR), 2 * N_STEPS)
    inside = scene.quotations.inside.astype(np.int64)
    return Standing(
        _STEPS.take(np.where(has_left, to_left, _FAR), mode="clip"),
        _STEPS.take(np.where(has_right, to_right, _FAR), mode="clip"),
        commas_left,
        commas_right,
        relative,
        inside,
        np.where(has_best, inside.take(best, mode="clip"), 2),
        np.minimum((source * 5).astype(np.int64), 4),
        strongest,
        most_source,
    )


def _strongest_cues(tokens: TokenBatch, cue: AnyFloats, strongest: FloatArray) -> IntArray:
    """The first slot of each sentence that has its strongest cue, -1 where that is none."""
    place = np.full(tokens.n_sentences, -1)
    slots = (cue > _WEAK_CUE).nonzero()[0]
    sentence = tokens.sentence[slots]
    is_strongest = cue[slots] == strongest[sentence]
    slots, sentence = slots[is_strongest], sentence[is_strongest]
    place[sentence[::-1]] = slots[::-1]  # the last one written is the first in its sentence
    return place


def _cue_blocks(scene: Scene, source: FloatArray, cue: FloatArray) -> list[Block]:
    """Where the token stands to the reporting cues of its sentence."""
    found = standing(scene, source, cue, words_around(scene.tokens))
    slots = scene.slots
    left, right, relative = found.left[slots], found.right[slots], found.relative[slots]
    here, level = found.here[slots], found.level[slots]
    main_inside = found.main_inside[slots]
    commas_left, commas_right = found.commas_left[slots], found.commas_right[slots]
    sentence = scene.sentence
    highest = np.stack([found.strongest[sentence], found.most_source[sentence]], axis=1)
    return [
        one_hot("cue left", left, N_STEPS),
        one_hot("cue right", right, N_STEPS),
        one_hot("cue left and right", left * N_STEPS + right, N_STEPS**2),
        one_hot("cue left, commas", left * 3 + commas_left, N_STEPS * 3),
        one_hot("cue right, commas", right * 3 + commas_right, N_STEPS * 3),
        one_hot("main cue, quoted", relative * 2 + here, N_RELATIVE * 2),
        one_hot("quoted like main cue", here * 3 + main_inside, 6),
        one_hot("source, cue left", (level * N_STEPS + left) * 2 + here, 10 * N_STEPS),
        one_hot("source, cue right", (level * N_STEPS + right) * 2 + here, 10 * N_STEPS),
        one_hot("source, main cue", level * N_RELATIVE + relative, N_LEVELS * N_RELATIVE),
        DenseBlock("sentence", highest),
    ]


def per_sentence(tokens: TokenBatch, reduction: np.ufunc, values: npt.NDArray[Any]) -> FloatArray:
    """Sum, maximum or the like of the slots' values over each sentence; 0 for an empty one.

    `values`: one row for each kind of value, one column a slot, 0 for padding and nowhere below.
    Shape (kinds, sentences).
    """
    found = np.zeros((len(values), tokens.n_sentences))
    filled = (tokens.last > tokens.first).nonzero()[0]
    if len(filled):  # every reduction also spans the padding after its sentence
        found[:, filled] = reduction.reduceat(values, tokens.first[filled], axis=1)
    return found


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of consecutive tagged tokens: sentence, first and last slot, and the highest value."""

    sentence: IntArray
    start: IntArray
    end: IntArray
    peak: AnyFloats


def runs(
    tokens: TokenBatch, values: AnyFloats, begins: AnyFloats, *, floor: float, peak: float
) -> Runs:
    """Runs of slots with values above `floor` of which one at least reaches `peak`.

    A new run also begins where `begins` is above `SPLIT`. The values of padding are 0.
    """
    (found,) = runs_of_kinds(tokens, values[None], begins[None], [(floor, peak, SPLIT)])
    return found


def runs_of_kinds(
    tokens: TokenBatch,
    values: AnyFloats,
    begins: AnyFloats,
    bounds: Sequence[tuple[float, float, float]],
) -> list[Runs]:
    """The same for several kinds of runs at once; `values` and `begins` have a row for each.

    `bounds`: floor and peak of each kind, and the value of `begins` above which a new run begins.
    """
    n = values.shape[1]
    floors, peaks, splits = np.array(bounds).T
    on = values > floors[:, None].astype(values.dtype)
    # One kind after the other, with padding in between: no run goes from one to the next.
    above, on, split = (values * on).ravel(), on.ravel(), (begins > splits[:, None]).ravel()
    first, last = on.copy(), on.copy()
    first[1:] &= ~on[:-1] | split[1:]
    last[:-1] &= ~on[1:] | first[1:]
    start, end = first.nonzero()[0], last.nonzero()[0]
    highest = np.maximum.reduceat(above, start) if len(start) else above[:0]
    kind, slot = np.divmod(start, n)
    kept = highest >= peaks[kind]
    kind, slot, highest = kind[kept], slot[kept], highest[kept]
    found = Runs(tokens.sentence[slot], slot, slot + (end - start)[kept], highest)
    ends = np.searchsorted(kind, np.arange(1, len(bounds) + 1)).tolist()
    parts = [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]
    return [Runs(found.sentence[p], found.start[p], found.end[p], found.peak[p]) for p in parts]


def best_runs(found: Runs, n_sentences: int) -> tuple[IntArray, IntArray]:
    """First and last slot of the run with the highest peak; -1 where a sentence has none."""
    start = np.full(n_sentences, -1, dtype=np.int64)
    end = np.full(n_sentences, -1, dtype=np.int64)
    order = np.lexsort((-found.start, found.peak, found.sentence))
    start[found.sentence[order]] = found.start[order]  # the last one written has the highest peak
    end[found.sentence[order]] = found.end[order]
    return start, end
