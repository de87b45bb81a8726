"""Reader for GUM as distributed: CoNLL-U with the attribution relations of its eRST annotation.

The first word of each elementary discourse unit has ``Discourse=`` with the unit's relations, as in
``attribution-positive:13->14:0:lex-indph-119-120-_+sem-atsrc-121-128-_``: unit 13 attributes unit
14, ``lex-…`` are signals of wording and ``sem-atsrc`` the attribution source, by the numbers of
their words in the document, from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.conllu import ConlluDocument, Word, read_conllu
from hedgecheck.datasets.places import Names, Place, shown
from hedgecheck.datasets.structure import (
    Attribution,
    LabelledDocument,
    LabelledSentence,
    Labels,
    Span,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator

__all__ = ["read_gum_conllu"]

_UNIT: Final = re.compile(r"ROOT:(\d+)(?::.*)?|[^:]+:(\d+)->(\d+)(?::.*)?")
_ATTRIBUTION: Final = re.compile(r"attribution-(positive|negative):(\d+)->(\d+):(.*)")
_SIGNAL: Final = re.compile(r"(sem-atsrc|lex-indph|lex-indwd)-(\d+(?:[-,]\d+)*)-")


@dataclass(frozen=True, slots=True)
class _Relation:
    """An attribution relation: polarity, the two units, and word numbers of source and cue."""

    polarity: str
    unit: str
    target: str
    source: frozenset[int]
    cue: frozenset[int]
    place: Place


def read_gum_conllu(path: str | os.PathLike[str]) -> Iterator[LabelledDocument]:
    """Read a CoNLL-U file of GUM, or all of a folder, one document at a time.

    Yields
    ------
    LabelledDocument
        With ``attributions``; their ``id`` is the number of the discourse unit that holds the cue.
        The cue is what the annotators marked as wording that signals the attribution, else all of
        the unit but the source and punctuation; the content is the unit that the relation points
        to.

    Raises
    ------
    TrainingDataError
        If a file is no CoNLL-U (`hedgecheck.datasets.conllu.read_conllu`), or a relation is
        malformed or names a unit or a word that is not in its document.
    """
    root = Path(path)
    files = sorted(root.glob("*.conllu")) if root.is_dir() else [root]
    if not files:
        raise Place(root).error("no .conllu files in it", "check that it is the corpus")
    names = Names("document id")
    for file in files:
        for document in read_conllu(file):
            names.add(document.id, document.place)
            yield _document(document)


def _document(document: ConlluDocument) -> LabelledDocument:
    words = [(k, word) for k, each in enumerate(document.sentences) for word in each.words]
    units, relations = _discourse(word for _, word in words)
    sentences = []
    found: list[list[Attribution]] = [[] for _ in document.sentences]
    for relation in relations:
        _cut(relation, document, words, units, found)
    paragraph = -1
    for number, (sentence, attributions) in enumerate(zip(document.sentences, found, strict=True)):
        paragraph += sentence.begins_paragraph or paragraph < 0
        sentences.append(
            LabelledSentence(
                sentence.text,
                number,
                Labels(attributions=tuple(attributions)),
                name=sentence.name,
                part=sentence.block,
                paragraph=paragraph,
            )
        )
    return LabelledDocument(
        document.id,
        f"gum/{document.id}",
        "gum",
        tuple(sentences),
        genre=document.meta.get("genre", ""),
    )


def _discourse(words: Iterable[Word]) -> tuple[dict[str, list[int]], list[_Relation]]:
    """Return the words of each unit, by number from 1, and the attribution relations."""
    units: dict[str, list[int]] = {}
    names = Names("discourse unit")
    relations: list[_Relation] = []
    unit: list[int] = []
    size = 0
    for size, word in enumerate(words, 1):
        entries = word.misc.get("Discourse")
        if entries is not None:
            name = ""
            for entry in entries.split(";"):
                match = _UNIT.fullmatch(entry)
                if not match:
                    raise word.place.error(
                        f"no valid discourse relation: {shown(entry)}",
                        "expected Discourse=NAME:1->2:0:SIGNALS",
                    )
                name = match[1] or match[2]
                relations += _relation(entry, word.place)
            names.add(name, word.place)
            unit = units[name] = []
        unit.append(size)
    for relation in relations:
        _check(relation, units, size)
    return units, relations


def _relation(entry: str, place: Place) -> Iterator[_Relation]:
    match = _ATTRIBUTION.fullmatch(entry)
    if match:
        source: set[int] = set()
        cue: set[int] = set()
        for signal in _SIGNAL.finditer(match[4]):
            (source if signal[1] == "sem-atsrc" else cue).update(_numbers(signal[2], place))
        yield _Relation(
            match[1], match[2], match[3], frozenset(source), frozenset(cue - source), place
        )


def _numbers(ranges: str, place: Place) -> Iterator[int]:
    """Yield the numbers of ``4-6,9``."""
    for part in ranges.split(","):
        ends = [int(number) for number in part.split("-")]
        # A sentence has no thousand words, and a wrong number must not fill the memory.
        if len(ends) > 2 or not 0 <= ends[-1] - ends[0] < 1000:
            raise place.error(f"no valid range of words: {shown(ranges)}", "expected 4-6,9")
        yield from range(ends[0], ends[-1] + 1)


def _check(relation: _Relation, units: dict[str, list[int]], size: int) -> None:
    if relation.target not in units:
        raise relation.place.error(
            f"the relation points to unit {relation.target}, which is not in the document",
            "the file may be cut off: get it again",
        )
    outside = [number for number in relation.source | relation.cue if not 1 <= number <= size]
    if outside:
        raise relation.place.error(
            f"a signal names word {outside[0]} of a document of {size} words",
            "the file may be cut off: get it again",
        )


def _cut(
    relation: _Relation,
    document: ConlluDocument,
    words: list[tuple[int, Word]],
    units: dict[str, list[int]],
    found: list[list[Attribution]],
) -> None:
    """Add a relation to the sentences in which its parts stand."""
    unit = frozenset(units[relation.unit])
    rest = (number for number in unit - relation.source if _has_letter(document, words[number - 1]))
    cue = (relation.cue & unit) or frozenset(rest)
    sources = _spans(relation.source, "source", document, words)
    cues = _spans(cue, "cue", document, words)
    contents = _spans(frozenset(units[relation.target]), "content", document, words)
    source_text = " ".join(span.text for spans in sources.values() for span in spans)
    for number in sorted({*sources, *cues, *contents}):
        found[number].append(
            Attribution(
                id=relation.unit,
                sources=tuple(sources.get(number, ())),
                cues=tuple(cues.get(number, ())),
                contents=tuple(contents.get(number, ())),
                source_text=source_text,
                polarity=relation.polarity,
            )
        )


def _has_letter(document: ConlluDocument, place: tuple[int, Word]) -> bool:
    sentence, word = place
    return any(map(str.isalnum, document.sentences[sentence].text[word.start : word.end]))


def _spans(
    numbers: frozenset[int], kind: str, document: ConlluDocument, words: list[tuple[int, Word]]
) -> dict[int, list[Span]]:
    """Return the words as spans by sentence; neighbours make one span."""
    found: dict[int, list[Span]] = {}
    before = -1
    for number in sorted(numbers):
        sentence, word = words[number - 1]
        text = document.sentences[sentence].text
        spans = found.setdefault(sentence, [])
        start = spans.pop().start if spans and number == before + 1 else word.start
        spans.append(Span(start, word.end, text[start : word.end], kind))
        before = number
    return found
