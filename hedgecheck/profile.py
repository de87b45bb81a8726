"""A document in figures: who stands behind its claims, and how firmly they are made.

A *claim* here is an attributed sentence that conveys something; a source that declined to comment
(`no_comment`) made none.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hedgecheck.results import ATTRIBUTION, CERTAINTY_LEVELS, SOURCING
from hedgecheck.source_names import group_names, source_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hedgecheck.results import SentenceScore


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A named source with the claims that it stands behind.

    Attributes
    ----------
    name : str
        The fullest form of the name that the document's source phrases give.
    count : int
        Number of sentences with a claim of this source.
    sentences : tuple of int
        Their indices in the document, from 0.
    """

    name: str
    count: int
    sentences: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the source as a JSON-ready dict."""
        return {"name": self.name, "count": self.count, "sentences": list(self.sentences)}


@dataclass(frozen=True, slots=True, repr=False)
class Profile:
    """Figures of one document. Shares are between 0 and 1, and all 0 for an empty document.

    Attributes
    ----------
    sentences : int
        Number of sentences.
    certainty, sourcing, attribution : dict of str to float
        Share of the sentences that have each level or class; each dict adds up to 1.
    hedged, confidential : float
        Share of the sentences that are hedged, and of those with `confidential` set.
    mean_certainty : float or None
        Mean over the sentences that make a claim at all (not ``no_claim``); None without any.
    claims : int
        Number of attributed claims: sentences with a source that conveys something.
    claims_by_source : dict of str to float
        Share of the attributed claims by class of source: ``named``, ``unnamed``, ``vague``.
    named_sources : tuple of NamedSource
        Named sources by number of claims, the most quoted first. A pronoun counts for whom it
        stands for, and a last name for the full name where only one fits.
    weakly_sourced : tuple of int
        Indices of the claims that rest on a vague or a confidential source alone; a later claim
        of a source that was granted anonymity where it was introduced is one of them.
    """

    sentences: int
    certainty: dict[str, float]
    sourcing: dict[str, float]
    attribution: dict[str, float]
    hedged: float
    confidential: float
    mean_certainty: float | None
    claims: int
    claims_by_source: dict[str, float]
    named_sources: tuple[NamedSource, ...]
    weakly_sourced: tuple[int, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as a JSON-ready dict."""
        return {
            "sentences": self.sentences,
            "certainty": dict(self.certainty),
            "sourcing": dict(self.sourcing),
            "attribution": dict(self.attribution),
            "hedged": self.hedged,
            "confidential": self.confidential,
            "mean_certainty": self.mean_certainty,
            "claims": self.claims,
            "claims_by_source": dict(self.claims_by_source),
            "named_sources": [source.to_dict() for source in self.named_sources],
            "weakly_sourced": list(self.weakly_sourced),
        }

    def __repr__(self) -> str:
        mean = "-" if self.mean_certainty is None else f"{self.mean_certainty:.2f}"
        shares = ", ".join(f"{name} {share:.0%}" for name, share in self.claims_by_source.items())
        return (
            f"<Profile of {self.sentences} sentences: {self.claims} attributed claims ({shares}), "
            f"mean certainty {mean}, hedged {self.hedged:.0%}, "
            f"{len(self.named_sources)} named sources, {len(self.weakly_sourced)} weakly sourced>"
        )


def profile_sentences(sentences: Sequence[SentenceScore]) -> Profile:
    """Return the profile of one document's sentences, in order."""
    claims = [i for i, score in enumerate(sentences) if is_attributed_claim(score)]
    with_claim = [score.certainty for score in sentences if score.certainty_level != "no_claim"]
    by_source = Counter(sentences[i].sourcing for i in claims)
    return Profile(
        sentences=len(sentences),
        certainty=_shares(sentences, CERTAINTY_LEVELS, lambda score: score.certainty_level),
        sourcing=_shares(sentences, SOURCING, lambda score: score.sourcing),
        attribution=_shares(sentences, ATTRIBUTION, lambda score: score.attribution),
        hedged=_share(sum(score.hedged for score in sentences), len(sentences)),
        confidential=_share(sum(score.confidential for score in sentences), len(sentences)),
        mean_certainty=sum(with_claim) / len(with_claim) if with_claim else None,
        claims=len(claims),
        claims_by_source={name: _share(by_source[name], len(claims)) for name in SOURCING[1:]},
        named_sources=_named_sources(sentences, claims),
        weakly_sourced=tuple(i for i in claims if _is_weakly_sourced(sentences, i)),
    )


def is_attributed_claim(score: SentenceScore) -> bool:
    """Return whether the sentence conveys a claim of some source."""
    return score.sourcing != "none" and score.attribution not in ("none", "no_comment")


def confidential_place(sentences: Sequence[SentenceScore], i: int) -> int | None:
    """Return the index of the sentence that makes the source of a sentence a confidential one.

    It is the sentence itself or the one that introduced its source; None if neither does.
    """
    score = sentences[i]
    if score.confidential:
        return i
    introduced = score.speaker.sentence if score.speaker else i
    is_there = 0 <= introduced < len(sentences)
    return introduced if is_there and sentences[introduced].confidential else None


def _is_weakly_sourced(sentences: Sequence[SentenceScore], i: int) -> bool:
    sourcing = sentences[i].sourcing
    return sourcing == "vague" or (
        sourcing == "unnamed" and confidential_place(sentences, i) is not None
    )


def _named_sources(
    sentences: Sequence[SentenceScore], claims: Sequence[int]
) -> tuple[NamedSource, ...]:
    """Return the named sources of the claims; one without any name in the text is left out."""
    names: dict[int, str] = {}
    for i in claims:
        score = sentences[i]
        span = score.speaker.span if score.speaker else score.source
        name = source_name(span.text) if span and score.sourcing == "named" else None
        if name:
            names[i] = name
    grouped = group_names(list(names.values()))
    places: dict[str, list[int]] = {}
    for i, name in names.items():
        places.setdefault(grouped[name], []).append(i)
    found = [NamedSource(name, len(where), tuple(where)) for name, where in places.items()]
    return tuple(sorted(found, key=lambda source: (-source.count, source.sentences)))


def _shares(
    sentences: Sequence[SentenceScore],
    classes: Sequence[str],
    class_of: Callable[[SentenceScore], str],
) -> dict[str, float]:
    counts = Counter(class_of(score) for score in sentences)
    return {name: _share(counts[name], len(sentences)) for name in classes}


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
