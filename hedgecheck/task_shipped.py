"""What the shipped model sees in a sentence, for text that it has not learned from.

Its taggers have learned from some of the corpora that are benchmark tasks. On those they would tell
more of the training sentences than of new ones, and in cross-validation they would have seen the
test side: for them everything is fitted from the training documents alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hedgecheck.blocks import FloatArray
from hedgecheck.datasets import LabelledDocument
from hedgecheck.engine import Engine
from hedgecheck.model import load
from hedgecheck.task_linear import Scorer, Target, cross_fitted, fit_linear
from hedgecheck.task_reading import Reading, read_documents, sentence_matrix
from hedgecheck.tokens import IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Corpora that the shipped model, or a part of it, has learned from. The documents of CoNLL-2010's
#: Wikipedia are those of Szeged's, the readings are of PolNeAR.
LEARNED: Final = frozenset(
    {"conll2010-wiki", "gum", "hedgenews", "polnear", "readings", "szeged-wiki"}
)

#: Inverse strength of regularisation where the target is yes or no.
_STRENGTH: Final = 0.03


@dataclass(frozen=True, slots=True)
class ShippedView:
    """A scorer on the shipped model's sentence features."""

    engine: Engine
    scorer: Scorer

    def scores(self, documents: Sequence[LabelledDocument]) -> FloatArray:
        """Decision values of the sentences, shape (sentences, outputs)."""
        reading = read_documents(documents, self.engine.vocabulary)
        return self.scorer.scores(shipped_matrix(reading, self.engine))


def is_new_text(documents: Sequence[LabelledDocument]) -> bool:
    """Whether the documents are of no corpus that the shipped model has learned from.

    >>> is_new_text([LabelledDocument("d1", "d1", "bioscope", ())])
    True
    >>> is_new_text([LabelledDocument("d1", "d1", "polnear", ())])
    False
    """
    return not any(document.corpus in LEARNED for document in documents)


def fit_shipped(
    documents: Sequence[LabelledDocument], target: Target, fold: IntArray
) -> tuple[ShippedView, FloatArray]:
    """Fit the view, and score every sentence without having seen its fold."""
    engine = load("en").engine
    reading = read_documents(documents, engine.vocabulary)
    fit = partial(fit_linear, strength=_STRENGTH)
    features = shipped_matrix(reading, engine)
    scorer, unseen = cross_fitted(fit, features, target, reading.labelled, fold)
    return ShippedView(engine, scorer), unseen


def shipped_matrix(reading: Reading, engine: Engine) -> csr_matrix:
    """What the shipped model's heads see of each sentence by itself."""
    return sentence_matrix(reading, engine.evidence(reading.scene))
