"""Fitting a model to the labels of one task, and predicting them.

`fit_task` learns from documents whose labelled sentences have one label each; `FittedTask` gives
labels for other documents. What the labels are depends on the kind of the task:

========  =====================================  ==========================================
kind      labels that `fit_task` takes           what `FittedTask.predict` gives
========  =====================================  ==========================================
yes-no    bool, shape (n,)                       probability of yes, shape (n,)
classes   numbers into ``classes``, shape (n,)   probabilities, shape (n, len(classes))
graded    float, shape (n,)                      float, shape (n,)
spans     a list of (start, end) a sentence      a list of (start, end) a sentence
========  =====================================  ==========================================

A verdict comes in two stages. In the first, up to four *views* score each sentence: its n-grams
(`hedgecheck.task_ngrams`), the word that decides (`hedgecheck.task_words`; yes or no only), who
says so (`hedgecheck.task_evidence`; where attributions are marked in the training data), and what
the shipped model sees (`hedgecheck.task_shipped`; where it has not learned from the corpus). The
second (`hedgecheck.task_stack`) weighs them. It learns from scores by views that have not seen the
sentence, so the views are cross-fitted in folds by document. Spans have a way of their own
(`hedgecheck.task_spans`).

Labels of the training documents are learned from whatever they are: marked cues and attributions
help to find the task's labels. Labels of the documents to predict are never looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hedgecheck.blocks import FloatArray
from hedgecheck.datasets import LabelledDocument
from hedgecheck.errors import TrainingDataError
from hedgecheck.task_evidence import EvidenceView, fit_evidence, has_evidence
from hedgecheck.task_linear import Target
from hedgecheck.task_ngrams import NgramView, fit_ngrams
from hedgecheck.task_reading import Reading, inner_folds, read_documents
from hedgecheck.task_shipped import ShippedView, fit_shipped, is_new_text
from hedgecheck.task_spans import SpanFinder, fit_spans
from hedgecheck.task_stack import Stack, best_f1_threshold, fit_stack, stack_features
from hedgecheck.task_words import WordView, fit_words
from hedgecheck.tokens import IntArray
from hedgecheck.training import make_vocabulary
from hedgecheck.vocabulary import Vocabulary

__all__ = ["FittedTask", "fit_task"]


@dataclass(frozen=True, slots=True)
class FittedTask:
    """A fitted task.

    Attributes
    ----------
    kind, classes
        As given to `fit_task`; ``("no", "yes")`` for a yes or no.
    threshold
        The probability from which a yes-or-no task says yes, for the best F1.
    """

    kind: str
    classes: tuple[str, ...]
    threshold: float
    vocabulary: Vocabulary = field(repr=False)
    model: _Stacked | SpanFinder = field(repr=False)

    def predict(self, documents: Sequence[LabelledDocument]) -> Any:
        """Predict the labels of the labelled sentences, in order."""
        reading = read_documents(documents, self.vocabulary)
        if isinstance(self.model, SpanFinder):
            return self.model.find(reading)
        found = self.model.predict(documents, reading)
        return found[:, 1] if self.kind == "yes-no" else found


def fit_task(
    kind: str,
    documents: Sequence[LabelledDocument],
    labels: Any,
    *,
    classes: Sequence[str] = (),
    seed: int = 0,
) -> FittedTask:
    """Fit a task.

    Parameters
    ----------
    kind
        ``yes-no``, ``classes``, ``graded`` or ``spans``.
    documents
        Sentences without labels are context. Documents of one group stay in one inner fold.
    labels
        One for each labelled sentence, in order; see the table above.
    classes
        Names of the classes, where the kind is ``classes``.
    seed
        Of whatever is drawn by chance.

    Raises
    ------
    TrainingDataError
        If there are fewer than two labelled sentences, or all have the same class.

    Examples
    --------
    >>> from hedgecheck.datasets import LabelledSentence, Labels
    >>> texts = ["It may rain.", "It rained.", "She may come.", "She came."]
    >>> sentences = [LabelledSentence(text, 0, Labels()) for text in texts]
    >>> documents = [LabelledDocument(s.text, s.text, "mine", (s,)) for s in sentences]
    >>> fitted = fit_task("yes-no", documents, [True, False, True, False])
    >>> fitted.predict(documents).shape
    (4,)
    """
    vocabulary = make_vocabulary(documents)
    reading = read_documents(documents, vocabulary)
    fold = inner_folds(reading)
    if kind == "spans":
        finder = fit_spans(reading, labels, fold, seed)
        return FittedTask(kind, (), 0.5, vocabulary, finder)
    names = {"yes-no": ("no", "yes"), "graded": ()}.get(kind, tuple(classes))
    label = np.asarray(labels, dtype=np.float64 if kind == "graded" else np.int64)
    if len(label) < 2 or (kind != "graded" and len(np.unique(label)) < 2):
        raise TrainingDataError(
            f"there is nothing to learn from {len(label)} labelled sentences with "
            f"{len(np.unique(label))} different labels; give data with two of each at least"
        )
    model, unseen = _fit_stacked(kind, documents, reading, label, len(names), fold, seed)
    threshold = best_f1_threshold(unseen[:, 1]) if kind == "yes-no" else 0.5
    return FittedTask(kind, names, threshold, vocabulary, model)


@dataclass(frozen=True, slots=True)
class _Stacked:
    """The views of a task, and the second stage on their scores."""

    views: tuple[NgramView | WordView | EvidenceView, ...]
    shipped: ShippedView | None
    stack: Stack

    def predict(self, documents: Sequence[LabelledDocument], reading: Reading) -> FloatArray:
        """Probabilities or grades of the labelled sentences."""
        scores = [view.scores(reading) for view in self.views]
        if self.shipped is not None:
            scores.append(self.shipped.scores(documents))
        return self.stack.predict(stack_features(np.hstack(scores), reading))


def _fit_stacked(
    kind: str,
    documents: Sequence[LabelledDocument],
    reading: Reading,
    label: Target,
    n_classes: int,
    fold: IntArray,
    seed: int,
) -> tuple[_Stacked, FloatArray]:
    target = _target(kind, label, n_classes)
    fitted: list[tuple[Any, FloatArray]] = [fit_ngrams(reading, target, fold)]
    if kind == "yes-no":
        fitted.append(fit_words(reading, target, fold, seed))
    if has_evidence(reading):
        fitted.append(fit_evidence(reading, target, fold))
    views = tuple(view for view, _ in fitted)
    shipped = None
    if is_new_text(documents):
        shipped, scores = fit_shipped(documents, target, fold)
        fitted.append((shipped, scores))
    features = stack_features(np.hstack([unseen for _, unseen in fitted]), reading)
    stack, unseen = fit_stack(features, label, n_classes, fold[reading.labelled])
    return _Stacked(views, shipped, stack), unseen


def _target(kind: str, label: Target, n_classes: int) -> Target:
    """The label as one column or, of classes, one for each against the rest."""
    if kind == "graded":
        return label[:, None]
    if kind == "yes-no":
        return np.asarray(label[:, None] == 1)
    return np.asarray(label[:, None] == np.arange(n_classes))
