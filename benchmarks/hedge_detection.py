"""Word lists, style checkers and fastText as yes-or-no detectors of hedges, beside hedgecheck.

Every set is asked the same: is this sentence hedged? hedgecheck answers as it is shipped where it
has not learned from the set, and where it has, or the labels are of another kind, what is fitted on
the set answers in five folds by document. Intervals and p are by bootstrap over documents, both
systems in the same draws.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

import hedgecheck
from hedgecheck.benchmark_data import Examples
from hedgecheck.benchmark_metrics import Answer, Drawn, difference, figures
from hedgecheck.benchmark_request import FOLDS, Request, read_data
from hedgecheck.benchmark_runs import run_folds, run_saved, task_fitter
from hedgecheck.datasets.locating import sha256_of
from hedgecheck.errors import TrainingDataError
from hedgecheck.fitting import folds_by_group
from hedgecheck.shipped import model_path
from hedgecheck.tasks import HEDGED, Part, find_task

SCHEMA: Final = "hedgecheck.hedges/1"
#: The systems of hedgecheck.
SHIPPED: Final = "hedgecheck, as shipped"
FITTED: Final = "hedgecheck, fitted in folds"
CARD: Final = "hedgecheck, cross-validated (model card)"
#: Sets on which the shipped model answers. It has learned from the others.
CLEAN: Final = ("hedgecheck-news", "hedgecheck-pairs", "bioscope")
#: Sets on which one is fitted in folds.
FOLDED: Final = ("bioscope", "szeged-wiki")
SETS: Final = ("hedgecheck-news", "hedgecheck-pairs", "hedgenews", "szeged-wiki", "bioscope")
_METRICS: Final = ("f1", "precision", "recall")
_CARD_ROW: Final = re.compile(r"^\| hedged, F1 \| ([\d.]+) \[([\d.]+), ([\d.]+)\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class HedgeSet:
    """A labelled set as a question of yes or no, with the fold of each sentence."""

    name: str
    examples: Examples
    folds: tuple[int, ...]

    @property
    def part(self) -> Part:
        """The one label."""
        return self.examples.task.parts[0]

    def for_peers(self) -> dict[str, Any]:
        """Texts, labels and folds, as `peers/exchange.py` has them."""
        return {
            "texts": [sentence.text for _, sentence in self.examples.sentences],
            "labels": self.examples.gold(self.part).astype(int).tolist(),
            "folds": list(self.folds),
        }


def read_set(name: str, corpora: Path | None) -> HedgeSet:
    """Read a set, its labels made a yes or no.

    Raises
    ------
    TrainingDataError
        If its corpus is not found.
    """
    task = find_task(name)
    _, _, examples = read_data(Request(task=name, corpora=corpora))
    if task.kind != "yes-no":
        part = replace(
            HEDGED,
            # Pairs name the axes that they are about: this is certainty, in two bands.
            name="certainty" if task.kind == "pairs" else "",
            metrics={metric: metric for metric in _METRICS},
        )
        kind = task.kind if task.kind == "pairs" else "yes-no"
        asked = replace(task, kind=kind, parts=(part,), primary="f1", whole=False)
        examples = replace(examples, task=asked)
    folds = tuple(folds_by_group(examples.groups, FOLDS).tolist())
    return HedgeSet(name, examples, folds)


def read_sets(
    corpora: Path | None, names: tuple[str, ...] = SETS
) -> tuple[list[HedgeSet], dict[str, str]]:
    """The sets that are there, and why the others are not."""
    found, missing = [], {}
    for name in names:
        try:
            found.append(read_set(name, corpora))
        except TrainingDataError:
            missing[name] = "its corpus was not found; name its folder with --corpora"
    return found, missing


def own_answers(hedge_set: HedgeSet) -> dict[str, Answer]:
    """The answers of hedgecheck's systems that may answer on this set."""
    found = {}
    part, examples = hedge_set.part, hedge_set.examples
    if hedge_set.name in CLEAN:
        found[SHIPPED] = run_saved(hedgecheck.load(), examples).answers[part.name]
    if hedge_set.name in FOLDED:
        fit = task_fitter(examples.task, 0)
        found[FITTED] = run_folds(fit, examples, FOLDS).answers[part.name]
    return found


def compared(
    hedge_set: HedgeSet, own: Mapping[str, Answer], peers: Mapping[str, list[int]]
) -> dict[str, Any]:
    """Figures of all systems on a set; of a peer also how much better each of ours is.

    ``pair_accuracy`` is the share of the contrast pairs on certainty of which both sides are right.
    """
    gold = hedge_set.examples.gold(hedge_set.part)
    ours = {name: _drawn(hedge_set, answer) for name, answer in own.items()}
    systems: dict[str, Any] = {
        name: {"metrics": {metric: d.figure.to_dict() for metric, d in drawn.items()}}
        for name, drawn in ours.items()
    }
    for name, flags in peers.items():
        theirs = _drawn(hedge_set, Answer(np.array(flags, dtype=np.bool_)))
        systems[name] = {
            "metrics": {metric: d.figure.to_dict() for metric, d in theirs.items()},
            "difference": {
                each: {m: difference(drawn[m], theirs[m]).to_dict() for m in theirs}
                for each, drawn in ours.items()
            },
        }
    if hedge_set.name == "hedgenews":
        card = model_path("en").with_suffix(".md").read_text(encoding="utf-8")
        figure = card_figure(card, shipped_sum())
        title = CARD if figure else f"{CARD}: the card is of another model"
        systems = {title: {"metrics": {"f1": figure} if figure else {}}} | systems
    counts = {"sentences": len(gold), "hedged": int(gold.sum())}
    counts["documents"] = len(np.unique(hedge_set.examples.groups))
    return {
        "counts": counts,
        "data": [file.to_dict() for file in hedge_set.examples.files],
        "systems": systems,
    }


def _drawn(hedge_set: HedgeSet, answer: Answer) -> dict[str, Drawn]:
    found = figures(hedge_set.examples, {hedge_set.part.name: Answer(answer.predicted)})
    # By phenomenon, or a pair's axis beside itself: more than a table of hedges needs.
    return {name: each for name, each in found.items() if name in (*_METRICS, "pair_accuracy")}


def card_figure(card: str, model_sum: str) -> dict[str, float] | None:
    """F1 of hedged by cross-validation from a model's card; None if it is not that model's card."""
    row = _CARD_ROW.search(card)
    if row is None or model_sum not in card:
        return None
    return dict(zip(("value", "low", "high"), map(float, row.groups()), strict=True))


def shipped_sum() -> str:
    """The sum of the shipped model: figures of another one are stale."""
    return sha256_of(model_path("en"))
