"""Failures, and the code that the command line ends with."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from cli_runs import one_line, run_python, run_stand_in

import hedgecheck
from hedgecheck.cli import main

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")


@pytest.mark.usefixtures("stand_in")
def test_a_wrong_path_is_one_line_and_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(tmp_path / "no.txt")]) == 2
    assert "no.txt: no such file" in one_line(capsys.readouterr().err)
    assert main(["score", str(tmp_path)]) == 2
    assert "no .txt file in this folder" in one_line(capsys.readouterr().err)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_what_can_be_done_is_done_and_the_code_is_1(
    story: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", "no.txt", str(story), "-f", form]) == 1
    out, err = capsys.readouterr()
    assert "no.txt: no such file" in one_line(err)
    assert "Pavel Orlik" in out
    if form == "json":
        assert len(json.loads(out)) == 1


@pytest.mark.usefixtures("model")
def test_a_model_that_is_missing_is_one_line_and_code_2(
    story: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(story), "--model", "klingon"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "klingon" in one_line(err)


@pytest.mark.parametrize(
    "arguments",
    [
        ["score", "--format", "xml"],
        ["score", "--encoding", "klingon"],
        ["score", "--encoding", "hex"],
        ["score", "--explain", "-f", "csv"],
        ["score", "-", "-"],
        ["score", "--form", "csv"],
        ["train", "--corpora", "x"],
        ["train", "--corpora", "x", "--out", "y", "--folds", "1"],
        ["frobnicate"],
    ],
)
def test_wrong_arguments_are_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(arguments)
    assert exit_info.value.code == 2
    assert "error: " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["model"]])
def test_no_command_prints_the_help(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert "examples:" in capsys.readouterr().err


@pytest.mark.parametrize("command", [[], ["score"], ["train"], ["model"]])
def test_help_has_examples_and_exit_codes(
    command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main([*command, "--help"])
    assert exit_info.value.code == 0
    out = capsys.readouterr().out
    assert re.search(r"examples?:\n +hedgecheck ", out)
    assert "130  interrupted" in out
    assert max(map(len, out.splitlines())) <= 80


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["--version"])
    assert exit_info.value.code == 0
    assert capsys.readouterr().out == f"hedgecheck {hedgecheck.__version__}\n"


def test_ctrl_c_is_code_130(
    story: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(hedgecheck, "load", interrupt, raising=False)
    assert main(["score", str(story)]) == 130
    assert "interrupted" in one_line(capsys.readouterr().err)


@pytest.mark.skipif(os.name == "nt", reason="POSIX pipes")
def test_a_broken_pipe_is_quiet(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("It rained.\n" * 5000)
    with run_stand_in("score", str(path), "-f", "jsonl") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_real_ctrl_c_is_code_130() -> None:
    ready = "print('ready', flush=True); "
    with run_stand_in("score", "-", code=ready, stdin=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        time.sleep(0.5)  # until it waits for standard input
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b"hedgecheck: interrupted\n"


def test_an_ascii_terminal_is_enough(story: Path) -> None:
    setup = "sys.stdout.reconfigure(encoding='ascii', errors='strict'); "
    with run_stand_in("score", str(story), code=setup) as process:
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, b"")
    assert b"?old? gates" in out


def test_help_imports_nothing_heavy() -> None:
    check = (
        "import sys; from hedgecheck.cli.arguments import build_parser; build_parser();"
        "print([name for name in ('numpy', 'pandas', 'sklearn', 'joblib') if name in sys.modules])"
    )
    assert run_python("-c", check).stdout.strip() == b"[]"


def test_the_module_runs_as_a_program() -> None:
    done = run_python("-m", "hedgecheck", "score", "no-such-file.txt", check=False)
    assert done.returncode == 2
    assert done.stderr == b"hedgecheck: no-such-file.txt: no such file\n"
