"""A sound file whose model does not fit this library is refused on loading."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import hedgecheck
from hedgecheck.errors import ModelFileError
from hedgecheck.modelfile import read_model, write_model
from hedgecheck.shipped import model_path

if TYPE_CHECKING:
    from pathlib import Path

SENTENCE = "The ferry may be sold, two people familiar with the plan said."


@pytest.fixture
def payload() -> dict[str, Any]:
    return dict(read_model(model_path("en")))


def refused(folder: Path, payload: dict[str, Any], match: str) -> None:
    write_model(folder / "bad.joblib", payload)
    with pytest.raises(ModelFileError, match=match):
        hedgecheck.load(folder / "bad.joblib")


def test_features_of_another_version_are_refused(tmp_path: Path, payload: dict[str, Any]) -> None:
    refused(tmp_path, payload | {"features": 0}, "made for features 0")


@pytest.mark.parametrize(
    "name", ["features", "vocabulary", "first_pass.bias", "second_calibration.steps"]
)
def test_a_missing_part_is_refused(tmp_path: Path, payload: dict[str, Any], name: str) -> None:
    del payload[name]
    refused(tmp_path, payload, "cannot be used with this hedgecheck")


def test_rows_beyond_the_weights_are_refused(tmp_path: Path, payload: dict[str, Any]) -> None:
    rows = payload["news_tagger.rows"].copy()
    rows[-1] = 2**30
    refused(tmp_path, payload | {"news_tagger.rows": rows}, "cannot be used")


def test_blocks_of_other_names_are_refused(tmp_path: Path, payload: dict[str, Any]) -> None:
    names = ["other " + name for name in payload["second_pass.blocks"]]
    refused(tmp_path, payload | {"second_pass.blocks": names}, "cannot be used")


def test_blocks_of_another_width_are_refused(tmp_path: Path, payload: dict[str, Any]) -> None:
    widths = [max(width - 1, 1) for width in payload["second_pass.widths"]]
    payload["second_pass.rows"] = np.zeros(0, dtype=np.int32)
    payload["second_pass.weights"] = payload["second_pass.weights"][:0]
    refused(tmp_path, payload | {"second_pass.widths": widths}, "cannot be used")


def test_a_saved_model_scores_the_same(tmp_path: Path) -> None:
    model = hedgecheck.load()
    digest = model.save(tmp_path / "mine.joblib")
    again = hedgecheck.load(tmp_path / "mine.joblib")
    assert len(digest) == 64
    assert again.name == "mine"
    assert again.score_sentences([SENTENCE]) == model.score_sentences([SENTENCE])


def test_a_model_can_be_copied_and_pickled() -> None:
    model = hedgecheck.load()
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert twin.score_sentences([SENTENCE]) == model.score_sentences([SENTENCE])
