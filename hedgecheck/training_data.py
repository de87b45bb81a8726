"""Reading what the shipped model learns from: hedgenews, PolNeAR and the Szeged corpus.

Offsets are characters into a sentence. Which corpora there are, and what may be done with them, is
told in the model card.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hedgecheck.errors import TrainingDataError
from hedgecheck.results import ATTRIBUTION, SOURCING

Offsets = tuple[int, int]

#: Files of the corpora folder, by what they are for.
FILES: Final = {
    "hedgenews": "hedgenews/train.jsonl",
    "polnear": "polnear/train.jsonl.gz",
    "szeged-wiki": "szeged-wiki/train.tsv",
}
_SZEGED_KINDS: Final = ("epistemic", "doxastic", "condition", "investigation")


@dataclass(frozen=True, slots=True)
class NewsLabels:
    """Labels of one sentence by the annotation guidelines."""

    certainty: float
    sourcing: int
    attribution: int
    confidential: bool
    source: Offsets | None
    cue: Offsets | None
    hedges: tuple[Offsets, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class TagSpans:
    """Spans of one sentence by tag of the corpus tagger."""

    spans: dict[str, list[Offsets]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TrainingDocument:
    """A document, or an unbroken stretch of one; `group` names the document.

    ``labels`` has an entry a sentence: `NewsLabels`, None for context, or `TagSpans`.
    """

    group: str
    sentences: list[str]
    labels: list[Any]


def read_hedgenews(path: Path) -> list[TrainingDocument]:
    """Read hedgenews; the group of a document is its id without the number of the stretch."""
    found: dict[str, TrainingDocument] = {}
    for number, row in _json_lines(path):
        try:
            name = row["doc"]
            group = name.split("#")[0]
            document = found.setdefault(name, TrainingDocument(group, [], []))
            document.sentences.append(row["text"])
            document.labels.append(_news_labels(row) if row["labelled"] else None)
        except (KeyError, ValueError, TypeError) as error:
            raise TrainingDataError(
                f"{path}, line {number}: {error!r}; not a hedgenews row"
            ) from None
    return list(found.values())


def _news_labels(row: dict[str, Any]) -> NewsLabels:
    return NewsLabels(
        certainty=row["certainty"] / 100,
        sourcing=SOURCING.index(row["sourcing"]),
        attribution=ATTRIBUTION.index(row["attribution"]),
        confidential=bool(row["confidential"]),
        source=_offsets(row["source_span"]),
        cue=_offsets(row["cue_span"]),
        hedges=tuple((int(a), int(b)) for a, b in row["hedge_spans"]),
        whole=bool(row["whole"]),
    )


def _offsets(pair: list[int] | None) -> Offsets | None:
    return None if pair is None else (int(pair[0]), int(pair[1]))


def read_polnear(path: Path) -> list[TrainingDocument]:
    """Read PolNeAR: sources, cues, contents, and the contents that are paraphrase."""
    found: dict[str, TrainingDocument] = {}
    for number, row in _json_lines(path):
        try:
            group = "polnear/" + row["doc"]
            document = found.setdefault(group, TrainingDocument(group, [], []))
            spans: dict[str, list[Offsets]] = {
                "source": [],
                "cue": [],
                "content": [],
                "paraphrase": [],
            }
            for attribution in row["attributions"]:
                for tag in ("source", "cue", "content"):
                    spans[tag] += [(a, b) for a, b in attribution[f"{tag}_span"]]
                if attribution["quote_type"] == "indirect":
                    spans["paraphrase"] += [(a, b) for a, b in attribution["content_span"]]
            document.sentences.append(row["text"])
            document.labels.append(TagSpans(spans))
        except (KeyError, ValueError, TypeError) as error:
            raise TrainingDataError(
                f"{path}, line {number}: {error!r}; not a PolNeAR row"
            ) from None
    return list(found.values())


def read_szeged(path: Path) -> list[TrainingDocument]:
    """Read the flat Szeged corpus; cues are found in order, at the edges of words."""
    found: dict[str, TrainingDocument] = {}
    csv.field_size_limit(2**24)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            group = "conll2010-wiki/" + row["doc"]  # the same articles stand there by that name
            document = found.setdefault(group, TrainingDocument(group, [], []))
            document.sentences.append(row["text"])
            document.labels.append(TagSpans(_szeged_spans(row["text"], row["cues"])))
    return list(found.values())


def _szeged_spans(text: str, cues: str) -> dict[str, list[Offsets]]:
    spans: dict[str, list[Offsets]] = {kind: [] for kind in _SZEGED_KINDS}
    lower, at = text.lower(), 0
    for cue in filter(None, cues.split(";")):
        word, _, kind = cue.rpartition(":")
        if kind not in spans:
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(word.lower())}(?!\w)")
        match = pattern.search(lower, at) or pattern.search(lower)
        if match:
            spans[kind].append(match.span())
            at = match.end()
    return spans


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                raise TrainingDataError(f"{path}, line {number}: no valid JSON ({error})") from None


def corpus_file(corpora: Path, name: str) -> Path:
    """The file of a corpus in the corpora folder.

    Raises
    ------
    TrainingDataError
        If it is not there.
    """
    path = corpora / FILES[name]
    if not path.is_file():
        raise TrainingDataError(
            f"{path} is missing; --corpora has to name the folder that holds {FILES[name]}"
        )
    return path
