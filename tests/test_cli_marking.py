"""Sentences with their evidence marked, wrapped to a column."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import fake_model
import pytest
from fake_model import FakeModel, build_score, speaker
from hypothesis import given
from hypothesis import strategies as st

import hedgecheck
from hedgecheck.cli import main
from hedgecheck.cli.marking import wrap_marked
from hedgecheck.results import Span

if TYPE_CHECKING:
    from pathlib import Path

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")


def test_marks_nest_and_touch() -> None:
    score = build_score(
        "It is reportedly up to two officials.",
        hedges=["reportedly"],
        cue="reportedly",
        source="two officials",
    )
    (line,) = wrap_marked(score, 80, colored=False)
    assert line in (
        "It is [<reportedly>] up to {two officials}.",
        "It is <[reportedly]> up to {two officials}.",
    )


def test_control_characters_do_not_reach_the_terminal() -> None:
    score = build_score("A\x1b[2J\x07\u202eB\ud800\u2028C")
    assert wrap_marked(score, 80, colored=True) == ["A\ufffd[2J\ufffd\ufffdB\ufffd C"]


def test_wide_characters_take_two_columns() -> None:
    assert wrap_marked(build_score("新聞 新聞 新聞"), 9, colored=False) == ["新聞 新聞", "新聞"]


@given(st.text(st.characters()), st.integers(2, 30), st.booleans(), st.data())
def test_any_text_wraps_and_keeps_its_words(
    text: str, width: int, colored: bool, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    score = build_score(text, source=Span(start, end, text[start:end], "source"))
    lines = wrap_marked(score, width, colored=colored)
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    assert all("\n" not in line and len(line.rstrip()) <= 10 * width + 10 for line in plain)
    kept = len("".join(plain).replace(" ", ""))
    marks = 0 if colored or start == end else 2
    assert kept == sum(not char.isspace() for char in text) + marks


def test_a_megabyte_without_a_space_wraps_in_linear_time() -> None:
    begun = time.perf_counter()
    lines = wrap_marked(build_score("x" * 1_000_000), 40, colored=False)
    assert len(lines) == 25_000
    assert time.perf_counter() - begun < 30


def test_the_table_says_who_speaks(
    capsys: pytest.CaptureFixture[str],
    story: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Pointing(FakeModel):
        def score(self, text: str) -> Any:  # noqa: ARG002
            first = build_score("Ines Roth spoke.", sourcing="named", source="Ines Roth")
            she = build_score("She said no.", sourcing="named", speaker=speaker(0, "Ines Roth"))
            return fake_model.build_document(first, she)

    monkeypatch.setattr(hedgecheck, "load", lambda _: Pointing(), raising=False)
    assert main(["score", str(story)]) == 0
    assert "(source: Ines Roth, sentence 1)" in capsys.readouterr().out
