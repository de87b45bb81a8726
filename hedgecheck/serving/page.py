"""The page to try it on."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from hedgecheck.report.article import article_files, library_version
from hedgecheck.report.rendering import Assets, read_assets, render
from hedgecheck.serving.settings import Settings
from hedgecheck.shipped import dataset_path

_TEMPLATES: Final = Path(__file__).parent / "templates"


def page_html(settings: Settings) -> str:
    """Return the page as HTML."""
    return render(
        "try.html.jinja",
        _assets(),
        _TEMPLATES,
        max_bytes=settings.max_bytes,
        example=dataset_path("sample-article.txt").read_text(encoding="utf-8").strip(),
        version=library_version(),
    )


def page_policy() -> str:
    """Return the content security policy of the page: itself, and requests to this service."""
    return _assets().policy + "; frame-ancestors 'none'"


@cache
def _assets() -> Assets:
    own = (_TEMPLATES / "try.css", _TEMPLATES / "try.js")
    return read_assets(*article_files(), *own, more="; connect-src 'self'")
