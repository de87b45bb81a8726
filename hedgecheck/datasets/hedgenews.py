"""Reader for hedgenews: news in documents, labelled on all three axes by the guidelines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Names, span_at, spans_at
from hedgecheck.datasets.rows import Row, by_document, json_rows
from hedgecheck.datasets.structure import LabelledDocument, LabelledSentence, Labels, is_hedged
from hedgecheck.results import ATTRIBUTION, SOURCING

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from hedgecheck.results import Span

__all__ = ["guideline_labels", "read_hedgenews"]

_SCALE: Final = 100  # the guidelines' certainty runs from 0 to 100


def read_hedgenews(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read hedgenews JSON Lines, one stretch of a document at a time.

    Parameters
    ----------
    path : path
        The ``.jsonl`` or ``.jsonl.gz`` file.

    Yields
    ------
    LabelledDocument
        A stretch: ``id`` is the corpus's ``doc`` with its ``#k``, ``group`` without. A sentence
        that is only context has no labels.

    Raises
    ------
    TrainingDataError
        If a row lacks a column, a label is outside its set, a span outside its sentence, or a
        document comes twice.

    Examples
    --------
    >>> import json, tempfile
    >>> row = {"doc": "a#0", "set": "mine", "i": 3, "text": "It rained.", "labelled": False}
    >>> with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
    ...     print(json.dumps(row), file=file, flush=True)
    ...     [document] = read_hedgenews(file.name)
    >>> document.group, document.sentences[0].number, document.sentences[0].labels
    ('a', 3, None)
    """
    for name, rows in by_document(json_rows(Path(path)), "doc"):
        numbers = Names(f"sentence number in {name}")
        sentences = []
        for row in rows:
            number = row.whole("i")
            numbers.add(str(number), row.place)
            text = row.sentence("text")
            labels = guideline_labels(row, text) if row.flag("labelled") else None
            sentences.append(LabelledSentence(text, number, labels))
        group = name.rpartition("#")[0] or name
        genre = rows[0].text("set")
        yield LabelledDocument(name, group, "hedgenews", tuple(sentences), genre=genre)


def guideline_labels(row: Row, text: str) -> Labels:
    """Return the labels of a sentence that was annotated by the guidelines.

    Raises
    ------
    TrainingDataError
        If a label or a span is not what the guidelines allow.
    """
    grade = row.number("certainty", 0, _SCALE)
    certainty = grade / _SCALE
    sourcing = row.choice("sourcing", SOURCING)
    attribution = row.choice("attribution", ATTRIBUTION)
    if (sourcing == "none") != (attribution == "none"):
        raise row.place.error(
            f"sourcing {sourcing!r} with attribution {attribution!r}",
            "by the guidelines the one is 'none' where the other is",
        )
    hedges = spans_at(text, row.get("hedge_spans"), "hedge", row.place)
    # The words stand in the annotator's order, the spans in the sentence's.
    words = sorted(map(str, row.items("hedges")))
    _match(sorted(span.text for span in hedges), words, "hedges", row)
    return Labels(
        certainty=certainty,
        grade=grade,
        hedged=is_hedged(certainty),
        sourcing=sourcing,
        attribution=attribution,
        confidential=row.flag("confidential"),
        source=_span(row, text, "source"),
        cue=_span(row, text, "cue"),
        pronoun=row.flag("pronoun"),
        hard=row.flag("hard"),
        whole=row.flag("whole") if "whole" in row.values else None,
        hedges=hedges,
    )


def _span(row: Row, text: str, kind: str) -> Span | None:
    """Return the source or the cue; its words and its offsets have to agree."""
    offsets = row.get(f"{kind}_span")
    span = None if offsets is None else span_at(text, offsets, kind, row.place)
    _match([span.text if span else ""], [row.text(kind)], kind, row)
    return span


def _match(found: list[str], words: list[str], what: str, row: Row) -> None:
    if found != words:
        raise row.place.error(
            f"{what}: the offsets give {found!r}, the words are {words!r}",
            "offsets are characters of the sentence, and there is a pair for each",
        )
