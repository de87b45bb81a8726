"""Figures: the same as scikit-learn's, scipy's and a slow loop's, and intervals around them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr
from sklearn.metrics import accuracy_score, f1_score

from hedgecheck import evaluation as ev

labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


def split(pairs: list[tuple[int, int]]) -> tuple[ev.IntArray, ev.IntArray]:
    table = np.array(pairs, dtype=np.int64)
    return table[:, 0], table[:, 1]


@given(labels)
def test_accuracy_and_macro_f1(pairs: list[tuple[int, int]]) -> None:
    gold, mine = split(pairs)
    sums = ev.confusion(gold, mine, 4).sum(axis=0)
    assert float(ev.accuracy(sums)) == pytest.approx(accuracy_score(gold, mine), abs=1e-12)
    # scikit-learn takes the mean over the classes that occur on either side too.
    expected = f1_score(gold, mine, average="macro", zero_division=0)
    assert float(ev.macro_f1(sums)) == pytest.approx(expected, abs=1e-12)


def test_macro_f1_of_classes_that_occur() -> None:
    sums = ev.confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 6).sum(axis=0)
    assert float(ev.macro_f1(sums)) == pytest.approx((2 / 3 + 2 / 3) / 2)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_f1(pairs: list[tuple[bool, bool]]) -> None:
    gold, mine = np.array(pairs).T
    expected = f1_score(gold, mine, zero_division=0)
    assert float(ev.f1(ev.counts(gold, mine).sum(axis=0))) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_pearson(seed: int) -> None:
    random = np.random.default_rng(seed)
    x = random.random(40)
    y = x * seed + random.random(40)
    found = float(ev.pearson(ev.moments(x, y).sum(axis=0)))
    assert found == pytest.approx(pearsonr(x, y).statistic, abs=1e-10)


def test_pearson_of_a_constant_is_0() -> None:
    assert float(ev.pearson(ev.moments(np.ones(5), np.arange(5.0)).sum(axis=0))) == 0.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_calibration_error(pairs: list[tuple[float, bool]]) -> None:
    confidence = np.array([p for p, _ in pairs])
    right = np.array([r for _, r in pairs])
    expected = 0.0
    for place in range(ev.ECE_BINS):
        inside = [(p, r) for p, r in pairs if min(int(p * ev.ECE_BINS), ev.ECE_BINS - 1) == place]
        if inside:
            gap = sum(p for p, _ in inside) / len(inside) - sum(r for _, r in inside) / len(inside)
            expected += abs(gap) * len(inside) / len(pairs)
    found = float(ev.calibration_error(ev.reliability(confidence, right).sum(axis=0)))
    assert found == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("gold", "mine", "overlap", "exact"),
    [
        ([[(0, 5)]], [[(0, 5)]], 1.0, 1.0),
        ([[(0, 5)]], [[(4, 9)]], 1.0, 0.0),
        ([[(0, 5)]], [[(5, 9)]], 0.0, 0.0),
        ([[(0, 5)], []], [[], [(0, 5)]], 0.0, 0.0),
        ([[(0, 5), (8, 9)]], [[(0, 5)]], 2 / 3, 2 / 3),
        ([[(0, 9)]], [[(0, 2), (4, 6)]], 1.0, 0.0),
        ([[]], [[]], 0.0, 0.0),
    ],
)
def test_spans(
    gold: list[list[tuple[int, int]]],
    mine: list[list[tuple[int, int]]],
    overlap: float,
    exact: float,
) -> None:
    for is_exact, expected in ((False, overlap), (True, exact)):
        sums = ev.span_counts(gold, mine, exact=is_exact).sum(axis=0)
        assert float(ev.span_f1(sums)) == pytest.approx(expected)


FINISHES: list[tuple[str, Callable[[ev.FloatArray], ev.FloatArray]]] = [
    ("accuracy", ev.accuracy),
    ("macro F1", ev.macro_f1),
]


@pytest.mark.parametrize("finish", [f for _, f in FINISHES], ids=[n for n, _ in FINISHES])
@pytest.mark.parametrize("seed", range(4))
def test_the_interval_holds_the_value(
    finish: Callable[[ev.FloatArray], ev.FloatArray], seed: int
) -> None:
    random = np.random.default_rng(seed)
    gold = random.integers(0, 4, 400)
    mine = np.where(random.random(400) < 0.7, gold, random.integers(0, 4, 400))
    groups = [f"document {number // 10}" for number in range(400)]
    sums = ev.confusion(gold, mine, 4)
    found = ev.figure(sums, groups, finish)
    assert found.value == pytest.approx(float(finish(sums.sum(axis=0))))
    assert found.low < found.value < found.high
    assert 0.02 < found.high - found.low < 0.2
    assert found == ev.figure(sums, groups, finish)
    assert found != ev.figure(sums, groups, finish, seed=1)


def test_the_bootstrap_draws_documents_and_not_sentences() -> None:
    right = np.repeat([1.0, 0.0], 200)
    sums = np.stack([right, 1 - right], axis=1)

    def share(summed: ev.FloatArray) -> ev.FloatArray:
        return np.asarray(summed[..., 0] / summed.sum(axis=-1))

    two = ev.figure(sums, np.repeat(["a", "b"], 200), share)
    assert (two.value, two.low, two.high) == (0.5, 0.0, 1.0)
    many = ev.figure(sums, np.arange(400).astype(str), share)
    assert many.high - many.low < 0.2


@given(labels, st.integers(2, 5))
@settings(max_examples=20)
def test_figures_of_stacked_sums_are_figures_of_each(
    pairs: list[tuple[int, int]], times: int
) -> None:
    gold, mine = split(pairs)
    sums = ev.confusion(gold, mine, 4).sum(axis=0)
    stacked = np.stack([sums] * times)
    assert ev.macro_f1(stacked).tolist() == [float(ev.macro_f1(sums))] * times


def test_a_figure_as_text_and_as_a_dict() -> None:
    found = ev.Figure(0.81234, 0.7, 0.9)
    assert str(found) == "0.812 [0.700, 0.900]"
    assert found.to_dict() == {"value": 0.81234, "low": 0.7, "high": 0.9}
