"""Where in a file something stands, and the errors that say so.

Every reader refuses bad input in the same words: file, line, cause, remedy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hedgecheck.errors import TrainingDataError
from hedgecheck.results import Span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Names", "Place", "shown", "span_at", "spans_at"]

# Longer values are cut in messages; a terminal line holds about as much beside the file's name.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; ``unit`` is what is counted (``line``, or ``row`` where a file has none).

    >>> from pathlib import Path
    >>> str(Place(Path("news.jsonl"), 3))
    'news.jsonl, line 3'
    """

    path: Path
    line: int | None = None
    unit: str = "line"

    def __str__(self) -> str:
        """Return file and line in words."""
        return str(self.path) if self.line is None else f"{self.path}, {self.unit} {self.line}"

    def error(self, cause: str, remedy: str) -> TrainingDataError:
        """Return the error to raise for what is wrong here."""
        return TrainingDataError(f"{self}: {cause}; {remedy}")


class Names:
    """Names that may be used only once in a corpus, with the place where each was first seen."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._seen: dict[str, int | None] = {}

    def add(self, name: str, place: Place) -> None:
        """Note a name.

        Raises
        ------
        TrainingDataError
            If the name was used before.
        """
        if name in self._seen:
            first = self._seen[name]
            before = "before" if first is None else f"in {place.unit} {first}"
            raise place.error(
                f"duplicate {self._what} {shown(name)}, already used {before}",
                f"give every {self._what.split()[0]} a name of its own and keep its rows together",
            )
        self._seen[name] = place.line


def shown(value: object) -> str:
    """Return a value as a message shows it.

    >>> shown("maybe"), len(shown("x" * 1000)) < 70
    ("'maybe'", True)
    """
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def span_at(text: str, offsets: object, kind: str, place: Place) -> Span:
    """Return a span of a sentence from a pair of offsets.

    Raises
    ------
    TrainingDataError
        If the offsets are no pair of whole numbers, or lie outside of the sentence.
    """
    start, end = _pair(offsets, kind, place)
    if not 0 <= start < end <= len(text):
        raise place.error(
            f"the {kind} span {start}:{end} lies outside its sentence of {len(text)} characters",
            "spans are character offsets into the sentence, the end not included, and not empty",
        )
    return Span(start, end, text[start:end], kind)


def spans_at(text: str, pairs: object, kind: str, place: Place) -> tuple[Span, ...]:
    """Return the spans of a list of pairs of offsets.

    Raises
    ------
    TrainingDataError
        As `span_at`, and if it is no list.
    """
    if not isinstance(pairs, list):
        raise place.error(
            f"{shown(pairs)} is no list of {kind} spans", "give [[start, end], …], or [] for none"
        )
    return tuple(span_at(text, pair, kind, place) for pair in pairs)


def _pair(offsets: object, kind: str, place: Place) -> tuple[int, int]:
    if isinstance(offsets, (list, tuple)) and len(offsets) == 2 and _are_whole(offsets):
        return offsets[0], offsets[1]
    raise place.error(f"{shown(offsets)} is no {kind} span", "give [start, end], two whole numbers")


def _are_whole(values: Iterable[object]) -> bool:
    return all(isinstance(value, int) and not isinstance(value, bool) for value in values)
