"""Every source of a document, named or not, with the claims that rest on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hedgecheck.profile import Profile, is_attributed_claim
from hedgecheck.report.reasons import words_for_nobody
from hedgecheck.report.words import capital
from hedgecheck.results import SOURCING, Document, SentenceScore

#: Two phrases that differ in one of these only are one source.
_ARTICLE: Final = re.compile(r"^(?:an?|the|these|those|this|that) ")


@dataclass(frozen=True, slots=True)
class Source:
    """A source with its claims.

    Attributes
    ----------
    name : str
        What the document calls it; empty where no words of it give the source.
    sourcing : str
        ``named``, ``unnamed`` or ``vague``.
    confidential : bool
        Whether anonymity was asked for or granted in one of its claims.
    places : tuple of int
        Indices of the sentences with its claims, from 0.
    """

    name: str
    sourcing: str
    confidential: bool
    places: tuple[int, ...]


def list_sources(document: Document) -> tuple[Source, ...]:
    """Return the sources of the claims: named ones first, and the most quoted first in a class.

    A later claim of a source counts for the words that introduced it. Unnamed sources are one
    where their words are the same.
    """
    scores = document.sentences
    profile = document.profile
    names = _names(profile)
    groups: dict[tuple[str, str], list[int]] = {}
    first_names: dict[tuple[str, str], str] = {}
    for place, score in enumerate(scores):
        if not is_attributed_claim(score):
            continue
        name = names.get(place) if score.sourcing == "named" else None
        name = name or _phrase(score)
        key = (score.sourcing, _ARTICLE.sub("", name.casefold()))
        first_names.setdefault(key, name)
        groups.setdefault(key, []).append(place)
    found = [
        Source(
            first_names[key], key[0], any(scores[place].confidential for place in places),
            tuple(places),
        )
        for key, places in groups.items()
    ]  # fmt: skip
    found.sort(key=lambda it: (SOURCING.index(it.sourcing), -len(it.places), it.places))
    return tuple(found)


def _names(profile: Profile) -> dict[int, str]:
    return {place: it.name for it in profile.named_sources for place in it.sentences}


def _phrase(score: SentenceScore) -> str:
    """Return the words that give the source, those that introduced it if they stand elsewhere.

    Where nobody is given, the words that say so ("reportedly"), in quotation marks.
    """
    span = score.speaker.span if score.speaker else score.source
    if span is None:
        return " ".join(f"“{words}”" for words in words_for_nobody(score))
    return capital(" ".join(span.text.split()))
