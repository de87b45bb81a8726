"""What a notebook shows of a document and of a sentence."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from fake_model import build_document, build_score
from hypothesis import given, settings
from strategies import any_texts

import hedgecheck
from hedgecheck.notebook import _MOST_CHARACTERS, _MOST_SENTENCES
from hedgecheck.results import Document


class Page(HTMLParser):
    """Reads HTML and holds its elements and its words; every element has to be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.marked: list[tuple[str, str]] = []
        self.words = ""
        self._open: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"style", "title", "class"}
        self.tags.append(tag)
        self._open.append((tag, dict(attrs).get("title")))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        self.words += data
        title = self._open[-1][1]
        if title:
            self.marked.append((title, data))


def page(thing: object) -> Page:
    html = thing._repr_html_()  # type: ignore[attr-defined]
    assert isinstance(html, str)
    html.encode("utf-8")  # a notebook is sent as UTF-8
    return Page(html)


SENTENCE = build_score(
    "The weir may fail, two engineers said.",
    sourcing="unnamed",
    certainty=0.5,
    hedges=["may"],
    source="two engineers",
    cue="said",
    confidential=True,
)


def test_a_sentence_has_its_evidence_marked_and_its_labels_below() -> None:
    found = page(SENTENCE)
    assert found.words == (
        "The weir may fail, two engineers said."
        "possible 0.50 · unnamed source, confidential · paraphrased"
    )
    assert found.marked == [
        ("hedge", "may"),
        ("source", "two engineers"),
        ("attribution cue", "said"),
    ]


def test_a_document_has_a_profile_and_a_row_a_sentence() -> None:
    found = page(build_document(SENTENCE, build_score("It rained.")))
    assert found.tags.count("tr") == 3
    assert found.words.startswith(
        "2 sentences, 1 hedged · 1 attributed claim: 0 named, 1 unnamed, 0 vague"
    )
    assert "It rained." in found.words


def test_an_empty_document_is_a_line() -> None:
    assert page(Document("", ())).words == "0 sentences, 0 hedged"


def test_a_long_document_is_cut_and_says_so() -> None:
    found = page(build_document(*[build_score("It rained.")] * (_MOST_SENTENCES + 12)))
    assert found.tags.count("tr") == _MOST_SENTENCES + 1
    assert "and 12 more sentences" in found.words


def test_a_long_sentence_is_cut() -> None:
    found = page(build_score("word " * 100_000))
    assert len(found.words) < _MOST_CHARACTERS + 100
    assert "…" in found.words


def test_hostile_text_is_shown_and_does_nothing() -> None:
    text = (
        "<script>alert(1)</script> &amp; safe\u202etxt \ud800 “<img src=x onerror=alert(1)>” said."
    )
    found = page(build_score(text))
    assert not {"script", "img"} & set(found.tags)
    assert "<script>alert(1)</script> &amp; safe[RLO]txt [U+D800]" in found.words


@pytest.mark.filterwarnings("ignore::hedgecheck.LanguageWarning")
@given(any_texts())
@settings(max_examples=40)
def test_any_text_becomes_sound_html(text: str) -> None:
    document = hedgecheck.score(text)
    page(document)
    for score in document:
        page(score)


def test_no_colour_is_set() -> None:
    html = build_document(SENTENCE)._repr_html_()
    assert not re.search(r"color|background|#[0-9a-f]{3}|<style", html)
