"""Tokens: one pass over the text, then integer arrays.

A batch of sentences is joined into one buffer and tokenised by one regular expression whose matches
also carry the white space that follows, so that character offsets are a running sum of lengths and
no match object is built. Every distinct surface form is looked up once and mapped to a *type*; what
a model needs to know about a word (its lower-case form, shape, suffix, lexicon classes) is a
property of the type, worked out when the type is first seen.

Between two sentences the token array holds `PAD` sentinels, so that a window of ±`PAD` tokens
around any token never reaches into another sentence.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]

#: Sentinels between sentences, and so the widest window that features may use.
PAD = 4

_TOKEN = re.compile(r"(?:\w+|[^\w\s])\s*")
_SPACE = re.compile(r"\s*")

#: Typographic variants that mean the same to a reader are one word to the model.
_NORMAL = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2014": "\u2013"}
)
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class TokenBatch:
    """The tokens of a batch of sentences.

    All token arrays have one entry per slot; slots with ``type == 0`` are padding between
    sentences. ``start`` and ``end`` are offsets into ``buffer``, the sentences joined by line
    feeds; ``first`` and ``last`` bound the slots of each sentence, ``offset`` is where it begins in
    the buffer.
    """

    buffer: str
    type: IntArray
    start: IntArray
    end: IntArray
    sentence: IntArray
    first: IntArray
    last: IntArray
    offset: IntArray

    @property
    def n_sentences(self) -> int:
        """Number of sentences, empty ones included."""
        return len(self.first)


class TypeTable:
    """Numbers for surface forms, given out in order of appearance; 0 is padding.

    `describe` is called once for each batch with the surface forms that are new in it, under a
    lock: the owner extends its own tables of type properties there.
    """

    def __init__(self, describe: Callable[[list[str]], None], limit: int = 300_000) -> None:
        self._ids: dict[str, int] = {}
        self._describe = describe
        self._limit = limit
        self._lock = threading.Lock()
        self._lengths = np.zeros(1024, dtype=np.int64)
        self._widths = np.zeros(1024, dtype=np.int64)
        self._n = 1

    @property
    def full(self) -> bool:
        """Whether the table has outgrown its limit and its owner should start a new one."""
        return self._n > self._limit

    def look_up(self, surfaces: list[str]) -> IntArray:
        """Numbers of surface forms; new ones get the next numbers.

        >>> TypeTable(lambda new: None).look_up(["it ", "rained", "it "]).tolist()
        [1, 2, 1]
        """
        number, count = self._ids.__getitem__, len(surfaces)
        try:
            return np.fromiter(map(number, surfaces), dtype=np.int64, count=count)
        except KeyError:
            with self._lock:
                self._add(surfaces)
            return np.fromiter(map(number, surfaces), dtype=np.int64, count=count)

    def _add(self, surfaces: list[str]) -> None:
        new = [s for s in dict.fromkeys(surfaces) if s not in self._ids]
        if not new:
            return
        need = self._n + len(new)
        if need > len(self._lengths):
            self._lengths = np.resize(self._lengths, 2 * need)
            self._widths = np.resize(self._widths, 2 * need)
        self._lengths[self._n : need] = [len(s.rstrip()) for s in new]
        self._widths[self._n : need] = [len(s) for s in new]
        self._describe(new)
        for number, surface in enumerate(new, self._n):
            self._ids[surface] = number
        self._n = need

    def lengths(self, types: IntArray) -> IntArray:
        """Length in characters, without the white space that follows."""
        return np.asarray(self._lengths[types])

    def widths(self, types: IntArray) -> IntArray:
        """Length in characters with the white space that follows."""
        return np.asarray(self._widths[types])


def normal_form(surface: str) -> str:
    """The word that a surface form stands for: lower case, digits as 0, plain quotation marks.

    >>> normal_form("Won’t ")
    "won't"
    >>> normal_form("1,250")
    '0,000'
    """
    return _DIGITS.sub("0", surface.rstrip().translate(_NORMAL).lower())


def stable_hash(text: str) -> int:
    """A 32-bit hash that is the same on every machine and in every run."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def tokenize(sentences: Sequence[str], table: TypeTable) -> TokenBatch:
    """Tokenise a batch of sentences.

    Parameters
    ----------
    sentences
        The sentences; any string will do, an empty one has no tokens.
    table
        Where surface forms get their numbers.
    """
    buffer = "\n".join(sentences)
    n = len(sentences)
    lengths = np.fromiter(map(len, sentences), dtype=np.int64, count=n)
    offset = np.zeros(n, dtype=np.int64)
    np.cumsum(lengths[:-1] + 1, out=offset[1:])
    lead = _SPACE.match(buffer)
    surfaces = _TOKEN.findall(buffer)
    types = table.look_up(surfaces)
    widths = table.widths(types)
    start = np.cumsum(widths) - widths + (lead.end() if lead else 0)
    sentence = np.searchsorted(offset, start, side="right") - 1
    # Slot of token t: itself plus the padding before its sentence.
    slot = np.arange(len(types), dtype=np.int64) + PAD * (sentence + 1)
    counts = np.bincount(sentence, minlength=n) if n else np.zeros(0, dtype=np.int64)
    last = np.cumsum(counts + PAD)
    first = last - counts
    size = int(last[-1]) + PAD if n else PAD
    out_type = np.zeros(size, dtype=np.int64)
    out_start = np.zeros(size, dtype=np.int64)
    out_end = np.zeros(size, dtype=np.int64)
    out_sentence = np.full(size, -1, dtype=np.int64)
    out_type[slot] = types
    out_start[slot] = start
    out_end[slot] = start + table.lengths(types)
    out_sentence[slot] = sentence
    return TokenBatch(buffer, out_type, out_start, out_end, out_sentence, first, last, offset)
