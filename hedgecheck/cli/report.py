"""``hedgecheck report``: articles in, one HTML file or a folder of them out."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import hedgecheck
from hedgecheck.cli.messages import DONE, NOTHING_DONE, PARTLY_DONE, ProgressBar, complain
from hedgecheck.cli.reading import STDIN, input_files, input_name, read_text
from hedgecheck.errors import InputError
from hedgecheck.model import Model
from hedgecheck.notices import kept_warnings
from hedgecheck.report import Article, document_html, headline, index_html, summarise
from hedgecheck.results import Document

_INDEX: Final = "index.html"
_PAGE_ENDINGS: Final = (".html", ".htm")
_NOT_IN_NAMES: Final = re.compile(r"[^\w.-]+", re.ASCII)


def write_reports(
    paths: Sequence[str],
    out: str,
    *,
    title: str | None,
    encoding: str | None,
    model_name: str,
    quiet: bool,
) -> int:
    """Write the report of one text or of several, and return the exit code.

    Parameters
    ----------
    paths : sequence of str
        Text files, folders of ``.txt`` files, or ``-``.
    out : str
        A file for one text, a folder for several.
    title : str or None
        Title of the report of one text.
    encoding : str or None
        Encoding of the files.
    model_name : str
        Name or path of the model.
    quiet : bool
        Whether to leave out the progress bar.

    Raises
    ------
    HedgecheckError
        If nothing can be done: no input, no such model, or `out` does not fit or cannot be written.
    """
    inputs = input_files(paths)
    into_folder = _is_folder(out)
    if not into_folder and (len(inputs) > 1 or any(Path(path).is_dir() for path in paths)):
        raise InputError(f"{out}: several texts need a folder: say -o {Path(out).stem or 'out'}/")
    if into_folder and title is not None:
        raise InputError("--title names the report of one text; articles of a folder keep theirs")
    if not into_folder and any(_is_same(path, out) for path in inputs):
        raise InputError(f"{out}: is the text itself; name another file")
    model = hedgecheck.load(model_name)
    if into_folder:
        return _write_folder(model, inputs, Path(out), encoding, quiet=quiet)
    document, notices = _score(model, inputs[0], encoding)
    html = document_html(document, title=title or _title(document, inputs[0]), notices=notices)
    _write(out, html)
    return DONE


def _write_folder(
    model: Model, inputs: Sequence[str], folder: Path, encoding: str | None, *, quiet: bool
) -> int:
    """Write a report an article and the index; what fails is reported and the rest is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: cannot be made: {error.strerror or error}") from None
    names = _page_names(inputs)
    articles: list[Article] = []
    failed: list[str] = []
    bar = ProgressBar() if sys.stderr.isatty() and not quiet else None
    for place, path in enumerate(inputs):
        if bar:
            bar("articles", place, len(inputs))
        try:
            document, notices = _score(model, path, encoding, bar)
        except InputError as error:
            _tell(str(error), bar)
            failed.append(str(error))
            continue
        page = names[place]
        html = document_html(document, title=_title(document, path), notices=notices, index=_INDEX)
        _write(str(folder / page), html)
        articles.append(summarise(document, name=Path(path).name, href=page))
    if bar:
        bar("articles", len(inputs), len(inputs))
        bar.close()
    if not articles:
        return NOTHING_DONE
    _write(str(folder / _INDEX), index_html(articles, failed=failed))
    return PARTLY_DONE if failed else DONE


def _score(
    model: Model, path: str, encoding: str | None, bar: ProgressBar | None = None
) -> tuple[Document, list[str]]:
    """Return a scored input and the warnings about it, which are also told at once."""
    if path == STDIN and sys.stdin.isatty():
        _tell("reading the terminal; end the text with Ctrl-D, or name a file", bar)
    text = read_text(path, encoding)
    with kept_warnings() as notices:
        document = model.score(text)
    for notice in notices:
        _tell(f"{input_name(path)}: warning: {notice}", bar)
    if not document:
        _tell(f"{input_name(path)}: nothing to score: {'no words in it' if text else 'empty'}", bar)
    return document, notices


def _tell(message: str, bar: ProgressBar | None) -> None:
    if bar:
        bar.close()  # the message gets a line of its own
    complain(message)


def _is_folder(out: str) -> bool:
    if out == STDIN:
        return False
    is_page = out.lower().endswith(_PAGE_ENDINGS) and not Path(out).is_dir()
    return not is_page and (out.endswith(("/", "\\")) or Path(out).is_dir() or not Path(out).suffix)


def _is_same(path: str, out: str) -> bool:
    return STDIN not in (path, out) and Path(path).resolve() == Path(out).resolve()


def _title(document: Document, path: str) -> str:
    return headline(document) or ("Untitled text" if path == STDIN else Path(path).name)


def _page_names(inputs: Sequence[str]) -> list[str]:
    """Return a file name for each report: that of the input, in characters that are safe in links.

    >>> _page_names(["a/story.txt", "b/story.txt", "index.txt", "<b>.txt", "-"])
    ['story.html', 'story-2.html', 'index-2.html', 'b.html', 'stdin.html']
    """
    taken = {_INDEX}
    names: list[str] = []
    for path in inputs:
        stem = "stdin" if path == STDIN else Path(path).stem
        stem = _NOT_IN_NAMES.sub("-", stem).strip("-.")[:80] or "article"
        name, number = f"{stem}.html", 1
        while name.lower() in taken:
            number += 1
            name = f"{stem}-{number}.html"
        taken.add(name.lower())
        names.append(name)
    return names


def _write(out: str, html: str) -> None:
    if out == STDIN:
        sys.stdout.buffer.write(html.encode("utf-8"))
        return
    try:
        Path(out).write_text(html, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{out}: cannot be written: {error.strerror or error}") from None
