"""Document context: what the second pass sees of the sentences around each sentence.

A first pass scores every sentence by itself. Its probabilities for the neighbours, the kind of
phrase that the sentence's own source is, and the last source that was introduced by more than a
pronoun are what the second pass adds: "he" and "the official" take after whom they point to, a
quotation that runs on keeps its speaker.

Reach: a sentence sees the probabilities of `BEFORE` sentences before it and `AFTER` after it, the
last introduced source up to `ANTECEDENT` sentences back, and the quotation that it stands in.
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
    quoted_share,
    slots_of_runs,
    words_at,
)
from hedgecheck.tagging import Scene
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import class_bits

BEFORE: Final = 2
AFTER: Final = 1
ANTECEDENT: Final = 8

#: States of a sentence's own source: pronoun, definite phrase, other, none in a quotation, none.
_STATES: Final = 5
PRONOUN, DEFINITE, FULL, QUOTED, BARE = range(_STATES)


def own_state(scene: Scene, evidence: Evidence) -> IntArray:
    """How a sentence names its source, as far as that asks for context; below `_STATES`."""
    start = evidence.source[0]
    bits = class_bits()
    classes = scene.properties.classes[scene.tokens.type[np.maximum(start, 0)]]
    phrase = evidence.phrase
    definite = ((classes & bits["determiner"]) > 0) & ((classes & bits["indefinite"]) == 0)
    definite &= ((phrase - 2) // 4) % 2 == 0  # without a capital
    named = np.where(phrase == 1, PRONOUN, np.where(definite, DEFINITE, FULL))
    return np.where(start >= 0, named, np.where(quoted_share(scene) > 0.3, QUOTED, BARE))


def antecedents(
    scene: Scene, evidence: Evidence, document: IntArray, attributed: FloatArray
) -> IntArray:
    """For each sentence the last one before it that introduces a source; -1 where there is none.

    `attributed`: first-pass probability that a sentence is attributed.
    """
    return _antecedents(own_state(scene, evidence), document, attributed)


def _antecedents(state: IntArray, document: IntArray, attributed: FloatArray) -> IntArray:
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
    share = quoted_share(scene)
    facts = np.column_stack([first_pass, np.ones(n), rounded(share), scene.quotations.carried])
    source = _antecedents(state, document, 1.0 - first_pass[:, 0])
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


def subject_codes(scene: Scene) -> IntArray:
    """What the first words of each sentence may introduce, as a number below `N_SUBJECTS`.

    The code says whether they hold a full name (two capitalised words in a row), a person or a role
    behind "a" or a number, and whether the sentence begins with a pronoun.
    """
    tokens, properties, types = scene.tokens, scene.properties, scene.tokens.type
    bits = class_bits()
    n = tokens.n_sentences
    slots, row = slots_of_runs(
        tokens.first, np.minimum(tokens.first + SUBJECT_WORDS, tokens.last) - 1
    )
    outside = scene.quotations.inside[slots] == 0
    slots, row = slots[outside], row[outside]
    capital = properties.capital.take(types)
    classes = properties.classes.take(types)
    person = (classes & (bits["role"] | bits["person"])) > 0
    unnamed = ((classes & (bits["indefinite"] | bits["quantifier"])) > 0) | (types == 0)
    name = any_of(row[capital[slots] & capital[slots + 1]], n)
    # "officials", "a senior official", "two Western officials": up to two words between.
    described = unnamed[slots - 1] | unnamed[slots - 2] | unnamed[slots - 3]
    role = any_of(row[person[slots] & described], n)
    starts = (slots == tokens.first[row]) & ((classes[slots] & bits["pronoun_subject"]) > 0)
    pronoun = any_of(row[starts], n)
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
