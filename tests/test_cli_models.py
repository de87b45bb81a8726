"""`hedgecheck train` and `hedgecheck model`."""

from __future__ import annotations

import re
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from cli_runs import one_line

from hedgecheck.cli import main
from hedgecheck.cli.messages import ProgressBar

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Put a stand-in for the training in its place; return the calls that it gets."""
    calls: list[dict[str, Any]] = []

    def train_from_corpora(**arguments: Any) -> SimpleNamespace:
        calls.append(arguments)
        if arguments["progress"]:
            arguments["progress"]("reading", 0, 2)
            arguments["progress"]("reading", 2, 2)
            arguments["progress"]("fitting", 1, 1)
        return SimpleNamespace(render=lambda: "sourcing: accuracy .84")

    stand_in = SimpleNamespace(train_from_corpora=train_from_corpora)
    monkeypatch.setitem(sys.modules, "hedgecheck.training", stand_in)
    return calls


def test_train_passes_its_options_on_and_prints_the_report(
    training: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.joblib"
    options = ["--folds", "3", "--seed", "7", "--jobs", "2"]
    assert main(["train", "--corpora", str(tmp_path), "--out", str(out), *options]) == 0
    (call,) = training
    assert call.pop("progress") is not None
    assert call == {"corpora": tmp_path, "out": out, "folds": 3, "seed": 7, "jobs": 2}
    captured = capsys.readouterr()
    assert captured.out == "sourcing: accuracy .84\n"
    assert captured.err.splitlines() == ["reading", "fitting"]


def test_train_can_be_quiet_and_without_cross_validation(
    training: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--corpora", str(tmp_path), "--out", str(tmp_path / "m.joblib")]
    assert main(["train", *where, "--no-cv", "--quiet"]) == 0
    assert (training[0]["folds"], training[0]["progress"]) == (0, None)
    assert capsys.readouterr().err == ""


def test_train_finds_wrong_paths_before_it_starts(
    training: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--corpora", "no-such", "--out", str(tmp_path / "m.joblib")]) == 2
    assert "no-such: no such folder" in one_line(capsys.readouterr().err)
    assert main(["train", "--corpora", str(tmp_path), "--out", str(tmp_path / "a" / "m")]) == 2
    assert "cannot be written" in one_line(capsys.readouterr().err)
    assert training == []


def test_the_progress_bar_is_one_line_a_stage_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    bar = ProgressBar()
    for done in range(3):
        bar("reading", done, 2)
    bar("fitting", 0, 0)
    bar.close()
    err = capsys.readouterr().err
    assert err.count("\n") == 2
    assert " 50%" in err
    assert all(len(part) < 80 for part in re.split(r"[\r\n]", err))


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    modelfile = pytest.importorskip("hedgecheck.modelfile")
    path = tmp_path / "mine.joblib"
    modelfile.write_model(path, {"note": "a try", "labels": ["none", "named"], "size": 3})
    return path


def test_model_show_prints_what_a_file_holds(
    model_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model", "show", str(model_file)]) == 0
    out = capsys.readouterr().out
    assert re.search(r"sha256 +[0-9a-f]{64}", out)
    assert re.search(r"note +str +a try", out)
    assert re.search(r"labels +list +2 items", out)


def test_model_verify_says_that_a_file_is_sound(
    model_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["model", "verify", str(model_file)]) == 0
    assert ": sound, " in capsys.readouterr().out


@pytest.mark.parametrize("action", ["show", "verify"])
def test_a_model_file_that_is_not_one_is_one_line_and_code_2(
    action: str, story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (story, tmp_path / "no-such.joblib"):
        assert main(["model", action, str(path)]) == 2
        assert path.name in one_line(capsys.readouterr().err)
