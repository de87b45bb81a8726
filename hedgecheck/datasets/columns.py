"""What the columns of somebody's own table mean, and the labels that they hold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from hedgecheck.datasets.places import span_at
from hedgecheck.datasets.structure import Labels
from hedgecheck.errors import TrainingDataError
from hedgecheck.results import ATTRIBUTION, SOURCING, Span

if TYPE_CHECKING:
    from hedgecheck.datasets.rows import Row

__all__ = ["Columns", "labels_of"]

_FLAGS: Final = ("hedged", "uncertain", "weasel", "confidential")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Names of a table's columns; those that are None are not there.

    Attributes
    ----------
    text : str
        The sentence.
    document : str or None
        The document that the sentence belongs to. The rows of a document stand together. Without
        it every sentence is a document.
    group : str or None
        What must stay on one side of a split; the document without it.
    number : str or None
        The sentence's number in its document; counted without it.
    split : str or None
        ``train`` and so on.
    certainty : str or None
        A number on `certainty_scale`.
    hedged, uncertain, weasel, confidential : str or None
        Yes or no: true and false, 1 and 0, yes and no.
    sourcing, attribution : str or None
        A label out of `sourcing_labels` or `attribution_labels`.
    hedges : str or None
        A list of ``[start, end]`` or of exact words, in JSON or Parquet; in CSV the words joined by
        ``;``, or the list as JSON.
    source, cue : str or None
        ``[start, end]`` or exact words; empty for none.
    certainty_scale : (float, float)
        The lowest and the highest certainty that the column can hold.
    sourcing_labels, attribution_labels : tuple of str
        The sets of labels.
    """

    text: str
    document: str | None = None
    group: str | None = None
    number: str | None = None
    split: str | None = None
    certainty: str | None = None
    hedged: str | None = None
    uncertain: str | None = None
    weasel: str | None = None
    confidential: str | None = None
    sourcing: str | None = None
    attribution: str | None = None
    hedges: str | None = None
    source: str | None = None
    cue: str | None = None
    certainty_scale: tuple[float, float] = (0.0, 1.0)
    sourcing_labels: tuple[str, ...] = SOURCING
    attribution_labels: tuple[str, ...] = ATTRIBUTION

    def __post_init__(self) -> None:
        low, high = self.certainty_scale
        if not low < high:
            raise TrainingDataError(
                f"certainty_scale: {self.certainty_scale!r} is no scale; give (lowest, highest)"
            )

    def names(self) -> tuple[str, ...]:
        """Return the columns that have to be there.

        >>> Columns(text="body", uncertain="label").names()
        ('body', 'label')
        """
        values = (getattr(self, each.name) for each in fields(self))
        return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))


def labels_of(row: Row, text: str, columns: Columns) -> Labels:
    """Return the labels of a row.

    Raises
    ------
    TrainingDataError
        If a label is outside its set or scale, or a span is not in the sentence.
    """
    values: dict[str, Any] = {}
    if columns.certainty:
        low, high = columns.certainty_scale
        grade = row.number(columns.certainty, low, high)
        values |= {"certainty": (grade - low) / (high - low), "grade": grade}
    for name in _FLAGS:
        column = getattr(columns, name)
        if column:
            values[name] = row.flag(column)
    if columns.sourcing:
        values["sourcing"] = row.choice(columns.sourcing, columns.sourcing_labels)
    if columns.attribution:
        values["attribution"] = row.choice(columns.attribution, columns.attribution_labels)
    if columns.hedges:
        values["hedges"] = _hedges(row, text, columns.hedges)
    for kind in ("source", "cue"):
        column = getattr(columns, kind)
        if column:
            values[kind] = _one(row, text, column, kind)
    return Labels(**values)


def _hedges(row: Row, text: str, column: str) -> tuple[Span, ...]:
    values = row.get(column)
    if isinstance(values, str):
        values = [part.strip() for part in values.split(";") if part.strip()]
    if values is None:
        values = []
    if not isinstance(values, list):
        raise row.wrong(column, "is no list of hedges", "give [[start, end], …] or exact words")
    spans: list[Span] = []
    at = 0
    for value in values:
        span = _span(row, text, value, column, "hedge", at)
        at = max(at, span.end)
        spans.append(span)
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def _one(row: Row, text: str, column: str, kind: str) -> Span | None:
    value = row.get(column)
    return None if value in (None, "", []) else _span(row, text, value, column, kind, 0)


def _span(row: Row, text: str, value: Any, column: str, kind: str, at: int) -> Span:
    """Return the span of exact words (from `at` on, else anywhere) or of a pair of offsets."""
    if not isinstance(value, str):
        return span_at(text, value, kind, row.place)
    start = text.find(value, at)
    if start < 0:
        start = text.find(value)
    if start < 0 or not value:
        raise row.place.error(
            f"{column}: {value!r} does not stand in the sentence",
            "give the exact words, or [start, end]",
        )
    return Span(start, start + len(value), value, kind)
