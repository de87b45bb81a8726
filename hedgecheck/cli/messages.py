"""What the command line says on standard error, and the codes that it ends with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

DONE: Final = 0
PARTLY_DONE: Final = 1
NOTHING_DONE: Final = 2
LIMIT_BROKEN: Final = 3  # all done, and a limit of --fail-on is broken
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells have it


def complain(message: str) -> None:
    """Print one line on standard error."""
    line = " ".join(message.split())
    print(f"hedgecheck: {line}", file=sys.stderr, flush=True)


class ProgressBar:
    """A bar of one line on standard error; off a terminal a line a stage, unless `live` says so.

    Call it with a stage's name, the steps done and the steps in all.
    """

    def __init__(self, *, live: bool | None = None) -> None:
        self._live = sys.stderr.isatty() if live is None else live
        self._stage = ""
        self._shown = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Show where a stage stands."""
        if stage != self._stage:
            self.close()
            self._stage = stage
            if not self._live:
                print(stage, file=sys.stderr, flush=True)
        if not self._live:
            return
        share = min(1.0, done / total) if total > 0 else 1.0
        filled = int(share * 30)
        bar = "#" * filled + "." * (30 - filled)
        line = f"{stage[:30]:<30} [{bar}] {share:4.0%}"
        if line != self._shown:
            print(f"\r{line}", end="", file=sys.stderr, flush=True)
            self._shown = line

    def close(self) -> None:
        """End the line of the stage that is shown."""
        if self._live and self._shown:
            print(file=sys.stderr, flush=True)
        self._shown = ""


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[ProgressBar | None]:
    """Give a bar, None if `quiet`, and end its line whatever happens."""
    bar = None if quiet else ProgressBar()
    try:
        yield bar
    finally:
        if bar is not None:
            bar.close()
