"""What training says of itself: cross-validated figures with intervals, and the model card."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from hedgecheck import evaluation as ev
from hedgecheck.datasets import Labels
from hedgecheck.datasets.locating import sha256_of
from hedgecheck.results import ATTRIBUTION, SOURCING, SentenceScore, Span
from hedgecheck.training_data import PRACTICE, READINGS


@dataclass(frozen=True, slots=True)
class Predicted:
    """A labelled sentence beside the score that a model gave it."""

    group: str
    labels: Labels
    score: SentenceScore


#: The figures, in the order in which they are shown, with the words for them.
TITLES: Final = {
    "sourcing.accuracy": "sourcing, accuracy",
    "sourcing.macro_f1": "sourcing, macro-F1",
    "attribution.accuracy": "attribution, accuracy",
    "attribution.macro_f1": "attribution, macro-F1",
    "certainty.pearson": "certainty, Pearson r",
    "hedged.f1": "hedged, F1",
    "confidential.f1": "confidential, F1",
    "source.overlap_f1": "source span, overlap F1",
    "source.exact_f1": "source span, exact F1",
    "cue.overlap_f1": "attribution cue, overlap F1",
    "hedges.overlap_f1": "hedge cues, overlap F1",
    "sourcing.ece": "sourcing, ECE (15 bins)",
    "attribution.ece": "attribution, ECE (15 bins)",
}


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """Figures over all labelled sentences and over whole documents, and where the model went."""

    all_sentences: dict[str, ev.Figure] = field(default_factory=dict)
    whole_documents: dict[str, ev.Figure] = field(default_factory=dict)
    n_sentences: int = 0
    n_whole: int = 0
    n_documents: int = 0
    by_class: dict[str, float] = field(default_factory=dict)
    path: Path | None = None
    card: Path | None = None
    sha256: str = ""
    size: int = 0

    def render(self) -> str:
        """The report as lines of text."""
        lines = []
        if self.all_sentences:
            lines += [
                f"Cross-validation by document: {self.n_sentences} sentences,",
                f"{self.n_documents} documents, {self.n_whole} sentences in whole documents;",
                "95 % intervals by bootstrap over documents",
                "",
                f"{'':32}{'all sentences':24}whole documents",
            ]
            lines += [
                f"{title:32}{self.all_sentences[name]!s:24}{self.whole_documents[name]!s}"
                for name, title in TITLES.items()
            ]
            lines += ["", "F1 by class, all sentences:"]
            lines += [f"  {name:28}{value:.3f}" for name, value in self.by_class.items()]
        if self.path is not None:
            lines += ["", f"{self.path}: {self.size / 1e6:.1f} MB, sha256 {self.sha256}"]
            lines += [f"{self.card}: the model card"]
        return "\n".join(lines)


def report_of(predicted: Sequence[Predicted], seed: int) -> TrainingReport:
    """Figures of cross-validated predictions; an empty report without any."""
    if not predicted:
        return TrainingReport()
    whole = [p for p in predicted if p.labels.whole]
    return TrainingReport(
        all_sentences=figures(predicted, seed),
        whole_documents=figures(whole or predicted, seed),
        n_sentences=len(predicted),
        n_whole=len(whole),
        n_documents=len({p.group for p in predicted}),
        by_class=_by_class(predicted),
    )


def figures(predicted: Sequence[Predicted], seed: int = 0) -> dict[str, ev.Figure]:
    """All figures of `TITLES` for some predictions."""
    groups = [p.group for p in predicted]
    gold_s = np.array([SOURCING.index(p.labels.sourcing or "none") for p in predicted])
    gold_a = np.array([ATTRIBUTION.index(p.labels.attribution or "none") for p in predicted])
    mine_s = np.array([SOURCING.index(p.score.sourcing) for p in predicted])
    mine_a = np.array([ATTRIBUTION.index(p.score.attribution) for p in predicted])
    certainty = np.array([p.labels.certainty for p in predicted], dtype=np.float64)
    mine_c = np.array([p.score.certainty for p in predicted])
    hedged = np.array([bool(p.labels.hedged) for p in predicted])
    mine_h = np.array([p.score.hedged for p in predicted])
    confidential = np.array([bool(p.labels.confidential) for p in predicted])
    mine_k = np.array([p.score.confidential for p in predicted])
    proba_s = np.array([p.score.sourcing_proba[p.score.sourcing] for p in predicted])
    proba_a = np.array([p.score.attribution_proba[p.score.attribution] for p in predicted])

    def one(span: Span | None) -> list[tuple[int, int]]:
        return [(span.start, span.end)] if span else []

    spans: dict[str, tuple[Any, Any]] = {
        "source": (
            [one(p.labels.source) for p in predicted],
            [one(p.score.source) for p in predicted],
        ),
        "cue": ([one(p.labels.cue) for p in predicted], [one(p.score.cue) for p in predicted]),
        "hedges": (
            [[(span.start, span.end) for span in p.labels.hedges or ()] for p in predicted],
            [[(span.start, span.end) for span in p.score.hedges] for p in predicted],
        ),
    }
    table_s = ev.confusion(gold_s, mine_s, len(SOURCING))
    table_a = ev.confusion(gold_a, mine_a, len(ATTRIBUTION))
    sums: dict[str, tuple[Any, Any]] = {
        "sourcing.accuracy": (table_s, ev.accuracy),
        "sourcing.macro_f1": (table_s, ev.macro_f1),
        "attribution.accuracy": (table_a, ev.accuracy),
        "attribution.macro_f1": (table_a, ev.macro_f1),
        "certainty.pearson": (ev.moments(certainty, mine_c), ev.pearson),
        "hedged.f1": (ev.counts(hedged, mine_h), ev.f1),
        "confidential.f1": (ev.counts(confidential, mine_k), ev.f1),
        "source.overlap_f1": (ev.span_counts(*spans["source"]), ev.span_f1),
        "source.exact_f1": (ev.span_counts(*spans["source"], exact=True), ev.span_f1),
        "cue.overlap_f1": (ev.span_counts(*spans["cue"]), ev.span_f1),
        "hedges.overlap_f1": (ev.span_counts(*spans["hedges"]), ev.span_f1),
        "sourcing.ece": (ev.reliability(proba_s, gold_s == mine_s), ev.calibration_error),
        "attribution.ece": (ev.reliability(proba_a, gold_a == mine_a), ev.calibration_error),
    }
    return {name: ev.figure(sums[name][0], groups, sums[name][1], seed=seed) for name in TITLES}


def _by_class(predicted: Sequence[Predicted]) -> dict[str, float]:
    found = {}
    for axis, names in (("sourcing", SOURCING), ("attribution", ATTRIBUTION)):
        gold = np.array([getattr(p.labels, axis) for p in predicted])
        mine = np.array([getattr(p.score, axis) for p in predicted])
        for name in names:
            table = ev.counts(gold == name, mine == name).sum(axis=0)
            found[f"{axis}: {name}"] = float(ev.f1(table))
    return found


def model_card(out: Path, sha256: str, files: dict[str, Path], report: TrainingReport) -> str:
    """The model card as Markdown."""
    import joblib
    import scipy
    import sklearn

    data = "\n".join(
        f"| {_DATA[name][0]} | {_DATA[name][1]} | `{sha256_of(path)}` |"
        for name, path in files.items()
    )
    table = "\n".join(
        f"| {title} | {report.all_sentences[name]} | {report.whole_documents[name]} |"
        for name, title in TITLES.items()
        if report.all_sentences
    )
    by_class = "\n".join(f"| {name} | {value:.2f} |" for name, value in report.by_class.items())
    return _CARD.format(
        name=out.name,
        sha256=sha256,
        size=out.stat().st_size / 1e6,
        data=data,
        n=report.n_sentences,
        whole=report.n_whole,
        documents=report.n_documents,
        table=table or "| not cross-validated | | |",
        by_class=by_class,
        versions=(
            f"Python {platform.python_version()}, numpy {np.__version__}, "
            f"scipy {scipy.__version__}, scikit-learn {sklearn.__version__}, "
            f"joblib {joblib.__version__}"
        ),
    )


_DATA: Final = {
    "hedgenews": (
        "hedgenews, train side: all three axes and their spans",
        "labels CC0; text of its publishers, not distributed",
    ),
    "polnear": (
        "PolNeAR 1.0 (Newell et al. 2018), train side, less what hedgenews holds: spans",
        "none stated; text of its publishers, not distributed",
    ),
    "szeged-wiki": (
        "Szeged Uncertainty Corpus (Szarvas et al. 2012), Wikipedia, train side: hedge cues",
        "text CC BY-SA; annotation distributed openly",
    ),
    READINGS: (
        "our labels on further documents of PolNeAR's train side, by sentence hash: all three axes",
        "CC0 (the sentences stay in PolNeAR)",
    ),
    PRACTICE: ("our practice sentences, invented: all three axes and their spans", "CC0"),
}

_CARD: Final = """# Model card: {name}

Written by `hedgecheck train`; do not edit by hand.

| | |
|---|---|
| file | `{name}`, {size:.1f} MB, sha256 `{sha256}` |
| language | English news text |
| made with | {versions} |
| licence | Apache-2.0, like the library |

## What it does

Scores every sentence of a news text for certainty (0 to 1), sourcing (none, named, unnamed,
vague),
attribution (none, direct, mixed, indirect, belief, no_comment) and confidentiality, and marks the
words
that show it. `docs/labels.md` defines the labels.

## What it is made of

Linear models throughout, fitted with scikit-learn: a token tagger that learned the large
corpora's
spans, a token tagger on top that learned the guidelines' spans, and two passes of sentence heads,
the
second of which sees the neighbouring sentences. Probabilities are calibrated on sentences that
the
weights had not seen; whole documents count for more than enriched stretches.

## Data

| what | licence | sha256 of the file |
|---|---|---|
{data}

The data sets in `datasets/` are test sets: nothing here was trained or chosen on them.

## Figures

Development figures: cross-validation by document on hedgenews, {n} sentences of {documents}
documents,
{whole} of them in whole documents, scored by `score_document`; a fold's documents are left out of
every
corpus. 95 % intervals by bootstrap over documents.

| | all sentences | whole documents |
|---|---|---|
{table}

| F1 by class, all sentences | |
|---|---|
{by_class}

## Limits

- English news. Other genres and machine-translated text score worse; other languages give
  nonsense and
  a warning.
- It reads wording, not truth: a confident falsehood is certain, a careful truth may be doubtful.
- `vague` and `belief` are rare and hard: expect one in two to be missed or misplaced.
- A pronoun is resolved to the last source that was introduced; in a dialogue of two that can be
  the
  wrong one.
- A named source need not be a good one, nor an unnamed one a bad one.
"""
