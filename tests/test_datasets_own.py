"""The data set that belongs to the repository keeps its own laws."""

from __future__ import annotations

import csv
import json
import re
import runpy
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hedgecheck.shipped import datasets_folder

FOLDER = datasets_folder()
SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "dataset_agreement.py"

SOURCING = {"none", "named", "unnamed", "vague"}
ATTRIBUTION = {"none", "direct", "mixed", "indirect", "belief", "no_comment"}
LABELS = {
    *("certainty", "hedges", "sourcing", "confidential", "attribution", "source", "cue"),
    *("pronoun", "hard", "source_span", "cue_span", "hedge_spans"),
}
LEVELS = (85, 60, 30, 7.5)  # where certain, probable, possible and doubtful begin

# The contrasts that the set was written for; each name is explained in the card.
PHENOMENA = {
    *("may-name-or-modal", "can-could-ability-or-possibility", "sources-supply-or-news"),
    *("according-to-measure-or-source", "declined-act-or-no-comment", "negated-hedge"),
    *("doubt-or-no-doubt", "said-to-be-or-said", "scare-quotes-vs-quotation"),
    *("people-familiar-vs-is-familiar", "organisation-vs-its-people", "identified-report-vs-bare"),
    *("source-expects-vs-is-expected", "hedge-main-vs-side", "conditional-vs-generic-temporal"),
    *("direct-mixed-indirect", "resolved-source", "reported-question", "quote-context"),
    *("reportative", "speech-verb-content", "act-vs-told", "hedge-strength", "confidentiality"),
}


def read(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


NEWS = read("news.jsonl")
PAIRS = read("pairs.jsonl")
SIDES = [(pair["pair"] + side, pair[side]) for pair in PAIRS for side in "ab"]
# Every labelled sentence: its id, its text, its labels.
SENTENCES = [(row["id"], row["text"], row) for row in NEWS] + [
    (name, side["sentences"][side["target"]], side) for name, side in SIDES
]


def hedged(labels: dict[str, Any]) -> bool:
    return bool(5 < labels["certainty"] < 85)


def level(certainty: int) -> int:
    return sum(certainty < start for start in LEVELS)


def words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


# -------------------------------------------------------------------------------- size and form


def test_the_set_is_as_large_as_promised() -> None:
    assert len(NEWS) >= 1200
    assert len({row["doc"] for row in NEWS}) == 60
    assert len(PAIRS) == 600


def test_every_line_has_exactly_the_documented_fields() -> None:
    for row in NEWS:
        assert set(row) == LABELS | {"id", "genre", "doc", "i", "paragraph", "text"}
    for pair in PAIRS:
        assert set(pair) == {"pair", "phenomenon", "axes", "a", "b"}
        for side in "ab":
            assert set(pair[side]) == LABELS | {"sentences", "target"}


def test_ids_are_in_order_and_without_gaps() -> None:
    places = Counter[str]()
    for row in NEWS:
        assert row["i"] == places[row["doc"]]
        assert row["id"] == f"{row['doc']}-{row['i']:02d}"
        places[row["doc"]] += 1
    assert list(places) == [f"d{n:02d}" for n in range(1, 61)]
    assert [pair["pair"] for pair in PAIRS] == [f"p{n:03d}" for n in range(1, 601)]


def test_a_document_has_one_genre_and_paragraphs_that_never_go_back() -> None:
    for before, after in pairwise(NEWS):
        if before["doc"] == after["doc"]:
            assert before["genre"] == after["genre"]
            assert before["paragraph"] <= after["paragraph"]


def test_sentences_are_clean_text() -> None:
    texts = [text for _, text, _ in SENTENCES]
    texts += [text for _, side in SIDES for text in side["sentences"]]
    for text in texts:
        assert text == text.strip()
        assert "  " not in text
        assert text.isprintable()


# ---------------------------------------------------------------------------------- the labels


def test_labels_are_of_the_sets_that_the_guidelines_give() -> None:
    for name, _, labels in SENTENCES:
        assert labels["certainty"] in range(0, 101, 5), name
        assert labels["sourcing"] in SOURCING, name
        assert labels["attribution"] in ATTRIBUTION, name
        for flag in ("confidential", "pronoun", "hard"):
            assert isinstance(labels[flag], bool), name


def test_without_an_attribution_there_is_no_source_and_the_other_way_round() -> None:
    for name, _, labels in SENTENCES:
        assert (labels["sourcing"] == "none") == (labels["attribution"] == "none"), name
        if labels["attribution"] == "none":
            assert not labels["source"], name
            assert not labels["cue"], name
        if labels["pronoun"]:
            assert labels["source"], name


def test_spans_are_exact_and_on_whole_words() -> None:
    for name, text, labels in SENTENCES:
        spans = [(labels[key], labels[f"{key}_span"]) for key in ("source", "cue")]
        for words_, span in spans:
            assert (span is None) == (words_ == ""), name
        spans += zip(labels["hedges"], labels["hedge_spans"], strict=True)
        for words_, span in spans:
            if span is None:
                continue
            start, end = span
            assert text[start:end] == words_, name
            assert not re.search(r"\w\Z", text[:start]) or not words_[0].isalnum(), name
            assert not re.match(r"\w", text[end:]) or not words_[-1].isalnum(), name


def test_hedge_spans_are_in_order_and_apart() -> None:
    for name, _, labels in SENTENCES:
        for before, after in pairwise(labels["hedge_spans"]):
            assert before[1] <= after[0], name


def test_hedges_stand_where_the_certainty_says_so() -> None:
    for name, _, labels in SENTENCES:
        if hedged(labels):
            assert labels["hedges"], name
        if labels["certainty"] >= 95 or labels["certainty"] <= 5:
            assert not labels["hedges"], name


def test_every_class_is_there_often_enough_to_be_tested() -> None:
    sourcing = Counter(row["sourcing"] for row in NEWS)
    attribution = Counter(row["attribution"] for row in NEWS)
    assert min(sourcing["unnamed"], sourcing["named"]) >= 180
    assert sourcing["vague"] >= 60
    assert min(attribution[name] for name in ATTRIBUTION) >= 70
    assert sum(row["confidential"] for row in NEWS) >= 45
    assert sum(map(hedged, NEWS)) >= 300
    assert 0.35 <= sourcing["none"] / len(NEWS) <= 0.6


# ---------------------------------------------------------------------------- nothing twice


def test_no_sentence_stands_twice_but_as_one_target_in_two_contexts() -> None:
    found: dict[str, str] = {}
    for name, text, _ in SENTENCES:
        where = name.rstrip("ab")
        assert found.setdefault(text, where) == where or len(text.split()) < 3, name
    assert len({row["text"] for row in NEWS}) == len(NEWS)


def test_no_two_sentences_are_nearly_the_same_but_the_sides_of_a_pair() -> None:
    bags = sorted(
        ((words(text), name) for name, text, _ in SENTENCES), key=lambda item: len(item[0])
    )
    for place, (bag, name) in enumerate(bags):
        for other, other_name in bags[place + 1 :]:
            if len(bag) < 0.8 * len(other):
                break  # they are sorted by size: no later one can be near enough
            if name.rstrip("ab") != other_name.rstrip("ab"):
                assert len(bag & other) < 0.8 * len(bag | other), (name, other_name)


# ---------------------------------------------------------------------------------- the pairs


def test_the_phenomena_have_enough_pairs() -> None:
    counts = Counter(pair["phenomenon"] for pair in PAIRS)
    assert set(counts) == PHENOMENA
    assert min(counts.values()) >= 20


@pytest.mark.parametrize("axis", ["certainty", "sourcing", "attribution", "confidential"])
def test_a_pair_names_the_axes_on_which_it_differs_and_no_other(axis: str) -> None:
    for pair in PAIRS:
        one, other = pair["a"][axis], pair["b"][axis]
        differs = one != other
        if axis == "certainty":
            differs = hedged(pair["a"]) != hedged(pair["b"]) or (
                level(one) != level(other) and abs(one - other) >= 15
            )
        assert (axis in pair["axes"]) == differs, pair["pair"]
        assert len(set(pair["axes"])) == len(pair["axes"]) > 0


def test_the_sides_of_a_pair_differ_in_the_text_that_is_read() -> None:
    for pair in PAIRS:
        assert pair["a"]["sentences"] != pair["b"]["sentences"]
        for side in "ab":
            assert 0 <= pair[side]["target"] < len(pair[side]["sentences"])


def test_each_axis_has_enough_pairs_to_be_scored() -> None:
    counts = Counter(axis for pair in PAIRS for axis in pair["axes"])
    assert min(counts[axis] for axis in ("certainty", "sourcing", "attribution")) >= 200
    assert counts["confidential"] >= 40


# --------------------------------------------------------------------- card, licence, agreement


def agreement() -> list[dict[str, str]]:
    with (FOLDER / "agreement.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_agreement_file_covers_every_sentence_and_holds_no_text() -> None:
    rows = agreement()
    assert [row["id"] for row in rows] == [name for name, _, _ in SENTENCES]
    for row in rows:
        assert row["group"] == (row["id"][:3] if row["set"] == "news" else row["id"][:4])
        for n in "12":
            assert int(row[f"certainty_{n}"]) in range(0, 101, 5)
            assert row[f"sourcing_{n}"] in SOURCING
            assert row[f"attribution_{n}"] in ATTRIBUTION
            assert row[f"confidential_{n}"] in {"0", "1"}
            for span in ("source", "cue", "hedges"):
                assert re.fullmatch(r"(\d+-\d+( \d+-\d+)*)?", row[f"{span}_{n}"])


def test_the_card_shows_the_agreement_that_the_script_computes() -> None:
    if not SCRIPT.is_file():
        pytest.skip("scripts/ is not beside the tests")
    table = runpy.run_path(str(SCRIPT))["table"](FOLDER / "agreement.csv", 10)
    card = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    # The intervals hang on the random numbers of one numpy version; the figures do not.
    figures = {re.sub(r" \([^)]*\) \|", " |", line) for line in card}
    for line in table.splitlines()[2:]:
        assert re.sub(r" \([^)]*\) \|", " |", line) in figures


def test_the_card_counts_as_the_files_do() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    targets = [side for _, side in SIDES]
    for axis in ("sourcing", "attribution"):
        news, pairs = (Counter(row[axis] for row in rows) for rows in (NEWS, targets))
        for value in news:
            assert f"| {axis} | `{value}` | {news[value]} | {pairs[value]} |\n" in card
    sentences = Counter(row["genre"] for row in NEWS)
    documents = Counter({row["doc"]: row["genre"] for row in NEWS}.values())
    for genre, number in sentences.items():
        assert f"| {genre} | {documents[genre]} | {number} |\n" in card
    axes = Counter((pair["phenomenon"], axis) for pair in PAIRS for axis in pair["axes"])
    for name in PHENOMENA:
        shown = [axes[name, axis] or "" for axis in ("certainty", "sourcing", "attribution")]
        shown.append(axes[name, "confidential"] or "")
        row = rf"\| `{name}` \| [^|]+ \| " + r" \| ".join(map(str, shown)) + r" \|\n"
        assert re.search(row, card), name


def test_the_licence_dedicates_the_set_to_the_public_domain() -> None:
    licence = (FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "CC0 1.0 Universal" in licence
    assert "https://creativecommons.org/publicdomain/zero/1.0/" in licence
