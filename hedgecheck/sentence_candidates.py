"""Where sentences could end, found in many texts at once.

An alternative to walking over a text with the pattern of `hedgecheck.segmentation`: array
operations on the characters find every place at which that pattern could match, and tell the plain
cases among them, which need no pattern at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.characters import OTHER_MARK, OTHER_SPACE, codes_of
from hedgecheck.sentence_ends import BULLETS, LINE_ENDS, TERMINATORS

#: A line that ends in one of these does not stop in mid-sentence.
LINE_STOPS: Final = ".!?…:;\"'”’»“)]"

# What a character is, as bits.
_TERMINATOR, _LINE_END, _CAPITAL, _UPPER, _BEFORE_GLUED, _WHITE, _LINE_STOP, _LOWER = (
    1 << bit for bit in range(8)
)
_SPACE, _COLON = ord(" "), ord(":")

#: Characters looked at at once: there are some twenty arrays of as many bytes.
_AT_ONCE: Final = 2**17


@cache
def _bits() -> bytes:
    """The bits of every code."""
    bits = []
    for code in range(256):
        own = bytes([code]).decode("cp1252", "replace")
        latin = own <= "\xff"
        upper = latin and own.isupper()
        lower = latin and own.islower() and own not in "ªµº"
        bits.append(
            _TERMINATOR * (own in TERMINATORS)
            | _LINE_END * (own in LINE_ENDS)
            | _CAPITAL * ("A" <= own <= "Z")
            | _UPPER * upper
            | _BEFORE_GLUED * (lower or own in "0123456789”’)")
            | _WHITE * (own.isspace() or code == OTHER_SPACE)
            | _LINE_STOP * (own in LINE_STOPS)
            | _LOWER * lower
        )
    return bytes(bits)


@dataclass(frozen=True, slots=True)
class Candidates:
    """The places of a text where the pattern could match, rising.

    ``plain``: a terminator before a space and a capital, or a line end right after one of
    `LINE_STOPS`. ``is_even``: every line ends so, and none stops in mid-sentence.
    """

    places: list[int]
    plain: list[bool]
    is_even: bool


def candidates(texts: Sequence[str]) -> list[Candidates]:
    """Find the places of some texts where a sentence could end.

    Parameters
    ----------
    texts
        Texts without white space at their ends.

    Returns
    -------
    list of Candidates
        One a text. Left out is a terminator whose match would only lead to a plain line end or ends
        nothing: one before a digit or a small letter.
    """
    joined = "\n".join(texts)
    parts = [
        _places(joined, k, min(k + _AT_ONCE, len(joined)))
        for k in range(0, max(len(joined), 1), _AT_ONCE)
    ]
    found, plain, ragged, colons = (np.concatenate(each) for each in zip(*parts, strict=True))
    if len(colons):
        words = [joined.rfind(" ", 0, k) + 1 for k in colons.tolist()]
        some, some_plain = found, plain
        found = np.union1d(some, words)
        plain = np.zeros(len(found), dtype=np.bool_)
        plain[np.searchsorted(found, some)] = some_plain

    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    begins = np.cumsum(sizes + 1) - sizes - 1

    def by_text(places: npt.NDArray[np.int64]) -> list[tuple[int, int]]:
        first = np.searchsorted(places, begins)
        last = np.searchsorted(places, begins + sizes)  # without the line feed between
        return list(zip(first.tolist(), last.tolist(), strict=True))

    return [
        Candidates((found[a:b] - begin).tolist(), plain[a:b].tolist(), is_even=uneven == end)
        for (a, b), (uneven, end), begin in zip(
            by_text(found), by_text(ragged), begins.tolist(), strict=True
        )
    ]


def _places(text: str, begin: int, end: int) -> tuple[npt.NDArray[Any], ...]:
    """Places in a part of a text.

    Returns
    -------
    tuple of arrays
        Where a sentence could end, and whether each is plain; line ends that are not; colons after
        a word that could open a picture credit.
    """
    # One character more before, and two after, for what is asked about neighbours.
    part = slice(max(begin - 1, 0), end + 2)
    own = codes_of(text[part])
    codes = np.zeros(end - begin + 3, dtype=np.uint8)
    first = 1 - (begin - part.start)
    codes[first : first + len(own)] = own
    padded = np.frombuffer(codes.tobytes().translate(_bits()), dtype=np.uint8).copy()
    padded[:first] = padded[first + len(own) :] = 0
    before, here, after, second = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    codes, next_codes = codes[1:-2], codes[2:-1]
    space_after = next_codes == _SPACE

    is_stop = (here & _TERMINATOR) > 0
    plain_stop = is_stop & space_after & ((second & _CAPITAL) > 0)
    is_line_end = (here & _LINE_END & ~before) > 0  # the first of several
    plain_line_end = is_line_end & ((before & _LINE_STOP) > 0)
    leads_there = ((after & _LINE_END) > 0) | (
        ((after & (_LINE_STOP | _TERMINATOR)) == _LINE_STOP) & ((second & _LINE_END) > 0)
    )
    is_digit = (next_codes >= ord("0")) & (next_codes <= ord("9"))
    ends_nothing = ((after & _LOWER) > 0) | is_digit
    glued = ((here & _UPPER) > 0) & ((before & _BEFORE_GLUED) > 0)
    # All bullets but one share a code with other marks.
    bullet = (codes == OTHER_MARK) | (codes == ord(BULLETS[0].encode("cp1252")))
    bullet &= ((before & after) & _WHITE) > 0
    colon = (codes == _COLON) & ((before & _LOWER) > 0) & space_after & ((second & _CAPITAL) > 0)
    found = np.flatnonzero((is_stop & ~leads_there & ~ends_nothing) | is_line_end | glued | bullet)
    plain = (plain_stop | plain_line_end)[found]
    ragged = np.flatnonzero(is_line_end & ~plain_line_end)
    return found + begin, plain, ragged + begin, np.flatnonzero(colon) + begin
