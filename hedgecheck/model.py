"""The public face of a trained model: loading it, and scoring texts with it."""

from __future__ import annotations

import math
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import Any, Final

import numpy as np

from hedgecheck.engine import Analysis, Engine
from hedgecheck.errors import InputError, LanguageWarning
from hedgecheck.explaining import explain_sentence
from hedgecheck.modelfile import read_model, write_model
from hedgecheck.results import Contribution, Document, SentenceScore
from hedgecheck.segmentation import split_sentences
from hedgecheck.shipped import model_path
from hedgecheck.spans import build_scores
from hedgecheck.vocabulary import SHAPE_CODE, TypeProperties, class_bits

#: Sentences scored at a time where they do not depend on each other.
_BATCH: Final = 1024
#: Texts of at least this many words are checked for their language ...
_LANGUAGE_WORDS: Final = 20
#: ... and are taken for English when this share are function words (news has .35 to .5).
_FUNCTION_SHARE: Final = 0.08


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
        payload = {"version": self.version, "language": "en", **self.engine.to_payload()}
        return write_model(path, payload)

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
                f"score takes the text of one document as a str, got {_described(text)}"
                + _remedy(text)
            )
        found = split_sentences(text)
        sentences = [text[start:end] for start, end, _ in found]
        places = [(start, end) for start, end, _ in found]
        return self._document(text, sentences, places, [paragraph for _, _, paragraph in found])

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
        flat: list[str] = []
        paragraphs: list[int] | None = None
        items = list(_sequence(sentences, "score_document"))
        nested = [isinstance(item, (list, tuple)) for item in items]
        if any(nested):
            paragraphs = []
            for number, item in enumerate(items):
                if not nested[number]:
                    raise InputError(
                        f"score_document: item {number} is {_described(item)} among lists; give "
                        "either sentences, or a list of sentences for every paragraph"
                    )
                for sentence in item:
                    flat.append(_sentence(sentence, len(flat), "score_document"))
                    paragraphs.append(number)
        else:
            flat = [_sentence(item, i, "score_document") for i, item in enumerate(items)]
        places, parts, at = [], [], 0
        for i, sentence in enumerate(flat):
            if i:
                new = paragraphs is not None and paragraphs[i] != paragraphs[i - 1]
                parts.append("\n" if new else " ")
                at += 1
            parts.append(sentence)
            places.append((at, at + len(sentence)))
            at += len(sentence)
        return self._document("".join(parts), flat, places, paragraphs)

    def score_sentences(self, sentences: Sequence[str]) -> list[SentenceScore]:
        """Score unrelated sentences, each by itself.

        Parameters
        ----------
        sentences : sequence of str
            Any number; none depends on another.

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
        found: list[SentenceScore] = []
        for begin in range(0, len(checked), _BATCH):
            found += self._sentences(checked[begin : begin + _BATCH])
        return found

    def iter_sentences(self, sentences: Iterable[str]) -> Iterator[SentenceScore]:
        """Score a stream of unrelated sentences, each by itself, in bounded memory.

        Parameters
        ----------
        sentences : iterable of str
            Any number; they are read 1,024 at a time.

        Yields
        ------
        SentenceScore
            One for each, in order.

        Raises
        ------
        InputError
            If it is a bare str (at once), or an item is not a str (when the stream gets there).
        """
        items = enumerate(_sequence(sentences, "iter_sentences"))
        return self._iter_sentences(items)

    def _iter_sentences(self, items: Iterator[tuple[int, Any]]) -> Iterator[SentenceScore]:
        while True:
            batch: list[str] = []
            error: InputError | None = None
            for i, item in islice(items, _BATCH):
                try:
                    batch.append(_sentence(item, i, "iter_sentences"))
                except InputError as found:  # those before it are scored first
                    error = found
                    break
            yield from self._sentences(batch)
            if error is not None:
                raise error
            if not batch:
                return

    def score_documents(self, texts: Iterable[str]) -> Iterator[Document]:
        """Score a stream of texts, one after the other, in bounded memory.

        Parameters
        ----------
        texts : iterable of str
            One text a document.

        Yields
        ------
        Document
            One for each, in order.

        Raises
        ------
        InputError
            If it is a bare str (at once), or an item is not a str (when the stream gets there).
        """
        items = _sequence(texts, "score_documents")
        return (self.score(_sentence(text, i, "score_documents")) for i, text in enumerate(items))

    # ------------------------------------------------------------------------------- the inside

    def _sentences(self, sentences: list[str]) -> list[SentenceScore]:
        if not sentences:
            return []
        analysis = self.engine.analyse(sentences, self._lexicon())
        self._check_language(analysis)
        numbers = np.zeros(len(sentences), dtype=np.int64)

        def explainer(i: int) -> Callable[[], tuple[Contribution, ...]]:
            return partial(self._explain, (sentences[i],), 0, None)

        return build_scores(analysis, sentences, None, numbers, explainer)

    def _document(
        self,
        text: str,
        sentences: list[str],
        places: list[tuple[int, int]],
        paragraphs: list[int] | None,
    ) -> Document:
        if not sentences:
            return Document(text, (), self.version, self.name)
        analysis = self._in_context(tuple(sentences), paragraphs)
        self._check_language(analysis)
        whole = tuple(sentences)

        def explainer(i: int) -> Callable[[], tuple[Contribution, ...]]:
            return partial(self._explain, whole, i, paragraphs or [])

        numbers = np.arange(len(sentences))
        scores = build_scores(analysis, sentences, places, numbers, explainer)
        return Document(text, tuple(scores), self.version, self.name)

    def _in_context(self, sentences: tuple[str, ...], paragraphs: list[int] | None) -> Analysis:
        document = np.zeros(len(sentences), dtype=np.int64)
        paragraph = np.array(paragraphs, dtype=np.int64) if paragraphs else None
        return self.engine.analyse(sentences, self._lexicon(), document, paragraph)

    def _explain(
        self, sentences: tuple[str, ...], i: int, paragraphs: list[int] | None
    ) -> tuple[Contribution, ...]:
        """Score again and say why; `paragraphs` is None for a sentence by itself."""
        if paragraphs is None:
            analysis = self.engine.analyse(sentences, self._lexicon())
        else:
            analysis = self._in_context(sentences, paragraphs)
        return explain_sentence(analysis, i)

    def _lexicon(self) -> TypeProperties:
        if self._properties.table.full:  # a fresh cache; what it says of a word is always the same
            self._properties = TypeProperties(self.engine.vocabulary)
        return self._properties

    def _check_language(self, analysis: Analysis) -> None:
        """Warn where hardly a word is one of English's commonest."""
        properties, types = analysis.scene.properties, analysis.scene.tokens.type
        slots = analysis.scene.slots
        words = properties.shape[types[slots]] != _PUNCTUATION
        if words.sum() < _LANGUAGE_WORDS:
            return
        common = (properties.classes[types[slots]] & _function_bits()) > 0
        if common.sum() < _FUNCTION_SHARE * words.sum():
            warnings.warn(
                "the text does not look like English; the model knows English only, so do not rely "
                "on these scores",
                LanguageWarning,
                stacklevel=4,
            )


_PUNCTUATION: Final = SHAPE_CODE["p"]


@cache
def _function_bits() -> int:
    names = ("determiner", "pronoun_subject", "pronoun_object", "preposition_source", "auxiliary")
    bits = class_bits()
    return sum({bits[name] for name in (*names, "modal_will", "modal_would", "function_word")})


def _sequence(values: Any, where: str) -> Iterable[Any]:
    if isinstance(values, (str, bytes)) or values is None or isinstance(values, float):
        raise InputError(
            f"{where} takes many texts, got {_described(values)}"
            + (f"; wrap it in a list: {where}([text])" if isinstance(values, str) else "")
            + ("" if isinstance(values, str) else _remedy(values))
        )
    try:
        iter(values)
    except TypeError:
        raise InputError(f"{where} takes an iterable of str, got {_described(values)}") from None
    return values  # type: ignore[no-any-return]


def check_sentences(sentences: Iterable[str], where: str) -> list[str]:
    """The sentences as a list; `InputError`, which speaks of `where`, if they are no such thing."""
    return [_sentence(item, i, where) for i, item in enumerate(_sequence(sentences, where))]


def _sentence(value: Any, index: int, where: str) -> str:
    if isinstance(value, str):
        return value
    raise InputError(f"{where}: item {index} is {_described(value)}, not a str" + _remedy(value))


def _described(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, float) and math.isnan(value):
        return "NaN (a missing value)"
    shown = repr(value)
    return f"{type(value).__name__} {shown if len(shown) <= 40 else shown[:37] + '...'}"


def _remedy(value: Any) -> str:
    if isinstance(value, (bytes, bytearray)):
        return "; decode it first: value.decode('utf-8')"
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "; drop missing values first, or put '' in their place"
    if isinstance(value, (list, tuple)):
        return "; for sentences that are split already use score_document or score_sentences"
    return "; convert it to str first"


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
    name = (
        name_or_path if isinstance(name_or_path, str) and path.stem == name_or_path else path.stem
    )
    return Model(Engine.from_payload(payload), name=str(name), version=payload["version"])


@cache
def shipped() -> Model:
    """The shipped model, loaded once."""
    return load("en")
