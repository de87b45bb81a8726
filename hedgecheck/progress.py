"""Progress of long work, told to whoever wants to show it."""

from __future__ import annotations

from collections.abc import Callable

#: Called with a stage's name, the steps done and the steps in all.
Progress = Callable[[str, int, int], None]


def quietly(stage: str, done: int, total: int) -> None:
    """Tell nobody."""
