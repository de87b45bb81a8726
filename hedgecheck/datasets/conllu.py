"""CoNLL-U files as documents of sentences of words, each word with its place in its sentence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Names, Place, shown
from hedgecheck.datasets.rows import text_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ConlluDocument", "ConlluSentence", "Word", "read_conllu"]

_COLUMNS: Final = 10  # https://universaldependencies.org/format.html


@dataclass(frozen=True, slots=True)
class Word:
    """A word's offsets in its sentence and its last column (``MISC``) by key."""

    start: int
    end: int
    misc: dict[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class ConlluSentence:
    """A sentence: its text, its id, its words, and whether a paragraph (of which kind) begins."""

    name: str
    text: str
    words: tuple[Word, ...]
    begins_paragraph: bool
    block: str
    place: Place


@dataclass(frozen=True, slots=True)
class ConlluDocument:
    """A document with its metadata (``# meta::genre = news`` is ``genre``)."""

    id: str
    meta: dict[str, str]
    sentences: tuple[ConlluSentence, ...]
    place: Place


@dataclass(slots=True)
class _Block:
    """The lines of one sentence: comments and word lines."""

    comments: dict[str, str] = field(default_factory=dict)
    lines: list[tuple[list[str], Place]] = field(default_factory=list)
    place: Place | None = None


def read_conllu(path: Path) -> Iterator[ConlluDocument]:
    """Yield the documents of a file, one at a time.

    Raises
    ------
    TrainingDataError
        If the file is missing, empty or no CoNLL-U, a sentence lies outside of any document or has
        no text, a word does not stand in its sentence's text, or an id comes twice.
    """
    ids = Names("document id")
    names = Names("sentence id")
    meta: dict[str, str] = {}
    name = ""
    begun = Place(path)
    sentences: list[ConlluSentence] = []
    for block, place in _blocks(path):
        comments = block.comments
        if "newdoc id" in comments:
            if sentences:
                yield ConlluDocument(name, meta, tuple(sentences), begun)
            name, begun, sentences = comments["newdoc id"], place, []
            ids.add(name, place)
            meta = {
                key.removeprefix("meta::"): value
                for key, value in comments.items()
                if key.startswith("meta::")
            }
        if not name:
            raise place.error(
                "a sentence before the first document", "begin the file with # newdoc id = NAME"
            )
        sentences.append(_sentence(block, place, names))
    if not sentences:
        raise Place(path).error("the file holds no sentences", "get the file again")
    yield ConlluDocument(name, meta, tuple(sentences), begun)


def _blocks(path: Path) -> Iterator[tuple[_Block, Place]]:
    block = _Block()
    for raw, place in text_lines(path):
        line = raw.rstrip("\r\n")
        if line:
            block.place = block.place or place
        if not line:
            if block.lines and block.place:
                yield block, block.place
                block = _Block()
        elif line.startswith("#"):
            key, _, value = line[1:].partition("=")
            block.comments[key.strip()] = value.strip()
        else:
            cells = line.split("\t")
            if len(cells) != _COLUMNS:
                raise place.error(
                    f"{len(cells)} columns where CoNLL-U has {_COLUMNS}",
                    "the file may be cut off, or its tabs may have become spaces",
                )
            block.lines.append((cells, place))
    if block.lines and block.place:
        yield block, block.place


def _sentence(block: _Block, place: Place, names: Names) -> ConlluSentence:
    text = block.comments.get("text", "")
    name = block.comments.get("sent_id", "")
    if not text or not name:
        raise place.error("a sentence without its text or id", "give it # sent_id = and # text =")
    names.add(name, place)
    kind = block.comments.get("newpar_block", "").partition(" ")[0]
    words = tuple(_words(block.lines, text))
    return ConlluSentence(name, text, words, "newpar" in block.comments, kind, place)


def _words(lines: list[tuple[list[str], Place]], text: str) -> Iterator[Word]:
    """Yield the words with their offsets, found one after the other in the text.

    The words of a contraction ("don't" is "do" and "n't") are looked for in it; where they do not
    stand there as they are written, each has the place of the whole.
    """
    at = 0
    until = ("", 0, 0)  # number of a contraction's last word, its end, its start
    for cells, place in lines:
        number, form = cells[0], cells[1]
        if "." in number:  # an empty node, which is no word of the text
            continue
        start = _skip_space(text, at)
        fits = text.startswith(form, start)
        if "-" in number:
            if not fits:
                raise _misfit(form, place)
            until = (number.partition("-")[2], start + len(form), start)
            continue
        if fits and (not until[0] or start + len(form) <= until[1]):
            end = start + len(form)
        elif until[0]:
            start, end = until[2], until[1]
        else:
            raise _misfit(form, place)
        yield Word(start, end, _misc(cells[-1]), place)
        if number == until[0]:
            at, until = until[1], ("", 0, 0)
        elif end > at:
            at = end


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _misfit(form: str, place: Place) -> Exception:
    return place.error(
        f"the word {shown(form)} does not stand in the sentence's text after the one before it",
        "# text = must hold the words as they are written",
    )


def _misc(cell: str) -> dict[str, str]:
    pairs = (entry.partition("=") for entry in cell.split("|"))
    return {key: value for key, _, value in pairs}
