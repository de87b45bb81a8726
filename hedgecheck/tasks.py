"""The benchmark tasks: what is predicted, how it is measured, and on what.

A task has one or more parts, each of which is a label that a sentence has: a class, a yes or no, a
grade or some spans. The three axes of hedgenews are a task of several parts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any, Final, Literal

from hedgecheck import benchmark_labels as bl
from hedgecheck.checking import unknown_name
from hedgecheck.datasets import Labels
from hedgecheck.results import ATTRIBUTION, SOURCING, SentenceScore

__all__ = ["TASKS", "Part", "Task", "find_task"]

Kind = Literal["classes", "yes-no", "graded", "spans"]

#: Kinds of tasks on the three axes, for which the model is made: what is fitted builds on one.
AXES_KINDS: Final = ("axes", "pairs")

#: Metrics of a part by kind; those of a class are ``f1.CLASS``.
METRICS_OF_KIND: Final[dict[str, tuple[str, ...]]] = {
    "classes": ("accuracy", "macro_f1", "ece"),
    "yes-no": ("f1", "precision", "recall", "accuracy", "ece"),
    "graded": ("pearson", "spearman", "mae"),
    "spans": ("span_f1", "exact_f1"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One label of a task.

    Attributes
    ----------
    name : str
        Empty for the only part of a task.
    kind : str
        ``classes``, ``yes-no``, ``graded`` or ``spans``.
    gold : callable
        From `Labels` to the label; None where it was not annotated.
    output : callable
        From a saved model's `SentenceScore` to the label.
    proba : callable or None
        From a `SentenceScore` to the probability of yes, or of each class, where the model has one.
    classes : tuple of str
        The set of labels; ``("no", "yes")``-like names for a yes or no.
    metrics : dict of str to str
        Metrics of the part by the names that they have in the report.
    """

    name: str
    kind: Kind
    gold: Callable[[Labels], Any]
    output: Callable[[SentenceScore], Any]
    proba: Callable[[SentenceScore], Any] | None = None
    classes: tuple[str, ...] = ()
    metrics: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A benchmark task.

    Attributes
    ----------
    name, title : str
        The name on the command line; what is predicted, in words.
    kind : str
        That of its only part; ``axes`` for the three axes, ``pairs`` for contrast pairs.
    corpus : str
        The corpus in the registry that has its citation and files; empty for `generic`.
    parts : tuple of Part
        What a sentence is labelled with.
    primary : str
        The metric to compare systems by.
    mapping : str
        How a saved model's output becomes the task's labels, in words.
    in_documents : bool
        Whether sentences stand in documents: they are scored in context then, and documents are
        drawn for intervals and kept together in folds.
    test_splits, train_splits : tuple of str
        Splits to test or to train on where no file is named; the first that is there. Empty for
        all that there is.
    whole : bool
        Whether figures over whole documents are given too.
    """

    name: str
    title: str
    kind: str
    corpus: str
    parts: tuple[Part, ...]
    primary: str
    mapping: str
    in_documents: bool = True
    test_splits: tuple[str, ...] = ("test", "dev", "val", "train")
    train_splits: tuple[str, ...] = ("train", "test")
    whole: bool = False


def part(
    kind: Kind,
    gold: Callable[[Labels], Any],
    output: Callable[[SentenceScore], Any],
    *,
    name: str = "",
    classes: tuple[str, ...] = (),
    proba: Callable[[SentenceScore], Any] | None = None,
) -> Part:
    """A part with the metrics of its kind, named after it."""
    names = [*METRICS_OF_KIND[kind]]
    if kind == "classes":
        names += [f"f1.{each}" for each in classes]
    prefix = f"{name}." if name else ""
    return Part(
        name=name,
        kind=kind,
        gold=gold,
        output=output,
        proba=proba,
        classes=classes,
        metrics={f"{prefix}{metric}": metric for metric in names},
    )


def _axis(name: str, classes: tuple[str, ...]) -> Part:
    proba = partial(bl.class_probabilities, name=f"{name}_proba", classes=classes)
    field = attrgetter(name)
    return part("classes", field, field, name=name, classes=classes, proba=proba)


def grades(low: float, high: float) -> tuple[Part, str]:
    """The part of grades on a scale, and how certainty becomes one, in words."""
    output = partial(bl.output_grade, low=low, high=high)
    mapping = f"certainty, stretched to {low:g} to {high:g}"
    return part("graded", attrgetter("grade"), output), mapping


#: Whether a sentence is hedged, by the guidelines.
HEDGED: Final = Part(
    name="hedged",
    kind="yes-no",
    gold=attrgetter("hedged"),
    output=attrgetter("hedged"),
    classes=("not hedged", "hedged"),
    metrics={"certainty.hedged_f1": "f1"},
)
_CONFIDENTIAL: Final = Part(
    name="confidential",
    kind="yes-no",
    gold=attrgetter("confidential"),
    output=attrgetter("confidential"),
    proba=attrgetter("confidential_proba"),
    classes=("not confidential", "confidential"),
    metrics={"confidential.f1": "f1", "confidential.ece": "ece"},
)
_AXES: Final = (
    _axis("sourcing", SOURCING),
    _axis("attribution", ATTRIBUTION),
    part("graded", attrgetter("certainty"), attrgetter("certainty"), name="certainty"),
    HEDGED,
    _CONFIDENTIAL,
    *(
        part(
            "spans",
            partial(bl.gold_span, name=name),
            partial(bl.output_span, name=name),
            name=name,
        )
        for name in ("source", "cue")
    ),
    part("spans", bl.gold_hedges, bl.output_hedges, name="hedges"),
)
_AS_IT_IS: Final = "as it is: the model is made for these labels"


def _graded(name: str, title: str, low: float, high: float) -> Task:
    only, mapping = grades(low, high)
    return Task(
        name=name,
        title=title,
        kind="graded",
        corpus=name,
        parts=(only,),
        primary="pearson",
        mapping=mapping,
        in_documents=False,
    )


def _uncertain(
    name: str,
    title: str,
    gold: Callable[[Labels], Any],
    output: Callable[[SentenceScore], Any],
    mapping: str,
) -> Task:
    return Task(
        name=name,
        title=title,
        kind="yes-no",
        corpus=name,
        parts=(part("yes-no", gold, output, classes=("certain", "uncertain")),),
        primary="f1",
        mapping=mapping,
    )


_ALL: Final = (
    Task(
        name="hedgenews",
        title="certainty, sourcing and attribution of sentences of news, with spans",
        kind="axes",
        corpus="hedgenews",
        parts=_AXES,
        primary="sourcing.macro_f1",
        mapping=_AS_IT_IS,
        whole=True,
    ),
    Task(
        name="hedgecheck-news",
        title="the same, in invented news that comes with hedgecheck",
        kind="axes",
        corpus="hedgecheck-news",
        parts=_AXES,
        primary="sourcing.macro_f1",
        mapping=_AS_IT_IS,
    ),
    Task(
        name="hedgecheck-pairs",
        title="contrast pairs: both sides right",
        kind="pairs",
        corpus="hedgecheck-pairs",
        parts=(
            Part(
                name="certainty",
                kind="classes",
                gold=bl.gold_band,
                output=bl.output_band,
                classes=bl.BANDS,
                metrics={},
            ),
            *(replace(each, metrics={}) for each in (*_AXES[:2], _CONFIDENTIAL)),
        ),
        primary="pair_accuracy",
        mapping="as it is; certainty by its band: certain, hedged or no claim",
    ),
    _uncertain(
        "conll2010-wiki",
        "weasel sentences of Wikipedia",
        attrgetter("weasel"),
        bl.output_weasel,
        "a vague or unnamed source, or a hedge cue",
    ),
    _uncertain(
        "bioscope",
        "speculative sentences of biomedical texts",
        attrgetter("uncertain"),
        bl.output_speculation,
        "a hedge cue other than a condition",
    ),
    _uncertain(
        "szeged-wiki",
        "sentences of Wikipedia with an epistemic or doxastic cue",
        bl.gold_szeged,
        bl.output_szeged,
        "an epistemic, doxastic or reportative hedge cue",
    ),
    _graded(
        "pei-jurgens",
        "certainty of findings of science, 1 to 6",
        1.0,
        6.0,
    ),
    Task(
        name="polnear-attribution",
        title="none, direct, mixed or indirect attribution of sentences of political news",
        kind="classes",
        corpus="polnear",
        parts=(
            part(
                "classes",
                attrgetter("attribution"),
                bl.output_polnear_attribution,
                classes=bl.POLNEAR_ATTRIBUTION,
            ),
        ),
        primary="macro_f1",
        mapping="attribution where the source or the cue stands in the sentence, else none; belief "
        "and no_comment are indirect",
    ),
    Task(
        name="polnear-sources",
        title="sources of attributions in political news",
        kind="spans",
        corpus="polnear",
        parts=(part("spans", bl.gold_sources, partial(bl.output_span, name="source")),),
        primary="span_f1",
        mapping="the source",
    ),
    Task(
        name="gum-attribution",
        title="sentences of Wikinews with the source or the cue of an attribution",
        kind="yes-no",
        corpus="gum",
        parts=(
            part(
                "yes-no",
                bl.gold_attributed,
                bl.output_attributed,
                classes=("not attributed", "attributed"),
            ),
        ),
        primary="f1",
        mapping="an attribution whose source or cue stands in the sentence",
        # The corpus's own test side is two documents of news.
        test_splits=(),
        train_splits=(),
    ),
    _graded(
        "factuality-uds",
        "mean |factuality| of the events of a sentence of web text, 0 to 3",
        0.0,
        3.0,
    ),
    _graded(
        "factuality-meantime",
        "mean |factuality| of the events of a sentence of Wikinews, 0 to 3",
        0.0,
        3.0,
    ),
)

#: Every task but `generic` (`hedgecheck.benchmark_generic`) by name.
TASKS: Final = {task.name: task for task in _ALL}
GENERIC: Final = "generic"


def find_task(name: str) -> Task:
    """Return a task by its name.

    Raises
    ------
    InputError
        If there is none of that name.

    Examples
    --------
    >>> find_task("bioscope").primary
    'f1'
    """
    if name not in TASKS:
        raise unknown_name("task", name, [*TASKS, GENERIC])
    return TASKS[name]
