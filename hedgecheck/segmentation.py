"""Find the sentences of a text: where each starts and ends, and in which paragraph it stands.

One compiled pattern walks over the text once and stops only where a sentence could end: at a full
stop, a question or exclamation mark, an ellipsis, a line end, a bullet, and a capital glued to a
small letter. Each stop is judged by what stands right before and right after it, in windows of
fixed size, so the time grows with the length of the text and no faster, whatever the text is. In
long texts, and where there are many, array operations find the stops, and the pattern is tried
there alone (`split_many`).

Paragraphs come from line ends. A line end is one of two things, and the text as a whole decides:

* In most texts a line end ends the paragraph, and with it the sentence: headlines, list items and
  bylines stand on lines of their own. A line that stops in mid-sentence and goes on with a small
  letter is joined all the same.
* In a hard-wrapped text (lines broken near a fixed column, as in e-mail) a line end is a space,
  except where a blank line follows, where a list item starts, or where the line stops so early
  that the next word would have had room.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from hedgecheck.sentence_candidates import LINE_STOPS, Candidates, candidates
from hedgecheck.sentence_ends import (
    BULLETS,
    LINE_ENDS,
    LIST_ITEM,
    LOWER,
    TERMINATORS,
    UPPER,
    judge,
    words_before_doubtful_stops,
    words_in,
)

__all__ = ["split_many", "split_sentences"]

# Marks that close a quotation or a bracket when no white space stands before them. The German
# closing mark “ and the reversed « are among them: after a stop their place tells their role.
_CLOSERS = r"\"'”’»“‘«›‹)\]}"

# The first character is one set, so that the engine scans for it without a step per position; what
# follows sorts the finds. Group 1 takes part for a terminator, group 2 when a line ends after it.
# Every branch for a terminator succeeds, so no run of marks is read twice.
_CANDIDATE = re.compile(
    rf"""[{TERMINATORS}{LINE_ENDS}{BULLETS}{UPPER}]
    (?: (?<=[{TERMINATORS}])
        (?: [ \xa0]?[{TERMINATORS}](?!\w) | [{_CLOSERS}] | \[\d{{1,3}}\] | [¹²³⁰⁴-⁹] )*
        ([^\S{LINE_ENDS}]*) ([{LINE_ENDS}]\s*)?
      | (?<=[{LINE_ENDS}]) \s*
      | (?<=[{LOWER}0-9”’)][{UPPER}])
      | (?<=\s[{BULLETS}]) (?=\s)
      | (?<=[^\W_][ ][CGIPV]) (?=[a-z]{{4,11}}:\ [A-Z])
    )""",
    re.VERBOSE,
)
_STOP, _STOP_AND_LINE_END = 1, 2  # lastindex of a find

_BLANK_LINE = re.compile(
    rf"\u2029|\x0c|(?>\r\n|[{LINE_ENDS}])[^\S{LINE_ENDS}]*(?:\r\n|[{LINE_ENDS}])"
)
_BYLINE = re.compile(r"by\s+[A-Z]")
_REPLY_MARK = re.compile(r"[>|]+ ?")
_LINE_STOPS = frozenset(LINE_STOPS)

# Texts of fewer characters are walked over: setting up arrays takes longer.
_SHORT = 1500

_MARGIN = "> \t\r\xa0"
# Lines longer than this are not broken by hand (RFC 5322 asks for 78, some systems use up to 100).
_WRAP_LIMIT = 120
# Nor does anybody wrap prose to less than this: shorter lines are items of a list.
_WRAP_LEAST = 40
# A line of a hard-wrapped text ends its paragraph when so much room was left beside the next word:
# editors that fill lines leave none, people who break by hand leave some.
_WRAP_SLACK = 12


def split_sentences(text: str) -> list[tuple[int, int, int]]:
    """Find the sentences of a text.

    Parameters
    ----------
    text : str
        Any text, line ends and all. Nothing is changed or normalised.

    Returns
    -------
    list of (int, int, int)
        ``(start, end, paragraph)`` for each sentence, in order: trimmed of white space, without
        overlap, and every other character covered. Paragraphs count from 0.

    Notes
    -----
    Takes time linear in the length of the text. The rules are for English; a text in another
    language still gives spans that obey the laws above.

    Examples
    --------
    >>> text = "Talks ended in the U.S. on Friday. “We failed. We will try again,” Dr. Hale said."
    >>> [text[start:end] for start, end, _ in split_sentences(text)]
    ['Talks ended in the U.S. on Friday.', '“We failed.', 'We will try again,” Dr. Hale said.']
    """
    return split_many([text])[0]


def split_many(texts: Sequence[str]) -> list[list[tuple[int, int, int]]]:
    """Find the sentences of some texts: what `split_sentences` finds in each."""
    # White space around a text must not count as something that follows.
    stripped = [text.strip() for text in texts]
    if sum(map(len, stripped)) < _SHORT:
        found = [_Splitter(text).walk() if text else [] for text in stripped]
    else:
        found = [
            _Splitter(text).jump(stops) if text else []
            for text, stops in zip(stripped, candidates(stripped), strict=True)
        ]
    for i, text in enumerate(texts):
        shift = len(text) - len(text.lstrip())
        if shift:
            found[i] = [(start + shift, end + shift, number) for start, end, number in found[i]]
    return found


class _Splitter:
    """Splits a text that starts and ends with no white space, and is not empty.

    ``begin`` and ``line``: where the sentence and the line start. ``width``: of a hard-wrapped
    text, 0 for any other, None before it is asked for.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[tuple[int, int, int]] = []
        self.begin = self.line = self.paragraph = self.paragraph_start = 0
        self.width: int | None = None

    def walk(self) -> list[tuple[int, int, int]]:
        """Split the text by walking over it with the pattern."""
        for found in _CANDIDATE.finditer(self.text):
            self._take(found)
        return self._finished()

    def jump(self, stops: Candidates) -> list[tuple[int, int, int]]:
        """Split the text by looking only where the pattern could match."""
        text, spans = self.text, self.spans
        self.width = 0 if stops.is_even else _wrap_width(text)
        if self.width:
            return self.walk()
        done = 0  # up to where the pattern has matched
        for cut, is_plain in zip(stops.places, stops.plain, strict=True):
            if cut < done:
                continue
            if is_plain and text[cut] in LINE_ENDS:
                done = cut + 1
                while text[done].isspace():
                    done += 1
                # As `_end_paragraph`, for nothing happens as often.
                spans.append((self.begin, cut, self.paragraph))
                self.paragraph += 1
                self.begin = self.paragraph_start = self.line = done
            elif is_plain and self._is_plain_word_before(cut):
                spans.append((self.begin, cut + 1, self.paragraph))
                self.begin = done = cut + 2
            elif found := _CANDIDATE.match(text, cut):
                done = found.end()
                self._take(found)
        return self._finished()

    def _finished(self) -> list[tuple[int, int, int]]:
        self.spans.append((self.begin, len(self.text), self.paragraph))
        return self.spans

    def _is_plain_word_before(self, cut: int) -> bool:
        """Tell whether a stop comes after a word that is neither an abbreviation nor a letter."""
        word = self.text[max(self.begin, cut - 20) : cut].rpartition(" ")[2]
        return word.isalpha() and word not in words_before_doubtful_stops() and len(word) > 1

    def _end_paragraph(self, end: int, at: int) -> None:
        self.spans.append((self.begin, end, self.paragraph))
        self.paragraph += 1
        self.begin = self.paragraph_start = self.line = at

    def _take(self, found: re.Match[str]) -> None:
        """End the sentence where the pattern matched, if it ends there."""
        text = self.text
        cut, at = found.span()
        kind = found.lastindex
        if kind is not None and at >= len(text):
            return
        if (
            kind == _STOP
            and "A" <= text[at] <= "Z"
            and text[cut + 1 : at].isspace()
            and self._is_plain_word_before(cut)
        ):
            # Two stops of three: a plain word, the stop, a space, a capital.
            self.spans.append((self.begin, cut + 1, self.paragraph))
            self.begin = at
            return
        if kind == _STOP_AND_LINE_END or text[cut] in LINE_ENDS:
            gap = (found.start(2) if kind else cut, at)
            if self.width is None and "\n\n" not in found[0]:
                self.width = _wrap_width(text)
            if _ends_paragraph(text, self.begin, self.line, gap, self.width or 0):
                end = self.begin + len(text[self.begin : gap[0]].rstrip())
                self._end_paragraph(end, at)
                return
            self.line = at
            if kind is None:
                return
        verdict = judge(found, self.begin, self.paragraph_start)
        if verdict is not None:
            self.spans.append((self.begin, verdict[0], self.paragraph))
            self.begin = verdict[1]


def _ends_paragraph(text: str, begin: int, line: int, gap: tuple[int, int], width: int) -> bool:
    """Tell whether the line end ``gap`` ends a paragraph.

    The sentence starts at ``begin``, the line at ``line``; ``width`` is that of a wrapped text.
    """
    line_end, at = gap
    if _BLANK_LINE.search(text, line_end, at) or LIST_ITEM.match(text, at):
        return True
    mark = _REPLY_MARK.match(text, at)
    first = mark.end() if mark else at
    word = text[first : first + 40].partition(" ")[0]
    before = text[max(line, line_end - 40) : line_end].rstrip()
    # Small items that follow one another are a list: "ban old cars", "tax petrol".
    is_item = line == begin and text[line].islower()
    if not is_item and _stops_midway(before, word) and not _BYLINE.match(text, at):
        return False
    length = line_end - line
    return not width or length > width or length + 1 + len(word) + _WRAP_SLACK < width


def _stops_midway(before: str, word: str) -> bool:
    """Tell whether a line that ends in ``before`` goes on with ``word`` in the next."""
    if before[-1:] in _LINE_STOPS:
        return False
    if word.islower() and word[0].islower():
        return True
    return before.rpartition(" ")[2] in words_in("unfinished")


def _is_soft(line: str, following: str) -> bool:
    """Tell whether a line stops in mid-sentence."""
    if line[-1] in _LINE_STOPS:
        return False
    return line[-1] == "," or _stops_midway(line[-40:], following[:40].partition(" ")[0])


def _wrap_width(text: str) -> int:
    """Return the length of the longest line of a hard-wrapped text, and 0 for any other text.

    A text is hard-wrapped when two in five of its line ends stand in mid-sentence (two thirds do
    in wrapped English, almost none elsewhere), or when four in five of its lines are so full that
    the next word would not have fitted.
    """
    lines = [raw.strip(_MARGIN) for raw in text.splitlines()]
    pairs = [(before, after) for before, after in pairwise(lines) if before and after]
    if not any(_is_soft(*pair) for pair in pairs if len(pair[0]) <= _WRAP_LIMIT):
        return 0  # no line stops in mid-sentence
    # Line, next word, whether the sentence goes on.
    joints = [
        (len(before), len(after[:40].partition(" ")[0]), _is_soft(before, after))
        for before, after in pairs
    ]
    lengths = [length for length, _, _ in joints if length <= _WRAP_LIMIT]
    width = max(lengths, default=0)
    if width < _WRAP_LEAST:
        return 0
    soft = sum(is_soft for length, _, is_soft in joints if length <= _WRAP_LIMIT)
    full = sum(length + 1 + word > width for length, word, _ in joints if length <= _WRAP_LIMIT)
    is_wrapped = soft * 5 >= len(joints) * 2 or (soft and full * 5 >= len(joints) * 4)
    return width if is_wrapped else 0
