"""The pages say what the program does, and the links between them lead somewhere."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from hedgecheck.cli import main
from hedgecheck.cli.arguments import build_parser
from hedgecheck.results import ATTRIBUTION, CERTAINTY_LEVELS, SOURCING

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")

REPOSITORY = Path(__file__).parent.parent


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    """Return the long options of a parser and of its subparsers."""
    found: set[str] = set()
    for action in parser._actions:
        found.update(option for option in action.option_strings if option.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            found.update(*map(options_of, action.choices.values()))
    return found


def test_the_page_of_the_command_line_names_every_option() -> None:
    page = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    for option in options_of(build_parser()):
        assert option in page


@pytest.mark.parametrize("page", ["README.md", "docs/labels.md", "docs/api.md"])
def test_the_pages_name_every_label(page: str) -> None:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    for label in (*SOURCING, *ATTRIBUTION, *CERTAINTY_LEVELS):
        assert f"`{label}`" in text


@pytest.mark.parametrize("page", ["README.md", "docs/index.md", "docs/labels.md", "docs/api.md"])
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = REPOSITORY / page
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_the_sample_article_is_plain_text_that_scores(
    model: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(REPOSITORY / "datasets" / "sample-article.txt"), "-f", "jsonl"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.splitlines()) == 20 or model == "stand-in"
