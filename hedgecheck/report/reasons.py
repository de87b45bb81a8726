"""Why a sentence got its labels, in words: what the panel and the notes of a report say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hedgecheck.profile import confidential_place, is_attributed_claim
from hedgecheck.report.words import ATTRIBUTION, LEVELS, SOURCING, capital, percent
from hedgecheck.results import SentenceScore

#: Other classes are told where they are at least this probable.
_WORTH_TELLING: Final = 0.1
_GRANTED: Final = "anonymity was asked for or granted"


@dataclass(frozen=True, slots=True)
class Reason:
    """One label of a sentence with its score and the words that show it.

    Attributes
    ----------
    axis : str
        ``certainty``, ``sourcing``, ``confidential`` or ``attribution``.
    label : str
        The label in words, such as "Unnamed source".
    score : str
        Certainty from 0 to 1, or the probability of the label.
    why : str
        What `words` are, or a reason that needs none.
    words : tuple of str
        The words of the sentence that show it.
    place : int or None
        Number of another sentence, from 1, that the label rests on.
    there : str
        The words of that sentence that show it.
    rather : str
        Other labels that the model holds possible, with their probabilities.
    """

    axis: str
    label: str
    score: str
    why: str = ""
    words: tuple[str, ...] = ()
    place: int | None = None
    there: str = ""
    rather: str = ""


def reasons(sentences: Sequence[SentenceScore], place: int) -> tuple[Reason, ...]:
    """Return the labels of one sentence of a document with their reasons."""
    score = sentences[place]
    found = [_of_certainty(score), _of_sourcing(score), *_of_anonymity(sentences, place)]
    if score.attribution != "none":
        found.append(_of_attribution(score))
    return tuple(found)


def spoken_label(number: int, score: SentenceScore) -> str:
    """Return the labels of a sentence in one line, for who hears the page.

    >>> from hedgecheck.results import SentenceScore
    >>> score = SentenceScore("It rained.", 0, 10, 0.95, "none", {}, False, 0.0, "none", {})
    >>> spoken_label(3, score)
    'Sentence 3: certain, 0.95; no source'
    """
    parts = [f"{LEVELS[score.certainty_level]}, {score.certainty:.2f}", SOURCING[score.sourcing]]
    if score.confidential:
        parts[1] += ", anonymity asked for or granted"
    if score.attribution != "none":
        parts.append(ATTRIBUTION[score.attribution])
    return f"Sentence {number}: {'; '.join(parts)}"


def words_for_nobody(score: SentenceScore) -> tuple[str, ...]:
    """Return the words that attribute a claim to nobody in particular, such as "reportedly"."""
    if score.sourcing != "vague" or score.source or score.speaker:
        return ()
    if score.cue:
        return (score.cue.text,)
    return tuple(span.text for span in score.hedges if span.kind == "reportative")[:1]


def _of_certainty(score: SentenceScore) -> Reason:
    words = tuple(dict.fromkeys(span.text for span in score.hedges))
    label, number = capital(LEVELS[score.certainty_level]), f"{score.certainty:.2f}"
    if score.certainty_level == "no_claim":
        return Reason("certainty", label, number, "a question, a wish or a command")
    if score.hedged and words:
        return Reason("certainty", label, number, "hedged:", words)
    if score.hedged:
        return Reason("certainty", label, number, "guarded as a whole, no single word says so")
    if words:
        return Reason("certainty", label, number, "the main claim stands firm in spite of", words)
    return Reason("certainty", label, number, "plainly stated")


def _of_sourcing(score: SentenceScore) -> Reason:
    label = capital(SOURCING[score.sourcing])
    number = percent(score.sourcing_proba.get(score.sourcing, 0.0))
    rather = _rather(score.sourcing_proba, score.sourcing, SOURCING)
    if score.sourcing == "none":
        return Reason("sourcing", label, number, "the writer’s own voice", rather=rather)
    words: tuple[str, ...] = (score.source.text,) if score.source else ()
    why = ""
    if not words and not score.speaker:
        words = words_for_nobody(score)
        why = "nobody in particular:" if words else "no words of the sentence give it"
    found = Reason("sourcing", label, number, why, words, rather=rather)
    if not score.speaker:
        return found
    return replace(found, place=score.speaker.sentence + 1, there=score.speaker.span.text)


def _of_anonymity(sentences: Sequence[SentenceScore], place: int) -> list[Reason]:
    """Return why the sentence rests on a confidential source, if it does."""
    there = confidential_place(sentences, place)
    if there is None:
        return []
    number = percent(sentences[there].confidential_proba)
    found = Reason("confidential", "Confidential", number, _GRANTED)
    if there == place:
        return [found]
    score = sentences[place]
    rests_on_it = score.sourcing == "unnamed" and is_attributed_claim(score)
    return [replace(found, place=there + 1)] if rests_on_it else []


def _of_attribution(score: SentenceScore) -> Reason:
    label = capital(ATTRIBUTION[score.attribution])
    number = percent(score.attribution_proba.get(score.attribution, 0.0))
    rather = _rather(score.attribution_proba, score.attribution, ATTRIBUTION)
    if score.cue:
        return Reason("attribution", label, number, "", (score.cue.text,), rather=rather)
    if score.attribution in ("direct", "mixed") and score.quotes:
        return Reason("attribution", label, number, "in quotation marks", rather=rather)
    why = "the same source goes on" if score.speaker else "no single word shows it"
    return Reason("attribution", label, number, why, rather=rather)


def _rather(proba: Mapping[str, float], chosen: str, words: Mapping[str, str]) -> str:
    others = [(p, name) for name, p in proba.items() if name != chosen and p >= _WORTH_TELLING]
    others.sort(key=lambda pair: -pair[0])
    told = [f"{words[name]} {percent(p)}" for p, name in others[:2]]
    return f"or {' or '.join(told)}" if told else ""
