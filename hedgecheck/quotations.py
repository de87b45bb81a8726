"""Quotations: which words stand in quotation marks, over the sentences of a document.

One pass over the quotation marks of a batch, in order, with a small state machine. A mark opens or
closes by its form and by the white space around it; a quotation may run on over several sentences,
and a paragraph that opens with a mark while a quotation is open goes on with it (the usual way to
set a long quotation). A quotation that nobody closes ends with its sentence, one whose beginning is
lost ("… a disgrace,” he said.) begins with it. Apostrophes are told from single quotation marks by
what stands on either side.

Only the marks are looked at one by one, never the words, so time is linear in the length of the text.
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

_STOPS: Final = frozenset(".,!?;:\u2026\u2014\u2013-")


def mark_kind(surface: str) -> int:
    """The kind of quotation mark that a token is, 0 for none.

    >>> mark_kind("“") == OPEN, mark_kind("said ")
    (True, 0)
    """
    return _KINDS.get(surface.rstrip(), 0)


@dataclass(frozen=True, slots=True)
class Quotations:
    """Quotations of a batch.

    ``inside`` (slots): 1 in quotation marks, the marks included. ``start`` and ``end`` (quotations):
    slots of the first and last token, marks included; they may lie in different sentences of one
    document. ``closed``: whether both marks were found. ``carried`` (sentences): a quotation that
    began in an earlier sentence goes on in this one.
    """

    inside: npt.NDArray[np.int8]
    start: IntArray
    end: IntArray
    closed: npt.NDArray[np.bool_]
    carried: npt.NDArray[np.bool_]


@dataclass(slots=True)
class _Open:
    """A quotation that has begun: where, in which sentence, and which marks may end it."""

    slot: int
    sentence: int
    single: bool
    mark: int


def scan(
    tokens: TokenBatch,
    mark: npt.NDArray[np.int8],
    spaced: npt.NDArray[np.bool_],
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
    spaced
        Whether white space (or the sentence's end) follows every slot.
    document
        Document of every sentence, rising. Quotations never run from one into another.
    paragraph
        Paragraph of every sentence where it is known.
    """
    spans = _spans(tokens, mark, spaced, document, paragraph)
    inside = np.zeros(len(tokens.type), dtype=np.int8)
    carried = np.zeros(tokens.n_sentences, dtype=np.bool_)
    for start, end, _ in spans:
        inside[start : end + 1] = 1
        first, last = tokens.sentence[start], tokens.sentence[end]
        if last > first:
            carried[first + 1 : last + 1] = True
    inside[tokens.type == 0] = 0
    return Quotations(
        inside,
        np.array([s[0] for s in spans], dtype=np.int64),
        np.array([s[1] for s in spans], dtype=np.int64),
        np.array([s[2] for s in spans], dtype=np.bool_),
        carried,
    )


def _spans(
    tokens: TokenBatch,
    mark: npt.NDArray[np.int8],
    spaced: npt.NDArray[np.bool_],
    document: IntArray,
    paragraph: IntArray | None,
) -> list[tuple[int, int, bool]]:
    slots = np.flatnonzero(mark)
    if not len(slots):
        return []
    sentence = tokens.sentence[slots]
    first, last = tokens.first, tokens.last
    kinds = mark[slots].tolist()
    after = spaced[slots].tolist()
    before = (spaced[slots - 1] | (slots == first[sentence])).tolist()
    at_start = (slots == first[sentence]).tolist()
    documents = document[sentence].tolist()
    paragraphs = paragraph[sentence].tolist() if paragraph is not None else None
    sentences = sentence.tolist()
    places = slots.tolist()
    # Character before and after each mark: a stop before it tells a closing mark, a bracket an opening one.
    text = tokens.buffer
    previous = [text[i - 1] if i else "\n" for i in tokens.start[slots].tolist()]
    following = [text[i] if i < len(text) else "\n" for i in tokens.end[slots].tolist()]

    found: list[tuple[int, int, bool]] = []
    open_: _Open | None = None

    def end_unclosed(quote: _Open) -> None:
        if quote.single:
            return
        final = quote.sentence
        document_end = int(np.searchsorted(document, document[final], side="right")) - 1
        if document_end - final <= LOOSE_END:
            final = document_end
        found.append((quote.slot, int(last[final]) - 1, False))

    n, k = len(places), 0
    while k < n:
        kind, slot, sent = kinds[k], places[k], sentences[k]
        if open_ is not None and (
            documents[k] != document[open_.sentence] or sent - open_.sentence > MAX_SENTENCES
        ):
            end_unclosed(open_)
            open_ = None
        width = 1
        if kind in (SINGLE, BACKTICK) and k + 1 < n and places[k + 1] == slot + 1:
            if kinds[k + 1] == kind and not after[k]:
                width = 2  # '' or `` stands for a double mark
        double = kind in (DOUBLE, OPEN, CLOSE) or width == 2
        ends = slot + width - 1
        right = k + width - 1
        opening = before[k] and not after[right]
        closing = after[right] and not before[k]
        if not opening and not closing:
            opening = not before[k] and previous[k] in "([{\u2014\u2013-/" and following[right] not in _STOPS
            closing = not opening and following[right] in ".,;:!?)]}\u2014\u2013-"
        if kind == BACKTICK and width == 2:
            opening, closing = True, False
        if double:
            if kind == OPEN and not (open_ is not None and open_.mark != kind and closing):
                opening, closing = True, False
            elif kind == CLOSE and not (opening and open_ is None and text[tokens.start[slot]] == "\u00bb"):
                opening, closing = False, True
            if open_ is None and before[k] and slot > first[sent] and ends == last[sent] - 1:
                # A mark split off from the sentence that it opens.
                if sent + 1 < len(first) and document[sent + 1] == document[sent] and last[sent + 1] > first[sent + 1]:
                    open_ = _Open(int(first[sent + 1]), sent + 1, False, kind)
                k += width
                continue
            if open_ is None:
                if closing and not opening and not at_start[k]:
                    # The beginning is lost: the sentence began inside the quotation.
                    if not found or tokens.sentence[found[-1][1]] != sent:
                        found.append((int(first[sent]), ends, False))
                elif not closing or at_start[k]:
                    open_ = _Open(slot, sent, False, kind)
                k += width
                continue
            if open_.single:
                open_ = None  # an apostrophe after all
                continue
            if opening and not closing:
                if at_start[k] and sent > open_.sentence:
                    if paragraphs is None or paragraphs[k] != paragraphs[k - 1]:
                        # Next paragraph of the same quotation.
                        found.append((open_.slot, int(last[sent - 1]) - 1, False))
                    else:
                        end_unclosed(open_)
                    open_ = _Open(slot, sent, False, kind)
                elif sent > open_.sentence:
                    end_unclosed(open_)
                    open_ = _Open(slot, sent, False, kind)
                k += width
                continue
            found.append((open_.slot, ends, True))
            open_ = None
            k += width
            continue
        # Single marks: only outside double ones, and only where they cannot be apostrophes.
        if kind == BACKTICK:
            kind = OPEN_SINGLE
        if open_ is None:
            if kind in (OPEN_SINGLE, SINGLE) and opening and (following[k].isalpha() or following[k] in "[$\u00a3"):
                if _closes_later(k, kinds, sentences, after, before, previous, documents):
                    open_ = _Open(slot, sent, True, kind)
        elif open_.single and kind in (CLOSE_SINGLE, SINGLE) and not opening:
            if not following[k].isalnum() and not before[k]:
                if previous[k] in _STOPS or not _closes_later(
                    k, kinds, sentences, after, before, previous, documents, stop_only=True
                ):
                    found.append((open_.slot, slot, True))
                    open_ = None
        k += 1
    if open_ is not None:
        end_unclosed(open_)
    return found


def _closes_later(
    k: int,
    kinds: list[int],
    sentences: list[int],
    after: list[bool],
    before: list[bool],
    previous: list[str],
    documents: list[int],
    *,
    stop_only: bool = False,
    reach: int = 24,
) -> bool:
    """Whether a single mark at k finds its closing partner in the next `reach` marks."""
    for j in range(k + 1, min(k + 1 + reach, len(kinds))):
        if documents[j] != documents[k] or sentences[j] - sentences[k] > 5:
            return False
        if kinds[j] in (CLOSE_SINGLE, SINGLE) and after[j] and not before[j]:
            if previous[j] in _STOPS:
                return True
            if not stop_only and sentences[j] == sentences[k]:
                return True
        elif stop_only and kinds[j] in (OPEN_SINGLE, DOUBLE, OPEN, CLOSE):
            return False
    return False
