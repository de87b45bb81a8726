"""Who says so: the sentence heads' features on the evidence of taggers fitted for the task.

For data that have sources and cues of attributions. Two levels of taggers, as in the shipped model
(`hedgecheck.tagging`), learn from the spans of the training sentences; what the heads see
(`hedgecheck.sentence_blocks`) is then worked out from their verdict. Each sentence of the training
data is tagged by taggers that have not seen its fold, so that it looks to the next stage as a new
sentence will.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from hedgecheck.blocks import Block, FloatArray, matrix
from hedgecheck.fitting import BoolArray, Fit, fit_scaled, frequent_columns
from hedgecheck.sentence_blocks import evidence_of
from hedgecheck.tagging import (
    CORPUS_TAGS,
    NEWS_TAGS,
    corpus_blocks,
    news_blocks,
)
from hedgecheck.task_linear import Linear, Scorer, Target, cross_fitted, fit_linear
from hedgecheck.task_reading import Reading, sentence_matrix, spans_by_tag
from hedgecheck.tokens import IntArray
from hedgecheck.training import CORPUS_FIT, NEWS_FIT, token_targets
from hedgecheck.training_data import TagSpans

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Score of a tag that nobody marked: a probability of 0.
_NEVER: Final = -30.0
#: Inverse strength of regularisation of the heads (macro-F1 within PolNeAR's train side: .854 with
#: .01, .856 with .03, .852 with .1).
STRENGTH: Final = 0.03


@dataclass(frozen=True, slots=True)
class Tags:
    """Scores of the tokens on both levels: `CORPUS_TAGS`, and the tags of the second level."""

    first: FloatArray
    second: FloatArray


@dataclass(frozen=True, slots=True)
class Taggers:
    """Both levels; ``None`` stands for a tag that nobody marked."""

    first: list[Linear | None]
    second: list[Linear | None]

    def tags(self, reading: Reading) -> Tags:
        """Tag the tokens."""
        first = _scores(self.first, first_matrix(reading))
        return Tags(first, _scores(self.second, second_matrix(reading, first)))


def has_evidence(reading: Reading) -> bool:
    """Whether sources or cues of attributions are marked in any sentence."""
    tags = {tag for labels in reading.labels for tag in spans_by_tag(labels)}
    return bool(tags & {"source", "cue"})


def fit_taggers(
    reading: Reading,
    spans: Sequence[TagSpans],
    second_tags: Sequence[str],
    fold: IntArray,
) -> tuple[Taggers, Tags]:
    """Fit both levels, and tag each sentence without having seen its fold.

    Parameters
    ----------
    reading
        The training documents.
    spans
        Spans of each sentence by tag.
    second_tags
        The tags of the second level; with a "+" those of first tokens only.
    fold
        Fold of every sentence.
    """
    rows, by_token = reading.of_sentences(reading.known), fold[reading.scene.sentence]
    target = token_targets(reading.scene, spans, CORPUS_TAGS)
    first, first_unseen = _fit_level(CORPUS_FIT, first_matrix(reading), target, rows, by_token)
    target = token_targets(reading.scene, spans, second_tags)
    features = second_matrix(reading, first_unseen)
    second, second_unseen = _fit_level(NEWS_FIT, features, target, rows, by_token)
    return Taggers(first, second), Tags(first_unseen, second_unseen)


def first_matrix(reading: Reading) -> csr_matrix:
    """What the first level sees; a row a token."""
    return _token_matrix(reading, corpus_blocks(reading.scene))


def second_matrix(reading: Reading, first: FloatArray) -> csr_matrix:
    """What the second level sees, given the scores of the first; a row a token."""
    return _token_matrix(reading, news_blocks(reading.scene, first))


def _token_matrix(reading: Reading, blocks: Sequence[Block]) -> csr_matrix:
    return matrix(blocks, len(reading.scene.slots), reading.scene.properties, reading.width)


def _fit_level(
    fit: Fit, features: csr_matrix, target: BoolArray, rows: BoolArray, fold: IntArray
) -> tuple[list[Linear | None], FloatArray]:
    """A tagger for each tag, and the scores of tokens by taggers that have not seen their fold."""
    columns = frequent_columns(features[rows])
    features = features[:, columns]
    unseen = np.full(target.shape, _NEVER)
    taggers: list[Linear | None] = []
    for tag, wanted in enumerate(target.T):
        if not wanted[rows].any():
            taggers.append(None)
            continue
        for number in np.unique(fold).tolist():
            learned, held_out = rows & (fold != number), fold == number
            if wanted[learned].any():
                weights, bias = fit_scaled(fit, features[learned], wanted[learned])
                unseen[held_out, tag] = features[held_out] @ weights + bias
        weights, bias = fit_scaled(fit, features[rows], wanted[rows])
        taggers.append(Linear(columns, weights[:, None], np.array([bias])))
    return taggers, unseen


def _scores(taggers: Sequence[Linear | None], features: csr_matrix) -> FloatArray:
    out = np.full((features.shape[0], len(taggers)), _NEVER)
    for tag, tagger in enumerate(taggers):
        if tagger is not None:
            out[:, tag] = tagger.scores(features)[:, 0]
    return out


# ---------------------------------------------------------------------------------- sentences


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """Heads on the evidence of taggers."""

    taggers: Taggers
    scorer: Scorer

    def scores(self, reading: Reading) -> FloatArray:
        """Decision values of the sentences, shape (sentences, outputs)."""
        return self.scorer.scores(evidence_matrix(reading, self.taggers.tags(reading)))


def fit_evidence(
    reading: Reading, target: Target, fold: IntArray
) -> tuple[EvidenceView, FloatArray]:
    """Fit the view, and score every sentence without having seen its fold."""
    spans = [spans_by_tag(labels) for labels in reading.labels]
    taggers, tags = fit_taggers(reading, spans, NEWS_TAGS, fold)
    fit = partial(fit_linear, strength=STRENGTH)
    features = evidence_matrix(reading, tags)
    scorer, unseen = cross_fitted(fit, features, target, reading.labelled, fold)
    return EvidenceView(taggers, scorer), unseen


def evidence_matrix(reading: Reading, tags: Tags) -> csr_matrix:
    """What the heads see of each sentence, where the second level has the tags `NEWS_TAGS`."""
    return sentence_matrix(reading, evidence_of(reading.scene, tags.first, tags.second))
