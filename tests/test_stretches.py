"""A long document in stretches: every score is the one that it has when all is scored at once."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import sentences

import hedgecheck
from hedgecheck import Document, Model, stretches
from hedgecheck.datasets import read_news
from hedgecheck.shipped import dataset_path
from hedgecheck.stretches import OVERLAP, stretch_around
from hedgecheck.stretches import stretches as stretches_of


@cache
def model() -> Model:
    return hedgecheck.load()


@cache
def news() -> tuple[str, ...]:
    documents = read_news(dataset_path("news.jsonl"))
    return tuple(sentence.text for document in documents for sentence in document.sentences)


def scored(given_sentences: list[str], stretch: int) -> Document:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stretches, "STRETCH", stretch)
        return model().score_document(given_sentences)


def check_same(given_sentences: list[str], stretch: int) -> None:
    whole = scored(given_sentences, 10**9)
    found = scored(given_sentences, stretch)
    assert found == whole
    assert repr(found.to_dict()) == repr(whole.to_dict())


def test_news_in_stretches() -> None:
    for stretch in (1, 7, 100):
        check_same(list(news()[:300]), stretch)


@pytest.mark.parametrize("seed", range(6))
def test_quotations_that_run_over_the_edges(seed: int) -> None:
    random = Random(seed)
    marks = ["“", "”", '"', "‘", "’ ", "“ ", "", "", "", ""]
    text = [
        random.choice(marks) + random.choice([*news()[:60], "He said so.", "", "Two aides agreed."])
        + random.choice(marks)
        for _ in range(260)
    ]  # fmt: skip
    for stretch in (1, 13, 60):
        check_same(text, stretch)


@given(st.lists(sentences(), min_size=1, max_size=5), st.integers(1, 40))
@settings(max_examples=30)
def test_any_sentences_in_stretches(some: list[str], times: int) -> None:
    check_same(some * times, 3)


def test_an_explanation_looks_at_what_is_near() -> None:
    text = list(news()[:200])
    whole, near = model().score_document(text), model().score_document(text)
    for i in (0, 90, 199):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("hedgecheck.model.stretch_around", lambda _, n: slice(0, n))
            expected = whole[i].explain()
        assert near[i].explain() == expected


def test_stretches_cover_all_once() -> None:
    for n in (0, 1, 2048, 4096, 5000, 20_000):
        kept = [i for part, _ in stretches_of(n) for i in range(part.start, part.stop)]
        assert kept == list(range(n))
    assert stretch_around(100, 1000) == slice(100 - OVERLAP, 101 + OVERLAP)
