"""What a notebook shows of a result: a small piece of HTML in the colours of the page around it.

Evidence is marked by the shape of its underline and never by colour, so that it reads the same on a
light and on a dark page, and whoever sees it. `Document.to_html` makes a whole report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from hedgecheck.report.characters import shown
from hedgecheck.report.marked import stretches
from hedgecheck.report.words import ATTRIBUTION, LEVELS, SOURCING, counted

if TYPE_CHECKING:
    from hedgecheck.results import Document, SentenceScore

#: Sentences of a document, and characters of a sentence, that are shown: a cell is to be read.
_MOST_SENTENCES: Final = 30
_MOST_CHARACTERS: Final = 1000

_LINE: Final = "text-decoration-line:underline;text-underline-offset:.2em;text-decoration-style:"
#: How evidence looks, and its name in the key below; quotations have marks of their own.
_STYLES: Final = {
    "hedge": (f"{_LINE}wavy", "hedge"),
    "source": (f"{_LINE}double", "source"),
    "cue": (f"{_LINE}dotted", "attribution cue"),
}
_CELL: Final = (
    "text-align:left;vertical-align:top;line-height:1.5;padding:.2em .8em .2em 0;white-space:"
)
_TEXT: Final = "max-width:66ch;line-height:1.5"
_SMALL: Final = "font-size:smaller;opacity:.8;margin:.3em 0"


def sentence_html(score: SentenceScore) -> str:
    """Return a sentence with its evidence marked, and its labels below it.

    Examples
    --------
    >>> import hedgecheck
    >>> score = hedgecheck.score("The weir <may> fail.")[0]
    >>> "&lt;" in sentence_html(score), "<may>" in sentence_html(score)
    (True, False)
    """
    parts = [_certainty(score), _sourcing(score)]
    if score.attribution != "none":
        parts.append(ATTRIBUTION[score.attribution])
    return str(
        Markup('<div><div style="{}">{}</div><div style="{}">{}</div></div>').format(
            _TEXT, _marked(score), _SMALL, " · ".join(parts)
        )
    )


def document_html(document: Document) -> str:
    """Return a document as a short profile and a table of its first sentences.

    Examples
    --------
    >>> import hedgecheck
    >>> html = document_html(hedgecheck.score("The weir may fail. It rained."))
    >>> html.count("<tr>"), "2 sentences, 1 hedged" in html
    (3, True)
    """
    rows = [_row("th", ("#", "certainty", "source", "attribution", "sentence"))]
    for number, score in enumerate(document[:_MOST_SENTENCES], 1):
        attribution = "" if score.attribution == "none" else ATTRIBUTION[score.attribution]
        sourcing = "" if score.sourcing == "none" else _sourcing(score).replace(" source", "")
        rows.append(
            _row("td", (str(number), _certainty(score), sourcing, attribution, _marked(score)))
        )
    table = Markup('<table style="border-collapse:collapse">{}</table>').format(
        Markup("").join(rows)
    )
    more = len(document) - _MOST_SENTENCES
    notes = [_key()] if document else []
    if more > 0:
        rest = counted(more, "more sentence")
        notes.append(Markup("and {}; to_frame() and to_html() have them all").format(rest))
    lines = [Markup('<div style="{}">{}</div>').format(_SMALL, note) for note in notes]
    return str(
        Markup("<div><div>{}</div>{}{}</div>").format(
            _summary(document), table if document else "", Markup("").join(lines)
        )
    )


def _summary(document: Document) -> str:
    profile = document.profile
    hedged = round(profile.hedged * profile.sentences)
    parts = [f"{counted(profile.sentences, 'sentence')}, {hedged} hedged"]
    if profile.claims:
        by_source = ", ".join(
            f"{round(share * profile.claims)} {name}"
            for name, share in profile.claims_by_source.items()
        )
        parts.append(f"{counted(profile.claims, 'attributed claim')}: {by_source}")
    return " · ".join(parts)


def _row(cell: str, values: Sequence[str | Markup]) -> Markup:
    kind = Markup(cell)  # noqa: S704 -- one of our own two words
    wraps = ("nowrap",) * (len(values) - 1) + ("normal",)
    cells = [
        Markup('<{0} style="{1}{2}">{3}</{0}>').format(kind, _CELL, wrap, value)
        for value, wrap in zip(values, wraps, strict=True)
    ]
    return Markup("<tr>{}</tr>").format(Markup("").join(cells))


def _key() -> Markup:
    samples = [
        Markup('<span style="{}">{}</span>').format(style, name) for style, name in _STYLES.values()
    ]
    return Markup(" · ").join(samples)


def _marked(score: SentenceScore) -> Markup:
    """Return the words of a sentence as HTML; a stretch that is several things has one look."""
    parts: list[Markup] = []
    left = _MOST_CHARACTERS
    for stretch in stretches(score):
        words = shown(stretch.text[:left])
        names = stretch.marks.split()
        name = next((name for name in _STYLES if name in names), None)
        if name is not None:
            style, title = _STYLES[name]
            words = Markup('<span style="{}" title="{}">{}</span>').format(style, title, words)
        parts.append(words)
        left -= len(stretch.text)
        if left <= 0:
            break
    # Isolated: what runs from right to left in it must not turn what stands beside it.
    more = "…" if left < 0 else ""
    return Markup("<bdi>{}{}</bdi>").format(Markup("").join(parts), more)


def _certainty(score: SentenceScore) -> str:
    return f"{LEVELS[score.certainty_level]} {score.certainty:.2f}"


def _sourcing(score: SentenceScore) -> str:
    return SOURCING[score.sourcing] + (", confidential" if score.confidential else "")
