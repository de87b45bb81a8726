"""Labels of our own for sentences that we may not pass on: numbers, keyed by a sentence's hash.

The table says what was read in a sentence; the sentence itself stays in the corpus that holds it.
Columns: ``key`` (`sentence_key`), ``certainty`` (0 to 100), ``sourcing`` and ``attribution``
(places in `SOURCING` and `ATTRIBUTION`), ``flags`` (1 confidential, 2 pronoun, 4 hard, added up),
``source``, ``cue`` and ``hedges`` (``start-end``, characters of the sentence; hedges separated by
spaces).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Names, span_at
from hedgecheck.datasets.rows import Row, table_rows
from hedgecheck.datasets.structure import LabelledDocument, LabelledSentence, Labels, is_hedged
from hedgecheck.results import ATTRIBUTION, SOURCING

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

    from hedgecheck.results import Span

__all__ = ["read_readings", "sentence_key"]

_COLUMNS: Final = (
    "key", "certainty", "sourcing", "attribution", "flags", "source", "cue", "hedges",
)  # fmt: skip
_CONFIDENTIAL, _PRONOUN, _HARD = 1, 2, 4
_ALL_FLAGS: Final = _CONFIDENTIAL | _PRONOUN | _HARD
_KEY_LENGTH: Final = 16


def sentence_key(document: str, number: int, text: str) -> str:
    """Return the key of a sentence: half of a sha256 over its document, number and text.

    >>> sentence_key("d1", 0, "It may rain.")
    '95a722dc83d0a629'
    """
    whole = f"{document}\n{number}\n{text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(whole).hexdigest()[:_KEY_LENGTH]


def read_readings(
    path: str | os.PathLike[str], documents: Iterable[LabelledDocument]
) -> Iterator[LabelledDocument]:
    """Put the labels of a table on the documents that they belong to.

    Parameters
    ----------
    path : path
        The ``.csv`` file with the labels.
    documents : iterable of LabelledDocument
        The corpus that was read; its own labels are not used.

    Yields
    ------
    LabelledDocument
        Each document of which a sentence was read, up to the last such sentence.

    Raises
    ------
    TrainingDataError
        If a label is outside its set, a span outside its sentence, or a key comes twice.
    """
    keys = Names("key")
    rows: dict[str, Row] = {}
    for row in table_rows(Path(path), _COLUMNS, ","):
        keys.add(row.name("key"), row.place)
        rows[row.name("key")] = row
    for document in documents:
        sentences = []
        for each in document.sentences:
            found = rows.get(sentence_key(document.id, each.number, each.text))
            labels = None if found is None else _labels(found, each.text)
            sentences.append(LabelledSentence(each.text, each.number, labels))
        while sentences and sentences[-1].labels is None:
            sentences.pop()
        if sentences:
            yield LabelledDocument(
                document.id, document.group, "readings", tuple(sentences), document.split
            )


def _labels(row: Row, text: str) -> Labels:
    grade = _whole(row, "certainty", 100)
    flags = _whole(row, "flags", _ALL_FLAGS)
    sources, cues = _spans(row, text, "source"), _spans(row, text, "cue")
    return Labels(
        certainty=grade / 100,
        grade=grade,
        hedged=is_hedged(grade / 100),
        sourcing=SOURCING[_whole(row, "sourcing", len(SOURCING) - 1)],
        attribution=ATTRIBUTION[_whole(row, "attribution", len(ATTRIBUTION) - 1)],
        confidential=bool(flags & _CONFIDENTIAL),
        source=sources[0] if sources else None,
        cue=cues[0] if cues else None,
        pronoun=bool(flags & _PRONOUN),
        hard=bool(flags & _HARD),
        whole=False,
        hedges=_spans(row, text, "hedges"),
    )


def _whole(row: Row, column: str, top: int) -> int:
    value = row.text(column)
    if not value.isdecimal() or int(value) > top:
        raise row.wrong(column, "is no label", f"give a whole number from 0 to {top}")
    return int(value)


def _spans(row: Row, text: str, column: str) -> tuple[Span, ...]:
    kind = "hedge" if column == "hedges" else column
    found = []
    for part in row.text(column).split():
        start, dash, end = part.partition("-")
        if not (dash and start.isdecimal() and end.isdecimal()):
            raise row.wrong(column, "is no list of spans", "give start-end, separated by spaces")
        found.append(span_at(text, [int(start), int(end)], kind, row.place))
    return tuple(found)
