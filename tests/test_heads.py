"""Heads: from decision values to calibrated labels, and certainty on the right side of hedged."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hedgecheck.blocks import FloatArray
from hedgecheck.fitting import Targets, best_threshold, calibrate, folds_by_group
from hedgecheck.heads import (
    ATTRIBUTION_OUTPUTS,
    CONFIDENTIAL,
    GATE,
    HEDGED,
    LADDER,
    LADDER_OUTPUTS,
    NO_CLAIM_THRESHOLD,
    OUTPUTS,
    SOURCING_OUTPUTS,
    Calibration,
    certainties,
    class_probabilities,
    decide,
    logistic,
)
from hedgecheck.results import ATTRIBUTION, CERTAIN, NO_CLAIM, SOURCING

N = len(OUTPUTS)
STEPS = np.array([0.02, 0.12, 0.3, 0.5, 0.62, 0.7, 0.8, 0.86, 0.9, 0.95])


def plain(threshold: float = 0.5) -> Calibration:
    return Calibration(np.ones(N), np.zeros(N), STEPS, threshold)


def scores_of(**outputs: float) -> FloatArray:
    row = np.zeros((1, N))
    row[0, LADDER_OUTPUTS] = -8.0
    row[0, HEDGED] = -8.0
    for name, value in outputs.items():
        row[0, OUTPUTS.index(name.replace("_", " "))] = value
    return row


score_rows = st.integers(1, 5).flatmap(
    lambda n: arrays(np.float64, (n, N), elements=st.floats(-80, 80, width=32))
)


def test_outputs_are_where_their_names_say() -> None:
    assert OUTPUTS[GATE] == "attributed"
    assert OUTPUTS[SOURCING_OUTPUTS] == SOURCING[1:]
    assert OUTPUTS[ATTRIBUTION_OUTPUTS] == ATTRIBUTION[1:]
    assert OUTPUTS[CONFIDENTIAL] == "confidential"
    assert OUTPUTS[HEDGED] == "hedged"
    assert len(OUTPUTS[LADDER_OUTPUTS]) == len(LADDER) == N - LADDER_OUTPUTS.start


@given(score_rows)
@settings(max_examples=60)
def test_probabilities_are_probabilities(scores: FloatArray) -> None:
    sourcing, attribution = class_probabilities(scores, plain())
    for proba in (sourcing, attribution):
        assert np.all((proba >= 0) & (proba <= 1))
        assert np.allclose(proba.sum(axis=1), 1.0, atol=1e-12)
    assert np.array_equal(sourcing[:, 0], attribution[:, 0])


@given(score_rows)
@settings(max_examples=60)
def test_one_gate_decides_both(scores: FloatArray) -> None:
    verdicts = decide(scores, plain())
    assert np.array_equal(verdicts.sourcing == 0, verdicts.attribution == 0)
    attributed = verdicts.sourcing > 0
    rows = np.flatnonzero(attributed)
    best = verdicts.attribution_proba[rows, 1:].argmax(axis=1) + 1
    assert np.array_equal(verdicts.attribution[rows], best)
    assert np.array_equal(attributed, verdicts.sourcing_proba[:, 0] < 0.5)


@given(score_rows, st.floats(0.1, 0.9))
@settings(max_examples=100)
def test_certainty_stays_on_its_side_of_hedged(scores: FloatArray, threshold: float) -> None:
    certainty = certainties(scores, plain(threshold))
    assert np.all((certainty >= 0) & (certainty <= 1))
    no_claim = logistic(scores[:, LADDER_OUTPUTS.start]) > NO_CLAIM_THRESHOLD
    hedged = logistic(scores[:, HEDGED]) > threshold
    assert np.all(certainty[no_claim] <= NO_CLAIM)
    inside = (certainty > NO_CLAIM) & (certainty < CERTAIN)
    assert np.array_equal(inside[~no_claim], hedged[~no_claim])
    assert np.all(certainty[~no_claim & ~hedged] >= CERTAIN)


def raised(
    scores: FloatArray, rung: int, more: float, hedged: float
) -> tuple[FloatArray, FloatArray]:
    """Certainty before and after more speaks for "certainty is below t"."""
    scores = scores.copy()
    scores[:, HEDGED] = hedged
    before = certainties(scores, plain())
    scores[:, LADDER_OUTPUTS.start + rung] += more
    return before, certainties(scores, plain())


@given(score_rows, st.integers(0, len(LADDER) - 1), st.floats(0, 20))
@settings(max_examples=100)
def test_the_ladder_is_monotone(scores: FloatArray, rung: int, more: float) -> None:
    before, after = raised(scores, rung, more, hedged=-9.0)
    assert np.all(after <= before + 1e-12)


def test_the_ladder_is_monotone_for_hedged_sentences_too() -> None:
    scores = np.ones((1, N))
    scores[0, LADDER_OUTPUTS.start] = 0.0
    before, after = raised(scores, 2, 1.0, hedged=9.0)
    assert after[0] <= before[0]


def test_certainty_is_a_graded_score() -> None:
    values = [
        certainties(
            scores_of(hedged=8.0, **{f"below {step:g}": 8.0 for step in LADDER if step >= lowest}),
            plain(),
        )[0]
        for lowest in LADDER[1:-2]
    ]
    assert values == sorted(values)
    assert len(set(np.round(values, 2))) == len(values)
    assert values == pytest.approx([0.15, 0.33, 0.5, 0.62, 0.7, 0.8], abs=0.03)


def test_a_sure_plain_sentence_is_certain_and_a_question_claims_nothing() -> None:
    assert certainties(scores_of(), plain())[0] == pytest.approx(0.95, abs=0.01)
    asked = scores_of(hedged=8.0, **{f"below {step:g}": 8.0 for step in LADDER})
    assert certainties(asked, plain())[0] <= NO_CLAIM


def test_scale_and_offset_are_applied() -> None:
    calibration = plain()
    calibration.scale[GATE], calibration.offset[GATE] = 2.0, -1.0
    sourcing, _ = class_probabilities(scores_of(attributed=0.7), calibration)
    assert sourcing[0, 0] == pytest.approx(1 - 1 / (1 + np.exp(-0.4)))
    calibration.scale[CONFIDENTIAL], calibration.offset[CONFIDENTIAL] = 0.5, 1.0
    found = decide(scores_of(confidential=-4.0), calibration).confidential_proba[0]
    assert found == pytest.approx(1 / (1 + np.exp(1.0)))


def test_logistic_does_not_overflow() -> None:
    with np.errstate(all="raise"):
        found = logistic(np.array([-1e300, 0.0, 1e300]))
    assert found == pytest.approx([0.0, 0.5, 1.0])


def test_calibration_travels_through_a_payload() -> None:
    made = Calibration(np.linspace(0.5, 2, N), np.linspace(-1, 1, N), STEPS, 0.37)
    again = Calibration.from_payload(made.to_payload("part"), "part")
    for part in ("scale", "offset", "steps"):
        assert np.array_equal(getattr(again, part), getattr(made, part))
    assert again.hedged_threshold == made.hedged_threshold


# -------------------------------------------------------------------------- fitting the calibration


def invented_targets(n: int) -> tuple[FloatArray, Targets]:
    """Decision values twice as sure as they ought to be, and labels drawn from the truth."""
    random = np.random.default_rng(0)
    truth = random.normal(size=(n, N)) * 2
    gate = random.random(n) < logistic(truth[:, GATE])
    labels = []
    for part in (SOURCING_OUTPUTS, ATTRIBUTION_OUTPUTS):
        powers = np.exp(truth[:, part])
        share = np.cumsum(powers / powers.sum(axis=1, keepdims=True), axis=1)
        drawn = (random.random((n, 1)) > share).sum(axis=1).clip(0, share.shape[1] - 1)
        labels.append(np.where(gate, 1 + drawn, 0))
    confidential = (random.random(n) < logistic(truth[:, CONFIDENTIAL])).astype(np.int64)
    certainty = np.where(random.random(n) < logistic(truth[:, HEDGED]), 0.6, 0.95)
    targets = Targets(
        sourcing=labels[0],
        attribution=labels[1],
        confidential=confidential,
        certainty=certainty,
        share=np.ones(n),
        group=np.arange(n).astype(np.str_),
    )
    return truth * 2, targets


def test_calibration_finds_the_slope_back() -> None:
    scores, targets = invented_targets(6000)
    found = calibrate(scores, targets)
    assert found.scale[[GATE, CONFIDENTIAL, HEDGED]] == pytest.approx([0.5] * 3, abs=0.06)
    assert found.scale[SOURCING_OUTPUTS] == pytest.approx([0.5] * 3, abs=0.06)
    assert found.scale[ATTRIBUTION_OUTPUTS] == pytest.approx([0.5] * 5, abs=0.06)
    assert np.abs(found.offset[:HEDGED]).max() < 0.25


def test_calibrated_probabilities_come_true() -> None:
    scores, targets = invented_targets(6000)
    verdicts = decide(scores, calibrate(scores, targets))
    proba = verdicts.sourcing_proba[np.arange(6000), verdicts.sourcing]
    right = verdicts.sourcing == targets.sourcing
    for low in np.arange(0.3, 0.95, 0.1):
        use = (proba >= low) & (proba < low + 0.1)
        if use.sum() > 200:
            assert right[use].mean() == pytest.approx(proba[use].mean(), abs=0.07)


def test_the_steps_never_fall() -> None:
    scores, targets = invented_targets(500)
    steps = calibrate(scores, targets).steps
    assert len(steps) == len(LADDER) + 1
    assert np.all(np.diff(steps) >= 0)


def test_the_threshold_with_the_best_f1() -> None:
    proba = np.array([0.15, 0.25, 0.35, 0.45, 0.55])
    assert 0.25 <= best_threshold(proba, np.array([False, False, True, True, True])) < 0.35


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60), st.integers(2, 5))
def test_a_group_lies_in_one_fold(names: list[str], n_folds: int) -> None:
    group = np.array(names, dtype=np.str_)
    fold = folds_by_group(group, n_folds)
    assert np.all((fold >= 0) & (fold < n_folds))
    for name in set(names):
        assert len(set(fold[group == name].tolist())) == 1
    assert np.array_equal(fold, folds_by_group(group, n_folds))
