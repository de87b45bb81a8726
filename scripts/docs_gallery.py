"""The gallery of the documentation: what a careful reader and hedgecheck make of three articles.

An article is three files in ``docs/gallery``: ``NAME.txt`` is its text, ``NAME.toml`` a reader's
labels sentence by sentence, ``NAME.md`` the page about it. What the page says hedgecheck got right
or wrong is made here, from the model that is there when the site is built: it cannot grow old.
"""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import hedgecheck
from hedgecheck.cli import main as run_command
from hedgecheck.report.words import counted
from hedgecheck.results import ATTRIBUTION, CERTAINTY_LEVELS, SOURCING, SentenceScore

GALLERY: Final = Path(__file__).resolve().parent.parent / "docs" / "gallery"

#: What an axis is called on the page, and the labels that it has.
AXES: Final[dict[str, tuple[str, ...]]] = {
    "certainty": CERTAINTY_LEVELS,
    "sourcing": SOURCING,
    "attribution": ATTRIBUTION,
    "confidential": ("no", "yes"),
}
#: What makes a sentence hard that has no note.
PLAIN: Final = "Nothing: it is simply wrong."


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as the reader labelled it, and as hedgecheck did.

    Attributes
    ----------
    number : int
        Its number in the article, from 1, as in the report.
    text : str
        The sentence.
    reader, program : dict of str to str
        The label on each of `AXES`.
    note : str
        What the sentence puts to the test; empty where it is plain.
    """

    number: int
    text: str
    reader: dict[str, str]
    program: dict[str, str]
    note: str

    @property
    def differing(self) -> list[str]:
        """The axes on which the two differ."""
        return [axis for axis in AXES if self.reader[axis] != self.program[axis]]


def articles() -> list[str]:
    """Return the names of the articles."""
    return sorted(path.stem for path in GALLERY.glob("*.txt"))


def read_article(name: str) -> list[Reading]:
    """Return the sentences of an article with both labellings.

    Raises
    ------
    ValueError
        If the labels are not those of the sentences, or a label is none.
    """
    document = hedgecheck.score((GALLERY / f"{name}.txt").read_text(encoding="utf-8"))
    rows = tomllib.loads((GALLERY / f"{name}.toml").read_text(encoding="utf-8"))["sentence"]
    if len(rows) != len(document):
        raise ValueError(f"{name}.toml labels {len(rows)} sentences of {len(document)}")
    return [
        _reading(name, number, row, score)
        for number, (row, score) in enumerate(zip(rows, document, strict=True), start=1)
    ]


def _reading(name: str, number: int, row: dict[str, str], score: SentenceScore) -> Reading:
    where = f"{name}.toml, sentence {number}"
    text = " ".join(score.text.split())
    if not text.startswith(row["begins"]):
        raise ValueError(f"{where}: begins with {row['begins']!r}, the text with {text[:40]!r}")
    reader = {axis: row[axis] for axis in ("certainty", "sourcing", "attribution")}
    reader["confidential"] = "yes" if row.get("confidential") else "no"
    for axis, label in reader.items():
        if label not in AXES[axis]:
            raise ValueError(f"{where}: {label!r} is no label of {axis}")
    program = {
        "certainty": score.certainty_level,
        "sourcing": score.sourcing,
        "attribution": score.attribution,
        "confidential": "yes" if score.confidential else "no",
    }
    return Reading(number, text, reader, program, row.get("note", ""))


# ------------------------------------------------------------------------------------- Markdown


def commentary(name: str) -> str:
    """Return the part of an article's page that sets the two side by side, as Markdown."""
    readings = read_article(name)
    wrong = [reading for reading in readings if reading.differing]
    mastered = [reading for reading in readings if reading.note and not reading.differing]
    parts = [
        _agreement(readings),
        _claims(readings),
        f"### Where hedgecheck differs: {counted(len(wrong), 'sentence')}",
        _differences(wrong) if wrong else "Nowhere in this article.",
        f"### Traps that it got past: {counted(len(mastered), 'sentence')}",
        _traps(mastered) if mastered else "None in this article.",
    ]
    return "\n\n".join(parts)


def overview() -> str:
    """Return a table of the articles with how often the two agree, as Markdown."""
    lines = [
        "| article | sentences | certainty | sourcing | attribution | confidential |",
        "|---|---|---|---|---|---|",
    ]
    for name in articles():
        readings = read_article(name)
        cells = [f"{_agreeing(readings, axis)} right" for axis in AXES]
        lines.append(f"| [{name}]({name}.md) | {len(readings)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _agreement(readings: Sequence[Reading]) -> str:
    whole = sum(not reading.differing for reading in readings)
    by_axis = ", ".join(f"{axis} in {_agreeing(readings, axis)}" for axis in AXES)
    return (
        f"Of {len(readings)} sentences, hedgecheck labels {whole} as the reader did in every "
        f"respect: {by_axis}."
    )


def _agreeing(readings: Iterable[Reading], axis: str) -> int:
    return sum(axis not in reading.differing for reading in readings)


def _claims(readings: Sequence[Reading]) -> str:
    """Return the sentence that matters most to an editor: whose claims these are."""
    lines = ["| attributed claims | all | named | unnamed | vague |", "|---|---|---|---|---|"]
    for who, labels in (
        ("the reader", [reading.reader for reading in readings]),
        ("hedgecheck", [reading.program for reading in readings]),
    ):
        claims = [
            label["sourcing"]
            for label in labels
            if label["sourcing"] != "none" and label["attribution"] not in ("none", "no_comment")
        ]
        counts = " | ".join(str(claims.count(source)) for source in SOURCING[1:])
        lines.append(f"| {who} | {len(claims)} | {counts} |")
    return "\n".join(lines)


def _differences(readings: Iterable[Reading]) -> str:
    lines = [
        "| no. | sentence | the reader | hedgecheck | what makes it hard |",
        "|---|---|---|---|---|",
    ]
    for reading in readings:
        reader = "<br>".join(_label(reading.reader, axis) for axis in reading.differing)
        program = "<br>".join(_label(reading.program, axis) for axis in reading.differing)
        lines.append(
            f"| {reading.number} | {_cell(reading.text)} | {reader} | {program} "
            f"| {_cell(reading.note or PLAIN)} |"
        )
    return "\n".join(lines)


def _traps(readings: Iterable[Reading]) -> str:
    lines = ["| no. | sentence | labels | what makes it hard |", "|---|---|---|---|"]
    for reading in readings:
        labels = "<br>".join(
            _label(reading.reader, axis) for axis in AXES if reading.reader[axis] != "no"
        )
        lines.append(
            f"| {reading.number} | {_cell(reading.text)} | {labels} | {_cell(reading.note)} |"
        )
    return "\n".join(lines)


def _label(labels: dict[str, str], axis: str) -> str:
    label = labels[axis]
    if axis == "confidential":
        return "confidential" if label == "yes" else "not confidential"
    if label == "none":
        return "no source" if axis == "sourcing" else "not attributed"
    return label.replace("_", " ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


# -------------------------------------------------------------------------------------- reports


def reports() -> dict[str, bytes]:
    """Return what ``hedgecheck report`` writes for the articles, by name of the file.

    Raises
    ------
    RuntimeError
        If the command fails.
    """
    texts = [str(GALLERY / f"{name}.txt") for name in articles()]
    with tempfile.TemporaryDirectory() as folder:
        code = run_command(["report", *texts, "--out", f"{folder}/", "--quiet"])
        if code:
            raise RuntimeError(f"hedgecheck report ended with {code}")
        return {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.html"))}
