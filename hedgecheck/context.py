"""Document context: what the second pass sees of the sentences around each sentence.

A first pass scores every sentence by itself. Its probabilities for the neighbours, the kind of
phrase that the sentence's own source is, and the last source that was introduced by more than a
pronoun are what the second pass adds: "he" and "the official" take after whom they point to, a
quotation that runs on keeps its speaker.

Reach: a sentence sees the probabilities of `BEFORE` sentences before it and `AFTER` after it, the
last introduced source up to `ANTECEDENT` sentences back, where the head of its own source was
introduced up to `HEAD_REACH` back, and the quotation that it stands in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import (
    Block,
    CrossedBlock,
    DenseBlock,
    FloatArray,
    Groups,
    one_hot,
    rounded,
)
from hedgecheck.sentence_blocks import (
    N_PHRASES,
    Evidence,
    any_of,
    slots_of_runs,
    words_at,
)
from hedgecheck.tagging import Scene
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import CAPITAL, PERSON, PRONOUN_SUBJECT, UNNAMED, class_bits

BEFORE: Final = 2
AFTER: Final = 1
ANTECEDENT: Final = 8
#: Sentences back in which the head of a source is looked for.
HEAD_REACH: Final = 12

#: States of a sentence's own source: pronoun, definite phrase, other, none in a quotation, none.
_STATES: Final = 5
PRONOUN, DEFINITE, FULL, QUOTED, BARE = range(_STATES)


def own_state(scene: Scene, evidence: Evidence) -> IntArray:
    """How a sentence names its source, as far as that asks for context; below `_STATES`."""
    start = evidence.source[0]
    classes = scene.properties.classes[scene.tokens.type[np.maximum(start, 0)]]
    phrase = evidence.phrase
    definite = _definite(classes) & (((phrase - 2) // 4) % 2 == 0)  # without a capital
    named = np.where(phrase == 1, PRONOUN, np.where(definite, DEFINITE, FULL))
    return np.where(start >= 0, named, np.where(evidence.quoted > 0.3, QUOTED, BARE))


def _definite(classes: IntArray) -> npt.NDArray[np.bool_]:
    """Which words, by their classes, are determiners of what is known: "the", "that"."""
    bits = class_bits()
    found = ((classes & bits["determiner"]) > 0) & ((classes & bits["indefinite"]) == 0)
    return np.asarray(found)


def antecedents(state: IntArray, document: IntArray, attributed: FloatArray) -> IntArray:
    """For each sentence the last one before it that introduces a source; -1 where there is none.

    `state`: that of each sentence's own source (`own_state`). `attributed`: first-pass probability
    that a sentence is attributed.
    """
    numbers = np.arange(len(document))
    last = np.full(len(document), -1)
    introduces = (state == FULL) & (attributed > 0.4)
    np.maximum.accumulate(np.where(introduces, numbers, -1)[:-1], out=last[1:])
    near = (last >= 0) & (numbers - last <= ANTECEDENT)
    near &= document[last] == document
    return np.where(near, last, -1)


def neighbours(document: IntArray, by: int) -> IntArray:
    """The sentence `by` further on in the same document, -1 where there is none."""
    n = len(document)
    other = np.arange(n) + by
    inside = (other >= 0) & (other < n)
    inside &= document.take(other, mode="clip") == document if n else False
    return np.where(inside, other, -1)


def shifted(values: npt.NDArray[Any], document: IntArray, by: int) -> npt.NDArray[Any]:
    """Rows of the sentence `by` further on in the same document, 0 where there is none."""
    return with_nothing(values)[neighbours(document, by)]


def with_nothing(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values and a row of zeros, which is row -1, for a sentence that is not there."""
    return np.concatenate([values, np.zeros((1, *values.shape[1:]), dtype=values.dtype)])


def context_blocks(
    scene: Scene, evidence: Evidence, first_pass: FloatArray, document: IntArray
) -> list[Block]:
    """What the second pass adds to the blocks of each sentence.

    `first_pass`: probabilities of the first pass, shape (sentences, classes), the first column
    being that of no source.
    """
    first_pass = rounded(first_pass)
    n = len(document)
    state = own_state(scene, evidence)
    share = evidence.quoted
    facts = np.column_stack([first_pass, np.ones(n), rounded(share), scene.quotations.carried])
    source = antecedents(state, document, 1.0 - first_pass[:, 0])
    steps = (*range(-BEFORE, 0), *range(1, AFTER + 1))
    near = [neighbours(document, by) for by in steps]
    # The facts of each, and again in columns of their own for the state of the sentence.
    others = with_nothing(facts)[np.stack([*near, source])]
    states = Groups.of(state, _STATES)
    names = (*(f"neighbour {by:+d}" for by in steps), "antecedent")
    blocks: list[Block] = [DenseBlock("own", first_pass)]
    blocks += [CrossedBlock(*named, states) for named in zip(names, others, strict=True)]

    has = source >= 0
    distance = np.where(has, np.minimum(np.arange(n) - source, 4), 0)
    blocks.append(one_hot("antecedent distance", distance * _STATES + state, 5 * _STATES))
    phrase = with_nothing(evidence.phrase)[source]
    blocks.append(one_hot("antecedent phrase", phrase * _STATES + state, N_PHRASES * _STATES))
    blocks += _antecedent_words(scene, evidence, source, state)
    blocks += _head_blocks(scene, evidence, document, first_pass, state)
    blocks += _edge_blocks(scene, state, share, dict(zip(steps, near, strict=True)))
    return blocks


def _antecedent_words(
    scene: Scene, evidence: Evidence, source: IntArray, state: IntArray
) -> list[Block]:
    """The words of each sentence's antecedent, apart for what points back to it."""
    start, end = (with_nothing(part)[source] for part in evidence.source)
    slots, row = slots_of_runs(np.where(source >= 0, start, -1), end)
    state = state[row]
    return [
        words_at(scene, f"antecedent of {name}", slots[state == wanted], row[state == wanted])
        for name, wanted in (("pronoun", PRONOUN), ("definite", DEFINITE), ("quoted", QUOTED))
    ]


def earlier_heads(scene: Scene, evidence: Evidence, document: IntArray) -> IntArray:
    """The last slot before each sentence that introduces the head of its source; -1 for none.

    "The official" points back to the last "official" in the document that was no "the official"
    itself, up to `HEAD_REACH` sentences back.
    """
    properties, tokens = scene.properties, scene.tokens
    types, bits = tokens.type, class_bits()
    classes = properties.classes.take(types)
    names = ("role", "person", "organisation", "document", "source_noun", "vague_source")
    wanted = sum(bits[name] for name in names)
    slots = ((classes & wanted) > 0).nonzero()[0]
    capital = properties.capital
    # "the official", "the senior official", not "the Dutch official", "the official Rena Dahl"
    back = _definite(classes[slots - 2]) & ~capital[types[slots - 1]]
    back |= _definite(classes[slots - 1])
    slots = slots[~(back & ~capital[types[slots + 1]])]
    found = np.full(len(document), -1, dtype=np.int64)
    head = evidence.head
    asking = ((head >= 0) & ((classes[head] & wanted) > 0)).nonzero()[0]
    if not len(slots) or not len(asking):
        return found
    # Word and slot in one number: what stands right before a sentence's first slot is the last
    # mention before it.
    words, number = np.unique(properties.hash[types[slots]], return_inverse=True)
    n = len(types)
    keys = np.sort(number * n + slots)
    word = np.searchsorted(words, properties.hash[types[head[asking]]])
    known = word < len(words)
    known[known] = words[word[known]] == properties.hash[types[head[asking[known]]]]
    asking, word = asking[known], word[known]
    at = np.searchsorted(keys, word * n + tokens.first[asking]) - 1
    hit = (at >= 0) & (keys[at] // n == word)
    slot = keys[at] % n
    sentence = tokens.sentence[slot]
    hit &= document[sentence] == document[asking]
    hit &= asking - sentence <= HEAD_REACH
    found[asking[hit]] = slot[hit]
    return found


def _head_blocks(
    scene: Scene, evidence: Evidence, document: IntArray, first_pass: FloatArray, state: IntArray
) -> list[Block]:
    """How the head of each source was introduced before: with a name, behind "a", as a source."""
    properties, tokens = scene.properties, scene.tokens
    types, bits = tokens.type, class_bits()
    slot = earlier_heads(scene, evidence, document)
    has = slot >= 0
    at = np.where(has, slot, 1)
    capital = properties.capital
    comma = properties.comma
    classes = properties.classes
    named = capital[types[at + 1]] | (comma[types[at + 1]] & capital[types[at + 2]])
    # "Lena Orvik, a spokeswoman": a name and a comma up to five words before.
    sentence = np.where(has, tokens.sentence[at], 0)
    begin = tokens.first[sentence]
    appended = np.zeros(len(at), dtype=np.bool_)
    for k in range(2, 7):
        place = np.maximum(at - k, 0)
        appended |= comma[types[place + 1]] & capital[types[place]] & (place >= begin)
    open_ = (
        (classes[types[at - 1]] | classes[types[np.maximum(at - 2, 0)]])
        & (bits["indefinite"] | bits["quantifier"])
    ) > 0
    start, end = evidence.source
    inside = has & (start[sentence] <= at) & (at <= end[sentence]) & (start[sentence] >= 0)
    code = ((named * 2 + appended) * 2 + open_) * 2 + inside + 1
    code = np.where(has, code, 0)
    facts = first_pass[sentence] * inside[:, None]
    return [
        one_hot("head before", code * _STATES + state, 17 * _STATES),
        DenseBlock("head as source", facts),
    ]


def subject_codes(scene: Scene) -> IntArray:
    """What the first words of each sentence may introduce, as a number below `N_SUBJECTS`.

    The code says whether they hold a full name (two capitalised words in a row), a person or a role
    behind "a" or a number, and whether the sentence begins with a pronoun.
    """
    tokens, properties, types = scene.tokens, scene.properties, scene.tokens.type
    n = tokens.n_sentences
    slots, row = slots_of_runs(
        tokens.first, np.minimum(tokens.first + SUBJECT_WORDS, tokens.last) - 1
    )
    outside = scene.quotations.inside[slots] == 0
    slots, row = slots[outside], row[outside]
    words = properties.roles.take(types)
    own = words[slots]
    name = any_of(row[(own & words[slots + 1] & CAPITAL) > 0], n)
    # "officials", "a senior official", "two Western officials": up to two words between.
    before = words[slots - 1] | words[slots - 2] | words[slots - 3]
    role = any_of(row[((own & PERSON) > 0) & ((before & UNNAMED) > 0)], n)
    pronoun = any_of(row[(slots == tokens.first[row]) & ((own & PRONOUN_SUBJECT) > 0)], n)
    return (name * 2 + role) * 2 + pronoun


#: Words at the start of a sentence among which its subject is looked for.
SUBJECT_WORDS: Final = 10
N_SUBJECTS: Final = 8


def _edge_blocks(
    scene: Scene,
    state: IntArray,
    share: FloatArray,
    near: Mapping[int, IntArray],
) -> list[Block]:
    """The last word before each sentence, the first after it, and how the ones before open.

    `near`: the neighbours, by how far on they are.
    """
    tokens = scene.tokens
    filled = tokens.last > tokens.first
    before, after = (with_nothing(filled)[near[by]].nonzero()[0] for by in (-1, 1))
    blocks: list[Block] = [
        words_at(scene, "word before", tokens.last[before - 1] - 1, before),
        words_at(scene, "word after", tokens.first[after + 1], after),
    ]
    # Whom may "he" be, where nobody has spoken yet: a name, or a role without one?
    subjects = with_nothing(1 + subject_codes(scene))
    for by in (1, 2):
        code = subjects[near[-by]]
        blocks.append(
            one_hot(f"subject {-by:+d}", code * _STATES + state, (1 + N_SUBJECTS) * _STATES)
        )
    mostly_quoted = with_nothing(1 + (share > 0.5))  # 0 is for no sentence there
    around = mostly_quoted[near[-1]] * 3 + mostly_quoted[near[1]]
    own = np.searchsorted([0.01, 0.5, 0.99], share, side="right")
    blocks.append(one_hot("quoted around", around * 4 + own, 36))
    return blocks
