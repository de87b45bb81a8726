"""``--fail-on``: limits for a document's profile, such as ``unnamed>0.3``, and who breaks them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hedgecheck.profile import Profile
    from hedgecheck.results import SentenceScore

_LIMIT: Final = re.compile(
    r"\s*([a-z_]+)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?|\.\d+)\s*(%?)\s*", re.ASCII
)
_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": gt,
    ">=": ge,
    "<": lt,
    "<=": le,
}
_COUNT: Final = "_count"
_MOST_PLACES: Final = 10  # sentences that a message names

#: Shares that a limit may be put on, each with what it is a share of; with ``_count`` behind it the
#: number itself. docs/cli.md has them in words.
SHARES: Final = {
    "named": "attributed claims",
    "unnamed": "attributed claims",
    "vague": "attributed claims",
    "weak": "attributed claims",
    "hedged": "sentences",
    "confidential": "sentences",
    "unattributed": "sentences",
}
#: Other figures, each with what it counts.
FIGURES: Final = {
    "claims": "attributed claims",
    "named_sources": "named sources",
    "certainty": "mean certainty",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on a figure of a document.

    Attributes
    ----------
    measure : str
        A name of `SHARES`, the same with ``_count`` behind it, or a name of `FIGURES`.
    comparison : str
        ``>``, ``>=``, ``<`` or ``<=``: the figures that fail.
    value : float
        The limit.
    """

    measure: str
    comparison: str
    value: float

    def __str__(self) -> str:
        return f"{self.measure}{self.comparison}{self.value:g}"

    def broken(self, scores: Sequence[SentenceScore], profile: Profile) -> str | None:
        """Return what breaks the limit in words, None where nothing does.

        A share of nothing, such as that of vague sources where nothing is attributed, breaks none.
        """
        share = self.measure.removesuffix(_COUNT)
        places: Sequence[int] = ()
        if share in SHARES:
            places = _places(share, scores, profile)
            total = profile.claims if "claims" in SHARES[share] else profile.sentences
            if share == self.measure and not total:
                return None
            figure = len(places) / total if share == self.measure else float(len(places))
            found = f"{len(places)} of {total} {SHARES[share]}"
        elif self.measure == "certainty":
            if profile.mean_certainty is None:
                return None
            figure = profile.mean_certainty
            found = f"mean certainty {figure:.3f}"
        else:
            sources = profile.named_sources
            figure = profile.claims if self.measure == "claims" else len(sources)
            found = f"{figure:g} {FIGURES[self.measure]}"
        if not _COMPARISONS[self.comparison](figure, self.value):
            return None
        return f"fails {self}: {found}{_where(places)}"


def limit(text: str) -> Limit:
    """Read a limit; an argparse type.

    >>> str(limit("unnamed > 30%")), str(limit("named_sources<2"))
    ('unnamed>0.3', 'named_sources<2')
    """
    found = _LIMIT.fullmatch(text)
    if found is None:
        hint = ""
        if re.fullmatch(r"[a-z_]+", text):
            hint = " (a shell takes > and < for itself: put it in quotation marks)"
        raise argparse.ArgumentTypeError(
            f"{text!r} is no limit: write a figure, > or <, and a number, as 'unnamed>0.3'{hint}"
        )
    measure, comparison, number, percent = found.groups()
    share = measure.removesuffix(_COUNT)
    if share not in SHARES and measure not in FIGURES:
        names = ", ".join([*SHARES, *FIGURES])
        raise argparse.ArgumentTypeError(
            f"{measure!r} is no figure to put a limit on; there are {names}, and _count behind "
            f"the first {len(SHARES)} for numbers in place of shares"
        )
    value = float(number) / (100 if percent else 1)
    of_one = measure in SHARES or measure == "certainty"
    if of_one and value > 1:
        raise argparse.ArgumentTypeError(
            f"{text!r}: {measure} goes from 0 to 1; say {measure}{comparison}{value / 100:g}, or "
            f"{measure}{comparison}{value:g}%"
            + (f"; for a number, {measure}_count" if measure in SHARES else "")
        )
    if percent and not of_one:
        raise argparse.ArgumentTypeError(f"{text!r}: {measure} is a number, not a share; no %")
    return Limit(measure, comparison, value)


def _places(share: str, scores: Sequence[SentenceScore], profile: Profile) -> Sequence[int]:
    """Return the numbers of the sentences that a share counts, from 0."""
    from hedgecheck.profile import is_attributed_claim

    if share == "weak":
        return profile.weakly_sourced

    def counts(score: SentenceScore) -> bool:
        if share == "hedged":
            return score.hedged
        if share == "confidential":
            return score.confidential
        if share == "unattributed":
            return score.attribution == "none"
        return score.sourcing == share and is_attributed_claim(score)

    return [place for place, score in enumerate(scores) if counts(score)]


def _where(places: Sequence[int]) -> str:
    if not places:
        return ""
    shown = ", ".join(str(place + 1) for place in places[:_MOST_PLACES])
    more = ", ..." if len(places) > _MOST_PLACES else ""
    return f": sentence{'s' if len(places) > 1 else ''} {shown}{more}"
