"""The labels in words that a newsroom uses."""

from __future__ import annotations

from typing import Final

LEVELS: Final = {
    "certain": "certain",
    "probable": "probable",
    "possible": "possible",
    "doubtful": "doubtful",
    "no_claim": "no claim",
}
SOURCING: Final = {
    "none": "no source",
    "named": "named source",
    "unnamed": "unnamed source",
    "vague": "vague source",
}
ATTRIBUTION: Final = {
    "none": "not attributed",
    "direct": "quoted in full",
    "mixed": "quoted in part",
    "indirect": "paraphrased",
    "belief": "belief or wish of a source",
    "no_comment": "no comment",
}


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun.

    >>> counted(1, "claim"), counted(2_500, "claim"), counted(0, "story", "stories")
    ('1 claim', '2,500 claims', '0 stories')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    """Return a share from 0 to 1 as a percentage that rounds to neither end by itself.

    >>> percent(0.624), percent(0.998), percent(1.0), percent(0.002)
    ('62%', '>99%', '100%', '<1%')
    """
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share:.0%}"


def capital(text: str) -> str:
    """Return a text whose first letter is a capital; the others stay as they are.

    >>> capital("no comment")
    'No comment'
    """
    return text[:1].upper() + text[1:]
