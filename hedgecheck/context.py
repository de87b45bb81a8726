"""Document context: what the second pass sees of the sentences around each sentence.

A first pass scores every sentence by itself. Its probabilities for the neighbours, the kind of
phrase that the sentence's own source is, and the last source that was introduced by more than a
pronoun are what the second pass adds: "he" and "the official" take after whom they point to, a
quotation that runs on keeps its speaker.

Reach: a sentence sees the probabilities of `BEFORE` sentences before it and `AFTER` after it, the
last introduced source up to `ANTECEDENT` sentences back, and the quotation that it stands in.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from hedgecheck.blocks import Block, DenseBlock, FloatArray, one_hot, rounded
from hedgecheck.sentence_blocks import (
    N_PHRASES,
    Evidence,
    any_of,
    phrase_code,
    quoted_share,
    slots_of_runs,
    words_at,
)
from hedgecheck.tagging import Scene
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import CAPITALS, class_bits

BEFORE: Final = 2
AFTER: Final = 1
ANTECEDENT: Final = 8

#: States of a sentence's own source: pronoun, definite phrase, other, none in a quotation, none.
_STATES: Final = 5
PRONOUN, DEFINITE, FULL, QUOTED, BARE = range(_STATES)


def own_state(scene: Scene, evidence: Evidence) -> IntArray:
    """How a sentence names its source, as far as that asks for context; below `_STATES`."""
    start, end = evidence.source
    bits = class_bits()
    types = scene.tokens.type
    classes = scene.properties.classes[types[np.maximum(start, 0)]]
    phrase = phrase_code(scene, start, end)
    definite = ((classes & bits["determiner"]) > 0) & ((classes & bits["indefinite"]) == 0)
    capital = ((phrase - 2) // 4) % 2 == 1
    quoted = quoted_share(scene) > 0.3
    return np.where(
        start >= 0,
        np.where(phrase == 1, PRONOUN, np.where(definite & ~capital, DEFINITE, FULL)),
        np.where(quoted, QUOTED, BARE),
    )


def antecedents(
    scene: Scene, evidence: Evidence, document: IntArray, attributed: FloatArray
) -> IntArray:
    """For each sentence the last one before it that introduces a source; -1 where there is none.

    `attributed`: first-pass probability that a sentence is attributed.
    """
    n = len(document)
    introduces = (own_state(scene, evidence) == FULL) & (attributed > 0.4)
    numbers = np.arange(n)
    last = np.maximum.accumulate(np.where(introduces, numbers, -1))
    last = np.concatenate([[-1], last[:-1]]) if n else last
    near = (last >= 0) & (numbers - last <= ANTECEDENT)
    near &= document[np.maximum(last, 0)] == document
    return np.where(near, last, -1)


def shifted(values: FloatArray, document: IntArray, by: int) -> FloatArray:
    """Rows of the sentence `by` further on in the same document, 0 where there is none."""
    n = len(values)
    other = np.arange(n) + by
    inside = (other >= 0) & (other < n)
    other = np.clip(other, 0, max(n - 1, 0))
    inside &= document[other] == document
    return np.where(inside[:, None], values[other], 0.0)


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
    states = np.eye(_STATES)[state]
    share = quoted_share(scene)
    carried = scene.quotations.carried.astype(np.float64)
    facts = np.column_stack([first_pass, np.ones(n), rounded(share), carried])
    blocks: list[Block] = [DenseBlock("own", first_pass)]
    for by in (*range(-BEFORE, 0), *range(1, AFTER + 1)):
        near = shifted(facts, document, by)
        crossed = (near[:, :, None] * states[:, None, :]).reshape(n, near.shape[1] * _STATES)
        blocks.append(DenseBlock(f"neighbour {by:+d}", rounded(np.hstack([near, crossed]))))

    source = antecedents(scene, evidence, document, 1.0 - first_pass[:, 0])
    has = source >= 0
    before = np.where(has[:, None], facts[np.maximum(source, 0)], 0.0)
    crossed = (before[:, :, None] * states[:, None, :]).reshape(n, before.shape[1] * _STATES)
    blocks.append(DenseBlock("antecedent", rounded(np.hstack([before, crossed]))))
    distance = np.where(has, np.minimum(np.arange(n) - source, 4), 0)
    blocks.append(one_hot("antecedent distance", distance * _STATES + state, 5 * _STATES))
    phrase = np.where(has, phrase_code(scene, *evidence.source)[np.maximum(source, 0)], 0)
    blocks.append(one_hot("antecedent phrase", phrase * _STATES + state, N_PHRASES * _STATES))
    for name, wanted in (("pronoun", PRONOUN), ("definite", DEFINITE), ("quoted", QUOTED)):
        rows = np.flatnonzero(has & (state == wanted))
        start, end = evidence.source[0][source[rows]], evidence.source[1][source[rows]]
        slots, run = slots_of_runs(start, end)
        blocks.append(words_at(scene, f"antecedent of {name}", slots, rows[run]))
    blocks += _edge_blocks(scene, document, state, share)
    return blocks


def subject_codes(scene: Scene) -> IntArray:
    """What the first words of each sentence may introduce, as a number below `N_SUBJECTS`.

    The code says whether they hold a full name (two capitalised words in a row), a person or a role
    behind "a" or a number, and whether the sentence begins with a pronoun.
    """
    tokens, properties, types = scene.tokens, scene.properties, scene.tokens.type
    bits = class_bits()
    capital = np.isin(properties.shape[types], CAPITALS)
    classes = properties.classes[types]
    person = (classes & (bits["role"] | bits["person"])) > 0
    unnamed = ((classes & (bits["indefinite"] | bits["quantifier"])) > 0) | (types == 0)
    sentence = scene.sentence
    place = scene.slots - tokens.first[sentence]
    early = place < SUBJECT_WORDS
    outside = scene.quotations.inside[scene.slots] == 0
    slots = scene.slots[early & outside]
    row = tokens.sentence[slots]
    n = tokens.n_sentences
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
    scene: Scene, document: IntArray, state: IntArray, share: FloatArray
) -> list[Block]:
    """The last word before each sentence, the first after it, and how the one before opens."""
    tokens = scene.tokens
    n = len(document)
    numbers = np.arange(n)
    filled = tokens.last > tokens.first
    has_before = (numbers > 0) & (np.roll(document, 1) == document) & np.roll(filled, 1)
    has_after = (numbers < n - 1) & (np.roll(document, -1) == document) & np.roll(filled, -1)
    before = numbers[has_before] - 1
    after = numbers[has_after] + 1
    blocks: list[Block] = [
        words_at(scene, "word before", tokens.last[before] - 1, numbers[has_before]),
        words_at(scene, "word after", tokens.first[after], numbers[has_after]),
    ]
    # Whom may "he" be, where nobody has spoken yet: a name, or a role without one?
    subjects = subject_codes(scene)
    for by in (1, 2):
        near = numbers >= by
        near &= document[np.maximum(numbers - by, 0)] == document
        code = np.where(near, 1 + subjects[np.maximum(numbers - by, 0)], 0)
        blocks.append(
            one_hot(f"subject {-by:+d}", code * _STATES + state, (1 + N_SUBJECTS) * _STATES)
        )
    mostly_quoted = 1.0 + (share[:, None] > 0.5).astype(np.float64)  # 0 is for no sentence there
    quoted_before = shifted(mostly_quoted, document, -1)[:, 0]
    quoted_after = shifted(mostly_quoted, document, 1)[:, 0]
    around = (quoted_before * 3 + quoted_after).astype(np.int64)
    own = np.searchsorted([0.01, 0.5, 0.99], share, side="right")
    blocks.append(one_hot("quoted around", around * 4 + own, 36))
    return blocks
