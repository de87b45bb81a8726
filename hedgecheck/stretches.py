"""Long documents in stretches: memory goes by the stretch, and every score stays the same.

Tokens and quotations of a document are found as a whole. All else about a sentence depends on its
own words, on the marks around them, and on sentences near it, so a stretch is scored with
`OVERLAP` sentences on either side that are then dropped. How far is far enough:

- the first pass of a sentence depends on no other sentence, once quotations are known;
- the second pass sees two sentences before it and one after, and the first pass of an introduced
  source up to `context.ANTECEDENT` (8) before, or of its head up to `context.HEAD_REACH` (12);
- a speaker may be named in the first or last sentence of a quotation, `MAX_SENTENCES` (12) away at
  most, and by what the second pass says of that sentence.

So 12 + 12 sentences before and 12 + 1 after decide, with some to spare.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from hedgecheck.quotations import Quotations
from hedgecheck.tagging import Scene
from hedgecheck.tokens import PAD, TokenBatch

#: Sentences that are scored at once, and those on either side whose scores are dropped.
STRETCH: Final = 2048
OVERLAP: Final = 32


def stretches(n: int) -> Iterator[tuple[slice, slice]]:
    """The stretches of a batch of n sentences: what is kept of each, and what has to be scored.

    >>> [(kept.start, kept.stop, scored.start, scored.stop) for kept, scored in stretches(5000)]
    [(0, 2048, 0, 2080), (2048, 5000, 2016, 5000)]
    """
    begin = 0
    while begin < n:
        end = n if n - begin < 2 * STRETCH else begin + STRETCH
        yield slice(begin, end), slice(max(begin - OVERLAP, 0), min(end + OVERLAP, n))
        begin = end


def stretch_around(i: int, n: int) -> slice:
    """What has to be scored of a batch of n sentences for the score of sentence i."""
    return slice(max(i - OVERLAP, 0), min(i + OVERLAP + 1, n))


def cut(scene: Scene, part: slice) -> Scene:
    """The scene of some of its sentences; offsets go on to be those of the whole buffer."""
    tokens, quotations = scene.tokens, scene.quotations
    if part.stop - part.start == tokens.n_sentences:
        return scene
    first, last = tokens.first[part], tokens.last[part]
    slots = slice(int(first[0]) - PAD, int(last[-1]) + PAD)
    sentence = tokens.sentence[slots]
    own = TokenBatch(
        tokens.buffer,
        tokens.type[slots],
        tokens.start[slots],
        tokens.end[slots],
        tokens.spaced[slots],
        np.where(sentence >= 0, sentence - part.start, -1),
        first - slots.start,
        last - slots.start,
        tokens.offset[part],
    )
    filled = np.flatnonzero(own.type)
    begun = (quotations.start >= slots.start) & (quotations.start < slots.stop)
    final = filled[-1] if len(filled) else 0
    return Scene(
        own,
        Quotations(
            quotations.inside[slots],
            quotations.start[begun] - slots.start,
            np.minimum(quotations.end[begun] - slots.start, final),
            quotations.closed[begun],
            quotations.carried[part],
        ),
        scene.properties,
        filled,
    )
