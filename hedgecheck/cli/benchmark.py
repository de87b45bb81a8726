"""``hedgecheck benchmark``: a task, its data, and the figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgecheck.cli.destination import check_folder, print_for_eyes
from hedgecheck.cli.messages import DONE, NOTHING_DONE, PARTLY_DONE, complain, progress_bar
from hedgecheck.cli.writing import safe_cell

if TYPE_CHECKING:
    from hedgecheck.benchmark_report import BenchmarkReport


def run_benchmark(
    task: str,
    arguments: Mapping[str, Any],
    *,
    json_out: str | None,
    predictions_out: str | None,
    quiet: bool,
) -> int:
    """Run a benchmark, print its figures, write what was asked for, and return the exit code.

    Raises
    ------
    HedgecheckError
        If the arguments do not go together, data or model cannot be read, or a file cannot be
        written where it is to lie.
    """
    for path in (json_out, predictions_out):
        if path is not None:
            check_folder(path)
    if predictions_out is not None and Path(predictions_out).suffix not in (".csv", ".jsonl"):
        complain(f"{predictions_out}: predictions are written as .csv or .jsonl; rename the file")
        return NOTHING_DONE
    from hedgecheck.benchmarking import benchmark

    with progress_bar(quiet=quiet) as bar:
        report = benchmark(task, **arguments, progress=bar)
    print_for_eyes()
    print(report)
    try:
        if json_out is not None:
            Path(json_out).write_text(report.to_json(), encoding="utf-8")
        if predictions_out is not None:
            _write_predictions(report, Path(predictions_out))
    except OSError as error:
        complain(f"{error.filename}: cannot be written ({error.strerror})")
        return PARTLY_DONE
    return DONE


def _write_predictions(report: BenchmarkReport, path: Path) -> None:
    frame = report.predictions()
    if path.suffix == ".csv":
        frame.map(safe_cell).to_csv(path, index=False)
        return
    rows = frame.to_dict(orient="records")
    lines = (json.dumps(row, ensure_ascii=False, allow_nan=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
