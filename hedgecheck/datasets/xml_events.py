"""XML as a stream of events, each with its line, from a parser that no file can turn against us.

Nothing outside of the file is ever read: the DTD that a corpus names is not fetched or opened. A
file that declares entities of its own is refused, since such a declaration is what entity bombs
are made of, and no corpus needs one.
"""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal
from xml.parsers import expat

from hedgecheck.datasets.places import Place, shown
from hedgecheck.datasets.rows import open_bytes
from hedgecheck.errors import TrainingDataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["XmlEvent", "xml_events"]

_CHUNK: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class XmlEvent:
    """The start or the end of an element, or text.

    ``name`` is the element's, or the text itself; ``attributes`` belong to a start.
    """

    kind: Literal["start", "end", "text"]
    name: str
    attributes: dict[str, str]
    place: Place


def xml_events(path: Path) -> Iterator[XmlEvent]:
    """Yield the events of an XML file, plain or (``.gz``) compressed, in bounded memory.

    Raises
    ------
    TrainingDataError
        If the file is missing, empty, cut off, no well-formed XML, in another encoding than it
        says, or declares entities.
    """
    collector = _Collector(path)
    size = 0
    with open_bytes(path) as file:
        while True:
            try:
                chunk = file.read(_CHUNK)
            except (EOFError, gzip.BadGzipFile, zlib.error) as error:
                raise Place(path).error(
                    f"the gzip file is damaged or cut off ({error})", "get the file again"
                ) from None
            except OSError as error:
                raise Place(path).error(f"cannot be read ({error.strerror})", "check it") from None
            size += len(chunk)
            if not size:
                raise Place(path).error("the file is empty", "get the file again")
            yield from collector.feed(chunk)
            if not chunk:
                return


class _Collector:
    """Turns the parser's calls into a list of events for each piece of the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._events: list[XmlEvent] = []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.EntityDeclHandler = self._entity
        parser.ExternalEntityRefHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        self._parser = parser

    def feed(self, chunk: bytes) -> Iterator[XmlEvent]:
        """Yield the events that a piece of the file completes; an empty piece is the end.

        What stands before an error comes first: whoever reads may find fault with that already.
        """
        self._events = []
        failure = self._parse(chunk)
        yield from self._events
        if failure is not None:
            raise failure

    def _parse(self, chunk: bytes) -> TrainingDataError | None:
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            return self._error(error)
        except TrainingDataError as error:  # from a handler below; it is a ValueError too
            return error
        except (LookupError, ValueError) as error:
            # An encoding in the declaration that Python does not know or that expat cannot use.
            return self._place().error(
                f"the encoding that the file declares cannot be read ({error})",
                'convert it to UTF-8 and declare encoding="UTF-8"',
            )
        return None

    def _place(self) -> Place:
        return Place(self._path, self._parser.CurrentLineNumber)

    def _error(self, error: expat.ExpatError) -> TrainingDataError:
        what = expat.ErrorString(error.code) or "not well-formed"
        cut_off = {
            expat.errors.XML_ERROR_NO_ELEMENTS,
            expat.errors.XML_ERROR_UNCLOSED_TOKEN,
            expat.errors.XML_ERROR_PARTIAL_CHAR,
            expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        }
        remedy = "mend the file"
        if what in cut_off:
            remedy = "the file seems to be cut off: get it again"
        elif what == expat.errors.XML_ERROR_INVALID_TOKEN:
            remedy = "mend the file, or declare its encoding if it is not UTF-8"
        place = Place(self._path, error.lineno)
        return place.error(f"no well-formed XML ({what}, column {error.offset + 1})", remedy)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._events.append(XmlEvent("start", name, attributes, self._place()))

    def _end(self, name: str) -> None:
        self._events.append(XmlEvent("end", name, {}, self._place()))

    def _text(self, text: str) -> None:
        self._events.append(XmlEvent("text", text, {}, self._place()))

    def _entity(self, name: str | None, *_: Any) -> int:
        raise self._place().error(
            f"the file declares or uses the entity {shown(name)}",
            "declarations of entities are refused; write the characters themselves",
        )

    def _skipped(self, name: str, _: bool) -> None:
        raise self._place().error(
            f"the entity {shown(name)} is declared nowhere in the file",
            "write the character itself; DTDs outside of the file are not read",
        )
