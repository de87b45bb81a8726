"""Blocks: one layout for training and for scoring, equal to the last bits, exact in any order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from hedgecheck.blocks import (
    VALUE_STEP,
    WEIGHT_STEP,
    Block,
    CrossedBlock,
    DenseBlock,
    FloatArray,
    Groups,
    IndexBlock,
    LinearStage,
    TypeBlock,
    layout_of,
    matrix,
    one_hot,
    pack,
    rounded,
    rounded_weights,
    unpack,
)
from hedgecheck.fitting import stage_of
from hedgecheck.vocabulary import TypeProperties, Vocabulary

WORDS = ["said ", "The ", "ministry ", "may ", "unheard ", ".", "Orlik ", "rains "]
NAMES = ["w=said", "w=the", "w=may", "w=.", "sh=aa", "sh=Aa", "s3=try", "s3=ins", "c=report_past"]
WIDTH = len(NAMES) + 1


def known_words() -> TypeProperties:
    properties = TypeProperties(Vocabulary(NAMES))
    properties.table.look_up(WORDS)
    return properties


def some_groups(n: int, seed: int) -> Groups:
    """Groups of rows, of which one is empty."""
    return Groups.of(np.random.default_rng(seed).choice([0, 2, 3], n), 4)


def some_blocks(n: int, seed: int) -> list[Block]:
    """One block of every kind, with rows that have nothing and rows that have much."""
    random = np.random.default_rng(seed)
    row = np.sort(random.integers(0, n, 3 * n))
    few = np.sort(random.choice(n, n // 2, replace=False))
    return [
        TypeBlock("words", row, random.integers(0, len(WORDS) + 1, 3 * n)),
        IndexBlock("pairs", row, random.integers(0, 32, 3 * n), 32),
        DenseBlock("dense", rounded(random.normal(size=(n, 4)))),
        CrossedBlock("crossed", rounded(random.normal(size=(n, 2))), some_groups(n, seed)),
        IndexBlock("valued", few, few % 5, 5, rounded(random.uniform(-2, 2, len(few)))),
        one_hot("code", random.integers(0, 6, n), 6),
        TypeBlock("first", few, random.integers(1, len(WORDS) + 1, len(few)), few),
    ]


def some_stage(blocks: Sequence[Block], seed: int, outputs: int = 3) -> LinearStage:
    random = np.random.default_rng(seed)
    layout = layout_of(blocks, WIDTH)
    size = sum(width for _, width, _ in layout)
    weights = rounded_weights(random.normal(size=(size, outputs)))
    # Biases that are multiples of a power of two too, so that equality can be asked for.
    return LinearStage(layout, weights, rounded_weights(random.normal(size=outputs)))


def test_scikit_learn_and_numpy_agree() -> None:
    n, properties = 200, known_words()
    blocks = some_blocks(n, 1)
    features = matrix(blocks, n, properties, WIDTH)
    random = np.random.default_rng(2)
    models, columns, biases = [], [], []
    for _ in range(3):
        model = LogisticRegression(C=1.0, solver="liblinear").fit(features, random.random(n) > 0.4)
        models.append(model)
        columns.append(model.coef_[0].copy())
        biases.append(float(model.intercept_[0]))
    stage = stage_of(blocks, WIDTH, columns, biases)
    scores = stage.scores(blocks, n, properties)
    for output, model in enumerate(models):
        model.coef_ = stage.weights[:, output][None, :]
        assert np.abs(model.coef_[0] - columns[output]).max() <= WEIGHT_STEP / 2
        assert np.abs(model.decision_function(features) - scores[:, output]).max() < 1e-9


def test_the_matrix_is_the_blocks_side_by_side() -> None:
    n, properties = 30, known_words()
    blocks = some_blocks(n, 3)
    features = matrix(blocks, n, properties, WIDTH).toarray()
    at = 0
    for block, (_, width, is_type) in zip(blocks, layout_of(blocks, WIDTH), strict=True):
        part = np.zeros((n, width))
        if isinstance(block, DenseBlock):
            part = block.values
        elif isinstance(block, CrossedBlock):
            for row, (facts, code) in enumerate(zip(block.facts, block.groups.code, strict=True)):
                part[row, :2] = facts
                part[row, 2 + code :: 4] = facts
        elif isinstance(block, TypeBlock):
            for row, kind in zip(block.row.tolist(), block.type.tolist(), strict=True):
                begin, end = properties.indptr[kind], properties.indptr[kind + 1]
                part[row, properties.columns[begin:end]] += 1
        else:
            values = np.ones(len(block.row)) if block.value is None else block.value
            for row, column, value in zip(block.row, block.column, values, strict=True):
                part[row, column] += value
        assert is_type == isinstance(block, TypeBlock)
        assert np.array_equal(features[:, at : at + width], part)
        at += width
    assert at == features.shape[1]


@given(st.integers(1, 40), st.integers(0, 10_000))
@settings(max_examples=40)
def test_scores_are_features_times_weights_exactly(n: int, seed: int) -> None:
    properties = known_words()
    blocks = some_blocks(n, seed)
    stage = some_stage(blocks, seed)
    expected = matrix(blocks, n, properties, WIDTH).toarray() @ stage.weights + stage.bias
    assert np.array_equal(stage.scores(blocks, n, properties), expected)


@given(st.integers(1, 12), st.integers(0, 10_000))
@settings(max_examples=40)
def test_contributions_add_up_exactly(n: int, seed: int) -> None:
    properties = known_words()
    blocks = some_blocks(n, seed)
    stage = some_stage(blocks, seed)
    scores = stage.scores(blocks, n, properties)
    shuffle = Random(seed).shuffle
    for row in range(n):
        for output in range(3):
            parts = [value for *_, value in stage.contributions(blocks, row, output, properties)]
            shuffle(parts)
            assert sum(parts) + stage.bias[output] == scores[row, output]
            assert all(parts)


def test_contributions_name_their_block_and_entry() -> None:
    properties = known_words()
    word = int(properties.table.look_up(["said "])[0])
    blocks: list[Block] = [
        TypeBlock("words", np.array([0, 1]), np.array([word, word])),
        IndexBlock("code", np.array([0, 1]), np.array([1, 0]), 2, np.array([1.0, 0.5])),
    ]
    layout = layout_of(blocks, WIDTH)
    weights = np.zeros((WIDTH + 2, 1))
    weights[1] = 2.0  # w=said
    weights[WIDTH] = -1.0
    stage = LinearStage(layout, weights, np.zeros(1))
    assert stage.contributions(blocks, 0, 0, properties) == [(blocks[0], 0, 2.0)]
    assert stage.contributions(blocks, 1, 0, properties) == [
        (blocks[0], 1, 2.0),
        (blocks[1], 1, -0.5),
    ]


def test_words_learned_later_score_like_words_learned_at_once() -> None:
    blocks: list[Block] = [TypeBlock("words", np.arange(8), np.arange(1, 9))]
    stage = some_stage(blocks, 5)
    late = TypeProperties(Vocabulary(NAMES))
    for word in WORDS:
        kind = late.table.look_up([word])
        stage.scores([TypeBlock("words", np.arange(1), kind)], 1, late)
    at_once = stage.scores(blocks, 8, known_words())
    assert np.array_equal(stage.scores(blocks, 8, late), at_once)


def test_two_stages_keep_their_weights_apart() -> None:
    properties = known_words()
    blocks: list[Block] = [TypeBlock("words", np.arange(8), np.arange(1, 9))]
    first, second = some_stage(blocks, 6), some_stage(blocks, 7)
    before = first.scores(blocks, 8, properties)
    other = second.scores(blocks, 8, properties)
    assert np.array_equal(first.scores(blocks, 8, properties), before)
    assert not np.array_equal(before, other)


def test_padding_counts_for_nothing() -> None:
    properties = known_words()
    blocks: list[Block] = [TypeBlock("words", np.arange(3), np.zeros(3, dtype=np.int64))]
    stage = some_stage(blocks, 8)
    assert np.array_equal(stage.scores(blocks, 3, properties), np.tile(stage.bias, (3, 1)))
    assert matrix(blocks, 3, properties, WIDTH).nnz == 0


@given(st.integers(0, 10_000))
@settings(max_examples=20)
def test_pack_and_unpack(seed: int) -> None:
    blocks = some_blocks(10, seed)
    stage = some_stage(blocks, seed)
    payload = pack(stage, "part")
    again = unpack(payload, "part")
    assert again.layout == stage.layout
    assert np.array_equal(again.weights, stage.weights)
    assert np.array_equal(again.bias, stage.bias)
    assert payload["part.weights"].dtype == np.int16
    assert sorted(pack(again, "part")) == sorted(payload)


def test_pack_keeps_rows_with_a_weight_only() -> None:
    blocks = some_blocks(10, 1)
    stage = some_stage(blocks, 1)
    weights = stage.weights
    weights[5:] = 0.0
    payload = pack(LinearStage(stage.layout, weights, stage.bias), "part")
    assert payload["part.rows"].max() < 5
    assert np.array_equal(unpack(payload, "part").weights, weights)


@given(st.lists(st.floats(-100, 100), min_size=1))
def test_weights_are_16_bit_multiples(values: list[float]) -> None:
    found: FloatArray = rounded_weights(values)
    steps = found / WEIGHT_STEP
    assert np.array_equal(steps, np.round(steps))
    assert np.abs(steps).max() <= 32767
    near = np.abs(np.array(values)) < 7.9
    assert np.all(np.abs(found - values)[near] <= WEIGHT_STEP / 2)


@given(st.lists(st.floats(-1000, 1000), min_size=1))
def test_values_are_multiples(values: list[float]) -> None:
    found = rounded(values)
    assert all(math.modf(value / VALUE_STEP)[0] == 0 for value in found.tolist())
    assert np.all(np.abs(found - values) <= VALUE_STEP / 2)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_one_hot_has_one_column_a_row(n: int) -> None:
    block = one_hot("code", np.arange(n) % 3, 3)
    found = matrix([block], n, known_words(), WIDTH).toarray()
    assert found.shape == (n, 3)
    assert np.array_equal(found.sum(axis=1), np.ones(n))
