"""The public face: names, wrong input and its remedies, languages, results as data."""

from __future__ import annotations

import inspect
import json
import math
import pickle
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest

import hedgecheck
from hedgecheck import (
    Document,
    HedgecheckError,
    InputError,
    LanguageWarning,
    Model,
)

# ----------------------------------------------------------------------------------- what is public


def test_all_is_what_is_public() -> None:
    public = {
        name
        for name, value in vars(hedgecheck).items()
        if not name.startswith("_")
        and not inspect.ismodule(value)
        and (getattr(value, "__module__", "") or "").startswith("hedgecheck")
    }
    # Some names are looked up only when they are asked for.
    late = {name for name in hedgecheck.__all__ if name not in vars(hedgecheck)}
    assert public | late == set(hedgecheck.__all__)
    assert all(hasattr(hedgecheck, name) for name in late)
    assert hedgecheck.__all__ == sorted(hedgecheck.__all__)
    assert not hasattr(hedgecheck, "no_such_name")


def test_functions_and_methods_are_the_same() -> None:
    for name in (
        "score", "score_document", "score_sentences", "score_documents", "iter_sentences",
    ):  # fmt: skip
        function, method = getattr(hedgecheck, name), getattr(Model, name)
        of_function = list(inspect.signature(function).parameters.values())
        of_method = list(inspect.signature(method).parameters.values())[1:]
        assert of_function == of_method
    text = "Police said it may rain. It did."
    assert hedgecheck.score(text) == model().score(text)


def test_every_public_thing_is_described() -> None:
    for name in hedgecheck.__all__:
        assert inspect.getdoc(getattr(hedgecheck, name)), name


@cache
def model() -> Model:
    return hedgecheck.load()


def test_the_model_says_who_it_is() -> None:
    assert model().name == "en"
    assert model().version
    assert repr(model()) == f"<Model 'en' {model().version}>"
    document = model().score("It rained.")
    assert (document.model_name, document.model_version) == ("en", model().version)


# ------------------------------------------------------------------------------------- empty things


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u2028"])
def test_a_text_of_nothing(text: str) -> None:
    document = hedgecheck.score(text)
    assert isinstance(document, Document)
    assert len(document) == 0
    assert document.text == text
    assert document.to_dict()["sentences"] == []


def test_no_sentences() -> None:
    assert hedgecheck.score_sentences([]) == []
    assert list(hedgecheck.iter_sentences([])) == []
    assert list(hedgecheck.score_documents([])) == []
    empty: list[Any] = [[], (), [[]], [[], []]]
    for nothing in empty:
        document = hedgecheck.score_document(nothing)
        assert (len(document), document.text) == (0, "")


def test_an_empty_sentence_is_a_plain_one() -> None:
    (score,) = hedgecheck.score_sentences([""])
    assert (score.text, score.start, score.end) == ("", 0, 0)
    assert (score.sourcing, score.attribution) == ("none", "none")


def test_paragraphs_as_lists_of_sentences() -> None:
    document = hedgecheck.score_document([["It rained.", "It poured."], [], ["He said so."]])
    assert document.text == "It rained. It poured.\nHe said so."
    assert [(s.start, s.end) for s in document] == [(0, 10), (11, 21), (22, 33)]
    tuples = hedgecheck.score_document((("It rained.", "It poured."), (), ("He said so.",)))
    assert tuples == document


# -------------------------------------------------------------------------------------- wrong input

WRONG_TEXTS: list[tuple[Any, str]] = [
    (None, r"None.*drop missing values"),
    (float("nan"), r"NaN.*drop missing values"),
    (b"It rained.", r"bytes.*decode"),
    (bytearray(b"It"), r"bytearray.*decode"),
    (7, r"int 7.*convert it to str"),
    (["It rained."], r"list.*score_document"),
    (np.float64("nan"), r"drop missing values"),
]


@pytest.mark.parametrize(("bad", "message"), WRONG_TEXTS)
def test_score_takes_a_str(bad: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        hedgecheck.score(bad)
    assert isinstance(caught.value, HedgecheckError)
    assert isinstance(caught.value, ValueError)


MANY = ["score_sentences", "iter_sentences", "score_document", "score_documents"]


def run(name: str, values: Any) -> Any:
    found = getattr(hedgecheck, name)(values)
    return list(found) if isinstance(found, Iterator) else found


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("It rained.", r"str 'It rained\.'.*wrap it in a list: {name}\(\[text\]\)"),
        (b"It rained.", r"bytes.*decode"),
        (None, r"None.*drop missing values"),
        (float("nan"), r"NaN.*drop missing values"),
        (7, r"iterable of str, got int 7"),
    ],
)
def test_many_texts_are_wanted(name: str, bad: Any, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("{name}", name)) as caught:
        run(name, bad)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["iter_sentences", "score_documents"])
def test_a_bare_str_is_refused_at_once_and_not_when_the_stream_is_read(name: str) -> None:
    with pytest.raises(InputError, match="wrap it"):
        getattr(hedgecheck, name)("It rained.")


@pytest.mark.parametrize("name", MANY)
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (None, r"item 1 is None.*drop missing values"),
        (float("nan"), r"item 1 is NaN.*drop missing values"),
        (b"bytes", r"item 1 is bytes.*decode"),
        (7, r"item 1 is int 7.*convert it to str"),
    ],
)
def test_the_item_that_is_no_text_is_named(name: str, bad: Any, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        run(name, ["It rained.", bad, "It poured."])
    assert name in str(caught.value)


@pytest.mark.parametrize("name", ["score_sentences", "iter_sentences", "score_documents"])
def test_a_list_in_a_list(name: str) -> None:
    with pytest.raises(InputError, match=r"item 0 is list"):
        run(name, [["It rained."]])


def test_a_document_of_sentences_and_paragraphs_mixed() -> None:
    with pytest.raises(InputError, match=r"item 1 is str 'It poured\.' among lists.*either"):
        hedgecheck.score_document([["It rained."], "It poured."])
    nested: list[Any] = [["It rained.", ["It poured."]]]
    with pytest.raises(InputError, match=r"item 1 is list"):
        hedgecheck.score_document(nested)


def test_a_long_wrong_item_is_shown_short() -> None:
    with pytest.raises(InputError) as caught:
        hedgecheck.score_sentences([list(range(10_000))])  # type: ignore[list-item]
    assert len(str(caught.value)) < 250


@pytest.mark.parametrize("before", [0, 1, 3, 1500])
def test_a_stream_yields_what_came_before_the_bad_item(before: int) -> None:
    def stream() -> Iterator[Any]:
        yield from ["It rained."] * before
        yield None
        yield "It poured."

    scores = hedgecheck.iter_sentences(stream())
    assert [next(scores).text for _ in range(before)] == ["It rained."] * before
    with pytest.raises(InputError, match=f"item {before} is None"):
        next(scores)


def test_a_stream_of_documents_yields_what_came_before_the_bad_one() -> None:
    texts: Iterable[Any] = ["It rained.", "", 7]
    documents = hedgecheck.score_documents(texts)
    assert [next(documents).text for _ in range(2)] == ["It rained.", ""]
    with pytest.raises(InputError, match="item 2 is int"):
        next(documents)


def test_a_stream_is_read_in_bounded_batches() -> None:
    taken = 0

    def stream() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield "It rained."

    scores = hedgecheck.iter_sentences(stream())
    for _ in range(3):
        assert next(scores).text == "It rained."
    assert taken <= 2048
    documents = hedgecheck.score_documents(stream())
    taken = 0
    assert next(documents).text == "It rained."
    assert taken <= 2048


def test_a_stream_of_empty_documents_is_read_in_bounded_batches() -> None:
    taken = 0

    def stream() -> Iterator[str]:
        nonlocal taken
        while taken < 5000:
            taken += 1
            yield ""

    assert len(next(hedgecheck.score_documents(stream()))) == 0
    assert taken <= 2048


@pytest.mark.parametrize("make", [list, tuple, iter, np.array, dict.fromkeys])
def test_any_iterable_of_str_will_do(make: Any) -> None:
    sentences = ["It rained.", "He said so."]
    assert hedgecheck.score_sentences(make(sentences)) == hedgecheck.score_sentences(sentences)


def test_a_str_of_a_subclass_is_a_str() -> None:
    class Title(str):
        __slots__ = ()

    assert hedgecheck.score(Title("It rained."))[0].sourcing == "none"


# ---------------------------------------------------------------------------------------- languages

ENGLISH = (
    "The harbour board said on Monday that the old ferry would be sold and that a new one had been "
    "ordered. It did not say what either of them would cost. The mayor was not at the meeting."
)
FOREIGN = {
    "Spanish": "La junta del puerto anunció el lunes que venderá el viejo transbordador y que ya "
    "ha encargado otro nuevo. No quiso decir cuánto costarán. El alcalde no acudió a la reunión "
    "porque estaba de viaje con su familia, según explicó más tarde una portavoz municipal.",
    "German": "Die Hafenbehörde teilte am Montag mit, dass die alte Fähre verkauft werde und eine "
    "neue bereits bestellt sei. Was beide kosten, wollte sie nicht sagen. Der Bürgermeister nahm "
    "nicht teil, weil er verreist war, wie eine Sprecherin der Stadt später erklärte.",
    "Chinese": "港口 委员会 星期一 表示 ， 旧 渡轮 将 被 出售 ， 新 渡轮 已经 订购 。 "
    "委员会 没有 透露 价格 。 市长 因为 出差 没有 参加 会议 ， "
    "一位 发言人 后来 解释 说 。 居民 们 希望 新 渡轮 能够 早日 投入 使用 。",
}


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_other_languages_are_scored_with_a_warning(text: str) -> None:
    for scored in (
        lambda: hedgecheck.score(text),
        lambda: hedgecheck.score_document([text]),
        lambda: hedgecheck.score_sentences([text]),
        lambda: list(hedgecheck.score_documents([text])),
        lambda: list(hedgecheck.iter_sentences([text])),
    ):
        with pytest.warns(LanguageWarning, match="English"):
            assert len(scored()) > 0


@pytest.mark.parametrize("scorer", [model, lambda: hedgecheck], ids=["method", "function"])
def test_the_warning_points_at_the_caller(scorer: Any) -> None:
    # Python shows a warning once for each place: pointing elsewhere would hide all but the first.
    with pytest.warns(LanguageWarning) as caught:
        scorer().score(FOREIGN["German"])
    assert [warning.filename for warning in caught] == [__file__]


def test_chinese_without_spaces_warns_too() -> None:
    text = FOREIGN["Chinese"].replace(" ", "")
    with pytest.warns(LanguageWarning):
        hedgecheck.score(text * 3)


@pytest.mark.parametrize(
    "text",
    [ENGLISH, "Orlik Shipping", "Velmora, Monday", "", ENGLISH.upper(),
     "1,250 4,000 17 " * 20, "Brandt, 41; Rehn, 39; Farran, 52. " + ENGLISH],
)  # fmt: skip
def test_english_and_what_is_too_short_to_tell_gets_no_warning(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        hedgecheck.score(text)
        hedgecheck.score_sentences([text])


# ------------------------------------------------------------------------------------------ results


def test_a_document_turns_into_json() -> None:
    document = hedgecheck.score(ENGLISH)
    again = json.loads(json.dumps(document.to_dict()))
    assert again["model"] == {"name": "en", "version": model().version}
    assert [row["text"] for row in again["sentences"]] == [s.text for s in document]


def test_scores_hold_plain_python_values() -> None:
    score = hedgecheck.score_sentences(["Two officials said it may rain."])[0]
    for value in (score.certainty, score.confidential_proba, *score.sourcing_proba.values()):
        assert type(value) is float
        assert math.isfinite(value)
    for span in (*score.hedges, *filter(None, (score.source, score.cue))):
        assert type(span.start) is type(span.end) is int
    assert type(score.confidential) is bool
    assert type(score.start) is type(score.end) is int


def test_a_pickled_document_is_equal_and_leaves_the_model_behind() -> None:
    document = hedgecheck.score(ENGLISH)
    data = pickle.dumps(document)
    assert len(data) < 20_000
    again = pickle.loads(data)
    assert again == document
    with pytest.raises(HedgecheckError, match="score the text again"):
        again[0].explain()
