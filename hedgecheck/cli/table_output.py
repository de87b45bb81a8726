"""Tables with their scores as CSV, TSV, JSON Lines and Parquet."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import IO, Any, Final, Protocol, TextIO

from hedgecheck.cli.table_input import Row, arrow
from hedgecheck.cli.writing import safe_cell
from hedgecheck.columns import has_surrogates
from hedgecheck.frames import column_type

_PART: Final = 4096  # rows that go into a Parquet file at a time


class TableOutput(Protocol):
    """Writes rows: what stood in them before, and the values of the added columns."""

    def write(self, row: Row, values: Sequence[Any]) -> None:
        """Write one row."""

    def close(self) -> None:
        """Write what is left."""


class CsvOutput:
    """Comma- or tab-separated values with a header.

    Cells that a spreadsheet would take for a formula get a ``'`` in front, but for those that stood
    in a table of text before and are to stay as they were (`kept_as_is`).
    """

    def __init__(
        self,
        out: TextIO,
        kept: Sequence[str],
        added: Sequence[str],
        *,
        delimiter: str,
        kept_as_is: bool,
    ) -> None:
        self._out = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        self._kept = kept
        self._guard = _as_it_is if kept_as_is else _kept_cell
        self._out.writerow([*kept, *added])

    def write(self, row: Row, values: Sequence[Any]) -> None:
        """Write one row."""
        before = [self._guard(row.values.get(name)) for name in self._kept]
        self._out.writerow([*before, *map(safe_cell, values)])

    def close(self) -> None:
        """Write nothing more."""


class JsonLinesOutput:
    """One object a line; a column that a row did not have it does not get."""

    def __init__(self, out: TextIO, kept: Sequence[str], added: Sequence[str]) -> None:
        self._out = out
        self._kept = frozenset(kept)
        self._added = added

    def write(self, row: Row, values: Sequence[Any]) -> None:
        """Write one row."""
        before = {name: value for name, value in row.values.items() if name in self._kept}
        self._out.write(_json({**before, **dict(zip(self._added, values, strict=True))}) + "\n")

    def close(self) -> None:
        """Write nothing more."""


class ParquetOutput:
    """A Parquet file. What came from one stays as it was, to the type.

    Of JSON Lines a column gets the type that all its values have; a column of several types, of
    lists or of objects is written as JSON text. Columns of CSV are text.
    """

    def __init__(
        self,
        out: IO[bytes],
        kept: Sequence[str],
        added: Mapping[str, str],
        *,
        schema: Any = None,
        kinds: Mapping[str, set[type]] | None = None,
    ) -> None:
        self._arrow = arrow("pyarrow")
        self._kept = kept
        self._added = added
        if schema is None:
            before = [(name, _arrow_type(self._arrow, (kinds or {}).get(name))) for name in kept]
        else:
            before = [(name, schema.field(name).type) for name in kept]
        types = {"str": "string", "bool": "bool_", "float64": "float64"}
        after = [
            (name, getattr(self._arrow, types.get(kind, "int64"))()) for name, kind in added.items()
        ]
        self._before = self._arrow.schema(before)
        self._schema = self._arrow.schema(before + after)
        self._file = arrow("pyarrow.parquet").ParquetWriter(out, self._schema)
        self._rows: list[tuple[Row, Sequence[Any]]] = []

    def write(self, row: Row, values: Sequence[Any]) -> None:
        """Write one row."""
        self._rows.append((row, values))
        if len(self._rows) >= _PART:
            self._flush()

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        before = self._arrow.concat_tables(self._tables_before())
        columns = list(before.columns)
        for place, name in enumerate(self._added):
            values = [_storable(values[place]) for _, values in self._rows]
            columns.append(self._arrow.array(values, type=self._schema.field(name).type))
        self._file.write_table(self._arrow.Table.from_arrays(columns, schema=self._schema))
        self._rows = []

    def _tables_before(self) -> Iterator[Any]:
        """Yield what stood in the rows before, those of one record batch at a time."""
        for _, group in groupby((row for row, _ in self._rows), key=lambda row: id(row.batch)):
            rows = list(group)
            batch = rows[0].batch
            if batch is not None:
                places = self._arrow.array([row.place for row in rows])
                taken = batch.select(list(self._kept)).take(places)
                # The batch may carry metadata, such as that of pandas on its index.
                yield self._arrow.Table.from_arrays(taken.columns, schema=self._before)
                continue
            values = [
                self._arrow.array([_as_type(row.values.get(name), kind) for row in rows], type=kind)
                for name, kind in zip(self._before.names, self._before.types, strict=True)
            ]
            yield self._arrow.Table.from_arrays(values, schema=self._before)


def added_types(names: Sequence[str], plain_names: Sequence[str]) -> dict[str, str]:
    """Return the type of each added column: ``int64``, ``float64``, ``bool`` or ``str``."""
    return {
        name: column_type(plain).lower() for name, plain in zip(names, plain_names, strict=True)
    }


def _as_it_is(value: Any) -> Any:
    return value


def _kept_cell(value: Any) -> Any:
    """Return a value that was no cell before as one; figures that are text are no formula."""
    if isinstance(value, (dict, list)):
        return _json(value)
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return safe_cell(value)
    return value


def _json(value: Any) -> str:
    text = json.dumps(_json_ready(value), ensure_ascii=False, allow_nan=False, default=str)
    return json.dumps(json.loads(text)) if has_surrogates(text) else text


def _json_ready(value: Any) -> Any:
    """Return a value without figures that JSON does not have: they are missing there."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(name): _json_ready(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_json_ready(inner) for inner in value]
    return value


def _arrow_type(pyarrow: Any, kinds: set[type] | None) -> Any:
    makers: dict[frozenset[type], Callable[[], Any]] = {
        frozenset({bool}): pyarrow.bool_,
        frozenset({int}): pyarrow.int64,
        frozenset({float}): pyarrow.float64,
        frozenset({int, float}): pyarrow.float64,
    }
    return makers.get(frozenset(kinds or {str}), pyarrow.string)()


def _as_type(value: Any, kind: Any) -> Any:
    if value is None or str(kind) != "string":
        return value
    return _storable(value if isinstance(value, str) else _json(value))


def _storable(value: Any) -> Any:
    """Return a value without lone surrogates, which Arrow refuses; they are spelled out."""
    if isinstance(value, str) and has_surrogates(value):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    return value
