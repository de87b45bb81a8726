"""From arrays to results: spans as characters, kinds of hedges, and whom a pronoun points to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from hedgecheck.context import FULL, antecedents, own_state
from hedgecheck.engine import Analysis
from hedgecheck.results import ATTRIBUTION, SOURCING, Contribution, SentenceScore, Span, Speaker
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import class_bits

#: Columns of the corpus tags that tell kinds of hedges, and the kinds' names.
_KIND_COLUMNS: Final = slice(6, 10)
_KINDS: Final = ("epistemic", "doxastic", "conditional", "doubt")

Explainer = Callable[[int], Callable[[], tuple[Contribution, ...]]]


class SpanReader:
    """Cuts spans out of the sentences of an analysis."""

    def __init__(self, analysis: Analysis) -> None:
        tokens = analysis.scene.tokens
        self._buffer = tokens.buffer
        self._offset = tokens.offset
        self._start, self._end = tokens.start, tokens.end

    def __call__(self, sentence: int, first: int, last: int, kind: str) -> Span:
        """The span from slot `first` to slot `last`, both included, of a sentence."""
        start, end = int(self._start[first]), int(self._end[last])
        base = int(self._offset[sentence])
        return Span(start - base, end - base, self._buffer[start:end], kind)


def build_scores(
    analysis: Analysis,
    sentences: list[str],
    places: list[tuple[int, int]] | None,
    numbers: IntArray,
    explainer: Explainer,
) -> list[SentenceScore]:
    """Turn an analysis into one `SentenceScore` a sentence.

    `places`: offsets of the sentences in their documents, None for 0 and the length. `numbers`: the
    number of each sentence in its document.
    """
    verdicts, evidence = analysis.verdicts, analysis.evidence
    read = SpanReader(analysis)
    hedges = _hedges(analysis, read)
    quotes = _quotes(analysis, read)
    speakers = _speakers(analysis)
    attribution = verdicts.attribution.tolist()
    sourcing = verdicts.sourcing.tolist()
    sourcing_proba = verdicts.sourcing_proba.tolist()
    attribution_proba = verdicts.attribution_proba.tolist()
    confidential = verdicts.confidential_proba.tolist()
    certainty = verdicts.certainty.tolist()
    ends = [part.tolist() for part in (*evidence.source, *evidence.cue)]
    found = []
    for i, text in enumerate(sentences):
        start, end = places[i] if places is not None else (0, len(text))
        attributed = attribution[i] > 0
        source = cue = speaker = None
        if attributed:
            if ends[0][i] >= 0:
                source = read(i, ends[0][i], ends[1][i], "source")
            if ends[2][i] >= 0:
                cue = read(i, ends[2][i], ends[3][i], "cue")
            other = speakers.get(i)
            if other is not None:
                span = read(other, ends[0][other], ends[1][other], "source")
                speaker = Speaker(int(numbers[other]), span)
        found.append(
            SentenceScore(
                text,
                start,
                end,
                certainty[i],
                SOURCING[sourcing[i]],
                dict(zip(SOURCING, sourcing_proba[i], strict=True)),
                confidential[i] > 0.5,
                confidential[i],
                ATTRIBUTION[attribution[i]],
                dict(zip(ATTRIBUTION, attribution_proba[i], strict=True)),
                tuple(hedges.get(i, ())),
                source,
                cue,
                tuple(quotes.get(i, ())),
                speaker,
                explainer(i),
            )
        )
    return found


def _hedges(analysis: Analysis, read: SpanReader) -> dict[int, list[Span]]:
    runs = analysis.evidence.hedges
    types = analysis.scene.tokens.type
    classes = analysis.scene.properties.classes
    tags = analysis.evidence.corpus[:, _KIND_COLUMNS]
    bits = class_bits()
    found: dict[int, list[Span]] = {}
    for sentence, start, end in zip(
        runs.sentence.tolist(), runs.start.tolist(), runs.end.tolist(), strict=True
    ):
        of_words = classes[types[start : end + 1]]
        if (of_words & bits["reportative"]).any():
            kind = "reportative"
        elif (of_words & bits["doubtful_word"]).any():
            kind = "doubt"
        else:
            kind = _KINDS[int(tags[start : end + 1].max(axis=0).argmax())]
        found.setdefault(sentence, []).append(read(sentence, start, end, kind))
    return found


def _quotes(analysis: Analysis, read: SpanReader) -> dict[int, list[Span]]:
    tokens, quotations = analysis.scene.tokens, analysis.scene.quotations
    found: dict[int, list[Span]] = {}
    for start, end in zip(quotations.start.tolist(), quotations.end.tolist(), strict=True):
        for sentence in range(int(tokens.sentence[start]), int(tokens.sentence[end]) + 1):
            first = max(start, int(tokens.first[sentence]))
            last = min(end, int(tokens.last[sentence]) - 1)
            if first <= last:
                found.setdefault(sentence, []).append(read(sentence, first, last, "quote"))
    for spans in found.values():
        spans.sort(key=lambda span: (span.start, span.end))
    return found


def _speakers(analysis: Analysis) -> dict[int, int]:
    """The sentence whose source speaks in each sentence that has no full source of its own."""
    scene, evidence, verdicts = analysis.scene, analysis.evidence, analysis.verdicts
    attributed = verdicts.attribution > 0
    state = own_state(scene, evidence)
    certain = 1.0 - verdicts.sourcing_proba[:, 0]
    before = antecedents(scene, evidence, analysis.document, certain)
    has_source = (evidence.source[0] >= 0) & attributed & (state == FULL)
    found = {}
    # Nobody in particular speaks in what is vague.
    asking = attributed & (state != FULL) & (verdicts.sourcing != SOURCING.index("vague"))
    for i in np.flatnonzero(asking).tolist():
        other = int(before[i])
        if evidence.source[0][i] < 0:
            # The quotation may name its speaker further on, or before.
            inside = _within_quotation(analysis, i, has_source)
            if inside is not None:
                other = inside
            elif evidence.cue[0][i] >= 0:
                continue  # a cue of its own: the source stands here, but was not found
        if other >= 0 and has_source[other]:
            found[i] = other
    return found


def _within_quotation(analysis: Analysis, i: int, has_source: npt.NDArray[np.bool_]) -> int | None:
    """The sentence that names the speaker of a quotation that runs through sentence `i`."""
    tokens, quotations = analysis.scene.tokens, analysis.scene.quotations
    starts, ends = tokens.sentence[quotations.start], tokens.sentence[quotations.end]
    for k in np.flatnonzero((starts <= i) & (ends >= i) & (ends > starts)).tolist():
        for other in (int(ends[k]), int(starts[k])):
            if other != i and has_source[other]:
                return other
    return None
