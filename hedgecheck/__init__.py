"""How certain a sentence of news is, who stands behind it, and how it says so.

hedgecheck reads English news text and says, for every sentence, how certain it claims to be, how
identifiable its source is, and how it attributes what it reports, with the words that show it.

>>> import hedgecheck
>>> document = hedgecheck.score("The minister said taxes would fall. Rates may rise.")
>>> [sentence.attribution for sentence in document]
['indirect', 'none']
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from hedgecheck.errors import (
    HedgecheckError,
    InputError,
    LanguageWarning,
    MissingExtraError,
    ModelFileError,
    RowWarning,
    TrainingDataError,
)
from hedgecheck.results import Contribution, Document, SentenceScore, Span, Speaker

if TYPE_CHECKING:
    import pandas as pd

    from hedgecheck.benchmarking import BenchmarkReport, benchmark
    from hedgecheck.model import Model
    from hedgecheck.progress import Progress

_Frame = TypeVar("_Frame")

__version__ = "0.1.0"

__all__ = [
    "BenchmarkReport",
    "Contribution",
    "Document",
    "HedgecheckError",
    "InputError",
    "LanguageWarning",
    "MissingExtraError",
    "Model",
    "ModelFileError",
    "RowWarning",
    "SentenceScore",
    "Span",
    "Speaker",
    "TrainingDataError",
    "benchmark",
    "iter_sentences",
    "load",
    "score",
    "score_document",
    "score_documents",
    "score_frame",
    "score_sentences",
    "train",
]


def __getattr__(name: str) -> Any:
    # numpy is loaded with the first model, not with the package: `hedgecheck --help` is quick.
    if name == "Model":
        from hedgecheck.model import Model

        return Model
    if name in ("BenchmarkReport", "benchmark"):
        from hedgecheck import benchmarking

        return getattr(benchmarking, name)
    raise AttributeError(f"module 'hedgecheck' has no attribute {name!r}")


def _shipped() -> Model:
    from hedgecheck.model import shipped

    return shipped()


def load(name_or_path: str | os.PathLike[str] = "en") -> Model:
    """Load a model; see `hedgecheck.model.load`.

    >>> load("en").name
    'en'
    """
    from hedgecheck.model import load as load_model

    return load_model(name_or_path)


def score(text: str) -> Document:
    """Score a text with the shipped model; see `Model.score`.

    >>> len(score("It rained. It poured."))
    2
    """
    return _shipped().score(text)


def score_document(sentences: Sequence[str] | Sequence[Sequence[str]]) -> Document:
    """Score the sentences of one document with the shipped model; see `Model.score_document`.

    >>> score_document(["It rained.", "It poured."]).text
    'It rained. It poured.'
    """
    return _shipped().score_document(sentences)


def score_sentences(sentences: Sequence[str], *, n_jobs: int = 1) -> list[SentenceScore]:
    """Score unrelated sentences with the shipped model; see `Model.score_sentences`.

    >>> [row.hedged for row in score_sentences(["It rained.", "It may rain tomorrow."])]
    [False, True]
    """
    return _shipped().score_sentences(sentences, n_jobs=n_jobs)


def score_documents(texts: Iterable[str], *, n_jobs: int = 1) -> Iterator[Document]:
    """Score a stream of texts with the shipped model; see `Model.score_documents`.

    >>> [len(document) for document in score_documents(["It rained.", ""])]
    [1, 0]
    """
    return _shipped().score_documents(texts, n_jobs=n_jobs)


def iter_sentences(sentences: Iterable[str]) -> Iterator[SentenceScore]:
    """Score a stream of sentences with the shipped model; see `Model.iter_sentences`.

    >>> next(iter_sentences(["It rained."])).sourcing
    'none'
    """
    return _shipped().iter_sentences(sentences)


def score_frame(
    frame: _Frame,
    *,
    text: str = "text",
    unit: str = "document",
    prefix: str = "",
    progress: bool | Progress | None = None,
    n_jobs: int = 1,
) -> _Frame:
    """Score a column of a frame with the shipped model; see `hedgecheck.frames.score_frame`.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"body": ["It rained. It may snow."], "day": [3]})
    >>> score_frame(frame, text="body")[["day", "sentence", "text", "hedged"]]
       day  sentence           text  hedged
    0    3         0     It rained.   False
    0    3         1   It may snow.    True
    """
    return _shipped().score_frame(
        frame, text=text, unit=unit, prefix=prefix, progress=progress, n_jobs=n_jobs
    )


def train(  # noqa: PLR0913 -- one keyword a column
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
    """Train heads on a labelled table of your own; see `hedgecheck.table_training.train_on_table`.

    `text` names the column of the sentences, `document` that of their documents, the others those
    of the labels; a head whose column is not named stays as it is in `base`.
    """
    from hedgecheck.table_training import train_on_table

    columns: dict[str, Any] = {
        "certainty": certainty,
        "sourcing": sourcing,
        "attribution": attribution,
        "confidential": confidential,
    }
    return train_on_table(table, text=text, document=document, base=base, **columns)
