"""Reader for PolNeAR as JSON Lines: source, cue and content of every attribution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from hedgecheck.datasets.places import Names, spans_at
from hedgecheck.datasets.rows import Row, by_document, json_rows
from hedgecheck.datasets.structure import (
    QUOTE_TYPES,
    Attribution,
    LabelledDocument,
    LabelledSentence,
    Labels,
    attribution_of,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["read_polnear"]


def read_polnear(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read PolNeAR from JSON Lines with a row a sentence, one document at a time.

    Parameters
    ----------
    path : path
        The ``.jsonl`` or ``.jsonl.gz`` file.

    Yields
    ------
    LabelledDocument
        With ``attributions`` and, by `attribution_of`, ``attribution``; ``genre`` is the publisher.

    Raises
    ------
    TrainingDataError
        If a row lacks a column, a span lies outside its sentence, a quote type is outside the set,
        or a document, a sentence number or an attribution's id comes twice.
    """
    for name, rows in by_document(json_rows(Path(path)), "doc"):
        numbers = Names(f"sentence number in {name}")
        sentences = []
        for row in rows:
            number = row.whole("sent_index")
            numbers.add(str(number), row.place)
            text = row.sentence("text")
            attributions = _attributions(row, text)
            labels = Labels(attribution=attribution_of(attributions), attributions=attributions)
            sentences.append(LabelledSentence(text, number, labels))
        yield LabelledDocument(
            name,
            f"polnear/{name}",
            "polnear",
            tuple(sentences),
            split=rows[0].text("split"),
            genre=rows[0].text("publisher"),
        )


def _attributions(row: Row, text: str) -> tuple[Attribution, ...]:
    names = Names("attribution id in one sentence")
    found = []
    for each in row.rows("attributions"):
        name = each.name("id")
        names.add(name, row.place)
        found.append(
            Attribution(
                id=name,
                sources=spans_at(text, each.get("source_span"), "source", row.place),
                cues=spans_at(text, each.get("cue_span"), "cue", row.place),
                contents=spans_at(text, each.get("content_span"), "content", row.place),
                source_text=each.text("source_text"),
                # An attribution without content has no type.
                quote_type=(
                    None
                    if each.get("quote_type") is None
                    else each.choice("quote_type", QUOTE_TYPES)
                ),
            )
        )
    return tuple(found)
