"""``hedgecheck score TABLE --text COLUMN``: a table in, and out again with its scores.

It is read and written a few rows at a time: a table may be larger than the memory.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from hedgecheck.cli.destination import Abandoned, print_for_machines, written_file
from hedgecheck.cli.limits import Limit
from hedgecheck.cli.messages import (
    DONE,
    LIMIT_BROKEN,
    NOTHING_DONE,
    PARTLY_DONE,
    ProgressBar,
    complain,
)
from hedgecheck.cli.table_input import Row, TableInput, open_table, table_ending
from hedgecheck.cli.table_output import (
    CsvOutput,
    JsonLinesOutput,
    ParquetOutput,
    TableOutput,
    added_types,
)
from hedgecheck.errors import InputError
from hedgecheck.frames import (
    ScoredRow,
    checked_names,
    kept_columns,
    score_columns,
    score_texts,
    score_values,
)
from hedgecheck.notices import kept_warnings

if TYPE_CHECKING:
    from hedgecheck.model import Model

_MOST_COMPLAINTS: Final = 20  # lines on standard error about rows; the rest is counted


def score_table(  # noqa: PLR0913 -- one keyword an option
    path: str,
    *,
    text: str,
    unit: str,
    prefix: str,
    encoding: str | None,
    model_name: str,
    out: str | None,
    form: str,
    limits: Sequence[Limit],
    quiet: bool,
) -> int:
    """Score a column of a table, write the table with its scores, and return the exit code.

    A row that cannot be read or scored is reported in one line, and the others are done all the
    same: where it has values they are written with its scores missing.

    Parameters
    ----------
    path : str
        The table.
    text : str
        Its column of texts.
    unit : str
        ``"document"`` or ``"sentence"``.
    prefix : str
        What the names of the added columns begin with.
    encoding : str or None
        Encoding of the table, if it is one of text.
    model_name : str
        Name or path of the model.
    out : str or None
        File to write, None for standard output.
    form : str
        ``csv``, ``tsv``, ``jsonl`` or ``parquet``.
    limits : sequence of Limit
        Limits on the profile of every document.
    quiet : bool
        Whether to write nothing but complaints.

    Raises
    ------
    HedgecheckError
        If nothing can be done: no such file, column or model, or `out` cannot be written.
    """
    if out is not None and Path(out).resolve() == Path(path).resolve():
        raise InputError(f"{out}: is the table itself; name another file to write")
    same = form == "parquet" and table_ending(path) == ".parquet"
    table = open_table(path, encoding, only=text if same else None)
    names = _added(path, table.columns, text, unit, prefix)
    import hedgecheck

    model = hedgecheck.load(model_name)
    kept = kept_columns(table.columns, text, unit)
    bar = _Bar(table, shown=not quiet and (out is not None or not sys.stdout.isatty()))
    complaints = _Complaints(path, bar)
    place: AbstractContextManager[Any] = nullcontext(sys.stdout)
    if out is None:
        print_for_machines()
    else:
        place = written_file(out, text=form != "parquet")
    with place as stream, bar, kept_warnings() as notices:
        output = None if quiet and out is None else _output(stream, table, form, kept, names, unit)
        for row, scored in _scored(model, table, text, unit, complaints):
            complaints.judge(row, scored, limits)
            if output is not None:
                for values in score_values(scored, unit):
                    output.write(row, values)
            bar.show()
        if output is not None:
            output.close()
        if complaints.code() == NOTHING_DONE and out is not None:
            raise Abandoned
    complaints.tell_rest()
    for notice in notices:
        complain(f"{path}: warning: {notice}")
    return complaints.code()


def _added(path: str, columns: Sequence[str], text: str, unit: str, prefix: str) -> list[str]:
    """Return the names of the added columns; errors speak of the file."""
    try:
        return checked_names(columns, text, unit, prefix)
    except InputError as error:
        raise InputError(f"{path}: {error}") from None


def _scored(
    model: Model, table: TableInput, text: str, unit: str, complaints: _Complaints
) -> Iterator[tuple[Row, ScoredRow]]:
    """Yield the rows with their scores; those that cannot be read are complained about."""
    waiting: deque[Row] = deque()  # rows whose texts are being scored

    def texts() -> Iterator[Any]:
        for row in table.rows():
            if row.error is not None:
                complaints.add(row, row.error)
                continue
            complaints.readable += 1
            waiting.append(row)
            yield row.values.get(text)

    for scored in score_texts(model, texts(), unit):
        yield waiting.popleft(), scored


def _output(
    stream: Any, table: TableInput, form: str, kept: Sequence[str], names: Sequence[str], unit: str
) -> TableOutput:
    if form == "jsonl":
        return JsonLinesOutput(stream, kept, names)
    if form == "parquet":
        types = added_types(names, score_columns(unit))
        return ParquetOutput(stream, kept, types, schema=table.schema, kinds=table.kinds)
    is_text = not table.kinds and table.schema is None
    delimiter = "\t" if form == "tsv" else ","
    return CsvOutput(stream, kept, names, delimiter=delimiter, kept_as_is=is_text)


class _Complaints:
    """What was wrong with rows: the first ones as lines on standard error, the rest as a number."""

    def __init__(self, path: str, bar: _Bar) -> None:
        self.readable = 0
        self._path = path
        self._bar = bar
        self._rows = 0
        self._limits = 0
        self._told = 0

    def add(self, row: Row, message: str, *, is_limit: bool = False) -> None:
        """Count a complaint, and tell it if few have been told."""
        if is_limit:
            self._limits += 1
        else:
            self._rows += 1
        if self._told < _MOST_COMPLAINTS:
            self._told += 1
            self._bar.end()
            complain(f"{self._path}: {row.where}: {message}")

    def judge(self, row: Row, scored: ScoredRow, limits: Sequence[Limit]) -> None:
        """Complain of a row that could not be scored, or whose text breaks a limit."""
        if scored.error:
            self.add(row, f"{scored.error}; its scores are missing")
        if scored.document is None:
            return
        for limit in limits:
            broken = limit.broken(scored.scores, scored.document.profile)
            if broken:
                self.add(row, broken, is_limit=True)

    def tell_rest(self) -> None:
        """Tell how many were not told."""
        untold = self._rows + self._limits - self._told
        if untold:
            complain(f"{self._path}: and {untold:,} more such {'row' if untold == 1 else 'rows'}")

    def code(self) -> int:
        """Return the exit code."""
        if not self.readable and self._rows:
            return NOTHING_DONE
        if self._limits:
            return LIMIT_BROKEN
        return PARTLY_DONE if self._rows else DONE


class _Bar:
    """A progress bar on standard error, where that is a terminal."""

    def __init__(self, table: TableInput, *, shown: bool) -> None:
        self._table = table
        self._bar = ProgressBar() if shown and sys.stderr.isatty() else None

    def __enter__(self) -> Self:
        return self

    def show(self) -> None:
        """Show how much of the table is read."""
        if self._bar is not None:
            self._bar("scoring", *self._table.progress())

    def end(self) -> None:
        """End the line, so that another can follow."""
        if self._bar is not None:
            self._bar.close()

    def __exit__(self, *_: object) -> None:
        self.end()
