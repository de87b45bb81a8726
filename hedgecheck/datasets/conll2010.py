"""Readers for the CoNLL-2010 shared task, task 1: weasel and speculative sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.cue_xml import CueSentence, read_cue_documents
from hedgecheck.datasets.flat_cues import find_cues
from hedgecheck.datasets.places import Names, shown
from hedgecheck.datasets.rows import by_document, table_rows
from hedgecheck.datasets.structure import LabelledDocument, LabelledSentence, Labels, Span
from hedgecheck.datasets.szeged import KINDS

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["read_conll2010_tsv", "read_conll2010_xml"]

_VALUES: Final = ("certain", "uncertain")
_COLUMNS: Final = ("split", "doc", "sent", "part", "label", "label_source", "text", "szeged_cues")


def read_conll2010_xml(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read a file of the shared task in its own XML, one document at a time.

    Yields
    ------
    LabelledDocument
        Of Wikipedia with ``weasel`` and cues of the kind ``weasel``; of biomedical texts with
        ``uncertain`` and cues of the kind ``hedge``.

    Raises
    ------
    TrainingDataError
        If the XML is bad or cut off, an id comes twice, or a sentence's ``certainty`` is missing or
        neither ``certain`` nor ``uncertain``.
    """
    for document in read_cue_documents(Path(path)):
        is_wikipedia = document.type.startswith("Wikipedia")
        sentences = tuple(
            LabelledSentence(
                each.text, number, _xml_labels(each, is_wikipedia), name=each.name, part=each.part
            )
            for number, each in enumerate(document.sentences)
        )
        corpus = "conll2010-wiki" if is_wikipedia else "bioscope"
        yield LabelledDocument(document.id, f"{corpus}/{document.id}", corpus, sentences)


def read_conll2010_tsv(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read the Wikipedia part as a table with a row a sentence, one document at a time.

    The columns are ``split``, ``doc``, ``sent``, ``part``, ``label`` (1: weasel), ``label_source``,
    ``text`` and ``szeged_cues``, the cues of the Szeged corpus in the same sentence.

    Yields
    ------
    LabelledDocument
        With ``weasel``, and ``hedges`` from the Szeged annotation: those are no weasels.

    Raises
    ------
    TrainingDataError
        If a column is missing, an id comes twice, a label is not 0 or 1, or a cue does not stand in
        its sentence.
    """
    for name, rows in by_document(table_rows(Path(path), _COLUMNS), "doc"):
        names = Names(f"sentence id in {name}")
        sentences = []
        for number, row in enumerate(rows):
            sentence = row.name("sent")
            names.add(sentence, row.place)
            text = row.sentence("text")
            hedges = find_cues(row, "szeged_cues", text, KINDS)
            labels = Labels(weasel=row.flag("label"), hedges=hedges)
            sentences.append(LabelledSentence(text, number, labels, sentence, row.text("part")))
        group = f"conll2010-wiki/{name}"
        split = rows[0].text("split")
        yield LabelledDocument(name, group, "conll2010-wiki", tuple(sentences), split)


def _xml_labels(sentence: CueSentence, is_wikipedia: bool) -> Labels:
    if sentence.certainty not in _VALUES:
        raise sentence.place.error(
            f"the sentence {shown(sentence.name)} has certainty={shown(sentence.certainty)}",
            'write certainty="certain" or certainty="uncertain"',
        )
    uncertain = sentence.certainty == "uncertain"
    kind = "weasel" if is_wikipedia else "hedge"
    hedges = tuple(
        Span(cue.start, cue.end, sentence.text[cue.start : cue.end], kind)
        for cue in sentence.cues
        if cue.element == "ccue" or cue.type == "speculation"
    )
    if is_wikipedia:
        return Labels(weasel=uncertain, hedges=hedges)
    return Labels(uncertain=uncertain, hedges=hedges)
