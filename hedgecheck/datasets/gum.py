"""Reader for the attributions of GUM's news as JSON Lines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Names, spans_at
from hedgecheck.datasets.rows import Row, by_document, json_rows
from hedgecheck.datasets.structure import Attribution, LabelledDocument, LabelledSentence, Labels

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["POLARITIES", "read_gum"]

#: The two kinds of attribution relation in eRST.
POLARITIES: Final = ("positive", "negative")


def read_gum(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read GUM's attributions from JSON Lines with a row a sentence, one document at a time.

    Yields
    ------
    LabelledDocument
        With ``attributions``; their ``id`` is the number of the discourse unit that holds source
        and cue. The cue is all of that unit but the source, punctuation included.

    Raises
    ------
    TrainingDataError
        If a row lacks a column, a span lies outside its sentence, a polarity is outside the set, or
        a document, a sentence number or a unit comes twice.
    """
    for name, rows in by_document(json_rows(Path(path)), "doc"):
        numbers = Names(f"sentence number in {name}")
        sentences = []
        for row in rows:
            number = row.whole("sent_index")
            numbers.add(str(number), row.place)
            text = row.sentence("text")
            labels = Labels(attributions=_attributions(row, text))
            sentences.append(LabelledSentence(text, number, labels))
        split, genre = rows[0].text("split"), rows[0].text("genre")
        yield LabelledDocument(name, f"gum/{name}", "gum", tuple(sentences), split, genre)


def _attributions(row: Row, text: str) -> tuple[Attribution, ...]:
    names = Names("attribution unit in one sentence")
    found = []
    for each in row.rows("attributions"):
        name = each.name("explicit_edu")
        names.add(name, row.place)
        found.append(
            Attribution(
                id=name,
                sources=spans_at(text, each.get("source_span"), "source", row.place),
                cues=spans_at(text, each.get("cue_span"), "cue", row.place),
                contents=spans_at(text, each.get("content_span"), "content", row.place),
                source_text=each.text("source_text"),
                polarity=each.choice("polarity", POLARITIES),
            )
        )
    return tuple(found)
