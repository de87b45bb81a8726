"""Readers for Pei & Jurgens (2021): how certain findings of science sound, whole and by aspect."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Names
from hedgecheck.datasets.rows import Row, json_rows
from hedgecheck.datasets.structure import (
    ASPECT_VALUES,
    ASPECTS,
    LabelledDocument,
    LabelledSentence,
    Labels,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

__all__ = ["read_pei_jurgens", "read_pei_jurgens_aspects", "text_group"]

_LOWEST, _HIGHEST = 1, 6  # the annotators' scale
_SPLITS: Final = ("train", "val", "test")


def read_pei_jurgens(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read the certainty of whole findings, each a document of one sentence.

    Yields
    ------
    LabelledDocument
        With ``grade`` (1 to 6, a mean over annotators) and ``certainty`` (the same from 0 to 1).
        Documents of the same ``group`` have the same text, in this file or in that of aspects,
        which numbers and splits the findings in its own way.

    Raises
    ------
    TrainingDataError
        If a row lacks a column, a certainty is outside 1 to 6, or an id comes twice.
    """
    return _read(path, _sentence_labels)


def read_pei_jurgens_aspects(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read the certainty of six aspects of findings, each a document of one sentence.

    Yields
    ------
    LabelledDocument
        With ``aspects``: each of Number, Extent, Probability, Condition, Suggestion and Framing is
        Certain, Uncertain or NotPresent.

    Raises
    ------
    TrainingDataError
        If a row lacks a column or an aspect, a label is outside the set, or an id comes twice.
    """
    return _read(path, _aspect_labels)


def text_group(corpus: str, text: str) -> str:
    """Return a group for a sentence without a document: sentences with the same words share it.

    >>> text_group("mine", "It rained. ") == text_group("mine", "It rained.")
    True
    """
    digest = hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass"))
    return f"{corpus}/{digest.hexdigest()[:16]}"


def _read(
    path: str | os.PathLike[str], labels_of: Callable[[Row], Labels]
) -> Iterator[LabelledDocument]:
    names = Names("id")
    for row in json_rows(Path(path)):
        name = row.name("id")
        names.add(name, row.place)
        text = row.sentence("finding")
        split = row.choice("split", _SPLITS)
        sentence = LabelledSentence(text, 0, labels_of(row))
        group = text_group("pei-jurgens", text)
        yield LabelledDocument(name, group, "pei-jurgens", (sentence,), split)


def _sentence_labels(row: Row) -> Labels:
    grade = row.number("sentence-level-certainty", _LOWEST, _HIGHEST)
    return Labels(certainty=(grade - _LOWEST) / (_HIGHEST - _LOWEST), grade=grade)


def _aspect_labels(row: Row) -> Labels:
    inner = row.inner("aspect-level-certainty")
    return Labels(aspects=tuple((name, inner.choice(name, ASPECT_VALUES)) for name in ASPECTS))
