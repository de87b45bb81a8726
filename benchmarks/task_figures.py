"""The accuracy of hedgecheck on the benchmark tasks beside the plain baselines.

Each report is written as it is, so that ``results/task-NAME.json`` is what
``hedgecheck benchmark NAME ... --json`` writes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import hedgecheck
from hedgecheck.errors import TrainingDataError

#: How each task is run. The model is the shipped one where nothing is fitted; the other corpora are
#: cross-validated on their training side, or fitted on it and scored on the development side.
TASKS: Final[dict[str, dict[str, Any]]] = {
    "hedgecheck-news": {},
    "hedgecheck-pairs": {},
    "hedgenews": {"cv": 5},
    "conll2010-wiki": {"cv": 5},
    "bioscope": {"cv": 5},
    "szeged-wiki": {"cv": 5},
    "pei-jurgens": {"train_split": "train", "test_split": "val"},
    "polnear-attribution": {"train_split": "train", "test_split": "dev"},
}
#: They take minutes: only where they are asked for by name, or with ``all``.
SLOW: Final = ("hedgenews", "polnear-attribution")


def chosen_tasks(names: str) -> list[str]:
    """The tasks of a comma-separated list; ``quick`` is those of a minute, ``all`` all of them.

    Raises
    ------
    SystemExit
        If there is no task of a name.
    """
    if names in ("all", "quick"):
        return [name for name in TASKS if names == "all" or name not in SLOW]
    chosen = [name.strip() for name in names.split(",") if name.strip()]
    for name in chosen:
        if name not in TASKS:
            raise SystemExit(f"there is no task {name!r} here; there is: {', '.join(TASKS)}")
    return chosen


def task_figures(name: str, corpora: Path | None) -> tuple[dict[str, Any] | None, str]:
    """The report of a task beside all baselines as a dict; None, and why, without its corpus."""
    try:
        report = hedgecheck.benchmark(name, baseline="all", corpora=corpora, **TASKS[name])
    except TrainingDataError as error:
        return None, str(error)
    return report.to_dict(), ""
