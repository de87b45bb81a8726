#!/usr/bin/env python3
"""Run the tests against the lowest versions that pyproject.toml allows.

    python3.11 scripts/lower_bounds.py                  # the whole test suite
    python3.11 scripts/lower_bounds.py ./tests/test_modelfile.py -x

It makes a new environment in a temporary folder, installs the project with every direct dependency
(and what the tests need) pinned to exactly its lower bound, prints what was installed, and runs
pytest with the arguments given. The exit status is pytest's. Needs nothing but Python 3.11 and a
package index.

Run it when a bound is changed and before each release: a bound that has not passed here is a guess.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("test",)
BOUND = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)>=([0-9][0-9a-z.]*)")


def pins(pyproject: Path) -> list[str]:
    """Give ``name==lowest`` for every dependency, and for what the tests need."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in EXTRAS:
        wanted += project["optional-dependencies"][extra]
    pinned = []
    for requirement in wanted:
        bound = BOUND.fullmatch(requirement)
        if bound is None:
            sys.exit(f"pyproject.toml: {requirement!r} has no plain lower bound (name>=version)")
        pinned.append(f"{bound[1]}=={bound[2]}")
    return sorted(set(pinned))


def main(pytest_arguments: list[str]) -> int:
    """Install the lowest versions and run the tests; return pytest's exit status."""
    lowest = pins(ROOT / "pyproject.toml")
    with tempfile.TemporaryDirectory(prefix="lower-bounds-") as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
        # In one command, so that the resolver sees all pins at once and says so if they conflict.
        # Wheels alone: building an old numpy or scikit-learn from source proves nothing about it.
        install = ["install", "--quiet", "--only-binary=:all:", *lowest]
        subprocess.run([*pip, *install], check=True)
        subprocess.run([*pip, "install", "--quiet", "--no-deps", str(ROOT)], check=True)
        subprocess.run([*pip, "check"], check=True)
        subprocess.run([*pip, "freeze"], check=True)
        # Through the script beside the interpreter, not `python -m pytest`: the latter would put
        # the checkout before the installed package.
        pytest = python.with_name("pytest")
        return subprocess.run([str(pytest), *pytest_arguments], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
