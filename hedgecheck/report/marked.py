"""A sentence cut into stretches, each with the kinds of evidence that it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from hedgecheck.results import SentenceScore


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some characters of a sentence and how they are marked.

    Attributes
    ----------
    text : str
        The characters.
    marks : str
        Class names of the style sheet, separated by spaces; empty for plain text.
    """

    text: str
    marks: str


def stretches(score: SentenceScore) -> tuple[Stretch, ...]:
    """Cut a sentence wherever a piece of evidence starts or ends.

    The stretches joined are the sentence again, whatever overlaps with what. The first stretch of
    a source also has the mark ``first``: a sign stands before it.

    Examples
    --------
    >>> from hedgecheck.results import SentenceScore, Span
    >>> score = SentenceScore(
    ...     "It may rain.", 0, 12, 0.5, "none", {}, False, 0.0, "none", {},
    ...     hedges=(Span(3, 6, "may", "epistemic"),),
    ... )
    >>> [(part.text, part.marks) for part in stretches(score)]
    [('It ', ''), ('may', 'hedge epistemic'), (' rain.', '')]
    """
    opening: dict[int, list[str]] = {}
    closing: dict[int, list[str]] = {}
    spans = [(span, "quote") for span in score.quotes]
    spans += [(score.source, "source")] if score.source else []
    spans += [(score.cue, "cue")] if score.cue else []
    spans += [(span, f"hedge {span.kind}") for span in score.hedges]
    for span, marks in spans:
        if span.text:
            opening.setdefault(span.start, []).append(marks)
            closing.setdefault(span.end, []).append(marks)
    if not opening:
        return (Stretch(score.text, ""),) if score.text else ()
    parts: list[Stretch] = []
    open_marks: list[str] = []
    at = 0
    for place in sorted({*opening, *closing, len(score.text)}):
        if place > at:
            first = ["first"] if "source" in opening.get(at, ()) else []
            parts.append(Stretch(score.text[at:place], " ".join([*open_marks, *first])))
            at = place
        for marks in closing.get(place, ()):
            open_marks.remove(marks)
        open_marks += opening.get(place, ())
    return tuple(parts)
