"""Cues in tables: written out beside the sentence, in the order in which they stand in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hedgecheck.datasets.places import shown
from hedgecheck.results import Span

if TYPE_CHECKING:
    from hedgecheck.datasets.rows import Row

__all__ = ["find_cues"]


def find_cues(row: Row, column: str, text: str, kinds: dict[str, str] | str) -> tuple[Span, ...]:
    """Return the spans of the cues in a column such as ``may:epistemic;if:condition``.

    Each cue is looked for after the one before it, at the edges of words and whatever its case.

    Parameters
    ----------
    row : Row
        The row.
    column : str
        The column of the cues.
    text : str
        The sentence.
    kinds : dict or str
        The kinds that may stand after the colon, with the kinds of the spans; or the one kind of
        all spans, where none is written.

    Raises
    ------
    TrainingDataError
        If a kind is outside the set, or a cue does not stand in the sentence.

    Examples
    --------
    >>> from pathlib import Path
    >>> from hedgecheck.datasets.places import Place
    >>> from hedgecheck.datasets.rows import Row
    >>> row = Row({"cues": "may;or"}, Place(Path("cues.tsv"), 2))
    >>> [span.start for span in find_cues(row, "cues", "Dismay may stay or go.", "hedge")]
    [7, 16]
    """
    found: list[Span] = []
    at = 0
    for entry in filter(None, row.text(column).split(";")):
        words, kind = _parts(entry, row, column, kinds)
        match = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE).search(text, at)
        if not match:
            raise row.place.error(
                f"{column}: the cue {shown(words)} does not stand in the sentence after the one "
                "before it",
                "list the cues in the order of the sentence, as they stand in it",
            )
        at = match.end()
        found.append(Span(match.start(), at, match.group(), kind))
    return tuple(found)


def _parts(entry: str, row: Row, column: str, kinds: dict[str, str] | str) -> tuple[str, str]:
    if isinstance(kinds, str):
        words, kind = entry, kinds
    else:
        words, _, name = entry.rpartition(":")
        if name not in kinds:
            raise row.wrong(
                column,
                f"has a cue of the kind {shown(name)}",
                f"write word:kind with one of {', '.join(kinds)}",
            )
        kind = kinds[name]
    words = words.strip()
    if not words:
        raise row.wrong(column, "has a cue without words", "write word:kind;word:kind")
    return words, kind
