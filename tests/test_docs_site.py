"""The documentation site: its pages are complete, and what is made for it is what it says."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docs_pages import DOCS, ROOT

import hedgecheck

SCRIPTS = ROOT / "scripts"


def load(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load a script as MkDocs does."""
    path = SCRIPTS / f"{name}.py"
    if not path.is_file():
        pytest.skip("scripts/ is not beside the tests")
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def gallery(monkeypatch: pytest.MonkeyPatch) -> Any:
    return load("docs_gallery", monkeypatch)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Any:
    return load("docs_site", monkeypatch)


# ------------------------------------------------------------------------------- the gallery


def test_the_gallery_has_three_articles_each_with_labels_and_a_page(gallery: Any) -> None:
    assert gallery.articles() == ["court", "science", "takeover"]
    for name in gallery.articles():
        page = (DOCS / "gallery" / f"{name}.md").read_text("utf-8")
        assert f"<!-- gallery: {name} -->" in page
        assert f"reports/{name}.html" in page


@pytest.mark.parametrize("name", ["court", "science", "takeover"])
def test_the_readers_labels_are_those_of_the_sentences(gallery: Any, name: str) -> None:
    readings = gallery.read_article(name)
    assert [reading.number for reading in readings] == list(range(1, len(readings) + 1))
    for reading in readings:
        labels = reading.reader
        assert (labels["sourcing"] == "none") == (labels["attribution"] == "none")
    for axis in gallery.AXES:  # a gallery in which all is wrong would teach nothing
        agreeing = sum(axis not in reading.differing for reading in readings)
        assert agreeing > len(readings) / 2


def test_the_commentary_counts_what_it_lists(gallery: Any) -> None:
    readings = gallery.read_article("court")
    text = gallery.commentary("court")
    wrong = [reading for reading in readings if reading.differing]
    assert f"### Where hedgecheck differs: {len(wrong)} sentences" in text
    assert f"labels {len(readings) - len(wrong)} as the reader did" in text
    table = text.partition("### Where")[2].partition("### Traps")[0]
    assert re.findall(r"^\| (\d+) \|", table, re.MULTILINE) == [str(r.number) for r in wrong]


def test_labels_that_do_not_fit_the_text_are_refused(
    gallery: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gallery, "GALLERY", tmp_path)
    (tmp_path / "a.txt").write_text("It rained.")
    row = '[[sentence]]\nbegins = "{}"\ncertainty = "{}"\nsourcing = "none"\nattribution = "none"\n'
    for begins, level, problem in (
        ("It rained", "certain", None),
        ("It snowed", "certain", "begins with 'It snowed'"),
        ("It rained", "sure", "'sure' is no label of certainty"),
    ):
        (tmp_path / "a.toml").write_text(row.format(begins, level))
        if problem is None:
            assert len(gallery.read_article("a")) == 1
            continue
        with pytest.raises(ValueError, match=problem):
            gallery.read_article("a")
    (tmp_path / "a.toml").write_text(row.format("It", "certain") * 2)
    with pytest.raises(ValueError, match="labels 2 sentences of 1"):
        gallery.read_article("a")


def test_the_reports_are_those_of_the_command(gallery: Any) -> None:
    reports = gallery.reports()
    assert set(reports) == {"court.html", "index.html", "science.html", "takeover.html"}
    assert all(html.startswith(b"<!doctype html>") for html in reports.values())


# -------------------------------------------------------------------------- pages of the site


@pytest.mark.parametrize(
    ("address", "markdown", "expected"),
    [
        ("model.md", "[a](../models/en.md)", "[a](model-card.md)"),
        ("how-to/train.md", "[a](../../models/en.md#data)", "[a](../model-card.md#data)"),
        ("how-to/train.md", "[a](../labels.md#x)", "[a](../labels.md#x)"),
        ("contributing.md", "[a](docs/model.md)", "[a](model.md)"),
        ("data-set.md", "[a](LICENSE)", "[a](repository/datasets/LICENSE)"),
        ("a.md", "[a](https://example.org) [b](#c)", "[a](https://example.org) [b](#c)"),
        ("a.md", "a\n\n<!-- not run: x -->\n```sh\nls\n```\n", "a\n\n```sh\nls\n```\n"),
        ("a.md", "```text\n[a](../models/en.md)\n```\n", "```text\n[a](../models/en.md)\n```\n"),
        ("a.md", "```pycon\n>>> 1.5  # doctest: +NUMBER\n```\n", "```pycon\n>>> 1.5\n```\n"),
        ("a.md", "[a](../no-such-file)", "[a](../no-such-file)"),
    ],
)
def test_pages_of_the_repository_become_pages_of_the_site(
    site: Any, address: str, markdown: str, expected: str
) -> None:
    assert site.for_site(markdown, address) == expected


def test_every_page_is_in_the_navigation() -> None:
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]
    for page in DOCS.rglob("*.md"):
        assert re.search(rf"\b{page.relative_to(DOCS).as_posix()}$", navigation, re.MULTILINE), page


def test_the_reference_has_every_public_name() -> None:
    pages = "".join(page.read_text("utf-8") for page in (DOCS / "reference").glob("*.md"))
    listed = set(re.findall(r"^::: [\w.]*?(\w+)$", pages, re.MULTILINE))
    assert set(hedgecheck.__all__) <= listed
    for path in re.findall(r"^::: ([\w.]+)$", pages, re.MULTILINE):
        module, _, name = path.rpartition(".")
        assert hasattr(importlib.import_module(module), name), path


def test_examples_in_docstrings_get_a_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("griffe", reason="griffe is not installed: pip install '.[docs]'")
    fenced = load("docs_docstrings", monkeypatch).fenced
    assert fenced("Add.\n\n>>> add(1)\n2\n>>> add(2)\n3") == (
        "Add.\n\n```pycon\n>>> add(1)\n2\n>>> add(2)\n3\n```"
    )
    assert (
        fenced(">>> frame\n   a\n0  1\n\nMore.") == "```pycon\n>>> frame\n   a\n0  1\n```\n\nMore."
    )
    section = "Add.\n\nExamples\n--------\n>>> add(1)\n2"
    assert fenced(section) == section


def test_the_site_builds_and_asks_nothing_of_the_network(tmp_path: Path) -> None:
    for module in ("mkdocs", "material", "mkdocstrings_handlers"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed: pip install '.[docs]'")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir"]
    done = subprocess.run(
        [*command, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) > 40
    for page in pages:
        html = page.read_text("utf-8")
        loaded = re.findall(
            r"<(?:script|img|iframe|link)\b[^>]*\b(?:src|href)=\"?([^\"\s>]+)", html
        )
        assert not [address for address in loaded if re.match(r"(?:https?:)?//", address)], page
    takeover = (tmp_path / "gallery" / "takeover.html").read_text("utf-8")
    assert "Where hedgecheck differs" in takeover
    assert (tmp_path / "gallery" / "reports" / "takeover.html").is_file()
