"""Results built by hand, and a model of a few rules that stands in for the trained one.

It lets the results and the command line be tested for what they do themselves, whatever a trained
model thinks of a sentence. `install` puts it in the place of `hedgecheck.load`.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import hedgecheck
from hedgecheck.errors import LanguageWarning, ModelFileError
from hedgecheck.results import (
    ATTRIBUTION,
    SOURCING,
    Contribution,
    Document,
    SentenceScore,
    Span,
    Speaker,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEDGES = {"may": 0.4, "could": 0.4, "likely": 0.7, "probably": 0.7, "unclear whether": 0.15}
_SENTENCE = re.compile(r"\S[^.!?\n]*[.!?]*[”\"]?")


def build_score(text: str = "It rained.", **fields: Any) -> SentenceScore:
    """Return a score with the fields given and plain values for the rest.

    Spans may be given by their words: ``source="two officials"``, ``hedges=["may"]``.
    """

    def span(words: Any, kind: str) -> Any:
        if not isinstance(words, str):
            return words
        return Span(text.index(words), text.index(words) + len(words), words, kind)

    sourcing = fields.pop("sourcing", "none")
    attribution = fields.pop("attribution", "none" if sourcing == "none" else "indirect")
    rest = (1 - 0.8) / (len(SOURCING) - 1)
    hedges = tuple(span(words, "epistemic") for words in fields.pop("hedges", ()))
    quotes = tuple(span(words, "quote") for words in fields.pop("quotes", ()))
    values: dict[str, Any] = {
        "text": text,
        "start": 0,
        "end": len(text),
        "certainty": 0.95,
        "sourcing": sourcing,
        "sourcing_proba": {name: 0.8 if name == sourcing else rest for name in SOURCING},
        "confidential": False,
        "confidential_proba": 0.1,
        "attribution": attribution,
        "attribution_proba": {name: float(name == attribution) for name in ATTRIBUTION},
        "hedges": hedges,
        "source": span(fields.pop("source", None), "source"),
        "cue": span(fields.pop("cue", None), "cue"),
        "quotes": quotes,
    }
    return SentenceScore(**{**values, **fields})


def build_document(*scores: SentenceScore) -> Document:
    """Return a document of these sentences, a space between them."""
    text = " ".join(score.text for score in scores)
    return Document(text, scores, model_version="0.0.1", model_name="fake")


def speaker(sentence: int, words: str, start: int = 0) -> Speaker:
    """Return a speaker who stands in another sentence."""
    return Speaker(sentence, Span(start, start + len(words), words, "source"))


class FakeModel:
    """A handful of rules with the methods of a model."""

    name = "fake"
    version = "0.0.1"

    def score(self, text: str) -> Document:
        if "schiff" in text:
            warnings.warn("the text looks German, not English", LanguageWarning, stacklevel=2)
        spans = [match.span() for match in _SENTENCE.finditer(text)]
        scores = tuple(self._score(text[start:end], start) for start, end in spans)
        return Document(text, scores, model_version=self.version, model_name=self.name)

    def score_document(self, sentences: Iterable[str]) -> Document:
        return self.score(" ".join(sentences))

    def score_sentences(self, sentences: Iterable[str]) -> list[SentenceScore]:
        return list(self.iter_sentences(sentences))

    def iter_sentences(self, sentences: Iterable[str]) -> Iterator[SentenceScore]:
        return (self._score(sentence, 0) for sentence in sentences)

    def _score(self, text: str, start: int) -> SentenceScore:
        found = [words for words in _HEDGES if re.search(rf"\b{words}\b", text)]
        certainty = 0.05 if text.endswith("?") else min([0.95, *(_HEDGES[it] for it in found)])
        source = re.search(r"\b(two senior officials|sources|Pavel Orlik|[A-Z]\w+ police)\b", text)
        cue = re.search(r"\b(said|declined to comment|reportedly)\b", text)
        sourcing, attribution = "none", "none"
        if cue:
            attribution = "indirect"
            words = source[0] if source else ""
            sourcing = "unnamed" if "officials" in words else "named" if words else "vague"
        return build_score(
            text,
            start=start,
            end=start + len(text),
            certainty=certainty,
            hedges=found,
            sourcing=sourcing,
            attribution="no_comment" if cue and "declined" in cue[0] else attribution,
            confidential="anonymity" in text,
            source=source[0] if source and cue else None,
            cue=cue[0] if cue else None,
            _explainer=lambda: (
                Contribution("certainty", "bias", 0.5),
                Contribution("sourcing", "cue=said", -1.5),
            ),
        )


def load(name: str = "en") -> FakeModel:
    """Stand in for `hedgecheck.load`."""
    if name not in ("en", "fake"):
        raise ModelFileError(f"{name}: no such model")
    return FakeModel()


def install() -> None:
    """Put the stand-in where the command line finds it, in a process of its own."""
    vars(hedgecheck)["load"] = load
