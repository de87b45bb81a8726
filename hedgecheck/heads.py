"""The heads: from decision values to calibrated labels.

One gate decides whether a sentence is attributed at all. Given that it is, three outputs compete
for its sourcing and five for its attribution. One output says whether it is confidential. For
certainty there are an output for "hedged" and a ladder of outputs, one for "certainty is below t"
for each of `LADDER`: their differences are the probabilities of the steps, and certainty is the
mean of the steps' values under them.

`Calibration` holds what is fitted after the weights, on sentences that the weights have not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import FloatArray
from hedgecheck.results import ATTRIBUTION, CERTAIN, NO_CLAIM, SOURCING
from hedgecheck.tokens import IntArray

#: Certainties between the steps that annotators use, finest where most sentences lie.
LADDER: Final = (0.075, 0.275, 0.425, 0.575, 0.675, 0.775, 0.825, 0.875, 0.925)

OUTPUTS: Final = (
    "attributed",
    *SOURCING[1:],
    *ATTRIBUTION[1:],
    "confidential",
    "hedged",
    *(f"below {step:g}" for step in LADDER),
)
GATE: Final = 0
SOURCING_OUTPUTS: Final = slice(1, 4)
ATTRIBUTION_OUTPUTS: Final = slice(4, 9)
CONFIDENTIAL: Final = 9
HEDGED: Final = 10
LADDER_OUTPUTS: Final = slice(11, 11 + len(LADDER))

#: Rungs of the ladder that lie on the hedged side of `CERTAIN`.
_HEDGED_RUNGS: Final = sum(step < CERTAIN for step in LADDER)
_HEDGED_MIDDLES: Final = (np.array(LADDER[: _HEDGED_RUNGS - 1]) + LADDER[1:_HEDGED_RUNGS]) / 2
#: Probability of the lowest rung above which a sentence claims nothing (chosen by
#: cross-validation: questions and commands inside quotations are rare and held back).
NO_CLAIM_THRESHOLD: Final = 0.3
#: Means are drawn to the middle: what they become, so that more sentences get the right band of
#: certainty (of hedged ones .63 → .65, .69 → .71 of practice sentences, in cross-validation).
_STRETCH: Final = ((0.075, 0.31, 0.59, 0.845), (0.075, 0.275, 0.575, 0.845))
#: Of a sentence found to be hedged, certainty is this much its mean if hedged, and for the rest its
#: mean over the whole ladder (chosen by cross-validation: r rises by .01, right levels by .05).
_HEDGED_SHARE: Final = 0.7

#: The nearest that a hedged sentence comes to certain, and an unclaiming one to doubtful.
_JUST_HEDGED: Final = CERTAIN - 0.005
_JUST_CLAIMED: Final = NO_CLAIM + 0.005


@dataclass(frozen=True, slots=True)
class Calibration:
    """Slopes and offsets of the logits, and the values of the ladder's steps.

    ``scale`` and ``offset`` have one entry an output; ``steps`` one more than the ladder, from the
    least certain up; ``hedged_threshold`` is the probability of "hedged" above which a sentence is.
    """

    scale: FloatArray
    offset: FloatArray
    steps: FloatArray
    hedged_threshold: float

    def to_payload(self, prefix: str) -> dict[str, Any]:
        """The entries of a model file."""
        return {
            f"{prefix}.scale": self.scale,
            f"{prefix}.offset": self.offset,
            f"{prefix}.steps": self.steps,
            f"{prefix}.hedged_threshold": float(self.hedged_threshold),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any], prefix: str) -> Calibration:
        """The calibration that `to_payload` wrote."""
        arrays = [np.asarray(payload[f"{prefix}.{part}"]) for part in ("scale", "offset", "steps")]
        return cls(arrays[0], arrays[1], arrays[2], float(payload[f"{prefix}.hedged_threshold"]))


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Labels and probabilities of a batch of sentences, one row each.

    ``sourcing`` and ``attribution`` are places in `SOURCING` and `ATTRIBUTION`; their probabilities
    have one column a class. ``confidential_proba`` and ``certainty`` go from 0 to 1.
    """

    sourcing: IntArray
    sourcing_proba: FloatArray
    attribution: IntArray
    attribution_proba: FloatArray
    confidential_proba: FloatArray
    certainty: FloatArray


def logistic(values: FloatArray) -> FloatArray:
    """The logistic function, without overflow.

    >>> logistic(np.array([0.0, -1e9])).round(3).tolist()
    [0.5, 0.0]
    """
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -60.0, 60.0))))


def _logits(scores: FloatArray, calibration: Calibration) -> FloatArray:
    """Calibrated logits, one row an output: all that follows works on whole outputs."""
    logits = scores.T * calibration.scale[:, None]
    logits += calibration.offset[:, None]
    return np.ascontiguousarray(logits)


def _compete(logits: FloatArray) -> FloatArray:
    """Probabilities of classes that exclude each other: softmax along the first axis."""
    powers = np.exp(logits - logits.max(axis=0))
    return np.asarray(powers / _in_turn(np.add, powers))


def _in_turn(operation: np.ufunc, rows: FloatArray) -> FloatArray:
    """Rows put together one after the other: bitwise repeatable, which `sum` is not."""
    found: FloatArray = rows[0].copy()
    for row in rows[1:]:  # `accumulate` does it in one call, and takes twice the time
        operation(found, row, out=found)
    return found


def class_probabilities(
    scores: FloatArray, calibration: Calibration
) -> tuple[FloatArray, FloatArray]:
    """Probabilities of the four classes of sourcing and the six of attribution.

    Shapes (sentences, 4) and (sentences, 6); each row adds up to 1, and the first column, no
    source, is the same in both.
    """
    logits = _logits(scores, calibration)
    sourcing, attribution = _classes(logits, logistic(logits[GATE]))
    return np.ascontiguousarray(sourcing.T), np.ascontiguousarray(attribution.T)


def _classes(logits: FloatArray, gate: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The same from logits, one row a class; `gate`: probability that there is a source."""
    none = 1.0 - gate
    sourcing = np.vstack([none, gate * _compete(logits[SOURCING_OUTPUTS])])
    attribution = np.vstack([none, gate * _compete(logits[ATTRIBUTION_OUTPUTS])])
    return sourcing, attribution


def certainties(scores: FloatArray, calibration: Calibration) -> FloatArray:
    """Certainty of each sentence, 0 to 1, shape (sentences,)."""
    return _certainties(logistic(_logits(scores, calibration)), calibration)


def _certainties(proba: FloatArray, calibration: Calibration) -> FloatArray:
    below = np.maximum.accumulate(proba[LADDER_OUTPUTS], axis=0)
    steps = calibration.steps
    parts = np.empty((1 + len(below), below.shape[1]))
    parts[0] = steps[-1]
    np.multiply(below, (steps[1:] - steps[:-1])[:, None], out=parts[1:])
    value = _in_turn(np.subtract, parts)
    no_claim = below[0] > NO_CLAIM_THRESHOLD
    hedged = proba[HEDGED] > calibration.hedged_threshold
    if_hedged = _HEDGED_SHARE * _mean_if_hedged(below) + (1.0 - _HEDGED_SHARE) * value
    value = np.where(
        no_claim,
        np.minimum(value, NO_CLAIM),
        np.where(
            hedged,
            np.clip(np.interp(if_hedged, *_STRETCH), _JUST_CLAIMED, _JUST_HEDGED),
            np.maximum(value, CERTAIN),
        ),
    )
    return np.asarray(np.clip(value, 0.0, 1.0))


def _mean_if_hedged(below: FloatArray) -> FloatArray:
    """Mean certainty given that it lies on the hedged part of the ladder."""
    parts = np.empty((_HEDGED_RUNGS, below.shape[1]))
    parts[0] = 1e-9
    np.subtract(below[1:_HEDGED_RUNGS], below[: _HEDGED_RUNGS - 1], out=parts[1:])
    mass = _in_turn(np.add, parts)
    parts[0] = 0.0
    parts[1:] *= _HEDGED_MIDDLES[:, None]
    return np.asarray(_in_turn(np.add, parts) / mass)


def decide(scores: FloatArray, calibration: Calibration) -> Verdicts:
    """Turn decision values, shape (sentences, `OUTPUTS`), into labels and probabilities."""
    logits = _logits(scores, calibration)
    proba = logistic(logits)
    sourcing, attribution = _classes(logits, proba[GATE])
    attributed = sourcing[0] < 0.5
    return Verdicts(
        _label(sourcing, attributed),
        sourcing.T,
        _label(attribution, attributed),
        attribution.T,
        proba[CONFIDENTIAL],
        _certainties(proba, calibration),
    )


def _label(proba: FloatArray, attributed: npt.NDArray[np.bool_]) -> IntArray:
    return np.where(attributed, 1 + proba[1:].argmax(axis=0), 0)
