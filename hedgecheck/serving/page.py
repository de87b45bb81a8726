"""The page to try it on."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hedgecheck.report.article import article_files
from hedgecheck.report.rendering import Assets, read_assets, render
from hedgecheck.serving.settings import Settings
from hedgecheck.shipped import dataset_path

_TEMPLATES: Final = Path(__file__).parent / "templates"


def page_html(settings: Settings) -> str:
    """Return the page as HTML."""
    return render(
        "try.html.jinja",
        page_assets(),
        _TEMPLATES,
        max_bytes=settings.max_bytes,
        example=dataset_path("sample-article.txt").read_text(encoding="utf-8").strip(),
    )


def page_assets() -> Assets:
    """Return style, script and policy of the page; it may send requests to this service."""
    own = (_TEMPLATES / "try.css", _TEMPLATES / "try.js")
    return read_assets(*article_files(), *own, more="; connect-src 'self'")
