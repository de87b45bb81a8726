"""A table from words to numbers that is asked for thousands of words at once.

A word of up to 16 one-byte codes is packed into two 64-bit integers, filled up with zeros: they are
the word itself, so that two words are the same where their integers are. The table is one with open
addressing; every step of a search is taken for all words that are still looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hedgecheck.characters import (
    IS_MARK,
    IS_WORD,
    OTHER_MARK,
    OTHER_WORD,
    Codes,
    codes_of,
    kinds_of,
)

IntArray = npt.NDArray[np.int64]
Packed = npt.NDArray[np.uint64]

#: The longest word that is packed; one in ten thousand is longer.
LONGEST: Final = 16
_HALF: Final = LONGEST // 2
#: Words packed at once: eight bytes a character are a lot for a long text.
_AT_ONCE: Final = 2**18

#: What is left of eight bytes for each number of bytes that belong to the word.
_MASKS: Final = np.array([2 ** (8 * n) - 1 for n in range(_HALF + 1)], dtype=np.uint64)
_FACTORS: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))


@dataclass(frozen=True, slots=True)
class Words:
    """The words and marks of a text.

    ``start`` and ``end``: offsets. ``spaced``: whether white space, or the end of the text,
    follows. ``low`` and ``high``: the packed words. ``whole``: whether they are all of the word,
    which they are not where it is too long or has characters with shared codes.
    """

    start: IntArray
    end: IntArray
    spaced: npt.NDArray[np.bool_]
    low: Packed
    high: Packed
    whole: npt.NDArray[np.bool_]


def find_words(text: str) -> Words:
    r"""Find the words and marks of a text: what ``\w+|[^\w\s]`` finds.

    >>> words = find_words("It rained.")
    >>> words.start.tolist(), words.end.tolist()
    ([0, 3, 9], [2, 9, 10])
    """
    codes = codes_of(text)
    kinds = kinds_of(codes)
    is_word, is_mark = kinds == IS_WORD, kinds == IS_MARK
    begins, ends = is_word.copy(), is_word.copy()
    begins[1:] &= ~is_word[:-1]
    ends[:-1] &= ~is_word[1:]
    start = np.flatnonzero(begins | is_mark)
    end = np.flatnonzero(ends | is_mark) + 1
    spaced = np.append(kinds, np.uint8(0))[end] == 0
    length = end - start
    whole = length <= LONGEST
    shared = np.flatnonzero((codes == OTHER_WORD) | (codes == OTHER_MARK))
    whole[np.searchsorted(start, shared, side="right") - 1] = False
    parts = [
        _packed(codes, start[k : k + _AT_ONCE], length[k : k + _AT_ONCE])
        for k in range(0, max(len(start), 1), _AT_ONCE)
    ]
    low, high = (np.concatenate(halves) for halves in zip(*parts, strict=True))
    return Words(start, end, spaced, low, high, whole)


def _packed(codes: Codes, start: IntArray, length: IntArray) -> tuple[Packed, Packed]:
    """The first and the next eight codes of words, what follows a word left out."""
    if not len(start):
        return np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint64)
    first = int(start[0])
    own = codes[first : int(start[-1]) + LONGEST]
    padded = np.concatenate([own, np.zeros(LONGEST, dtype=np.uint8)])
    # The eight bytes from every place on, overlapping: words begin at any.
    eight = np.ndarray((len(own) + _HALF + 1,), dtype="<u8", buffer=padded, strides=(1,))
    eight = np.ascontiguousarray(eight, dtype=np.uint64)
    place = start - first
    low = eight.take(place) & _MASKS.take(np.minimum(length, _HALF))
    high = eight.take(place + _HALF) & _MASKS.take(np.clip(length - _HALF, 0, _HALF))
    return low, high


class WordIndex:
    """Numbers, from 1, of packed words."""

    def __init__(self) -> None:
        self._n = 0
        self._clear(1024)

    def _clear(self, size: int) -> None:
        self._low = np.zeros(size, dtype=np.uint64)
        self._high = np.zeros(size, dtype=np.uint64)
        self._number = np.zeros(size, dtype=np.int64)

    def _place(self, low: Packed, high: Packed) -> IntArray:
        """Where the search for a word begins; the upper bits of a product are the mixed ones."""
        mixed = low * _FACTORS[0] + high * _FACTORS[1]
        mixed ^= mixed >> np.uint64(32)
        mixed *= _FACTORS[0]
        return (mixed >> np.uint64(65 - len(self._low).bit_length())).astype(np.int64)

    def find(self, low: Packed, high: Packed) -> IntArray:
        """The number of each word, 0 for one that is not there."""
        place = self._place(low, high)
        number = self._number.take(place)
        wrong = (self._low.take(place) != low) | (self._high.take(place) != high)
        searching = np.flatnonzero(wrong & (number > 0))
        number[wrong] = 0
        place = place[searching]
        while len(searching):
            place = (place + 1) & (len(self._low) - 1)
            found = self._number[place]
            wrong = (self._low[place] != low[searching]) | (self._high[place] != high[searching])
            number[searching[~wrong]] = found[~wrong]
            on = wrong & (found > 0)
            searching, place = searching[on], place[on]
        return number

    def add(self, low: Packed, high: Packed, number: IntArray) -> None:
        """Add words that are not there yet, each once."""
        self._n += len(number)
        if 4 * self._n > len(self._low):  # sparse, so that most searches end where they begin
            kept = np.flatnonzero(self._number)
            low = np.concatenate([self._low[kept], low])
            high = np.concatenate([self._high[kept], high])
            number = np.concatenate([self._number[kept], number])
            self._clear(1 << (8 * self._n - 1).bit_length())
        place = self._place(low, high)
        while len(number):
            free = self._number[place] == 0
            self._number[place[free]] = number[free]  # of several for one place the last stays
            won = self._number[place] == number
            self._low[place[won]], self._high[place[won]] = low[won], high[won]
            low, high, number = low[~won], high[~won], number[~won]
            place = (place[~won] + 1) & (len(self._low) - 1)
