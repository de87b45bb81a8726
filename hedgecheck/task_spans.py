"""Which words: spans of sentences, from taggers and a choice among what they found.

Both levels of the taggers learn from all spans of the training sentences. What the second level
tags gives candidates, more than there are spans; a second stage keeps those that hold, by how sure
the taggers are of them and of the cues around, and by how likely the sentence has a span at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from hedgecheck.blocks import FloatArray
from hedgecheck.fitting import BoolArray
from hedgecheck.sentence_blocks import slots_of_runs
from hedgecheck.tagging import NEWS_TAGS, Runs, on_slots, per_sentence, probabilities, runs
from hedgecheck.task_evidence import STRENGTH, Taggers, Tags, evidence_matrix, fit_taggers
from hedgecheck.task_linear import Scorer, cross_fitted, fit_linear
from hedgecheck.task_reading import Reading, spans_by_tag
from hedgecheck.tokens import IntArray
from hedgecheck.training import token_targets
from hedgecheck.training_data import TagSpans

Offsets = tuple[int, int]

#: Tokens of a candidate have the first probability at least and one of them the second (F1 of
#: sources within PolNeAR's train side: .767 so, .763 with .05 and .12).
_CANDIDATES: Final = {"floor": 0.03, "peak": 0.06}
#: Words before and after a candidate at which the cue's probability is seen.
_AROUND: Final = 3
_CUE: Final = NEWS_TAGS.index("cue")
#: Probability from which a candidate is kept (best there; .766 with .4, .762 with .5).
_KEPT: Final = 0.45
#: Candidates that a leaf of the second stage's trees has at least, and twice as many to learn.
_LEAF: Final = 40


@dataclass(frozen=True, slots=True)
class SpanFinder:
    """Taggers, the head that says whether a sentence has a span, and the choice.

    ``tag`` is the place in `NEWS_TAGS` at which the taggers have the task's spans; ``choice`` is
    None where there was too little to learn it from.
    """

    taggers: Taggers
    tag: int
    head: Scorer
    choice: Any

    def find(self, reading: Reading) -> list[list[Offsets]]:
        """The spans of each labelled sentence, as characters of the sentence, in order."""
        tags = self.taggers.tags(reading)
        found = _candidates(reading, tags, self.tag)
        if self.choice is None:
            kept = found.peak >= _KEPT
        elif len(found.start):
            has_span = self.head.scores(evidence_matrix(reading, tags))[:, 0]
            features = candidate_features(reading, tags, found, has_span)
            kept = self.choice.predict_proba(features)[:, 1] >= _KEPT
        else:
            kept = np.zeros(0, dtype=np.bool_)
        return _offsets(reading, found, kept)


def fit_spans(
    reading: Reading, labels: Sequence[Sequence[Offsets]], fold: IntArray, seed: int
) -> SpanFinder:
    """Fit a finder of spans; `labels` are those of each labelled sentence."""
    spans: list[TagSpans] = [spans_by_tag(each) for each in reading.labels]
    wanted: list[list[Offsets]] = [[] for _ in spans]
    for row, each in zip(reading.labelled.tolist(), labels, strict=True):
        wanted[row] = sorted(set(each))
    name = tag_of(spans, wanted)
    spans = [{**tags, name: each} for tags, each in zip(spans, wanted, strict=True)]
    taggers, tags = fit_taggers(reading, spans, NEWS_TAGS, fold)

    tag = NEWS_TAGS.index(name)
    has = np.array([[bool(wanted[row])] for row in reading.labelled.tolist()])
    fit = partial(fit_linear, strength=STRENGTH)
    features = evidence_matrix(reading, tags)
    head, has_span = cross_fitted(fit, features, has, reading.labelled, fold)

    found = _candidates(reading, tags, tag)
    inside = token_targets(reading.scene, [{name: each} for each in wanted], [name])
    holds = _touches(found, on_slots(reading.scene, inside.astype(np.float64))[:, 0])
    use = np.isin(found.sentence, reading.labelled)
    features_of = candidate_features(reading, tags, found, has_span[:, 0])
    return SpanFinder(taggers, tag, head, _fit_choice(features_of[use], holds[use], seed))


def tag_of(spans: Sequence[TagSpans], wanted: Sequence[Sequence[Offsets]]) -> str:
    """The tag of the taggers that stands for the task's spans: the one with the same, or source.

    >>> tag_of([{"cue": [(0, 4)]}, {"source": [(2, 3)]}], [[(0, 4)], []])
    'cue'
    """
    for tag in NEWS_TAGS[::2]:
        if all(sorted(set(a.get(tag, ()))) == list(b) for a, b in zip(spans, wanted, strict=True)):
            return tag
    return "source"


def _candidates(reading: Reading, tags: Tags, tag: int) -> Runs:
    second = on_slots(reading.scene, probabilities(tags.second))
    return runs(reading.scene.tokens, second[:, tag], second[:, tag + 1], **_CANDIDATES)


def candidate_features(
    reading: Reading, tags: Tags, found: Runs, has_span: FloatArray
) -> FloatArray:
    """What the choice sees of each candidate.

    Parameters
    ----------
    reading, tags
        The sentences with the verdict of the taggers.
    found
        The candidates.
    has_span
        Decision value of every sentence that it has a span.
    """
    scene = reading.scene
    scores = on_slots(scene, np.hstack([tags.first, tags.second]))
    second = on_slots(scene, probabilities(tags.second))
    slots, run = slots_of_runs(found.start, found.end)
    begins = np.flatnonzero(np.diff(run, prepend=-1))
    length = found.end - found.start + 1
    top = np.maximum.reduceat(scores[slots], begins, axis=0) if len(slots) else scores[slots]
    total = np.add.reduceat(scores[slots], begins, axis=0) if len(slots) else scores[slots]
    steps = np.arange(1, _AROUND + 1)
    # Padding keeps a window of three around any token inside the batch.
    around = np.hstack([found.start[:, None] - steps, found.end[:, None] + steps])
    n = reading.n_sentences
    best = np.zeros(n)
    np.maximum.at(best, found.sentence, found.peak)
    return np.column_stack(
        [
            top,
            total / length[:, None],
            second[:, _CUE][around],
            per_sentence(scene.tokens, np.maximum, second.T).T[found.sentence],
            scene.quotations.inside[found.start],
            np.bincount(found.sentence, minlength=n)[found.sentence],
            found.peak,
            best[found.sentence] - found.peak,
            length,
            has_span[found.sentence],
        ]
    )


def _touches(found: Runs, inside: FloatArray) -> BoolArray:
    """Whether any slot of each run is inside."""
    total = np.append(0.0, np.cumsum(inside))
    return np.asarray(total[found.end + 1] > total[found.start])


def _fit_choice(features: FloatArray, holds: BoolArray, seed: int) -> Any:
    """Gradient-boosted trees; None where candidates are few or all alike."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    if min(holds.sum(), (~holds).sum()) < 2 * _LEAF:
        return None
    model = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.08, max_leaf_nodes=16, min_samples_leaf=_LEAF,
        early_stopping=False, random_state=seed,
    )  # fmt: skip
    return model.fit(features, holds)


def _offsets(reading: Reading, found: Runs, kept: BoolArray) -> list[list[Offsets]]:
    tokens = reading.scene.tokens
    base = tokens.offset[found.sentence]
    starts, ends = tokens.start[found.start] - base, tokens.end[found.end] - base
    by_sentence: list[list[Offsets]] = [[] for _ in range(reading.n_sentences)]
    for number in np.flatnonzero(kept).tolist():
        span = (int(starts[number]), int(ends[number]))
        by_sentence[int(found.sentence[number])].append(span)
    return [by_sentence[row] for row in reading.labelled.tolist()]
