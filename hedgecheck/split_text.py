"""A document as it is scored: its sentences and where they stand, found or given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hedgecheck.checking import described, one_text, text_sequence
from hedgecheck.errors import InputError
from hedgecheck.segmentation import split_many

__all__ = ["SplitText", "given_places", "given_text", "split_texts"]


@dataclass(frozen=True, slots=True)
class SplitText:
    """A document that is split: its sentences, where they stand, and their paragraphs if known."""

    text: str
    sentences: tuple[str, ...]
    places: list[tuple[int, int]]
    paragraphs: list[int] | None


def given_text(sentences: Sequence[str] | Sequence[Sequence[str]], where: str) -> SplitText:
    """A document that is given as sentences, or as paragraphs of sentences."""
    flat: list[str] = []
    paragraphs: list[int] | None = None
    items = list(text_sequence(sentences, where))
    nested = [isinstance(item, (list, tuple)) for item in items]
    if any(nested):
        paragraphs = []
        for number, item in enumerate(items):
            if not nested[number]:
                raise InputError(
                    f"{where}: item {number} is {described(item)} among lists; give "
                    "either sentences, or a list of sentences for every paragraph"
                )
            for sentence in item:
                flat.append(one_text(sentence, len(flat), where))
                paragraphs.append(number)
    else:
        flat = [one_text(item, i, where) for i, item in enumerate(items)]
    places, parts, at = [], [], 0
    for i, sentence in enumerate(flat):
        if i:
            new = paragraphs is not None and paragraphs[i] != paragraphs[i - 1]
            parts.append("\n" if new else " ")
            at += 1
        parts.append(sentence)
        places.append((at, at + len(sentence)))
        at += len(sentence)
    return SplitText("".join(parts), tuple(flat), places, paragraphs)


def split_texts(texts: Sequence[str]) -> list[SplitText]:
    """Documents whose sentences and paragraphs are found; many at once take less time."""
    return [
        given_places(text, [(start, end) for start, end, _ in found], [p for _, _, p in found])
        for text, found in zip(texts, split_many(texts), strict=True)
    ]


def given_places(
    text: str, places: list[tuple[int, int]], paragraphs: list[int] | None
) -> SplitText:
    """A document of which it is known where its sentences stand."""
    return SplitText(text, tuple([text[start:end] for start, end in places]), places, paragraphs)
