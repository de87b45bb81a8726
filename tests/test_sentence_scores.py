"""The passes over sentences as scoring runs them, against `LinearStage.scores`."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hard_news import NEWS, engine
from hypothesis import given, settings
from strategies import any_sentences

from hedgecheck import sentence_scores
from hedgecheck.blocks import Block, LinearStage
from hedgecheck.context import context_blocks
from hedgecheck.engine import first_pass_probabilities, make_scene
from hedgecheck.sentence_blocks import sentence_blocks
from hedgecheck.sentence_scores import BOTH, FIRST, SentenceScorer
from hedgecheck.vocabulary import TypeProperties


def blocks_of(sentences: list[str]) -> tuple[list[Block], list[Block], TypeProperties]:
    """Blocks of the first pass, those that the second adds, and the words' properties."""
    properties = TypeProperties(engine().vocabulary)
    document = np.arange(len(sentences)) // 5
    scene = make_scene(sentences, document, properties)
    evidence = engine().evidence(scene)
    first = sentence_blocks(scene, evidence)
    scores = engine().first_pass.scores(first, len(sentences), properties)
    near = first_pass_probabilities(scores, engine().first_calibration)
    return first, context_blocks(scene, evidence, near, document), properties


def check_same(sentences: list[str], passes: tuple[LinearStage, LinearStage]) -> None:
    first, context, properties = blocks_of(sentences)
    n = len(sentences)
    scorer = SentenceScorer(passes)
    alone = scorer.scores(scorer.entries(first, n, properties, FIRST))
    expected = passes[0].scores(first, n, properties)
    assert np.array_equal(alone, expected)
    so_far = scorer.scores(scorer.entries(first, n, properties, BOTH))
    width = passes[0].n_outputs
    assert np.array_equal(so_far[:, :width], expected)
    found = scorer.scores(scorer.entries(context, n, properties, BOTH), so_far)
    assert np.array_equal(found[:, width:], passes[1].scores([*first, *context], n, properties))


def passes() -> tuple[LinearStage, LinearStage]:
    return engine().first_pass, engine().second_pass


@pytest.fixture(params=["without scipy", "with scipy"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    most = 1 if request.param == "with scipy" else sys.maxsize
    monkeypatch.setattr(sentence_scores, "_WORTH_LOADING", most)
    monkeypatch.setattr(sentence_scores, "_WORTH_USING", most)


@pytest.mark.usefixtures("_way")
@pytest.mark.parametrize("times", [1, 30])
def test_news_has_the_same_decision_values_both_ways(times: int) -> None:
    check_same(NEWS * times, passes())


def test_scipy_without_its_inner_function(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ImportError

    monkeypatch.setattr(sentence_scores, "_WORTH_LOADING", 1)
    monkeypatch.setattr(sentence_scores, "import_module", missing)
    sentence_scores._multiply.cache_clear()
    try:
        check_same(NEWS, passes())
    finally:
        sentence_scores._multiply.cache_clear()


@given(any_sentences(6))
@settings(max_examples=40)
def test_any_text_has_the_same_decision_values_both_ways(sentences: list[str]) -> None:
    check_same(sentences, passes())


@pytest.mark.usefixtures("_way")
def test_weights_too_large_for_short_floats() -> None:
    """Sums of the long sentence's words need more bits than float32 has."""
    large = [LinearStage(s.layout, s.weights * 2**8 + 2**-12, s.bias) for s in passes()]
    check_same(NEWS, (large[0], large[1]))


def test_the_second_pass_has_to_see_what_the_first_sees() -> None:
    first, second = passes()
    layout = [("another" if n == "phrase" else n, width, kind) for n, width, kind in second.layout]
    other = LinearStage(layout, second.weights, second.bias)
    with pytest.raises(ValueError, match="does not see"):
        SentenceScorer((first, other))
