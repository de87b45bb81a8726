"""What a benchmark found, as Python values, as JSON and as text for the eye."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hedgecheck.benchmark_metrics import Difference
from hedgecheck.evaluation import Figure

if TYPE_CHECKING:
    import pandas as pd

    from hedgecheck.benchmark_data import DataFile

__all__ = ["SCHEMA", "BaselineResult", "BenchmarkReport"]

SCHEMA: Final = "hedgecheck.benchmark/1"


@dataclass(frozen=True, slots=True)
class BaselineResult:
    """A baseline's figures, and how much better the model is than it.

    Attributes
    ----------
    metrics : dict of str to Figure
        Named as the model's; those that the baseline cannot have are missing.
    differences : dict of str to Difference
        The model's figure less the baseline's.
    fitted_on : str
        ``train`` or ``folds of the test data``.
    """

    metrics: dict[str, Figure]
    differences: dict[str, Difference]
    fitted_on: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as a JSON-ready dict."""
        return {
            "fitted_on": self.fitted_on,
            "metrics": {name: figure.to_dict() for name, figure in self.metrics.items()},
            "difference": {name: each.to_dict() for name, each in self.differences.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class BenchmarkReport:
    """The figures of a task with all that is needed to repeat them.

    Attributes
    ----------
    task, kind, primary : str
        The task's name, its kind, and the metric to compare systems by.
    split : dict
        How sentences were tested: ``how`` (``saved model``, ``train and test`` or
        ``cross-validation``), ``folds``, and the ``unit`` that folds and draws keep together.
    counts : dict
        Sentences and documents of the test data (and of the training data), and labels. Where
        sentences stand alone, the different ones are counted for documents.
    metrics : dict of str to Figure
        The figures by name.
    baselines : dict of str to BaselineResult
        By the baseline's name.
    overlap : dict
        Test sentences that stand in the training text.
    data : dict of str to tuple of DataFile
        ``test`` and ``train``.
    model, versions, machine, intervals : dict
        What made the figures, and where.
    command : str
        The command that gives the same report.
    seconds, fit_seconds, sentences_per_second : float
        Time to score, time to fit, and sentences scored in a second.
    warnings : tuple of str
        What to mind before citing the figures.
    """

    task: str
    kind: str
    primary: str
    split: dict[str, Any]
    counts: dict[str, Any]
    metrics: dict[str, Figure]
    baselines: dict[str, BaselineResult]
    overlap: dict[str, Any]
    data: dict[str, tuple[DataFile, ...]]
    model: dict[str, Any]
    versions: dict[str, str]
    machine: dict[str, Any]
    intervals: dict[str, Any]
    command: str
    seconds: float
    fit_seconds: float
    sentences_per_second: float
    warnings: tuple[str, ...]
    table: dict[str, list[Any]] = field(compare=False)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a JSON-ready dict; its ``schema`` is `SCHEMA`."""
        return {
            "schema": SCHEMA,
            "task": self.task,
            "kind": self.kind,
            "primary": self.primary,
            "split": self.split,
            "counts": self.counts,
            "metrics": {name: figure.to_dict() for name, figure in self.metrics.items()},
            "intervals": self.intervals,
            "baselines": {name: each.to_dict() for name, each in self.baselines.items()},
            "overlap": self.overlap,
            "data": {side: [each.to_dict() for each in self.data[side]] for side in self.data},
            "model": self.model,
            "versions": self.versions,
            "machine": self.machine,
            "command": self.command,
            "seconds": self.seconds,
            "fit_seconds": self.fit_seconds,
            "sentences_per_second": self.sentences_per_second,
            "warnings": list(self.warnings),
        }

    def to_json(self) -> str:
        """Return the report as JSON that is valid by the standard: no NaN, no infinity."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    def predictions(self) -> pd.DataFrame:
        """Return a frame with a row a sentence: where it stands, its labels, and the answers."""
        import pandas as pd

        return pd.DataFrame(self.table)

    def __repr__(self) -> str:
        return f"<BenchmarkReport {self.task}: {self.primary} {self.metrics[self.primary]}>"

    def __str__(self) -> str:
        """The report for the eye, without the finest figures of pairs and of baselines."""
        counts, split = self.counts, self.split
        how = str(split["how"])
        if split["folds"]:
            how += f", {split['folds']} folds by {split['unit']}"
        size = f"{counts['sentences']} sentences"
        if "documents" in counts:
            size += f", {counts['documents']} documents"
        lines = [
            f"{self.task}: {how}; model {self.model['name']}",
            f"{size}; 95 % intervals by bootstrap over {self.intervals['over']}",
            "",
        ]
        shown = [name for name in self.metrics if not _is_detail(name)]
        width = max(map(len, shown)) + 2
        for name in shown:
            mark = "  (primary)" if name == self.primary else ""
            lines.append(f"  {name:<{width}}{self.metrics[name]}{mark}")
        for name, result in self.baselines.items():
            lines += ["", f"baseline {name}, fitted on {result.fitted_on}; model less baseline:"]
            lines += [
                f"  {metric:<{width}}{result.metrics[metric]}  {result.differences[metric]}"
                for metric in shown
                if metric in result.metrics and not metric.rpartition(".")[0].endswith("f1")
            ]
        lines += ["", f"{self.sentences_per_second:.0f} sentences a second"]
        lines += [f"warning: {warning}" for warning in self.warnings]
        return "\n".join(lines)


def _is_detail(name: str) -> bool:
    return name.endswith(".pair_accuracy") and name.count(".") > 1
