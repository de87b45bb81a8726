"""Tables from files, a row at a time: CSV, TSV, JSON Lines and Parquet, and nothing guessed.

Cells of CSV stay the text that they are. A row that cannot be read is handed on with the reason,
and the rows after it are read all the same.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, Protocol, cast

from hedgecheck.cli.reading import byte_order_encoding
from hedgecheck.errors import InputError
from hedgecheck.extras import import_extra

TEXT_ENDINGS: Final = (".csv", ".tsv", ".jsonl")  # each may be followed by .gz
ENDINGS: Final = (*TEXT_ENDINGS, ".parquet")

_BATCH: Final = 1024  # rows of a Parquet file in memory at a time
_LONGEST_CELL: Final = 1 << 28  # characters; the csv module refuses more than 131,072 by itself


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table.

    Attributes
    ----------
    where : str
        Where it stands, such as ``line 7``.
    values : mapping of str to object
        Its values by column; of Parquet, where only the text was asked for, that one alone.
    error : str or None
        Why it could not be read; then it has no values.
    batch, place : object and int
        Of Parquet: the record batch that holds the row, and its number there.
    """

    where: str
    values: Mapping[str, Any] = field(default_factory=dict)
    error: str | None = None
    batch: Any = None
    place: int = 0


class TableInput(Protocol):
    """A table to read.

    Attributes
    ----------
    columns : list of str
        Names of its columns.
    kinds : dict of str to set of type
        Of JSON Lines the types of the values in each column; else empty.
    schema : object or None
        Of Parquet its Arrow schema.
    """

    columns: list[str]
    kinds: dict[str, set[type]]
    schema: Any

    def rows(self) -> Iterator[Row]:
        """Yield the rows in order."""

    def progress(self) -> tuple[int, int]:
        """Return how much is read and how much there is, in units of one's own."""


def table_ending(path: str) -> str | None:
    """Return the ending that makes a file a table, without ``.gz``; None for another file.

    >>> table_ending("archive/2021.CSV.gz"), table_ending("story.txt")
    ('.csv', None)
    """
    name = Path(path).name.lower()
    packed = name.removesuffix(".gz")
    ending = Path(packed).suffix
    known = ENDINGS if packed == name else TEXT_ENDINGS
    return ending if ending in known else None


def open_table(path: str, encoding: str | None, only: str | None = None) -> TableInput:
    """Open a table.

    Parameters
    ----------
    path : str
        The file.
    encoding : str or None
        Encoding of CSV and JSON Lines; by default a byte order mark decides, else it is UTF-8.
    only : str, optional
        The one column whose values are wanted of Parquet; the others stay in its batches.

    Raises
    ------
    InputError
        If there is no such file, it is no table, or its header or its schema cannot be read.
    MissingExtraError
        For Parquet, if pyarrow is not installed.
    """
    ending = table_ending(path)
    if ending is None:
        raise InputError(f"{path}: no table; its name has to end in {', '.join(ENDINGS)}")
    if not Path(path).is_file():
        reason = "is a directory; name one table" if Path(path).is_dir() else "no such file"
        raise InputError(f"{path}: {reason}")
    if ending == ".parquet":
        return ParquetInput(path, only)
    if ending == ".jsonl":
        return JsonLinesInput(path, encoding)
    return CsvInput(path, encoding, "," if ending == ".csv" else "\t")


class _TextFile:
    """A file of lines, packed or not, that knows how many of its bytes are read."""

    def __init__(self, path: str, encoding: str | None) -> None:
        self.path = path
        self._raw: IO[bytes] | None = None
        self._read = 0
        self._size = Path(path).stat().st_size
        try:
            with self._opened() as start:
                marked = byte_order_encoding(start.read(4))
        except (EOFError, OSError, zlib.error) as error:
            raise InputError(f"{path}: cannot be read ({error})") from None
        self._encoding = encoding or marked or "utf-8"

    def progress(self) -> tuple[int, int]:
        """Return the bytes read and the bytes there are."""
        if self._raw is not None and not self._raw.closed:
            self._read = self._raw.tell()
        return self._read, self._size

    @contextmanager
    def lines(self) -> Iterator[IO[str]]:
        """Open the file as text whose line ends are left as they are.

        Raises
        ------
        InputError
            If it cannot be read or is not in its encoding.
        """
        try:
            with self._opened() as data, io.TextIOWrapper(data, self._encoding, newline="") as text:
                yield text
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            raise InputError(
                f"{self.path}: not valid {self._encoding} (byte 0x{byte:02x}); state the right one "
                "with --encoding"
            ) from None
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise InputError(f"{self.path}: damaged or cut off ({error})") from None
        except OSError as error:
            raise InputError(f"{self.path}: cannot be read: {error.strerror or error}") from None
        finally:
            self._raw, self._read = None, self._size

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        with Path(self.path).open("rb") as raw:
            self._raw = raw
            if self.path.lower().endswith(".gz"):
                yield cast("IO[bytes]", gzip.GzipFile(fileobj=raw))
            else:
                yield raw


class CsvInput(_TextFile):
    """Comma- or tab-separated values with a header; all cells are text."""

    schema = None

    def __init__(self, path: str, encoding: str | None, delimiter: str) -> None:
        super().__init__(path, encoding)
        self.kinds: dict[str, set[type]] = {}
        self._delimiter = delimiter
        with self.lines() as lines, _long_cells():
            try:
                self.columns = _without_mark(next(csv.reader(lines, delimiter=delimiter), []))
            except csv.Error as error:
                raise InputError(f"{path}: its header cannot be read ({error})") from None
        twice = {name for name in self.columns if self.columns.count(name) > 1}
        if twice:
            raise InputError(f"{path}: the header names {twice.pop()!r} twice; rename one")

    def rows(self) -> Iterator[Row]:
        """Yield the rows; one with too few or too many cells is an error of its own."""
        with self.lines() as lines, _long_cells():
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            next(reader, None)
            while True:
                where = f"line {reader.line_num + 1}"
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Row(where, error=f"no valid row ({error})")
                    continue
                if len(cells) == len(self.columns):
                    yield Row(where, dict(zip(self.columns, cells, strict=True)))
                elif cells:  # an empty line is no row
                    found, wanted = len(cells), len(self.columns)
                    few = f"the row has {found} of the header's {wanted} cells"
                    many = f"the row has {found} cells, the header {wanted}"
                    yield Row(where, error=few if found < wanted else many)


class JsonLinesInput(_TextFile):
    """One JSON object a line; read once for the names and the types of the columns."""

    schema = None

    def __init__(self, path: str, encoding: str | None) -> None:
        super().__init__(path, encoding)
        self.kinds: dict[str, set[type]] = {}
        for row in self.rows():
            for name, value in row.values.items():
                kinds = self.kinds.setdefault(name, set())
                if value is not None:
                    kinds.add(_kind(value))
        self.columns = list(self.kinds)

    def rows(self) -> Iterator[Row]:
        """Yield the objects; a line that holds no object is an error of its own."""
        with self.lines() as lines:
            for number, line in enumerate(lines, 1):
                if line.strip("\ufeff \t\r\n"):  # a blank line is no row
                    yield _json_row(f"line {number}", line)


class ParquetInput:
    """A Parquet file, read a batch at a time."""

    def __init__(self, path: str, only: str | None) -> None:
        self.path = path
        self.kinds: dict[str, set[type]] = {}
        self._only = only
        self._done = 0
        with self._opened() as file:
            self.schema = file.schema_arrow
            self.columns = list(file.schema_arrow.names)
            self._total = file.metadata.num_rows
        if len(set(self.columns)) < len(self.columns):
            raise InputError(f"{path}: has two columns of the same name; rename one")

    def progress(self) -> tuple[int, int]:
        """Return the rows read and the rows there are."""
        return self._done, self._total

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        with self._opened() as file:
            for batch in file.iter_batches(_BATCH):
                wanted = batch if self._only is None else batch.select([self._only])
                for place, values in enumerate(wanted.to_pylist()):
                    self._done += 1
                    yield Row(f"row {self._done}", values, batch=batch, place=place)

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        parquet = arrow("pyarrow.parquet")
        try:
            with parquet.ParquetFile(self.path) as file:
                yield file
        except InputError:
            raise  # it is a ValueError too
        except (OSError, ValueError) as error:  # what pyarrow's own errors are
            raise InputError(f"{self.path}: no readable Parquet file ({error})") from None


def arrow(module: str) -> Any:
    """Import a module of pyarrow.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    return import_extra(module, "parquet", "Parquet needs pyarrow")


def _json_row(where: str, line: str) -> Row:
    try:
        values = json.loads(line.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return Row(where, error=f"no valid JSON ({error})")
    if not isinstance(values, dict):
        return Row(where, error=f"{type(values).__name__}, not a JSON object: write {{…}}")
    return Row(where, values)


def _kind(value: Any) -> type:
    """Return the type of a JSON value; a whole number beyond 64 bits counts as its digits."""
    return str if isinstance(value, int) and not -(1 << 63) <= value < 1 << 63 else type(value)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _without_mark(cells: list[str]) -> list[str]:
    return [cells[0].removeprefix("\ufeff"), *cells[1:]] if cells else cells


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let cells be as long as articles are; the limit is one of the whole process."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
