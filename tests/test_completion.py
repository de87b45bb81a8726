"""Completion in a shell: `hedgecheck completion`."""

from __future__ import annotations

import shutil
import subprocess
import sys

import pytest
from cli_runs import one_line

from hedgecheck.cli import main
from hedgecheck.cli.score_arguments import SHELLS


@pytest.fixture
def shtab() -> None:
    pytest.importorskip("shtab", reason="shtab is not installed: hedgecheck[completion]")


@pytest.mark.usefixtures("shtab")
@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_knows_commands_and_options(
    shell: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["completion", shell]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for word in ("score", "datasets", "fail-on", "jsonl"):
        assert word in out


@pytest.mark.usefixtures("shtab")
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_read_its_script(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    main(["completion", shell])
    script = capsys.readouterr().out
    done = subprocess.run(
        [program, "-n"], input=script, text=True, check=False, capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.usefixtures("shtab")
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("hedgecheck sc", "score"),
        ("hedgecheck score --fail", "--fail-on"),
        ("hedgecheck score --format js", "json jsonl"),
        ("hedgecheck model ver", "verify"),
        ("hedgecheck score stor", "story.txt"),
        ("hedgecheck score --out stor", "story.txt"),
        ("hedgecheck datasets locate bioscope --corpora cor", "corpora"),
    ],
)
def test_bash_completes(
    words: str, offered: str, tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    main(["completion", "bash"])
    folder = tmp_path_factory.mktemp("completion")
    (folder / "story.txt").touch()
    (folder / "corpora").mkdir()
    count = len(words.split()) - 1
    script = (
        f"{capsys.readouterr().out}\nCOMP_WORDS=({words})\nCOMP_CWORD={count}\n"
        'COMPREPLY=()\n"$(complete -p hedgecheck | sed "s/.*-F \\([^ ]*\\) .*/\\1/")"\n'
        'echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        [bash, "-c", script], capture_output=True, text=True, check=True, cwd=folder
    )
    assert done.stdout.split() == offered.split()


def test_without_shtab_the_error_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "shtab", None)
    assert main(["completion", "bash"]) == 2
    assert "pip install 'hedgecheck[completion]'" in one_line(capsys.readouterr().err)


def test_another_shell_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["completion", "klingon"])
    assert exit_info.value.code == 2
    assert "'bash'" in capsys.readouterr().err
