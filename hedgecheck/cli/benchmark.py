"""``hedgecheck benchmark``: a task, its data, and the figures."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgecheck.cli.messages import DONE, NOTHING_DONE, PARTLY_DONE, ProgressBar, complain
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
        If the arguments do not go together, or data or model cannot be read.
    """
    for path in (json_out, predictions_out):
        # Found out now and not after a quarter of an hour.
        if path is not None and (Path(path).is_dir() or not Path(path).parent.is_dir()):
            complain(f"{path}: cannot be written: name a file in a folder that exists")
            return NOTHING_DONE
    if predictions_out is not None and Path(predictions_out).suffix not in (".csv", ".jsonl"):
        complain(f"{predictions_out}: predictions are written as .csv or .jsonl; rename the file")
        return NOTHING_DONE
    from hedgecheck.benchmarking import benchmark

    bar = None if quiet else ProgressBar()
    try:
        report = benchmark(task, **arguments, progress=bar)
    finally:
        if bar is not None:
            bar.close()
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]
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
