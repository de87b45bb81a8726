"""The pages of the documentation as the tests read them: blocks of code in the order of a page.

Marks on a page, each on a line of its own above a block:

* ``<!-- not run: REASON -->``: of the block, commands and options are only checked to exist;
* ``<!-- command: NAME -->``: continuous integration runs the block itself, see ``.ci/run``;
* ``<!-- in the background -->``: the command of the block runs until the page ends.

A block with ``title="NAME"`` is a file to save. A ``text`` block right after a command or a piece
of Python is what that prints.
"""

from __future__ import annotations

import doctest
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[^\n]*?) -->\n+)?"
    r"^(?P<fence>`{3,})(?P<language>\w*)(?: title=\"(?P<title>[^\"]+)\")?[^\n]*\n"
    r"(?P<code>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_DECIMAL = re.compile(r"(?<![\w.])[-+]?\d*\.\d+(?![\w.]*\.)")
_MARKS = re.compile(r"[\[\]{}<>]")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page.

    Attributes
    ----------
    language, code : str
        What stands after the fence, and in it.
    line : int
        The line of the page where the fence opens.
    mark, title : str
        The comment above it and the name of the file that it is; empty where there is none.
    output : str or None
        What the page says that it prints.
    """

    language: str
    code: str
    line: int
    mark: str = ""
    title: str = ""
    output: str | None = None

    @property
    def is_run(self) -> bool:
        """Whether a test runs the block."""
        return not self.mark.startswith(("not run", "command"))

    @property
    def is_doctest(self) -> bool:
        """Whether pytest runs the block itself, as an example."""
        return ">>> " in self.code


def blocks_of(page: Path) -> list[Block]:
    """Return the blocks of a page, outputs with the blocks that they belong to."""
    text = page.read_text(encoding="utf-8")
    found: list[Block] = []
    end = 0
    for match in _BLOCK.finditer(text):
        block = Block(
            match["language"],
            match["code"],
            text.count("\n", 0, match.start("fence")) + 1,
            match["mark"] or "",
            match["title"] or "",
        )
        follows = found and not text[end : match.start()].strip()
        end = match.end()
        if follows and block.language == "text" and not block.title and not block.mark:
            last = found[-1]
            if last.language in ("sh", "python") and last.is_run and not last.title:
                found[-1] = Block(last.language, last.code, last.line, last.mark, output=block.code)
                continue
        found.append(block)
    return found


def prints(expected: str, got: str) -> bool:
    """Return whether a command printed what the page says.

    Numbers with decimals come from a model that will be trained again, and so do the brackets
    around evidence: neither is compared, nor is white space. ``...`` stands for anything.
    """
    wanted, found = (" ".join(_DECIMAL.sub("N", text).split()) for text in (expected, got))
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    checker = doctest.OutputChecker()
    return checker.check_output(wanted, found, flags) or checker.check_output(
        _MARKS.sub("", wanted), _MARKS.sub("", found), flags
    )
