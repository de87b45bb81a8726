"""What scoring gives back: spans, one score a sentence, and the document that holds them.

All of it is plain, frozen data: it compares, pickles and turns into JSON. Offsets are characters
of Python strings, and ``text[span.start:span.end] == span.text`` holds for every span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, overload

from hedgecheck.errors import HedgecheckError, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from hedgecheck.profile import Profile

SOURCING: Final = ("none", "named", "unnamed", "vague")
ATTRIBUTION: Final = ("none", "direct", "mixed", "indirect", "belief", "no_comment")
HEDGE_KINDS: Final = ("epistemic", "doxastic", "conditional", "doubt", "reportative")

# Levels from the surest down, each with the lowest certainty that belongs to it; "doubtful" begins
# just above .075, half-way between the guidelines' steps of 5 and 10. docs/labels.md has the words.
CERTAINTY_LEVELS: Final = ("certain", "probable", "possible", "doubtful", "no_claim")
CERTAIN: Final = 0.85
PROBABLE: Final = 0.6
POSSIBLE: Final = 0.3
NO_CLAIM: Final = 0.075  # at or below

# How far a class of source is from one that the reader can go and ask.
ANONYMITY: Final = {"named": 0.0, "unnamed": 0.6, "vague": 1.0}
ANONYMITY_CONFIDENTIAL: Final = 0.8  # of "unnamed", where anonymity was asked for or granted

DOCUMENT_SCHEMA: Final = "hedgecheck.document/1"


def certainty_level(certainty: float) -> str:
    """Return the level that a certainty from 0 to 1 belongs to.

    >>> certainty_level(0.95), certainty_level(0.7), certainty_level(0.1), certainty_level(0.0)
    ('certain', 'probable', 'doubtful', 'no_claim')
    """
    if certainty >= CERTAIN:
        return "certain"
    if certainty >= PROBABLE:
        return "probable"
    if certainty >= POSSIBLE:
        return "possible"
    return "doubtful" if certainty > NO_CLAIM else "no_claim"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a sentence that is evidence for a label.

    Attributes
    ----------
    start, end : int
        Character offsets into the sentence; ``end`` is the first character after the span.
    text : str
        The words themselves: ``sentence[start:end]``.
    kind : str
        One of `HEDGE_KINDS` for a hedge; ``source``, ``cue`` or ``quote`` for the others.
    """

    start: int
    end: int
    text: str
    kind: str

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.text):
            raise InputError(
                f"span {self.start}:{self.end} does not fit its text of {len(self.text)} "
                "characters; give offsets into the sentence that the text was cut from"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the span as a JSON-ready dict."""
        return {"start": self.start, "end": self.end, "text": self.text, "kind": self.kind}


@dataclass(frozen=True, slots=True)
class Speaker:
    """The source of a sentence where it stands in another sentence of the document.

    Attributes
    ----------
    sentence : int
        Index into the document's sentences, from 0.
    span : Span
        The words that name the source, with offsets into that other sentence.
    """

    sentence: int
    span: Span

    def to_dict(self) -> dict[str, Any]:
        """Return the speaker as a JSON-ready dict."""
        return {"sentence": self.sentence, "span": self.span.to_dict()}


@dataclass(frozen=True, slots=True)
class Contribution:
    """How much one feature of a sentence spoke for the label that an axis got.

    Attributes
    ----------
    axis : str
        ``certainty``, ``sourcing``, ``attribution`` or ``confidential``.
    feature : str
        The feature's name, as the model knows it.
    value : float
        Weight times value of the feature: above 0 it spoke for the label (for certainty: for a
        higher one), below 0 against it.
    span : Span or None
        Where in the sentence the feature stands; None for one that stands nowhere in particular.
    """

    axis: str
    feature: str
    value: float
    span: Span | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the contribution as a JSON-ready dict."""
        return {
            "axis": self.axis,
            "feature": self.feature,
            "value": self.value,
            "span": self.span.to_dict() if self.span else None,
        }


@dataclass(frozen=True, slots=True, repr=False)
class SentenceScore:
    """One sentence with its labels, their probabilities and the words that carry them.

    Scoring makes these, and works their labels out when one is first asked for: until then a score
    keeps the labels of the two thousand sentences that were scored with it. `certainty_level`,
    `hedged` and `anonymity` follow from the other fields.

    Attributes
    ----------
    text : str
        The sentence.
    start, end : int
        Its offsets into `Document.text`, or 0 and ``len(text)`` for one scored alone.
    certainty : float
        How sure the wording is of the sentence's main claim, 0 to 1.
    sourcing : str
        One of `SOURCING`: how far the reader can tell who stands behind the sentence.
    sourcing_proba : dict of str to float
        Calibrated probability of every class of `SOURCING`.
    confidential : bool
        Whether the sentence says that its source asked for or was granted anonymity.
    confidential_proba : float
        Calibrated probability of that.
    attribution : str
        One of `ATTRIBUTION`: how the sentence conveys what a source holds.
    attribution_proba : dict of str to float
        Calibrated probability of every class of `ATTRIBUTION`.
    hedges, quotes : tuple of Span
        Words that weaken the claim, and quotations, in the order of the text.
    source, cue : Span or None
        The words that name the source, and those that attribute ("said", "according to").
    speaker : Speaker or None
        The resolved source when it stands in another sentence of the document.

    Raises
    ------
    InputError
        If a label is unknown or a number is out of its range.
    """

    text: str
    start: int
    end: int
    certainty: float
    sourcing: str
    sourcing_proba: dict[str, float] = field(hash=False)
    confidential: bool
    confidential_proba: float
    attribution: str
    attribution_proba: dict[str, float] = field(hash=False)
    hedges: tuple[Span, ...] = ()
    source: Span | None = None
    cue: Span | None = None
    quotes: tuple[Span, ...] = ()
    speaker: Speaker | None = None
    _explainer: Callable[[], tuple[Contribution, ...]] | None = field(default=None, compare=False)
    # What gives the fields that scoring left empty, and the number of the sentence to ask it for.
    _pending: tuple[Callable[[int, str], dict[str, Any]], int] | None = field(
        default=None, init=False, compare=False
    )

    if not TYPE_CHECKING:  # a type checker would take it for any attribute at all

        def __getattr__(self, name: str) -> Any:
            # Called for a slot that is empty: few who score a million sentences look at every
            # field of each, and labels with their probabilities take longer to build than to
            # compute. The first look fills all slots and lets go of the batch.
            pending = None if name == "_pending" or name not in _LAZY else self._pending
            if pending is not None:
                fields_of, number = pending
                for field_name, value in fields_of(number, self.text).items():
                    object.__setattr__(self, field_name, value)
                object.__setattr__(self, "_pending", None)
            # Another thread may have filled them just now; what there is not raises AttributeError.
            return object.__getattribute__(self, name)

    def __post_init__(self) -> None:
        if self.sourcing not in SOURCING:
            raise InputError(f"sourcing is {self.sourcing!r}; it has to be one of {SOURCING}")
        if self.attribution not in ATTRIBUTION:
            raise InputError(
                f"attribution is {self.attribution!r}; it has to be one of {ATTRIBUTION}"
            )
        # Written so that a NaN fails too.
        if not (0.0 <= self.certainty <= 1.0 and 0.0 <= self.confidential_proba <= 1.0):
            raise InputError(
                f"certainty is {self.certainty!r} and confidential_proba "
                f"{self.confidential_proba!r}; both have to lie between 0 and 1"
            )

    @property
    def certainty_level(self) -> str:
        """``certain``, ``probable``, ``possible``, ``doubtful`` or ``no_claim``."""
        return certainty_level(self.certainty)

    @property
    def hedged(self) -> bool:
        """Whether the sentence makes a claim and weakens it."""
        return bool(NO_CLAIM < self.certainty < CERTAIN)

    @property
    def anonymity(self) -> float | None:
        """Expected distance from an identified source, 0 (named) to 1 (vague).

        The mean of the classes' weights (`ANONYMITY`) under their probabilities, given that there
        is a source; None when `sourcing` is ``none``.
        """
        if self.sourcing == "none":
            return None
        weights = dict(ANONYMITY)
        if self.confidential:
            weights["unnamed"] = ANONYMITY_CONFIDENTIAL
        mass = sum(self.sourcing_proba.get(name, 0.0) for name in weights)
        if mass <= 0.0:
            return weights[self.sourcing]
        expected = sum(
            self.sourcing_proba.get(name, 0.0) * weight for name, weight in weights.items()
        )
        return min(1.0, float(expected / mass))

    def explain(self) -> tuple[Contribution, ...]:
        """Return what spoke for and against the labels, the largest first.

        Raises
        ------
        HedgecheckError
            If the score has been pickled or copied since: the model does not travel with it.
        """
        if self._explainer is None:
            raise HedgecheckError(
                "this score no longer knows the model that made it (pickled, copied or built by "
                "hand); score the text again and call explain() on the new result"
            )
        found = self._explainer()
        return tuple(sorted(found, key=lambda part: -abs(part.value)))

    def to_dict(self) -> dict[str, Any]:
        """Return the score as a JSON-ready dict with every field, spans as dicts."""
        return {
            "text": self.text,
            "start": int(self.start),
            "end": int(self.end),
            "certainty": float(self.certainty),
            "certainty_level": self.certainty_level,
            "hedged": self.hedged,
            "sourcing": self.sourcing,
            "sourcing_proba": {name: float(p) for name, p in self.sourcing_proba.items()},
            "anonymity": self.anonymity,
            "confidential": bool(self.confidential),
            "confidential_proba": float(self.confidential_proba),
            "attribution": self.attribution,
            "attribution_proba": {name: float(p) for name, p in self.attribution_proba.items()},
            "hedges": [span.to_dict() for span in self.hedges],
            "source": self.source.to_dict() if self.source else None,
            "cue": self.cue.to_dict() if self.cue else None,
            "quotes": [span.to_dict() for span in self.quotes],
            "speaker": self.speaker.to_dict() if self.speaker else None,
        }

    def _repr_html_(self) -> str:
        from hedgecheck.notebook import sentence_html  # notebooks call this, and little else

        return sentence_html(self)

    def __reduce__(self) -> tuple[type[SentenceScore], tuple[Any, ...]]:
        # The explainer holds the model: a pickled score leaves it behind.
        return SentenceScore, tuple(getattr(self, name) for name in _PUBLIC)

    def __repr__(self) -> str:
        shown = self.text if len(self.text) <= 60 else self.text[:57] + "..."
        sourcing = self.sourcing + (" (confidential)" if self.confidential else "")
        return (
            f"<SentenceScore {shown!r}: {self.certainty_level} {self.certainty:.2f}, "
            f"sourcing {sourcing}, attribution {self.attribution}>"
        )


_PUBLIC: Final = tuple(part.name for part in fields(SentenceScore) if part.name[0] != "_")

#: Fields that scoring leaves empty until one of them is asked for.
_LAZY: Final = frozenset(
    {
        *("start", "end", "certainty", "sourcing", "sourcing_proba", "confidential"),
        *("confidential_proba", "attribution", "attribution_proba", "_explainer"),
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class Document(Sequence[SentenceScore]):
    """A scored text: a sequence of `SentenceScore`, with a profile of the whole.

    Attributes
    ----------
    text : str
        The text that was scored.
    sentences : tuple of SentenceScore
        Its sentences in order; ``document[i]``, ``len(document)`` and iteration give the same.
    model_version : str
        Version of the model that scored it.
    model_name : str
        Name of that model, such as ``en``.
    """

    text: str
    sentences: tuple[SentenceScore, ...]
    model_version: str = ""
    model_name: str = ""
    _profile: Profile | None = field(default=None, init=False, compare=False)

    @overload
    def __getitem__(self, index: int) -> SentenceScore: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[SentenceScore, ...]: ...

    def __getitem__(self, index: int | slice) -> SentenceScore | tuple[SentenceScore, ...]:
        return self.sentences[index]

    def __len__(self) -> int:
        return len(self.sentences)

    @property
    def profile(self) -> Profile:
        """The document in figures (`Profile`); worked out once."""
        if self._profile is not None:
            return self._profile
        from hedgecheck.profile import profile_sentences  # it imports this module

        profile = profile_sentences(self.sentences)
        object.__setattr__(self, "_profile", profile)
        return profile

    def to_frame(self) -> pd.DataFrame:
        """Return a pandas frame with a row per sentence, indexed by the sentence's number from 0.

        The columns are those of `hedgecheck.columns.COLUMNS`.
        """
        from hedgecheck.columns import frame_of_scores  # it imports this module

        return frame_of_scores(self.sentences)

    def to_html(self, *, title: str | None = None) -> str:
        """Return a report of the document as one HTML file that needs no network.

        Parameters
        ----------
        title : str, optional
            What the report is called; by default the headline of the text, if it has one.

        Returns
        -------
        str
            A whole page, to be written as UTF-8. Whatever the text holds is escaped.

        Examples
        --------
        >>> html = Document("", ()).to_html(title="Nothing yet")
        >>> "<h1>Nothing yet</h1>" in html
        True
        """
        from hedgecheck.report import document_html  # it imports this module, and a template engine

        return document_html(self, title=title)

    def to_dict(self) -> dict[str, Any]:
        """Return the document as a JSON-ready dict with schema, versions, profile and sentences."""
        from hedgecheck import __version__  # it imports this module

        return {
            "schema": DOCUMENT_SCHEMA,
            "library": {"name": "hedgecheck", "version": __version__},
            "model": {"name": self.model_name, "version": self.model_version},
            "text": self.text,
            "profile": self.profile.to_dict(),
            "sentences": [sentence.to_dict() for sentence in self.sentences],
        }

    def _repr_html_(self) -> str:
        from hedgecheck.notebook import document_html

        return document_html(self)

    def __reduce__(self) -> tuple[type[Document], tuple[Any, ...]]:
        return Document, (self.text, self.sentences, self.model_version, self.model_name)

    def __repr__(self) -> str:
        count = len(self.sentences)
        attributed = sum(sentence.attribution != "none" for sentence in self.sentences)
        hedged = sum(sentence.hedged for sentence in self.sentences)
        noun = "sentence" if count == 1 else "sentences"
        return f"<Document of {count} {noun}: {attributed} attributed, {hedged} hedged>"
