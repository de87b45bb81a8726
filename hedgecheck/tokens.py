"""Tokens: one pass over the text, then integer arrays.

A batch of sentences is joined into one buffer and tokenised at once, by array operations on its
characters (`hedgecheck.word_index`) or, where it is short, by a regular expression; both find the
same. Every distinct word is looked up once and mapped to a *type*; what a model needs to know about
a word (its lower-case form, shape, suffix, lexicon classes) is a property of the type, worked out
when the type is first seen.

Between two sentences the token array holds `PAD` sentinels, so that a window of ±`PAD` tokens
around any token never reaches into another sentence.
"""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from hedgecheck.word_index import WordIndex, Words, find_words

IntArray = npt.NDArray[np.int64]

#: Sentinels between sentences, and so the widest window that features may use.
PAD = 4

_TOKEN = re.compile(r"\w+|[^\w\s]")

#: Texts of fewer characters are tokenised one token at a time: setting up arrays takes longer.
_SHORT = 500

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
    feeds; ``spaced`` says whether white space, or an end of the sentence, follows; ``first`` and
    ``last`` bound the slots of each sentence, ``offset`` is where it begins in the buffer.
    """

    buffer: str
    type: IntArray
    start: IntArray
    end: IntArray
    spaced: npt.NDArray[np.bool_]
    sentence: IntArray
    first: IntArray
    last: IntArray
    offset: IntArray

    @property
    def n_sentences(self) -> int:
        """Number of sentences, empty ones included."""
        return len(self.first)


class TypeTable:
    """Numbers for words, given out in order of appearance; 0 is padding.

    `describe` is called once for each batch with the words that are new in it, under a lock: the
    owner extends its own tables of type properties there.
    """

    def __init__(self, describe: Callable[[list[str]], None], limit: int = 300_000) -> None:
        self._ids: dict[str, int] = {}
        self._index = WordIndex()
        self._describe = describe
        self._limit = limit
        self._lock = threading.Lock()

    @property
    def full(self) -> bool:
        """Whether the table has outgrown its limit and its owner should start a new one."""
        return len(self._ids) >= self._limit

    def look_up(self, surfaces: list[str]) -> IntArray:
        """Numbers of words; new ones get the next numbers.

        >>> TypeTable(lambda new: None).look_up(["it", "rained", "it"]).tolist()
        [1, 2, 1]
        """
        number, count = self._ids.__getitem__, len(surfaces)
        try:
            return np.fromiter(map(number, surfaces), dtype=np.int64, count=count)
        except KeyError:
            with self._lock:
                self._add(surfaces)
            return np.fromiter(map(number, surfaces), dtype=np.int64, count=count)

    def look_up_all(self, words: Words, text: str) -> IntArray:
        """The same for the words found in a text."""
        with self._lock:  # the index moves when it grows
            types = self._index.find(words.low, words.high)
            if not words.whole.all():
                types[~words.whole] = 0
            unknown = np.flatnonzero(types == 0)
            if len(unknown):
                starts, ends = words.start[unknown].tolist(), words.end[unknown].tolist()
                surfaces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
                self._add(surfaces)
                types[unknown] = list(map(self._ids.__getitem__, surfaces))
                self._add_to_index(words, unknown[words.whole[unknown]], types)
        return types

    def _add(self, surfaces: list[str]) -> None:
        new = [s for s in dict.fromkeys(surfaces) if s not in self._ids]
        if not new:
            return
        self._describe(new)
        first = len(self._ids) + 1
        self._ids.update({surface: number for number, surface in enumerate(new, first)})

    def _add_to_index(self, words: Words, unknown: IntArray, types: IntArray) -> None:
        numbers, places = np.unique(types[unknown], return_index=True)
        new = unknown[places]
        self._index.add(words.low[new], words.high[new], numbers)


def normal_form(surface: str) -> str:
    """The word that a surface form stands for: lower case, digits as 0, plain quotation marks.

    >>> normal_form("Won’t ")
    "won't"
    >>> normal_form("1,250")
    '0,000'
    """
    word = surface.rstrip()
    if not word.isascii():
        word = word.translate(_NORMAL)
    word = word.lower()
    return word if word.isalpha() else _DIGITS.sub("0", word)


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
    if len(buffer) < _SHORT:
        bounds = [found.span() for found in _TOKEN.finditer(buffer)]
        start, end = np.array(bounds, dtype=np.int64).reshape(-1, 2).T
        types = table.look_up([buffer[first:last] for first, last in bounds])
        after = (buffer + "\n").__getitem__
        spaced = np.array([after(last).isspace() for _, last in bounds], dtype=np.bool_)
    else:
        words = find_words(buffer)
        start, end, spaced = words.start, words.end, words.spaced
        types = table.look_up_all(words, buffer)
    offset = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.fromiter(map(len, sentences), dtype=np.int64, count=n) + 1, out=offset[1:])
    counts = np.diff(np.searchsorted(start, offset))
    last = np.cumsum(counts + PAD)
    first = last - counts
    sentence = np.repeat(np.arange(n), counts)
    # Slot of token t: itself plus the padding before its sentence.
    slot = np.arange(len(types)) + PAD * (sentence + 1)
    size = len(types) + PAD * (n + 1)

    def on_slots(values: npt.NDArray[Any], padding: int) -> npt.NDArray[Any]:
        out = np.full(size, padding, dtype=values.dtype)
        out[slot] = values
        return out

    return TokenBatch(
        buffer,
        on_slots(types, 0),
        on_slots(start, 0),
        on_slots(end, 0),
        on_slots(spaced, 1),
        on_slots(sentence, -1),
        first,
        last,
        offset[:-1],
    )
