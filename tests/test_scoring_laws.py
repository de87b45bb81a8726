"""Laws that scoring with the shipped model keeps for any text at all."""

from __future__ import annotations

import copy
import dataclasses
import gc
import pickle
import subprocess
import sys
import time
import warnings
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_sentences, any_texts, hostile_texts, sentences

import hedgecheck
from hedgecheck import Document, LanguageWarning, Model, SentenceScore, Span
from hedgecheck.results import ATTRIBUTION, SOURCING, certainty_level


@pytest.fixture(autouse=True)
def _any_language() -> Iterator[None]:
    """Random text is no English, and says so; that is tested elsewhere."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", LanguageWarning)
        yield


@cache
def model() -> Model:
    return hedgecheck.load()


def spans_of(score: SentenceScore) -> list[Span]:
    return [*score.hedges, *score.quotes, *filter(None, (score.source, score.cue))]


def check_sentence(score: SentenceScore) -> None:
    """What holds of every score, whatever the sentence."""
    for span in spans_of(score):
        assert 0 <= span.start < span.end <= len(score.text)
        assert score.text[span.start : span.end] == span.text
        assert span.text == span.text.strip()
    assert all(span.kind == "quote" for span in score.quotes)
    for ordered in (score.hedges, score.quotes):
        assert list(ordered) == sorted(ordered, key=lambda span: span.start)
    for proba, names in (
        (score.sourcing_proba, SOURCING),
        (score.attribution_proba, ATTRIBUTION),
    ):
        assert tuple(proba) == names
        assert all(0.0 <= p <= 1.0 for p in proba.values())
        assert sum(proba.values()) == pytest.approx(1.0, abs=1e-12)
    assert score.sourcing_proba["none"] == score.attribution_proba["none"]
    assert 0.0 <= score.certainty <= 1.0
    assert 0.0 <= score.confidential_proba <= 1.0
    assert score.confidential == (score.confidential_proba > 0.5)
    assert score.certainty_level == certainty_level(score.certainty)
    assert score.hedged == (score.certainty_level not in ("certain", "no_claim"))
    nothing = score.attribution == "none"
    assert nothing == (score.sourcing == "none") == (score.anonymity is None)
    if nothing:
        assert score.source is None
        assert score.cue is None
        assert score.speaker is None
    else:
        assert score.anonymity is not None
        assert 0.0 <= score.anonymity <= 1.0


def check_document(document: Document) -> None:
    end = 0
    for sentence in document:
        assert document.text[sentence.start : sentence.end] == sentence.text
        # They cover the text: only white space is left between them.
        assert document.text[end : sentence.start].strip() == ""
        assert sentence.start >= end
        end = sentence.end
        check_sentence(sentence)
        if sentence.speaker is not None:
            other = document[sentence.speaker.sentence]
            span = sentence.speaker.span
            assert other is not sentence
            assert other.text[span.start : span.end] == span.text
            assert other.source == span
    assert document.text[end:].strip() == ""


# ----------------------------------------------------------------------------------------- any text


@given(any_texts())
@settings(max_examples=150)
def test_offsets_and_labels_of_a_text(text: str) -> None:
    document = model().score(text)
    assert document.text == text
    check_document(document)


@given(any_sentences())
@settings(max_examples=100)
def test_offsets_and_labels_of_split_sentences(given_sentences: list[str]) -> None:
    document = model().score_document(given_sentences)
    assert document.text == " ".join(given_sentences)
    assert [sentence.text for sentence in document] == given_sentences
    check_document(document)


@given(st.lists(any_sentences(4), max_size=4))
@settings(max_examples=60)
def test_paragraphs_are_joined_by_line_feeds(paragraphs: list[list[str]]) -> None:
    document = model().score_document(paragraphs)
    assert document.text == "\n".join(" ".join(part) for part in paragraphs if part)
    assert [sentence.text for sentence in document] == [s for part in paragraphs for s in part]
    check_document(document)


@given(hostile_texts(200))
@settings(max_examples=150)
def test_any_unicode_is_scored_as_one_sentence(text: str) -> None:
    (score,) = model().score_sentences([text])
    assert (score.text, score.start, score.end) == (text, 0, len(text))
    check_sentence(score)


@pytest.mark.parametrize(
    "text",
    ["a" * 2**20, '"' * 2**20, "“" * 2**19, "'" * 2**19, "\ud800" * 2**18, "\x00" * 2**18,
     " " * 2**20, "\u202eשלום " * 2**14, "a\u2028" * 2**12, "\n" * 2**20],
    ids=["no space", "quotes", "opening", "single", "surrogates", "NUL", "spaces", "right to left",
         "line separators", "line feeds"],
)  # fmt: skip
def test_a_megabyte_of_trouble(text: str) -> None:
    check_document(model().score(text))


# ----------------------------------------------------------------------- the same, however it comes


@given(any_sentences(8), st.randoms(use_true_random=False))
@settings(max_examples=80)
def test_batch_equals_single_in_any_order(batch: list[str], random: Random) -> None:
    scored = model().score_sentences(batch)
    assert scored == [model().score_sentences([sentence])[0] for sentence in batch]
    order = list(range(len(batch)))
    random.shuffle(order)
    assert model().score_sentences([batch[i] for i in order]) == [scored[i] for i in order]


@given(st.lists(sentences(), min_size=1, max_size=6), st.integers(1, 700))
@settings(max_examples=15)
def test_batch_equals_single_in_large_batches(some: list[str], times: int) -> None:
    single = [model().score_sentences([sentence])[0] for sentence in some]
    assert model().score_sentences(some * times) == single * times


@given(any_sentences(8))
@settings(max_examples=40)
def test_a_stream_equals_a_batch(batch: list[str]) -> None:
    scored = model().score_sentences(batch)
    assert list(model().iter_sentences(batch)) == scored
    assert list(model().iter_sentences(iter(batch))) == scored
    assert model().score_sentences(tuple(batch)) == scored


@given(st.lists(any_texts(), max_size=4))
@settings(max_examples=40)
def test_a_stream_of_documents_equals_single_documents(texts: list[str]) -> None:
    assert list(model().score_documents(texts)) == [model().score(text) for text in texts]


@given(any_texts())
@settings(max_examples=60)
def test_scoring_twice_gives_the_same(text: str) -> None:
    first = model().score(text)
    assert model().score(text) == first
    # Fields that take no part in == of a document's sentences are compared as text.
    assert repr(model().score(text).to_dict()) == repr(first.to_dict())


@given(any_texts())
@settings(max_examples=40)
def test_scoring_the_sentences_found_gives_the_same_labels(text: str) -> None:
    document = model().score(text)
    if "\n" in text or "\r" in text or len(document) < 2:  # a paragraph's end is context too
        return
    again = model().score_document([sentence.text for sentence in document])
    assert [s.sourcing_proba for s in again] == [s.sourcing_proba for s in document]
    assert [s.certainty for s in again] == [s.certainty for s in document]


def test_a_fresh_model_gives_the_same() -> None:
    text = (
        "Two officials said the ferry may sink. “It is old,” said Ilsa Brandt. “We knew. Nobody "
        "listened.” Orlik Shipping declined to comment. The ship is reportedly for sale."
    )
    some = ["He said so.", "", "“No”", "Rates may rise."]
    fresh = hedgecheck.load()
    assert fresh is not model()
    assert fresh.score(text) == model().score(text) == hedgecheck.score(text)
    assert fresh.score_sentences(some[::-1])[::-1] == model().score_sentences(some)


def test_scores_stay_the_same_when_the_cache_of_words_starts_anew() -> None:
    fresh = hedgecheck.load()
    text = "Sources said the bank may close."
    before = fresh.score(text)
    fresh._properties.table._limit = 3
    assert fresh._properties.table.full
    assert fresh.score(text) == before
    assert fresh._properties.table._limit != 3


# ---------------------------------------------------------------------------------- explanations


@given(any_sentences(4))
@settings(max_examples=25)
def test_contributions_add_up_to_the_decision_values(batch: list[str]) -> None:
    import numpy as np

    from hedgecheck.heads import CONFIDENTIAL, GATE, HEDGED

    engine = model().engine
    numbers = np.zeros(len(batch), dtype=np.int64)
    alone = engine.analyse(batch, model()._lexicon()) if batch else None
    joint = engine.analyse(batch, model()._lexicon(), numbers) if batch else None
    for scores, analysis in (
        (model().score_sentences(batch), alone),
        (list(model().score_document(batch)), joint),
    ):
        for i, score in enumerate(scores):
            assert analysis is not None
            of = analysis.scores[i]
            sourcing, attribution = (
                SOURCING.index(score.sourcing),
                ATTRIBUTION.index(score.attribution),
            )
            expected = {
                "certainty": -of[HEDGED],
                "sourcing": of[sourcing] if sourcing else -of[GATE],
                "attribution": of[3 + attribution] if attribution else -of[GATE],
                "confidential": of[CONFIDENTIAL],
            }
            found = score.explain()
            assert list(found) == sorted(found, key=lambda part: -abs(part.value))
            for axis, value in expected.items():
                total = sum(part.value for part in found if part.axis == axis)
                assert total == pytest.approx(value, abs=1e-9)
            for part in found:
                if part.span is not None:
                    assert score.text[part.span.start : part.span.end] == part.span.text


# ------------------------------------------------------------------------------------ what it costs


def test_scoring_imports_neither_sklearn_nor_pandas() -> None:
    code = (
        "import sys, hedgecheck\n"
        "hedgecheck.score('Police said it may rain. “No,” he said.')[0].explain()\n"
        "hedgecheck.score_sentences(['It rained.'])\n"
        "slow = {'sklearn', 'pandas', 'scipy', 'joblib', 'polars'} & set(sys.modules)\n"
        "assert not slow, slow\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def seconds(call: Callable[[], object]) -> float:
    # Without the garbage collector: its time goes by what else is alive, such as other tests.
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(2):
            begin = time.perf_counter()
            call()
            best = min(best, time.perf_counter() - begin)
    finally:
        gc.enable()
    return best


def assert_linear(run: Callable[[str], object], unit: str, size: int) -> None:
    """Twice the text takes about twice the time; a stumble of the machine may be tried again."""
    ratio = 0.0
    for _ in range(4):
        short, long = unit * (size // len(unit)), unit * (2 * size // len(unit))
        ratio = seconds(lambda text=long: run(text)) / seconds(lambda text=short: run(text))  # type: ignore[misc]
        if ratio < 2.9:
            return
    raise AssertionError(f"twice the text took {ratio:.1f} times as long")


HOSTILE = {
    "one word": "a",
    "words": "word ",
    "straight quotes": '"',
    "opening quotes": "“",
    "single quotes": " 'a",
    "double single": "``a'' ",
    "guillemets": "« a » ",
    "he said": "He said so. ",
    "quoted, and said": "“It is done,” he said. ",
    "hedges": "may ",
    "stops": "! ",
}


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_time_grows_with_the_text(unit: str) -> None:
    assert_linear(model().score, unit, 40_000)


@pytest.mark.parametrize("unit", ["\n“a", '"It is." ', "“ It is. "])
def test_time_grows_with_the_text_where_every_sentence_is_quoted(unit: str) -> None:
    assert_linear(model().score, unit, 90_000)


# --------------------------------------------------------------------- fields filled when looked at


SOURCED = [
    "Two officials said it may rain.",
    "It rained.",
    "“No,” said Ilsa Brandt, who is unsure.",
]


def test_a_score_is_the_same_whichever_field_is_looked_at_first() -> None:
    names = [part.name for part in dataclasses.fields(SentenceScore)]
    whole = [pickle.loads(pickle.dumps(score)) for score in model().score_sentences(SOURCED)]
    for name in names:
        for score, expected in zip(model().score_sentences(SOURCED), whole, strict=True):
            if name[0] != "_":
                assert getattr(score, name) == getattr(expected, name)
            assert (score, hash(score), repr(score)) == (expected, hash(expected), repr(expected))
            assert dataclasses.replace(score, certainty=0.5).sourcing == expected.sourcing
    assert model().score_sentences(SOURCED)[0].explain()
    assert copy.copy(model().score_sentences(SOURCED)[2]) == whole[2]


def test_a_field_that_there_is_not_is_an_attribute_error() -> None:
    score = model().score_sentences(SOURCED)[0]
    for name in ("mood", "_mood", "__dict__"):
        with pytest.raises(AttributeError, match=name):
            getattr(score, name)
    with pytest.raises(dataclasses.FrozenInstanceError):
        score.sourcing = "vague"  # type: ignore[misc]


def test_a_score_lets_go_of_its_batch_with_the_first_label_that_is_read() -> None:
    score = model().score_sentences(SOURCED)[0]
    labels = weakref.ref(score._pending[0].__self__)  # type: ignore[index,union-attr]
    assert labels() is not None
    assert score.hedged
    assert labels() is None


def test_threads_that_look_at_one_score_see_the_same() -> None:
    expected = [score.to_dict() for score in model().score_sentences(SOURCED * 50)]
    scores = model().score_sentences(SOURCED * 50)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: [score.to_dict() for score in scores], range(8)):
            assert found == expected
