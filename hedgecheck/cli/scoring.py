"""``hedgecheck score``: every input is read, scored and written before the next one."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hedgecheck.cli.destination import (
    Abandoned,
    print_for_eyes,
    print_for_machines,
    written_file,
)
from hedgecheck.cli.messages import (
    DONE,
    LIMIT_BROKEN,
    NOTHING_DONE,
    PARTLY_DONE,
    ProgressBar,
    complain,
)
from hedgecheck.cli.reading import STDIN, input_files, input_name, read_text, split_lines
from hedgecheck.errors import HedgecheckError, InputError
from hedgecheck.notices import kept_warnings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hedgecheck.cli.limits import Limit
    from hedgecheck.model import Model
    from hedgecheck.profile import Profile
    from hedgecheck.results import Document, SentenceScore


@dataclass(frozen=True, slots=True)
class Scored:
    """One scored input.

    `document` is None where every line was scored alone; `lines` then has their numbers from 1.
    """

    name: str
    scores: Sequence[SentenceScore]
    document: Document | None
    lines: Sequence[int] | None
    model_name: str
    model_version: str

    def profile(self) -> Profile:
        """Return the input in figures."""
        if self.document is not None:
            return self.document.profile
        from hedgecheck.profile import profile_sentences

        return profile_sentences(self.scores)


class Writer(Protocol):
    """Writes scored inputs, in one format."""

    def write(self, scored: Scored) -> None:
        """Write one input."""

    def close(self) -> None:
        """Write what comes after the last one; called once, even if there was none."""


class Silence:
    """Writes nothing: for whoever wants to know of problems alone."""

    def write(self, scored: Scored) -> None:
        """Write nothing."""

    def close(self) -> None:
        """Write nothing."""


def score_inputs(  # noqa: PLR0913 -- one keyword an option
    paths: Sequence[str],
    *,
    model_name: str,
    form: str,
    encoding: str | None,
    by_line: bool,
    explain: bool,
    color: str,
    out: str | None = None,
    limits: Sequence[Limit] = (),
    quiet: bool = False,
) -> int:
    """Score files and print the results, or write them to `out`; return the exit code.

    A folder stands for its ``.txt`` files. Where several are written to `out`, a bar on the
    terminal shows how far it is.

    An input that fails is reported in one line, and the others are done all the same. So is one
    that breaks a limit; with `quiet` that is all.

    Raises
    ------
    HedgecheckError
        If a folder is empty, there is no such model, or `out` cannot be written: then nothing can
        be done.
    """
    code = NOTHING_DONE
    paths = input_files(paths)
    # Scores that are printed show themselves how far it is, and a pager bears nothing beside them.
    has_bar = out is not None and len(paths) > 1 and sys.stderr.isatty() and not quiet
    bar = ProgressBar() if has_bar else None
    with _place(out, form) as stream:
        if out is not None or not quiet:
            many = len(paths) > 1
            writer = _make_writer(
                form, stream, by_line=by_line, explain=explain, color=color, many=many
            )
        else:
            writer = Silence()
        try:
            code = _score_all(paths, writer, model_name, encoding, limits, bar, by_line=by_line)
        finally:
            if bar:
                bar.close()
        if code == NOTHING_DONE and out is not None:
            raise Abandoned
    return code


@contextmanager
def _place(out: str | None, form: str) -> Iterator[Any]:
    """Put a file in the place of standard output, if one is to be written; give it for Parquet."""
    if out is None:
        yield None
        return
    with written_file(out, text=form != "parquet") as stream:
        if form == "parquet":
            yield stream
        else:
            with redirect_stdout(stream):
                yield None


def _score_all(
    paths: Sequence[str],
    writer: Writer,
    model_name: str,
    encoding: str | None,
    limits: Sequence[Limit],
    bar: ProgressBar | None,
    *,
    by_line: bool,
) -> int:
    failed = 0
    is_broken = False
    model: Model | None = None
    for place, path in enumerate(paths):
        if bar:
            bar("articles", place, len(paths))
        try:
            text = _read(path, encoding)
        except HedgecheckError as error:
            _tell(str(error), bar)
            failed += 1
            continue
        if model is None:
            model = _load(model_name)
        try:
            scored = _score(model, input_name(path), text, bar, by_line=by_line)
        except HedgecheckError as error:
            _tell(f"{input_name(path)}: {error}", bar)
            failed += 1
            continue
        if not scored.scores:
            reason = "no words in it" if text else "the file is empty"
            _tell(f"{scored.name}: nothing to score: {reason}", bar)
        writer.write(scored)
        is_broken |= _breaks(scored, limits, bar)
    if bar:
        bar("articles", len(paths), len(paths))
    if failed == len(paths):
        return NOTHING_DONE
    writer.close()
    if is_broken:
        return LIMIT_BROKEN
    return PARTLY_DONE if failed else DONE


def _tell(message: str, bar: ProgressBar | None) -> None:
    if bar:
        bar.close()  # the message gets a line of its own
    complain(message)


def _breaks(scored: Scored, limits: Sequence[Limit], bar: ProgressBar | None) -> bool:
    """Say which limits an input breaks; return whether it breaks any."""
    if not limits:
        return False
    profile = scored.profile()
    found = [limit.broken(scored.scores, profile) for limit in limits]
    for broken in filter(None, found):
        _tell(f"{scored.name}: {broken}", bar)
    return any(found)


def _read(path: str, encoding: str | None) -> str:
    """Read a text; a table whose column of texts is not named is refused, not scored as prose."""
    from hedgecheck.cli.table_input import table_ending

    if table_ending(path) is not None:
        raise InputError(
            f"{path}: is a table; name its column of texts, such as --text body, or, if it is "
            "plain text, give it as standard input"
        )
    if path == STDIN and sys.stdin.isatty():
        complain("reading the terminal; end the text with Ctrl-D, or name a file")
    return read_text(path, encoding)


def _load(name: str) -> Model:
    import hedgecheck

    return hedgecheck.load(name)


def _score(model: Model, name: str, text: str, bar: ProgressBar | None, *, by_line: bool) -> Scored:
    with kept_warnings() as notices:
        document: Document | None = None
        lines: list[int] | None = None
        if by_line:
            lines, sentences = split_lines(text)
            scores: Sequence[SentenceScore] = model.score_sentences(sentences)
        else:
            document = model.score(text)
            scores = document.sentences
    # One line of each kind, however many sentences it was given for.
    for notice in notices:
        _tell(f"{name}: warning: {notice}", bar)
    return Scored(name, scores, document, lines, model.name, model.version)


def _make_writer(
    form: str, stream: Any, *, by_line: bool, explain: bool, color: str, many: bool
) -> Writer:
    """Set standard output up for a format and return the writer for it; `stream` is for Parquet."""
    if form == "parquet":
        from hedgecheck.cli.parquet_scores import ParquetWriter

        return ParquetWriter(stream, by_line=by_line)
    # What cannot be written (a lone surrogate; a curly quote on an ASCII terminal) never stops it.
    if form == "table":
        print_for_eyes()
        from hedgecheck.cli.table import TableWriter

        return TableWriter(colored=_is_colored(color), explain=explain, headings=many)
    print_for_machines()
    from hedgecheck.cli.writing import CsvWriter, JsonLinesWriter, JsonWriter

    if form in ("csv", "tsv"):
        return CsvWriter(by_line=by_line, delimiter="," if form == "csv" else "\t")
    return JsonWriter(explain=explain) if form == "json" else JsonLinesWriter(explain=explain)


def _is_colored(color: str) -> bool:
    """Return whether to use colours; NO_COLOR is heeded (https://no-color.org)."""
    if color != "auto":
        return color == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
