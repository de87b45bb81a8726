"""Rows of JSON Lines and of tables with a header, read one at a time, each knowing its line."""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import IO, TYPE_CHECKING, Any, Final, cast

from hedgecheck.datasets.places import Names, Place, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = ["Row", "by_document", "json_rows", "open_bytes", "table_rows", "text_lines"]

_TRUE: Final = frozenset({"1", "true", "yes"})
_FALSE: Final = frozenset({"0", "false", "no"})


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row by column, and where it stands.

    Every method raises `TrainingDataError` if the column is missing or its value is not what the
    method's name says.
    """

    values: dict[str, Any]
    place: Place

    def get(self, column: str) -> Any:
        """Return a value as it is."""
        if column not in self.values:
            has = ", ".join(self.values) or "none"
            raise self.place.error(
                f"there is no column {column!r} (there is: {has})",
                "add it, or see docs/datasets.md for the columns of each format",
            )
        return self.values[column]

    def text(self, column: str) -> str:
        """Return a string."""
        value = self.get(column)
        if not isinstance(value, str):
            raise self.wrong(column, "is no text", "put it in quotation marks")
        return value

    def sentence(self, column: str) -> str:
        """Return a string that is more than white space."""
        value = self.text(column)
        if not value.strip():
            raise self.wrong(column, "is an empty sentence", "leave such rows out")
        return value

    def name(self, column: str) -> str:
        """Return a string or a whole number as a name."""
        value = self.get(column)
        if isinstance(value, bool) or not isinstance(value, (str, int)) or value == "":
            raise self.wrong(column, "is no name", "give a text that is not empty or a number")
        return str(value)

    def whole(self, column: str) -> int:
        """Return a whole number."""
        value = self.get(column)
        if isinstance(value, str) and value.isdecimal() and len(value) < 19:
            return int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(column, "is no whole number", "number sentences 0, 1, 2 …")
        return value

    def number(self, column: str, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        value = self.get(column)
        if isinstance(value, str):
            try:
                value = float(value)
            except ValueError:
                raise self.wrong(column, "is no number", f"give {low:g} to {high:g}") from None
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(column, "is no number", f"give {low:g} to {high:g}")
        if not (isfinite(value) and low <= value <= high):
            raise self.wrong(
                column, f"is not in {low:g} to {high:g}", "mend the label or its scale"
            )
        return float(value)

    def flag(self, column: str) -> bool:
        """Return a yes or no."""
        value = self.get(column)
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise self.wrong(column, "is neither yes nor no", "give true or false, 1 or 0")

    def choice(self, column: str, allowed: Sequence[str]) -> str:
        """Return one of a set of labels."""
        value = self.get(column)
        if value not in allowed or not isinstance(value, str):
            raise self.wrong(column, "is not in the set of labels", f"use {', '.join(allowed)}")
        return value

    def items(self, column: str) -> list[Any]:
        """Return a list."""
        value = self.get(column)
        if not isinstance(value, list):
            raise self.wrong(column, "is no list", "give […], or [] for none")
        return value

    def inner(self, column: str) -> Row:
        """Return a JSON object within the row as a row of its own."""
        return self.as_row(self.get(column), column)

    def rows(self, column: str) -> Iterator[Row]:
        """Yield the JSON objects of a list within the row."""
        for value in self.items(column):
            yield self.as_row(value, column)

    def as_row(self, value: Any, column: str) -> Row:
        """Return a JSON object that stands in a column as a row."""
        if not isinstance(value, dict):
            raise self.place.error(f"{column}: {shown(value)} is no object", "give {…}")
        return Row(value, self.place)

    def wrong(self, column: str, cause: str, remedy: str) -> Exception:
        """Return the error for the value of a column."""
        return self.place.error(f"{column}: {shown(self.values.get(column))} {cause}", remedy)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file, plain or (``.gz``) compressed.

    Raises
    ------
    TrainingDataError
        If there is no such file, or it cannot be opened.
    """
    try:
        if path.suffix == ".gz":
            return cast("IO[bytes]", gzip.open(path, "rb"))
        return path.open("rb")
    except FileNotFoundError:
        raise Place(path).error("there is no such file", "check the path") from None
    except IsADirectoryError:
        raise Place(path).error("is a folder", "name a file in it") from None
    except OSError as error:
        raise Place(path).error(f"cannot be opened ({error.strerror})", "check it") from None


def text_lines(path: Path) -> Iterator[tuple[str, Place]]:
    """Yield the lines of a UTF-8 file with their ends.

    Raises
    ------
    TrainingDataError
        If the file cannot be read, is empty, is not UTF-8, or is compressed and cut off.
    """
    number = 0
    with open_bytes(path) as lines:
        while True:
            try:
                line = lines.readline()
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise Place(path, number + 1).error(
                    f"the gzip file is damaged or cut off ({error})", "get the file again"
                ) from None
            except OSError as error:
                raise Place(path).error(f"cannot be read ({error.strerror})", "check it") from None
            if not line:
                break
            number += 1
            place = Place(path, number)
            yield _decoded(line, place), place
    if not number:
        raise Place(path).error("the file is empty", "get the file again")


def _decoded(line: bytes, place: Place) -> str:
    try:
        return line.decode("utf-8-sig" if place.line == 1 else "utf-8")
    except UnicodeDecodeError as error:
        byte = line[error.start]
        raise place.error(
            f"not UTF-8 (byte 0x{byte:02x} at position {error.start} of the line)",
            "convert the file to UTF-8, for example with iconv",
        ) from None


def json_rows(path: Path) -> Iterator[Row]:
    """Yield the objects of a JSON Lines file; blank lines are passed over.

    Raises
    ------
    TrainingDataError
        As `text_lines`, and if a line is no JSON object or there is none at all.
    """
    found = False
    for line, place in text_lines(path):
        if not line.strip():
            continue
        found = True
        try:
            values = json.loads(line, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise place.error(
                f"no valid JSON ({error})", "there must be one whole JSON object in each line"
            ) from None
        if not isinstance(values, dict):
            raise place.error(f"{shown(values)} is no JSON object", "write {…} in each line")
        yield Row(values, place)
    if not found:
        raise Place(path).error("the file holds no rows", "get the file again")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def table_rows(path: Path, columns: Sequence[str], delimiter: str = "\t") -> Iterator[Row]:
    """Yield the rows of a table with a header line.

    Parameters
    ----------
    path : Path
        A tab- or comma-separated file, plain or compressed.
    columns : sequence of str
        Columns that must be there; others are read too.
    delimiter : str, optional
        What separates the columns.

    Raises
    ------
    TrainingDataError
        As `text_lines`, and if a column is missing, a row has too few or too many, or there are no
        rows.
    """
    reader = csv.reader((line for line, _ in text_lines(path)), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    found = False
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            place = Place(path, max(reader.line_num, first_line))
            raise place.error(f"no valid table row ({error})", "mend its quotation marks") from None
        place = Place(path, first_line)
        if header is None:
            header = _header(cells, columns, place)
        elif cells:
            found = True
            if len(cells) != len(header):
                raise place.error(
                    f"{len(cells)} columns, but the header has {len(header)}",
                    "the file may be cut off, or a cell may hold a bare separator",
                )
            yield Row(dict(zip(header, cells, strict=True)), place)
    if not found:
        raise Place(path).error("the table has no rows", "get the file again")


def _header(cells: list[str], columns: Sequence[str], place: Place) -> list[str]:
    missing = ", ".join(repr(column) for column in columns if column not in cells)
    if missing:
        raise place.error(
            f"the header has no column {missing} (it has: {', '.join(cells)})",
            "add it or name the right column",
        )
    if len(set(cells)) < len(cells):
        raise place.error("the header names a column twice", "rename one of them")
    return cells


def by_document(rows: Iterable[Row], column: str) -> Iterator[tuple[str, list[Row]]]:
    """Yield each document's name and rows; only one document is held at a time.

    Raises
    ------
    TrainingDataError
        If a document comes back after another one began.
    """
    names = Names("document id")
    for name, group in groupby(rows, key=lambda row: row.name(column)):
        found = list(group)
        names.add(name, found[0].place)
        yield name, found
