"""What `hedgecheck score` prints: the table and the formats for machines.

What does not hang on the labels runs with a stand-in of a few rules and with the shipped model.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest
from cli_runs import STORY

from hedgecheck.cli import main
from hedgecheck.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("columns", ["20", "60", "80", "200"])
def test_the_table_fits_its_width(
    story: Path,
    columns: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["score", str(story)]) == 0
    out, err = capsys.readouterr()
    assert max(map(len, out.splitlines())) <= min(max(int(columns), 60), 120)
    assert err == ""


@pytest.mark.usefixtures("model")
def test_the_table_marks_cues_and_ends_in_a_profile(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(story)]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "[may]" in out
    assert "{two senior officials}" in out
    assert "<said>" in out
    assert "[hedge] {source} <attribution cue> * anonymity asked for or granted" in out
    assert "3 sentences, 1 hedged; mean certainty 0." in out
    assert "2 attributed claims: 1 named, 1 unnamed, 0 vague" in out
    assert "named sources: Pavel Orlik (1)" in out


@pytest.mark.usefixtures("model")
def test_json_is_an_array_of_documents(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(story), "--format", "json"]) == 0
    (document,) = json.loads(capsys.readouterr().out)
    assert document["file"] == str(story)
    assert document["schema"] == "hedgecheck.document/1"
    assert [entry["sourcing"] for entry in document["sentences"]] == ["unnamed", "named", "none"]
    for entry in document["sentences"]:
        assert STORY[entry["start"] : entry["end"]] == entry["text"]


@pytest.mark.usefixtures("model")
def test_jsonl_is_an_object_a_sentence(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(story), str(story), "--format", "jsonl"]) == 0
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [entry["sentence"] for entry in entries] == [0, 1, 2, 0, 1, 2]
    assert {entry["file"] for entry in entries} == {str(story)}
    assert "“old”" in entries[1]["text"]


@pytest.mark.usefixtures("model")
def test_csv_reads_back_in_pandas(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pandas = pytest.importorskip("pandas")
    assert main(["score", str(story), "--format", "csv"]) == 0
    frame = pandas.read_csv(io.StringIO(capsys.readouterr().out))
    assert list(frame.columns) == ["file", "sentence", *COLUMNS]
    assert list(frame["sourcing"]) == ["unnamed", "named", "none"]
    assert frame["hedged"].dtype == bool
    assert frame["anonymity"].isna().tolist() == [False, False, True]


@pytest.mark.usefixtures("stand_in")
def test_csv_holds_no_formula_and_keeps_line_breaks(
    feed: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["=HYPERLINK(1)", "+1 was not enough", "- We leave, he said", '@all "now", please']
    feed("\n".join(lines).encode())
    assert main(["score", "--sentences", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["text"] for row in rows] == ["'" + line for line in lines]
    assert [row["line"] for row in rows] == ["1", "2", "3", "4"]


@pytest.mark.usefixtures("model")
def test_sentences_are_scored_a_line_each(
    feed: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    feed(b"It rained. It snowed.\r\n\r\nRoads flooded.\n")
    assert main(["score", "-s", "-f", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["schema"] == "hedgecheck.sentences/1"
    assert [entry["line"] for entry in found["sentences"]] == [1, 3]
    assert found["sentences"][0]["text"] == "It rained. It snowed."


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_explain_adds_contributions(
    story: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(story), "--explain", "-f", form]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[0]) if form == "jsonl" else None
    if found is not None:
        assert {part["axis"] for part in found["explain"]} >= {"certainty", "sourcing"}


@pytest.mark.usefixtures("stand_in")
def test_explain_in_the_table(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(story), "--explain"]) == 0
    assert "| sourcing: cue=said -1.50" in capsys.readouterr().out


@pytest.mark.usefixtures("model")
def test_several_files_each_have_a_heading(story: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(story), str(story)]) == 0
    assert capsys.readouterr().out.count(f"== {story}\n") == 2


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("options", "no_color", "colored"),
    [
        ([], "", False),  # standard output is no terminal here
        (["--color", "always"], "", True),
        (["--color", "always"], "1", True),  # what was said now beats what was set long ago
        (["--color", "never"], "", False),
    ],
)
def test_colours_only_where_they_are_wanted(
    story: Path,
    options: list[str],
    no_color: str,
    colored: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    assert main(["score", str(story), *options]) == 0
    assert ("\x1b[" in capsys.readouterr().out) == colored


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("no_color", "term", "colored"),
    [("", "xterm", True), ("1", "xterm", False), ("", "dumb", False)],
)
def test_colours_on_a_terminal(
    story: Path,
    no_color: str,
    term: str,
    colored: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert main(["score", str(story)]) == 0
    out = capsys.readouterr().out
    assert ("\x1b[" in out) == colored
    assert ("[may]" in out) != colored
