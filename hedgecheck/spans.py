"""From arrays to results: spans as characters, kinds of hedges, and whom a pronoun points to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import repeat
from typing import Any, Final, TypeVar

import numpy as np
import numpy.typing as npt

from hedgecheck.bulk import make_many
from hedgecheck.context import FULL, antecedents, own_state
from hedgecheck.engine import Analysis
from hedgecheck.heads import Verdicts
from hedgecheck.results import ATTRIBUTION, SOURCING, Contribution, SentenceScore, Span, Speaker
from hedgecheck.sentence_blocks import slots_of_runs
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import class_bits

#: Columns of the corpus tags that tell kinds of hedges, and the kinds' names; then those that the
#: words themselves tell.
_KIND_COLUMNS: Final = slice(6, 10)
_KINDS: Final = ("epistemic", "doxastic", "conditional", "doubt", "reportative")
_DOUBT: Final = _KINDS.index("doubt")
_REPORTATIVE: Final = _KINDS.index("reportative")

_Value = TypeVar("_Value")
Explainer = Callable[[int], Callable[[], tuple[Contribution, ...]]]


@dataclass(frozen=True, slots=True)
class SpanColumn:
    """Spans of a batch: the sentence of each, rising, and what a `Span` has."""

    row: list[int]
    start: list[int]
    end: list[int]
    text: list[str]
    kind: list[str]

    def spans(self) -> list[Span]:
        """One `Span` each."""
        return make_many(
            Span, len(self.row), start=self.start, end=self.end, text=self.text, kind=self.kind
        )

    def one_each(self, values: Sequence[_Value], n: int) -> list[_Value | None]:
        """What there is of each of n sentences, of one value a span; a sentence has one at most."""
        found: list[_Value | None] = [None] * n
        for i, value in zip(self.row, values, strict=True):
            found[i] = value
        return found

    def groups(self) -> Iterator[tuple[int, slice]]:
        """The sentences that have spans, and which spans each has."""
        row = np.array(self.row, dtype=np.int64)
        begins = np.flatnonzero(np.diff(row, prepend=-1))
        bounds = [*begins.tolist(), len(row)]
        return zip(row[begins].tolist(), map(slice, bounds, bounds[1:]), strict=False)

    def append_to(self, joined: SpanColumn, begin: int, kept: slice) -> None:
        """Append the spans of some sentences to others; `begin`: the number of the first of all."""
        bounds = (bisect_left(self.row, edge - begin) for edge in (kept.start, kept.stop))
        part = slice(*bounds)
        joined.row.extend(row + begin for row in self.row[part])
        joined.start.extend(self.start[part])
        joined.end.extend(self.end[part])
        joined.text.extend(self.text[part])
        joined.kind.extend(self.kind[part])


@dataclass(frozen=True, slots=True)
class ScoredBatch:
    """All that is told of a batch, column by column.

    ``place``: offsets of the sentences in their documents, None for 0 and the length. ``number``:
    the number of each sentence in its document. ``source`` and ``cue`` have a span a sentence at
    most. ``speaker``: for a sentence the one whose source speaks in it. ``explainer`` makes what
    explains a sentence; a bare batch has neither it nor the sentences.
    """

    sentences: Sequence[str]
    place: list[tuple[int, int]] | None
    number: IntArray
    verdicts: Verdicts
    hedges: SpanColumn
    source: SpanColumn
    cue: SpanColumn
    quotes: SpanColumn
    speaker: dict[int, int]
    explainer: Explainer | None

    def bare(self) -> ScoredBatch:
        """The batch without its texts and what explains it: what is sent between processes."""
        return replace(self, sentences=(), explainer=None)

    def scores(self) -> list[SentenceScore]:
        """One `SentenceScore` a sentence; their labels are worked out when one is asked for."""
        n = len(self.sentences)
        source = self._one_each(self.source)
        speaker: list[Speaker | None] = [None] * n
        for i, other in self.speaker.items():
            span = source[other]
            if span is not None:
                speaker[i] = Speaker(int(self.number[other]), span)
        if self.explainer is None:
            raise TypeError("a bare batch makes no scores: give it its texts and explainer first")
        labels = _Labels(self.place, self.verdicts, self.explainer)
        return make_many(
            SentenceScore,
            n,
            text=self.sentences,
            hedges=self._some_each(self.hedges),
            source=source,
            cue=self._one_each(self.cue),
            quotes=self._some_each(self.quotes),
            speaker=speaker,
            _pending=zip(repeat(labels.of), range(n)),
        )

    def _one_each(self, column: SpanColumn) -> list[Span | None]:
        return column.one_each(column.spans(), len(self.sentences))

    def _some_each(self, column: SpanColumn) -> list[tuple[Span, ...]]:
        found: list[tuple[Span, ...]] = [()] * len(self.sentences)
        spans = column.spans()
        for i, group in column.groups():
            found[i] = tuple(spans[group])
        return found


class _Labels:
    """The labels of a batch, for `SentenceScore` to ask for those of its sentence."""

    def __init__(
        self, place: list[tuple[int, int]] | None, verdicts: Verdicts, explainer: Explainer
    ) -> None:
        self._place = place
        self._verdicts = verdicts
        self._explainer = explainer

    def of(self, i: int, text: str) -> dict[str, Any]:
        """The fields of `SentenceScore` that are not there from the start."""
        verdicts = self._verdicts
        start, end = (0, len(text)) if self._place is None else self._place[i]
        confidential = float(verdicts.confidential_proba[i])
        sourcing, attribution = verdicts.sourcing_proba[i], verdicts.attribution_proba[i]
        return {
            "start": start,
            "end": end,
            "certainty": float(verdicts.certainty[i]),
            "sourcing": SOURCING[verdicts.sourcing[i]],
            "sourcing_proba": dict(zip(SOURCING, sourcing.tolist(), strict=True)),
            "confidential": confidential > 0.5,
            "confidential_proba": confidential,
            "attribution": ATTRIBUTION[verdicts.attribution[i]],
            "attribution_proba": dict(zip(ATTRIBUTION, attribution.tolist(), strict=True)),
            "_explainer": self._explainer(i),
        }


def score_batch(
    analysis: Analysis,
    sentences: Sequence[str],
    place: list[tuple[int, int]] | None,
    number: IntArray,
    explainer: Explainer | None,
) -> ScoredBatch:
    """Turn an analysis into columns; `place`, `number` and `explainer` as in `ScoredBatch`."""
    evidence = analysis.evidence
    attributed = analysis.verdicts.attribution > 0
    return ScoredBatch(
        sentences,
        place,
        number,
        analysis.verdicts,
        _hedges(analysis),
        _evidence(analysis, evidence.source, attributed, "source"),
        _evidence(analysis, evidence.cue, attributed, "cue"),
        _quotes(analysis),
        _speakers(analysis) if number.any() else {},  # where a document has several sentences
        explainer,
    )


def join_batches(
    parts: Sequence[tuple[ScoredBatch, int, slice]],
    sentences: Sequence[str],
    place: list[tuple[int, int]] | None,
    number: IntArray,
) -> ScoredBatch:
    """One batch of stretches that overlap.

    `parts`: the columns of each stretch, its first sentence, and the sentences that are kept of it.
    """
    if len(parts) == 1:
        return parts[0][0]
    inner = [slice(kept.start - begin, kept.stop - begin) for _, begin, kept in parts]

    def verdicts(name: str) -> npt.NDArray[Any]:
        found = [getattr(batch.verdicts, name) for batch, _, _ in parts]
        return np.concatenate([values[kept] for values, kept in zip(found, inner, strict=True)])

    def spans(name: str) -> SpanColumn:
        joined = SpanColumn([], [], [], [], [])
        for batch, begin, kept in parts:
            getattr(batch, name).append_to(joined, begin, kept)
        return joined

    speaker = {
        i + begin: other + begin
        for batch, begin, kept in parts
        for i, other in batch.speaker.items()
        if kept.start <= i + begin < kept.stop
    }
    return ScoredBatch(
        sentences,
        place,
        number,
        Verdicts(**{part.name: verdicts(part.name) for part in fields(Verdicts)}),
        spans("hedges"),
        spans("source"),
        spans("cue"),
        spans("quotes"),
        speaker,
        None,
    )


def _column(
    analysis: Analysis, row: IntArray, first: IntArray, last: IntArray, kind: list[str]
) -> SpanColumn:
    """Spans from their first to their last slots."""
    tokens = analysis.scene.tokens
    start, end, base = tokens.start[first], tokens.end[last], tokens.offset[row]
    buffer = tokens.buffer
    text = [buffer[a:b] for a, b in zip(start.tolist(), end.tolist(), strict=True)]
    return SpanColumn(row.tolist(), (start - base).tolist(), (end - base).tolist(), text, kind)


_NONE: Final = SpanColumn([], [], [], [], [])


def _evidence(
    analysis: Analysis,
    bounds: tuple[IntArray, IntArray],
    attributed: npt.NDArray[np.bool_],
    kind: str,
) -> SpanColumn:
    row = np.flatnonzero((bounds[0] >= 0) & attributed)
    return (
        _column(analysis, row, bounds[0][row], bounds[1][row], [kind] * len(row))
        if len(row)
        else _NONE
    )


def _hedges(analysis: Analysis) -> SpanColumn:
    runs = analysis.evidence.hedges
    if not len(runs.start):
        return _NONE
    bits = class_bits()
    slots, _ = slots_of_runs(runs.start, runs.end)
    lengths = runs.end - runs.start + 1
    begins = np.cumsum(lengths) - lengths
    classes = analysis.scene.properties.classes[analysis.scene.tokens.type[slots]]
    of_words = np.bitwise_or.reduceat(classes, begins)
    tags = np.maximum.reduceat(analysis.evidence.corpus[slots, _KIND_COLUMNS], begins, axis=0)
    kind = tags.argmax(axis=1)
    kind[(of_words & bits["doubtful_word"]) > 0] = _DOUBT
    kind[(of_words & bits["reportative"]) > 0] = _REPORTATIVE
    names = [_KINDS[k] for k in kind.tolist()]
    return _column(analysis, runs.sentence, runs.start, runs.end, names)


def _quotes(analysis: Analysis) -> SpanColumn:
    tokens, quotations = analysis.scene.tokens, analysis.scene.quotations
    if not len(quotations.start):
        return _NONE
    # A quotation that runs over several sentences is cut at their edges.
    first, last = tokens.sentence[quotations.start], tokens.sentence[quotations.end]
    which = np.repeat(np.arange(len(first)), last - first + 1)
    sentence = np.arange(len(which)) - np.searchsorted(which, which) + first[which]
    start = np.maximum(quotations.start[which], tokens.first[sentence])
    end = np.minimum(quotations.end[which], tokens.last[sentence] - 1)
    kept = np.flatnonzero(start <= end)
    kept = kept[np.lexsort((end[kept], start[kept], sentence[kept]))]
    return _column(analysis, sentence[kept], start[kept], end[kept], ["quote"] * len(kept))


def _speakers(analysis: Analysis) -> dict[int, int]:
    """The sentence whose source speaks in each sentence that has no full source of its own."""
    scene, evidence, verdicts = analysis.scene, analysis.evidence, analysis.verdicts
    attributed = verdicts.attribution > 0
    state = own_state(scene, evidence)
    certain = 1.0 - verdicts.sourcing_proba[:, 0]
    before = antecedents(state, analysis.document, certain)
    has_source = (evidence.source[0] >= 0) & attributed & (state == FULL)
    in_quotation = _quotation_speakers(analysis, has_source)
    found = {}
    # Nobody in particular speaks in what is vague.
    asking = attributed & (state != FULL) & (verdicts.sourcing != SOURCING.index("vague"))
    for i in np.flatnonzero(asking).tolist():
        other = int(before[i])
        if evidence.source[0][i] < 0:
            # The quotation may name its speaker further on, or before.
            if i in in_quotation:
                other = in_quotation[i]
            elif evidence.cue[0][i] >= 0:
                continue  # a cue of its own: the source stands here, but was not found
        if other >= 0 and has_source[other]:
            found[i] = other
    return found


def _quotation_speakers(analysis: Analysis, has_source: npt.NDArray[np.bool_]) -> dict[int, int]:
    """For sentences of a quotation that runs on: its last or first, if that names the source."""
    tokens, quotations = analysis.scene.tokens, analysis.scene.quotations
    starts, ends = tokens.sentence[quotations.start], tokens.sentence[quotations.end]
    found: dict[int, int] = {}
    for k in np.flatnonzero(ends > starts).tolist():
        first, last = int(starts[k]), int(ends[k])
        for i in range(first, last + 1):
            for other in (last, first):
                if i not in found and other != i and has_source[other]:
                    found[i] = other
    return found
