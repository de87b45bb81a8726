"""Reader for anybody's own table of sentences: CSV, TSV, JSON Lines or Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hedgecheck.datasets.columns import Columns, labels_of
from hedgecheck.datasets.places import Names, Place
from hedgecheck.datasets.rows import Row, by_document, json_rows, table_rows
from hedgecheck.datasets.structure import LabelledDocument, LabelledSentence
from hedgecheck.errors import TrainingDataError
from hedgecheck.extras import import_extra

if TYPE_CHECKING:
    import os

__all__ = ["SUFFIXES", "read_table", "rows_of"]

#: What a table's file name may end with; each but Parquet may be followed by ``.gz``.
SUFFIXES: Final = (".csv", ".tsv", ".jsonl", ".parquet")

_BATCH: Final = 4096  # rows of a Parquet file in memory at a time


def read_table(
    path: str | os.PathLike[str], columns: Columns, *, corpus: str = "table"
) -> Iterator[LabelledDocument]:
    r"""Read a table with a row a sentence, one document at a time.

    Parameters
    ----------
    path : path
        A UTF-8 file that ends with one of `SUFFIXES`.
    columns : Columns
        What the columns are called.
    corpus : str, optional
        The documents' ``corpus``.

    Yields
    ------
    LabelledDocument
        With the labels that have a column.

    Raises
    ------
    TrainingDataError
        If the file is of another kind or damaged, a column is missing, a label outside its set, a
        span outside its sentence, or a document or a sentence number comes twice.
    MissingExtraError
        For Parquet, if pyarrow is not installed.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
    ...     print("body,label", "It may rain.,1", sep="\n", file=file, flush=True)
    ...     [document] = read_table(file.name, Columns(text="body", uncertain="label"))
    >>> document.sentences[0].labels.uncertain
    True
    """
    rows = rows_of(Path(path), columns)
    if columns.document is None:
        for row in rows:
            sentence, group, split = _sentence(row, columns, 0)
            name = f"{row.place.unit} {row.place.line}"
            yield LabelledDocument(name, group or name, corpus, (sentence,), split)
        return
    for name, found in by_document(rows, columns.document):
        yield _document(name, found, columns, corpus)


def _document(name: str, rows: list[Row], columns: Columns, corpus: str) -> LabelledDocument:
    numbers = Names(f"sentence number in {name}")
    sentences = []
    groups, splits = set(), set()
    for k, row in enumerate(rows):
        sentence, group, split = _sentence(row, columns, k)
        numbers.add(str(sentence.number), row.place)
        groups.add(group or name)
        splits.add(split)
        sentences.append(sentence)
    for what, values in (("group", groups), ("split", splits)):
        if len(values) > 1:
            raise rows[0].place.error(
                f"the document {name!r} has sentences of more than one {what}",
                f"a document has one {what}",
            )
    return LabelledDocument(name, groups.pop(), corpus, tuple(sentences), splits.pop())


def _sentence(row: Row, columns: Columns, number: int) -> tuple[LabelledSentence, str, str]:
    """Return a sentence, its group and its split; empty where there is no column for them."""
    text = row.sentence(columns.text)
    if columns.number:
        number = row.whole(columns.number)
    group = row.name(columns.group) if columns.group else ""
    split = row.name(columns.split) if columns.split else ""
    return LabelledSentence(text, number, labels_of(row, text, columns)), group, split


def rows_of(path: Path, columns: Columns) -> Iterator[Row]:
    """Yield the rows of a table; every column that `columns` names is there.

    Raises
    ------
    TrainingDataError
        If the file is of another kind or damaged, or a column is missing.
    MissingExtraError
        For Parquet, if pyarrow is not installed.
    """
    suffix = Path(path.stem).suffix if path.suffix == ".gz" else path.suffix
    if suffix == ".jsonl":
        return _checked(json_rows(path), columns)
    if suffix in (".csv", ".tsv"):
        rows = table_rows(path, columns.names(), "," if suffix == ".csv" else "\t")
        return (_with_lists(row, columns) for row in rows)
    if path.suffix == ".parquet":
        return _parquet_rows(path, columns)
    raise Place(path).error(
        f"{suffix or 'no suffix'!r} is no kind of table", f"use one of {', '.join(SUFFIXES)}"
    )


def _checked(rows: Iterator[Row], columns: Columns) -> Iterator[Row]:
    for row in rows:
        for name in columns.names():
            row.get(name)
        yield row


def _with_lists(row: Row, columns: Columns) -> Row:
    """Return a row of CSV in which spans that are written as JSON are lists."""
    values: dict[str, Any] = dict(row.values)
    for name in (columns.hedges, columns.source, columns.cue):
        if name and values[name].startswith("["):
            try:
                values[name] = json.loads(values[name])
            except (ValueError, RecursionError) as error:
                raise row.wrong(name, f"is no JSON list ({error})", "write [[0, 3]]") from None
    return replace(row, values=values)


def _parquet_rows(path: Path, columns: Columns) -> Iterator[Row]:
    if not path.is_file():
        raise Place(path).error("there is no such file", "check the path")
    parquet = import_extra("pyarrow.parquet", "parquet", "reading Parquet needs pyarrow")
    try:
        with parquet.ParquetFile(path) as file:
            has = file.schema_arrow.names
            missing = ", ".join(repr(name) for name in columns.names() if name not in has)
            if missing:
                raise Place(path).error(
                    f"there is no column {missing} (there is: {', '.join(has)})",
                    "add it or name the right column",
                )
            number = 0
            for batch in file.iter_batches(_BATCH, columns=list(columns.names())):
                for values in batch.to_pylist():
                    number += 1
                    yield Row(values, Place(path, number, "row"))
    except TrainingDataError:
        raise  # it is a ValueError too
    except (OSError, ValueError) as error:  # what pyarrow's own errors are
        raise Place(path).error(f"no readable Parquet file ({error})", "write it anew") from None
    if not number:
        raise Place(path).error("the table has no rows", "write it anew")
