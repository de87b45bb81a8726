"""What is known of each corpus, where it is looked for, and the commands that tell."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cli_runs import one_line
from corpus_samples import SAMPLES, hedgenews_rows, json_lines

from hedgecheck.cli import main
from hedgecheck.datasets import FORMATS, corpora, corpus, locate, read_corpus
from hedgecheck.datasets.locating import VARIABLE, places_to_look, sha256_of, user_folder
from hedgecheck.datasets.registry import files_to_read
from hedgecheck.errors import InputError, TrainingDataError

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).resolve().parent.parent / "docs" / "datasets.md"

every_corpus = pytest.mark.parametrize("name", [each.name for each in corpora()])


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Take the user's own corpora out of the way; return an empty folder."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(sys, "platform", "linux")
    folder = tmp_path / "corpora"
    folder.mkdir()
    return folder


def put(folder: Path, path: str, content: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_text(content, encoding="utf-8")


@every_corpus
def test_an_entry_is_whole(name: str) -> None:
    found = corpus(name)
    assert all((found.title, found.task, found.metric, found.licence, found.splits))
    assert found.homepage.startswith("http") or name.startswith("hedge")
    assert re.match(r"@\w+\{[\w-]+,\n(  \w+ *= \{.*\},?\n)+\}$", found.citation)
    assert found.citation.count("{") == found.citation.count("}")
    for file in found.files:
        assert file.format in FORMATS
        assert file.form in {"original", "part", "flat"}
        assert file.split in {"", *found.splits}
        assert re.fullmatch("[0-9a-f]{64}", file.sha256) or found.shipped


def test_names_and_paths_are_used_once() -> None:
    names = [each.name for each in corpora()]
    paths = [file.path for each in corpora() for file in each.files]
    assert len(set(names)) == len(names)
    assert len(set(paths)) == len(paths)


@every_corpus
def test_the_page_names_every_corpus_with_its_address(name: str) -> None:
    page = DOCS.read_text(encoding="utf-8")
    assert f"`{name}`" in page
    assert corpus(name).homepage in page


def test_the_page_names_every_format() -> None:
    page = DOCS.read_text(encoding="utf-8")
    for name in FORMATS:
        assert f"`{name}`" in page


def test_an_unknown_name_or_split_is_refused() -> None:
    with pytest.raises(InputError, match=r"no data set 'bioscop'; did you mean 'bioscope'\?"):
        corpus("bioscop")
    with pytest.raises(InputError, match="there is: hedgenews, "):
        corpus("xyz")
    with pytest.raises(InputError, match="bioscope has no split 'dev'; it has train, test"):
        read_corpus("bioscope", "dev")


def test_folders_are_looked_into_in_order(alone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = corpus("hedgenews")
    file = found.files[0]
    folders = [alone, alone.parent / "variable", user_folder()]
    assert locate(found, file) is None
    for folder in reversed(folders):
        put(folder, file.path, "x")
        if folder == folders[1]:
            monkeypatch.setenv(VARIABLE, str(folder))
        expected = folder / file.path
        assert locate(found, file, alone) == expected
    assert [name for name, _ in places_to_look(alone)] == ["--corpora", VARIABLE, "user data"]
    with pytest.raises(TrainingDataError, match="there is no such folder"):
        locate(found, file, alone / "none")


def test_the_users_folder_is_where_the_system_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path.home()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", "/srv/data")
    assert user_folder() == Path("/srv/data/hedgecheck")
    for value in ("", "relative/path"):
        monkeypatch.setenv("XDG_DATA_HOME", value)
        assert user_folder() == home / ".local" / "share" / "hedgecheck"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert user_folder() == home / "Library" / "Application Support" / "hedgecheck"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", "/c/local")
    assert user_folder() == Path("/c/local/hedgecheck")
    monkeypatch.delenv("LOCALAPPDATA")
    assert user_folder() == home / "AppData" / "Local" / "hedgecheck"


def test_the_sum_of_a_folder_is_that_of_the_list_of_sums(tmp_path: Path) -> None:
    put(tmp_path, "b/one.txt", "1")
    put(tmp_path, "a.txt", "2")
    lines = [f"{hashlib.sha256(b'2').hexdigest()}  a.txt\n"]
    lines.append(f"{hashlib.sha256(b'1').hexdigest()}  b/one.txt\n")
    assert sha256_of(tmp_path) == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert sha256_of(tmp_path / "a.txt") == hashlib.sha256(b"2").hexdigest()
    with pytest.raises(TrainingDataError, match="cannot be read"):
        sha256_of(tmp_path / "none")


def test_a_corpus_is_read_once_from_the_first_form_that_is_whole(alone: Path) -> None:
    put(alone, "bioscope/bioscope_sentences.tsv", SAMPLES["bioscope-tsv"].content)
    read = [file.format for file, _ in files_to_read(corpus("bioscope"), folder=alone)]
    assert read == ["bioscope-tsv"]
    put(alone, "bioscope/abstracts.xml", SAMPLES["bioscope-xml"].content)
    read = [file.format for file, _ in files_to_read(corpus("bioscope"), folder=alone)]
    assert read == ["bioscope-tsv"]  # the papers are still missing
    papers = SAMPLES["bioscope-xml"].content.replace("1001", "1002")
    put(alone, "bioscope/full_papers.xml", papers)
    found = list(read_corpus("bioscope", "train", corpora_folder=alone))
    assert [document.id for document in found] == ["1001", "1002"]
    assert {document.split for document in found} == {"train"}


def test_a_corpus_that_is_there_in_part_or_not_at_all_is_refused(alone: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"bioscope: bioscope/abstracts.xml or bioscope/bi"):
        list(read_corpus("bioscope", corpora_folder=alone))
    put(alone, "bioscope/abstracts.xml", SAMPLES["bioscope-xml"].content)
    with pytest.raises(TrainingDataError, match=r"bioscope: bioscope/full_papers\.xml was"):
        list(read_corpus("bioscope", corpora_folder=alone))
    with pytest.raises(TrainingDataError, match="a file of the split test was not found"):
        list(read_corpus("bioscope", "test", corpora_folder=alone))


def test_splits_within_a_file_are_told_apart(alone: Path) -> None:
    put(alone, "pei-jurgens/sentence-level-certainty.jsonl", SAMPLES["pei-jurgens-jsonl"].content)
    ids: Callable[[str | None], list[str]] = lambda split: [  # noqa: E731
        document.id for document in read_corpus("pei-jurgens", split, corpora_folder=alone)
    ]
    assert (ids("train"), ids("val"), ids(None)) == (["3"], ["5"], ["3", "5"])


def test_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [each.name for each in corpora()]
    assert main(["datasets", "show", "bioscope"]) == 0
    out = capsys.readouterr().out
    for text in ("CC BY 2.0", "@article{vincze", corpus("bioscope").files[0].sha256, "f1 of unc"):
        assert text in out
    assert main(["datasets", "show", "bioscop"]) == 2
    assert "did you mean 'bioscope'?" in one_line(capsys.readouterr().err)
    assert main(["datasets"]) == 2


def test_locate_says_where_it_looked(alone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["datasets", "locate", "bioscope", "--corpora", str(alone)]) == 2
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "bioscope/abstracts.xml: not found"
    assert str(alone) in one_line(err)
    assert corpus("bioscope").homepage in err
    assert main(["datasets", "locate", "bioscope", "--corpora", str(alone / "no")]) == 2
    assert "there is no such folder" in one_line(capsys.readouterr().err)
    assert main(["datasets", "locate", "hedgecheck-news"]) == 0


def test_locate_checks_the_sums(
    alone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(alone))
    content = json_lines(hedgenews_rows())
    put(alone, "hedgenews/train.jsonl", content)
    assert main(["datasets", "locate", "hedgenews"]) == 1
    out, err = capsys.readouterr()
    assert hashlib.sha256(content.encode()).hexdigest() in out
    assert f"NOT as listed: {corpus('hedgenews').files[0].sha256}" in out
    assert "another version, or damaged" in one_line(err)


def test_locate_is_content_with_one_form_of_each_split(
    alone: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = corpus("szeged-wiki")
    sums: dict[str, Any] = {each.path: each.sha256 for each in found.files}
    monkeypatch.setattr(
        "hedgecheck.cli.datasets.sha256_of",
        lambda path: sums[path.relative_to(alone).as_posix()],
    )
    put(alone, "szeged-wiki/train.tsv", SAMPLES["szeged-tsv"].content)
    assert main(["datasets", "locate", "szeged-wiki", "--corpora", str(alone)]) == 0
    out, err = capsys.readouterr()
    assert "(as listed)" in out
    assert err == ""
    put(alone, "polnear/dev.jsonl.gz", "")
    sums |= {each.path: each.sha256 for each in corpus("polnear").files}
    assert main(["datasets", "locate", "polnear", "--corpora", str(alone)]) == 1
    assert "polnear: looked in" in one_line(capsys.readouterr().err)
