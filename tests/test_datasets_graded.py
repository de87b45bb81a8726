"""Readers for graded certainty: Pei & Jurgens, whole and by aspect, and event factuality."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from corpus_samples import aspect_rows, factuality_rows, json_lines, pei_jurgens_rows

from hedgecheck.datasets import read_factuality, read_pei_jurgens, read_pei_jurgens_aspects
from hedgecheck.errors import TrainingDataError

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, rows: list[dict[str, Any]], name: str = "uds_ih2-dev.jsonl") -> Path:
    path = folder / name
    path.write_text(json_lines(rows), encoding="utf-8")
    return path


def test_findings_are_graded_from_1_to_6(tmp_path: Path) -> None:
    first, second = read_pei_jurgens(write(tmp_path, pei_jurgens_rows()))
    assert (first.id, first.split, second.split) == ("3", "train", "val")
    (labels, other) = (first.sentences[0].labels, second.sentences[0].labels)
    assert labels is not None
    assert other is not None
    assert (labels.grade, labels.certainty) == (3.5, 0.5)
    assert (other.grade, other.certainty) == (6, 1)
    assert labels.hedged is None


def test_aspects_share_the_group_of_the_same_finding(tmp_path: Path) -> None:
    (aspects,) = read_pei_jurgens_aspects(write(tmp_path, aspect_rows()))
    whole, _ = read_pei_jurgens(write(tmp_path, pei_jurgens_rows()))
    assert aspects.group == whole.group
    assert aspects.sentences[0].labels is not None
    assert dict(aspects.sentences[0].labels.aspects or ()) == {
        "Number": "NotPresent",
        "Extent": "NotPresent",
        "Probability": "Uncertain",
        "Condition": "NotPresent",
        "Suggestion": "NotPresent",
        "Framing": "Certain",
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sentence-level-certainty": 0.5}, "sentence-level-certainty: 0.5 is not in 1 to 6"),
        ({"sentence-level-certainty": "high"}, "'high' is no number; give 1 to 6"),
        ({"split": "dev"}, "split: 'dev' is not in the set of labels; use train, val, test"),
        ({"id": 3}, "duplicate id '3', already used in line 1"),
        ({"finding": None}, "finding: None is no text"),
    ],
)
def test_a_bad_finding_is_refused(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    rows = pei_jurgens_rows()
    rows[1] |= change
    path = write(tmp_path, rows)
    with pytest.raises(TrainingDataError) as caught:
        list(read_pei_jurgens(path))
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert message in str(caught.value)


@pytest.mark.parametrize("value", ["Sure", None, {"Number": "Certain"}])
def test_a_bad_aspect_is_refused(value: Any, tmp_path: Path) -> None:
    rows = aspect_rows()
    aspects = rows[0]["aspect-level-certainty"]
    new = value if isinstance(value, dict) else aspects | {"Framing": value}
    rows[0]["aspect-level-certainty"] = new
    with pytest.raises(TrainingDataError, match=r"line 1: .*(Framing: |no column 'Extent')"):
        list(read_pei_jurgens_aspects(write(tmp_path, rows)))


def test_factuality_is_the_mean_of_absolute_values(tmp_path: Path) -> None:
    first, second = read_factuality(write(tmp_path, factuality_rows()))
    assert (first.corpus, first.split) == ("factuality-uds", "dev")
    labels = first.sentences[0].labels
    assert labels is not None
    assert (labels.grade, labels.certainty) == (2.25, 0.75)
    assert second.sentences[0].labels is None
    other, _ = read_factuality(write(tmp_path, factuality_rows(), "meantime-train.jsonl"))
    assert (other.corpus, other.split) == ("factuality-meantime", "train")
    bare, _ = read_factuality(write(tmp_path, factuality_rows(), "mine.jsonl"))
    assert (bare.corpus, bare.split) == ("factuality-mine", "")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": 3.5}, "label: 3.5 is not in -3 to 3"),
        ({"span1": [2, 9]}, "the event span 2:9 lies outside its sentence of 8 tokens"),
        ({"span1": [2]}, "span1: [2] is no span"),
        ({"span1": ["2", 3]}, "is no span"),
        ({"span_text": "held"}, "span_text: 'held' is not what tokens 2:3 are"),
    ],
)
def test_a_bad_event_is_refused(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    rows = factuality_rows()
    rows[0]["targets"][0].update(change)
    path = write(tmp_path, rows)
    with pytest.raises(TrainingDataError) as caught:
        list(read_factuality(path))
    assert str(caught.value).startswith(f"{path}, line 1: ")
    assert message in str(caught.value)


def test_an_index_that_comes_twice_is_refused(tmp_path: Path) -> None:
    rows = factuality_rows()
    rows[1]["idx"] = 0
    with pytest.raises(
        TrainingDataError, match="line 2: duplicate idx '0', already used in line 1"
    ):
        list(read_factuality(write(tmp_path, rows)))
