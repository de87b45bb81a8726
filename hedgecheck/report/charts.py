"""The numbers behind the drawings: a bar of shares, and a line of certainty over the story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hedgecheck.results import CERTAINTY_LEVELS, SentenceScore

#: The drawing is this wide in its own units; the page stretches it to the width there is.
WIDTH: Final = 1000
HEIGHT: Final = 100
#: With more sentences than this every point is a run of them: more dots than that are a smear.
MOST_DOTS: Final = 240
_LONGEST_LABEL: Final = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a bar that adds up to 100.

    Attributes
    ----------
    name : str
        What the part stands for.
    start, size : float
        Where it begins and how long it is, both in percent.
    """

    name: str
    start: float
    size: float


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a point of the line.

    Attributes
    ----------
    x, y : float
        The point, in percent of the drawing from its left and its top.
    number : int
        Number of the sentence, from 1.
    words : str
        The hedges of the sentence.
    """

    x: float
    y: float
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """Certainty over a story, as SVG paths in a box of `WIDTH` by `HEIGHT`.

    Attributes
    ----------
    path : str
        The line through the sentences that make a claim.
    dots : tuple of (str, str)
        For each level that occurs, a path with a dot a sentence; none in a long story.
    ranges : str
        In a long story, a stroke a run of sentences from its least to its most certain one.
    run : int
        Sentences to a point.
    lowest : Label or None
        What is written at the least certain sentence, if it is hedged and the story is short.
    """

    path: str
    dots: tuple[tuple[str, str], ...]
    ranges: str
    run: int
    lowest: Label | None = None


def bars(shares: dict[str, float]) -> tuple[Bar, ...]:
    """Return the parts of a bar, those of no size left out.

    >>> bars({"named": 0.75, "unnamed": 0.25, "vague": 0.0})[1]
    Bar(name='unnamed', start=75.0, size=25.0)
    """
    found: list[Bar] = []
    at = 0.0
    for name, share in shares.items():
        if share > 0:
            found.append(Bar(name, round(at * 100, 3), round(share * 100, 3)))
        at += share
    return tuple(found)


def line(sentences: Sequence[SentenceScore]) -> Line:
    """Return the line of certainty; where nothing is claimed it has a gap."""
    run = max(1, -(-len(sentences) // MOST_DOTS))
    parts = [sentences[at : at + run] for at in range(0, len(sentences), run)]
    path: list[str] = []
    ranges: list[str] = []
    pen = "M"
    for place, part in enumerate(parts):
        claims = [score.certainty for score in part if score.certainty_level != "no_claim"]
        if not claims:
            pen = "M"
            continue
        path.append(pen + _point(place, len(parts), sum(claims) / len(claims)))
        pen = "L"
        least, most = (_point(place, len(parts), end) for end in (min(claims), max(claims)))
        ranges.append(f"M{least}L{most}")
    if run > 1:
        return Line("".join(path), (), "".join(ranges), run)
    return Line("".join(path), _dots(sentences), "", run, _lowest(sentences))


def _dots(sentences: Sequence[SentenceScore]) -> tuple[tuple[str, str], ...]:
    dots: dict[str, str] = dict.fromkeys(CERTAINTY_LEVELS, "")
    for place, score in enumerate(sentences):
        point = _point(place, len(sentences), score.certainty)
        dots[score.certainty_level] += f"M{point}h0"
    return tuple((level, path) for level, path in dots.items() if path)


def _lowest(sentences: Sequence[SentenceScore]) -> Label | None:
    hedged = [place for place, score in enumerate(sentences) if score.hedged]
    if not hedged:
        return None
    place = min(hedged, key=lambda it: sentences[it].certainty)
    score = sentences[place]
    # The strongest word is mostly the longest: "unclear whether" and not "would".
    words = max((span.text for span in score.hedges), key=len, default="")
    return Label(
        x=round((place + 0.5) / len(sentences) * 100, 2),
        y=round((1 - score.certainty) * 100, 2),
        number=place + 1,
        words=" ".join(words.split()) if len(words) <= _LONGEST_LABEL else "",
    )


def _point(place: int, count: int, certainty: float) -> str:
    """Return a point of a path, in the middle of the column of its sentence."""
    return f"{(place + 0.5) / count * WIDTH:.5g} {(1 - certainty) * HEIGHT:.4g}"
