"""Readers for BioScope: speculation and negation cues in abstracts and papers, as XML and flat."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.cue_xml import CueSentence, read_cue_documents
from hedgecheck.datasets.flat_cues import find_cues
from hedgecheck.datasets.places import Names, shown
from hedgecheck.datasets.rows import by_document, table_rows
from hedgecheck.datasets.structure import LabelledDocument, LabelledSentence, Labels, Span

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["read_bioscope_tsv", "read_bioscope_xml"]

_KINDS: Final = {"speculation": "hedge", "negation": "negation"}
_COLUMNS: Final = ("part", "doc", "sent", "speculation", "text", "spec_cues", "neg_cues")


def read_bioscope_xml(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read a file of BioScope in its original XML, one document at a time.

    Yields
    ------
    LabelledDocument
        With ``uncertain`` (a speculation cue), ``hedges`` and ``negations``. Scopes are passed
        over.

    Raises
    ------
    TrainingDataError
        If the XML is bad or cut off, an id comes twice, or a cue's type is outside the set.
    """
    for document in read_cue_documents(Path(path)):
        sentences = tuple(
            LabelledSentence(
                each.text,
                number,
                _labels(_spans(each, "speculation"), _spans(each, "negation")),
                name=each.name,
                part=each.part,
            )
            for number, each in enumerate(document.sentences)
        )
        yield _document(document.id, sentences, document.type)


def read_bioscope_tsv(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read BioScope as a table with a row a sentence, one document at a time.

    The columns are ``part``, ``doc``, ``sent``, ``speculation`` (0 or 1), ``text``, ``spec_cues``
    and ``neg_cues`` (``may;or``, in the order of the sentence).

    Yields
    ------
    LabelledDocument
        As `read_bioscope_xml` does; ``genre`` is the part.

    Raises
    ------
    TrainingDataError
        If a column is missing, an id comes twice, the label is not 0 or 1 or does not agree with
        the cues, or a cue does not stand in its sentence.
    """
    for name, rows in by_document(table_rows(Path(path), _COLUMNS), "doc"):
        names = Names(f"sentence id in {name}")
        sentences = []
        for number, row in enumerate(rows):
            sentence = row.name("sent")
            names.add(sentence, row.place)
            text = row.sentence("text")
            hedges = find_cues(row, "spec_cues", text, _KINDS["speculation"])
            negations = find_cues(row, "neg_cues", text, _KINDS["negation"])
            if row.flag("speculation") != bool(hedges):
                raise row.wrong("speculation", "does not agree with spec_cues", "mend one of them")
            labels = _labels(hedges, negations)
            sentences.append(LabelledSentence(text, number, labels, name=sentence))
        yield _document(name, tuple(sentences), rows[0].text("part"))


def _spans(sentence: CueSentence, type_: str) -> tuple[Span, ...]:
    for cue in sentence.cues:
        if cue.type not in _KINDS:
            raise cue.place.error(
                f"a cue of the type {shown(cue.type)}", f"use one of {', '.join(_KINDS)}"
            )
    return tuple(
        Span(cue.start, cue.end, sentence.text[cue.start : cue.end], _KINDS[type_])
        for cue in sentence.cues
        if cue.type == type_
    )


def _labels(hedges: tuple[Span, ...], negations: tuple[Span, ...]) -> Labels:
    return Labels(uncertain=bool(hedges), hedges=hedges, negations=negations)


def _document(name: str, sentences: tuple[LabelledSentence, ...], genre: str) -> LabelledDocument:
    return LabelledDocument(name, f"bioscope/{name}", "bioscope", sentences, genre=genre)
