"""What the shipped model learns from, as training wants it.

The corpora are read by `hedgecheck.datasets`; here their labels become spans by tag for the
taggers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from hedgecheck.datasets import (
    LabelledDocument,
    Labels,
    read_hedgenews,
    read_polnear,
    read_readings,
    read_szeged_tsv,
)
from hedgecheck.errors import TrainingDataError
from hedgecheck.results import Span
from hedgecheck.shipped import datasets_folder
from hedgecheck.tokens import IntArray

Offsets = tuple[int, int]
#: Spans of a sentence by tag.
TagSpans = dict[str, list[Offsets]]

#: Files of the corpora folder, by name.
FILES: Final = {
    "hedgenews": "hedgenews/train.jsonl",
    "polnear": "polnear/train.jsonl.gz",
    "szeged-wiki": "szeged-wiki/train.tsv",
}
#: Files of our own that are trained on, in ``datasets/``.
READINGS: Final = "readings.csv"
PRACTICE: Final = "practice.jsonl"
#: The first tags of the corpus tagger are learned from PolNeAR, the others from Szeged.
N_POLNEAR_TAGS: Final = 6
#: Tags of the corpus tagger for the kinds of hedges that Szeged tells apart.
TAG_OF_KIND: Final = {
    "epistemic": "epistemic",
    "doxastic": "doxastic",
    "conditional": "condition",
    "doubt": "investigation",
}


@dataclass(frozen=True, slots=True)
class Corpora:
    """The training documents; those that hedgenews holds are left out of PolNeAR and Szeged.

    ``readings`` are documents of PolNeAR and hedgenews with labels of our own for sentences that
    hedgenews has none for; ``practice`` are sentences of our own.
    """

    files: dict[str, Path]
    hedgenews: list[LabelledDocument]
    polnear: list[LabelledDocument]
    szeged: list[LabelledDocument]
    readings: list[LabelledDocument]
    practice: list[LabelledDocument]


def read_corpora(folder: Path) -> Corpora:
    """Read the training corpora.

    Raises
    ------
    TrainingDataError
        If a corpus is missing or has a bad row.
    """
    files = {name: folder / file for name, file in FILES.items()}
    for name, path in files.items():
        if not path.is_file():
            raise TrainingDataError(
                f"{path} is missing; --corpora has to name the folder that holds {FILES[name]}"
            )
    news = list(read_hedgenews(files["hedgenews"]))
    held = {document.group for document in news}
    files |= {name: datasets_folder() / name for name in (READINGS, PRACTICE)}
    polnear = list(read_polnear(files["polnear"]))
    return Corpora(
        files,
        news,
        _without(polnear, held),
        _without(read_szeged_tsv(files["szeged-wiki"]), held),
        list(read_readings(files[READINGS], [*polnear, *news])),
        list(read_hedgenews(files[PRACTICE])),
    )


def _without(documents: Iterable[LabelledDocument], held: set[str]) -> list[LabelledDocument]:
    return [document for document in documents if document.group not in held]


def _offsets(spans: Iterable[Span]) -> list[Offsets]:
    return [(span.start, span.end) for span in spans]


def flattened(
    documents: Sequence[LabelledDocument],
) -> tuple[list[str], IntArray, npt.NDArray[np.str_], list[Labels | None]]:
    """Sentences, the number and the group of the document of each, and labels.

    >>> from hedgecheck.datasets import LabelledSentence
    >>> sentences = (LabelledSentence("It rained.", 0), LabelledSentence("Snow fell.", 1))
    >>> texts, number, group, _ = flattened([LabelledDocument("d1", "g1", "mine", sentences)])
    >>> texts, number.tolist(), group.tolist()
    (['It rained.', 'Snow fell.'], [0, 0], ['g1', 'g1'])
    """
    sentences = [s.text for d in documents for s in d.sentences]
    sizes = [len(d.sentences) for d in documents]
    group = np.repeat(np.array([d.group for d in documents], dtype=np.str_), sizes)
    labels = [s.labels for d in documents for s in d.sentences]
    return sentences, np.repeat(np.arange(len(documents)), sizes), group, labels


def attribution_spans(labels: Labels) -> TagSpans:
    """Spans of all attributions, by tag; what is paraphrased is a content and a paraphrase."""
    found: TagSpans = {}
    for attribution in labels.attributions or ():
        found.setdefault("source", []).extend(_offsets(attribution.sources))
        found.setdefault("cue", []).extend(_offsets(attribution.cues))
        found.setdefault("content", []).extend(_offsets(attribution.contents))
        if attribution.quote_type == "indirect":
            found.setdefault("paraphrase", []).extend(_offsets(attribution.contents))
    return found


def corpus_spans(labels: Labels | None) -> TagSpans:
    """Spans that the corpus tagger learns: of attributions, or of hedges by kind."""
    if labels is None:
        return {}
    found = attribution_spans(labels)
    for span in labels.hedges or ():
        found.setdefault(TAG_OF_KIND[span.kind], []).append((span.start, span.end))
    return found


def news_spans(labels: Labels | None) -> TagSpans:
    """Spans that the news tagger learns."""
    if labels is None:
        return {}
    return {
        "source": _offsets([labels.source] if labels.source else []),
        "cue": _offsets([labels.cue] if labels.cue else []),
        "hedge": _offsets(labels.hedges or ()),
    }
