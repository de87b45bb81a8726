"""A page as a browser's parser would see it, as far as the tests of the reports ask."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "rect", "line", "path", "circle", "br"}


@dataclass
class Element:
    """An element with its attributes and all the text inside of it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


@dataclass
class Page(HTMLParser):
    """The elements of a page in order; one that is never closed is an error."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[Element] = []
        self.feed(self.html)
        self.close()
        assert not self._open, [element.tag for element in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str = "", mark: str = "") -> list[Element]:
        """Return the elements of a tag, of a class, or of both."""
        return [
            it
            for it in self.elements
            if (not tag or it.tag == tag) and (not mark or mark in it.classes)
        ]

    def by_id(self, name: str) -> Element:
        """Return the element of an id, which must be there once."""
        (found,) = [it for it in self.elements if it.attributes.get("id") == name]
        return found


def check_harmless(page: Page, *, links: tuple[str, ...] = ()) -> None:
    """Check that a page can run and fetch nothing but what its policy names.

    `links` are the addresses that it may lead to besides places in itself.
    """
    (policy,) = [
        it.attributes["content"]
        for it in page.all("meta")
        if it.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (element,) = page.all(tag)
        digest = hashlib.sha256(element.text.encode()).digest()
        assert f"{directive} 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert not page.all("iframe") + page.all("object") + page.all("base") + page.all("img")
    for element in page.elements:
        for name, value in element.attributes.items():
            assert not name.startswith("on")
            assert name not in ("style", "src", "srcset", "srcdoc", "action", "formaction")
            if name in ("href", "xlink:href"):
                assert value.startswith("#") or value in ("data:,", *links)
