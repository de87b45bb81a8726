"""Readers for what is labelled by the guidelines: hedgenews, and our own news and pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from corpus_samples import hedgenews_rows, json_lines, news_rows, pair_rows

from hedgecheck.datasets import Span, read_hedgenews, read_news, read_pair_documents, read_pairs
from hedgecheck.errors import TrainingDataError
from hedgecheck.shipped import dataset_path

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text(json_lines(rows), encoding="utf-8")
    return path


def test_hedgenews_keeps_context_numbers_and_groups(tmp_path: Path) -> None:
    first, second = read_hedgenews(write(tmp_path, hedgenews_rows()))
    assert (first.id, first.group, first.genre) == ("mine/port#0", "mine/port", "mine")
    assert second.group == first.group
    assert [sentence.number for sentence in first.sentences] == [4, 5]
    assert first.sentences[0].labels is None
    assert first.labelled == first.sentences[1:]


def test_hedgenews_labels(tmp_path: Path) -> None:
    first, second = read_hedgenews(write(tmp_path, hedgenews_rows()))
    labels = first.sentences[1].labels
    assert labels is not None
    assert (labels.certainty, labels.grade, labels.hedged) == (0.45, 45, True)
    assert (labels.sourcing, labels.attribution) == ("named", "indirect")
    assert labels.hedges == (Span(12, 15, "may", "hedge"),)
    assert labels.source == Span(23, 32, "Tove Lund", "source")
    assert labels.cue == Span(33, 37, "said", "cue")
    assert (labels.confidential, labels.pronoun, labels.hard, labels.whole) == (*[False] * 3, True)
    other = second.sentences[0].labels
    assert other is not None
    assert (other.source, other.hedges, other.hedged) == (None, (), False)
    assert other.uncertain is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sourcing": "anonymous"}, "sourcing: 'anonymous' is not in the set of labels; use none,"),
        ({"attribution": None}, "attribution: None is not in the set"),
        ({"certainty": 120}, "certainty: 120 is not in 0 to 100"),
        ({"certainty": True}, "certainty: True is no number"),
        ({"sourcing": "none"}, "sourcing 'none' with attribution 'indirect'"),
        ({"cue_span": [33, 99]}, "the cue span 33:99 lies outside its sentence of 38 characters"),
        ({"cue_span": [33, 33]}, "lies outside"),
        ({"cue_span": [33, 36]}, "cue: the offsets give ['sai'], the words are ['said']"),
        ({"cue_span": None}, "cue: the offsets give"),
        ({"hedge_spans": [["12", 15]]}, "is no hedge span; give [start, end]"),
        ({"hedge_spans": 12}, "12 is no list of hedge spans"),
        ({"hedges": ["might"]}, "hedges: the offsets give"),
        ({"i": 4}, "duplicate sentence number in mine/port#0 '4', already used in line 1"),
        ({"i": "five"}, "i: 'five' is no whole number"),
        ({"labelled": "perhaps"}, "labelled: 'perhaps' is neither yes nor no"),
        ({"text": "  "}, "text: '  ' is an empty sentence"),
        ({"text": 7}, "text: 7 is no text"),
        ({"hard": None}, "hard: None is neither yes nor no"),
        ({"doc": ""}, "doc: '' is no name"),
    ],
)
def test_a_bad_label_names_file_line_cause_and_remedy(
    change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    rows = hedgenews_rows()
    rows[1] |= change
    path = write(tmp_path, rows)
    with pytest.raises(TrainingDataError) as caught:
        list(read_hedgenews(path))
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert message in str(caught.value)
    assert ";" in str(caught.value)


def test_a_document_that_comes_back_and_a_missing_column_are_refused(tmp_path: Path) -> None:
    rows = hedgenews_rows()
    with pytest.raises(TrainingDataError, match=r"line 4: duplicate document id 'mine/port#0', al"):
        list(read_hedgenews(write(tmp_path, [*rows, rows[0] | {"i": 6}])))
    del rows[2]["confidential"]
    with pytest.raises(TrainingDataError, match="line 3: there is no column 'confidential'"):
        list(read_hedgenews(write(tmp_path, rows)))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"doc": "a", ', "line 2: no valid JSON"),
        ("[1, 2]", r"line 2: \[1, 2\] is no JSON object"),
        ('{"certainty": NaN}', "line 2: no valid JSON .NaN is no JSON number"),
        ("[" * 100_000, "line 2: no valid JSON"),
        ("9" * 10_000, "line 2: no valid JSON"),
    ],
)
def test_a_bad_line_is_refused(line: str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, hedgenews_rows()[:1])
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(TrainingDataError, match=message):
        list(read_hedgenews(path))


def test_blank_lines_are_passed_over_but_not_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path, hedgenews_rows())
    path.write_text(path.read_text(encoding="utf-8").replace("\n", "\n\n"), encoding="utf-8")
    assert len(list(read_hedgenews(path))) == 2
    path.write_text("\n \n", encoding="utf-8")
    with pytest.raises(TrainingDataError, match="holds no rows"):
        list(read_hedgenews(path))


def test_news_has_names_and_paragraphs(tmp_path: Path) -> None:
    (document,) = read_news(write(tmp_path, news_rows()))
    assert (document.id, document.group, document.split) == ("port", "hedgecheck-news/port", "test")
    assert [(each.name, each.paragraph) for each in document.sentences] == [
        ("port-00", 0),
        ("port-01", 1),
    ]
    assert document.labelled == document.sentences
    rows = news_rows()
    rows[1]["id"] = rows[0]["id"]
    with pytest.raises(TrainingDataError, match="line 2: duplicate id 'port-00'"):
        list(read_news(write(tmp_path, rows)))


def test_a_pair_labels_its_targets_only(tmp_path: Path) -> None:
    path = write(tmp_path, pair_rows())
    (pair,) = read_pairs(path)
    assert (pair.id, pair.phenomenon, pair.axes) == ("p1", "hedge-or-none", ("certainty",))
    for side in (pair.a, pair.b):
        assert side.group == "hedgecheck-pairs/p1"
        assert [sentence.labels is None for sentence in side.sentences] == [True, False]
    documents = list(read_pair_documents(path))
    assert [document.id for document in documents] == ["p1a", "p1b"]
    assert {document.genre for document in documents} == {"hedge-or-none"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"axes": ["tone"]}, "axes: .* is not a choice of axes"),
        ({"axes": []}, "is not a choice of axes"),
        ({"a": 5}, "a: 5 is no object"),
        ({"a": pair_rows()[0]["a"] | {"target": 2}}, "target: 2 is no index of its 2 sentences"),
        ({"a": pair_rows()[0]["a"] | {"sentences": []}}, "is no list of sentences"),
        ({"b": pair_rows()[0]["b"] | {"target": 0}}, "the source span 20:29 lies outside"),
    ],
)
def test_a_bad_pair_is_refused(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=f"line 1: .*{message}|line 1: {message}"):
        list(read_pairs(write(tmp_path, [pair_rows()[0] | change])))


def test_a_pair_that_comes_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="line 2: duplicate pair 'p1'"):
        list(read_pairs(write(tmp_path, pair_rows() * 2)))


def test_the_shipped_sets_read_whole() -> None:
    news = list(read_news(dataset_path("news.jsonl")))
    assert (len(news), sum(len(each.labelled) for each in news)) == (60, 1438)
    assert sum(1 for _ in read_pairs(dataset_path("pairs.jsonl"))) == 600
