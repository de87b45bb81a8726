"""Tokens: what is one, offsets, padding, and the table of types."""

from __future__ import annotations

import dataclasses
import re
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_sentences, hostile_texts

from hedgecheck import tokens
from hedgecheck.tokens import PAD, TypeTable, normal_form, stable_hash, tokenize
from hedgecheck.word_index import find_words


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


def test_one_type_a_word_and_whether_white_space_follows() -> None:
    batch = tokenize(["said, said\u2009said", "said"], table())
    slots = np.flatnonzero(batch.type)
    assert batch.type[slots].tolist() == [1, 2, 1, 1, 1]
    assert batch.spaced[slots].tolist() == [False, True, True, True, True]
    assert batch.spaced[batch.type == 0].all()


REAL = (
    "The ferry – built in 1998 – won’t sail, Ilsa Brandt’s office said; “it’s unsafe.”",
    "Łódź naïve 漢字漢字 \U0001d400b 😀 a\u0301 counterdisproportionateness 4½\x00\x81\x8d a\x00b",
    "\x1c\x85\u2028x\u00a0y\ufeff\ud83d\ude00\ud800",
)


@given(any_sentences(), st.sampled_from(REAL))
def test_arrays_find_the_tokens_that_the_expression_finds(sentences: list[str], real: str) -> None:
    text = [*sentences, real, *sentences[::-1]]
    batches = []
    for short in (10**9, 0):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(tokens, "_SHORT", short)
            one = table()
            # Twice: once where every word is new, once where it is known; a table of either.
            batches += [tokenize(text, one), tokenize(text, one)]
    for batch in batches[1:]:
        for part in dataclasses.fields(batch):
            expected, found = getattr(batches[0], part.name), getattr(batch, part.name)
            assert np.array_equal(found, expected), part.name


def test_both_ways_of_tokenising_give_one_word_one_number() -> None:
    words = [f"w{number}" for number in range(300)] + ["x" * 16, "x" * 17, "ł", "\x00", "x"]
    one = table()
    short = [tokenize([word], one).type.max() for word in words[::2]]
    batch = tokenize(words, one)
    assert batch.type[batch.type > 0][::2].tolist() == short
    assert sorted(batch.type[batch.type > 0].tolist()) == list(range(1, len(words) + 1))


def test_a_long_text_is_packed_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "An uncharacteristically long sentence, it rained; " * 3
    whole = find_words(text)
    monkeypatch.setattr("hedgecheck.word_index._AT_ONCE", 4)
    parts = find_words(text)
    assert np.array_equal(whole.low, parts.low)
    assert np.array_equal(whole.high, parts.high)


def test_characters_are_of_the_kinds_that_the_expression_has() -> None:
    for first in (0, 0x10000, 0x1D000, 0x1F000, 0xE0000):
        text = "".join(map(chr, range(first, first + 0x10000)))
        found = find_words(text)
        spans = [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]
        assert list(zip(found.start.tolist(), found.end.tolist(), strict=True)) == spans


def test_new_types_are_described_once_and_in_order() -> None:
    seen: list[str] = []
    types = TypeTable(seen.extend)
    first = types.look_up(["b ", "a ", "b "])
    again = types.look_up(["a ", "c"])
    assert seen == ["b ", "a ", "c"]
    assert first.tolist() == [1, 2, 1]
    assert again.tolist() == [2, 3]


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
    assert types.look_up_all(find_words(" ".join(words)), " ".join(words)).tolist() == (
        numbers.tolist()
    )
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
