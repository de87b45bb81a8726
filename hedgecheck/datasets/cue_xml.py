"""The XML that BioScope, the CoNLL-2010 shared task and the Szeged corpus have in common.

``Annotation / DocumentSet / Document`` with a ``DocID`` and ``DocumentPart``s, in which each
``sentence`` (or ``Sentence``) has its cues as elements around their words: ``cue`` in BioScope,
``ccue`` in the other two. Scopes (``xcope``) are passed through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Names, Place, shown
from hedgecheck.datasets.xml_events import XmlEvent, xml_events
from hedgecheck.errors import TrainingDataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Cue", "CueDocument", "CueSentence", "read_cue_documents"]

_CUES: Final = frozenset({"cue", "ccue"})
_OUTER: Final = frozenset({"annotation", "documentset"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue's offsets in its sentence, its element and its type (empty where it has none)."""

    start: int
    end: int
    element: str
    type: str
    place: Place


@dataclass(frozen=True, slots=True)
class CueSentence:
    """A sentence with its cues; ``certainty`` is empty where the element has none."""

    name: str
    part: str
    text: str
    certainty: str
    cues: tuple[Cue, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class CueDocument:
    """A document as it stands in the file; ``type`` tells abstracts from articles and so on."""

    id: str
    type: str
    sentences: tuple[CueSentence, ...]
    place: Place


def read_cue_documents(path: Path) -> Iterator[CueDocument]:
    """Yield the documents of a file, one at a time.

    Raises
    ------
    TrainingDataError
        If the XML is bad (`xml_events`), of another kind, or without documents; if a document has
        no id, or an id comes twice.
    """
    names = Names("document id")
    builder: _Builder | None = None
    found = False
    for event in xml_events(path):
        name = event.name.lower()
        if builder is not None:
            if event.kind == "end" and name == "document":
                document = builder.build()
                names.add(document.id, builder.place)
                builder, found = None, True
                yield document
            else:
                builder.take(event)
        elif event.kind == "start":
            if name == "document":
                builder = _Builder(event)
            elif name not in _OUTER:
                raise _unexpected(event)
        elif event.kind == "text" and event.name.strip():
            raise _stray(event)
    if not found:
        raise Place(path).error("no Document element in the file", "check that it is the corpus")


@dataclass(slots=True)
class _Open:
    """A sentence that is being read."""

    name: str
    certainty: str
    place: Place
    pieces: list[str] = field(default_factory=list)
    size: int = 0
    cues: list[Cue] = field(default_factory=list)
    starts: list[tuple[int, XmlEvent]] = field(default_factory=list)


class _Builder:
    """Collects one document."""

    def __init__(self, start: XmlEvent) -> None:
        self.place = start.place
        self._type = start.attributes.get("type", "")
        self._id: list[str] = []
        self._in_id = False
        self._part = ""
        self._names = Names("sentence id in one document")
        self._open: _Open | None = None
        self._sentences: list[CueSentence] = []

    def take(self, event: XmlEvent) -> None:
        """Take in what stands inside the document."""
        if event.kind == "text":
            self._take_text(event)
        elif event.kind == "start":
            self._take_start(event, event.name.lower())
        else:
            self._take_end(event, event.name.lower())

    def build(self) -> CueDocument:
        """Return the document."""
        name = "".join(self._id).strip()
        if not name:
            raise self.place.error("a Document has no DocID", "give every document a DocID")
        return CueDocument(name, self._type, tuple(self._sentences), self.place)

    def _take_text(self, event: XmlEvent) -> None:
        if self._open is not None:
            self._open.pieces.append(event.name)
            self._open.size += len(event.name)
        elif self._in_id:
            self._id.append(event.name)
        elif event.name.strip():
            raise _stray(event)

    def _take_start(self, event: XmlEvent, name: str) -> None:
        if self._open is not None:
            if name in _CUES:
                self._open.starts.append((self._open.size, event))
            elif name != "xcope":
                raise _unexpected(event)
        elif name == "sentence":
            sentence = event.attributes.get("id", "")
            if not sentence:
                raise event.place.error("a sentence has no id", 'give it one, as in id="S1.1"')
            self._names.add(sentence, event.place)
            self._open = _Open(sentence, event.attributes.get("certainty", ""), event.place)
        elif name == "documentpart":
            self._part = event.attributes.get("type", "")
        elif name == "docid":
            self._in_id = True
        else:
            raise _unexpected(event)

    def _take_end(self, event: XmlEvent, name: str) -> None:
        if name == "docid":
            self._in_id = False
        elif name == "documentpart":
            self._part = ""
        elif self._open is not None and name in _CUES:
            self._open.cues.append(_cue(self._open, event))
        elif self._open is not None and name == "sentence":
            self._sentences.append(_sentence(self._open, self._part))
            self._open = None


def _cue(sentence: _Open, end: XmlEvent) -> Cue:
    at, start = sentence.starts.pop()
    if at == sentence.size:
        raise start.place.error(f"an empty {end.name} element", "put it around its words")
    return Cue(at, sentence.size, end.name.lower(), start.attributes.get("type", ""), start.place)


def _sentence(found: _Open, part: str) -> CueSentence:
    """Return a sentence without the white space around it, its cues moved along."""
    raw = "".join(found.pieces)
    text = raw.strip()
    if not text:
        raise found.place.error(f"the sentence {shown(found.name)} is empty", "leave it out")
    shift = len(raw) - len(raw.lstrip())
    cues = []
    for cue in found.cues:
        words = raw[cue.start : cue.end]
        start = cue.start + len(words) - len(words.lstrip()) - shift
        end = cue.start + len(words.rstrip()) - shift
        if start >= end:
            raise cue.place.error(f"a {cue.element} element holds white space only", "remove it")
        cues.append(Cue(start, end, cue.element, cue.type, cue.place))
    cues.sort(key=lambda cue: (cue.start, cue.end))
    return CueSentence(found.name, part, text, found.certainty, tuple(cues), found.place)


def _unexpected(event: XmlEvent) -> TrainingDataError:
    return event.place.error(
        f"the element {shown(event.name)} has no place here",
        "expected Document, DocID, DocumentPart, sentence, cue, ccue and xcope",
    )


def _stray(event: XmlEvent) -> TrainingDataError:
    return event.place.error(
        f"text outside of any sentence: {shown(event.name.strip())}", "put it into a sentence"
    )
