"""Document context: what the second pass sees of the sentences around each sentence.

A first pass scores every sentence by itself. Its probabilities for the neighbours, the kind of phrase
that the sentence's own source is, and the last source that was introduced by more than a pronoun are
what the second pass adds: "he" and "the official" take after whom they point to, a quotation that
runs on keeps its speaker.

Reach: a sentence sees the probabilities of `BEFORE` sentences before it and `AFTER` after it, the last
introduced source up to `ANTECEDENT` sentences back, and the quotation that it stands in.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from hedgecheck.blocks import Block, FloatArray, DenseBlock, one_hot, rounded
from hedgecheck.sentence_blocks import (
    N_PHRASES,
    Evidence,
    phrase_code,
    quoted_share,
    slots_of_runs,
    words_at,
)
from hedgecheck.tagging import Scene
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import SHAPE_CODE, class_bits

BEFORE: Final = 2
AFTER: Final = 1
ANTECEDENT: Final = 8

#: States of a sentence's own source: pronoun, definite phrase, other, none in a quotation, none.
_STATES: Final = 5


def own_state(scene: Scene, evidence: Evidence) -> IntArray:
    """How a sentence names its source, as far as that asks for context; below `_STATES`."""
    start, end = evidence.source
    bits = class_bits()
    types = scene.tokens.type
    classes = scene.properties.classes[types[np.maximum(start, 0)]]
    phrase = phrase_code(scene, start, end)
    definite = (classes & bits["determiner"]) > 0
    capital = ((phrase - 2) // 4) % 2 == 1
    quoted = quoted_share(scene) > 0.3
    return np.where(
        start >= 0,
        np.where(phrase == 1, 0, np.where(definite & ~capital, 1, 2)),
        np.where(quoted, 3, 4),
    )


def antecedents(
    scene: Scene, evidence: Evidence, document: IntArray, attributed: FloatArray
) -> IntArray:
    """For each sentence the last one before it that introduces a source; -1 where there is none.

    `attributed`: first-pass probability that a sentence is attributed.
    """
    n = len(document)
    introduces = np.isin(own_state(scene, evidence), [2]) & (attributed > 0.4)
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

    `first_pass`: probabilities of the first pass, shape (sentences, classes), the first column being
    that of no source.
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
        crossed = (near[:, :, None] * states[:, None, :]).reshape(n, -1)
        blocks.append(DenseBlock(f"neighbour {by:+d}", rounded(np.hstack([near, crossed]))))

    source = antecedents(scene, evidence, document, 1.0 - first_pass[:, 0])
    has = source >= 0
    before = np.where(has[:, None], facts[np.maximum(source, 0)], 0.0)
    crossed = (before[:, :, None] * states[:, None, :]).reshape(n, -1)
    blocks.append(DenseBlock("antecedent", rounded(np.hstack([before, crossed]))))
    distance = np.where(has, np.minimum(np.arange(n) - source, 4), 0)
    blocks.append(one_hot("antecedent distance", distance * _STATES + state, 5 * _STATES))
    phrase = np.where(has, phrase_code(scene, *evidence.source)[np.maximum(source, 0)], 0)
    blocks.append(one_hot("antecedent phrase", phrase * _STATES + state, N_PHRASES * _STATES))
    for name, wanted in (("pronoun", 0), ("definite", 1), ("quoted", 3)):
        rows = np.flatnonzero(has & (state == wanted))
        start, end = evidence.source[0][source[rows]], evidence.source[1][source[rows]]
        slots, run = slots_of_runs(start, end)
        blocks.append(words_at(scene, f"antecedent of {name}", slots, rows[run]))
    blocks += _edge_blocks(scene, document, state, share)
    return blocks


def _edge_blocks(
    scene: Scene, document: IntArray, state: IntArray, share: FloatArray
) -> list[Block]:
    """The last word before the sentence, the first after it, and names at the start of the last one."""
    tokens, types = scene.tokens, scene.tokens.type
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
    # Does the sentence before start with a name (and so may "he" be its subject), or with a role?
    opening = types[np.minimum(tokens.first[np.maximum(numbers - 1, 0)], len(types) - 1)]
    second = types[np.minimum(tokens.first[np.maximum(numbers - 1, 0)] + 1, len(types) - 1)]
    name = scene.properties.shape[second] == SHAPE_CODE["Aa"]
    role = (scene.properties.classes[second] & class_bits()["role"]) > 0
    determiner = (scene.properties.classes[opening] & class_bits()["determiner"]) > 0
    code = 1 + name + 2 * role + 4 * determiner
    code = np.where(has_before, code, 0)
    blocks.append(one_hot("opening before", code * _STATES + state, 9 * _STATES))
    quoted_before = shifted((share[:, None] > 0.5) * 1.0 + 1.0, document, -1)[:, 0]
    quoted_after = shifted((share[:, None] > 0.5) * 1.0 + 1.0, document, 1)[:, 0]
    around = (quoted_before * 3 + quoted_after).astype(np.int64)
    own = np.searchsorted([0.01, 0.5, 0.99], share, side="right")
    blocks.append(one_hot("quoted around", around * 4 + own, 36))
    return blocks
