"""Several processes give what one gives: the same scores, order, errors and warnings."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest

import hedgecheck
from hedgecheck import InputError, LanguageWarning, parallel
from hedgecheck.datasets import read_news
from hedgecheck.parallel import checked_jobs, map_parts
from hedgecheck.shipped import dataset_path


@pytest.fixture(autouse=True)
def _few_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "WORTH", 1)


@pytest.fixture(scope="module")
def articles() -> list[str]:
    news = read_news(dataset_path("news.jsonl"))
    return ["\n".join(sentence.text for sentence in document.sentences) for document in news]


def test_sentences_are_scored_the_same(articles: list[str]) -> None:
    sentences = [line for article in articles for line in article.split("\n")] * 4
    alone = hedgecheck.score_sentences(sentences)
    assert hedgecheck.score_sentences(sentences, n_jobs=2) == alone
    shared = hedgecheck.score_sentences(sentences[:50], n_jobs=2)
    assert shared == alone[:50]
    assert shared[7].explain() == alone[7].explain()
    assert hedgecheck.score_sentences([], n_jobs=2) == []


def test_documents_are_scored_the_same(articles: list[str]) -> None:
    texts = ["", *articles[:40], " \n ", articles[41]]
    alone = list(hedgecheck.score_documents(texts))
    shared = list(hedgecheck.score_documents(iter(texts), n_jobs=2))
    assert shared == alone
    assert [score.explain() for score in shared[3]] == [score.explain() for score in alone[3]]
    assert list(hedgecheck.score_documents([], n_jobs=2)) == []


@pytest.mark.parametrize("unit", ["document", "sentence"])
def test_frames_are_scored_the_same(articles: list[str], unit: str) -> None:
    frame = pd.DataFrame({"text": ["", None, *articles[:40]]})
    alone = hedgecheck.score_frame(frame, unit=unit)
    pd.testing.assert_frame_equal(hedgecheck.score_frame(frame, unit=unit, n_jobs=2), alone)


def test_a_stream_is_scored_up_to_the_item_that_is_no_text() -> None:
    stream = hedgecheck.score_documents(["It rained.", "It snowed.", 7], n_jobs=2)  # type: ignore[list-item]
    assert [len(next(stream)), len(next(stream))] == [1, 1]
    with pytest.raises(InputError, match="item 2 is int 7"):
        next(stream)


def test_the_stream_is_read_in_the_thread_that_takes_the_results() -> None:
    read = 0

    def texts() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield "It rained. " * 100

    stream = hedgecheck.score_documents(texts(), n_jobs=2)
    next(stream)
    few = read
    assert next(stream)
    assert read == few
    stream.close()  # type: ignore[attr-defined]


def test_a_warning_of_the_language_comes_through() -> None:
    text = "Der Fluss steigt und die Leute im Tal haben Angst vor dem Wasser. " * 4
    with pytest.warns(LanguageWarning) as caught:
        list(hedgecheck.score_documents([text] * 3, n_jobs=2))
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        list(hedgecheck.score_documents(["It rained."], n_jobs=2))


def test_few_parts_are_done_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "WORTH", 3)
    monkeypatch.setitem(sys.modules, "joblib.externals.loky", None)
    model: Any = "model"
    assert list(map_parts(lambda _, part: part + 1, model, [1, 2], 2)) == [(1, 2), (2, 3)]
    assert list(map_parts(lambda _, part: part + 1, model, range(9), 1))[-1] == (8, 9)


@pytest.mark.parametrize("wrong", [0, 1.5, "2", None, True])
def test_a_number_of_processes_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(InputError, match="n_jobs"):
        hedgecheck.score_sentences(["It rained."], n_jobs=wrong)
    with pytest.raises(InputError, match="n_jobs"):
        hedgecheck.score_documents(["It rained."], n_jobs=wrong)
    with pytest.raises(InputError, match="n_jobs"):
        hedgecheck.score_frame(pd.DataFrame({"text": ["It rained."]}), n_jobs=wrong)


def test_minus_one_is_one_a_core() -> None:
    assert checked_jobs(-1, "score") >= 1
