"""The table for the eye: a row a sentence with its evidence marked, and a short profile below."""

from __future__ import annotations

import shutil
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from hedgecheck.cli.marking import CUE, HEDGE, SOURCE, printable, wrap_marked

if TYPE_CHECKING:
    from hedgecheck.cli.scoring import Scored
    from hedgecheck.profile import Profile
    from hedgecheck.results import SentenceScore

# The labels take 41 columns and leave 39 of 80; lines beyond 120 columns are hard to read.
_NARROWEST: Final = 60
_WIDEST: Final = 120
_EXPLAINED: Final = 3  # features shown per axis


class TableWriter:
    """Prints a table per input, as wide as the terminal (80 columns where there is none)."""

    def __init__(self, *, colored: bool, explain: bool, headings: bool) -> None:
        self._colored = colored
        self._explain = explain
        self._headings = headings
        columns = shutil.get_terminal_size((80, 24)).columns
        self._width = min(max(columns, _NARROWEST), _WIDEST)
        self._count = 0

    def write(self, scored: Scored) -> None:
        """Print the table of one input, if it has sentences."""
        if not scored.scores:
            return
        if self._count:
            print()
        self._count += 1
        if self._headings:
            print(f"== {scored.name}\n")
        numbers = scored.lines or range(1, len(scored.scores) + 1)
        digits = max(2, len(str(max(numbers))))
        print(self._row(f"{'#':>{digits}}", "certainty", "sourcing", "attribution") + "sentence")
        for number, score in zip(numbers, scored.scores, strict=True):
            self._write_sentence(f"{number:>{digits}}", score)
        print()
        self._write_legend()
        # Sentences that have nothing to do with each other share no sources.
        for line in summary(scored.profile(), with_sources=scored.document is not None):
            print(textwrap.fill(printable(line), self._width, subsequent_indent="  "))

    def close(self) -> None:
        """Print nothing more."""

    @staticmethod
    def _row(number: str, certainty: str, sourcing: str, attribution: str) -> str:
        return f"{number} {certainty:<13} {sourcing:<8} {attribution:<11} "

    def _write_sentence(self, number: str, score: SentenceScore) -> None:
        sourcing = "-" if score.sourcing == "none" else score.sourcing
        row = self._row(
            number,
            f"{score.certainty_level:<8} {score.certainty:.2f}",
            sourcing + ("*" if score.confidential else ""),
            "-" if score.attribution == "none" else score.attribution,
        )
        width = self._width - len(row)
        lines = wrap_marked(score, width, colored=self._colored)
        if score.speaker:
            words = " ".join(printable(score.speaker.span.text).split())
            pointer = f"(source: {words}, sentence {score.speaker.sentence + 1})"
            lines += textwrap.wrap(pointer, width)
        if self._explain:
            lines += [
                line for part in explained(score) for line in textwrap.wrap(printable(part), width)
            ]
        for label, line in zip_longest([row], lines, fillvalue=""):
            print(f"{label:<{len(row)}}{line}".rstrip())

    def _write_legend(self) -> None:
        marks = ((HEDGE, "hedge"), (SOURCE, "source"), (CUE, "attribution cue"))
        shown = [mark.show(name, colored=self._colored) for mark, name in marks]
        between = "  " if self._width >= 80 else "\n"
        print("  ".join(shown), "* anonymity asked for or granted", sep=between)


def summary(profile: Profile, *, with_sources: bool) -> list[str]:
    """Return the profile of a document in a few lines."""
    by_source = profile.claims_by_source.items()
    classes = ", ".join(f"{round(share * profile.claims)} {name}" for name, share in by_source)
    mean = profile.mean_certainty
    lines = [
        f"{_counted(profile.sentences, 'sentence')}, "
        f"{round(profile.hedged * profile.sentences)} hedged"
        + (f"; mean certainty {mean:.2f}" if mean is not None else ""),
        f"{_counted(profile.claims, 'attributed claim')}"
        + (f": {classes}" if profile.claims else ""),
    ]
    if with_sources and profile.named_sources:
        named = ", ".join(f"{source.name} ({source.count})" for source in profile.named_sources)
        lines.append(f"named sources: {named}")
    if with_sources and profile.weakly_sourced:
        numbers = ", ".join(str(place + 1) for place in profile.weakly_sourced)
        lines.append(f"rest on vague or confidential sources alone: sentences {numbers}")
    return lines


def explained(score: SentenceScore) -> list[str]:
    """Return the features that spoke loudest for and against each label, a line an axis."""
    by_axis: dict[str, list[str]] = {}
    for part in score.explain():
        shown = by_axis.setdefault(part.axis, [])
        if len(shown) < _EXPLAINED:
            shown.append(f"{part.feature} {part.value:+.2f}")
    return [f"| {axis}: {', '.join(parts)}" for axis, parts in by_axis.items()]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
