"""The features as a scikit-learn transformer."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from strategies import any_sentences

import hedgecheck
from hedgecheck import InputError, Model
from hedgecheck.features import SentenceFeatures

TRAINING = [
    "The ministry said taxes would fall.",
    "Ilsa Brandt said the ferry was late.",
    "The bank said rates would rise.",
    "The ferry may sink.",
    "The bridge may close.",
    "The talks may fail.",
    "“It is late,” she said.",
    "It rained.",
    "",
]
LABELS = [1, 1, 1, 0, 0, 0, 1, 0, 0]


@cache
def model() -> Model:
    return hedgecheck.load()


def fitted(**parameters: Any) -> SentenceFeatures:
    return SentenceFeatures(model(), **parameters).fit(TRAINING)


def same(one: Any, two: Any) -> bool:
    return one.shape == two.shape and bool((one != two).nnz == 0)


def test_init_only_stores() -> None:
    features = SentenceFeatures("no such model", min_rows=-7)
    assert features.get_params() == {"model": "no such model", "min_rows": -7}
    assert vars(features) == {"model": "no such model", "min_rows": -7}
    copy = clone(features)
    assert copy is not features
    assert copy.get_params() == features.get_params()


def test_what_fit_learns_ends_in_an_underscore() -> None:
    features = fitted()
    assert features.fit(TRAINING) is features
    assert features.n_features_out_ == len(features.columns_) > 0
    assert np.all(np.diff(features.columns_) > 0)
    with pytest.raises(NotFittedError):
        SentenceFeatures(model()).transform(TRAINING)
    with pytest.raises(NotFittedError):
        SentenceFeatures(model()).get_feature_names_out()


def test_names_for_columns() -> None:
    features = fitted(min_rows=1)
    names = features.get_feature_names_out()
    found = features.transform(["She said it may rain."])
    assert found.shape == (1, len(names))
    assert len(set(names)) == len(names)
    on = set(names[found.indices])
    assert "outside: w=said" in on
    assert "outside: w=may" in on
    assert not any(name.startswith("inside: w=") for name in on)


def test_fit_is_idempotent_and_fit_transform_is_both() -> None:
    features = fitted()
    once = features.transform(TRAINING)
    assert same(features.fit(TRAINING).transform(TRAINING), once)
    assert same(SentenceFeatures(model()).fit_transform(TRAINING), once)
    by_name = SentenceFeatures("en")
    assert same(clone(by_name).fit(TRAINING, LABELS).transform(TRAINING), once)


def test_a_transformer_with_a_loaded_model_can_be_cloned() -> None:
    assert clone(SentenceFeatures(model())).get_params()["min_rows"] == 3


@given(any_sentences(6))
@settings(max_examples=20)
def test_subset_invariance(sentences: list[str]) -> None:
    features = fitted(min_rows=1)
    whole = features.transform(sentences)
    assert whole.shape == (len(sentences), features.n_features_out_)
    for i, sentence in enumerate(sentences):
        assert same(features.transform([sentence]), whole[i])


def test_columns_that_too_few_rows_have_are_left_out() -> None:
    sizes = [fitted(min_rows=n).n_features_out_ for n in (1, 2, 3, 9)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)
    found = fitted(min_rows=3).transform(TRAINING)
    seen = np.bincount(found.indices, minlength=found.shape[1])
    assert seen.min() >= 3


def test_in_a_pipeline() -> None:
    pipeline = make_pipeline(SentenceFeatures(model(), min_rows=1), LogisticRegression())
    pipeline.fit(TRAINING, LABELS)
    assert pipeline.predict(["The mayor said no.", "The mine may close."]).tolist() == [1, 0]


@pytest.mark.parametrize("method", ["fit", "transform"])
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("a bare string", r"many texts.*wrap it"),
        (["fine", None], r"item 1 is None.*missing"),
        ([b"bytes"], r"item 0 is bytes.*decode"),
        ([["nested"]], r"item 0 is list"),
        (7, r"iterable of str, got int 7"),
    ],
)
def test_wrong_input(method: str, bad: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        getattr(fitted(), method)(bad)


def test_fit_needs_a_sentence() -> None:
    with pytest.raises(InputError, match="at least one sentence"):
        SentenceFeatures(model()).fit([])


def test_a_stream_and_an_array_of_sentences() -> None:
    features = fitted()
    expected = features.transform(TRAINING)
    assert same(features.transform(iter(TRAINING)), expected)
    assert same(SentenceFeatures(model()).fit_transform(iter(TRAINING)), expected)
    assert same(features.transform(np.array(TRAINING, dtype=object)), expected)
