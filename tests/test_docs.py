"""The pages say what the program does, and the links between them lead somewhere."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest
from docs_pages import PAGES, ROOT

from hedgecheck.cli import main
from hedgecheck.cli.arguments import build_parser
from hedgecheck.results import ATTRIBUTION, CERTAINTY_LEVELS, SOURCING

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the long options of a parser and of its subparsers."""
    found: set[str] = set()
    for action in parser._actions:
        found.update(option for option in action.option_strings if option.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            found.update(*map(options_of, action.choices.values()))
    return found


def test_the_page_of_the_command_line_names_every_option() -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for option in options_of(build_parser()):
        assert option in page


@pytest.mark.parametrize("page", ["README.md", "docs/labels.md", "docs/api.md"])
def test_the_pages_name_every_label(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for label in (*SOURCING, *ATTRIBUTION, *CERTAINTY_LEVELS):
        assert f"`{label}`" in text


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    prose = re.sub(r"^(`{3,}).*?^\1$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target, anchor in re.findall(r"\]\((?!\w+:)([^)#]*)(?:#([^)]+))?\)", prose):
        if path.parent.name == "gallery" and target.startswith("reports/"):
            continue  # made when the site is built
        page = path.parent / target if target else path
        assert page.exists(), target
        if anchor:
            assert anchor in anchors(page), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and MkDocs make them of plain words."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    }


def test_the_sample_article_is_plain_text_that_scores(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(ROOT / "datasets" / "sample-article.txt"), "-f", "jsonl"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.splitlines()) == 20 or model == "stand-in"
