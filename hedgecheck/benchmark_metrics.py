"""From labels and answers to the figures of a task, each with what it is in every bootstrap draw.

A figure's draws are kept until two systems have been compared: a paired difference needs both in
the same draws.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck import evaluation as ev
from hedgecheck.benchmark_data import Examples
from hedgecheck.evaluation import Figure, FloatArray
from hedgecheck.tasks import Part

#: Metrics of which less is better; of all others more is.
LOWER_IS_BETTER: Final = frozenset({"mae", "ece"})

Finish = Callable[[FloatArray], FloatArray]
#: What adds up over sentences, and what makes the figure of it.
Sums = tuple[FloatArray, Finish]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system says of a part: labels like `Examples.gold`'s, and probabilities if it has any.

    ``probability`` is that of yes, shape (n,), or of the classes, shape (n, classes).
    """

    predicted: Any
    probability: FloatArray | None = None


#: Answers by the name of the part; parts that a system does not predict are left out.
Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure with its values in the bootstrap draws, shape (draws,)."""

    metric: str
    value: float
    values: FloatArray

    @property
    def figure(self) -> Figure:
        """The figure with its interval."""
        return ev.interval(self.value, self.values)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much higher the model's figure is than the baseline's, with its interval.

    ``p`` is the one-sided p of a paired bootstrap: the share of draws, the sample itself counted
    among them (Davison & Hinkley 1997, chapter 4), in which the model is not better.
    """

    value: float
    low: float
    high: float
    p: float

    def __str__(self) -> str:
        return f"{self.value:+.3f} [{self.low:+.3f}, {self.high:+.3f}] p={self.p:.3f}"

    def to_dict(self) -> dict[str, float]:
        """Return it as a JSON-ready dict."""
        return {"value": self.value, "low": self.low, "high": self.high, "p": self.p}


def difference(model: Drawn, baseline: Drawn) -> Difference:
    """The model's figure less the baseline's, of the same draws.

    >>> draws = np.array([0.7, 0.6, 0.4])
    >>> found = difference(Drawn("f1", 0.6, draws), Drawn("f1", 0.5, np.full(3, 0.5)))
    >>> round(found.value, 3), found.p  # one draw of three is not better
    (0.1, 0.5)
    """
    gap = model.values - baseline.values
    figure = ev.interval(model.value - baseline.value, gap)
    worse = gap >= 0 if model.metric in LOWER_IS_BETTER else gap <= 0
    p = float((1 + np.count_nonzero(worse)) / (1 + len(gap)))
    return Difference(figure.value, figure.low, figure.high, p)


def figures(
    examples: Examples, answers: Answers, *, seed: int = 0, draws: int = ev.DRAWS
) -> dict[str, Drawn]:
    """All figures of a task by the names that they have in a report.

    A metric that needs probabilities is left out where the system gives none.
    """
    parts = [part for part in examples.task.parts if part.name in answers]
    golds = {part.name: examples.gold(part) for part in parts}
    resampling = ev.Resampling(examples.groups, seed=seed, draws=draws)
    found: dict[str, Drawn] = {}
    for part in parts:
        found |= _of_part(part, golds[part.name], answers[part.name], resampling)
    if examples.task.kind == "pairs":
        found |= _of_pairs(examples, answers, seed, draws)
    if examples.task.whole:
        whole = np.array([bool(s.labels and s.labels.whole) for _, s in examples.sentences])
        if whole.any():
            again = ev.Resampling(examples.groups[whole], seed=seed, draws=draws)
            for part in parts:
                gold = _at(golds[part.name], whole)
                answer = answers[part.name]
                probability = answer.probability
                kept = Answer(
                    _at(answer.predicted, whole),
                    None if probability is None else probability[whole],
                )
                of_part = _of_part(part, gold, kept, again)
                found |= {f"whole.{name}": drawn for name, drawn in of_part.items()}
    return found


def _at(values: Any, chosen: npt.NDArray[np.bool_]) -> Any:
    if isinstance(values, np.ndarray):
        return values[chosen]
    return [value for value, keep in zip(values, chosen, strict=True) if keep]


def _of_part(part: Part, gold: Any, answer: Answer, resampling: ev.Resampling) -> dict[str, Drawn]:
    found = {}
    for name, metric in part.metrics.items():
        base, _, of_class = metric.partition(".")
        sums: Sums | None
        if of_class:
            number = part.classes.index(of_class)
            sums = ev.counts(gold == number, answer.predicted == number), ev.f1
        else:
            sums = _SUMS[base](part, gold, answer)
        if sums is not None:
            found[name] = Drawn(base, *resampling.values(*sums))
    return found


def _accuracy(part: Part, gold: Any, answer: Answer) -> Sums:
    return _confusion(part, gold, answer), ev.accuracy


def _macro_f1(part: Part, gold: Any, answer: Answer) -> Sums:
    return _confusion(part, gold, answer), ev.macro_f1


def _confusion(part: Part, gold: Any, answer: Answer) -> FloatArray:
    predicted = answer.predicted.astype(np.int64)
    return ev.confusion(gold.astype(np.int64), predicted, len(part.classes))


def _ece(part: Part, gold: Any, answer: Answer) -> Sums | None:
    """Calibration of the probability of yes, or of the class that was chosen."""
    if answer.probability is None:
        return None
    if part.kind == "yes-no":
        return ev.reliability(answer.probability, gold), ev.calibration_error
    confidence = answer.probability[np.arange(len(gold)), answer.predicted]
    return ev.reliability(confidence, gold == answer.predicted), ev.calibration_error


def _hits(finish: Finish) -> Callable[[Part, Any, Answer], Sums]:
    def sums(_: Part, gold: Any, answer: Answer) -> Sums:
        return ev.counts(gold, answer.predicted), finish

    return sums


def _precision(sums: FloatArray) -> FloatArray:
    return ev.ratio(sums[..., 0], sums[..., 0] + sums[..., 1])


def _recall(sums: FloatArray) -> FloatArray:
    return ev.ratio(sums[..., 0], sums[..., 0] + sums[..., 2])


def _pearson(_: Part, gold: Any, answer: Answer) -> Sums:
    # Centred, so that the sums lose no digits where grades lie far from 0.
    x, y = gold - gold.mean(), answer.predicted - answer.predicted.mean()
    return ev.moments(x, y), ev.pearson


def _spearman(part: Part, gold: Any, answer: Answer) -> Sums:
    """Pearson's r of ranks; a draw keeps the ranks of the whole sample."""
    from scipy.stats import rankdata

    ranks = np.asarray(rankdata(answer.predicted), dtype=np.float64)
    return _pearson(part, np.asarray(rankdata(gold), dtype=np.float64), Answer(ranks))


def _mae(_: Part, gold: Any, answer: Answer) -> Sums:
    return _with_count(np.abs(gold - answer.predicted)), _mean


def _span_f1(_: Part, gold: Any, answer: Answer) -> Sums:
    return ev.span_counts(gold, answer.predicted), ev.span_f1


def _exact_f1(_: Part, gold: Any, answer: Answer) -> Sums:
    return ev.span_counts(gold, answer.predicted, exact=True), ev.span_f1


def _with_count(values: FloatArray) -> FloatArray:
    return np.stack([values, np.ones(len(values))], axis=1)


def _mean(sums: FloatArray) -> FloatArray:
    return ev.ratio(sums[..., 0], sums[..., 1])


_SUMS: Final[dict[str, Callable[[Part, Any, Answer], Sums | None]]] = {
    "accuracy": _accuracy,
    "macro_f1": _macro_f1,
    "ece": _ece,
    "f1": _hits(ev.f1),
    "precision": _hits(_precision),
    "recall": _hits(_recall),
    "pearson": _pearson,
    "spearman": _spearman,
    "mae": _mae,
    "span_f1": _span_f1,
    "exact_f1": _exact_f1,
}


# --------------------------------------------------------------------------------------- pairs


def _of_pairs(examples: Examples, answers: Answers, seed: int, draws: int) -> dict[str, Drawn]:
    """Shares of pairs of which both sides are right, by axis, by phenomenon and by both."""
    right, phenomenon = _right_pairs(examples, answers)
    shares: dict[str, dict[str, bool]] = {"pair_accuracy": {}}
    shares |= {f"{axis}.pair_accuracy": {} for axis in answers}
    shares |= {f"{name}.pair_accuracy": {} for name in sorted(set(phenomenon.values()))}
    for pair, axes in right.items():
        name = phenomenon[pair]
        shares["pair_accuracy"][pair] = all(axes.values())
        shares[f"{name}.pair_accuracy"][pair] = all(axes.values())
        for axis, good in axes.items():
            shares[f"{axis}.pair_accuracy"][pair] = good
            shares.setdefault(f"{axis}.{name}.pair_accuracy", {})[pair] = good
    found = {}
    for name, pairs in shares.items():
        if pairs:
            resampling = ev.Resampling(list(pairs), seed=seed, draws=draws)
            sums = _with_count(np.array(list(pairs.values()), dtype=np.float64))
            found[name] = Drawn("pair_accuracy", *resampling.values(sums, _mean))
    return found


def _right_pairs(
    examples: Examples, answers: Answers
) -> tuple[dict[str, dict[str, bool]], dict[str, str]]:
    """Whether both sides are right, by pair and axis that it names; and each pair's phenomenon."""
    right: dict[str, dict[str, bool]] = {}
    phenomenon: dict[str, str] = {}
    for part in examples.task.parts:
        if part.name not in answers:
            continue
        correct = examples.gold(part) == answers[part.name].predicted
        for (document, _), good in zip(examples.sentences, correct, strict=True):
            pair = document.group
            if part.name in examples.axes[pair]:
                phenomenon[pair] = document.genre
                axes = right.setdefault(pair, {})
                axes[part.name] = axes.get(part.name, True) and bool(good)
    return right, phenomenon
