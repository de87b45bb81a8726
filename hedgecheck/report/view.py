"""A document as the plain data that the report's template prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from hedgecheck.report.charts import Bar, Line, bars, line
from hedgecheck.report.marked import Stretch, stretches
from hedgecheck.report.reasons import Reason, reasons, spoken_label
from hedgecheck.report.sources import Source, list_sources
from hedgecheck.report.words import counted, percent
from hedgecheck.results import Document, SentenceScore
from hedgecheck.segmentation import split_sentences
from hedgecheck.time_limit import checked

#: Longer than any article, and about as much as a browser likes: the longest novels have as many.
MOST_SENTENCES: Final = 10_000
#: With more sentences than this the browser lays out only what is on the screen.
_MANY: Final = 400
_MOST_LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the article.

    Attributes
    ----------
    number : int
        From 1.
    marks : str
        Class names: its sourcing, its level, whether it is hedged, unattributed, confidential, and
        its certainty in steps of .05 as ``c0`` to ``c20``.
    label : str
        Its labels in one line.
    parts : tuple of Stretch
        Its text.
    reasons : tuple of Reason
        Its labels with their reasons.
    """

    number: int
    marks: str
    label: str
    parts: tuple[Stretch, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The profile in numbers, as they are printed."""

    sentences: int
    claims: int
    by_source: dict[str, int]
    shares: dict[str, str]
    hedged: int
    unattributed: int
    unnamed: int
    weak: int
    mean: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that the report of one document shows.

    Attributes
    ----------
    paragraphs : tuple of tuple of Sentence
        The article.
    figures, bar, line, sources
        The profile.
    weak : tuple of Sentence
        The first of the claims that rest on vague or confidential sources alone.
    story : str
        The profile in two or three sentences.
    long : bool
        Whether the browser should lay out only what is on the screen.
    shown : int
        How many sentences are printed: all of them, or `MOST_SENTENCES`.
    """

    paragraphs: tuple[tuple[Sentence, ...], ...]
    figures: Figures
    bar: tuple[Bar, ...]
    line: Line
    sources: tuple[Source, ...]
    weak: tuple[Sentence, ...]
    story: str
    long: bool
    shown: int


def build_report(document: Document) -> Report:
    """Return what the report of a document shows; the profile always counts all of it."""
    scores = document.sentences
    shown = min(len(scores), MOST_SENTENCES)
    sentences = tuple(_sentence(scores, place) for place in checked(range(shown)))
    figures = count_figures(document)
    return Report(
        paragraphs=tuple(
            tuple(sentences[place] for place in places) for places in _paragraphs(document, shown)
        ),
        figures=figures,
        bar=bars(document.profile.claims_by_source),
        line=line(scores),
        sources=list_sources(document),
        weak=tuple(
            _sentence(scores, place) for place in document.profile.weakly_sourced[:_MOST_LISTED]
        ),
        story=_story(figures),
        long=shown > _MANY,
        shown=shown,
    )


def count_figures(document: Document) -> Figures:
    """Return the profile of a document in whole numbers."""
    profile = document.profile
    scores = document.sentences
    return Figures(
        sentences=len(scores),
        claims=profile.claims,
        by_source={
            name: round(share * profile.claims) for name, share in profile.claims_by_source.items()
        },
        shares={name: percent(share) for name, share in profile.claims_by_source.items()},
        hedged=sum(score.hedged for score in scores),
        unattributed=sum(score.attribution == "none" for score in scores),
        unnamed=sum(score.sourcing in ("unnamed", "vague") for score in scores),
        weak=len(profile.weakly_sourced),
        mean="–" if profile.mean_certainty is None else f"{profile.mean_certainty:.2f}",
    )


def _sentence(scores: tuple[SentenceScore, ...], place: int) -> Sentence:
    score = scores[place]
    marks = [score.sourcing, score.certainty_level, f"c{round(score.certainty * 20)}"]
    marks += ["hedged"] * score.hedged + ["confidential"] * score.confidential
    marks += ["unattributed"] * (score.attribution == "none")
    return Sentence(
        number=place + 1,
        marks=" ".join(marks),
        label=spoken_label(place + 1, score),
        parts=stretches(score),
        reasons=reasons(scores, place),
    )


def _paragraphs(document: Document, shown: int) -> Iterator[list[int]]:
    """Yield the paragraphs of the first sentences as lists of their indices."""
    scores = document.sentences
    spans = split_sentences(document.text)
    if [(start, end) for start, end, _ in spans] == [(it.start, it.end) for it in scores]:
        numbers = [number for _, _, number in spans]
    else:  # sentences that were given one by one: their paragraphs stand on lines of their own
        numbers = [0] * len(scores)
        for place in range(1, len(scores)):
            between = document.text[scores[place - 1].end : scores[place].start]
            numbers[place] = numbers[place - 1] + ("\n" in between)
    for _, paragraph in groupby(range(shown), key=numbers.__getitem__):
        yield list(paragraph)


def _story(figures: Figures) -> str:
    """Return the profile in words, for the line under the title."""
    if not figures.sentences:
        return "There is no sentence in this text."
    size = f"{counted(figures.sentences, 'sentence')}."
    if not figures.claims:
        return f"{size} None passes on what a source says."
    kinds = [
        f"{counted(count, one, many)} {words}"
        for count, one, many, words in (
            (figures.by_source["named"], "names", "name", "the source"),
            (figures.by_source["unnamed"], "describes", "describe", "it without a name"),
            (figures.by_source["vague"], "points", "point", "to nobody in particular"),
        )
        if count
    ]
    told = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
    weak = "No claim rests"
    if figures.weak:
        weak = f"{counted(figures.weak, 'claim')} {'rests' if figures.weak == 1 else 'rest'}"
    return (
        f"{size} {counted(figures.claims, 'passes', 'pass')} on what a source says: {told}. "
        f"{weak} on a vague or confidential source alone."
    )
