"""What the tests of the command line share: a text, a check, a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

STORY = (
    "The dam at Orrin may have to close, two senior officials said.\n\n"
    "Pavel Orlik said the “old” gates were sound. It rained all night.\n"
)


def one_line(error: str) -> str:
    """Return what stands on standard error, which has to be one line."""
    assert error.startswith("hedgecheck: ")
    assert error.count("\n") == 1
    return error


def environment() -> dict[str, str]:
    """Return the surroundings of a process that is to find the modules that this one finds."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def run_python(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
    """Run Python in a process of its own."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, check=check, env=environment()
    )


_STAND_IN = "import sys, fake_model; fake_model.install(); from hedgecheck.cli import main; "


def run_stand_in(*arguments: str, code: str = "", **options: Any) -> subprocess.Popen[bytes]:
    """Start the command line with the stand-in in a process of its own."""
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), *sys.path])
    return subprocess.Popen(
        [sys.executable, "-c", f"{_STAND_IN}{code}sys.exit(main())", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": ""},
        **options,
    )
