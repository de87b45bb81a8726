"""Files, standard input and encodings: what is read, and what is refused in one line."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import pytest
from cli_runs import STORY, one_line
from fake_model import FakeModel
from hypothesis import given
from hypothesis import strategies as st

import hedgecheck
from hedgecheck.cli import main
from hedgecheck.cli.reading import decode_text, split_lines
from hedgecheck.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_and_utf8_are_known(encoding: str) -> None:
    assert decode_text(STORY.encode(encoding), "story.txt") == STORY


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le", "utf-8"])
def test_an_encoding_that_is_stated_is_used(encoding: str) -> None:
    data = ("\ufeff" if encoding != "cp1252" else "").encode(encoding) + STORY.encode(encoding)
    assert decode_text(data, "story.txt", encoding) == STORY


@pytest.mark.usefixtures("stand_in")
def test_another_encoding_gives_offset_and_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(STORY.encode("cp1252"))
    assert main(["score", str(path)]) == 2
    error = one_line(capsys.readouterr().err)
    offset = STORY.encode("cp1252").index(0x93)
    assert f"old.txt: not valid utf-8: byte 0x93 at offset {offset}" in error
    assert "--encoding cp1252" in error
    assert main(["score", str(path), "--encoding", "cp1252"]) == 0


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "a NUL byte at offset 8"),
        (b"%PDF-1.7 text without any NUL", "a binary file"),
        (b"PK\x03\x04", "a binary file"),
        ("\ufeffA\0B".encode("utf-16-le"), "a binary file"),
    ],
)
def test_binary_files_are_refused(
    data: bytes, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    assert main(["score", str(path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in one_line(err)


@given(st.binary(), st.sampled_from([None, "utf-8", "cp1252", "utf-16"]))
def test_any_bytes_decode_or_are_refused_in_one_line(data: bytes, encoding: str | None) -> None:
    refusal = ""
    try:
        assert "\0" not in decode_text(data, "x.txt", encoding)
    except InputError as error:
        refusal = str(error)
    assert refusal == "" or refusal.startswith("x.txt: ")
    assert "\n" not in refusal


@given(st.text(st.characters()))
def test_lines_are_split_at_line_ends_alone(text: str) -> None:
    numbers, lines = split_lines(text)
    assert numbers == sorted(set(numbers))
    assert all(line.strip() and "\n" not in line and "\r" not in line for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.usefixtures("model")
def test_standard_input_is_read_without_a_file(
    feed: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["score"], ["score", "-"]):
        feed(STORY.encode())
        assert main([*arguments, "-f", "jsonl"]) == 0
        assert json.loads(capsys.readouterr().out.splitlines()[0])["file"] == "<stdin>"


@pytest.mark.usefixtures("model")
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
@pytest.mark.parametrize("data", [b"", b" \n\n"])
def test_an_empty_file_scores_nothing_and_says_so(
    data: bytes, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.txt"
    path.write_bytes(data)
    assert main(["score", str(path), "-f", form]) == 0
    out, err = capsys.readouterr()
    assert "empty.txt: nothing to score" in one_line(err)
    if form == "json":
        assert json.loads(out)[0]["sentences"] == []
    else:
        assert out.count("\n") == (1 if form == "csv" else 0)


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_lone_surrogates_are_printed_somehow(
    form: str, story: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(FakeModel):
        def score(self, text: str) -> Any:  # noqa: ARG002
            return super().score("A \ud800 b.")

    monkeypatch.setattr(hedgecheck, "load", lambda _: Broken(), raising=False)
    assert main(["score", str(story), "-f", form]) == 0
    out = capsys.readouterr().out
    if form == "json":
        assert json.loads(out)[0]["text"] == "A \ud800 b."


@pytest.mark.usefixtures("stand_in")
def test_text_that_is_not_english_is_scored_with_a_warning(
    feed: Callable[[bytes], None], capsys: pytest.CaptureFixture[str]
) -> None:
    feed(b"Das schiff lief aus.")
    assert main(["score"]) == 0
    out, err = capsys.readouterr()
    assert "1 sentence" in out
    assert "<stdin>: warning: the text looks German" in one_line(err)


# ------------------------------------------------------------------------------------------ folders


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Return a folder of two articles and a file that is none."""
    folder = tmp_path / "articles"
    (folder / "deeper").mkdir(parents=True)
    (folder / "b.txt").write_text("The dam may fail, two senior officials said.", encoding="utf-8")
    (folder / "a.txt").write_text("It rained.", encoding="utf-8")
    (folder / "notes.doc").write_text("Not an article.", encoding="utf-8")
    return folder


@pytest.mark.usefixtures("stand_in")
def test_a_folder_stands_for_its_text_files(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    extra = tmp_path / "extra.txt"
    extra.write_text("It snowed.", encoding="utf-8")
    assert main(["score", str(articles), str(extra), "--format", "jsonl"]) == 0
    files = [json.loads(line)["file"] for line in capsys.readouterr().out.splitlines()]
    assert files == [str(articles / "a.txt"), str(articles / "b.txt"), str(extra)]


@pytest.mark.usefixtures("stand_in")
def test_a_folder_without_text_files_is_refused(
    articles: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "scores.csv"
    assert main(["score", str(articles / "deeper"), "--out", str(out)]) == 2
    assert "no .txt file in this folder" in one_line(capsys.readouterr().err)
    assert not out.exists()


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(("arguments", "shown"), [([], True), (["--quiet"], False)])
def test_a_folder_to_a_file_shows_a_bar_on_a_terminal(
    articles: Path,
    tmp_path: Path,
    arguments: list[str],
    shown: bool,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (articles / "empty.txt").write_text("")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    out = tmp_path / "scores.csv"
    assert main(["score", str(articles), "--out", str(out), *arguments]) == 0
    err = capsys.readouterr().err
    assert ("articles" in err.replace(str(articles), "") and "100%" in err) is shown
    # A message does not stand on the line of the bar.
    assert re.search(r"(^|\n)hedgecheck: .*empty.txt: nothing to score", err)
    assert out.read_text(encoding="utf-8").count("a.txt") == 1


@pytest.mark.usefixtures("stand_in")
def test_printed_scores_have_no_bar_beside_them(
    articles: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["score", str(articles)]) == 0
    assert capsys.readouterr().err == ""
