"""The readers on the real corpora, where they are: counts as their publications and cards have."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest
from corpus_samples import corpora_folder

from hedgecheck.datasets import (
    FORMATS,
    LabelledDocument,
    Labels,
    corpora,
    find_format,
    frame,
    read,
    read_corpus,
    read_polnear_standoff,
)
from hedgecheck.datasets.locating import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


@pytest.fixture(scope="module")
def folder() -> Path:
    return corpora_folder()


@cache
def documents(path: Path) -> list[LabelledDocument]:
    if not path.exists():
        pytest.skip(f"{path.name} is not among the corpora here")
    return list(read(path))


def labels(found: Iterable[LabelledDocument]) -> list[Labels]:
    return [each.labels for document in found for each in document.sentences if each.labels]


def ids(document: LabelledDocument) -> dict[str, tuple[str | None, str]]:
    return {
        each.id: (each.quote_type, each.source_text)
        for sentence in document.sentences
        if sentence.labels
        for each in sentence.labels.attributions or ()
    }


UNCERTAIN: Callable[[Labels], object] = lambda each: each.uncertain  # noqa: E731
WEASEL: Callable[[Labels], object] = lambda each: each.weasel  # noqa: E731


@pytest.mark.parametrize(
    ("path", "sentences", "positive", "test"),
    [
        ("szeged-wiki/train.xml", 11_118, 1_800, UNCERTAIN),
        ("szeged-wiki/train.tsv", 11_118, 1_800, UNCERTAIN),
        ("szeged-bio/train.tsv", 14_467, 3_299, UNCERTAIN),
        ("bioscope/abstracts.xml", 11_871, 2_101, UNCERTAIN),
        ("bioscope/full_papers.xml", 2_670, 519, UNCERTAIN),
        ("bioscope/bioscope_sentences.tsv", 14_541, 2_620, UNCERTAIN),
        ("conll2010-wiki/train.tsv", 9_426, 2_206, WEASEL),
        ("hedgenews/train.jsonl", 4_531, 86, lambda each: each.confidential),
        ("factuality/uds_ih2-train.jsonl", 9_098, 9_098, lambda each: each.grade is not None),
        ("factuality/uds_ih2-dev.jsonl", 1_246, 1_246, lambda each: each.grade is not None),
        ("factuality/meantime-train.jsonl", 293, 293, lambda each: each.grade is not None),
        ("factuality/meantime-dev.jsonl", 65, 65, lambda each: each.grade is not None),
        ("pei-jurgens/aspect-level-certainty.jsonl", 1_328, 1_328, lambda each: each.aspects),
    ],
)
def test_sentences_and_how_many_of_them_have_the_label(
    path: str, sentences: int, positive: int, test: Callable[[Labels], object], folder: Path
) -> None:
    found = labels(documents(folder / path))
    assert len(found) == sentences
    assert sum(map(bool, map(test, found))) == positive


def test_the_xml_and_the_tables_say_the_same(folder: Path) -> None:
    pairs = (
        (
            documents(folder / "szeged-wiki" / "train.xml"),
            documents(folder / "szeged-wiki" / "train.tsv"),
        ),
        (
            documents(folder / "bioscope" / "abstracts.xml")
            + documents(folder / "bioscope" / "full_papers.xml"),
            documents(folder / "bioscope" / "bioscope_sentences.tsv"),
        ),
    )
    for xml, table in pairs:
        assert [document.id for document in xml] == [document.id for document in table]
        for one, other in zip(labels(xml), labels(table), strict=True):
            kinds = [(span.text.lower(), span.kind) for span in one.hedges or ()]
            assert kinds == [(span.text.lower(), span.kind) for span in other.hedges or ()]


def test_hedgenews(folder: Path) -> None:
    found = documents(folder / "hedgenews" / "train.jsonl")
    every = labels(found)
    assert len({document.group for document in found}) == 610
    assert sum(len(document.sentences) for document in found) == 4_531 + 1_557
    assert Counter(each.sourcing for each in every) == {
        "none": 2_218,
        "named": 1_678,
        "unnamed": 511,
        "vague": 124,
    }
    assert Counter(each.attribution for each in every) == {
        "none": 2_218,
        "indirect": 1_038,
        "direct": 820,
        "mixed": 217,
        "no_comment": 125,
        "belief": 113,
    }
    assert sum(each.source is not None for each in every) == 1_883
    assert sum(each.cue is not None for each in every) == 1_930
    assert sum(bool(each.hedges) for each in every) == 749
    assert sum(bool(each.hard) for each in every) == 531
    assert sum(bool(each.whole) for each in every) == 3_383
    assert len({each.group for each in found if any(s.whole for s in labels([each]))}) == 214


def test_groups_are_the_same_in_every_corpus(folder: Path) -> None:
    news = {each.group for each in documents(folder / "hedgenews" / "train.jsonl")}
    for name, path in (
        ("polnear", "polnear/train.jsonl.gz"),
        ("gum", "gum-news/news.jsonl"),
        ("conll2010-wiki", "conll2010-wiki/train.tsv"),
        ("conll2010-wiki", "szeged-wiki/train.tsv"),
    ):
        here = {group for group in news if group.startswith(f"{name}/")}
        assert here
        assert here <= {each.group for each in documents(folder / path)}


def test_polnear(folder: Path) -> None:
    for split, sentences, attributions in (("train", 30_523, 19_834), ("dev", 3_389, 2_192)):
        found = documents(folder / "polnear" / f"{split}.jsonl.gz")
        assert sum(len(document.sentences) for document in found) == sentences
        assert sum(len(ids(document)) for document in found) == attributions
        assert {document.split for document in found} == {split}


def test_polnear_as_distributed_has_the_same_attributions(folder: Path) -> None:
    original = documents(folder / "polnear" / "original-dev")
    flat = documents(folder / "polnear" / "dev.jsonl.gz")
    for one, other in zip(original, flat, strict=True):
        assert one.group == other.group
        assert ids(one) == ids(other)
    everybody = read_polnear_standoff(folder / "polnear" / "original-dev", every_annotator=True)
    assert sum(1 for _ in everybody) == 94


def test_gum(folder: Path) -> None:
    flat = documents(folder / "gum-news" / "news.jsonl")
    original = documents(folder / "gum-news" / "original")
    assert sum(len(document.sentences) for document in original) == 765
    assert sum(len(ids(document)) for document in original) == 247
    paragraphs = sum((document.sentences[-1].paragraph or 0) + 1 for document in original)
    assert paragraphs == 345
    for one, other in zip(flat, original, strict=True):
        assert [each.text for each in one.sentences] == [each.text for each in other.sentences]
        for first, second in zip(labels([one]), labels([other]), strict=True):
            # The sentences in which an attribution stands agree, and the contents to the letter.
            anchored = {each.id for each in first.attributions or () if each.is_anchored}
            assert anchored == {each.id for each in second.attributions or () if each.is_anchored}
            contents = {each.id: each.contents for each in first.attributions or ()}
            for each in second.attributions or ():
                assert contents.get(each.id, ()) == each.contents


def test_pei_jurgens(folder: Path) -> None:
    found = documents(folder / "pei-jurgens" / "sentence-level-certainty.jsonl")
    assert Counter(document.split for document in found) == {"train": 1_084, "val": 136}


def test_the_registry_finds_reads_and_sums_every_file(folder: Path) -> None:
    for corpus in corpora():
        for file in () if corpus.shipped else corpus.files:
            path = folder / file.path
            if not path.exists():
                continue
            assert sha256_of(path) == file.sha256, file.path
            assert find_format(path) == file.format
        if corpus.shipped or not all((folder / file.path).exists() for file in corpus.files):
            continue
        document = next(iter(read_corpus(corpus.name, corpora_folder=folder)))
        assert document.corpus == corpus.name.removesuffix("-aspects")
    assert {file.format for corpus in corpora() for file in corpus.files} == set(FORMATS) - {
        "conll2010-xml"
    }


def test_a_frame_of_a_corpus(folder: Path) -> None:
    table = frame(documents(folder / "hedgenews" / "train.jsonl"))
    assert len(table) == 6_088
    assert table["labelled"].sum() == 4_531
    assert table.loc[table["labelled"], "certainty"].between(0, 1).all()
