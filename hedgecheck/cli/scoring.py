"""``hedgecheck score``: every input is read, scored and written before the next one."""

from __future__ import annotations

import os
import sys
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hedgecheck.cli.messages import DONE, NOTHING_DONE, PARTLY_DONE, complain
from hedgecheck.cli.reading import STDIN, input_name, read_text, split_lines
from hedgecheck.errors import HedgecheckError, LanguageWarning

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hedgecheck.model import Model
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


class Writer(Protocol):
    """Writes scored inputs on standard output, in one format."""

    def write(self, scored: Scored) -> None:
        """Write one input."""

    def close(self) -> None:
        """Write what comes after the last one; called once, even if there was none."""


def score_inputs(
    paths: Sequence[str],
    *,
    model_name: str,
    form: str,
    encoding: str | None,
    by_line: bool,
    explain: bool,
    color: str,
) -> int:
    """Score files and print the results; return the exit code.

    An input that fails is reported in one line, and the others are done all the same.

    Raises
    ------
    HedgecheckError
        If there is no such model: then nothing can be done.
    """
    failed = 0
    model: Model | None = None
    writer = _make_writer(form, by_line=by_line, explain=explain, color=color, many=len(paths) > 1)
    for path in paths:
        try:
            if path == STDIN and sys.stdin.isatty():
                complain("reading the terminal; end the text with Ctrl-D, or name a file")
            text = read_text(path, encoding)
        except HedgecheckError as error:
            complain(str(error))
            failed += 1
            continue
        if model is None:
            model = _load(model_name)
        try:
            scored = _score(model, input_name(path), text, by_line=by_line)
        except HedgecheckError as error:
            complain(f"{input_name(path)}: {error}")
            failed += 1
            continue
        if not scored.scores:
            reason = "no words in it" if text else "the file is empty"
            complain(f"{scored.name}: nothing to score: {reason}")
        writer.write(scored)
    if failed == len(paths):
        return NOTHING_DONE
    writer.close()
    return PARTLY_DONE if failed else DONE


def _load(name: str) -> Model:
    import hedgecheck

    return hedgecheck.load(name)


def _score(model: Model, name: str, text: str, *, by_line: bool) -> Scored:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LanguageWarning)
        document: Document | None = None
        lines: list[int] | None = None
        if by_line:
            lines, sentences = split_lines(text)
            scores: Sequence[SentenceScore] = model.score_sentences(sentences)
        else:
            document = model.score(text)
            scores = document.sentences
    # One line of each kind, however many sentences it was given for.
    for message in dict.fromkeys(str(warning.message) for warning in caught):
        complain(f"{name}: warning: {message}")
    return Scored(name, scores, document, lines, model.name, model.version)


def _make_writer(form: str, *, by_line: bool, explain: bool, color: str, many: bool) -> Writer:
    """Set standard output up for a format and return the writer for it."""
    # What cannot be written (a lone surrogate; a curly quote on an ASCII terminal) never stops it.
    if form == "table":
        sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
        from hedgecheck.cli.table import TableWriter

        return TableWriter(colored=_is_colored(color), explain=explain, headings=many)
    if not sys.stdout.isatty():
        # The formats for machines are UTF-8 everywhere, whatever the code page of a console is.
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    from hedgecheck.cli.writing import CsvWriter, JsonLinesWriter, JsonWriter

    if form == "csv":
        return CsvWriter(by_line=by_line)
    return JsonWriter(explain=explain) if form == "json" else JsonLinesWriter(explain=explain)


def _is_colored(color: str) -> bool:
    """Return whether to use colours; NO_COLOR is heeded (https://no-color.org)."""
    if color != "auto":
        return color == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not plain
