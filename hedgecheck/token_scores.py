"""Both taggers at once, the way that scoring goes.

The blocks of `hedgecheck.tagging` say what the taggers see; here the same sums are taken by other
steps. Both taggers look at the same words and pairs, so their weights stand side by side in one row
of integers (multiples of `WEIGHT_STEP`) and one look-up serves both. All slots are worked on, not
only those with tokens: what stands k slots on is then a shift of a whole array, and few of the
slots are padding. Codes that are looked up together have one table for all their combinations.

Every sum is exact, in integers or because it keeps to the bits that its type of float has, so the
scores are those of the plain way (`LinearStage.scores` of `corpus_blocks` and `news_blocks`) but
for the rounding of the bias, and so are the probabilities, which are much coarser. Tags are kept as
*levels* here, which are whole numbers: probabilities and logits as multiples of `VALUE_STEP`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import (
    VALUE_STEP,
    WEIGHT_STEP,
    AnyFloats,
    FloatArray,
    LinearStage,
    ShortFloatArray,
)
from hedgecheck.form_tables import FormWeights
from hedgecheck.products import product
from hedgecheck.tagging import (
    BIGRAM_BITS,
    BIGRAMS,
    CORPUS_TAGS,
    LOGITS,
    N_LEVELS,
    N_RELATIVE,
    N_STEPS,
    PLACES,
    WINDOW,
    Around,
    Scene,
    mixed,
    phrases,
    standing,
    words_around,
)
from hedgecheck.tokens import PAD, IntArray, TokenBatch
from hedgecheck.vocabulary import N_PHRASE_KINDS

CountArray = npt.NDArray[np.int32]

#: Added to the scores of padding: no bias makes a tag of it likely.
_NEVER: Final = -(2**28)
_N_CORPUS: Final = len(CORPUS_TAGS)
_LEVELS: Final = 1 / VALUE_STEP
#: Sums of whole numbers, or of multiples of any step, below this are exact in float32's 24 bits.
_SHORT_BOUND: Final = 2**24
#: Levels of a logit, counted from the middle of the range: so sums are small.
_LOGIT_STEP: Final = 4.0 * VALUE_STEP
_MIDDLE: Final = (LOGITS[1] - LOGITS[0]) / 2 / _LOGIT_STEP
#: Tags around the token that the news tagger sees: probabilities and logits, by their reach.
_TAG_REACH: Final = 2
_LOGIT_REACH: Final = 1
#: A tag's probability, its logit, and three products; see `tagging.news_blocks`.
_N_TAG_ROWS: Final = 2 * _N_CORPUS + 3
#: Slots worked on at once.
_AT_ONCE: Final = 2**14
#: From a whole level on, in short floats, where another may be as near; see `_levels`.
_DOUBT: Final = 0.499
#: From this bias on short floats are too coarse for what is near the middle of two levels.
_LARGE_BIAS: Final = 8.0


class TokenScorer:
    """The two taggers' weights, rearranged.

    Parameters
    ----------
    corpus, news
        The taggers. A KeyError says that they are not made for the blocks of `tagging`.
    """

    def __init__(self, corpus: LinearStage, news: LinearStage) -> None:
        self._n_outputs = corpus.n_outputs + news.n_outputs
        self._corpus_bias, self._news_bias = corpus.bias[:, None], news.bias[:, None]

        def both(name: str) -> CountArray:
            return np.hstack([_counts(corpus.part(name)), _counts(news.part(name))])

        def corpus_only(name: str) -> CountArray:
            return np.pad(_counts(corpus.part(name)), ((0, 0), (0, news.n_outputs)))

        offsets = range(-WINDOW, WINDOW + 1)
        words = [*(both(f"word{k:+d}") for k in offsets), corpus_only("quoted word")]
        # 16 bits hold every weight, and half the bytes are twice the speed; sums have 32 bits.
        self._words = FormWeights(np.stack(words, axis=1).astype(np.int16))
        pairs = [both(f"pair{left:+d}{right:+d}").astype(np.int16) for left, right in BIGRAMS]
        self._pairs = np.stack(pairs)
        phrase = both("hedge phrase")
        place, quoted = corpus_only("place"), corpus_only("quoted")
        places = np.full((1 + PLACES, PLACES, 8, self._n_outputs), _NEVER)
        places[1:] = place.reshape(PLACES, PLACES, 1, -1) + quoted + phrase[0]
        self._places = places.astype(np.int32).reshape(-1, self._n_outputs)
        self._phrases = phrase - phrase[0]
        # Takes scores to one row an output, in half the time of a copy, and turns their sign, which
        # is how the logistic function takes them.
        self._turn = np.eye(self._n_outputs, dtype=np.float32) * np.float32(-WEIGHT_STEP)
        self._logit_bias = _logit_bias(corpus.bias)[:, None]
        self._near, self._main, self._highest = _cue_tables(news)
        self._tags = _tag_weights(news.part("corpus tags"))
        logits = self._tags[:, _N_CORPUS : 2 * _N_CORPUS].reshape(-1, news.n_outputs, _N_CORPUS)
        middles = logits.sum(axis=(0, 2), dtype=np.float64) * _MIDDLE
        self._main[:, : news.n_outputs] += _counts(middles / VALUE_STEP)

    def probabilities(self, scene: Scene) -> tuple[ShortFloatArray, ShortFloatArray]:
        """Probabilities of the corpus tags and the news tags, one row a slot; 0 for padding."""
        n = len(scene.tokens.type)
        around = words_around(scene.tokens)
        corpus = np.empty((_N_CORPUS, n), dtype=np.float32)
        news = np.empty((self._n_outputs - _N_CORPUS, n), dtype=np.float64)
        found = np.empty(news.shape, dtype=np.float32)
        with np.errstate(over="ignore"):  # powers may be infinite, and the probability is 0 then
            for part in _parts(scene.tokens):
                self._tag(scene, around, part, corpus[:, part], news[:, part])
            cues = self._cues(scene, around, corpus)
            news -= cues.T[: len(news)] * (WEIGHT_STEP * VALUE_STEP)
            _levels(news, self._news_bias, found)
        found *= np.float32(VALUE_STEP)
        return corpus.T, found.T

    def _tag(
        self, scene: Scene, around: Around, part: slice, corpus: ShortFloatArray, news: FloatArray
    ) -> None:
        """Fill in the corpus tags of some slots, and of the news tags' scores what is not by cues.

        These with their sign turned, and without the bias.
        """
        scores = self._words_and_places(scene, around, part).astype(np.float32)
        turned = product(self._turn, scores.T)
        negated, words = np.split(turned, [_N_CORPUS])
        tags = np.empty((_N_TAG_ROWS, len(scores)), dtype=np.float32)
        _levels(negated, self._corpus_bias, tags[:_N_CORPUS])
        logits = np.multiply(negated, -1 / _LOGIT_STEP, out=tags[_N_CORPUS : 2 * _N_CORPUS])
        logits += self._logit_bias
        np.rint(logits, out=logits)
        np.clip(logits, -_MIDDLE, _MIDDLE, out=logits)
        _products(tags)
        np.multiply(tags[:_N_CORPUS], VALUE_STEP, out=corpus)
        news[:] = words
        self._subtract_tags(tags, news)

    def _words_and_places(self, scene: Scene, around: Around, part: slice) -> CountArray:
        """What words, pairs, phrases, places and quotation marks give to both, one row a slot."""
        properties = scene.properties
        types, inside = scene.tokens.type[part], scene.quotations.inside[part]
        n = len(types)
        words = self._words.rows(properties)
        forms = properties.form.take(types)
        scores: CountArray = self._places.take(_place_codes(around, inside, part), axis=0)
        # What is seen at slot s stands at s + k; the first and the last slots are padding.
        inner = scores[PAD : n - PAD]
        row = np.empty((n, self._n_outputs), dtype=np.int16)
        for k, low in zip(range(-WINDOW, WINDOW + 1), words.low, strict=False):
            low.take(forms, axis=0, out=row, mode="clip")
            inner += row[PAD + k : n - PAD + k]
        hashes = properties.hash.take(types)
        salts = np.arange(len(BIGRAMS), dtype=np.uint64)[:, None]
        pairs = mixed([hashes[:-1], hashes[1:]], salts, BIGRAM_BITS)
        for table, columns, (left, _) in zip(self._pairs, pairs, BIGRAMS, strict=True):
            table.take(columns, axis=0, out=row[:-1], mode="clip")
            inner += row[PAD + left : n - PAD + left]
        if inside.any():
            quoted = forms * inside  # form 0 weighs nothing
            words.low[-1].take(quoted, axis=0, out=row, mode="clip")
            scores += row
        for places, block, over in words.over(forms):
            if block < len(words.low) - 1:
                scores[places - (block - WINDOW)] += over
            else:
                scores[places] += over * inside[places, None]
        slots, kind = phrases(types, properties)
        code = np.zeros(n, dtype=np.uint8)
        code[slots] = kind * N_PHRASE_KINDS
        code[slots + 1] |= kind.astype(np.uint8)
        hit = (code > 0).nonzero()[0]
        scores[hit] += self._phrases.take(code[hit], axis=0)
        return scores

    def _cues(self, scene: Scene, around: Around, tags: ShortFloatArray) -> CountArray:
        """What cues nearby give to the news tags, multiples of WEIGHT_STEP * VALUE_STEP."""
        found = standing(scene, tags[0], tags[2], around)
        own = found.level * 2 + found.here
        code = (found.left * 3 + found.commas_left) * (3 * N_STEPS)
        code += found.right * 3 + found.commas_right
        code *= 2 * N_LEVELS
        code += own
        scores: CountArray = self._near.take(code, axis=0)
        code = found.relative * 3 + found.main_inside
        code *= 2 * N_LEVELS
        code += own
        scores += self._main.take(code, axis=0)
        highest = np.stack([found.strongest, found.most_source], axis=1) / VALUE_STEP
        of_sentence = highest.astype(np.int32) @ self._highest
        of_none = np.zeros((1, of_sentence.shape[1]), dtype=np.int32)  # padding is of sentence -1
        of_sentence = np.concatenate([of_sentence, of_none])
        scores += of_sentence.take(scene.tokens.sentence, axis=0)
        return scores

    def _subtract_tags(self, tags: ShortFloatArray, negated: FloatArray) -> None:
        """Subtract what the corpus tags around each slot give to the news tags."""
        n = tags.shape[1]
        weighed = product(self._tags, tags)
        for k, part in enumerate(np.split(weighed, 2 * _TAG_REACH + 1), -_TAG_REACH):
            negated[:, PAD : n - PAD] -= part[:, PAD + k : n - PAD + k]


def _counts(weights: npt.NDArray[Any]) -> CountArray:
    return np.rint(weights / WEIGHT_STEP).astype(np.int32)


def _cue_tables(news: LinearStage) -> tuple[CountArray, CountArray, CountArray]:
    """Tables of the codes of `tagging.Standing`, as multiples of WEIGHT_STEP * VALUE_STEP.

    By nearest cues and commas, level and quotation marks; by main cue, level and quotation marks;
    and the weights of the sentence's highest probabilities, as counts. Rows are filled up to eight
    numbers, for those of 32 bytes are copied fastest.
    """

    def table(name: str, *shape: int) -> CountArray:
        return _counts(news.part(name) / VALUE_STEP).reshape(*shape, news.n_outputs)

    def filled_up(table: CountArray) -> CountArray:
        flat = table.reshape(-1, news.n_outputs)
        return np.pad(flat, ((0, 0), (0, -news.n_outputs % 8)))

    steps, relative, levels = N_STEPS, N_RELATIVE, N_LEVELS
    # Axes: steps and commas to the left, to the right, level, quoted.
    near = (
        table("cue left", steps, 1, 1, 1, 1, 1)
        + table("cue right", 1, 1, steps, 1, 1, 1)
        + table("cue left and right", steps, 1, steps, 1, 1, 1)
        + table("cue left, commas", steps, 3, 1, 1, 1, 1)
        + table("cue right, commas", 1, 1, steps, 3, 1, 1)
        + table("source, cue left", levels, steps, 1, 1, 1, 2).transpose(1, 2, 3, 4, 0, 5, 6)
        + table("source, cue right", levels, 1, 1, steps, 1, 2).transpose(1, 2, 3, 4, 0, 5, 6)
    )
    # Axes: where the main cue is, whether it is quoted, level, quoted.
    main = (
        table("main cue, quoted", relative, 1, 1, 2)
        + table("quoted like main cue", 1, 1, 2, 3).transpose(0, 3, 1, 2, 4)
        + table("source, main cue", levels, relative, 1, 1).transpose(1, 2, 0, 3, 4)
    )
    return filled_up(near), filled_up(main), filled_up(_counts(news.part("sentence")))


def _tag_weights(weights: ShortFloatArray) -> npt.NDArray[Any]:
    """Weights of the tags' levels in the window, shape (places * outputs, tag rows).

    In short floats where these are exact.
    """
    outputs = weights.shape[1]
    places = 2 * _TAG_REACH + 1
    found = np.zeros((places, outputs, _N_TAG_ROWS))
    end = places * _N_CORPUS
    found[:, :, :_N_CORPUS] = weights[:end].reshape(places, _N_CORPUS, outputs).transpose(0, 2, 1)
    inner = slice(_TAG_REACH - _LOGIT_REACH, _TAG_REACH + _LOGIT_REACH + 1)
    logits = weights[end:-3].reshape(-1, _N_CORPUS, outputs)
    found[inner, :, _N_CORPUS : 2 * _N_CORPUS] = logits.transpose(0, 2, 1)
    found[_TAG_REACH, :, 2 * _N_CORPUS :] = weights[-3:].T
    highest = np.full(_N_TAG_ROWS, _LEVELS)
    highest[_N_CORPUS : 2 * _N_CORPUS] = _MIDDLE
    exact = (np.abs(found) @ highest).max() / WEIGHT_STEP < _SHORT_BOUND
    found *= VALUE_STEP
    return found.reshape(-1, _N_TAG_ROWS).astype(np.float32 if exact else np.float64)


def _logit_bias(bias: FloatArray) -> ShortFloatArray:
    """What the bias adds to the levels of logits, counted from the middle of their range.

    A level is rounded, and scores are multiples of `WEIGHT_STEP`: every bias between the same two
    of such multiples gives the same level. The one half-way between is exact in short floats.
    """
    step = WEIGHT_STEP / _LOGIT_STEP
    places = ((bias - LOGITS[0]) / _LOGIT_STEP - _MIDDLE) / step
    below = np.floor(places)
    return np.asarray(np.where(places == below, places, below + 0.5) * step, dtype=np.float32)


def _parts(tokens: TokenBatch) -> Iterator[slice]:
    """Slots to be worked on at once: about `_AT_ONCE`, whole sentences with padding on both sides.

    One array of all slots by all outputs would be larger than the memory that is near.
    """
    begins = np.append(tokens.first, len(tokens.type))
    wanted = np.arange(_AT_ONCE, begins[-1], _AT_ONCE)
    ends = np.unique(begins[np.append(np.searchsorted(begins, wanted), -1)]).tolist()
    return (slice(max(a - PAD, 0), b) for a, b in zip([0, *ends], ends, strict=False))


def _place_codes(around: Around, inside: npt.NDArray[np.int8], part: slice) -> IntArray:
    """Place in the sentence and state of the quotation marks, as one number.

    It is below ``8 * PLACES`` for padding.
    """
    code: IntArray = np.clip(around.before[part] + 1, 0, PLACES)
    code *= PLACES
    code += np.clip(around.after[part], 0, PLACES - 1)
    state = inside.copy()
    state[1:] += 2 * inside[:-1]
    state[:-1] += 4 * inside[1:]
    code *= 8
    code += state
    return code


def _levels(negated: AnyFloats, bias: FloatArray, out: ShortFloatArray) -> None:
    """Levels of the probabilities (`tagging.probabilities`) of scores with the sign turned.

    Short floats are four times as fast, and good enough for nearly all: where a score lies between
    the first and the last level (within 6.3 of 0), it and the bias are off by 2**-20 at most, and
    the power by 2**-19 of itself. A level changes by 64 at most where a score does by 1, so it is
    off by less than .0005. What lies closer than that to the middle of two is worked out again.
    """
    short = (np.abs(bias) < _LARGE_BIAS).all()
    powers = np.subtract(negated, bias, dtype=np.float32 if short else np.float64)
    np.exp(powers, out=powers)
    powers += 1.0
    np.divide(_LEVELS, powers, out=powers)
    np.rint(powers, out=out, casting="same_kind")
    powers -= out
    np.abs(powers, out=powers)
    doubtful = (powers > _DOUBT).ravel().nonzero()[0]
    if len(doubtful):
        row, place = np.divmod(doubtful, powers.shape[1])
        exact = np.exp(negated[row, place] - bias[row, 0])
        out[row, place] = np.rint(_LEVELS / (1.0 + exact))


def _products(tags: ShortFloatArray) -> None:
    """Fill the last three rows: source and cue by content, see `tagging.news_blocks`."""
    source, cue, content = tags[0], tags[2], tags[4]
    products = tags[-3:]
    np.multiply(source, content, out=products[0])
    np.multiply(source, _LEVELS - content, out=products[1])
    np.multiply(cue, _LEVELS - content, out=products[2])
    products *= np.float32(VALUE_STEP)
    np.rint(products, out=products)
