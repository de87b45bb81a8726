"""Why a label: what each feature gave to the decision value of the label that an axis got.

A decision value is a sum of weights times values, plus a bias; so the contributions, the bias among
them, add up to it. For sourcing and attribution it is that of the class the sentence got (of the
gate, turned round, where there is none); for certainty that of "hedged", turned round, so that what
speaks for certainty is above 0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hedgecheck.blocks import Block, Dense, TypeBlock
from hedgecheck.heads import CONFIDENTIAL, GATE, HEDGED
from hedgecheck.results import Contribution, Span

if TYPE_CHECKING:
    from hedgecheck.engine import Analysis

#: How a hashed pair, and a coded fact, are called in explanations.
_PAIR = "pair"


def explain_sentence(analysis: Analysis, i: int) -> tuple[Contribution, ...]:
    """What spoke for and against the labels of sentence `i` of a batch."""
    verdicts = analysis.verdicts
    sourcing, attribution = int(verdicts.sourcing[i]), int(verdicts.attribution[i])
    found: list[Contribution] = []
    outputs: list[tuple[str, int, float]] = [
        ("certainty", HEDGED, -1.0),
        ("sourcing", sourcing, 1.0) if sourcing else ("sourcing", GATE, -1.0),
        ("attribution", 3 + attribution, 1.0) if attribution else ("attribution", GATE, -1.0),
        ("confidential", CONFIDENTIAL, 1.0),
    ]
    for axis, output, sign in outputs:
        parts = analysis.stage.contributions(analysis.blocks, i, output, analysis.scene.properties)
        found += [
            Contribution(
                axis, _name(analysis, block, entry), sign * value, _span(analysis, i, block, entry)
            )
            for block, entry, value in parts
        ]
        found.append(Contribution(axis, "bias", sign * float(analysis.stage.bias[output])))
    return tuple(found)


def _words(analysis: Analysis, block: Block, entry: int) -> str:
    """The word, or the two words, that an entry of a block stands for; empty without a place."""
    if isinstance(block, Dense) or block.slot is None:
        return ""
    tokens = analysis.scene.tokens
    slot = int(block.slot[entry])
    last = slot if isinstance(block, TypeBlock) else slot + 1
    parts = [
        tokens.buffer[tokens.start[k] : tokens.end[k]] if tokens.type[k] else "∅"
        for k in range(slot, last + 1)
    ]
    return " ".join(parts)


def _name(analysis: Analysis, block: Block, entry: int) -> str:
    words = _words(analysis, block, entry)
    if words:
        return f"{block.name}: {words}"
    if isinstance(block, TypeBlock):
        return block.name
    column = entry if isinstance(block, Dense) else int(block.column[entry])
    return f"{block.name} #{column}"


def _span(analysis: Analysis, i: int, block: Block, entry: int) -> Span | None:
    """Where the words of an entry stand in sentence `i`; None where they stand elsewhere."""
    if isinstance(block, Dense) or block.slot is None:
        return None
    tokens = analysis.scene.tokens
    first = int(block.slot[entry])
    last = first if isinstance(block, TypeBlock) else first + 1
    if tokens.sentence[first] != i:
        first += 1
    if tokens.sentence[last] != i:
        last -= 1
    if first > last or tokens.sentence[first] != i:
        return None
    start, end = int(tokens.start[first]), int(tokens.end[last])
    base = int(tokens.offset[i])
    return Span(start - base, end - base, tokens.buffer[start:end], "feature")
