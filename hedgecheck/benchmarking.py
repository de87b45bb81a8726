"""The benchmark: one call from labelled data to figures that can be cited."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from hedgecheck import evaluation as ev
from hedgecheck.benchmark_baselines import baseline_fitter, chosen_baselines
from hedgecheck.benchmark_data import DataFile, Examples
from hedgecheck.benchmark_machine import machine, versions
from hedgecheck.benchmark_metrics import Drawn, difference, figures
from hedgecheck.benchmark_report import BaselineResult, BenchmarkReport
from hedgecheck.benchmark_request import (
    FOLDS,
    Paths,
    Request,
    paths_of,
    read_data,
    table_of,
)
from hedgecheck.benchmark_runs import (
    Fitter,
    Run,
    axes_fitter,
    run_folds,
    run_saved,
    run_split,
    task_fitter,
)
from hedgecheck.benchmark_seen import what_was_seen
from hedgecheck.benchmark_table import prediction_table
from hedgecheck.datasets.locating import sha256_of
from hedgecheck.datasets.registry import corpus
from hedgecheck.model import Model, load
from hedgecheck.progress import Progress, quietly
from hedgecheck.shipped import model_path
from hedgecheck.tasks import AXES_KINDS, find_task

__all__ = ["BenchmarkReport", "benchmark"]


def benchmark(  # noqa: PLR0913 -- one keyword an option of the command line
    task: str,
    *,
    train: Paths | None = None,
    test: Paths | None = None,
    cv: int | None = None,
    model: str | os.PathLike[str] | Model | None = None,
    baseline: str | Sequence[str] = (),
    corpora: str | os.PathLike[str] | None = None,
    seed: int = 0,
    train_split: str | None = None,
    test_split: str | None = None,
    text: str | None = None,
    label: str | None = None,
    document: str | None = None,
    kind: str | None = None,
    labels: Sequence[str] = (),
    scale: tuple[float, float] | None = None,
    output: str | None = None,
    progress: Progress | None = None,
) -> BenchmarkReport:
    """Measure a model on a task.

    Without `train` and `cv` a saved model is scored as it is, its output mapped to the task's
    labels. With `train` a model is fitted on those data and scores `test`; without `test` it is
    cross-validated, by document where there are documents.

    Parameters
    ----------
    task : str
        A name of `hedgecheck.tasks.TASKS`, or ``generic``.
    train, test : path or sequence of paths, optional
        Files or folders in any format that `hedgecheck.datasets.read` knows; tables for
        ``generic``. Without any, test data are those of the task's corpus, where it is found.
    cv : int, optional
        Number of folds; without `train` of the training side of the task's corpus.
    model : str, path-like or Model, optional
        The saved model, by default the shipped one. With `train` or `cv`, for the three axes
        alone, the model whose vocabulary and corpus tagger are used.
    baseline : str or sequence of str
        Of ``majority``, ``length``, ``lexicon`` and ``tfidf``, or ``all``.
    corpora : path, optional
        Folder of the corpora; else where `hedgecheck datasets locate` looks.
    seed : int
        Of the bootstrap, and of what fitting draws by chance.
    train_split, test_split : str, optional
        Only documents of this split; of the task's corpus where no path is given.
    text, label, document : str, optional
        For ``generic``: the columns of the sentence, of its label and, optional, of its document.
    kind : str, optional
        For ``generic``: ``classes`` (the default), ``yes-no`` or ``graded``.
    labels : sequence of str
        For ``generic`` and classes: the set of labels; else those that the training data have.
    scale : (float, float), optional
        For ``generic`` and grades: the lowest and the highest, 0 and 1 by default.
    output : str, optional
        For ``generic`` and a saved model: ``sourcing``, ``attribution``, ``hedged``,
        ``confidential``, ``attributed`` or ``certainty``.
    progress : callable, optional
        Called with a stage's name, steps done and steps in all.

    Returns
    -------
    BenchmarkReport

    Raises
    ------
    InputError
        If there is no such task, split or baseline, or arguments do not go together.
    TrainingDataError
        If data are missing or cannot be read; the message names the file and, where it can, the
        line.
    ModelFileError
        If the model cannot be loaded.

    Examples
    --------
    >>> report = benchmark("hedgecheck-news")
    >>> report.counts["sentences"], report.metrics["sourcing.accuracy"].value > 0.6
    (1438, True)
    """
    table = table_of(
        task,
        text=text,
        label=label,
        document=document,
        kind=kind,
        labels=labels,
        scale=scale,
        output=output,
    )
    request = Request(
        task=task,
        train=paths_of(train, "train"),
        test=paths_of(test, "test"),
        cv=cv,
        model=model,
        baseline=(baseline,) if isinstance(baseline, str) else tuple(baseline),
        corpora=None if corpora is None else Path(corpora),
        seed=seed,
        train_split=train_split,
        test_split=test_split,
        table=table,
    )
    return _run_request(request, progress or quietly)


def _run_request(request: Request, tell: Progress) -> BenchmarkReport:
    kind = request.table.kind if request.table else find_task(request.task).kind
    names = chosen_baselines(request.baseline, kind)
    tell("reading", 0, 1)
    task, train, test = read_data(request)
    tell("reading", 1, 1)
    tell("model", 0, 1)
    run, saved = _model_run(request, train, test, partial(tell, "model"))
    tell("model", 1, 1)
    runs = {}
    for name in names:
        stage = partial(tell, f"baseline {name}")
        stage(0, 1)
        fit = baseline_fitter(name, task)
        if train is None:
            runs[name] = run_folds(fit, test, FOLDS, stage)
        else:
            runs[name] = _fitted_run(fit, train, test, request.folds, stage)
        stage(1, 1)
    return _report(request, saved, train, test, run, runs)


def _model_run(
    request: Request, train: Examples | None, test: Examples, tell: Callable[[int, int], None]
) -> tuple[Run, Model | None]:
    """The run, and the saved model that was scored or, for the axes, built upon, if any."""
    task = test.task
    if train is not None and task.kind not in AXES_KINDS:
        return _fitted_run(task_fitter(task, request.seed), train, test, request.folds, tell), None
    saved = request.model if isinstance(request.model, Model) else load(request.model or "en")
    if train is None:
        return run_saved(saved, test), saved
    return _fitted_run(axes_fitter(saved), train, test, request.folds, tell), saved


def _fitted_run(
    fit: Fitter, train: Examples, test: Examples, folds: int, tell: Callable[[int, int], None]
) -> Run:
    return run_folds(fit, train, folds, tell) if folds else run_split(fit, train, test)


# ------------------------------------------------------------------------------------ the report


def _report(
    request: Request,
    saved: Model | None,
    train: Examples | None,
    test: Examples,
    run: Run,
    runs: dict[str, Run],
) -> BenchmarkReport:
    task = test.task
    found = figures(test, run.answers, seed=request.seed)
    baselines = {}
    on = "the same folds" if request.folds else "train"
    if train is None:
        on = f"{FOLDS} folds of the test data"
    for name, each in runs.items():
        theirs = figures(test, each.answers, seed=request.seed)
        baselines[name] = _compared(found, theirs, on)
    unit = "document" if task.in_documents else "sentence"
    if task.kind == "pairs":
        unit = "pair"
    folds = request.folds
    how = "cross-validation" if folds else "train and test" if train else "saved model"
    data = {"test": test.files}
    if train is not None:
        data["train"] = train.files
    overlap, warnings = _overlap(request, train, test, run)
    warnings += _unlisted(*data.values())
    return BenchmarkReport(
        task=task.name,
        kind=task.kind,
        primary=task.primary,
        split={"how": how, "folds": folds or None, "unit": unit},
        counts=_counts(train, test, folds),
        metrics={name: drawn.figure for name, drawn in found.items()},
        baselines=baselines,
        overlap=overlap,
        data=data,
        model=_model_entry(request, saved, fitted=train is not None),
        versions=versions(),
        machine=machine(),
        intervals={
            "level": 0.95,
            "over": f"{unit}s",
            "method": "percentile bootstrap",
            "draws": ev.DRAWS,
            "seed": request.seed,
        },
        command=request.command(),
        seconds=round(run.seconds, 4),
        fit_seconds=round(run.fit_seconds, 4),
        sentences_per_second=round(len(test.sentences) / max(run.seconds, 1e-9), 1),
        warnings=tuple(warnings),
        table=prediction_table(test, run, runs),
    )


def _compared(
    model: dict[str, Drawn], baseline: dict[str, Drawn], fitted_on: str
) -> BaselineResult:
    shared = [name for name in model if name in baseline]
    return BaselineResult(
        metrics={name: baseline[name].figure for name in shared},
        differences={name: difference(model[name], baseline[name]) for name in shared},
        fitted_on=fitted_on,
    )


def _counts(train: Examples | None, test: Examples, folds: int) -> dict[str, Any]:
    counts: dict[str, Any] = _size(test)
    labels: dict[str, Any] = {}
    for part in test.task.parts:
        gold = test.gold(part)
        if part.kind in ("classes", "yes-no"):
            of_class = np.bincount(gold.astype(np.int64), minlength=len(part.classes)).tolist()
            labels[part.name] = dict(zip(part.classes, of_class, strict=True))
        elif part.kind == "spans":
            labels[part.name] = {"spans": sum(map(len, gold))}
    counts["labels"] = labels.get("", labels)
    if train is not None and not folds:
        counts["train"] = _size(train)
    return counts


def _size(examples: Examples) -> dict[str, int]:
    groups = examples.groups
    what = "documents" if examples.task.in_documents else "different_sentences"
    return {"sentences": len(groups), what: len(np.unique(groups))}


def _model_entry(request: Request, saved: Model | None, *, fitted: bool) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": "fitted", "version": None, "sha256": None, "fitted": fitted}
    if saved is None:
        return entry
    base = {"name": saved.name, "version": saved.version, "sha256": None}
    if not isinstance(request.model, Model):
        base["sha256"] = sha256_of(model_path(request.model or "en"))
    return entry | {"base": base} if fitted else entry | base


def _overlap(
    request: Request, train: Examples | None, test: Examples, run: Run
) -> tuple[dict[str, Any], list[str]]:
    """Test sentences that were trained on, and what is to be said about that and the language."""
    warnings = []
    n = len(test.sentences)
    if train is not None:
        both = _shared_documents(train, test) if not request.folds else 0
        overlap: dict[str, Any] = {
            "sentences": run.copies,
            "documents": both,
            "dropped": run.dropped,
        }
        if both:
            warnings.append(
                f"NOT A CLEAN TEST: {both} documents stand in the training and in the test data"
            )
        if run.copies:
            warnings.append(
                f"{run.copies} of {n} test sentences stand in the training text too; the "
                f"{run.dropped} labelled copies there were left out of training"
            )
    elif isinstance(request.model, Model):
        overlap = {"sentences": None, "documents": None, "dropped": 0}
        warnings.append("it cannot be told whether the model has seen the test data")
    else:
        seen = what_was_seen(model_path(request.model or "en"), test, request.corpora)
        if not request.test and test.task.corpus and corpus(test.task.corpus).shipped:
            seen = replace(seen, missing=())  # invented here: no corpus can hold it
        overlap = {"sentences": seen.sentences, "documents": seen.documents, "dropped": 0}
        warnings += seen.warnings(n)
    if run.not_english:
        warnings.append(f"{run.not_english} documents look like another language than English")
    return overlap, warnings


def _shared_documents(train: Examples, test: Examples) -> int:
    """Documents of both sides, by the corpus's names for them; a table's names need not tell."""
    if not test.task.in_documents or not test.task.corpus:
        return 0
    return len(set(train.groups) & set(test.groups))


def _unlisted(*sides: tuple[DataFile, ...]) -> list[str]:
    names = sorted({file.name for side in sides for file in side if not file.as_listed})
    return [
        f"{name} is not the version that hedgecheck lists: figures cannot be compared with those "
        "of others"
        for name in names
    ]
