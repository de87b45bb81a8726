"""Both taggers at once, the way that scoring goes.

The blocks of `hedgecheck.tagging` say what the taggers see; here the same sums are taken by other
steps. Both taggers look at the same words and pairs, so their weights stand side by side in one row
of integers (multiples of `WEIGHT_STEP`) and one look-up serves both. All slots are worked on, not
only those with tokens: what stands k slots on is then a shift of a whole array, and few of the
slots are padding. Codes that are looked up together have one table for all their combinations.

Every sum is exact, in integers or because it keeps to the bits that its type of float has, so the
scores are those of the plain way (`LinearStage.scores` of `corpus_blocks` and `news_blocks`) but
for the rounding of the bias, and so are the probabilities, which are much coarser.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import VALUE_STEP, WEIGHT_STEP, FloatArray, LinearStage, ShortFloatArray
from hedgecheck.form_tables import FormWeights
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
    Scene,
    mixed,
    phrases,
    standing,
    words_around,
)
from hedgecheck.tokens import PAD, IntArray
from hedgecheck.vocabulary import N_PHRASE_KINDS

CountArray = npt.NDArray[np.int32]

#: Added to the scores of padding: no bias makes a tag of it likely.
_NEVER: Final = -(2**28)
_N_CORPUS: Final = len(CORPUS_TAGS)
#: Sums of multiples of ``WEIGHT_STEP * VALUE_STEP`` below this are exact in float32's 24 bits.
_SHORT_BOUND: Final = WEIGHT_STEP * VALUE_STEP * 2**24
#: Logits are taken from the middle of their range, so that sums are small.
_MIDDLE: Final = (LOGITS[1] - LOGITS[0]) / 8
#: Tags around the token that the news tagger sees: probabilities and logits, by their reach.
_TAG_REACH: Final = 2
_LOGIT_REACH: Final = 1
#: A tag's probability, its logit, and three products; see `tagging.news_blocks`.
_N_TAG_ROWS: Final = 2 * _N_CORPUS + 3


class TokenScorer:
    """The two taggers' weights, rearranged.

    Parameters
    ----------
    corpus, news
        The taggers. A KeyError says that they are not made for the blocks of `tagging`.
    """

    def __init__(self, corpus: LinearStage, news: LinearStage) -> None:
        self._n_outputs = corpus.n_outputs + news.n_outputs
        self._biases = np.append(corpus.bias, news.bias)

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
        self._near, self._source, self._main, self._highest = _cue_tables(news)
        self._tags = _tag_weights(news.part("corpus tags"))
        logits = self._tags[:, _N_CORPUS : 2 * _N_CORPUS].reshape(-1, news.n_outputs, _N_CORPUS)
        self._near += _counts(logits.sum(axis=(0, 2), dtype=np.float64) * _MIDDLE / VALUE_STEP)

    def probabilities(self, scene: Scene) -> tuple[ShortFloatArray, ShortFloatArray]:
        """Probabilities of the corpus tags and the news tags, one row a slot; 0 for padding."""
        scores = self._words_and_places(scene)
        # All scores from here on have their sign turned: that is how the logistic function and
        # the logits take them.
        negated = np.multiply(scores.T, -WEIGHT_STEP, order="C")
        negated -= self._biases[:, None]
        corpus, news = np.split(negated, [_N_CORPUS])
        tags = np.empty((_N_TAG_ROWS, len(scores)), dtype=np.float32)
        found = np.empty(news.shape, dtype=np.float32)
        with np.errstate(over="ignore"):
            _probabilities(corpus, tags[:_N_CORPUS])
            _logits(corpus, tags[_N_CORPUS : 2 * _N_CORPUS])
            _products(tags)
            news -= self._cues(scene, tags).T * (WEIGHT_STEP * VALUE_STEP)
            self._subtract_tags(tags, news)
            _probabilities(news, found)
        return tags[:_N_CORPUS].T, found.T

    def _words_and_places(self, scene: Scene) -> CountArray:
        """What words, pairs, phrases, places and quotation marks give to both, one row a slot."""
        types, properties = scene.tokens.type, scene.properties
        n = len(types)
        tables = self._words.rows(properties)
        forms = properties.form.take(types)
        inside = scene.quotations.inside
        scores: CountArray = self._places.take(_place_codes(scene), axis=0)
        # What is seen at slot s stands at s + k; the first and the last slots are padding.
        inner = scores[PAD : n - PAD]
        row = np.empty((n, self._n_outputs), dtype=np.int16)
        for k, table in zip(range(-WINDOW, WINDOW + 1), tables, strict=False):
            np.take(table.low, forms, axis=0, out=row, mode="clip")
            inner += row[PAD + k : n - PAD + k]
            over = table.over(forms)
            if over is not None:
                scores[over[0] - k] += over[1]
        hashes = properties.hash.take(types)
        salts = np.arange(len(BIGRAMS), dtype=np.uint64)[:, None]
        pairs = mixed([hashes[:-1], hashes[1:]], salts, BIGRAM_BITS)
        for table, columns, (left, _) in zip(self._pairs, pairs, BIGRAMS, strict=True):
            np.take(table, columns, axis=0, out=row[:-1], mode="clip")
            inner += row[PAD + left : n - PAD + left]
        quoted = inside.nonzero()[0]
        scores[quoted] += tables[-1].low.take(forms[quoted], axis=0)
        over = tables[-1].over(forms[quoted])
        if over is not None:
            scores[quoted[over[0]]] += over[1]
        slots, kind = phrases(scene)
        code = np.zeros(n, dtype=np.int64)
        code[slots] += kind * N_PHRASE_KINDS
        code[slots + 1] += kind
        hit = code.nonzero()[0]
        scores[hit] += self._phrases.take(code[hit], axis=0)
        return scores

    def _cues(self, scene: Scene, tags: ShortFloatArray) -> CountArray:
        """What cues nearby give to the news tags, multiples of WEIGHT_STEP * VALUE_STEP."""
        found = standing(scene, tags[0], tags[2])
        steps = found.left * N_STEPS + found.right
        scores = self._near.take((steps * 3 + found.commas_left) * 3 + found.commas_right, axis=0)
        scores += self._source.take((found.level * N_STEPS**2 + steps) * 2 + found.here, axis=0)
        main = (found.level * N_RELATIVE + found.relative) * 2 + found.here
        scores += self._main.take(main * 3 + found.main_inside, axis=0)
        highest = np.stack([found.strongest, found.most_source], axis=1) / VALUE_STEP
        of_sentence = highest.astype(np.int32) @ self._highest
        of_none = np.zeros((1, of_sentence.shape[1]), dtype=np.int32)  # padding is of sentence -1
        of_sentence = np.concatenate([of_sentence, of_none])
        scores += of_sentence.take(scene.tokens.sentence, axis=0)
        return scores

    def _subtract_tags(self, tags: ShortFloatArray, negated: FloatArray) -> None:
        """Subtract what the corpus tags around each slot give to the news tags."""
        n = tags.shape[1]
        weighed = self._tags @ tags
        for k, part in enumerate(np.split(weighed, 2 * _TAG_REACH + 1), -_TAG_REACH):
            negated[:, PAD : n - PAD] -= part[:, PAD + k : n - PAD + k]


def _counts(weights: npt.NDArray[Any]) -> CountArray:
    return np.rint(weights / WEIGHT_STEP).astype(np.int32)


def _cue_tables(news: LinearStage) -> tuple[CountArray, CountArray, CountArray, CountArray]:
    """Tables of the codes of `tagging.Standing`, as multiples of WEIGHT_STEP * VALUE_STEP.

    By nearest cues and commas; by level, nearest cues and quotation marks; by level, main cue and
    quotation marks; and the weights of the sentence's highest probabilities, as counts.
    """

    def table(name: str, *shape: int) -> CountArray:
        return _counts(news.part(name) / VALUE_STEP).reshape(*shape, news.n_outputs)

    steps, relative, levels = N_STEPS, N_RELATIVE, N_LEVELS
    near = (
        table("cue left", steps, 1, 1, 1)
        + table("cue right", 1, steps, 1, 1)
        + table("cue left and right", steps, steps, 1, 1)
        + table("cue left, commas", steps, 1, 3, 1)
        + table("cue right, commas", 1, steps, 1, 3)
    )
    source = table("source, cue left", levels, steps, 1, 2) + table(
        "source, cue right", levels, 1, steps, 2
    )
    main = (
        table("main cue, quoted", 1, relative, 2, 1)
        + table("quoted like main cue", 1, 1, 2, 3)
        + table("source, main cue", levels, relative, 1, 1)
    )
    flat = [part.reshape(-1, news.n_outputs) for part in (near, source, main)]
    return flat[0], flat[1], flat[2], _counts(news.part("sentence"))


def _tag_weights(weights: ShortFloatArray) -> npt.NDArray[Any]:
    """Weights of the tags at each place of the window, shape (places * outputs, tag rows).

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
    highest = np.ones(_N_TAG_ROWS)
    highest[_N_CORPUS : 2 * _N_CORPUS] = _MIDDLE
    exact = (np.abs(found) @ highest).max() < _SHORT_BOUND
    return found.reshape(-1, _N_TAG_ROWS).astype(np.float32 if exact else np.float64)


def _place_codes(scene: Scene) -> IntArray:
    """Place in the sentence and state of the quotation marks, as one number.

    It is below ``8 * PLACES`` for padding.
    """
    before, after = words_around(scene.tokens)
    code: IntArray = np.clip(before + 1, 0, PLACES)
    code *= PLACES
    code += np.clip(after, 0, PLACES - 1)
    inside = scene.quotations.inside
    state = inside.copy()
    state[1:] += 2 * inside[:-1]
    state[:-1] += 4 * inside[1:]
    code *= 8
    code += state
    return code


def _probabilities(negated: FloatArray, out: ShortFloatArray) -> None:
    """`tagging.probabilities` of scores with the sign turned, in few passes over memory.

    The powers may be infinite, and the probability is 0 then; the caller keeps numpy quiet.
    """
    powers = np.exp(negated)
    powers += 1.0
    np.divide(1.0 / VALUE_STEP, powers, out=powers)
    np.rint(powers, out=powers)
    np.multiply(powers, VALUE_STEP, out=out, casting="same_kind")


def _logits(negated: FloatArray, out: ShortFloatArray) -> None:
    """`tagging.coarse_logits`, less `_MIDDLE`, likewise."""
    logits = np.clip(negated, -LOGITS[1], -LOGITS[0])
    logits *= -0.25 / VALUE_STEP
    logits -= LOGITS[0] * 0.25 / VALUE_STEP
    np.rint(logits, out=logits)
    logits -= _MIDDLE / VALUE_STEP
    np.multiply(logits, VALUE_STEP, out=out, casting="same_kind")


def _products(tags: ShortFloatArray) -> None:
    """Fill the last three rows: source and cue by content, see `tagging.news_blocks`."""
    source, cue, content = tags[0], tags[2], tags[4]
    products = tags[-3:]
    np.multiply(source, content, out=products[0])
    np.multiply(source, 1 - content, out=products[1])
    np.multiply(cue, 1 - content, out=products[2])
    products *= np.float32(1 / VALUE_STEP)
    np.rint(products, out=products)
    products *= np.float32(VALUE_STEP)
