"""Scoring a column of a frame: pandas, polars or pyarrow in, the same kind out.

narwhals speaks to the three libraries, and takes rows and adds columns in each one's own way: the
types of the other columns and, in pandas, the index stay as they are.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import numpy.typing as npt

from hedgecheck.batch_columns import Column, batch_columns
from hedgecheck.checking import described
from hedgecheck.columns import COLUMN_TYPES, COLUMNS, has_surrogates, score_row
from hedgecheck.errors import InputError, RowWarning
from hedgecheck.language import frames_of_package
from hedgecheck.parallel import checked_jobs, map_parts

if TYPE_CHECKING:
    import narwhals as nw

    from hedgecheck.model import Model
    from hedgecheck.progress import Progress
from hedgecheck.results import Document, SentenceScore

UNITS: Final = ("document", "sentence")
SENTENCE: Final = "sentence"  # column of the sentence's number in its document, from 0

#: What says nothing about a sentence that stands alone, in a row of its own.
_ONLY_IN_DOCUMENTS: Final = frozenset({"text", "start", "end", "speaker", "speaker_sentence"})

_ROWS: Final = {"document": 128, "sentence": 4096}  # read at a time
_FRAME_ROWS: Final = {"document": 512, "sentence": 8192}  # that become columns at a time
_BATCH: Final = 2048  # sentences scored at a time
_PATIENCE: Final = 0.5  # seconds before a bar that nobody asked for comes up


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """What one row of a table gave.

    `scores` is empty where the text is missing, has no words or, then with `error`, is no text.
    """

    scores: Sequence[SentenceScore]
    document: Document | None = None
    error: str | None = None


def score_texts(model: Model, texts: Iterable[Any], unit: str) -> Iterator[ScoredRow]:
    """Score what the rows of a table hold, in order and in bounded memory.

    Parameters
    ----------
    model : Model
        What scores.
    texts : iterable
        A text a row; None where it is missing.
    unit : str
        ``"document"`` or ``"sentence"``: what a text is.

    Yields
    ------
    ScoredRow
        One a row; a value that is no text is an error of its row alone.
    """
    stream = iter(texts)
    while rows := list(islice(stream, _ROWS[unit])):
        good = [text for text in rows if isinstance(text, str)]
        if unit == "document":
            scored = iter([ScoredRow(found, found) for found in model.score_documents(good)])
        else:
            scored = iter([ScoredRow((found,)) for found in model.score_sentences(good)])
        for text in rows:
            if text is None:
                yield ScoredRow(())
            elif isinstance(text, str):
                yield next(scored)
            else:
                yield ScoredRow((), error=_no_text(text))


def _no_text(value: Any) -> str:
    return f"the text is {described(value)}, not a str"


def score_columns(unit: str) -> tuple[str, ...]:
    """Return the names of the columns that scoring adds, without a prefix.

    >>> score_columns("document")[:4]
    ('sentence', 'text', 'start', 'end')
    >>> score_columns("sentence")[:2]
    ('certainty', 'certainty_level')
    """
    if unit == "document":
        return (SENTENCE, *COLUMNS)
    return tuple(name for name in COLUMNS if name not in _ONLY_IN_DOCUMENTS)


def column_type(name: str) -> str:
    """Return the type of a column of `score_columns`; what is not in `COLUMN_TYPES` is text.

    >>> column_type("sentence"), column_type("hedges")
    ('int64', 'str')
    """
    return "int64" if name == SENTENCE else COLUMN_TYPES.get(name, "str")


def score_values(scored: ScoredRow, unit: str) -> list[tuple[Any, ...]]:
    """Return the values of `score_columns` for one row of a table, a tuple a row that it becomes.

    Without a score that is one tuple of None: no row is lost.
    """
    if not scored.scores:
        return [(None,) * len(score_columns(unit))]
    if unit == "document":
        return [(number, *score_row(score)) for number, score in enumerate(scored.scores)]
    return [
        tuple(
            value
            for name, value in zip(COLUMNS, score_row(score), strict=True)
            if name not in _ONLY_IN_DOCUMENTS
        )
        for score in scored.scores
    ]


def checked_names(columns: Sequence[Any], text: str, unit: str, prefix: str) -> list[str]:
    """Return the names of the columns that are added to a table which has `columns`.

    Raises
    ------
    InputError
        If the unit is unknown, there is no column `text`, or an added column has the name of one
        that stays.
    """
    if unit not in UNITS:
        raise InputError(f"unit is {unit!r}; it has to be 'document' or 'sentence'")
    if text not in columns:
        has = ", ".join(map(repr, columns)) or "none"
        raise InputError(f"the table has no column {text!r} for the text; it has: {has}")
    names = [prefix + name for name in score_columns(unit)]
    kept = kept_columns(columns, text, unit)
    clash = ", ".join(repr(name) for name in names if name in kept)
    if clash:
        raise InputError(
            f"the table has columns with names of columns that scoring adds: {clash}; rename them, "
            "or give the added ones a prefix, such as hc_"
        )
    return names


def kept_columns(columns: Sequence[Any], text: str, unit: str) -> list[Any]:
    """Return the columns that stay: the sentences take the place of a document's text."""
    return [name for name in columns if unit == "sentence" or name != text]


def score_frame(
    model: Model,
    frame: Any,
    *,
    text: str = "text",
    unit: str = "document",
    prefix: str = "",
    progress: bool | Progress | None = None,
    n_jobs: int = 1,
) -> Any:
    """Score a column of a frame.

    Parameters
    ----------
    model : Model
        What scores.
    frame : pandas.DataFrame, polars.DataFrame or pyarrow.Table
        The frame; it is not changed.
    text : str, default "text"
        Name of the column of texts.
    unit : {"document", "sentence"}, default "document"
        What a text is. With ``"document"`` there is a row a sentence in the result: the other
        columns repeated, then the number of the sentence and the columns of
        `Document.to_frame`. With ``"sentence"``, where each is scored by itself, there is a
        row a row, and the columns of its scores come after those that were there.
    prefix : str, default ""
        What the names of the added columns begin with.
    progress : bool or callable, optional
        Whether to show a bar on standard error; by default on a terminal, once it takes long.
        Or what is called with a stage, the rows done and the rows in all.
    n_jobs : int, default 1
        How many processes to use, -1 for one a core. The result is the same; a frame of fewer than
        some 50,000 sentences is scored in this process all the same, which takes less time.

    Returns
    -------
    frame of the same library
        In pandas with the same index. A row whose text is missing, has no words or is none
        stands there once, with its scores missing.

    Raises
    ------
    InputError
        If it is no such frame, has no such column or none of texts, or has a column with the
        name of an added one.

    Warns
    -----
    RowWarning
        If the values in some rows are no texts.

    Examples
    --------
    >>> import hedgecheck, pandas as pd
    >>> frame = pd.DataFrame({"claim": ["Rates may rise.", None]})
    >>> scored = score_frame(hedgecheck.load(), frame, text="claim", unit="sentence")
    >>> scored["hedged"].tolist()
    [True, <NA>]
    """
    import narwhals as nw  # 50 ms that scoring texts does not need

    table = _opened(frame)
    names = checked_names(table.columns, text, unit, prefix)
    column = table.get_column(text)
    # Asked of the library itself: each has its own signs for what is missing.
    missing = column.is_null().to_list()
    texts = [None if no else value for value, no in zip(column.to_list(), missing, strict=True)]
    _check_any_text(texts, text)
    jobs = checked_jobs(n_jobs, "score_frame")
    work = partial(_scored_columns, unit=unit)
    step = _FRAME_ROWS[unit]
    parts_of_texts = (texts[begin : begin + step] for begin in range(0, max(len(texts), 1), step))
    origins: list[npt.NDArray[np.int64]] = []
    errors: list[tuple[int, str]] = []
    parts: list[nw.DataFrame[Any]] = []
    with _Bar(progress, len(texts)) as bar:
        begin = 0
        for rows, (found, columns) in map_parts(work, model, parts_of_texts, jobs):
            origins.append(begin + found)
            parts.append(_native(table, columns, names, unit))
            errors += [
                (begin + row, _no_text(value))
                for row, value in enumerate(rows)
                if not (value is None or isinstance(value, str))
            ]
            begin += len(rows)
            if rows:
                bar.show(begin)
    origin = np.concatenate(origins)
    scores = nw.concat(parts) if len(parts) > 1 else parts[0]
    kept = kept_columns(table.columns, text, unit)
    # With the text where nothing else stays: without a column pandas would lose its index. Columns
    # and rows by number: pandas may name columns by what is no str, and two rows alike.
    places = [table.columns.index(name) for name in kept or [text]]
    others = table[:, places]
    taken = others[origin.tolist(), :] if unit == "document" else others
    full = taken.with_columns(*(scores.get_column(name) for name in names))
    if errors:
        warnings.warn(RowWarning(errors, len(texts)), stacklevel=frames_of_package())
    return full[:, [full.columns.index(name) for name in (*kept, *names)]].to_native()


def _opened(frame: Any) -> nw.DataFrame[Any]:
    import narwhals as nw
    from narwhals.exceptions import DuplicateError

    try:
        # Two columns of one name are found out when the names are asked for.
        table: nw.DataFrame[Any] = nw.from_native(frame, eager_only=True)
        list(table.columns)
    except DuplicateError:
        raise InputError("the frame has two columns of the same name; rename one") from None
    except TypeError:
        lazy = hasattr(frame, "collect")
        raise InputError(
            f"score_frame takes a pandas, polars or pyarrow frame, got {type(frame).__name__}"
            + ("; collect it first: frame.collect()" if lazy else "")
        ) from None
    return table


def _check_any_text(texts: Sequence[Any], column: str) -> None:
    """Refuse a column that holds other things throughout: it is the wrong one."""
    if any(isinstance(text, str) for text in texts):
        return
    for row, value in enumerate(texts):
        if value is not None:
            raise InputError(
                f"the column {column!r} holds no text: row {row} is {described(value)}; name the "
                "column of the texts: text='...'"
            )


def _scored_columns(
    model: Model, texts: Sequence[Any], unit: str
) -> tuple[npt.NDArray[np.int64], dict[str, Column]]:
    """Score the texts of some rows: the row of each row that they become, and its columns."""
    good = [text for text in texts if isinstance(text, str)]
    wanted = score_columns(unit)
    sizes: list[int] = []
    parts: list[dict[str, Column]] = []
    if unit == "document":
        for split, batch in model.document_columns(good):
            sizes += [len(document.sentences) for document in split]
            if batch is not None:
                parts.append(batch_columns(batch, COLUMNS))
                number = Column(batch.number, np.ones(len(batch.number), dtype=np.bool_))
                parts[-1][SENTENCE] = number
    else:
        sizes = [1] * len(good)
        for begin in range(0, len(good), _BATCH):
            batch = model.sentence_columns(good[begin : begin + _BATCH])
            parts.append(batch_columns(batch, wanted))
    # A row without a score is kept, with nothing in its columns.
    counts = np.zeros(len(texts), dtype=np.int64)
    counts[[row for row, text in enumerate(texts) if isinstance(text, str)]] = sizes
    origin = np.repeat(np.arange(len(texts)), np.maximum(counts, 1))
    places = np.flatnonzero(counts[origin] > 0)
    columns = {}
    for name in wanted:
        some_columns = [part[name] for part in parts] or [Column.empty(column_type(name))]
        columns[name] = Column.joined(some_columns).spread(places, len(origin))
    return origin, columns


def _native(
    table: nw.DataFrame[Any], columns: Mapping[str, Column], names: Sequence[str], unit: str
) -> nw.DataFrame[Any]:
    """Return columns as a frame of the same library as `table`."""
    import narwhals as nw

    found = [
        _column(table, name, columns[plain], column_type(plain))
        for name, plain in zip(names, score_columns(unit), strict=True)
    ]
    return nw.concat([column.to_frame() for column in found], how="horizontal")


def _column(table: nw.DataFrame[Any], name: str, column: Column, kind: str) -> nw.Series[Any]:
    """Return a column of one type whatever its values are: any of them may be missing."""
    import narwhals as nw

    backend = table.implementation
    values, missing = column.values, ~column.there
    if backend.is_pandas_like():
        # Made by pandas itself: the types that narwhals would choose have no room for what is
        # missing among truth values and whole numbers.
        pandas = nw.get_native_namespace(table)
        if kind == "bool":
            values = pandas.arrays.BooleanArray(values, missing)
        elif kind.lower() == "int64":
            values = pandas.arrays.IntegerArray(values, missing)
        elif kind == "float64":
            values = np.where(missing, np.nan, values)
        elif kind == "str" and has_surrogates("".join(filter(None, values.tolist()))):
            kind = "object"  # Arrow-backed strings refuse lone surrogates
        dtype = kind if kind in ("str", "object") else None
        return nw.from_native(pandas.Series(values, dtype=dtype, name=name), series_only=True)
    kinds: dict[str, Any] = {"str": nw.String, "bool": nw.Boolean, "float64": nw.Float64}
    listed = values.tolist()
    if missing.any():
        for place in np.flatnonzero(missing).tolist():
            listed[place] = None
    return nw.new_series(name, listed, kinds.get(kind, nw.Int64)(), backend=backend)


class _Bar:
    """A progress bar: asked for, refused, somebody's own, or by default on a terminal."""

    def __init__(self, progress: bool | Progress | None, total: int) -> None:
        self._total = total
        self._since = time.monotonic()
        self._patience = _PATIENCE if progress is None else 0.0
        self._show: Progress | None = None
        self._close: Callable[[], None] | None = None
        if callable(progress):
            self._show = progress
        elif progress or (progress is None and sys.stderr is not None and sys.stderr.isatty()):
            from hedgecheck.cli.messages import ProgressBar

            shown = ProgressBar(live=True)
            self._show, self._close = shown, shown.close

    def __enter__(self) -> Self:
        return self

    def show(self, done: int) -> None:
        """Show how many rows are done."""
        if self._show is not None and time.monotonic() - self._since >= self._patience:
            self._show("scoring", done, self._total)

    def __exit__(self, *_: object) -> None:
        if self._close is not None:
            self._close()
