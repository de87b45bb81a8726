"""A real browser for tests, which are skipped where a part of it is missing:

* Chromium: ``apt install chromium``, or any ``chromium``, ``google-chrome`` on the path;
* Playwright's core: ``pip install ".[browser]"``; it drives that Chromium and downloads none;
* axe-core, for the tests of accessibility: ``npm install --no-save axe-core`` in the repository, or
  HEDGECHECK_AXE with the path of an ``axe.min.js``.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
_AXE = Path(__file__).parent.parent / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Give a headless Chromium; a new one a module, for no `asyncio.run` works beside it."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed; see tests/browser_fixtures.py"
    )
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        pytest.skip("no Chromium on the path; see tests/browser_fixtures.py")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of asyncio, on some Pythons
        with playwright.sync_playwright() as driver:
            # Chromium's own sandbox does not start for root, which containers run as.
            is_root = sys.platform != "win32" and os.geteuid() == 0
            arguments = ["--no-sandbox"] if is_root else []
            found = driver.chromium.launch(executable_path=path, args=arguments)
            yield found
            found.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Give the source of axe-core."""
    path = Path(os.environ.get("HEDGECHECK_AXE", _AXE))
    if not path.is_file():
        pytest.skip("axe-core is not there; see tests/browser_fixtures.py")
    return path.read_text(encoding="utf-8")
