"""What the sentence heads see of a sentence: its words by region, its evidence, and its outline.

Regions are outside and inside quotation marks, the source, the cue, the hedges, and the words just
before and after them. The outline is a handful of coded facts: how much is quoted, how sure the
taggers are, what kind of phrase the source is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from hedgecheck.blocks import (
    VALUE_STEP,
    AnyFloats,
    Block,
    DenseBlock,
    FloatArray,
    IndexBlock,
    TypeBlock,
    one_hot,
    rounded,
)
from hedgecheck.tagging import (
    SPLIT,
    Runs,
    Scene,
    best_runs,
    hashed,
    mixed,
    on_slots,
    per_sentence,
    probabilities,
    runs_of_kinds,
)
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import (
    COMMA_BITS,
    COMMA_STEP,
    END_MARKS,
    HEARSAY,
    PASSIVE,
    QUESTION,
    SHAPE_CODE,
    class_bits,
)

#: Bounds of sources, cues and hedges: a span's tokens have at least the first probability and one
#: of them the second (chosen by cross-validation).
BOUNDS: Final = ((0.1, 0.35, SPLIT), (0.15, 0.3, SPLIT), (0.2, 0.4, 1.0))

#: A part of a source between commas has a token with at least this probability.
_PART: Final = 0.4

_PAIR_BITS: Final = 15
_EVIDENCE_PAIR_BITS: Final = 13
_COVERAGE: Final = np.array([1e-9, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
_LEVELS: Final = np.array([0.05, 0.15, 0.3, 0.5, 0.7, 0.9])
#: The same for every probability, a multiple of `VALUE_STEP`.
_LEVEL_OF: Final = np.searchsorted(_LEVELS, np.arange(0, 1 + VALUE_STEP, VALUE_STEP), side="right")
#: Corpus tags whose highest probabilities the heads see; of the news tags it is those without "+".
_SHOWN: Final = [0, 2, 4, 5, 6, 7, 8, 9]
_LENGTHS: Final = np.array([3, 6, 10, 20, 35])


@dataclass(frozen=True, slots=True)
class Evidence:
    """The taggers' verdict on a batch.

    ``corpus`` and ``news``: probabilities, one row a slot. ``source`` and ``cue``: first and last
    slot of the best run of each sentence, -1 where there is none. ``hedges``: all hedge runs.
    ``phrase``: what kind of phrase each source is (`phrase_code`). ``head``: the last slot of each
    source up to its head. ``quoted``: the share of each sentence's tokens that stand in quotation
    marks.
    """

    corpus: AnyFloats
    news: AnyFloats
    source: tuple[IntArray, IntArray]
    cue: tuple[IntArray, IntArray]
    hedges: Runs
    phrase: IntArray
    head: IntArray
    quoted: FloatArray


def find_evidence(scene: Scene, corpus: AnyFloats, news: AnyFloats) -> Evidence:
    """Turn probabilities (one row a slot) into spans."""
    tokens = scene.tokens
    n = tokens.n_sentences
    source, cue, hedges = runs_of_kinds(tokens, news.T[::2], news.T[1::2], BOUNDS)
    trimmed = _trimmed(scene, *without_weak_parts(scene, news[:, 0], *best_runs(source, n)))
    phrase = phrase_code(scene, *trimmed)
    main_cue = best_runs(cue, n)
    head = _heads(scene, *trimmed)
    return Evidence(corpus, news, trimmed, main_cue, hedges, phrase, head, _quoted_share(scene))


def without_weak_parts(
    scene: Scene, values: AnyFloats, start: IntArray, end: IntArray
) -> tuple[IntArray, IntArray]:
    """The spans without what stands behind a comma and is not sure enough to be a source itself.

    `values`: probability of standing in a source, one a slot. "According to police, the mayor"
    is a span that runs on into the next phrase.
    """
    slots, row = slots_of_runs(start, end)
    opens = scene.properties.comma.take(scene.tokens.type.take(slots))
    if not opens.any():
        return start, end
    # Parts are what commas leave; the comma itself belongs to the part that it opens.
    opens[0] = True
    opens[1:] |= row[1:] != row[:-1]
    begins = opens.nonzero()[0]
    part_row = row[begins]
    best = np.maximum.reduceat(values.take(slots), begins)
    numbers = np.arange(len(begins))
    # The first of the best parts of each row.
    order = np.lexsort((-numbers, best, part_row))
    strongest = np.full(len(start), -1, dtype=np.int64)
    strongest[part_row[order]] = numbers[order]
    weak = best < _PART
    after = np.append(numbers[weak], len(begins))
    has = (start >= 0).nonzero()[0]
    mine = strongest[has]
    at = np.searchsorted(after, mine)
    first_part = np.searchsorted(part_row, has)
    last_part = np.searchsorted(part_row, has, side="right") - 1
    low = np.maximum(np.where(at > 0, after[at - 1] + 1, 0), first_part)
    high = np.minimum(np.where(after[at] == mine, mine, after[at] - 1), last_part)
    ends = np.append(begins[1:], len(slots)) - 1
    new_start, new_end = start.copy(), end.copy()
    new_start[has], new_end[has] = slots[begins[low]], slots[ends[high]]
    return new_start, new_end


def evidence_of(scene: Scene, corpus: FloatArray, news: FloatArray) -> Evidence:
    """Turn the scores of the two taggers (one row a token) into spans."""
    return find_evidence(
        scene, on_slots(scene, probabilities(corpus)), on_slots(scene, probabilities(news))
    )


def _trimmed(scene: Scene, start: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """The spans without commas and quotation marks at their ends."""
    types = scene.tokens.type
    edge = scene.properties.edge
    for _ in range(2):
        end = np.where((start < end) & edge[types[end]], end - 1, end)
        start = np.where((start < end) & edge[types[start]], start + 1, start)
    return start, end


def _heads(scene: Scene, start: IntArray, end: IntArray) -> IntArray:
    """Last slot of each source up to its head, which stands before "of", "who" or a comma.

    The words after the head say more of the source, but not what it is: "an aide to Ms Hale" is an
    aide. -1 where there is no source.
    """
    slots, row = slots_of_runs(start, end)
    properties, types = scene.properties, scene.tokens.type
    bits = class_bits()
    classes = properties.classes
    stops = (classes[types[slots]] & bits["post_modifier"]) > 0
    # "one of the officials", "some in the ministry": behind a quantity the head is yet to come.
    stops &= (classes[types[slots - 1]] & (bits["quantifier"] | bits["indefinite"])) == 0
    stops |= properties.comma[types[slots]]
    stops &= slots > start[row]
    head = end.copy()
    at = stops.nonzero()[0][::-1]
    head[row[at]] = slots[at] - 1  # the last one written is the first in the source
    return head


def slots_of_runs(start: IntArray, end: IntArray) -> tuple[IntArray, IntArray]:
    """All slots of the runs, and for each the number of its run; none for a start below 0."""
    kept = (start >= 0).nonzero()[0]
    lengths = end[kept] - start[kept] + 1
    run = np.repeat(kept, lengths)
    # The slots of a run count on from where it starts; all runs together count on from 0.
    slots = np.arange(len(run)) + np.repeat(start[kept] - np.cumsum(lengths) + lengths, lengths)
    return slots, run


def sentence_blocks(scene: Scene, evidence: Evidence) -> list[Block]:
    """What the heads see of each sentence by itself; one row a sentence."""
    pairs = _Pairs.of(scene)
    return [
        *_word_blocks(scene, pairs),
        *_evidence_blocks(scene, evidence, pairs),
        *_outline(scene, evidence),
    ]


def _word_blocks(scene: Scene, pairs: _Pairs) -> list[Block]:
    tokens, types = scene.tokens, scene.tokens.type
    inside = scene.quotations.inside[scene.slots] > 0
    blocks: list[Block] = []
    for name, slots in (("outside", scene.slots[~inside]), ("inside", scene.slots[inside])):
        blocks.append(words_at(scene, name, slots))
        blocks.append(pairs.at(f"{name} pair", slots, _PAIR_BITS))
    filled = (tokens.last > tokens.first).nonzero()[0]
    blocks.append(words_at(scene, "last", tokens.last[filled] - 1))
    # First words, past an opening quotation mark: of the sentence, and of each quotation in it.
    mark = scene.properties.mark
    first = tokens.first[filled]
    first = first + (mark[types[first]] > 0)
    blocks.append(words_at(scene, "first", first, filled))
    blocks.append(pairs.at("first pair", first, _EVIDENCE_PAIR_BITS, filled))
    opened = scene.quotations.start
    opened = opened[mark[types[opened]] > 0] + 1
    opened = opened[tokens.sentence[opened] >= 0]
    blocks.append(words_at(scene, "quotation first", opened))
    return blocks


def words_at(scene: Scene, name: str, slots: IntArray, row: IntArray | None = None) -> TypeBlock:
    """The words at some slots, for the rows of their sentences or for others."""
    tokens = scene.tokens
    return TypeBlock(
        name, tokens.sentence[slots] if row is None else row, tokens.type[slots], slots
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """The hash of the two words from each slot of a batch on."""

    scene: Scene
    hashes: IntArray

    @classmethod
    def of(cls, scene: Scene) -> _Pairs:
        words = scene.properties.hash.take(scene.tokens.type)
        return cls(scene, mixed([words[:-1], words[1:]], 11, _PAIR_BITS))

    def at(self, name: str, slots: IntArray, bits: int, row: IntArray | None = None) -> IndexBlock:
        """The pairs at some slots, for the rows of their sentences or for others."""
        # The fewer bits are the lower ones of the many.
        column = self.hashes[slots] & (2**bits - 1)
        row = self.scene.tokens.sentence[slots] if row is None else row
        return IndexBlock(name, row, column, 2**bits, None, slots)


def _evidence_blocks(scene: Scene, evidence: Evidence, pairs: _Pairs) -> list[Block]:
    blocks: list[Block] = []
    for name, (start, end) in (("source", evidence.source), ("cue", evidence.cue)):
        kept = (start >= 0).nonzero()[0]
        if name == "cue":
            slots, row = slots_of_runs(start, end)
            blocks.append(words_at(scene, name, slots, row))
        for part, places in (
            ("first", start[kept]),
            ("last", end[kept]),
            ("before", start[kept] - 1),
            ("after", end[kept] + 1),
        ):
            blocks.append(words_at(scene, f"{name} {part}", places, kept))
        for part, left in (("before", start[kept] - 1), ("after", end[kept])):
            blocks.append(pairs.at(f"{name} pair {part}", left, _EVIDENCE_PAIR_BITS, kept))
    blocks += _core_blocks(scene, evidence, pairs)
    clauses = _clauses(scene)
    blocks += _clause_blocks(scene, clauses, "cue", evidence.cue[0][evidence.cue[0] >= 0])
    hedges = evidence.hedges
    blocks.append(words_at(scene, "hedge before", hedges.start - 1, hedges.sentence))
    blocks.append(words_at(scene, "hedge after", hedges.end + 1, hedges.sentence))
    blocks.append(
        pairs.at("hedge pair before", hedges.start - 1, _EVIDENCE_PAIR_BITS, hedges.sentence)
    )
    blocks += _clause_blocks(scene, clauses, "hedge", hedges.start)
    slots, _ = slots_of_runs(hedges.start, hedges.end)
    quoted = scene.quotations.inside[slots] > 0
    for name, places in (("hedge", slots[~quoted]), ("quoted hedge", slots[quoted])):
        blocks.append(words_at(scene, name, places))
        blocks.append(pairs.at(f"{name} pair", places, _EVIDENCE_PAIR_BITS))
    return blocks


def _core_blocks(scene: Scene, evidence: Evidence, pairs: _Pairs) -> list[Block]:
    properties, types = scene.properties, scene.tokens.type
    (start, end), last = evidence.source, evidence.head
    n = len(start)
    kept = (start >= 0).nonzero()[0]
    head = last[kept]
    # Names of places, peoples, bodies and days do not name a person.
    bits = class_bits()
    others = sum(bits[name] for name in ("people_of", "place", "calendar", "organisation", "role"))
    capital = properties.capital[types] & ((properties.classes[types] & others) == 0)
    core_slots, core_row = slots_of_runs(start, last)
    own = any_of(core_row[capital[core_slots]], n)
    rest_slots, rest_row = slots_of_runs(np.where(last < end, last + 1, -1), end)
    words = [
        words_at(scene, "source", core_slots, core_row),
        words_at(scene, "source rest", rest_slots, rest_row),
    ]
    in_rest = any_of(rest_row[capital[rest_slots]], n)
    joined = np.where(last < end, 1 + properties.comma[types[np.minimum(last + 1, end)]], 0)
    phrase = phrase_code(scene, start, last)
    code = ((phrase * 2 + own) * 3 + joined) * 2 + in_rest
    return [
        *words,
        words_at(scene, "source head", head, kept),
        pairs.at("source head pair", head - 1, _EVIDENCE_PAIR_BITS, kept),
        one_hot("source core", code, N_PHRASES * 12),
    ]


@dataclass(frozen=True, slots=True)
class _Clauses:
    """The clauses of a batch, each known by the mark or word that opens it.

    That is a comma, dash, bracket or conjunction. ``opener``: the slots of these, rising, and a 0
    before them. ``count``: how many there were up to every slot, and `COMMA_STEP` times how many
    of them are commas.
    """

    openers: IntArray
    count: IntArray

    def before(self, slots: IntArray) -> IntArray:
        """The nearest opener before each slot."""
        return np.asarray(self.openers[self.count[slots - 1] & (COMMA_STEP - 1)])


def _clauses(scene: Scene) -> _Clauses:
    tokens = scene.tokens
    steps = scene.properties.clause_step.take(tokens.type)
    steps[tokens.first[tokens.last > tokens.first]] |= 1
    return _Clauses(np.append(0, steps.nonzero()[0]), np.cumsum(steps))


def _clause_blocks(scene: Scene, clauses: _Clauses, name: str, slots: IntArray) -> list[Block]:
    """In which clause of its sentence the evidence at each of some slots stands.

    A hedge on the main claim and one in a side remark differ in it.
    """
    tokens, types, properties = scene.tokens, scene.tokens.type, scene.properties
    row = tokens.sentence[slots]
    first, last = tokens.first[row], tokens.last[row] - 1
    opener = np.maximum(clauses.before(slots), first)
    # Both counts at once: the lower half of a difference has no share in the upper one.
    so_far = clauses.count[slots]
    before = so_far - clauses.count[first]
    after = clauses.count[last] - so_far
    # Behind a comma it is the next word that tells: ", which", ", said", ", the".
    word = np.where(properties.comma[types[opener]], opener + 1, opener)
    clauses_before = np.minimum(before & (COMMA_STEP - 1), 4)
    commas_before = np.minimum(before >> COMMA_BITS, 2)
    commas_after = np.minimum(after >> COMMA_BITS, 2)
    quoted = (scene.quotations.inside[slots] > 0).astype(np.int64)
    place = ((clauses_before * 3 + commas_before) * 3 + commas_after) * 2 + quoted
    pair = hashed(properties, [types[word], types[slots]], 13, _EVIDENCE_PAIR_BITS)
    return [
        words_at(scene, f"{name} clause", word, row),
        IndexBlock(f"{name} clause pair", row, pair, 2**_EVIDENCE_PAIR_BITS, None, slots),
        IndexBlock(f"{name} place", row, place, 90, None, slots),
    ]


def _quoted_share(scene: Scene) -> FloatArray:
    """Share of each sentence's tokens that stand in quotation marks."""
    tokens = scene.tokens
    inside = tokens.sentence[(scene.quotations.inside > 0).nonzero()[0]]
    quoted = np.bincount(inside, minlength=tokens.n_sentences)
    return np.asarray(quoted / np.maximum(tokens.last - tokens.first, 1), dtype=np.float64)


def any_of(rows: IntArray, n_rows: int) -> IntArray:
    """1 for each row that is among `rows`, else 0."""
    found = np.zeros(n_rows, dtype=np.int64)
    found[rows] = 1
    return found


def phrase_code(scene: Scene, start: IntArray, end: IntArray) -> IntArray:
    """What kind of phrase each source is, as a number below `N_PHRASES`; 0 where there is none.

    The code says whether it is a lone pronoun, how it begins (the, a, a quantity, a capital), and
    whether it holds a capitalised word, a role or a group of people, and a body or a document.
    """
    properties, types = scene.properties, scene.tokens.type
    bits = class_bits()
    slots, row = slots_of_runs(start, end)
    n = len(start)
    classes = properties.classes[types[slots]]
    capital = properties.capital[types[slots]]
    capital &= slots != scene.tokens.first[scene.tokens.sentence[slots]]
    person = any_of(row[(classes & (bits["role"] | bits["person"])) > 0], n)
    body = any_of(row[(classes & (bits["organisation"] | bits["document"])) > 0], n)
    capitals = any_of(row[capital], n)
    has = start >= 0
    first = types[np.where(has, start, 0)]
    alone = has & (start == end)
    pronouns = bits["pronoun_subject"] | bits["pronoun_object"]
    pronoun = alone & ((properties.classes[first] & pronouns) > 0)
    begin = properties.phrase_opening[first].astype(np.int64)
    code = 2 + ((begin * 2 + capitals) * 2 + person) * 2 + body
    return np.where(has, np.where(pronoun, 1, code), 0)


N_PHRASES: Final = 2 + 5 * 8


def agentless_code(scene: Scene) -> IntArray:
    """Whether hearsay stands outside quotation marks, as a number below 8.

    The code says whether there is an adverb or adjective of hearsay ("reportedly", "alleged"), a
    passive of saying or believing ("is said", "was widely thought"), and one with "to" or "that".
    """
    tokens, bits = scene.tokens, class_bits()
    roles = scene.properties.roles.take(tokens.type)
    slots = ((roles & (HEARSAY | PASSIVE)) > 0).nonzero()[0]
    slots = slots[scene.quotations.inside[slots] == 0]
    hearsay = slots[(roles[slots] & HEARSAY) > 0]
    passive = slots[(roles[slots] & PASSIVE) > 0]

    def classes(slots: IntArray) -> IntArray:
        return scene.properties.classes[tokens.type[slots]]

    being = (classes(passive - 1) | classes(passive - 2)) & bits["being"]
    passive = passive[being > 0]
    leading = passive[(classes(passive + 1) & bits["leading_on"]) > 0]
    n = tokens.n_sentences
    found = [any_of(tokens.sentence[slots], n) for slots in (hearsay, passive, leading)]
    return (found[0] * 2 + found[1]) * 2 + found[2]


def _outline(scene: Scene, evidence: Evidence) -> list[Block]:
    tokens, properties = scene.tokens, scene.properties
    n = tokens.n_sentences
    inside = scene.quotations.inside
    share = evidence.quoted
    coverage = np.searchsorted(_COVERAGE, share, side="right")
    filled = tokens.last > tokens.first
    first, last = np.where(filled, tokens.first, 0), np.where(filled, tokens.last - 1, 0)
    best = _highest_by_place(scene, evidence)
    levels = _LEVEL_OF.take((best / VALUE_STEP).astype(np.int64))
    # Expected number of tokens in a source, a cue, a hedge, and of content in quotation marks.
    news, content = evidence.news.T, evidence.corpus[:, 4] * (1 - inside)
    sums = per_sentence(tokens, np.add, np.stack([*news[::2], content], dtype=np.float64))
    strength = np.minimum(sums[:-1].T, 6.0)
    content = sums[-1] / np.maximum(tokens.last - tokens.first, 1)
    starts_inside = inside[first].astype(np.int64)
    ends_inside = inside[last].astype(np.int64)
    shape = properties.shape[tokens.type[first]]
    lower = (shape == SHAPE_CODE["a"]) | (shape == SHAPE_CODE["aa"])
    carried = scene.quotations.carried.astype(np.int64)
    length = np.searchsorted(_LENGTHS, tokens.last - tokens.first, side="right")
    source_level, cue_level = levels[:, 0], levels[:, 2]
    phrase = evidence.phrase
    hedges = np.minimum(np.bincount(evidence.hedges.sentence, minlength=n), 3)
    cue_start = np.maximum(evidence.cue[0], 0)
    after_source = (evidence.source[0] >= 0) & (evidence.cue[0] >= 0)
    order = np.where(after_source, 1 + (cue_start > evidence.source[0]), 0)
    cue_inside = np.where(evidence.cue[0] >= 0, 1 + inside[cue_start].astype(np.int64), 0)
    blocks: list[Block] = [
        DenseBlock("tags", rounded(np.column_stack([best, content, strength]))),
        one_hot("coverage", coverage * 3 + np.minimum(cue_level // 2, 2), 24),
        one_hot("coverage and edges", (coverage * 2 + starts_inside) * 2 + ends_inside, 32),
        one_hot("carried", carried * 8 + coverage, 16),
        one_hot("lower-case start", lower.astype(np.int64) * 8 + coverage, 16),
        one_hot("length", length * 2 + (share > 0.5), 12),
        one_hot("phrase", phrase * 2 + (cue_level > 2), 2 * N_PHRASES),
        one_hot("phrase and order", phrase * 3 + order, 3 * N_PHRASES),
        one_hot("hedges", hedges * 2 + (share > 0.5), 8),
        one_hot("source and cue", source_level * 7 + cue_level, 49),
        one_hot("cue quoted", cue_inside * 8 + coverage, 24),
    ]
    blocks.append(one_hot("agentless", agentless_code(scene) * 2 + (evidence.source[0] >= 0), 16))
    blocks += _closing_blocks(scene, coverage, np.minimum(cue_level // 2, 2))
    n_columns = levels.shape[1]
    rows = np.repeat(np.arange(n), n_columns)
    codes = (levels + 7 * np.arange(n_columns)).ravel()
    blocks.append(IndexBlock("levels", rows, codes, 7 * n_columns))
    return blocks


def _highest_by_place(scene: Scene, evidence: Evidence) -> FloatArray:
    """The highest probabilities of each sentence outside and inside quotation marks, by turns."""
    tokens, inside = scene.tokens, scene.quotations.inside
    columns = np.concatenate([evidence.news.T[::2], evidence.corpus.T[_SHOWN]])
    best = np.zeros((tokens.n_sentences, len(columns), 2))
    slots = (inside > 0).nonzero()[0]
    if len(slots):
        row = tokens.sentence[slots]
        begins = np.append(True, row[1:] != row[:-1]).nonzero()[0]
        quoted = columns.take(slots, axis=1)
        best[row[begins], :, 1] = np.maximum.reduceat(quoted, begins, axis=1).T
        columns[:, slots] = 0
    best[:, :, 0] = per_sentence(tokens, np.maximum, columns).T
    return best.reshape(tokens.n_sentences, 2 * len(columns))


def _closing_blocks(scene: Scene, coverage: IntArray, cue_level: IntArray) -> list[Block]:
    """How each sentence ends, and whether it has the form of a question or a command."""
    tokens, properties, types = scene.tokens, scene.properties, scene.tokens.type
    filled = tokens.last > tokens.first
    last = np.where(filled, tokens.last - 1, 0)
    for _ in range(2):  # past closing quotation marks
        is_mark = properties.mark[types[last]] > 0
        last = np.where(is_mark & (last > tokens.first), last - 1, last)
    end = properties.end_mark[types[last]].astype(np.int64)
    asking = ((properties.roles.take(types) & QUESTION) > 0).nonzero()[0]
    asks = any_of(tokens.sentence[asking], tokens.n_sentences)
    first = np.where(filled, tokens.first, 0)
    first = np.where(properties.mark[types[first]] > 0, first + 1, first)
    form = properties.sentence_opening[types[first]].astype(np.int64)
    n_ends = len(END_MARKS) + 1
    return [
        one_hot("end", (end * 8 + coverage) * 3 + cue_level, n_ends * 24),
        one_hot("end and form", end * 5 + form, n_ends * 5),
        one_hot("form", (form * 8 + coverage) * 2 + (cue_level > 0), 80),
        one_hot("asks", asks * 24 + coverage * 3 + cue_level, 48),
    ]
