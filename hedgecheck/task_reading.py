"""Documents as the tasks read them: sentences as arrays, with their scene and their folds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import matrix
from hedgecheck.datasets import LabelledDocument, Labels
from hedgecheck.engine import make_scene
from hedgecheck.fitting import BoolArray, folds_by_group
from hedgecheck.sentence_blocks import Evidence, sentence_blocks
from hedgecheck.tagging import Scene
from hedgecheck.tokens import IntArray
from hedgecheck.training_data import TAG_OF_KIND, TagSpans, attribution_spans, flattened
from hedgecheck.vocabulary import TypeProperties, Vocabulary

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Folds within the training data, for scores by models that have not seen their sentences.
INNER_FOLDS: Final = 4


@dataclass(frozen=True, slots=True)
class Reading:
    """Documents as arrays with an entry a sentence, context included.

    ``labelled`` are the numbers of the sentences that have labels, rising; ``width`` is the number
    of columns of the vocabulary.
    """

    labels: list[Labels | None]
    document: IntArray
    group: npt.NDArray[np.str_]
    labelled: IntArray
    scene: Scene
    width: int

    @property
    def n_sentences(self) -> int:
        """Number of sentences."""
        return len(self.labels)

    @property
    def known(self) -> BoolArray:
        """Which sentences have labels."""
        return np.isin(np.arange(self.n_sentences), self.labelled)

    def of_sentences(self, chosen: BoolArray) -> BoolArray:
        """Which tokens stand in the chosen sentences."""
        return chosen[self.scene.sentence]


def read_documents(documents: Sequence[LabelledDocument], vocabulary: Vocabulary) -> Reading:
    """Read documents in the words of a vocabulary.

    >>> from hedgecheck.datasets import LabelledSentence
    >>> sentences = (LabelledSentence("It may rain.", 0, Labels()), LabelledSentence("It did.", 1))
    >>> document = LabelledDocument("d1", "d1", "mine", sentences)
    >>> reading = read_documents([document], Vocabulary([]))
    >>> reading.n_sentences, reading.labelled.tolist()
    (2, [0])
    """
    texts, number, group, labels = flattened(documents)
    scene = make_scene(texts, number, TypeProperties(vocabulary))
    labelled = np.flatnonzero([each is not None for each in labels])
    return Reading(labels, number, group, labelled, scene, len(vocabulary))


def inner_folds(reading: Reading) -> IntArray:
    """Fold of every sentence: documents of a group share one, unless all are of one group."""
    group = reading.group
    if len(np.unique(group)) < 2:
        group = np.arange(len(group)).astype(np.str_)
    return folds_by_group(group, max(2, min(INNER_FOLDS, len(np.unique(group)))))


def spans_by_tag(labels: Labels | None) -> TagSpans:
    """All annotated spans by the tags that the taggers give them (`hedgecheck.tagging`).

    A hedge counts as ``hedge`` and as its kind, as an epistemic one where the kind is none of
    Szeged's.

    >>> from hedgecheck.datasets import Span
    >>> spans_by_tag(Labels(hedges=(Span(3, 6, "may", "epistemic"),)))
    {'hedge': [(3, 6)], 'epistemic': [(3, 6)]}
    """
    if labels is None:
        return {}
    found = attribution_spans(labels)
    for tag, one in (("source", labels.source), ("cue", labels.cue)):
        if one is not None:
            found.setdefault(tag, []).append((one.start, one.end))
    for span in labels.hedges or ():
        for tag in ("hedge", TAG_OF_KIND.get(span.kind, "epistemic")):
            found.setdefault(tag, []).append((span.start, span.end))
    return {tag: spans for tag, spans in found.items() if spans}


def sentence_matrix(reading: Reading, evidence: Evidence) -> csr_matrix:
    """What the sentence heads see of each sentence by itself, given the evidence in it."""
    scene = reading.scene
    blocks = sentence_blocks(scene, evidence)
    return matrix(blocks, reading.n_sentences, scene.properties, reading.width)
