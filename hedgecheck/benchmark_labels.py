"""What each benchmark task calls right, and what a saved model's output is in its terms.

A *gold* function takes the labels of a sentence and gives the task's label, None where the sentence
was not annotated for it. An *output* function takes a `SentenceScore` and gives the same kind of
label. `docs/benchmark.md` has both in words, with the figures that the choices rest on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from hedgecheck.datasets import Labels
from hedgecheck.results import CERTAIN, NO_CLAIM, SentenceScore, Span

Offsets = tuple[int, int]

#: How sure a sentence is, in the three bands that a contrast pair on certainty has to keep apart.
BANDS: Final = ("no_claim", "hedged", "certain")
#: The attributions that PolNeAR has; what else the model tells apart is one of them there.
POLNEAR_ATTRIBUTION: Final = ("none", "direct", "mixed", "indirect")

_SZEGED_UNCERTAIN: Final = ("epistemic", "doxastic")


def offsets(spans: Iterable[Span | None]) -> list[Offsets]:
    """Offsets of spans, each once, in order.

    >>> offsets([Span(4, 7, "may", "hedge"), None])
    [(4, 7)]
    """
    return sorted({(span.start, span.end) for span in spans if span is not None})


# ------------------------------------------------------------------------------------------ gold


def gold_szeged(labels: Labels) -> bool | None:
    """Whether there is an epistemic or a doxastic cue."""
    return None if labels.hedges is None else bool(labels.hedges_of(*_SZEGED_UNCERTAIN))


def gold_attributed(labels: Labels) -> bool | None:
    """Whether an attribution has its source or its cue in the sentence."""
    if labels.attributions is None:
        return None
    return any(each.is_anchored for each in labels.attributions)


def gold_sources(labels: Labels) -> list[Offsets] | None:
    """The sources of all attributions that stand in the sentence."""
    if labels.attributions is None:
        return None
    return offsets(span for each in labels.attributions for span in each.sources)


def gold_span(labels: Labels, *, name: str) -> list[Offsets] | None:
    """The one source or cue of the guidelines, as a list of none or one."""
    return None if labels.sourcing is None else offsets([getattr(labels, name)])


def gold_hedges(labels: Labels) -> list[Offsets] | None:
    """The hedge cues."""
    return None if labels.hedges is None else offsets(labels.hedges)


def band(certainty: float) -> str:
    """The band of `BANDS` that a certainty lies in.

    >>> band(0.95), band(0.5), band(0.05)
    ('certain', 'hedged', 'no_claim')
    """
    if certainty >= CERTAIN:
        return "certain"
    return "hedged" if certainty > NO_CLAIM else "no_claim"


def gold_band(labels: Labels) -> str | None:
    """The band of the certainty."""
    return None if labels.certainty is None else band(labels.certainty)


# ---------------------------------------------------------------------------- a model's output


def output_weasel(score: SentenceScore) -> bool:
    """A vague or unnamed source, or a hedge cue."""
    return score.sourcing in ("vague", "unnamed") or bool(score.hedges)


def output_speculation(score: SentenceScore) -> bool:
    """A hedge cue other than a condition."""
    return any(span.kind != "conditional" for span in score.hedges)


def output_szeged(score: SentenceScore) -> bool:
    """An epistemic, doxastic or reportative cue."""
    kinds = (*_SZEGED_UNCERTAIN, "reportative")
    return any(span.kind in kinds for span in score.hedges)


def output_attributed(score: SentenceScore) -> bool:
    """An attribution whose source or cue stands in the sentence."""
    return score.attribution != "none" and (score.source or score.cue) is not None


def output_any_attribution(score: SentenceScore) -> bool:
    """An attribution, wherever its source and cue stand."""
    return score.attribution != "none"


def output_polnear_attribution(score: SentenceScore) -> str:
    """The attribution where its source or cue stands in the sentence.

    Belief and no comment are indirect there.
    """
    if not output_attributed(score):
        return "none"
    found = score.attribution
    return found if found in POLNEAR_ATTRIBUTION else "indirect"


def output_span(score: SentenceScore, *, name: str) -> list[Offsets]:
    """The source or the cue, as a list of none or one."""
    return offsets([getattr(score, name)])


def output_hedges(score: SentenceScore) -> list[Offsets]:
    """The hedge cues."""
    return offsets(score.hedges)


def output_band(score: SentenceScore) -> str:
    """The band of the certainty."""
    return band(score.certainty)


def output_grade(score: SentenceScore, *, low: float, high: float) -> float:
    """Certainty, stretched from 0 to 1 to a corpus's own scale."""
    return low + (high - low) * score.certainty


def class_probabilities(
    score: SentenceScore, *, name: str, classes: tuple[str, ...]
) -> list[float]:
    """The probabilities of an axis, in the order of its classes."""
    found = getattr(score, name)
    return [float(found[each]) for each in classes]
