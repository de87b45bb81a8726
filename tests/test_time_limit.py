"""Scoring gives up when its time is over, soon, and leaves nothing behind that changes scores."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from fake_model import FakeModel
from serving_runs import JSON, Answer, ask

import hedgecheck
from hedgecheck.model import Model
from hedgecheck.report import document_html
from hedgecheck.serving import Settings, create_app
from hedgecheck.time_limit import TimeIsUpError, TimeLimit, check_time, checked, limited

TEXT = (
    "Ferry fares to rise on Lake Orvel\n\n"
    "Fares may rise by a fifth, two people familiar with the plan said. “We have no choice,” said "
    "Ilse Brandt, who runs the ferries. She would not say when. Reportedly the town has agreed."
)


class CountedLimit(TimeLimit):
    """A limit that is over when the clock was looked at so many times."""

    def __init__(self, checks: float) -> None:
        super().__init__(3600.0)
        self.left = checks
        self.checks = 0

    def check(self) -> None:
        self.checks += 1
        self.left -= 1
        if self.left < 0:
            self.stop()
        super().check()


def fresh(model: Model) -> Model:
    """Return the model with no word in its cache."""
    return Model(model.engine, name=model.name, version=model.version)


def count_checks(work: Callable[[], object]) -> int:
    limit = CountedLimit(float("inf"))
    with limited(limit):
        work()
    return limit.checks


# ------------------------------------------------------------------------------------- the library


def test_a_limit_that_is_not_reached_changes_nothing() -> None:
    model = hedgecheck.load()
    with limited(TimeLimit(3600.0)):
        document = model.score(TEXT)
        html = document_html(document)
    assert document == model.score(TEXT)
    assert html == document_html(document)


def test_given_up_at_any_step_the_next_scores_are_the_same() -> None:
    model = hedgecheck.load()
    expected = model.score(TEXT).to_dict()
    checks = count_checks(lambda: fresh(model).score(TEXT))
    assert checks >= 4  # before the tokens, the taggers, the features and the heads at least
    for step in range(checks):
        tried = fresh(model)
        with pytest.raises(TimeIsUpError), limited(CountedLimit(step)):
            tried.score(TEXT)
        assert tried.score(TEXT).to_dict() == expected


def test_a_report_looks_at_the_clock_at_every_sentence() -> None:
    document = hedgecheck.score(TEXT)
    checks = count_checks(lambda: document_html(document))
    assert checks > 2 * len(document)  # as the view is made, and as it is written
    for step in (0, len(document), checks - 1):
        with pytest.raises(TimeIsUpError), limited(CountedLimit(step)):
            document_html(document)


def test_the_limit_is_that_of_its_own_context() -> None:
    found: list[Any] = []

    def other() -> None:
        found.append(len(hedgecheck.score(TEXT)))

    with limited(TimeLimit(0.0)):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        with limited(TimeLimit(60.0)):
            check_time()
        with pytest.raises(TimeIsUpError):
            check_time()
        with pytest.raises(TimeIsUpError):
            list(checked("a"))
    check_time()
    assert found == [len(hedgecheck.score(TEXT))]


def test_time_goes_by() -> None:
    limit = TimeLimit(0.02)
    limit.check()
    time.sleep(0.03)
    with pytest.raises(TimeIsUpError):
        limit.check()


# ------------------------------------------------------------------------------------- the service


class EndlessModel(FakeModel):
    """A model that never comes to an end with some texts, and looks at the clock."""

    def __init__(self) -> None:
        self.given_up = 0

    def score(self, text: str) -> Any:
        try:
            while "endless" in text:
                check_time()
                time.sleep(0.001)
        except TimeIsUpError:
            self.given_up += 1
            raise
        return super().score(text)


def body_of(text: str) -> bytes:
    return json.dumps({"text": text}).encode()


def test_long_texts_do_not_occupy_the_service() -> None:
    model: Any = EndlessModel()
    app = create_app(model, Settings(time_limit=0.3, most_waiting=8))

    async def run() -> tuple[list[Answer], Answer]:
        endless = body_of("An endless text.")
        first = asyncio.gather(*(ask(app, "POST", "/score", endless, JSON) for _ in range(5)))
        answers = list(await first)
        # All five were there at once, so the time of all is over: the thread is free again.
        return answers, await ask(app, "POST", "/report", body_of("It rained."), JSON)

    answers, later = asyncio.run(run())
    assert [answer.code for answer in answers] == ["timeout"] * 5
    assert later.status == 200
    assert model.given_up > 0


def test_a_text_that_nobody_waits_for_is_given_up_on() -> None:
    model: Any = EndlessModel()
    app = create_app(model, Settings(time_limit=60.0))

    async def run() -> Answer:
        asked = asyncio.create_task(ask(app, "POST", "/score", body_of("An endless text."), JSON))
        await asyncio.sleep(0.1)
        asked.cancel()  # as servers do when the connection is lost
        return await ask(app, "POST", "/score", body_of("It rained."), JSON)

    assert asyncio.run(run()).status == 200
    assert model.given_up == 1


def test_the_trained_model_gives_up_within_a_request() -> None:
    model = hedgecheck.load()
    text = (TEXT + "\n\n") * 2000  # some seconds of work
    app = create_app(model, Settings(time_limit=0.05, max_bytes=1_000_000))
    for path in ("/score", "/report"):
        answer = asyncio.run(ask(app, "POST", path, body_of(text), JSON))
        assert (answer.status, answer.code) == (503, "timeout")
