"""A sentence with its evidence marked and wrapped: cells of one character and one style."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgecheck.results import SentenceScore, Span


@dataclass(frozen=True, slots=True)
class Mark:
    """How one kind of evidence is shown: in brackets, or by a terminal code (SGR)."""

    opening: str
    closing: str
    code: str

    def show(self, text: str, *, colored: bool) -> str:
        """Return a text marked so."""
        if colored:
            return f"\x1b[{self.code}m{text}\x1b[0m"
        return f"{self.opening}{text}{self.closing}"


SOURCE: Final = Mark("{", "}", "36;4")  # cyan; all underlined, for eyes that see no colours
CUE: Final = Mark("<", ">", "35;4")  # magenta
HEDGE: Final = Mark("[", "]", "33;1;4")  # yellow, bold

# Marks that change the direction of what follows on the terminal: Unicode's embeddings, overrides
# and isolates.
_BIDI_CONTROLS: Final = frozenset(
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


class Cell(NamedTuple):
    """A character on the screen, its width in columns, and its terminal code."""

    char: str
    width: int
    code: str


def wrap_marked(score: SentenceScore, width: int, *, colored: bool) -> list[str]:
    """Return a sentence as lines of at most `width` columns, evidence marked.

    Control characters are shown as U+FFFD: a news text must not steer the terminal.
    """
    cells = _colored_cells(score) if colored else _bracketed_cells(score)
    return [_render(line) for line in _wrap(cells, width)]


def printable(text: str) -> str:
    r"""Return a text as it may be shown on a terminal; all white space as spaces.

    >>> printable("in\tVarn\x1b[2J")
    'in Varn�[2J'
    """
    return "".join(_shown(char)[0] for char in text)


def _evidence(score: SentenceScore) -> list[tuple[Span, Mark]]:
    """Return the spans to mark, outer ones first where two begin together."""
    found = [(span, HEDGE) for span in score.hedges if span.text]
    found += [(score.source, SOURCE)] if score.source and score.source.text else []
    found += [(score.cue, CUE)] if score.cue and score.cue.text else []
    return sorted(found, key=lambda pair: (pair[0].start, -pair[0].end))


def _colored_cells(score: SentenceScore) -> list[Cell]:
    codes = [""] * len(score.text)
    # Inner spans come later and win: a hedge in the middle of a source stays visible.
    for span, mark in _evidence(score):
        codes[span.start : span.end] = [mark.code] * (span.end - span.start)
    return [Cell(*_shown(char), code) for char, code in zip(score.text, codes, strict=True)]


def _bracketed_cells(score: SentenceScore) -> list[Cell]:
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    for span, mark in _evidence(score):
        before[span.start] = before.get(span.start, "") + mark.opening
        after[span.end] = mark.closing + after.get(span.end, "")
    cells: list[Cell] = []
    for place, char in enumerate(score.text):
        cells += [Cell(mark, 1, "") for mark in after.get(place, "") + before.get(place, "")]
        cells.append(Cell(*_shown(char), ""))
    cells += [Cell(mark, 1, "") for mark in after.get(len(score.text), "")]
    return cells


@lru_cache(maxsize=4096)
def _shown(char: str) -> tuple[str, int]:
    """Return how a character is shown, and how many columns it takes."""
    if char.isspace():
        return " ", 1
    category = unicodedata.category(char)
    if category in ("Cc", "Cs") or char in _BIDI_CONTROLS:
        return "\ufffd", 1
    if category in ("Mn", "Me", "Cf"):
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _wrap(cells: Sequence[Cell], width: int) -> list[list[Cell]]:
    """Break cells into lines at spaces; a word longer than a line is cut."""
    lines: list[list[Cell]] = []
    line: list[Cell] = []
    used = 0
    for word, space in _words(cells):
        size = sum(cell.width for cell in word)
        if line and used + space.width + size > width:
            lines.append(line)
            line, used = [], 0
        elif line:
            line.append(space)
            used += space.width
        for cell in word:
            if used + cell.width > width and line:
                lines.append(line)
                line, used = [], 0
            line.append(cell)
            used += cell.width
    return [*lines, line] if line or not lines else lines


def _words(cells: Sequence[Cell]) -> list[tuple[list[Cell], Cell]]:
    """Return the words, each with the space before it, whose style it may share."""
    words: list[tuple[list[Cell], Cell]] = []
    word: list[Cell] = []
    space = Cell(" ", 1, "")
    for cell in cells:
        if cell.char != " ":
            word.append(cell)
            continue
        if word:
            words.append((word, space))
            word = []
        space = cell
    return [*words, (word, space)] if word else words


def _render(line: Sequence[Cell]) -> str:
    parts: list[str] = []
    code = ""
    for cell in line:
        if cell.code != code:
            parts.append("\x1b[0m" if code else "")
            parts.append(f"\x1b[{cell.code}m" if cell.code else "")
            code = cell.code
        parts.append(cell.char)
    return "".join(parts) + ("\x1b[0m" if code else "")
