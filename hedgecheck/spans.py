"""From arrays to results: spans as characters, kinds of hedges, and whom a pronoun points to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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


def char_offsets(
    analysis: Analysis, sentence: IntArray, first: IntArray, last: IntArray
) -> tuple[list[int], list[int]]:
    """Where spans of slots begin and end in their sentences, in characters."""
    tokens = analysis.scene.tokens
    base = tokens.offset[sentence]
    return (tokens.start[first] - base).tolist(), (tokens.end[last] - base).tolist()


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
    hedges = _hedges(analysis, sentences)
    quotes = _quotes(analysis, sentences)
    speakers = _speakers(analysis)
    rows = np.arange(len(sentences))
    source_start, source_end = char_offsets(analysis, rows, *evidence.source)
    cue_start, cue_end = char_offsets(analysis, rows, *evidence.cue)
    has_source = ((evidence.source[0] >= 0) & (verdicts.attribution > 0)).tolist()
    has_cue = ((evidence.cue[0] >= 0) & (verdicts.attribution > 0)).tolist()

    def source_of(i: int) -> Span:
        start, end = source_start[i], source_end[i]
        return Span(start, end, sentences[i][start:end], "source")

    attribution = verdicts.attribution.tolist()
    sourcing = verdicts.sourcing.tolist()
    sourcing_proba = verdicts.sourcing_proba.tolist()
    attribution_proba = verdicts.attribution_proba.tolist()
    confidential = verdicts.confidential_proba.tolist()
    certainty = verdicts.certainty.tolist()
    found = []
    for i, text in enumerate(sentences):
        start, end = places[i] if places is not None else (0, len(text))
        source = source_of(i) if has_source[i] else None
        cue = None
        if has_cue[i]:
            cue = Span(cue_start[i], cue_end[i], text[cue_start[i] : cue_end[i]], "cue")
        other = speakers.get(i)
        speaker = None if other is None else Speaker(int(numbers[other]), source_of(other))
        none, named, unnamed, vague = sourcing_proba[i]
        found.append(
            SentenceScore(
                text,
                start,
                end,
                certainty[i],
                SOURCING[sourcing[i]],
                {"none": none, "named": named, "unnamed": unnamed, "vague": vague},
                confidential[i] > 0.5,
                confidential[i],
                ATTRIBUTION[attribution[i]],
                dict(zip(ATTRIBUTION, attribution_proba[i], strict=True)),
                hedges.get(i, ()),
                source,
                cue,
                quotes.get(i, ()),
                speaker,
                explainer(i),
            )
        )
    return found


def _hedges(analysis: Analysis, sentences: Sequence[str]) -> dict[int, tuple[Span, ...]]:
    runs = analysis.evidence.hedges
    types = analysis.scene.tokens.type
    classes = analysis.scene.properties.classes
    tags = analysis.evidence.corpus[:, _KIND_COLUMNS]
    bits = class_bits()
    begins, ends = char_offsets(analysis, runs.sentence, runs.start, runs.end)
    found: dict[int, list[Span]] = {}
    for k, i in enumerate(runs.sentence.tolist()):
        slots = slice(int(runs.start[k]), int(runs.end[k]) + 1)
        of_words = classes[types[slots]]
        if (of_words & bits["reportative"]).any():
            kind = "reportative"
        elif (of_words & bits["doubtful_word"]).any():
            kind = "doubt"
        else:
            kind = _KINDS[int(tags[slots].max(axis=0).argmax())]
        span = Span(begins[k], ends[k], sentences[i][begins[k] : ends[k]], kind)
        found.setdefault(i, []).append(span)
    return {i: tuple(spans) for i, spans in found.items()}


def _quotes(analysis: Analysis, sentences: Sequence[str]) -> dict[int, tuple[Span, ...]]:
    tokens, quotations = analysis.scene.tokens, analysis.scene.quotations
    # A quotation that runs over several sentences is cut at their edges.
    first, last = tokens.sentence[quotations.start], tokens.sentence[quotations.end]
    which = np.repeat(np.arange(len(first)), last - first + 1)
    sentence = np.arange(len(which)) - np.searchsorted(which, which) + first[which]
    start = np.maximum(quotations.start[which], tokens.first[sentence])
    end = np.minimum(quotations.end[which], tokens.last[sentence] - 1)
    kept = np.flatnonzero(start <= end)
    kept = kept[np.lexsort((end[kept], start[kept], sentence[kept]))]
    begins, ends = char_offsets(analysis, sentence[kept], start[kept], end[kept])
    found: dict[int, list[Span]] = {}
    for k, i in enumerate(sentence[kept].tolist()):
        span = Span(begins[k], ends[k], sentences[i][begins[k] : ends[k]], "quote")
        found.setdefault(i, []).append(span)
    return {i: tuple(spans) for i, spans in found.items()}


def _speakers(analysis: Analysis) -> dict[int, int]:
    """The sentence whose source speaks in each sentence that has no full source of its own."""
    scene, evidence, verdicts = analysis.scene, analysis.evidence, analysis.verdicts
    attributed = verdicts.attribution > 0
    state = own_state(scene, evidence)
    certain = 1.0 - verdicts.sourcing_proba[:, 0]
    before = antecedents(scene, evidence, analysis.document, certain)
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
