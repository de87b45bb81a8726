"""hedgecheck reads English news text and says, for every sentence, how certain it claims to be, how
identifiable its source is, and how it attributes what it reports, with the words that show it.

>>> import hedgecheck
>>> document = hedgecheck.score("The minister said taxes would fall. Rates may rise.")
>>> [sentence.attribution for sentence in document]
['indirect', 'none']
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from hedgecheck.errors import (
    HedgecheckError,
    InputError,
    LanguageWarning,
    MissingExtraError,
    ModelFileError,
    TrainingDataError,
)
from hedgecheck.model import Model, load, shipped
from hedgecheck.results import Contribution, Document, SentenceScore, Span, Speaker

if TYPE_CHECKING:
    import pandas as pd

__version__ = "0.1.0"

__all__ = [
    "Contribution",
    "Document",
    "HedgecheckError",
    "InputError",
    "LanguageWarning",
    "MissingExtraError",
    "Model",
    "ModelFileError",
    "SentenceScore",
    "Span",
    "Speaker",
    "TrainingDataError",
    "iter_sentences",
    "load",
    "score",
    "score_document",
    "score_documents",
    "score_sentences",
    "train",
]


def score(text: str) -> Document:
    """Score a text with the shipped model; see `Model.score`.

    >>> len(score("It rained. It poured."))
    2
    """
    return shipped().score(text)


def score_document(sentences: Sequence[str] | Sequence[Sequence[str]]) -> Document:
    """Score the sentences of one document with the shipped model; see `Model.score_document`.

    >>> score_document(["It rained.", "It poured."]).text
    'It rained. It poured.'
    """
    return shipped().score_document(sentences)


def score_sentences(sentences: Sequence[str]) -> list[SentenceScore]:
    """Score unrelated sentences with the shipped model; see `Model.score_sentences`.

    >>> [row.hedged for row in score_sentences(["It rained.", "It may rain tomorrow."])]
    [False, True]
    """
    return shipped().score_sentences(sentences)


def score_documents(texts: Iterable[str]) -> Iterator[Document]:
    """Score a stream of texts with the shipped model; see `Model.score_documents`.

    >>> [len(document) for document in score_documents(["It rained.", ""])]
    [1, 0]
    """
    return shipped().score_documents(texts)


def iter_sentences(sentences: Iterable[str]) -> Iterator[SentenceScore]:
    """Score a stream of sentences with the shipped model; see `Model.iter_sentences`.

    >>> next(iter_sentences(["It rained."])).sourcing
    'none'
    """
    return shipped().iter_sentences(sentences)


def train(
    table: pd.DataFrame,
    *,
    text: str,
    document: str | None = None,
    certainty: str | None = None,
    sourcing: str | None = None,
    attribution: str | None = None,
    confidential: str | None = None,
    base: str | os.PathLike[str] | Model = "en",
) -> Model:
    """Train heads on a labelled table of your own; see `hedgecheck.training.train_on_table`."""
    from hedgecheck.training import train_on_table

    columns: dict[str, Any] = {
        "certainty": certainty,
        "sourcing": sourcing,
        "attribution": attribution,
        "confidential": confidential,
    }
    return train_on_table(table, text=text, document=document, base=base, **columns)
