"""Fixtures for the tests of the command line: models to run, texts to read."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import fake_model
import pytest
from cli_runs import STORY

import hedgecheck
from hedgecheck.shipped import shipped_models

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture(params=["stand-in", "shipped model"])
def model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with the stand-in and with the model that is shipped."""
    kind = str(request.param)
    if kind == "stand-in":
        monkeypatch.setattr(hedgecheck, "load", fake_model.load, raising=False)
    elif "en" not in shipped_models():
        pytest.skip("no model is shipped in models/ yet: train one with `hedgecheck train`")
    return kind


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hedgecheck, "load", fake_model.load, raising=False)


@pytest.fixture
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def story(tmp_path: Path) -> Path:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Return a function that puts bytes on standard input."""

    def put(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return put
