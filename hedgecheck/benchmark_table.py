"""A benchmark's predictions as columns with a value a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hedgecheck.benchmark_data import Examples
from hedgecheck.benchmark_metrics import Answer
from hedgecheck.benchmark_runs import Run
from hedgecheck.tasks import Part


def prediction_table(
    examples: Examples, run: Run, baselines: Mapping[str, Run]
) -> dict[str, list[Any]]:
    """The columns: where each sentence stands, its labels, and what each system says.

    They are ``document``, ``sentence``, ``text``, ``fold`` (in cross-validation), and for each part
    ``gold``, ``predicted`` and, where there are any, probabilities, with the part's name in front;
    those of a baseline have its name in front of that.
    """
    found = examples.sentences
    table: dict[str, list[Any]] = {
        "document": [document.id for document, _ in found],
        "sentence": [sentence.number for _, sentence in found],
        "text": [sentence.text for _, sentence in found],
    }
    if run.fold is not None:
        table["fold"] = run.fold.tolist()
    systems = {"": run, **{f"{name}.": each for name, each in baselines.items()}}
    for part in examples.task.parts:
        prefix = f"{part.name}." if part.name else ""
        table[f"{prefix}gold"] = _labels(part, examples.gold(part))
        for system, each in systems.items():
            if part.name in each.answers:
                table |= _columns(part, each.answers[part.name], f"{system}{prefix}")
    return table


def _columns(part: Part, answer: Answer, prefix: str) -> dict[str, list[Any]]:
    columns = {f"{prefix}predicted": _labels(part, answer.predicted)}
    if answer.probability is None:
        return columns
    if part.kind == "yes-no":
        return columns | {f"{prefix}probability": answer.probability.tolist()}
    return columns | {
        f"{prefix}probability.{name}": answer.probability[:, number].tolist()
        for number, name in enumerate(part.classes)
    }


def _labels(part: Part, values: Any) -> list[Any]:
    if part.kind in ("classes", "yes-no"):
        return [part.classes[int(value)] for value in values]
    if part.kind == "spans":
        return [[list(span) for span in spans] for spans in values]
    return list(np.asarray(values, dtype=np.float64).tolist())
