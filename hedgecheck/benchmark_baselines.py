"""The reference baselines, which ``benchmarks/baselines.py`` defines, as fitters of a task."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Final

from hedgecheck.benchmark_data import Examples
from hedgecheck.benchmark_runs import Fitter, fitter_by_part
from hedgecheck.datasets import LabelledDocument
from hedgecheck.errors import HedgecheckError, InputError
from hedgecheck.shipped import baselines_path
from hedgecheck.tasks import Part, Task

#: The baselines that there are, from the plainest to the strongest.
BASELINES: Final = ("majority", "length", "lexicon", "tfidf")

_MODULE: Final = "hedgecheck_baselines"


def chosen_baselines(names: Sequence[str], kind: str) -> tuple[str, ...]:
    """The baselines that a user named for a kind of task, each once; ``all`` is all of them.

    Raises
    ------
    InputError
        If there is none of a name, or none can predict what the task asks for.
    """
    for name in names:
        if name not in (*BASELINES, "all"):
            raise InputError(f"there is no baseline {name!r}; use {', '.join(BASELINES)} or all")
    if names and kind == "spans":
        raise InputError("the baselines find no spans; leave baseline out")
    return BASELINES if "all" in names else tuple(dict.fromkeys(names))


@cache
def _module() -> ModuleType:
    path = baselines_path()
    spec = importlib.util.spec_from_file_location(_MODULE, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise HedgecheckError(f"{path} is missing; the installation is incomplete: reinstall it")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_MODULE] = module  # where dataclasses look for the module of a class
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A fitted baseline that takes documents."""

    baseline: Any

    @property
    def threshold(self) -> float:
        return float(self.baseline.threshold)

    def predict(self, documents: Sequence[LabelledDocument]) -> Any:
        return self.baseline.predict([s.text for d in documents for s in d.labelled])


def baseline_fitter(name: str, task: Task) -> Fitter:
    """A fitter of a baseline; it predicts all parts of the task but spans."""

    def fit_part(part: Part, train: Examples) -> _Fitted:
        texts = [sentence.text for _, sentence in train.sentences]
        groups = train.groups.tolist()
        fit = _module().fit
        return _Fitted(fit(name, part.kind, texts, train.gold(part), groups, len(part.classes)))

    return fitter_by_part([part for part in task.parts if part.kind != "spans"], fit_part)
