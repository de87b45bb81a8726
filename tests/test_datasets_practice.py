"""What the shipped model trains on of our own: labels by hash, and practice sentences."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hedgecheck.datasets import (
    LabelledDocument,
    LabelledSentence,
    read_hedgenews,
    read_readings,
    sentence_key,
)
from hedgecheck.errors import TrainingDataError
from hedgecheck.shipped import dataset_path

HEADER = "key,certainty,sourcing,attribution,flags,source,cue,hedges"
TEXT = "Rivers may rise, two wardens said."


def corpus() -> list[LabelledDocument]:
    sentences = (LabelledSentence(TEXT, 0), LabelledSentence("Nobody asked.", 1))
    return [LabelledDocument("d1", "g1", "mine", sentences)]


def table(folder: Path, *rows: str) -> Path:
    path = folder / "labels.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def test_labels_find_their_sentence(tmp_path: Path) -> None:
    key = sentence_key("d1", 0, TEXT)
    path = table(tmp_path, f"{key},45,2,3,5,17-28,29-33,7-10")
    [document] = read_readings(path, corpus())
    assert (document.id, document.group, len(document.sentences)) == ("d1", "g1", 1)
    labels = document.sentences[0].labels
    assert labels is not None
    assert (labels.certainty, labels.sourcing, labels.attribution) == (0.45, "unnamed", "indirect")
    assert (labels.confidential, labels.pronoun, labels.hard) == (True, False, True)
    assert labels.source is not None
    assert labels.cue is not None
    assert labels.hedges is not None
    assert [s.text for s in (labels.source, labels.cue, *labels.hedges)] == [
        "two wardens",
        "said",
        "may",
    ]


def test_a_document_that_was_not_read_is_left_out(tmp_path: Path) -> None:
    path = table(tmp_path, "0123456789abcdef,95,0,0,0,,,")
    assert list(read_readings(path, corpus())) == []


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("101,0,0,0,,,", "certainty"),
        ("95,4,0,0,,,", "sourcing"),
        ("95,0,6,0,,,", "attribution"),
        ("95,0,0,8,,,", "flags"),
        ("95,1,3,0,17,,", "source"),
        ("95,1,3,0,17-99,,", "outside"),
    ],
)
def test_bad_labels_name_file_line_and_column(tmp_path: Path, cells: str, told: str) -> None:
    path = table(tmp_path, f"{sentence_key('d1', 0, TEXT)},{cells}")
    with pytest.raises(TrainingDataError, match="line 2") as caught:
        list(read_readings(path, corpus()))
    assert told in str(caught.value)


def test_a_key_may_come_only_once(tmp_path: Path) -> None:
    row = f"{sentence_key('d1', 0, TEXT)},95,0,0,0,,,"
    with pytest.raises(TrainingDataError, match="line 3"):
        list(read_readings(table(tmp_path, row, row), corpus()))


def test_the_shipped_labels_are_only_hashes_and_numbers() -> None:
    with dataset_path("readings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert ",".join(rows[0]) == HEADER
    assert len({row[0] for row in rows[1:]}) == len(rows) - 1 > 10_000
    for row in rows[1:]:
        assert re.fullmatch(r"[0-9a-f]{16}", row[0])
        assert all(re.fullmatch(r"[0-9 -]*", cell) for cell in row[1:])


def test_the_practice_sentences_can_be_read() -> None:
    documents = list(read_hedgenews(dataset_path("practice.jsonl")))
    assert sum(len(document.labelled) for document in documents) > 5_000
    assert all(document.group.startswith("practice/") for document in documents)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _test_sentences() -> Iterator[str]:
    for line in dataset_path("news.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["text"]
    for line in dataset_path("pairs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from row["a"]["sentences"]
        yield from row["b"]["sentences"]


def test_no_test_sentence_is_practised() -> None:
    # Eight words in a row are shared by chance only in set phrases; a copy shares them all.
    practised = set()
    whole = set()
    for document in read_hedgenews(dataset_path("practice.jsonl")):
        for sentence in document.sentences:
            words = _words(sentence.text)
            whole.add(" ".join(words))
            practised |= {" ".join(words[i : i + 8]) for i in range(len(words) - 7)}
    for text in _test_sentences():
        words = _words(text)
        if len(words) > 3:
            assert " ".join(words) not in whole, text
        runs = [" ".join(words[i : i + 8]) for i in range(len(words) - 7)]
        assert sum(run in practised for run in runs) <= len(runs) / 4, text
