"""The task `generic`: a table of the user's own, whose columns the user names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import isfinite
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

from hedgecheck import benchmark_labels as bl
from hedgecheck.datasets import Columns
from hedgecheck.datasets.table import rows_of
from hedgecheck.errors import InputError
from hedgecheck.results import ATTRIBUTION, SOURCING, SentenceScore
from hedgecheck.tasks import GENERIC, Task, grades, part

#: Kinds of labels that a column can hold, with the metric to compare systems by.
KINDS: Final = {"classes": "macro_f1", "yes-no": "f1", "graded": "pearson"}

#: What a saved model can be asked for, by kind; the first that fits is the default.
OUTPUTS: Final[dict[str, tuple[str, ...]]] = {
    "classes": ("sourcing", "attribution"),
    "yes-no": ("hedged", "confidential", "attributed"),
    "graded": ("certainty",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """How a table is to be read.

    Attributes
    ----------
    text, label : str
        Columns of the sentence and of its label.
    document : str or None
        Column of the document; rows of a document stand together.
    kind : str
        One of `KINDS`.
    labels : tuple of str
        The set of labels of ``classes``; empty for those that the data have.
    scale : (float, float)
        Lowest and highest grade of ``graded``.
    output : str or None
        Which output of a saved model to compare (`OUTPUTS`).
    """

    text: str
    label: str
    document: str | None = None
    kind: str = "classes"
    labels: tuple[str, ...] = ()
    scale: tuple[float, float] = (0.0, 1.0)
    output: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"kind: {self.kind!r} is none; use {', '.join(KINDS)}")
        if self.output is not None and self.output not in OUTPUTS[self.kind]:
            raise InputError(
                f"output: a saved model has no {self.output!r} of the kind {self.kind}; use "
                f"{', '.join(OUTPUTS[self.kind])}"
            )
        low, high = self.scale
        if not (isfinite(low) and isfinite(high) and low < high):
            raise InputError(f"scale: {low:g} to {high:g} is none; give the lowest and the highest")
        if len(set(self.labels)) < len(self.labels) or len(self.labels) == 1:
            raise InputError(f"labels: {list(self.labels)} are not two or more different labels")

    @property
    def columns(self) -> Columns:
        """The columns as the reader of tables takes them."""
        if self.kind == "yes-no":
            return Columns(text=self.text, document=self.document, uncertain=self.label)
        if self.kind == "graded":
            return Columns(
                text=self.text,
                document=self.document,
                certainty=self.label,
                certainty_scale=self.scale,
            )
        # An open set of labels; what the reader calls attribution is whatever the column holds.
        return Columns(
            text=self.text,
            document=self.document,
            attribution=self.label,
            attribution_labels=self.labels,
        )


def labels_in(paths: Iterable[Path], table: Table) -> tuple[str, ...]:
    """The labels that tables have, in alphabetical order.

    Raises
    ------
    TrainingDataError
        If a table cannot be read, or a label is no text.
    InputError
        If there are fewer than two.
    """
    found: set[str] = set()
    for path in paths:
        for row in rows_of(path, table.columns):
            value = row.text(table.label)
            if not value.strip():
                raise row.wrong(table.label, "is an empty label", "leave such rows out")
            found.add(value)
    if len(found) < 2:
        raise InputError(f"the column {table.label!r} has but one label: {found.pop()!r}")
    return tuple(sorted(found))


def with_labels(table: Table, paths: Iterable[Path], *, saved: bool) -> Table:
    """The table with its set of labels filled in: its own, or that of a saved model's output.

    Raises
    ------
    TrainingDataError
        As `labels_in`.
    InputError
        If a saved model has no output with such labels.
    """
    if table.kind != "classes":
        return table
    labels = table.labels or labels_in(paths, table)
    if not saved:
        return replace(table, labels=labels)
    for name, known in (("sourcing", SOURCING), ("attribution", ATTRIBUTION)):
        if table.output in (None, name) and set(labels) <= set(known):
            return replace(table, labels=known, output=name)
    raise InputError(
        f"a saved model does not have the labels {', '.join(labels)} (sourcing: "
        f"{', '.join(SOURCING)}; attribution: {', '.join(ATTRIBUTION)}); add train or cv to fit "
        "one that does"
    )


def generic_task(table: Table) -> Task:
    """The task for a table whose set of labels is known."""
    if table.kind == "graded":
        only, mapping = grades(*table.scale)
    elif table.kind == "yes-no":
        mapping = table.output or "hedged"
        output: Callable[[SentenceScore], Any] = attrgetter(mapping)
        if mapping == "attributed":
            output = bl.output_any_attribution
        only = part("yes-no", attrgetter("uncertain"), output, classes=("no", "yes"))
    else:
        mapping = table.output or ""
        output = attrgetter(mapping)
        only = part("classes", attrgetter("attribution"), output, classes=table.labels)
    return Task(
        name=GENERIC,
        title="a table of your own",
        kind=table.kind,
        corpus="",
        parts=(only,),
        primary=KINDS[table.kind],
        mapping=mapping,
        in_documents=table.document is not None,
    )
