"""The formats for machines: JSON, JSON Lines and CSV."""

from __future__ import annotations

import csv
import json
import sys
from typing import TYPE_CHECKING, Any, Final

from hedgecheck.columns import COLUMNS, score_row

if TYPE_CHECKING:
    from hedgecheck.cli.scoring import Scored
    from hedgecheck.results import SentenceScore

SENTENCES_SCHEMA: Final = "hedgecheck.sentences/1"

# A cell that begins so is a formula to a spreadsheet, and a formula may run programs or send data
# away (OWASP, "CSV Injection"). Full-width forms count: some spreadsheets fold them.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class JsonWriter:
    """An array with one object per input."""

    def __init__(self, *, explain: bool) -> None:
        self._explain = explain
        self._count = 0

    def write(self, scored: Scored) -> None:
        """Write one input as an object."""
        if scored.document is not None:
            body = scored.document.to_dict()
        else:
            from hedgecheck import __version__

            body = {
                "schema": SENTENCES_SCHEMA,
                "library": {"name": "hedgecheck", "version": __version__},
                "model": {"name": scored.model_name, "version": scored.model_version},
                "sentences": [score.to_dict() for score in scored.scores],
            }
        for place, (entry, score) in enumerate(zip(body["sentences"], scored.scores, strict=True)):
            if scored.lines is not None:
                entry["line"] = scored.lines[place]
            if self._explain:
                entry["explain"] = _explanation(score)
        print("[" if self._count == 0 else ",", end="\n")
        print(_dumps({"file": scored.name, **body}, indent=2), end="")
        self._count += 1

    def close(self) -> None:
        """End the array."""
        print("\n]" if self._count else "[]")


class JsonLinesWriter:
    """One object per sentence and line."""

    def __init__(self, *, explain: bool) -> None:
        self._explain = explain

    def write(self, scored: Scored) -> None:
        """Write the sentences of one input."""
        for place, score in enumerate(scored.scores):
            entry: dict[str, Any] = {"file": scored.name, "sentence": place}
            if scored.lines is not None:
                entry["line"] = scored.lines[place]
            entry |= score.to_dict()
            if self._explain:
                entry["explain"] = _explanation(score)
            print(_dumps(entry))

    def close(self) -> None:
        """Write nothing more."""


class CsvWriter:
    """A header, then one row per sentence."""

    def __init__(self, *, by_line: bool, delimiter: str = ",") -> None:
        self._out = csv.writer(sys.stdout, delimiter=delimiter, lineterminator="\n")
        self._header = ("file", "sentence", *(("line",) if by_line else ()), *COLUMNS)
        self._begun = False

    def write(self, scored: Scored) -> None:
        """Write the sentences of one input."""
        if not self._begun:
            self._out.writerow(self._header)
            self._begun = True
        for place, score in enumerate(scored.scores):
            line = () if scored.lines is None else (scored.lines[place],)
            row = (scored.name, place, *line, *score_row(score))
            self._out.writerow([safe_cell(value) for value in row])

    def close(self) -> None:
        """Write nothing more."""


def safe_cell(value: Any) -> Any:
    """Return a value as a cell that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell("- We leave."), safe_cell("We leave."), safe_cell(-0.5)
    ("'=1+1", "'- We leave.", 'We leave.', -0.5)
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def _explanation(score: SentenceScore) -> list[dict[str, Any]]:
    return [part.to_dict() for part in score.explain()]


def _dumps(value: Any, indent: int | None = None) -> str:
    """Return JSON with letters as they are, if standard output can write them, else escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True, indent=indent, allow_nan=False)
    return text
