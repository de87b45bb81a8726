"""Quotations: which words stand in quotation marks, over the sentences of a document.

One pass over the quotation marks of a batch, in order, with a small state machine. A mark opens or
closes by its form and by the white space around it; a quotation may run on over several sentences,
and a paragraph that opens with a mark while a quotation is open goes on with it (the usual way to
set a long quotation). A quotation that nobody closes ends with its sentence, one whose beginning is
lost ("… a disgrace,” he said.) begins with it. Apostrophes are told from single quotation marks by
what stands on either side.

Most documents have none but apostrophes and double marks that open and close in turn: array
operations find those (`plain_pairs`), and the state machine walks over the marks of the others. It
looks at marks alone, never at words: time is linear in the length of the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from hedgecheck.tokens import IntArray, TokenBatch

#: Kinds of mark. A type that is none of them has kind 0.
DOUBLE, OPEN, CLOSE, SINGLE, OPEN_SINGLE, CLOSE_SINGLE, BACKTICK = range(1, 8)

_KINDS: Final = {
    '"': DOUBLE,
    "\u201f": DOUBLE,
    "\uff02": DOUBLE,
    "\u201c": OPEN,
    "\u201e": OPEN,
    "\u00ab": OPEN,
    "\u201d": CLOSE,
    "\u00bb": CLOSE,
    "'": SINGLE,
    "\u2018": OPEN_SINGLE,
    "\u201a": OPEN_SINGLE,
    "\u2039": OPEN_SINGLE,
    "\u2019": CLOSE_SINGLE,
    "\u203a": CLOSE_SINGLE,
    "`": BACKTICK,
}

#: A quotation that stays open longer than this many sentences has lost its closing mark.
MAX_SENTENCES = 12
#: One that is open when the text ends so soon after it was cut off, not forgotten.
LOOSE_END = 3

#: Marks and sentences within which a single mark looks for its partner.
_REACH: Final = 24
_SINGLE_SENTENCES: Final = 5

#: So few marks are sooner looked at one by one.
_FEW: Final = 20

_STOPS: Final = frozenset(".,!?;:\u2026\u2014\u2013-")
#: What may follow a closing mark without a space.
_AFTER_CLOSING: Final = ".,;:!?)]}\u2014\u2013-"


def mark_kind(surface: str) -> int:
    """The kind of quotation mark that a token is, 0 for none.

    >>> mark_kind("“") == OPEN, mark_kind("said ")
    (True, 0)
    """
    return _KINDS.get(surface.rstrip(), 0)


@dataclass(frozen=True, slots=True)
class Quotations:
    """Quotations of a batch.

    ``inside`` (slots): 1 in quotation marks, marks included. ``start`` and ``end`` (quotations):
    slots of the first and last token, marks included; they may lie in different sentences of one
    document. ``closed``: whether both marks were found. ``carried`` (sentences): a quotation that
    began in an earlier sentence goes on in this one.
    """

    inside: npt.NDArray[np.int8]
    start: IntArray
    end: IntArray
    closed: npt.NDArray[np.bool_]
    carried: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Marks:
    """The quotation marks of a batch, in order; plain lists, for they are looked at one by one.

    ``before`` and ``after``: white space, or the sentence's edge, stands there. ``previous`` and
    ``following``: the characters there; a stop before a mark tells a closing one, a bracket an
    opening one. ``leads``: the mark is the first token of its sentence.
    """

    slot: list[int]
    kind: list[int]
    own: list[str]
    before: list[bool]
    after: list[bool]
    previous: list[str]
    following: list[str]
    leads: list[bool]
    sentence: list[int]
    document: list[int]
    paragraph: list[int] | None

    def closes_single(self, k: int) -> bool:
        """Whether the form and place of mark `k` are those of a closing single mark."""
        return (
            self.kind[k] in (CLOSE_SINGLE, SINGLE)
            and not self.before[k]
            and (self.after[k] or self.following[k] in _AFTER_CLOSING)
        )


@dataclass(slots=True)
class _Open:
    """A quotation that has begun: where, and whether by a single mark.

    ``through``: double marks up to this one stand in a quotation within the quotation.
    """

    slot: int
    sentence: int
    single: bool
    through: int = -1


def scan(
    tokens: TokenBatch,
    mark: npt.NDArray[np.int8],
    document: IntArray,
    paragraph: IntArray | None = None,
) -> Quotations:
    """Find the quotations of a batch.

    Parameters
    ----------
    tokens
        The batch.
    mark
        Kind of quotation mark of every slot.
    document
        Document of every sentence, rising. Quotations never run from one into another.
    paragraph
        Paragraph of every sentence where it is known.
    """
    slots = (mark > 0).nonzero()[0]
    nothing = np.zeros(0, dtype=np.int64)
    start, end, closed = nothing, nothing, nothing > 0
    if len(slots) >= _FEW:
        start, end, slots = plain_pairs(tokens, mark, document, slots)
        closed = start >= 0
    if len(slots):
        marks = _marks_of(tokens, mark, document, paragraph, slots)
        spans = _Scanner(tokens, document, marks).run()
        start = np.append(start, np.array([s[0] for s in spans], dtype=np.int64))
        end = np.append(end, np.array([s[1] for s in spans], dtype=np.int64))
        closed = np.append(closed, np.array([s[2] for s in spans], dtype=np.bool_))
        order = np.argsort(document[tokens.sentence[start]], kind="stable")
        start, end, closed = start[order], end[order], closed[order]
    inside = np.zeros(len(tokens.type), dtype=np.int8)
    carried = np.zeros(tokens.n_sentences, dtype=np.bool_)
    first, last = tokens.sentence[start], tokens.sentence[end]
    for k in np.flatnonzero(last > first).tolist():
        carried[first[k] + 1 : last[k] + 1] = True
    if len(start):
        size = len(inside)
        steps = np.bincount(start, minlength=size) - np.bincount(end + 1, minlength=size)
        inside[(np.cumsum(steps) > 0) & (tokens.type > 0)] = 1
    return Quotations(inside, start, end, closed, carried)


def plain_pairs(
    tokens: TokenBatch, mark: npt.NDArray[np.int8], document: IntArray, slots: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Quotations of the documents in which nothing is in doubt.

    That is: double marks that open and close in turn, by their form or by the white space on one
    side, both of a pair found; and single ones that can be but apostrophes. What is accepted here
    is what the state machine takes without looking at anything else, and it finds the same.

    Returns
    -------
    tuple of arrays
        First and last slots of the quotations, and the marks of all other documents.
    """
    kind, sentence = mark[slots], tokens.sentence[slots]
    own = document[sentence]
    before = tokens.spaced[slots - 1]  # true of padding
    after = tokens.spaced[slots]
    double = kind <= CLOSE
    # An apostrophe within a word, or at the end of one. (Two single marks are one double mark.)
    glued = ~before & ~after & (kind == SINGLE)
    text, starts = tokens.buffer, tokens.start[slots[glued]].tolist()
    glued[glued] = [text[i - 1].isalnum() for i in starts]
    glued[:-1] &= slots[1:] != slots[:-1] + 1
    harmless = double | (kind == CLOSE_SINGLE) | glued | ((kind == SINGLE) & ~before & after)

    doubles = np.flatnonzero(double)
    of = own[doubles]
    rank = np.arange(len(doubles)) - np.searchsorted(of, of)
    opener, closer = doubles[rank % 2 == 0], doubles[rank % 2 == 1]
    at_end = slots == tokens.last[sentence] - 1
    leads = slots == tokens.first[sentence]
    opens = (kind == OPEN) & (leads | ~before | ~at_end) | (kind == DOUBLE) & before & ~after
    closes = (kind == CLOSE) | (kind == DOUBLE) & after & ~before
    plain = harmless
    plain[opener] &= opens[opener]
    plain[closer] &= closes[closer]
    plain[closer] &= sentence[closer] - sentence[doubles[np.flatnonzero(rank % 2) - 1]] <= (
        MAX_SENTENCES
    )
    last_of_document = np.append(of[1:] != of[:-1], True)[: len(of)]
    plain[doubles[last_of_document & (rank % 2 == 0)]] = False  # its partner is missing

    doubtful = np.zeros(int(document[-1]) + 1, dtype=np.bool_)
    doubtful[own[~plain]] = True
    return (
        slots[opener[~doubtful[own[opener]]]],
        slots[closer[~doubtful[own[closer]]]],
        slots[doubtful[own]],
    )


def _marks_of(
    tokens: TokenBatch,
    mark: npt.NDArray[np.int8],
    document: IntArray,
    paragraph: IntArray | None,
    slots: IntArray,
) -> _Marks:
    sentence = tokens.sentence[slots]
    leads = slots == tokens.first[sentence]
    text = tokens.buffer
    starts, ends = tokens.start[slots].tolist(), tokens.end[slots].tolist()
    return _Marks(
        slot=slots.tolist(),
        kind=mark[slots].tolist(),
        own=[text[i] for i in starts],
        before=(tokens.spaced[slots - 1] | leads).tolist(),
        after=tokens.spaced[slots].tolist(),
        previous=[text[i - 1] if i else "\n" for i in starts],
        following=[text[i] if i < len(text) else "\n" for i in ends],
        leads=leads.tolist(),
        sentence=sentence.tolist(),
        document=document[sentence].tolist(),
        paragraph=None if paragraph is None else paragraph[sentence].tolist(),
    )


class _Scanner:
    """The state machine: one walk over the marks of a batch."""

    def __init__(self, tokens: TokenBatch, document: IntArray, marks: _Marks) -> None:
        self.marks = marks
        self.document = document
        self.first: list[int] = tokens.first.tolist()
        self.last: list[int] = tokens.last.tolist()
        #: First and last slot of every quotation, and whether it was closed.
        self.found: list[tuple[int, int, bool]] = []
        self.found_in = -1  # the sentence in which the last of them ends
        self.open: _Open | None = None

    def run(self) -> list[tuple[int, int, bool]]:
        k, n = 0, len(self.marks.slot)
        while k < n:
            self._give_up(k)
            width = self._width(k)
            if width == 2 or self.marks.kind[k] in (DOUBLE, OPEN, CLOSE):
                self._double(k, k + width - 1)
            else:
                self._single(k)
            k += width
        if self.open is not None:
            self._end_unclosed(self.open)
        return self.found

    def _width(self, k: int) -> int:
        """2 where mark `k` and the next, '' or ``, stand for one double mark."""
        marks = self.marks
        return 1 + (
            marks.kind[k] in (SINGLE, BACKTICK)
            and k + 1 < len(marks.slot)
            and marks.slot[k + 1] == marks.slot[k] + 1
            and marks.kind[k + 1] == marks.kind[k]
            and not marks.after[k]
        )

    def _add(self, start: int, end: int, sentence: int, *, closed: bool) -> None:
        self.found.append((start, end, closed))
        self.found_in = sentence

    def _give_up(self, k: int) -> None:
        """End the open quotation where mark `k` is too far on to close it."""
        if self.open is not None and (
            self.marks.document[k] != self.document[self.open.sentence]
            or self.marks.sentence[k] - self.open.sentence > MAX_SENTENCES
        ):
            self._end_unclosed(self.open)
            self.open = None

    def _end_unclosed(self, quote: _Open, *, cut_off: bool = True) -> None:
        """End a quotation that nobody closed; `cut_off`: perhaps because the text ends."""
        if quote.single:
            return
        final, own = quote.sentence, self.document[quote.sentence]
        document_end = int(np.searchsorted(self.document, own, side="right")) - 1
        if cut_off and document_end - final <= LOOSE_END:
            final = document_end
        self._end_with(quote, final)

    def _end_with(self, quote: _Open, sentence: int) -> None:
        """End a quotation with a sentence, or with the last one before it that has words."""
        while self.last[sentence] == self.first[sentence]:
            sentence -= 1
        self._add(quote.slot, self.last[sentence] - 1, sentence, closed=False)

    # -------------------------------------------------------------------------- which way it faces

    def _direction(self, k: int, right: int) -> tuple[bool, bool]:
        """Whether the mark from `k` to `right` opens, whether it closes, by what is beside it."""
        marks = self.marks
        before, after = marks.before[k], marks.after[right]
        if before != after:
            return before, after
        following = marks.following[right]
        opening = (
            not before and marks.previous[k] in "([{\u2014\u2013-/" and following not in _STOPS
        )
        return opening, not opening and following in _AFTER_CLOSING

    def _double_direction(self, k: int, right: int) -> tuple[bool, bool]:
        """The same, by the form of the mark as well."""
        marks, kind = self.marks, self.marks.kind[k]
        opening, closing = self._direction(k, right)
        if kind == BACKTICK:
            return True, False
        if kind == OPEN:
            # German closes with the English opening mark, and so do typing errors.
            return (False, True) if self.open is not None and closing else (True, False)
        if kind == CLOSE and not (opening and self.open is None and marks.own[k] == "\u00bb"):
            return False, True
        return opening, closing

    # ---------------------------------------------------------------------------- double marks

    def _double(self, k: int, right: int) -> None:
        marks = self.marks
        if self.open is not None and self.open.single:
            if k <= self.open.through:
                return
            end = self._single_end(k)
            if end >= 0:
                self.open.through = end - 1
                return
            self.open = None  # an apostrophe after all
        opening, closing = self._double_direction(k, right)
        slot, sentence = marks.slot[k], marks.sentence[k]
        if self.open is None:
            self._double_outside(k, right, opening=opening, closing=closing)
        elif not opening or closing:
            self._add(self.open.slot, marks.slot[right], sentence, closed=True)
            self.open = None
        elif sentence > self.open.sentence:
            if marks.leads[k] and (
                marks.paragraph is None or marks.paragraph[k] != marks.paragraph[k - 1]
            ):  # the next paragraph of the same quotation
                self._end_with(self.open, sentence - 1)
            else:
                self._end_unclosed(self.open, cut_off=False)
            self.open = _Open(slot, sentence, single=False)

    def _double_outside(self, k: int, right: int, *, opening: bool, closing: bool) -> None:
        """A double mark while no quotation is open."""
        marks = self.marks
        slot, sentence = marks.slot[k], marks.sentence[k]
        if marks.before[k] and not marks.leads[k] and marks.slot[right] == self.last[sentence] - 1:
            # A mark split off from the sentence that it opens.
            following = sentence + 1
            if (
                following < len(self.first)
                and self.document[following] == self.document[sentence]
                and self.last[following] > self.first[following]
            ):
                self.open = _Open(self.first[following], following, single=False)
        elif closing and not opening and not marks.leads[k]:
            # The beginning is lost: the sentence began inside the quotation. (6'2" is a measure.)
            measure = marks.own[k] in "\"'" and marks.previous[k].isdigit()
            if self.found_in != sentence and not measure:
                self._add(self.first[sentence], marks.slot[right], sentence, closed=False)
        elif not closing or marks.leads[k]:
            self.open = _Open(slot, sentence, single=False)

    # ---------------------------------------------------------------------------- single marks

    def _single(self, k: int) -> None:
        """A single mark: one only outside double ones, and where it cannot be an apostrophe."""
        marks = self.marks
        opening, _ = self._direction(k, k)
        if self.open is None:
            if self._opens_single(k, opening=opening):
                self.open = _Open(marks.slot[k], marks.sentence[k], single=True)
        elif (
            self.open.single
            and k > self.open.through
            and marks.kind[k] in (CLOSE_SINGLE, SINGLE)
            and not opening
            and not marks.following[k].isalnum()
            and not marks.before[k]
            and (marks.previous[k] in _STOPS or not self._closes_later(k, stop_only=True))
        ):
            self._add(self.open.slot, marks.slot[k], marks.sentence[k], closed=True)
            self.open = None

    def _opens_single(self, k: int, *, opening: bool) -> bool:
        marks = self.marks
        following = marks.following[k]
        return (
            marks.kind[k] in (OPEN_SINGLE, SINGLE, BACKTICK)
            and opening
            and (following.isalpha() or following in "[$\u00a3")
            and self._closes_later(k)
        )

    def _closes_later(self, k: int, *, stop_only: bool = False) -> bool:
        """Whether a single mark at `k` finds its closing partner in the next `_REACH` marks."""
        marks = self.marks
        for j in range(k + 1, min(k + 1 + _REACH, len(marks.slot))):
            apart = marks.sentence[j] - marks.sentence[k]
            if marks.document[j] != marks.document[k] or apart > _SINGLE_SENTENCES:
                return False
            if marks.closes_single(j):
                if marks.previous[j] in _STOPS or (not stop_only and not apart):
                    return True
            elif stop_only and marks.kind[j] in (OPEN_SINGLE, DOUBLE, OPEN, CLOSE):
                return False
        return False

    def _single_end(self, k: int) -> int:
        """The single mark that closes around a quotation which begins at mark `k`; -1 for none.

        It has to leave whole pairs of double marks inside, and a stop or another mark beside it.
        """
        marks = self.marks
        doubles = 1
        for j in range(k + 1, min(k + 1 + _REACH, len(marks.slot))):
            apart = marks.sentence[j] - marks.sentence[k]
            if marks.document[j] != marks.document[k] or apart > _SINGLE_SENTENCES:
                return -1
            if marks.kind[j] in (DOUBLE, OPEN, CLOSE):
                doubles += 1
            elif doubles % 2 == 0 and marks.closes_single(j):
                beside = marks.previous[j]
                if beside in _STOPS or mark_kind(beside) or marks.following[j] in _STOPS:
                    return j
        return -1
