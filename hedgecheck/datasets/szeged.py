"""Readers for the Szeged Uncertainty Corpus: hedge cues with their kinds, as XML and as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.cue_xml import CueSentence, read_cue_documents
from hedgecheck.datasets.flat_cues import find_cues
from hedgecheck.datasets.places import Names, shown
from hedgecheck.datasets.rows import Row, by_document, table_rows
from hedgecheck.datasets.structure import LabelledDocument, LabelledSentence, Labels, Span

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["KINDS", "read_szeged_tsv", "read_szeged_xml"]

#: The table's kinds of cues, by the names that hedgecheck has for them.
KINDS: Final = {
    "epistemic": "epistemic",
    "doxastic": "doxastic",
    "condition": "conditional",
    "investigation": "doubt",
}

# As they are written in the XML, with the stray blanks and underscores at their ends taken off.
_XML_KINDS: Final = {
    "speculation_modal_probable": "epistemic",
    "speculation_hypo_doxastic": "doxastic",
    "speculation_hypo_condition": "conditional",
    "speculation_hypo_investigation": "doubt",
}
_COLUMNS: Final = ("doc", "sent", "uncertain", *KINDS, "text", "cues")

# The biomedical part is BioScope's documents, the rest is CoNLL-2010's Wikipedia articles; the
# documents have the same names there, and that name is the group.
_WIKIPEDIA: Final = "conll2010-wiki"
_BIOMEDICAL: Final = "bioscope"


def read_szeged_xml(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read the corpus in its original XML, one document at a time.

    Yields
    ------
    LabelledDocument
        With ``uncertain`` (a cue of any kind) and ``hedges`` of the kinds ``epistemic``,
        ``doxastic``, ``conditional`` and ``doubt`` (the corpus's investigation).

    Raises
    ------
    TrainingDataError
        If the XML is bad or cut off, an id comes twice, or a cue's type is outside the set.
    """
    for document in read_cue_documents(Path(path)):
        sentences = tuple(
            LabelledSentence(
                each.text, number, _labels(_xml_hedges(each)), name=each.name, part=each.part
            )
            for number, each in enumerate(document.sentences)
        )
        is_wikipedia = document.type.startswith("Wikipedia")
        yield _document(document.id, sentences, _WIKIPEDIA if is_wikipedia else _BIOMEDICAL)


def read_szeged_tsv(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read the corpus as a table with a row a sentence, one document at a time.

    The columns are ``doc``, ``sent``, ``uncertain``, a 0 or 1 for each kind of cue, ``text`` and
    ``cues`` (``may:epistemic;if:condition``); the biomedical part has ``part`` too.

    Yields
    ------
    LabelledDocument
        As `read_szeged_xml` does.

    Raises
    ------
    TrainingDataError
        If a column is missing, an id comes twice, a label is not 0 or 1 or does not agree with the
        cues, or a cue does not stand in its sentence.
    """
    for name, rows in by_document(table_rows(Path(path), _COLUMNS), "doc"):
        names = Names(f"sentence id in {name}")
        sentences = []
        for number, row in enumerate(rows):
            sentence = row.name("sent")
            names.add(sentence, row.place)
            text = row.sentence("text")
            hedges = find_cues(row, "cues", text, KINDS)
            _check_flags(row, hedges)
            part = row.text("part") if "part" in row.values else ""
            sentences.append(LabelledSentence(text, number, _labels(hedges), sentence, part))
        # Only the biomedical table tells from which part of the corpus a document comes.
        group = _BIOMEDICAL if "part" in rows[0].values else _WIKIPEDIA
        yield _document(name, tuple(sentences), group)


def _xml_hedges(sentence: CueSentence) -> tuple[Span, ...]:
    spans = []
    for cue in sentence.cues:
        kind = _XML_KINDS.get(cue.type.rstrip(" _"))
        if kind is None:
            raise cue.place.error(
                f"a cue of the type {shown(cue.type)}", f"use one of {', '.join(_XML_KINDS)}"
            )
        spans.append(Span(cue.start, cue.end, sentence.text[cue.start : cue.end], kind))
    return tuple(spans)


def _check_flags(row: Row, hedges: tuple[Span, ...]) -> None:
    kinds = {span.kind for span in hedges}
    expected = {name: kind in kinds for name, kind in KINDS.items()} | {"uncertain": bool(kinds)}
    for column, value in expected.items():
        if row.flag(column) != value:
            raise row.wrong(
                column, "does not agree with the cues", "write 1 where there is such a cue, else 0"
            )


def _labels(hedges: tuple[Span, ...]) -> Labels:
    return Labels(uncertain=bool(hedges), hedges=hedges)


def _document(name: str, sentences: tuple[LabelledSentence, ...], group: str) -> LabelledDocument:
    corpus = "szeged-wiki" if group == _WIKIPEDIA else "szeged-bio"
    return LabelledDocument(name, f"{group}/{name}", corpus, sentences)
