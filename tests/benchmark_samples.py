"""Labelled data for the tests of the benchmark, invented and small, that a model can learn from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

PLACES = ("Orrin", "Tal", "Vessel", "Karst", "Lund", "Mire", "Quay", "Hollow")
PLAIN = (
    "The bridge at {place} opened in May.",
    "Work on the mill at {place} ended.",
    "{place} has a market and two schools.",
)
WEASEL = (
    "Some say the bridge at {place} is haunted.",
    "Many believe that {place} was once a harbour.",
    "It is widely held that {place} has the best bread.",
)


def sentences_of(document: int) -> list[tuple[str, bool]]:
    """Six sentences of a document, each with whether it is a weasel."""
    place = f"{PLACES[document % len(PLACES)]} {document}"
    found = [(text.format(place=place), False) for text in PLAIN]
    return found + [(text.format(place=place), True) for text in WEASEL]


def conll_table(documents: range, split: str = "train") -> str:
    """Return documents in the format of CoNLL-2010's table."""
    header = "split\tdoc\tsent\tpart\tlabel\tlabel_source\ttext\tszeged_cues\n"
    lines = [
        f"{split}\tPlace_{document}\tS1.{number}\tText\t{int(weasel)}\texact\t{text}\t\n"
        for document in documents
        for number, (text, weasel) in enumerate(sentences_of(document))
    ]
    return header + "".join(lines)


def write_conll(folder: Path, name: str, documents: range) -> Path:
    """Write documents in the format of CoNLL-2010's table and return where."""
    path = folder / name
    path.write_text(conll_table(documents), encoding="utf-8")
    return path


def table_rows(documents: range) -> list[dict[str, Any]]:
    """Return rows of a table of one's own with a label of each kind."""
    return [
        {
            "story": f"s{document}",
            "body": text,
            "class": "gossip" if weasel else "fact",
            "unsure": "yes" if weasel else "no",
            "rating": 2.0 if weasel else 4.5,
        }
        for document in documents
        for text, weasel in sentences_of(document)
    ]


def write_table(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as CSV, JSON Lines or Parquet, as the name ends, and return where."""
    import pandas as pd

    frame = pd.DataFrame(rows)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
