"""What MkDocs asks while it builds the documentation site; mkdocs.yml names this file as a hook.

Pages are written to be read in the repository too. On the way to the site, files that lie outside
of ``docs`` become pages, links to them are turned, the gallery's reports and tables are made, and
marks that only the tests read are taken out.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docs_gallery import commentary, overview, reports

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import File, Files
    from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parent.parent

#: Files outside of ``docs`` that are pages of the site, by the address that they have there.
PAGES: Final = {
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
    "model-card.md": "models/en.md",
    "data-set.md": "datasets/README.md",
}
#: Where other files lie on the site that a page links to and that are not in ``docs``.
ELSEWHERE: Final = "repository/"

_FENCE: Final = re.compile(r"^ *(`{3,}|~{3,})", re.MULTILINE)
_LINK: Final = re.compile(r"(?<=\]\()(?!\w+:|#)([^)\s#]+)")
_COMMENT: Final = re.compile(r"^<!-- (?!gallery)[^\n]*? -->\n+", re.MULTILINE)
_DOCTEST_FLAG: Final = re.compile(r" *# doctest: \+[A-Z_]+(?:, \+[A-Z_]+)*$", re.MULTILINE)
_GALLERY: Final = re.compile(r"^<!-- gallery: (\w+) -->$", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages and files that do not lie in ``docs``."""
    from mkdocs.structure.files import File

    for address, path in PAGES.items():
        files.append(File.generated(config, address, content=(ROOT / path).read_bytes()))
    linked = {path for page in files.documentation_pages() for path in _linked(page)}
    for path in sorted(linked):
        files.append(File.generated(config, ELSEWHERE + path, content=(ROOT / path).read_bytes()))
    for name, html in reports().items():
        files.append(File.generated(config, f"gallery/reports/{name}", content=html))
    return files


def _linked(page: File) -> Iterable[str]:
    """Yield the files of the repository that a page links to and that are no pages of the site."""
    prose = "".join(part for part, is_code in _split_code(page.content_string) if not is_code)
    for found in _LINK.finditer(prose):
        path = _target(found[1], page.src_uri)
        if _is_elsewhere(path):
            yield path


def on_page_markdown(markdown: str, page: Page, **_: object) -> str:
    """Turn what the repository has into what the site shows."""
    address = page.file.src_uri
    return for_site(markdown, address)


def on_post_page(output: str, **_: object) -> str:
    """Give the theme's search a name that a screen reader can say."""
    return output.replace('role="dialog">', 'role="dialog" aria-label="Search">')


def for_site(markdown: str, address: str) -> str:
    """Return the Markdown of a page of the site from that of the repository.

    >>> for_site("[card](../models/en.md)", "model.md")
    '[card](model-card.md)'
    """
    prose_and_code = _split_code(markdown)
    turned = [
        _DOCTEST_FLAG.sub("", part) if is_code else _prose(part, address)
        for part, is_code in prose_and_code
    ]
    return "".join(turned)


def _split_code(markdown: str) -> list[tuple[str, bool]]:
    """Return the page in parts, each with whether it is a fenced block."""
    parts: list[tuple[str, bool]] = []
    begin = 0
    opened: str | None = None
    for found in _FENCE.finditer(markdown):
        fence = found[1]
        if opened is None:
            parts.append((markdown[begin : found.start()], False))
            begin, opened = found.start(), fence
        elif fence[0] == opened[0] and len(fence) >= len(opened):
            end = markdown.find("\n", found.end())
            end = len(markdown) if end < 0 else end
            parts.append((markdown[begin:end], True))
            begin, opened = end, None
    parts.append((markdown[begin:], opened is not None))
    return parts


def _prose(text: str, address: str) -> str:
    text = _COMMENT.sub("", text)
    text = _LINK.sub(lambda found: _turned(found[1], address), text)
    return _GALLERY.sub(lambda found: _made(found[1]), text)


def _turned(link: str, address: str) -> str:
    """Return a link of the repository as a link of the site."""
    target = _target(link, address)
    pages = {path: at for at, path in PAGES.items()}
    if target in pages:
        place = pages[target]
    elif _is_elsewhere(target):
        place = ELSEWHERE + target
    elif target.startswith("docs/"):
        place = target.removeprefix("docs/")
    else:
        return link  # MkDocs says that it leads nowhere
    return posixpath.relpath(place, posixpath.dirname(address) or ".")


def _target(link: str, address: str) -> str:
    """Return where in the repository a link on a page of the site leads."""
    origin = PAGES.get(address, f"docs/{address}")
    return posixpath.normpath(posixpath.join(posixpath.dirname(origin), link))


def _is_elsewhere(path: str) -> bool:
    """Return whether a path is a file of the repository that is neither in ``docs`` nor a page."""
    inside = path.startswith(("docs/", "..")) or path in PAGES.values()
    return not inside and (ROOT / path).is_file()


def _made(name: str) -> str:
    return overview() if name == "overview" else commentary(name)
