#!/usr/bin/env python3
"""Compute how far the two annotators of ``datasets/`` agree, before the differences were settled.

    python3 scripts/dataset_agreement.py                        # the table of the dataset card
    python3 scripts/dataset_agreement.py --draws 200 FILE.csv   # another file of the same columns

It reads ``datasets/agreement.csv``, a line for each sentence of the documents and for each target
of a contrast pair, with the labels of both annotators and no text, and prints a Markdown table:
each figure with its 95 % interval, by bootstrap over the documents, or over the pairs with both of
their sides together. The same file and the same ``--draws`` give the same table.

Columns: ``set`` (news or pairs), ``id``, ``group`` (what is drawn anew: document or pair), and for
each annotator (``_1``, ``_2``): ``certainty`` (0 to 100), ``sourcing``, ``attribution``,
``confidential`` (0 or 1), and the spans ``source``, ``cue`` and ``hedges`` as START-END in
characters of the sentence, several with a space between them.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).resolve().parent.parent / "datasets" / "agreement.csv"
DRAWS = 2000
SEED = 20261125
SETS = {"news": "documents", "pairs": "pair targets"}
SOURCING = ("none", "named", "unnamed", "vague")
ATTRIBUTION = ("none", "direct", "mixed", "indirect", "belief", "no_comment")

Row = dict[str, str]
Span = tuple[int, int]
Counts = npt.NDArray[np.float64]  # (draws, one value for each thing counted)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: what a line adds to the counts, and how the counts give the figure."""

    name: str
    count: Callable[[Row], list[float]]
    figure: Callable[[Counts], Counts]


def hedged(certainty: str) -> bool:
    """Say whether a certainty counts as hedged: neither certain nor without a claim."""
    return 5 < int(certainty) < 85


def spans(cell: str) -> list[Span]:
    """Read ``"3-7 12-20"`` as spans."""
    return [(int(start), int(end)) for start, _, end in (s.partition("-") for s in cell.split())]


# ------------------------------------------------------------------- what a line adds to the counts


def confusion(column: str, classes: tuple[str, ...]) -> Callable[[Row], list[float]]:
    """Count into the cell (first annotator's class, second annotator's class)."""

    def count(row: Row) -> list[float]:
        cells = [0.0] * len(classes) ** 2
        first, second = (classes.index(row[f"{column}_{n}"]) for n in (1, 2))
        cells[first * len(classes) + second] = 1.0
        return cells

    return count


def sums(row: Row) -> list[float]:
    """Count what Pearson's r is made of."""
    x, y = float(row["certainty_1"]), float(row["certainty_2"])
    return [1.0, x, y, x * x, y * y, x * y]


def both(flag: Callable[[Row, int], bool]) -> Callable[[Row], list[float]]:
    """Count what F1 of a yes-or-no label is made of: both, first, second."""

    def count(row: Row) -> list[float]:
        first, second = flag(row, 1), flag(row, 2)
        return [float(first and second), float(first), float(second)]

    return count


def overlapping(column: str) -> Callable[[Row], list[float]]:
    """Count the spans of each annotator that share a character with one of the other's."""

    def touched(these: list[Span], others: list[Span]) -> float:
        return float(sum(any(s < end and start < e for start, end in others) for s, e in these))

    def count(row: Row) -> list[float]:
        first, second = spans(row[f"{column}_1"]), spans(row[f"{column}_2"])
        hits = (touched(first, second), touched(second, first))
        return [*hits, float(len(first)), float(len(second))]

    return count


def identical(column: str) -> Callable[[Row], list[float]]:
    """Count the spans on which the annotators agree to the character."""

    def count(row: Row) -> list[float]:
        first, second = spans(row[f"{column}_1"]), spans(row[f"{column}_2"])
        return [float(len(set(first) & set(second))), float(len(first)), float(len(second))]

    return count


# ----------------------------------------------------------------------- how counts give a figure


def square(counts: Counts) -> Counts:
    """Fold the cells of a confusion table: (draws, classes, classes)."""
    size = round(counts.shape[1] ** 0.5)
    return counts.reshape(-1, size, size)


def share(top: Counts, bottom: Counts) -> Counts:
    """Divide; nothing of nothing is 0."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def accuracy(counts: Counts) -> Counts:
    """Give the share of equal labels."""
    table = square(counts)
    return share(np.trace(table, axis1=1, axis2=2), table.sum(axis=(1, 2)))


def kappa(counts: Counts) -> Counts:
    """Give Cohen's kappa (Cohen 1960)."""
    table = square(counts)
    total = table.sum(axis=(1, 2))
    chance = (table.sum(axis=1) * table.sum(axis=2)).sum(axis=1) / total**2
    return share(accuracy(counts) - chance, 1 - chance)


def macro_f1(counts: Counts) -> Counts:
    """Give the mean F1 over the classes that either annotator used; it is symmetric."""
    table = square(counts)
    used = table.sum(axis=1) + table.sum(axis=2)
    f1 = share(2 * np.diagonal(table, axis1=1, axis2=2), used)
    return share(f1.sum(axis=1), (used > 0).sum(axis=1).astype(float))


def pearson(counts: Counts) -> Counts:
    """Give Pearson's r from the sums."""
    n, x, y, xx, yy, xy = counts.T
    return share(n * xy - x * y, np.sqrt((n * xx - x * x) * (n * yy - y * y)))


def f1(counts: Counts) -> Counts:
    """Give F1 from: both, first, second."""
    return share(2 * counts[:, 0], counts[:, 1] + counts[:, 2])


def overlap_f1(counts: Counts) -> Counts:
    """Give the harmonic mean of the two shares of spans that the other annotator touched."""
    recall, precision = share(counts[:, 0], counts[:, 2]), share(counts[:, 1], counts[:, 3])
    return share(2 * recall * precision, recall + precision)


MEASURES = (
    Measure("sourcing, accuracy", confusion("sourcing", SOURCING), accuracy),
    Measure("sourcing, Cohen's kappa", confusion("sourcing", SOURCING), kappa),
    Measure("sourcing, macro-F1", confusion("sourcing", SOURCING), macro_f1),
    Measure("attribution, accuracy", confusion("attribution", ATTRIBUTION), accuracy),
    Measure("attribution, Cohen's kappa", confusion("attribution", ATTRIBUTION), kappa),
    Measure("attribution, macro-F1", confusion("attribution", ATTRIBUTION), macro_f1),
    Measure("certainty, Pearson's r", sums, pearson),
    Measure("hedged, F1", both(lambda row, n: hedged(row[f"certainty_{n}"])), f1),
    Measure("confidential, F1", both(lambda row, n: row[f"confidential_{n}"] == "1"), f1),
    Measure("source span, overlap F1", overlapping("source"), overlap_f1),
    Measure("source span, exact F1", identical("source"), f1),
    Measure("cue span, overlap F1", overlapping("cue"), overlap_f1),
    Measure("cue span, exact F1", identical("cue"), f1),
    Measure("hedge spans, overlap F1", overlapping("hedges"), overlap_f1),
    Measure("hedge spans, exact F1", identical("hedges"), f1),
)


def interval(rows: list[Row], measure: Measure, draws: int) -> tuple[float, float, float]:
    """Give the figure and its 2.5th and 97.5th percentile over draws of whole groups."""
    groups = {name: place for place, name in enumerate(sorted({row["group"] for row in rows}))}
    counts = np.zeros((len(groups), len(measure.count(rows[0]))))
    for row in rows:
        counts[groups[row["group"]]] += measure.count(row)
    weights = np.random.default_rng(SEED).multinomial(
        len(groups), np.full(len(groups), 1 / len(groups)), size=draws
    )
    value = float(measure.figure(counts.sum(axis=0, keepdims=True))[0])
    low, high = np.percentile(measure.figure(weights @ counts), [2.5, 97.5])
    return value, float(low), float(high)


def table(path: Path, draws: int) -> str:
    """Write the table of the dataset card."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    chosen = {name: [row for row in rows if row["set"] == name] for name in SETS}
    heads = [f"{SETS[name]} ({len(chosen[name]):,})" for name in SETS]
    text = [f"| measure | {' | '.join(heads)} |", "|---|---|---|"]
    for measure in MEASURES:
        cells = []
        for name in SETS:
            value, low, high = interval(chosen[name], measure, draws)
            cells.append(f"{value:.3f} ({low:.3f}–{high:.3f})")
        text.append(f"| {measure.name} | {' | '.join(cells)} |")
    return "\n".join(text)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="How far the two annotators agree.")
    parser.add_argument("file", nargs="?", type=Path, default=FILE)
    parser.add_argument("--draws", type=int, default=DRAWS, help="draws of the bootstrap")
    options = parser.parse_args()
    print(table(options.file, options.draws))


if __name__ == "__main__":
    main()
