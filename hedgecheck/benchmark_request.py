"""What a benchmark is asked to do: arguments that go together, and the data that they name."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from hedgecheck.benchmark_data import Examples, Source, corpus_sources, named_sources, read_examples
from hedgecheck.benchmark_generic import Table, generic_task, with_labels
from hedgecheck.errors import InputError
from hedgecheck.model import Model
from hedgecheck.tasks import AXES_KINDS, GENERIC, Task, find_task

Paths = str | os.PathLike[str] | Sequence[str | os.PathLike[str]]

#: Folds where none are asked for: of training data without test data, and of baselines.
FOLDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The arguments of `hedgecheck.benchmark`, checked one by one."""

    task: str
    train: tuple[Path, ...] = ()
    test: tuple[Path, ...] = ()
    cv: int | None = None
    model: str | os.PathLike[str] | Model | None = None
    baseline: tuple[str, ...] = ()
    corpora: Path | None = None
    seed: int = 0
    train_split: str | None = None
    test_split: str | None = None
    table: Table | None = None

    @property
    def has_test(self) -> bool:
        """Whether test data are named."""
        return bool(self.test) or self.test_split is not None

    @property
    def fits(self) -> bool:
        """Whether something is to be fitted, and no saved model scored as it is."""
        return bool(self.train) or self.train_split is not None or self.cv is not None

    @property
    def folds(self) -> int:
        """Folds of the cross-validation; 0 for none."""
        if not self.fits or self.has_test:
            return 0
        return FOLDS if self.cv is None else self.cv

    def command(self) -> str:
        """The command line that asks for the same, files by their names alone."""
        words = ["hedgecheck", "benchmark", self.task]
        for flag, paths in (("--train", self.train), ("--test", self.test)):
            for path in paths:
                words += [flag, path.name]
        model = self.model
        options: dict[str, Any] = {
            "--train-split": self.train_split,
            "--test-split": self.test_split,
            "--cv": self.folds or None,
            "--model": model.name if isinstance(model, Model) else model and Path(model).name,
        }
        if self.table is not None:
            options |= {
                "--text": self.table.text,
                "--label": self.table.label,
                "--document": self.table.document,
                "--kind": self.table.kind,
                "--labels": ",".join(self.table.labels) or None,
                "--scale": self.table.kind == "graded" and "{:g},{:g}".format(*self.table.scale),
                "--output": self.table.output,
            }
        for flag, value in options.items():
            if value:
                words += [flag, str(value)]
        for name in self.baseline:
            words += ["--baseline", name]
        return shlex.join([*words, "--seed", str(self.seed)])


def paths_of(given: Paths | None, what: str) -> tuple[Path, ...]:
    """One path or several as a tuple of them.

    Raises
    ------
    InputError
        If it is neither a path nor a list of paths.
    """
    if given is None:
        return ()
    paths: Sequence[Any] = [given] if isinstance(given, (str, os.PathLike)) else list(given)
    if not all(isinstance(path, (str, os.PathLike)) for path in paths):
        raise InputError(f"{what}: give a path or a list of paths, got {given!r}")
    return tuple(Path(path) for path in paths)


def table_of(  # noqa: PLR0913 -- the options of `generic`
    task: str,
    *,
    text: str | None,
    label: str | None,
    document: str | None,
    kind: str | None,
    labels: Sequence[str],
    scale: tuple[float, float] | None,
    output: str | None,
) -> Table | None:
    """How the table of `generic` is to be read; None for every other task.

    Raises
    ------
    InputError
        If the columns are not named, or are named for another task.
    """
    if task != GENERIC:
        if labels or any(each is not None for each in (text, label, document, kind, scale, output)):
            raise InputError(
                f"{task}: text, label, document, kind, labels, scale and output are for the task "
                f"{GENERIC}; leave them out"
            )
        return None
    if text is None or label is None:
        raise InputError(
            f"{GENERIC}: name the columns: text, the one of the sentence, and label, the one of "
            "its label"
        )
    return Table(
        text=text,
        label=label,
        document=document,
        kind=kind or "classes",
        labels=tuple(labels.split(",") if isinstance(labels, str) else labels),
        scale=scale or (0.0, 1.0),
        output=output,
    )


def check_request(request: Request, kind: str) -> None:
    """Refuse arguments that do not go together.

    Raises
    ------
    InputError
        With what to leave out or to add.
    """
    task = request.task
    if request.seed < 0:
        raise InputError(f"seed: {request.seed} is negative; give 0 or more")
    if request.cv is not None:
        if request.has_test:
            raise InputError(
                f"{task}: cv takes its test data from the training data; leave out cv, or test and "
                "test_split"
            )
        if request.cv < 2:
            raise InputError(f"cv: {request.cv} is no number of folds; give 2 or more")
    if request.fits and request.model is not None and kind not in AXES_KINDS:
        raise InputError(f"{task}: train and cv fit a model of their own; leave out model")
    if request.table is None:
        return
    if request.train_split or request.test_split:
        raise InputError(f"{GENERIC}: a table has no splits; name a file for each side")
    if request.fits and not request.train:
        raise InputError(f"{GENERIC}: cv needs a table to fit on; name it as train")
    if not request.fits and not request.test:
        raise InputError(
            f"{GENERIC}: name a table, as test to score a saved model, as train to fit one"
        )


def read_data(request: Request) -> tuple[Task, Examples | None, Examples]:
    """The task, the training data (None where a saved model is scored) and the test data.

    In a cross-validation both are the same.

    Raises
    ------
    HedgecheckError
        If arguments do not go together, or data are missing or cannot be read.
    """
    if request.table is not None:
        check_request(request, request.table.kind)
        paths = request.train if request.fits else request.test
        table = with_labels(request.table, paths, saved=not request.fits)
        task = generic_task(table)
        train_sources = named_sources(request.train, None, table.columns)
        test_sources = named_sources(request.test, None, table.columns)
    else:
        task = find_task(request.task)
        check_request(request, task.kind)
        train_sources = _train_sources(request, task)
        test_sources = _test_sources(request, task)
    train = None
    if train_sources:
        train = read_examples(task, train_sources, tested=not test_sources)
    if test_sources:
        return task, train, read_examples(task, test_sources, tested=True)
    if train is None:
        raise InputError(f"{task.name}: name test data")
    return task, train, train


def _train_sources(request: Request, task: Task) -> list[Source]:
    if request.train:
        return named_sources(request.train, request.train_split)
    if not request.fits:
        return []
    splits = (request.train_split,) if request.train_split else task.train_splits
    return corpus_sources(task, splits, request.corpora)


def _test_sources(request: Request, task: Task) -> list[Source]:
    if request.test:
        return named_sources(request.test, request.test_split)
    if request.folds:
        return []
    splits = (request.test_split,) if request.test_split else task.test_splits
    return corpus_sources(task, splits, request.corpora)
