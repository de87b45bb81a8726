"""The taggers as scoring runs them, against the blocks and stages that they stand for."""

from __future__ import annotations

import numpy as np
import pytest
from hard_news import NEWS, engine
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_sentences

from hedgecheck import token_scores
from hedgecheck.blocks import FloatArray, LinearStage
from hedgecheck.engine import make_scene
from hedgecheck.tagging import Scene, corpus_blocks, news_blocks, on_slots, probabilities
from hedgecheck.token_scores import TokenScorer
from hedgecheck.vocabulary import TypeProperties


def scene_of(sentences: list[str]) -> Scene:
    properties = TypeProperties(engine().vocabulary)
    return make_scene(sentences, np.arange(len(sentences)), properties)


def plain(scene: Scene, first: LinearStage, second: LinearStage) -> tuple[FloatArray, FloatArray]:
    n = len(scene.slots)
    corpus = first.scores(corpus_blocks(scene), n, scene.properties)
    news = second.scores(news_blocks(scene, corpus), n, scene.properties)
    return on_slots(scene, probabilities(corpus)), on_slots(scene, probabilities(news))


def check_same(scene: Scene, first: LinearStage, second: LinearStage) -> None:
    expected = plain(scene, first, second)
    found = TokenScorer(first, second).probabilities(scene)
    for ours, theirs in zip(found, expected, strict=True):
        assert np.array_equal(ours, theirs)


def noisy(stage: LinearStage, seed: int, scale: float) -> LinearStage:
    """The stage with other weights, ``scale`` wide, and biases that make for ties."""
    random = np.random.default_rng(seed)
    weights = np.round(random.normal(0, scale, stage.weights.shape) * 4096).clip(-32767, 32767)
    return LinearStage(stage.layout, weights / 4096, np.round(stage.bias * 16) / 16)


def test_news_has_the_same_tags_both_ways() -> None:
    check_same(scene_of(NEWS), engine().corpus_tagger, engine().news_tagger)


@given(any_sentences(6))
@settings(max_examples=40)
def test_any_text_has_the_same_tags_both_ways(sentences: list[str]) -> None:
    check_same(scene_of(sentences), engine().corpus_tagger, engine().news_tagger)


@pytest.mark.parametrize("scale", [0.1, 3.0])
def test_any_weights_give_the_same_tags_both_ways(scale: float) -> None:
    """Small weights have many scores near the middle, large ones sums beyond 24 bits."""
    scene = scene_of(NEWS)
    first = noisy(engine().corpus_tagger, 1, scale)
    check_same(scene, first, noisy(engine().news_tagger, 2, scale))


def test_large_biases_give_the_same_tags_both_ways() -> None:
    """Words outweigh the bias, so that scores lie near the middle all the same."""
    scene = scene_of(NEWS)
    stages = []
    for stage, seed in ((engine().corpus_tagger, 3), (engine().news_tagger, 4)):
        small = noisy(stage, seed, 0.3)
        lifted = small.weights
        begin = sum(width for _, width, _ in stage.layout[:3])
        lifted[begin : begin + stage.layout[3][1]] += 7.5  # every feature of the word itself
        stages.append(LinearStage(stage.layout, lifted.clip(-7.9, 7.9), small.bias - 15.3))
    check_same(scene, stages[0], stages[1])


@pytest.mark.parametrize("at_once", [1, 40, 200])
def test_tags_do_not_depend_on_the_parts(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = scene_of([*NEWS, "", *NEWS])
    whole = engine().tokens.probabilities(scene)
    monkeypatch.setattr(token_scores, "_AT_ONCE", at_once)
    for expected, found in zip(whole, engine().tokens.probabilities(scene), strict=True):
        assert np.array_equal(expected, found)


@given(st.integers(1, len(NEWS)))
@settings(max_examples=10)
def test_tags_do_not_depend_on_the_batch(size: int) -> None:
    scorer = engine().tokens
    whole = scene_of(NEWS)
    part = scene_of(NEWS[:size])
    for all_of, few in zip(scorer.probabilities(whole), scorer.probabilities(part), strict=True):
        assert np.array_equal(all_of[: len(few)], few)


def test_tables_of_forms_are_those_of_one_vocabulary_cache() -> None:
    """Two caches number forms as they come; both may be in use with one engine."""
    one, two = scene_of(NEWS), scene_of(NEWS[::-1])
    scorer = engine().tokens
    first = scorer.probabilities(one)[1][one.slots]
    second = scorer.probabilities(two)[1][two.slots]
    assert sorted(map(tuple, first.tolist())) == sorted(map(tuple, second.tolist()))
    assert np.array_equal(scorer.probabilities(one)[1][one.slots], first)
