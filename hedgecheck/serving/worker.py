"""Scoring within a time: one thread does the work, nobody waits for ever, nor does it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from hedgecheck.model import Model
from hedgecheck.notices import kept_warnings
from hedgecheck.report import document_html
from hedgecheck.results import Document
from hedgecheck.serving.bodies import Asked
from hedgecheck.serving.problems import Problem, to_json
from hedgecheck.serving.settings import Settings
from hedgecheck.time_limit import TimeLimit, check_time, limited

Result = TypeVar("Result")

_LOG: Final = logging.getLogger(__name__)


class Worker:
    """Scores one text at a time, in the order of the requests.

    Python scores no faster in two threads than in one, and what a text is warned about can only be
    caught in one.
    """

    def __init__(self, model: Model, settings: Settings) -> None:
        self._model = model
        self._settings = settings
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hedgecheck")
        self._waiting = 0

    async def scores(self, asked: Asked) -> bytes:
        """Return the scores of a text as JSON.

        Raises
        ------
        Problem
            If it takes too long, or too many are waiting.
        """
        return await self._run(lambda: self._scores(asked))

    async def report(self, asked: Asked) -> str:
        """Return the report of a text as HTML; raises as `scores` does."""
        return await self._run(lambda: self._report(asked))

    def close(self) -> None:
        """End the thread when it has done what it is at."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= self._settings.most_waiting:
            raise Problem(503, "busy", "too many texts are waiting; try again in a few seconds")
        limit = TimeLimit(self._settings.time_limit)  # waiting for its turn counts
        future = self._thread.submit(_within, limit, work)
        self._waiting += 1
        loop = asyncio.get_running_loop()
        # A text that is given up on holds its place until the thread has noticed, a step later.
        future.add_done_callback(lambda _: self._leave(loop))
        try:
            async with asyncio.timeout(self._settings.time_limit):
                return await asyncio.wrap_future(future)
        except TimeoutError:
            raise Problem(
                503,
                "timeout",
                f"scoring took more than {self._settings.time_limit:g} s; send a shorter text, or "
                "try again when fewer are waiting",
            ) from None
        except Exception as error:  # noqa: BLE001 -- whatever a bug raises
            # The message of an error may quote the text, which belongs in no log; where it
            # happened does not.
            place = "".join(traceback.format_tb(error.__traceback__))
            _LOG.error("scoring failed: %s\n%s", type(error).__name__, place)
            raise Problem(500, "failed", "the text could not be scored: this is a bug") from None
        finally:
            limit.stop()  # whether answered or gone: nobody waits for more

    def _leave(self, loop: asyncio.AbstractEventLoop) -> None:
        with contextlib.suppress(RuntimeError):  # the service has ended in the meantime
            loop.call_soon_threadsafe(self._count_down)

    def _count_down(self) -> None:
        self._waiting -= 1

    def _scores(self, asked: Asked) -> bytes:
        document, notices = self._score(asked.text)
        found = {**document.to_dict(), "warnings": notices}
        check_time()
        return to_json(found)

    def _report(self, asked: Asked) -> str:
        document, notices = self._score(asked.text)
        return document_html(document, title=asked.title, notices=notices)

    def _score(self, text: str) -> tuple[Document, list[str]]:
        with kept_warnings() as notices:
            document = self._model.score(text)
        check_time()
        return document, notices


def _within(limit: TimeLimit, work: Callable[[], Result]) -> Result:
    with limited(limit):
        return work()
