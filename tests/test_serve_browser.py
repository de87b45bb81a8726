"""The page to try it on, from end to end in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser_runs import DESK, TELEPHONE, THEMES, WIDTHS, findings, opened
from serving_runs import served

from hedgecheck.report import document_html
from hedgecheck.results import Document

pytest_plugins = ["browser_fixtures"]

TEXT = "The pier may be sold, a person familiar with the talks said. Mayor Runa Holt said no."
HOSTILE = (
    "<script>alert(1)</script> may fail, he said. <img src=//evil.example/x onerror=alert(2)> "
    "</textarea></main><main>\u202e reversed \u2067 said.\n\n"
)


@pytest.fixture(scope="module")
def address(browser: Any) -> Iterator[str]:  # noqa: ARG001 -- no server where there is no browser
    with served("--max-kb", "100") as (host, port, _):
        yield f"http://{host}:{port}/"


def test_what_is_typed_is_scored_by_itself(browser: Any, address: str) -> None:
    with opened(browser, address, viewport=DESK) as page:
        page.fill("#try-text", TEXT)
        page.wait_for_selector("#s2")
        assert page.inner_text("#try-status") == "Scored: the report is below."
        page.hover("#s1")
        assert "hedged: may" in page.inner_text("#panel")
        page.fill("#try-text", "It rained.")
        page.wait_for_selector("#s2", state="detached")
        page.click("#try-clear")
        page.wait_for_selector("#report", state="detached")
        assert page.evaluate("document.activeElement.id") == "try-text"


def test_a_file_is_opened_and_the_report_saved(browser: Any, address: str, tmp_path: Path) -> None:
    path = tmp_path / "pier.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    with opened(browser, address, accept_downloads=True, allowed=("http://127", "blob:")) as page:
        page.set_input_files("#try-file", path)
        page.wait_for_selector("#s2")
        with page.expect_download() as saved:
            page.click("#try-save")
        html = Path(saved.value.path()).read_text(encoding="utf-8")
        assert html.startswith("<!doctype html>")
        assert "person familiar" in html
        # It is dropped as it is opened.
        page.evaluate(
            """() => {
                const files = new DataTransfer();
                files.items.add(new File(["Sleet fell on Monday."], "sleet.txt"));
                dispatchEvent(new DragEvent("drop", { dataTransfer: files, cancelable: true }));
            }"""
        )
        page.wait_for_selector("#s1:has-text('Sleet')")


def test_what_cannot_be_scored_is_told(browser: Any, address: str, tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes("naïve".encode("latin-1"))
    with opened(browser, address, expected="Failed to load resource") as page:
        page.set_input_files("#try-file", path)
        page.wait_for_selector(".wrong")
        assert "old.txt is not UTF-8" in page.inner_text("#try-status")
        path.write_bytes(b"It may rain. " * 400_000)  # five megabytes
        page.set_input_files("#try-file", path)
        page.wait_for_selector(".wrong:has-text('old.txt is too long: at most 100,000 bytes')")
        page.evaluate("document.querySelector('#try-text').value = 'It rained. '.repeat(10000)")
        page.click(".chief")
        assert "This text is too long: at most 100,000" in page.inner_text("#try-status")
        page.route("**/report", lambda route: route.abort())
        page.fill("#try-text", TEXT)
        page.wait_for_selector(".wrong:has-text('running')")


def test_hostile_text_does_nothing(browser: Any, address: str) -> None:
    with opened(browser, address, viewport=TELEPHONE) as page:
        page.fill("#try-text", HOSTILE * 150)
        page.wait_for_selector("#s5")
        assert page.evaluate("document.images.length") == 0
        assert page.evaluate("document.scripts.length") == 1
        assert "<script>alert(1)</script>" in page.text_content("#s1")
        assert "[RLO]" in page.text_content("#story")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("theme", THEMES)
def test_accessible_and_within_the_screen(browser: Any, axe: str, address: str, theme: str) -> None:
    with opened(browser, address, color_scheme=theme) as page:
        page.click("#try-example")
        page.wait_for_selector("#s20")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert findings(page, axe) == []


def test_the_page_shows_the_part_of_a_report_that_it_cuts_out() -> None:
    html = document_html(Document("", (), "1", "en"), title="<main>x</main>")
    assert len(re.findall("<main", html)) == len(re.findall("</main>", html)) == 1
