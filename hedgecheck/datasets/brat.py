"""Brat standoff files: text-bound annotations (``T`` lines) and the events that bind them (``E``).

Lines of any other kind (attributes, notes, relations) are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Names, Place, shown
from hedgecheck.datasets.rows import text_lines

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BratEvent", "BratFile", "BratSpan", "read_brat"]

_BOUND: Final = re.compile(r"([^ \t]+) (\d+ \d+(?:;\d+ \d+)*)")
_ARGUMENT: Final = re.compile(r"([^ :]+?)\d*:([TE]\d+)")


@dataclass(frozen=True, slots=True)
class BratSpan:
    """A text-bound annotation: its type and the pieces of it, as offsets into the text."""

    type: str
    pieces: tuple[tuple[int, int], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class BratEvent:
    """An event: its id, its type, and its arguments as pairs of a role and a span's id.

    Numbers at the end of a role (``Content2``) only keep roles apart, and are taken off.
    """

    id: str
    type: str
    arguments: tuple[tuple[str, str], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class BratFile:
    """The annotations of one text."""

    spans: dict[str, BratSpan]
    events: tuple[BratEvent, ...]

    def pieces(self, event: BratEvent, role: str) -> tuple[tuple[int, int], ...]:
        """Return the pieces of all spans that an event has in a role, in the text's order."""
        found = [
            piece
            for name, span in event.arguments
            if name == role
            for piece in self.spans[span].pieces
        ]
        return tuple(sorted(set(found)))


def read_brat(path: Path, text: str) -> BratFile:
    """Read the standoff file of a text.

    Raises
    ------
    TrainingDataError
        If a line is malformed, an id comes twice, a span lies outside of the text or does not hold
        the words that its line says, or an event binds a span that is not there.
    """
    spans: dict[str, BratSpan] = {}
    events: list[BratEvent] = []
    names = Names("annotation id")
    for raw, place in text_lines(path):
        line = raw.rstrip("\r\n")
        if line[:1] not in ("T", "E"):
            continue
        name, tab, rest = line.partition("\t")
        if not tab:
            raise _malformed(line, place)
        names.add(name, place)
        if name[0] == "T":
            spans[name] = _span(rest, text, place)
        else:
            events.append(_event(name, rest, place))
    for event in events:
        for role, span in event.arguments:
            if span not in spans:
                raise event.place.error(
                    f"event {event.id} has {role} {span}, which is not in the file",
                    "the file may be cut off: get it again",
                )
    return BratFile(spans, tuple(events))


def _span(rest: str, text: str, place: Place) -> BratSpan:
    bound, _, words = rest.partition("\t")
    found = _BOUND.fullmatch(bound)
    if not found:
        raise _malformed(rest, place)
    pieces = []
    for piece in found[2].split(";"):
        start, end = map(int, piece.split(" "))
        if not start < end <= len(text):
            raise place.error(
                f"the span {start}:{end} lies outside the text of {len(text)} characters",
                "the text file and the .ann file must belong together",
            )
        pieces.append((start, end))
    # Brat writes a line end within a span as a space, and joins pieces by one.
    held = " ".join(text[start:end] for start, end in pieces).replace("\r", "").replace("\n", " ")
    if held != words:
        raise place.error(
            f"the text has {shown(held)} where the line says {shown(words)}",
            "the text file must not be changed, its line ends included",
        )
    return BratSpan(found[1], tuple(pieces), place)


def _event(name: str, rest: str, place: Place) -> BratEvent:
    head, *arguments = rest.split()
    type_, colon, _ = head.partition(":")
    matches = [_ARGUMENT.fullmatch(argument) for argument in arguments]
    if not colon or None in matches:
        raise _malformed(rest, place)
    pairs = tuple((match[1], match[2]) for match in matches if match)
    return BratEvent(name, type_, pairs, place)


def _malformed(line: str, place: Place) -> Exception:
    return place.error(
        f"no valid standoff line: {shown(line)}",
        "expected T1<tab>Cue 10 14<tab>said, or E1<tab>Attribution:T4 Source:T1 Cue:T2 Content:T3",
    )
