"""The public face of a trained model: loading it, and scoring texts with it."""

from __future__ import annotations

import os
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

from hedgecheck.checking import check_sentences, described, one_text, remedy, text_sequence
from hedgecheck.engine import FEATURES, Engine, make_scene
from hedgecheck.errors import InputError, ModelFileError
from hedgecheck.explaining import explain_sentence
from hedgecheck.language import check_language
from hedgecheck.modelfile import read_model, write_model
from hedgecheck.parallel import PART, checked_jobs, map_parts
from hedgecheck.results import Contribution, Document, SentenceScore
from hedgecheck.shipped import model_path
from hedgecheck.spans import Explainer, ScoredBatch, join_batches, score_batch
from hedgecheck.split_text import SplitText, given_places, given_text, split_texts
from hedgecheck.stretches import cut, stretch_around, stretches
from hedgecheck.vocabulary import TypeProperties

if TYPE_CHECKING:
    from hedgecheck.progress import Progress

_Frame = TypeVar("_Frame")

#: Sentences scored at a time where they do not depend on each other.
_BATCH: Final = 2048
#: Characters of a sentence, about, where documents are put together to batches of that size.
_SENTENCE: Final = 128


class Model:
    """A trained model. `hedgecheck.load` makes one; its methods only read it.

    Attributes
    ----------
    name : str
        What it was loaded as: ``en`` for the shipped model, else the file's stem.
    version : str
        Version of the model.
    engine : Engine
        The trained parts.
    """

    def __init__(self, engine: Engine, *, name: str, version: str) -> None:
        self.name = name
        self.version = version
        self.engine = engine
        self._properties = TypeProperties(engine.vocabulary)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __repr__(self) -> str:
        return f"<Model {self.name!r} {self.version}>"

    def save(self, path: str | os.PathLike[str]) -> str:
        """Write the model to a file that `hedgecheck.load` reads; return its sha256.

        Parameters
        ----------
        path : str or path-like
            Where to; by custom it ends in ``.joblib``.

        Returns
        -------
        str
            The sha256 of the file, in hexadecimal.

        Raises
        ------
        ModelFileError
            If it cannot be written there.
        """
        payload = {
            "version": self.version,
            "language": "en",
            "features": FEATURES,
            **self.engine.to_payload(),
        }
        return write_model(path, payload)

    def stored(self) -> str:
        """Path of a file of this model for other processes to load; it goes when the model goes."""
        if self._folder is None:
            folder = tempfile.TemporaryDirectory(prefix="hedgecheck-")
            self.save(Path(folder.name, "model.joblib"))
            self._folder = folder  # when the file is there, for another thread may ask for it
        return str(Path(self._folder.name, "model.joblib"))

    def __reduce__(self) -> tuple[Callable[..., Model], tuple[Engine, str, str]]:
        # The cache of word types has a lock, and is worth nothing elsewhere.
        return _rebuilt, (self.engine, self.name, self.version)

    # ------------------------------------------------------------------------------- scoring

    def score(self, text: str) -> Document:
        """Score a text: split it into sentences, score each in the context of the others.

        Parameters
        ----------
        text : str
            The text of one article, with or without its headline.

        Returns
        -------
        Document
            One `SentenceScore` a sentence; empty for a text of white space.

        Raises
        ------
        InputError
            If `text` is not a str.
        """
        if not isinstance(text, str):
            raise InputError(
                f"score takes the text of one document as a str, got {described(text)}"
                + remedy(text)
            )
        return self._documents(split_texts([text]))[0]

    def score_document(self, sentences: Sequence[str] | Sequence[Sequence[str]]) -> Document:
        """Score the sentences of one document, already split and in order, in their context.

        Parameters
        ----------
        sentences : sequence of str, or of sequences of str
            The sentences, or the paragraphs as lists of sentences.

        Returns
        -------
        Document
            Its `text` is the sentences joined by a space, paragraphs by a line feed.

        Raises
        ------
        InputError
            If it is a bare str, or an item is not a str.
        """
        return self._documents([given_text(sentences, "score_document")])[0]

    def iter_documents(
        self, documents: Iterable[Sequence[str] | Sequence[Sequence[str]]]
    ) -> Iterator[Document]:
        """Score a stream of documents that are split already, in bounded memory.

        Parameters
        ----------
        documents : iterable of what `score_document` takes
            Any number of them.

        Yields
        ------
        Document
            One for each, in order; the same as `score_document` gives for it.

        Raises
        ------
        InputError
            As `score_document` (when the stream gets there).
        """
        batch: list[SplitText] = []
        size = 0
        for document in documents:
            text = given_text(document, "iter_documents")
            if batch and (text.paragraphs is None) != (batch[0].paragraphs is None):
                yield from self._documents(batch)
                batch, size = [], 0
            batch.append(text)
            size += max(len(text.sentences), 1)
            if size >= _BATCH:
                yield from self._documents(batch)
                batch, size = [], 0
        yield from self._documents(batch)

    def score_sentences(self, sentences: Sequence[str], *, n_jobs: int = 1) -> list[SentenceScore]:
        """Score unrelated sentences, each by itself.

        Parameters
        ----------
        sentences : sequence of str
            Any number; none depends on another.
        n_jobs : int, default 1
            How many processes to use, -1 for one a core. The scores are the same; fewer than about
            50,000 sentences are scored in this process all the same, which takes less time.

        Returns
        -------
        list of SentenceScore
            In the same order, as many.

        Raises
        ------
        InputError
            If it is a bare str, or an item is not a str; the message gives its index.
        """
        checked = check_sentences(sentences, "score_sentences")
        jobs = checked_jobs(n_jobs, "score_sentences")
        step = _BATCH * PART
        parts = (checked[begin : begin + step] for begin in range(0, len(checked), step))
        found: list[SentenceScore] = []
        for part, batches in map_parts(_score_part, self, parts, jobs):
            for k, batch in enumerate(batches):
                some = part[k * _BATCH : (k + 1) * _BATCH]
                found += replace(batch, sentences=some, explainer=self._alone(some)).scores()
        return found

    def iter_sentences(self, sentences: Iterable[str]) -> Iterator[SentenceScore]:
        """Score a stream of unrelated sentences, each by itself, in bounded memory.

        Parameters
        ----------
        sentences : iterable of str
            Any number; they are read 2,048 at a time.

        Yields
        ------
        SentenceScore
            One for each, in order.

        Raises
        ------
        InputError
            If it is a bare str (at once), or an item is not a str (when the stream gets there).
        """
        items = enumerate(text_sequence(sentences, "iter_sentences"))
        return self._iter_sentences(items)

    def _iter_sentences(self, items: Iterator[tuple[int, Any]]) -> Iterator[SentenceScore]:
        while True:
            batch: list[str] = []
            error: InputError | None = None
            for i, item in islice(items, _BATCH):
                try:
                    batch.append(one_text(item, i, "iter_sentences"))
                except InputError as found:  # those before it are scored first
                    error = found
                    break
            yield from self._sentences(batch)
            if error is not None:
                raise error
            if not batch:
                return

    def score_documents(self, texts: Iterable[str], *, n_jobs: int = 1) -> Iterator[Document]:
        """Score a stream of texts, one after the other, in bounded memory.

        Parameters
        ----------
        texts : iterable of str
            One text a document.
        n_jobs : int, default 1
            As in `score_sentences`; texts are read some ten thousand sentences a process ahead.

        Yields
        ------
        Document
            One for each, in order.

        Raises
        ------
        InputError
            If it is a bare str (at once), or an item is not a str (when the stream gets there).
        """
        jobs = checked_jobs(n_jobs, "score_documents")
        return self._iter_documents(enumerate(text_sequence(texts, "score_documents")), jobs)

    def _iter_documents(self, items: Iterator[tuple[int, Any]], jobs: int) -> Iterator[Document]:
        error: list[InputError] = []

        def checked() -> Iterator[str]:
            for i, item in items:
                try:
                    yield one_text(item, i, "score_documents")
                except InputError as found:  # those before it are scored first
                    error.append(found)
                    return

        groups = _by_size(checked())
        if jobs == 1:
            for batch in groups:
                yield from self._documents(split_texts(batch))
        else:
            parts = iter(lambda: list(islice(groups, PART)), [])
            for part, found in map_parts(_score_document_part, self, parts, jobs):
                for some, (split, columns) in zip(part, found, strict=True):
                    texts = [
                        given_places(text, *places)
                        for text, places in zip(some, split, strict=True)
                    ]
                    yield from self._made(texts, columns)
        if error:
            raise error[0]

    def score_frame(
        self,
        frame: _Frame,
        *,
        text: str = "text",
        unit: str = "document",
        prefix: str = "",
        progress: bool | Progress | None = None,
        n_jobs: int = 1,
    ) -> _Frame:
        """Score a column of a frame; see `hedgecheck.frames.score_frame`."""
        from hedgecheck.frames import score_frame

        scored: _Frame = score_frame(
            self, frame, text=text, unit=unit, prefix=prefix, progress=progress, n_jobs=n_jobs
        )
        return scored

    # ------------------------------------------------------------------------------- the inside

    def _sentences(self, sentences: list[str]) -> list[SentenceScore]:
        return self.sentence_columns(sentences).scores() if sentences else []

    def sentence_columns(self, sentences: list[str]) -> ScoredBatch:
        """Score some unrelated sentences, one at least; for what reads columns, not objects."""
        analysis = self.engine.analyse(sentences, self._lexicon())
        numbers = np.zeros(len(sentences), dtype=np.int64)
        check_language(analysis.scene, numbers)
        return score_batch(analysis, sentences, None, numbers, self._alone(sentences))

    def _alone(self, sentences: list[str]) -> Explainer:
        def explainer(i: int) -> Callable[[], tuple[Contribution, ...]]:
            return partial(self._explain, (sentences[i],), 0, None)

        return explainer

    def _documents(self, texts: list[SplitText]) -> list[Document]:
        """Score some documents at once; either all have paragraphs or none has."""
        return self._made(texts, self._columns_of(texts))

    def _made(self, texts: list[SplitText], columns: ScoredBatch | None) -> list[Document]:
        """Make documents of the columns of their sentences; None where there are none."""
        scores: list[SentenceScore] = []
        if columns is not None:
            sentences = [sentence for text in texts for sentence in text.sentences]
            explainer = self._in_context(texts)
            scores = replace(columns, sentences=sentences, explainer=explainer).scores()
        documents, at = [], 0
        for text in texts:
            begin, at = at, at + len(text.sentences)
            documents.append(Document(text.text, tuple(scores[begin:at]), self.version, self.name))
        return documents

    def _in_context(self, texts: list[SplitText]) -> Explainer:
        begins = list(accumulate((len(text.sentences) for text in texts), initial=0))

        def explainer(i: int) -> Callable[[], tuple[Contribution, ...]]:
            number = bisect_right(begins, i) - 1  # past texts without sentences, which begin there
            text = texts[number]
            return partial(self._explain, text.sentences, i - begins[number], text.paragraphs or [])

        return explainer

    def document_columns(
        self, texts: Iterable[str]
    ) -> Iterator[tuple[list[SplitText], ScoredBatch | None]]:
        """Score texts; for what reads columns, not objects.

        Yields some documents at a time with the columns of their sentences; None where there are
        none.
        """
        for batch in _by_size(texts):
            split = split_texts(batch)
            yield split, self._columns_of(split)

    def _columns_of(self, texts: list[SplitText]) -> ScoredBatch | None:
        sentences = [sentence for text in texts for sentence in text.sentences]
        if not sentences:
            return None
        sizes = np.array([len(text.sentences) for text in texts], dtype=np.int64)
        document = np.repeat(np.arange(len(texts)), sizes)
        begins = np.cumsum(sizes) - sizes
        numbers = np.arange(len(sentences)) - begins[document]
        paragraphs = [p for text in texts for p in text.paragraphs or ()]
        paragraph = np.array(paragraphs, dtype=np.int64) if paragraphs else None
        scene = make_scene(sentences, document, self._lexicon(), paragraph)
        check_language(scene, document)
        places = [place for text in texts for place in text.places]
        parts = []
        for kept, part in stretches(len(sentences)):
            analysis = self.engine.analyse_scene(cut(scene, part), document[part])
            found = score_batch(analysis, sentences[part], places[part], numbers[part], None)
            parts.append((found, part.start, kept))
        return join_batches(parts, sentences, places, numbers)

    def _explain(
        self, sentences: tuple[str, ...], i: int, paragraphs: list[int] | None
    ) -> tuple[Contribution, ...]:
        """Score again and say why; `paragraphs` is None for a sentence by itself."""
        document = None if paragraphs is None else np.zeros(len(sentences), dtype=np.int64)
        paragraph = np.array(paragraphs, dtype=np.int64) if paragraphs else None
        numbers = np.zeros(len(sentences), dtype=np.int64)
        scene = make_scene(sentences, numbers, self._lexicon(), paragraph)
        part = stretch_around(i, len(sentences))
        analysis = self.engine.analyse_scene(
            cut(scene, part), None if document is None else document[part]
        )
        return explain_sentence(analysis, i - part.start)

    def _lexicon(self) -> TypeProperties:
        if self._properties.table.full:  # a fresh cache; what it says of a word is always the same
            self._properties = TypeProperties(self.engine.vocabulary)
        return self._properties


def _score_part(model: Model, sentences: list[str]) -> list[ScoredBatch]:
    """Score some batches of sentences, perhaps in another process."""
    return [
        model.sentence_columns(sentences[begin : begin + _BATCH]).bare()
        for begin in range(0, len(sentences), _BATCH)
    ]


_Places = tuple[list[tuple[int, int]], list[int] | None]


def _score_document_part(
    model: Model, groups: list[list[str]]
) -> list[tuple[list[_Places], ScoredBatch | None]]:
    """Split and score some groups of texts: where their sentences stand, and their columns."""
    found = []
    for texts in groups:
        for split, columns in model.document_columns(texts):
            places = [(text.places, text.paragraphs) for text in split]
            found.append((places, None if columns is None else columns.bare()))
    return found


def _by_size(texts: Iterable[str]) -> Iterator[list[str]]:
    """Put texts together to batches of about `_BATCH` sentences."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text) + _SENTENCE  # an empty text counts too
        if size >= _BATCH * _SENTENCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _rebuilt(engine: Engine, name: str, version: str) -> Model:
    return Model(engine, name=name, version=version)


def load(name_or_path: str | os.PathLike[str] = "en") -> Model:
    """Load a model.

    Parameters
    ----------
    name_or_path : str or path-like
        ``"en"`` for the model that comes with hedgecheck, or the path of a model file.

    Returns
    -------
    Model

    Raises
    ------
    ModelFileError
        If there is no such model, or the file is damaged or none of ours.

    Examples
    --------
    >>> import hedgecheck
    >>> hedgecheck.load("en").name
    'en'
    """
    path = model_path(name_or_path)
    payload = read_model(path)
    try:
        engine = _engine_of(payload)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise ModelFileError(
            f"{path}: cannot be used with this hedgecheck ({error!r}); get the file anew, train "
            "the model again, or install the release that made it"
        ) from error
    return Model(engine, name=path.stem, version=str(payload["version"]))


def _engine_of(payload: dict[str, Any]) -> Engine:
    """The engine in a model file, tried on a sentence: parts that do not fit fail here."""
    if payload["features"] != FEATURES:
        raise ValueError(f"made for features {payload['features']}, not {FEATURES}")
    engine = Engine.from_payload(payload)
    engine.analyse(["It rained."], TypeProperties(engine.vocabulary), np.zeros(1, np.int64))
    return engine


@cache
def shipped() -> Model:
    """The shipped model, loaded once."""
    return load("en")
