"""Tokens: what is one, offsets, padding, and the table of types."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from strategies import any_sentences, hostile_texts

from hedgecheck.tokens import PAD, TypeTable, normal_form, stable_hash, tokenize


def table() -> TypeTable:
    return TypeTable(lambda _: None)


def words_of(sentence: str) -> list[str]:
    batch = tokenize([sentence], table())
    slots = np.flatnonzero(batch.type)
    return [batch.buffer[batch.start[k] : batch.end[k]] for k in slots]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("It rained.", ["It", "rained", "."]),
        ("“Don’t,” he said.", ["“", "Don", "’", "t", ",", "”", "he", "said", "."]),
        ("  spaced \t out ", ["spaced", "out"]),
        ("U.S. 1,250 40%", ["U", ".", "S", ".", "1", ",", "250", "40", "%"]),
        ("(see—below)", ["(", "see", "—", "below", ")"]),
        ("naïve Łódź 漢字", ["naïve", "Łódź", "漢字"]),
        ("", []),
        (" \n\u2028 ", []),
        ("\x00\ud800", ["\x00", "\ud800"]),
        ("...", [".", ".", "."]),
    ],
)
def test_what_a_token_is(sentence: str, words: list[str]) -> None:
    assert words_of(sentence) == words


@given(any_sentences())
def test_tokens_cover_all_but_white_space(sentences: list[str]) -> None:
    batch = tokenize(sentences, table())
    assert batch.n_sentences == len(sentences)
    for i, sentence in enumerate(sentences):
        base = int(batch.offset[i])
        assert batch.buffer[base : base + len(sentence)] == sentence
        at = base
        for slot in range(int(batch.first[i]), int(batch.last[i])):
            start, end = int(batch.start[slot]), int(batch.end[slot])
            assert batch.type[slot] > 0
            assert batch.sentence[slot] == i
            assert base <= start < end <= base + len(sentence)
            assert batch.buffer[at:start].strip() == ""
            at = end
        assert batch.buffer[at : base + len(sentence)].strip() == ""


@given(any_sentences())
def test_a_window_never_reaches_into_another_sentence(sentences: list[str]) -> None:
    batch = tokenize(sentences, table())
    slots = np.flatnonzero(batch.type)
    assert np.array_equal(batch.sentence >= 0, batch.type > 0)
    for by in range(-PAD, PAD + 1):
        near = slots + by
        assert near.min(initial=0) >= 0
        assert near.max(initial=0) < len(batch.type)
        other = batch.sentence[near]
        assert np.all((other == batch.sentence[slots]) | (other == -1))


@given(any_sentences(6))
def test_a_batch_gives_each_sentence_the_tokens_it_has_alone(sentences: list[str]) -> None:
    batch = tokenize(sentences, table())
    for i, sentence in enumerate(sentences):
        found = [
            batch.buffer[batch.start[k] : batch.end[k]]
            for k in range(int(batch.first[i]), int(batch.last[i]))
        ]
        assert found == words_of(sentence)


def test_one_type_a_surface_form_and_the_white_space_after_it() -> None:
    batch = tokenize(["said said said", "said"], table())
    types = batch.type[batch.type > 0].tolist()
    assert types[0] == types[1]
    assert types[2] != types[0]


def test_new_types_are_described_once_and_in_order() -> None:
    seen: list[str] = []
    types = TypeTable(seen.extend)
    first = types.look_up(["b ", "a ", "b "])
    again = types.look_up(["a ", "c"])
    assert seen == ["b ", "a ", "c"]
    assert first.tolist() == [1, 2, 1]
    assert again.tolist() == [2, 3]
    assert types.lengths(np.array([1, 2, 3])).tolist() == [1, 1, 1]


def test_a_failed_description_leaves_no_half_known_type() -> None:
    def refuse(new: list[str]) -> None:
        raise MemoryError(new)

    types = TypeTable(refuse)
    with pytest.raises(MemoryError):
        types.look_up(["a"])
    with pytest.raises(MemoryError):
        types.look_up(["a"])


def test_the_table_grows_past_its_first_size_and_says_when_it_is_full() -> None:
    types = TypeTable(lambda _: None, limit=4000)
    words = [f"w{number}" for number in range(5000)]
    numbers = types.look_up(words)
    assert numbers.tolist() == list(range(1, 5001))
    assert types.lengths(numbers).tolist() == [len(word) for word in words]
    assert types.full


def test_threads_agree_on_the_numbers() -> None:
    types = TypeTable(lambda _: None)
    found: list[list[int]] = []

    def work(shift: int) -> None:
        words = [f"w{(number + shift) % 500}" for number in range(500)]
        numbers = dict(zip(words, types.look_up(words).tolist(), strict=True))
        found.append([numbers[f"w{number}"] for number in range(500)])

    threads = [threading.Thread(target=work, args=(shift,)) for shift in range(0, 500, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 10
    assert all(numbers == found[0] for numbers in found)
    assert sorted(found[0]) == list(range(1, 501))


@pytest.mark.parametrize(
    ("surface", "normal"),
    [
        ("Won’t ", "won't"),
        ("1,250", "0,000"),
        ("“", '"'),
        ("—", "–"),
        ("NATO\n", "nato"),
        ("٣", "0"),
    ],
)
def test_normal_form(surface: str, normal: str) -> None:
    assert normal_form(surface) == normal


@given(hostile_texts())
def test_hash_is_32_bits_of_any_text(text: str) -> None:
    assert 0 <= stable_hash(text) < 2**32


def test_hash_is_the_same_everywhere() -> None:
    assert stable_hash("a") == 0xE8B7BE43  # the CRC-32 of the letter
