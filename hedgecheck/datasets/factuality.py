"""Reader for event factuality (UDS-IH2, MEANTIME): did each event of a sentence happen, -3 to 3."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.pei_jurgens import text_group
from hedgecheck.datasets.places import Names
from hedgecheck.datasets.rows import Row, json_rows
from hedgecheck.datasets.structure import LabelledDocument, LabelledSentence, Labels

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["read_factuality"]

_HIGHEST: Final = 3  # certain that it happened; -3 is certain that it did not


def read_factuality(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read event factuality from JSON Lines, each sentence a document.

    Parameters
    ----------
    path : path
        A file named ``CORPUS-SPLIT.jsonl``, such as ``meantime-dev.jsonl``; corpus and split are
        taken from the name.

    Yields
    ------
    LabelledDocument
        With ``grade``, the mean ``|label|`` of the sentence's events (0 to 3: how far the text
        commits itself, either way), and ``certainty``, a third of it. A sentence without events has
        no labels. The text is tokenised, as the corpus is. Sentences with the same words share a
        group.

    Raises
    ------
    TrainingDataError
        If a row lacks a column, a label is outside -3 to 3, an event's words do not stand where
        its offsets say, or an index comes twice.
    """
    file = Path(path)
    corpus, _, split = file.name.partition(".")[0].rpartition("-")
    if not corpus:
        corpus, split = split, ""
    corpus = f"factuality-{corpus.removesuffix('_ih2')}"
    names = Names("idx")
    for row in json_rows(file):
        name = row.name("idx")
        names.add(name, row.place)
        text = row.sentence("text")
        labels = _labels(row, text.split())
        group = text_group(corpus, text)
        yield LabelledDocument(name, group, corpus, (LabelledSentence(text, 0, labels),), split)


def _labels(row: Row, tokens: list[str]) -> Labels | None:
    grades = []
    for target in row.rows("targets"):
        grades.append(abs(target.number("label", -_HIGHEST, _HIGHEST)))
        _check_tokens(target, tokens)
    if not grades:
        return None
    grade = sum(grades) / len(grades)
    return Labels(certainty=grade / _HIGHEST, grade=grade)


def _check_tokens(target: Row, tokens: list[str]) -> None:
    span = target.items("span1")
    if len(span) != 2 or not all(isinstance(number, int) for number in span):
        raise target.wrong("span1", "is no span", "give [first token, last token + 1]")
    start, end = span
    if not 0 <= start < end <= len(tokens):
        raise target.place.error(
            f"the event span {start}:{end} lies outside its sentence of {len(tokens)} tokens",
            "spans count the sentence's tokens, which are separated by spaces",
        )
    if " ".join(tokens[start:end]) != target.text("span_text"):
        raise target.wrong(
            "span_text", f"is not what tokens {start}:{end} are", "mend the offsets or the words"
        )
