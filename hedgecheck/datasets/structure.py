"""The one structure that every reader gives: documents of sentences with labels and spans.

A label that a corpus does not have is None, which is not the same as False or as an empty tuple:
``hedges=()`` says that the annotators looked for hedges and found none, ``hedges=None`` that nobody
looked. A sentence whose ``labels`` is None is context: it was not annotated at all.

Offsets are characters into the sentence, and ``text[span.start:span.end] == span.text`` holds for
every span.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from hedgecheck.results import CERTAIN, NO_CLAIM, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

__all__ = [
    "ASPECTS",
    "ASPECT_VALUES",
    "QUOTE_TYPES",
    "Attribution",
    "ContrastPair",
    "LabelledDocument",
    "LabelledSentence",
    "Labels",
    "Span",
    "attribution_of",
    "frame",
    "is_hedged",
]

#: How an attribution's content is conveyed (Newell et al. 2018).
QUOTE_TYPES: Final = ("direct", "mixed", "indirect")

#: What a finding can be certain about, and how it can be (Pei & Jurgens 2021).
ASPECTS: Final = ("Number", "Extent", "Probability", "Condition", "Suggestion", "Framing")
ASPECT_VALUES: Final = ("Certain", "Uncertain", "NotPresent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One attribution as far as it lies in a sentence: who, by which words, conveys what.

    Attributes
    ----------
    id : str
        The attribution's name in its document. The parts of one that runs over several sentences
        stand in each of them under the same name.
    sources, cues, contents : tuple of Span
        The pieces that lie in this sentence, in order; a tuple can be empty.
    source_text : str
        The source in words, wherever in the document it stands; empty where there is none.
    quote_type : str or None
        One of `QUOTE_TYPES`, where the corpus tells.
    polarity : str or None
        ``positive`` or ``negative`` (GUM), where the corpus tells.
    """

    id: str
    sources: tuple[Span, ...] = ()
    cues: tuple[Span, ...] = ()
    contents: tuple[Span, ...] = ()
    source_text: str = ""
    quote_type: str | None = None
    polarity: str | None = None

    @property
    def is_anchored(self) -> bool:
        """Whether the source or the cue stands in this sentence."""
        return bool(self.sources or self.cues)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Everything that was annotated in one sentence; None is what the corpus does not annotate.

    Attributes
    ----------
    certainty : float or None
        From 0 (no claim at all) to 1 (plain fact), on the scale of the guidelines where the corpus
        follows them, else the corpus's own scale stretched to 0 to 1.
    grade : float or None
        The corpus's own number behind `certainty` (Pei & Jurgens: 1 to 6; event factuality: mean
        ``|label|`` of the sentence's events, 0 to 3; the guidelines: 0 to 100).
    hedged : bool or None
        By the guidelines: certainty above .05 and below .85.
    uncertain : bool or None
        The corpus's own yes or no: a cue of any kind (Szeged), speculation (BioScope, CoNLL-2010
        biomedical).
    weasel : bool or None
        A weasel sentence of CoNLL-2010 Wikipedia.
    sourcing, attribution : str or None
        `hedgecheck.results.SOURCING` and `ATTRIBUTION`; for PolNeAR what `attribution_of` says.
    confidential, pronoun, hard, whole : bool or None
        As in the guidelines; `whole` tells that the whole document was annotated.
    source, cue : Span or None
        The one source and the one cue of the guidelines' annotation.
    hedges : tuple of Span or None
        Hedge cues; ``kind`` is one of `hedgecheck.results.HEDGE_KINDS` where the corpus tells
        kinds, ``weasel`` for the cues of weasel sentences (CoNLL-2010 Wikipedia), else ``hedge``.
    negations : tuple of Span or None
        Negation cues (BioScope).
    attributions : tuple of Attribution or None
        PolNeAR and GUM.
    aspects : tuple of (str, str) or None
        `ASPECTS` with their values (Pei & Jurgens).
    """

    certainty: float | None = None
    grade: float | None = None
    hedged: bool | None = None
    uncertain: bool | None = None
    weasel: bool | None = None
    sourcing: str | None = None
    attribution: str | None = None
    confidential: bool | None = None
    source: Span | None = None
    cue: Span | None = None
    pronoun: bool | None = None
    hard: bool | None = None
    whole: bool | None = None
    hedges: tuple[Span, ...] | None = None
    negations: tuple[Span, ...] | None = None
    attributions: tuple[Attribution, ...] | None = None
    aspects: tuple[tuple[str, str], ...] | None = None

    def hedges_of(self, *kinds: str) -> tuple[Span, ...]:
        """Return the hedges of these kinds.

        >>> may = Span(5, 8, "may", "epistemic")
        >>> Labels(hedges=(may,)).hedges_of("epistemic", "doxastic") == (may,)
        True
        """
        return tuple(span for span in self.hedges or () if span.kind in kinds)


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """One sentence: its text, its number in the document and its labels.

    ``number`` is the corpus's own, so it may have gaps and need not begin at 0; ``name`` is the
    corpus's own name ("S1.2"), ``part`` the part of the document ("Title") and ``paragraph`` the
    number of the paragraph, each where the corpus tells.
    """

    text: str
    number: int
    labels: Labels | None = None
    name: str = ""
    part: str = ""
    paragraph: int | None = None


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """A document, or an unbroken stretch of one.

    Documents of the same ``group`` are the same text, in whatever corpus, or stretches of one: they
    belong on the same side of every split. ``split`` and ``genre`` are empty where the corpus does
    not tell.
    """

    id: str
    group: str
    corpus: str
    sentences: tuple[LabelledSentence, ...]
    split: str = ""
    genre: str = ""

    @property
    def labelled(self) -> tuple[LabelledSentence, ...]:
        """The sentences that are not mere context."""
        return tuple(sentence for sentence in self.sentences if sentence.labels is not None)


@dataclass(frozen=True, slots=True)
class ContrastPair:
    """Two near-identical sentences that differ in a label on each of ``axes``.

    Each side is a document in which only the target has labels.
    """

    id: str
    phenomenon: str
    axes: tuple[str, ...]
    a: LabelledDocument
    b: LabelledDocument


def is_hedged(certainty: float) -> bool:
    """Return whether a certainty counts as hedged.

    >>> is_hedged(0.7), is_hedged(0.85), is_hedged(0.05)
    (True, False, False)
    """
    return NO_CLAIM < certainty < CERTAIN


def attribution_of(attributions: Iterable[Attribution]) -> str:
    """Return the attribution of a sentence: ``none``, ``direct``, ``mixed`` or ``indirect``.

    Only attributions whose source or cue stands in the sentence count, and of them those whose type
    is known. It is ``mixed`` where one of them is mixed or where their types differ.

    >>> said = Span(4, 8, "said", "cue")
    >>> attribution_of([Attribution(id="E1", cues=(said,), quote_type="direct")])
    'direct'
    >>> attribution_of([Attribution(id="E1", quote_type="direct")])
    'none'
    """
    types = {each.quote_type for each in attributions if each.is_anchored and each.quote_type}
    if not types:
        return "none"
    return types.pop() if len(types) == 1 else "mixed"


def frame(documents: Iterable[LabelledDocument]) -> pd.DataFrame:
    """Return a frame with a row a sentence.

    Parameters
    ----------
    documents : iterable of LabelledDocument
        What a reader gives. It is read to its end.

    Returns
    -------
    pandas.DataFrame
        Where the sentence stands (``corpus``, ``split``, ``document``, ``group``, ``genre``,
        ``number``, ``name``, ``part``, ``paragraph``), ``text``, ``labelled``, and a column for
        each field of `Labels` that any sentence has. Spans are given as ``(start, end, kind)``.

    Examples
    --------
    >>> sentence = LabelledSentence("It may rain.", 0, Labels(uncertain=True))
    >>> table = frame([LabelledDocument("d1", "d1", "mine", (sentence,))])
    >>> table[["document", "text", "labelled", "uncertain"]].values.tolist()
    [['d1', 'It may rain.', True, True]]
    """
    import pandas as pd  # takes half a second, and few need it

    names = [field.name for field in fields(Labels)]
    rows: list[dict[str, Any]] = []
    for document in documents:
        for sentence in document.sentences:
            row: dict[str, Any] = {
                "corpus": document.corpus,
                "split": document.split,
                "document": document.id,
                "group": document.group,
                "genre": document.genre,
                "number": sentence.number,
                "name": sentence.name,
                "part": sentence.part,
                "paragraph": sentence.paragraph,
                "text": sentence.text,
                "labelled": sentence.labels is not None,
            }
            row |= {name: _cell(getattr(sentence.labels, name, None)) for name in names}
            rows.append(row)
    table = pd.DataFrame(rows)
    empty = [name for name in names if name in table and table[name].isna().all()]
    return table.drop(columns=empty)


def _cell(value: Any) -> Any:
    """Return a value of `Labels` as plain data for a cell."""
    if isinstance(value, Span):
        return (value.start, value.end, value.kind)
    if isinstance(value, Attribution):
        return {field.name: _cell(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_cell(part) for part in value]
    return value
