"""The reports in a real browser: laid out, reachable by keyboard and ear, asking for nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from browser_runs import DESK, TELEPHONE, THEMES, WIDTHS, findings, opened

import hedgecheck
from hedgecheck.report import document_html, index_html, summarise

pytest_plugins = ["browser_fixtures"]

ARTICLE = (
    "Bridge at Kesselby to be tested again\n\n"
    "The bridge at Kesselby may be shut for a month, two engineers familiar with the tests said. "
    "They asked not to be named. Mayor Runa Holt said the town had not been told. “We read it in "
    "the paper,” she said.\n\n"
    "It is unclear whether the old bolts will hold. Sources say the builder has been warned. If "
    "the bolts fail, the road will probably be closed. Will there be a ferry? The bridge was "
    "opened in 1961.\n\n"
    "The builder, Norrland Span, declined to comment."
)
HOSTILE = (
    "<script>document.title = 'owned'</script> may fail, he said. <img src=//evil.example/x.png "
    "onerror=alert(1)> </style></title>\u202e reversed \u2067 said \x00 \ud800 “{{ 7 * 7 }}”. "
    + "A"
    * 3000
)


@pytest.fixture(scope="module")
def article(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "article.html"
    path.write_text(document_html(hedgecheck.score(ARTICLE)), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "index.html"
    texts = {"one": ARTICLE, "two": "Runa Holt said it was over. It rained.", "three": "It rained."}
    articles = [
        summarise(hedgecheck.score(text), name=f"{name}.txt", href=f"{name}.html")
        for name, text in texts.items()
    ]
    path.write_text(index_html(articles, failed=["four.txt: no such file"]), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("which", ["article", "index"])
@pytest.mark.parametrize("theme", THEMES)
def test_accessible_and_within_the_screen(
    browser: Any, axe: str, which: str, theme: str, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue(which)
    with opened(browser, address, color_scheme=theme) as page:
        if which == "article":
            page.evaluate("for (const it of document.querySelectorAll('details')) it.open = true")
            page.click("#s2")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            # Colours are the same at all widths, and the rest is the same in both themes.
            if width != 768 and (theme == "light" or width == 1440):
                assert findings(page, axe) == []


def test_pointing_at_a_sentence_tells_its_reasons(browser: Any, article: str) -> None:
    with opened(browser, article, viewport=DESK) as page:
        assert "Point at a sentence" in page.inner_text("#panel")
        page.hover("#s2")
        told = page.inner_text("#panel")
        assert "Sentence 2" in told
        assert "hedged: may" in told
        assert "Unnamed source" in told
        page.hover("h1")
        assert "Point at a sentence" in page.inner_text("#panel")
        page.click("#s4")
        page.hover("#s2")  # the one that was clicked stays
        assert "Runa Holt" in page.inner_text("#panel")


def test_keys_alone_reach_everything(browser: Any, article: str) -> None:
    with opened(browser, article, viewport=DESK) as page:
        page.focus("details.key summary")
        page.keyboard.press("Tab")
        active = "document.activeElement.getAttribute('aria-label')"
        assert page.evaluate(active).startswith("Sentence 1: certain")
        assert "Sentence 1" in page.inner_text("#panel")
        page.keyboard.press("ArrowDown")
        assert page.evaluate(active).startswith("Sentence 2: possible")
        page.keyboard.press("End")
        assert "Norrland Span" in page.inner_text("#panel")
        page.keyboard.press("Escape")
        assert "Point at a sentence" in page.inner_text("#panel")
        page.keyboard.press("Tab")  # one stop for all sentences, then the panel
        assert page.evaluate("document.activeElement.id") == "before"


def test_a_tap_on_a_telephone_opens_the_panel(browser: Any, article: str) -> None:
    with opened(browser, article, viewport=TELEPHONE, has_touch=True, is_mobile=True) as page:
        assert not page.is_visible("#panel")
        page.tap("#s6")
        assert page.is_visible("#panel")
        foot = page.evaluate("document.querySelector('#s6').getBoundingClientRect().bottom")
        head = page.evaluate("document.querySelector('#panel').getBoundingClientRect().top")
        assert foot <= head  # the panel does not cover what it is about
        page.tap("#after")
        assert "Sentence 7" in page.inner_text("#panel")
        page.tap("#close")
        assert not page.is_visible("#panel")


@pytest.mark.parametrize("javascript", [True, False])
def test_filters_show_what_they_say(browser: Any, article: str, javascript: bool) -> None:
    document = hedgecheck.score(ARTICLE)
    wanted = {
        "unnamed": [it.sourcing in ("unnamed", "vague") for it in document],
        "hedged": [it.hedged for it in document],
        "unattributed": [it.attribution == "none" for it in document],
        "all": [True for _ in document],
    }
    with opened(browser, article, java_script_enabled=javascript) as page:
        for name, fits in wanted.items():
            page.check(f"#only-{name}", force=True)
            shown = [page.is_visible(f"#s{number}") for number in range(1, len(document) + 1)]
            assert shown == fits
            if javascript:
                count = f"{sum(fits)} of {len(document)} sentences shown."
                assert page.inner_text("#told") == ("" if name == "all" else count)


def test_a_link_shows_a_sentence_that_is_filtered_away(browser: Any, article: str) -> None:
    with opened(browser, article) as page:
        page.check("#only-unattributed", force=True)
        page.click(".weak a[href='#s2']")
        assert page.is_visible("#s2")
        assert page.is_checked("#only-all")


def test_the_line_leads_to_its_sentence(browser: Any, article: str) -> None:
    with opened(browser, article, viewport=DESK) as page:
        box = page.locator("#field").bounding_box()
        page.mouse.click(box["x"] + box["width"] - 2, box["y"] + 40)
        last = len(hedgecheck.score(ARTICLE))
        assert f"Sentence {last}" in page.inner_text("#panel")


def test_without_script_marks_lead_to_notes(browser: Any, article: str) -> None:
    with opened(browser, article, java_script_enabled=False) as page:
        assert not page.is_visible("#panel")
        page.click("#s2 .m")
        assert page.url.endswith("#n2")
        assert "hedged: may" in page.inner_text("#n2")


def test_on_paper_it_is_light_and_has_its_notes(browser: Any, article: str) -> None:
    with opened(browser, article, color_scheme="dark") as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print", color_scheme="dark")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(253, 252, 249)"
        assert page.is_visible("#n2")
        assert not page.is_visible("#panel")
        assert not page.is_visible(".filters")


def test_hostile_text_does_nothing(browser: Any, axe: str, tmp_path: Path) -> None:
    path = tmp_path / "hostile.html"
    document = hedgecheck.score(HOSTILE)
    path.write_text(document_html(document, title=HOSTILE, notices=[HOSTILE]), encoding="utf-8")
    with opened(browser, path.as_uri(), viewport=TELEPHONE) as page:
        assert "owned" not in page.title().split("document.title")[0]
        assert page.evaluate("document.images.length") == 0
        assert page.evaluate("document.scripts.length") == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert "[RLO]" in page.inner_text("#story")
        # What follows a mark that reverses goes on from left to right.
        reversed_box = page.locator("#story .unseen").first.bounding_box()
        assert reversed_box["width"] > 0
        assert findings(page, axe) == []


def test_a_long_text_answers_at_once(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "long.html"
    path.write_text(hedgecheck.score((ARTICLE + "\n\n") * 200).to_html(), encoding="utf-8")
    with opened(browser, path.as_uri(), viewport=DESK) as page:
        page.set_default_timeout(10_000)
        page.check("#only-hedged", force=True)
        assert "of 2200 sentences shown" in page.inner_text("#told")
        page.click(".weak summary")
        page.click(".weak details a >> nth=2")
        assert "Sentence" in page.inner_text("#panel-title")


def test_the_index_sorts(browser: Any, index: str) -> None:
    with opened(browser, index, viewport=DESK) as page:

        def order() -> list[str]:
            found: list[str] = page.locator("tbody th a").all_inner_texts()
            return found

        assert order() == ["Bridge at Kesselby to be tested again", "two.txt", "three.txt"]
        page.click("thead button:has-text('Hedged')")
        assert order()[0] == "Bridge at Kesselby to be tested again"
        page.click("thead button:has-text('Hedged')")
        assert order()[-1] == "Bridge at Kesselby to be tested again"
        assert page.inner_text("#told") == "Sorted by hedged sentences, least first."
        page.click("thead button:has-text('Claims by source')")
        assert order()[-1] == "three.txt"  # it has no claims to compare
        sorts = "[...document.querySelectorAll('[aria-sort]')].map((it) => it.dataset.key)"
        assert page.evaluate(sorts) == ["named"]
