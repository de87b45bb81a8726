"""The report of one document."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hedgecheck.report.rendering import TEMPLATES, Assets, read_assets, render
from hedgecheck.report.view import build_report
from hedgecheck.results import Document

#: A first line of at most this many characters that ends in no full stop is taken for a headline.
_LONGEST_HEADLINE: Final = 140


def document_html(
    document: Document,
    *,
    title: str | None = None,
    notices: Sequence[str] = (),
    index: str | None = None,
) -> str:
    """Return the report of a document as one HTML file that asks for nothing else.

    Parameters
    ----------
    document : Document
        A scored text.
    title : str, optional
        What the report is called; by default the headline of the text, if it has one.
    notices : sequence of str
        Warnings to print on top, such as that the text is not English.
    index : str, optional
        Relative address of a page that lists this report among others.

    Returns
    -------
    str
        HTML without lone surrogates, so that UTF-8 can write it.

    Examples
    --------
    >>> import hedgecheck
    >>> html = document_html(hedgecheck.score("The weir may fail, two engineers said."))
    >>> html.startswith("<!doctype html>"), "two engineers" in html
    (True, True)
    """
    first_line = headline(document)
    return render(
        "article.html.jinja",
        article_assets(),
        title=title or first_line or "Untitled text",
        headline=first_line is not None,
        notices=notices,
        index=index,
        report=build_report(document),
        model=f"{document.model_name} {document.model_version}".strip(),
    )


def article_assets() -> Assets:
    """Return style, script and policy of a report."""
    return read_assets(*article_files())


def article_files() -> tuple[Path, ...]:
    """Return the style sheets and the script of a report."""
    return tuple(TEMPLATES / name for name in ("base.css", "article.css", "article.js"))


def headline(document: Document) -> str | None:
    r"""Return the first line of a text if it looks like a headline.

    >>> import hedgecheck
    >>> headline(hedgecheck.score("Ferry runs aground off Sund\n\nA ferry ran aground today."))
    'Ferry runs aground off Sund'
    """
    first = document.text.lstrip().partition("\n")
    line = " ".join(first[0].split())
    is_short = 0 < len(line) <= _LONGEST_HEADLINE and bool(first[2].strip())
    return line if is_short and line[-1] not in ".!?”\"’'…:;," else None
