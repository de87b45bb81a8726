"""Readers for the data set that comes with hedgecheck: invented news, and contrast pairs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.hedgenews import guideline_labels
from hedgecheck.datasets.places import Names
from hedgecheck.datasets.rows import Row, by_document, json_rows
from hedgecheck.datasets.structure import ContrastPair, LabelledDocument, LabelledSentence

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

__all__ = ["AXES", "read_news", "read_pair_documents", "read_pairs"]

#: What the two sides of a pair can differ in.
AXES: Final = ("certainty", "sourcing", "attribution", "confidential")


def read_news(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read ``news.jsonl``, one document at a time.

    Yields
    ------
    LabelledDocument
        Every sentence is labelled by the guidelines on all axes.

    Raises
    ------
    TrainingDataError
        If a row lacks a column, a label is outside its set, a span outside its sentence, or an id,
        a document or a sentence number comes twice.

    Examples
    --------
    >>> from hedgecheck.shipped import dataset_path
    >>> document = next(read_news(dataset_path("news.jsonl")))
    >>> document.corpus, document.sentences[0].labels.sourcing
    ('hedgecheck-news', 'none')
    """
    ids = Names("id")
    for name, rows in by_document(json_rows(Path(path)), "doc"):
        numbers = Names(f"sentence number in {name}")
        sentences = []
        for row in rows:
            number = row.whole("i")
            numbers.add(str(number), row.place)
            ids.add(row.name("id"), row.place)
            text = row.sentence("text")
            sentences.append(
                LabelledSentence(
                    text,
                    number,
                    guideline_labels(row, text),
                    name=row.name("id"),
                    paragraph=row.whole("paragraph"),
                )
            )
        group = f"hedgecheck-news/{name}"
        genre = rows[0].text("genre")
        yield LabelledDocument(
            name, group, "hedgecheck-news", tuple(sentences), split="test", genre=genre
        )


def read_pairs(path: str | os.PathLike[str]) -> Iterator[ContrastPair]:
    """Read ``pairs.jsonl``, one pair at a time.

    Yields
    ------
    ContrastPair
        Only the target of each side has labels; the sentences around it are its context.

    Raises
    ------
    TrainingDataError
        If a row lacks a column, a label or an axis is outside its set, a span or a target outside
        its side, or a pair comes twice.

    Examples
    --------
    >>> from hedgecheck.shipped import dataset_path
    >>> pair = next(read_pairs(dataset_path("pairs.jsonl")))
    >>> pair.axes, len(pair.a.labelled)
    (('certainty',), 1)
    """
    names = Names("pair")
    for row in json_rows(Path(path)):
        name = row.name("pair")
        names.add(name, row.place)
        axes = row.items("axes")
        if not axes or not all(axis in AXES for axis in axes):
            raise row.wrong("axes", "is not a choice of axes", f"use some of {', '.join(AXES)}")
        a, b = (_side(row.inner(side), name, side) for side in ("a", "b"))
        yield ContrastPair(name, row.text("phenomenon"), tuple(axes), a, b)


def read_pair_documents(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read ``pairs.jsonl`` as documents: the two sides of each pair, of one group.

    Yields
    ------
    LabelledDocument
        ``genre`` is the phenomenon.

    Raises
    ------
    TrainingDataError
        As `read_pairs`.
    """
    for pair in read_pairs(path):
        for side in (pair.a, pair.b):
            yield LabelledDocument(
                side.id, side.group, side.corpus, side.sentences, side.split, pair.phenomenon
            )


def _side(row: Row, pair: str, side: str) -> LabelledDocument:
    texts = row.items("sentences")
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise row.wrong("sentences", "is no list of sentences", "give one or more texts")
    target = row.whole("target")
    if not 0 <= target < len(texts):
        raise row.wrong("target", f"is no index of its {len(texts)} sentences", "count them from 0")
    labels = guideline_labels(row, texts[target])
    sentences = tuple(
        LabelledSentence(text, number, labels if number == target else None)
        for number, text in enumerate(texts)
    )
    return LabelledDocument(
        f"{pair}{side}", f"hedgecheck-pairs/{pair}", "hedgecheck-pairs", sentences, split="test"
    )
