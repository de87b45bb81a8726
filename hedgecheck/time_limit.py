"""A time within which scoring has to end, for whoever serves texts of strangers.

Scoring looks at the clock between its steps. So a text that takes too long is given up on soon
after its time is over, and no thread or process has to be killed. The limit belongs to the context
(`contextvars`) that set it: other threads score on as they were.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

__all__ = ["TimeIsUpError", "TimeLimit", "check_time", "checked", "limited"]

_Item = TypeVar("_Item")


class TimeIsUpError(TimeoutError):
    """The time is over, or nobody waits any longer."""


class TimeLimit:
    """Some seconds from now on, which may be cut short.

    Parameters
    ----------
    seconds : float
        How long the work may take.

    Examples
    --------
    >>> limit = TimeLimit(60.0)
    >>> limit.check()
    >>> limit.stop()
    >>> limit.check()
    Traceback (most recent call last):
    ...
    hedgecheck.time_limit.TimeIsUpError: the time is up
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._is_stopped = False

    def stop(self) -> None:
        """End the time now; any thread may do so."""
        self._is_stopped = True

    def check(self) -> None:
        """Do nothing while there is time.

        Raises
        ------
        TimeIsUpError
            If there is none left.
        """
        if self._is_stopped or time.monotonic() >= self._end:
            raise TimeIsUpError("the time is up")


_LIMIT: ContextVar[TimeLimit | None] = ContextVar("hedgecheck time limit", default=None)


@contextmanager
def limited(limit: TimeLimit) -> Iterator[None]:
    """Let what is scored within give up when its time is over.

    Nothing is lost by giving up: a model scores the next text as if this one had not been.

    Examples
    --------
    >>> import hedgecheck
    >>> with limited(TimeLimit(0.0)):
    ...     hedgecheck.score("It rained.")
    Traceback (most recent call last):
    ...
    hedgecheck.time_limit.TimeIsUpError: the time is up
    """
    token = _LIMIT.set(limit)
    try:
        yield
    finally:
        _LIMIT.reset(token)


def check_time() -> None:
    """Do nothing while there is time, or no limit; raise `TimeIsUpError` where it is over."""
    limit = _LIMIT.get()
    if limit is not None:
        limit.check()


def checked(items: Iterable[_Item]) -> Iterator[_Item]:
    """Yield items while there is time.

    >>> list(checked("abc"))
    ['a', 'b', 'c']
    """
    limit = _LIMIT.get()
    if limit is None:
        yield from items
        return
    for item in items:
        limit.check()
        yield item
