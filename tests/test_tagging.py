"""Tagging: hashed pairs, runs of tagged tokens, and the spans that the shipped model finds."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_sentences

import hedgecheck
from hedgecheck.blocks import Dense, FloatArray
from hedgecheck.engine import make_scene
from hedgecheck.sentence_blocks import (
    Evidence,
    find_evidence,
    sentence_blocks,
    without_weak_parts,
)
from hedgecheck.tagging import (
    CORPUS_TAGS,
    N_RELATIVE,
    N_STEPS,
    NEWS_TAGS,
    SPLIT,
    Scene,
    best_runs,
    corpus_blocks,
    hashed,
    news_blocks,
    per_sentence,
    probabilities,
    runs,
    standing,
    words_around,
)
from hedgecheck.tokens import TokenBatch
from hedgecheck.vocabulary import TypeProperties, Vocabulary, hedge_phrases, word_classes


def scene_of(sentences: list[str]) -> Scene:
    return make_scene(sentences, np.arange(len(sentences)), TypeProperties(Vocabulary([])))


def slots_with(scene: Scene, values: dict[str, float]) -> FloatArray:
    """A value for every slot, by its word; 0 for the others."""
    tokens = scene.tokens
    words = [tokens.buffer[a:b] for a, b in zip(tokens.start, tokens.end, strict=True)]
    return np.array([values.get(word, 0.0) for word in words])


def cut(tokens: TokenBatch, start: int, end: int) -> str:
    return tokens.buffer[tokens.start[start] : tokens.end[end]]


# ------------------------------------------------------------------------------------------ hashing


def test_hashed_pairs_depend_on_words_order_and_salt_alone() -> None:
    properties = TypeProperties(Vocabulary([]))
    other = TypeProperties(Vocabulary(["w=said"]))
    other.table.look_up(["unrelated", "words"])
    columns = []
    for table in (properties, other):
        pair = table.table.look_up(["said ", "reportedly"])
        columns.append(hashed(table, [pair[:1], pair[1:]], 3, 16).tolist())
    assert columns[0] == columns[1]
    pair = properties.table.look_up(["said ", "reportedly"])
    same = properties.table.look_up(["said", "reportedly "])
    left, right = [pair[:1], pair[1:]], [same[:1], same[1:]]
    assert hashed(properties, left, 3, 16).tolist() == hashed(properties, right, 3, 16).tolist()
    assert hashed(properties, left, 4, 16).tolist() != columns[0]
    assert hashed(properties, left[::-1], 3, 16).tolist() != columns[0]


def test_hashed_pairs_spread_over_the_columns() -> None:
    properties = TypeProperties(Vocabulary([]))
    types = properties.table.look_up(
        [f"word{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(4000)]
    )
    columns = hashed(properties, [types[:-1], types[1:]], 0, 16)
    assert columns.min() >= 0
    assert columns.max() < 2**16
    # As many different columns as 3,999 draws out of 65,536 give, give or take.
    assert len(np.unique(columns)) > 3750
    assert np.bincount(columns & 15).max() < 1.4 * 4000 / 16


# --------------------------------------------------------------------------------------------- runs


def test_runs_join_neighbours_and_split_where_a_new_one_begins() -> None:
    scene = scene_of(["a b c d", "e f"])
    values = slots_with(scene, {"a": 0.5, "b": 0.9, "d": 0.2, "e": 0.8, "f": 0.8})
    begins = slots_with(scene, {"f": SPLIT + 0.1})
    found = runs(scene.tokens, values, begins, floor=0.1, peak=0.4)
    texts = [cut(scene.tokens, a, b) for a, b in zip(found.start, found.end, strict=True)]
    assert texts == ["a b", "e", "f"]  # "d" never reaches the peak
    assert found.sentence.tolist() == [0, 1, 1]
    assert found.peak.tolist() == [0.9, 0.8, 0.8]


def test_the_best_run_is_the_one_with_the_highest_peak_and_the_first_of_equals() -> None:
    scene = scene_of(["a . b . c", "none", "d . e"])
    values = slots_with(scene, {"a": 0.5, "b": 0.7, "c": 0.6, "d": 0.8, "e": 0.8})
    found = runs(scene.tokens, values, np.zeros(len(values)), floor=0.1, peak=0.4)
    start, end = best_runs(found, 3)
    assert cut(scene.tokens, start[0], end[0]) == "b"
    assert start[1] == end[1] == -1
    assert cut(scene.tokens, start[2], end[2]) == "d"


@given(any_sentences(5), st.integers(0, 1000))
@settings(max_examples=60)
def test_runs_against_a_slow_loop(sentences: list[str], seed: int) -> None:
    scene = scene_of(sentences)
    tokens = scene.tokens
    random = np.random.default_rng(seed)
    values = np.where(tokens.type > 0, random.random(len(tokens.type)), 0.0)
    begins = random.random(len(values))
    found = runs(tokens, values, begins, floor=0.3, peak=0.7)
    expected: list[tuple[int, int, int]] = []
    current: list[int] = []
    for slot in range(len(values) + 1):
        on = slot < len(values) and tokens.type[slot] > 0 and values[slot] > 0.3
        if current and (not on or begins[slot] > SPLIT):
            if values[current].max() >= 0.7:
                expected.append((int(tokens.sentence[current[0]]), current[0], current[-1]))
            current = []
        if on:
            current.append(slot)
    triples = zip(found.sentence.tolist(), found.start.tolist(), found.end.tolist(), strict=True)
    assert list(triples) == expected


@given(any_sentences(5), st.integers(0, 1000))
@settings(max_examples=40)
def test_most_per_sentence(sentences: list[str], seed: int) -> None:
    scene = scene_of(sentences)
    tokens = scene.tokens
    draws = np.random.default_rng(seed).integers(1, 5, (2, len(tokens.type))) / 4
    values = np.where(tokens.type > 0, draws, 0.0)
    best = per_sentence(tokens, np.maximum, values)
    for i in range(tokens.n_sentences):
        own = values[:, tokens.first[i] : tokens.last[i]]
        assert best[:, i].tolist() == (own.max(axis=1).tolist() if own.size else [0.0, 0.0])


@given(any_sentences(5), st.integers(0, 1000))
@settings(max_examples=40)
def test_the_main_cue_is_the_first_of_the_strongest(sentences: list[str], seed: int) -> None:
    scene = scene_of(sentences)
    tokens = scene.tokens
    draws = np.random.default_rng(seed).integers(0, 4, len(tokens.type)) / 16
    cue = np.where(tokens.type > 0, draws, 0.0)
    found = standing(scene, np.zeros(len(cue)), cue, words_around(tokens))
    for i in range(tokens.n_sentences):
        own = slice(tokens.first[i], tokens.last[i])
        if own.start == own.stop:
            continue
        relative = found.relative[own]
        assert found.strongest[i] == cue[own].max()
        if cue[own].max() > 0.1:
            assert relative[cue[own].argmax()] == N_STEPS  # no step away, to neither side
            assert (relative == N_STEPS).sum() == 1
        else:
            assert (relative == N_RELATIVE - 1).all()


def test_a_source_loses_the_marks_at_its_ends() -> None:
    scene = scene_of(["“, Ilsa Brandt , she said"])
    news = np.zeros((len(scene.tokens.type), len(NEWS_TAGS)))
    news[:, 0] = slots_with(scene, {"“": 0.9, ",": 0.9, "Ilsa": 0.9, "Brandt": 0.9})
    corpus = np.zeros((len(news), len(CORPUS_TAGS)))
    start, end = find_evidence(scene, corpus, news).source
    assert cut(scene.tokens, start[0], end[0]) == "Ilsa Brandt"


def found_source(sentences: list[str], sure: dict[str, float]) -> tuple[Scene, Evidence]:
    """Evidence in which the words have these probabilities of standing in a source."""
    scene = scene_of(sentences)
    news = np.zeros((len(scene.tokens.type), len(NEWS_TAGS)))
    news[:, 0] = slots_with(scene, sure)
    return scene, find_evidence(scene, np.zeros((len(news), len(CORPUS_TAGS))), news)


@pytest.mark.parametrize(
    ("sure", "expected"),
    [
        ({"police": 0.9, ",": 0.2, "the": 0.2, "mayor": 0.2}, "police"),
        ({"police": 0.2, ",": 0.2, "the": 0.7, "mayor": 0.9}, "the mayor"),
        ({"police": 0.9, ",": 0.2, "the": 0.5, "mayor": 0.5}, "police, the mayor"),
        ({"police": 0.37}, "police"),
    ],
)
def test_a_source_keeps_the_parts_between_commas_that_are_sure(
    sure: dict[str, float], expected: str
) -> None:
    sentences = ["It rained.", "According to police, the mayor left."]
    scene, evidence = found_source(sentences, sure)
    start, end = evidence.source
    assert start[0] == -1
    assert cut(scene.tokens, start[1], end[1]) == expected


@given(any_sentences(5), st.integers(0, 1000))
@settings(max_examples=60)
def test_parts_of_sources_against_a_slow_loop(sentences: list[str], seed: int) -> None:
    scene = scene_of(sentences)
    tokens, comma = scene.tokens, scene.properties.comma[scene.tokens.type]
    draws = np.random.default_rng(seed).integers(0, 8, len(tokens.type)) / 8
    values = np.where(tokens.type > 0, draws, 0.0)
    best = best_runs(
        runs(tokens, values, np.zeros(len(values)), floor=0.1, peak=0.35), len(sentences)
    )
    start, end = without_weak_parts(scene, values, *best)
    for i, (a, b) in enumerate(zip(*best, strict=True)):
        if a < 0:
            assert start[i] == end[i] == -1
            continue
        parts: list[list[int]] = [[a]]
        for slot in range(a + 1, b + 1):
            if comma[slot]:
                parts.append([])
            parts[-1].append(slot)
        sure = [values[part].max() for part in parts]
        low = high = sure.index(max(sure))
        while low > 0 and sure[low - 1] >= 0.4 and sure[low] >= 0.4:
            low -= 1
        while high + 1 < len(parts) and sure[high + 1] >= 0.4 and sure[high] >= 0.4:
            high += 1
        assert (start[i], end[i]) == (parts[low][0], parts[high][-1])


@pytest.mark.parametrize(
    ("source", "core"),
    [
        ("an aide to Mira Holt", "an aide"),
        ("Pol Arden, the harbour master", "Pol Arden"),
        ("one of the clerks in the tower", "one of the clerks"),
        ("people familiar with the sale", "people"),
        ("she", "she"),
    ],
)
def test_the_core_of_a_source_is_what_stands_up_to_its_head(source: str, core: str) -> None:
    words = dict.fromkeys(["an", *re.findall(r"\w+|,", source)], 0.9)
    scene, evidence = found_source([f"{source} said it rained."], words)
    start, _ = evidence.source
    assert cut(scene.tokens, start[0], evidence.head[0]) == core


# ------------------------------------------------------------------------------------ what they see


@given(any_sentences(5))
@settings(max_examples=25)
def test_blocks_have_a_row_a_token_and_exact_values(sentences: list[str]) -> None:
    engine = model().engine
    scene = make_scene(sentences, np.arange(len(sentences)), TypeProperties(engine.vocabulary))
    n = len(scene.slots)
    blocks = corpus_blocks(scene)
    corpus = engine.corpus_tagger.scores(blocks, n, scene.properties)
    assert corpus.shape == (n, len(CORPUS_TAGS))
    news = news_blocks(scene, corpus)
    assert engine.news_tagger.scores(news, n, scene.properties).shape == (n, len(NEWS_TAGS))
    of_sentences = sentence_blocks(scene, engine.evidence(scene))
    for some, rows in ((blocks, n), (news, n), (of_sentences, len(sentences))):
        assert len({block.name for block in some}) == len(some)
        for block in some:
            if isinstance(block, Dense):
                assert block.values.shape[0] == rows
                steps = block.values * 256
                assert np.array_equal(steps, np.round(steps))
            else:
                assert np.all(np.diff(block.row) >= 0), block.name
                assert np.all((block.row >= 0) & (block.row < rows)), block.name


def test_probabilities_are_coarse_and_between_0_and_1() -> None:
    found = probabilities(np.array([[-1e9, -2.0, 0.0, 3.0, 1e9]]))
    assert found[0, 2] == 0.5
    assert np.all((found >= 0) & (found <= 1))
    assert np.array_equal(found * 256, np.round(found * 256))


def test_word_lists_are_lower_case_and_without_doubles() -> None:
    assert all(word == word.lower() and len(set(c)) == len(c) for word, c in word_classes().items())
    keys, kinds = hedge_phrases()
    assert np.all(keys[1:] > keys[:-1])
    assert kinds.min() >= 1


# ------------------------------------------------------------------- spans of the shipped model


@cache
def model() -> hedgecheck.Model:
    return hedgecheck.load()


SOURCES_AND_CUES = [
    ("The ministry said it had signed the deal.", "The ministry", "said"),
    ("“We will rebuild,” said Mayor Odile Farran.", "Mayor Odile Farran", "said"),
    ("The dam held through the night, Ilsa Brandt said.", "Ilsa Brandt", "said"),
    ("Police in Velmora said two people had died.", "Police in Velmora", "said"),
    ("A senior Western official said the convoy had turned back.", "official", "said"),
    ("Tomas Rehn told reporters on Monday that the port would close.", "Tomas Rehn", "told"),
    (
        "According to the health ministry, 40 people were treated.",
        "the health ministry",
        "According",
    ),
    ("Sales fell by 3%, according to a report by Norvane Research.", "Norvane", "according to"),
    ("Kestrel Airlines declined to comment.", "Kestrel Airlines", "declined to comment"),
    ("A spokeswoman for the bank did not respond to questions.", "spokeswoman", "did not respond"),
    ("The union warned that strikes would follow.", "The union", "warned"),
    ("She added that the road was closed.", "She", "added"),
    ("The report found that nine wells were dry.", "The report", "found"),
    ("The governor believes the plan is sound.", "The governor", "believes"),
    ("Witnesses described a loud bang, police said.", "police", "said"),
    ("The firm is reportedly for sale.", None, "reportedly"),
]


@pytest.mark.parametrize(("sentence", "source", "cue"), SOURCES_AND_CUES)
def test_source_and_cue(sentence: str, source: str | None, cue: str) -> None:
    (score,) = model().score_sentences([sentence])
    assert score.cue is not None
    assert cue in score.cue.text
    if source is None:
        assert score.source is None
    else:
        assert score.source is not None
        assert source in score.source.text


HEDGES = [
    ("The storm may reach the coast by Sunday.", "may"),
    ("The storm could reach the coast by Sunday.", "could"),
    ("The storm might reach the coast by Sunday.", "might"),
    ("The vote is likely to be close.", "likely"),
    ("Rates are expected to rise in June.", "expected"),
    ("The blast appears to have been an accident.", "appears"),
    ("The mine will probably close next year.", "probably"),
    ("Perhaps the council will vote again.", "Perhaps"),
    ("It is unclear whether the bridge will reopen.", "unclear"),
    ("The firm is reportedly for sale.", "reportedly"),
    ("The guard allegedly took the money.", "allegedly"),
]


@pytest.mark.parametrize(("sentence", "hedge"), HEDGES)
def test_hedges(sentence: str, hedge: str) -> None:
    (score,) = model().score_sentences([sentence])
    assert any(hedge in span.text for span in score.hedges)


def test_kinds_of_hedges() -> None:
    kinds = {
        span.text.split()[0]: span.kind
        for score in model().score_sentences([sentence for sentence, _ in HEDGES])
        for span in score.hedges
    }
    assert kinds["reportedly"] == kinds["allegedly"] == "reportative"
    assert kinds["may"] == kinds["could"] == "epistemic"


@pytest.mark.parametrize(
    "sentence",
    ["The talks ended on Friday.", "The council voted 9 to 4 to close the library.",
     "Two people died in the fire.", "The minister signed the bill on Monday."],
)  # fmt: skip
def test_a_plain_statement_has_no_evidence(sentence: str) -> None:
    (score,) = model().score_sentences([sentence])
    assert (score.source, score.cue, score.hedges, score.quotes) == (None, None, (), ())
