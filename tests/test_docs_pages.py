"""Every piece of code on every page of the documentation runs, or says why it does not.

The examples with ``>>>`` run as doctests. Here are the rest: commands run in a shell exactly as
they are printed, pieces of Python in the order of the page, in a folder of their own.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import warnings
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from docs_inputs import STORY, lay_out
from docs_pages import DOCS, PAGES, ROOT, Block, blocks_of, prints

import hedgecheck
from hedgecheck.cli.arguments import build_parser

PORT = "8765"  # that of `hedgecheck serve`; a free one stands in for it, so that runs do not meet
RUN = ("sh", "python")
#: What a block has to have on the machine, by what stands in it.
NEEDS_MODULE = {"import spacy": "spacy"}
NEEDS_COMMAND = {"curl ": "curl", "jq ": "jq", "xargs ": "xargs"}
STARTS_WITHIN = 30.0  # seconds that a service may take


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def needs(block: Block) -> str | None:
    """Return what the block lacks on this machine."""
    for words, module in NEEDS_MODULE.items():
        if words in block.code and find_spec(module) is None:
            return module
    for words, command in NEEDS_COMMAND.items():
        if block.language == "sh" and words in block.code and shutil.which(command) is None:
            return command
    return None


class Page:
    """A page that is run: a folder, the names that its Python has, and what runs beside it."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self.names: dict[str, Any] = {"hedgecheck": hedgecheck, "text": STORY}
        self.beside: list[subprocess.Popen[bytes]] = []
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        scripts = sysconfig.get_path("scripts")
        self.environment = {
            **os.environ,
            "COLUMNS": "80",
            "HOME": str(folder),
            "PATH": os.pathsep.join([scripts, os.environ["PATH"]]),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "PYTHONUNBUFFERED": "1",
        }
        for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
            self.environment.pop(name, None)

    def run(self, block: Block) -> None:
        code = block.code.replace(PORT, self.port)
        if block.title:
            (self.folder / block.title).write_text(code, encoding="utf-8")
        elif block.language in ("python", "pycon"):
            self.check(block, self.run_python(block, code))
        elif block.mark == "in the background":
            self.start(code)
        else:
            done = subprocess.run(
                ["bash", "-e", "-o", "pipefail", "-c", code],
                cwd=self.folder,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                timeout=300,
                check=False,
            )
            assert done.returncode == 0, f"{self.where(block)}: {done.returncode}\n{done.stdout}"
            self.check(block, done.stdout)

    def run_python(self, block: Block, code: str) -> str:
        out = io.StringIO()
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(out),
            contextlib.chdir(self.folder),
        ):
            if block.is_doctest:
                # pytest looks at what comes out; what follows on the page needs the names.
                for example in doctest.DocTestParser().get_examples(code):
                    with contextlib.suppress(Exception):
                        exec(compile(example.source, str(self.path), "single"), self.names)
            else:
                code = "\n" * block.line + code  # so that a traceback has the page's lines
                exec(compile(code, str(self.path), "exec"), self.names)
        return out.getvalue()

    def start(self, code: str) -> None:
        command = shlex.split(code)
        if self.port not in command:
            command += ["--port", self.port]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
        )
        self.beside.append(process)
        limit = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < limit:
            assert process.poll() is None, f"{code} ended with {process.returncode}"
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", int(self.port))),
            ):
                return
            time.sleep(0.05)
        raise AssertionError(f"{code} does not answer")

    def check(self, block: Block, got: str) -> None:
        if block.output is not None:
            expected = block.output.replace(PORT, self.port)
            message = f"{self.where(block)} prints\n{got}\nand not\n{expected}"
            assert prints(expected, got), message

    def where(self, block: Block) -> str:
        return f"{name_of(self.path)}, line {block.line}"

    def close(self) -> None:
        for process in self.beside:
            process.terminate()
            process.wait(20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lay_out(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "path",
    [
        page
        for page in PAGES
        if any(b.is_run and not b.is_doctest and b.language in RUN for b in blocks_of(page))
    ],
    ids=name_of,
)
def test_the_code_of_a_page_runs(path: Path, folder: Path) -> None:
    page = Page(path, folder)
    lacking: list[str] = []
    try:
        for block in blocks_of(path):
            lack = needs(block)
            if lack:
                lacking.append(f"line {block.line} needs {lack}")
            elif (block.language in (*RUN, "pycon") and block.is_run) or block.title:
                page.run(block)
    finally:
        page.close()
    if lacking:
        pytest.skip(f"all ran but {', '.join(lacking)}")


# ------------------------------------------------------------------------- what is not run


def commands(block: Block, program: str) -> Iterator[list[str]]:
    """Yield the arguments of every call of a program in a block."""
    code = re.sub(r"\\\n", " ", block.code)
    for line in code.splitlines():
        # Shell words; what the shell itself does begins with one of these.
        lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars="|&;<>()")
        lexer.whitespace_split = True
        words = list(lexer)
        while program in words:
            words = words[words.index(program) + 1 :]
            end = next((i for i, word in enumerate(words) if set(word) <= set("|&;<>()")), None)
            yield words[:end]


def parses(arguments: list[str]) -> bool:
    try:
        build_parser().parse_args(arguments)
    except SystemExit as end:  # of --help and --version too
        return not end.code
    return True


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_commands_that_are_not_run_exist(path: Path) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
        "optional-dependencies"
    ]
    for block in blocks_of(path):
        if block.language not in ("sh", "text") or (block.is_run and block.language == "sh"):
            continue
        if block.language == "text" and not block.code.startswith("$ "):
            continue
        for arguments in commands(block, "hedgecheck"):
            assert parses(arguments), f"{name_of(path)}, line {block.line}: {arguments}"
        for name in re.findall(r"(?:hedgecheck|\.)\[([\w,]+)\]", block.code):
            assert set(name.split(",")) <= set(extras), f"{name_of(path)}, line {block.line}"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_data_is_well_formed(path: Path) -> None:
    for block in blocks_of(path):
        where = f"{name_of(path)}, line {block.line}"
        assert block.language in {*RUN, "json", "pycon", "text", "yaml", "bibtex", ""}, where
        if block.language == "json":
            json.loads(block.code)
        elif block.language == "yaml" and find_spec("yaml"):
            assert import_module("yaml").safe_load(block.code), where


def test_pages_that_ought_to_run_do() -> None:
    for folder in ("tutorials", "how-to"):
        for page in (DOCS / folder).glob("*.md"):
            skipped = [b.mark for b in blocks_of(page) if not b.is_run]
            assert all("continuous integration" in m or "corpora" in m for m in skipped), page


# ------------------------------------------------------------------------------- the tools


def test_what_is_printed_is_compared_by_its_words() -> None:
    assert prints("1 possible 0.53 {who} said\n", " 1  possible 0.61\n {who said}")
    assert not prints("1 possible 0.53", "1 probable 0.53")
    assert not prints("3 of 4 claims", "2 of 4 claims")
    assert prints("a ... c", "a b c")
    assert not prints("version 1", "version 2")


def test_blocks_are_read_with_marks_titles_and_outputs(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "# A\n\n<!-- not run: for fun -->\n```sh\nls\n```\n\n"
        '```text title="a.txt"\nA.\n```\n\n```sh\ncat a.txt\n```\n\n```text\nA.\n```\n'
    )
    first, second, third = blocks_of(page)
    assert (first.mark, first.is_run, first.line) == ("not run: for fun", False, 4)
    assert (second.title, second.code) == ("a.txt", "A.\n")
    assert third.output == "A.\n"
