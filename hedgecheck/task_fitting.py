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
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np

from hedgecheck.datasets import LabelledDocument
from hedgecheck.fitting import folds_by_group
from hedgecheck.tokens import TypeTable, tokenize

#: Folds within the training data by which the threshold of a yes-or-no task is chosen.
INNER_FOLDS: Final = 4


@dataclass(frozen=True, slots=True)
class FittedTask:
    """A fitted task. ``threshold`` is the probability from which a yes-or-no task says yes."""

    kind: str
    classes: tuple[str, ...]
    threshold: float
    pipeline: Any

    def predict(self, documents: Sequence[LabelledDocument]) -> Any:
        """Predict the labels of the labelled sentences, in order."""
        texts = _texts(documents)
        if self.kind == "spans":
            return [_spans_of(self.pipeline, text) for text in texts]
        if self.kind == "graded":
            return self.pipeline.predict(texts)
        found = np.zeros((len(texts), len(self.classes)))
        found[:, self.pipeline.classes_] = self.pipeline.predict_proba(texts)
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
    """
    texts = _texts(documents)
    if kind == "spans":
        return FittedTask(kind, (), 0.5, _fit_spans(texts, labels, seed))
    names = ("no", "yes") if kind == "yes-no" else tuple(classes)
    target = np.asarray(labels, dtype=np.float64 if kind == "graded" else np.int64)
    threshold = 0.5
    if kind == "yes-no":
        group = np.array([d.group for d in documents for _ in d.labelled], dtype=np.str_)
        threshold = _threshold(texts, target, group, seed)
    return FittedTask(kind, names, threshold, _pipeline(kind, seed).fit(texts, target))


def _texts(documents: Sequence[LabelledDocument]) -> list[str]:
    return [sentence.text for document in documents for sentence in document.labelled]


def _words(text: str) -> list[str]:
    batch = tokenize([text], TypeTable(lambda _: None))
    first, last = int(batch.first[0]), int(batch.last[0])
    return [text[batch.start[i] : batch.end[i]].lower() for i in range(first, last)]


def _pipeline(kind: str, seed: int) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(analyzer=_word_pairs, sublinear_tf=True)
    last = (
        Ridge()
        if kind == "graded"
        else LogisticRegression(C=10.0, max_iter=1000, random_state=seed)
    )
    return make_pipeline(words, last)


def _word_pairs(text: str) -> list[str]:
    words = _words(text)
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def _threshold(texts: list[str], target: Any, group: Any, seed: int) -> float:
    """The threshold that gives the best F1 on sentences that the inner fits have not seen."""
    n_folds = min(INNER_FOLDS, len(np.unique(group)))
    unseen = np.zeros(len(texts))
    if n_folds < 2:
        return 0.5
    fold = folds_by_group(group, n_folds)
    for number in range(n_folds):
        train, test = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if len(np.unique(target[train])) < 2:
            return 0.5
        pipeline = _pipeline("yes-no", seed).fit([texts[i] for i in train], target[train])
        unseen[test] = pipeline.predict_proba([texts[i] for i in test])[:, 1]
    order = np.argsort(-unseen, kind="stable")
    hits = np.cumsum(target[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + target.sum())
    return float(unseen[order[int(f1.argmax())]])


def _token_rows(text: str) -> tuple[list[tuple[int, int]], list[dict[str, bool]]]:
    batch = tokenize([text], TypeTable(lambda _: None))
    first, last = int(batch.first[0]), int(batch.last[0])
    places = [(int(batch.start[i]), int(batch.end[i])) for i in range(first, last)]
    words = [text[start:end] for start, end in places]
    rows = []
    for i in range(len(words)):
        row = {f"shape={words[i][:1].isupper()}": True}
        for step in (-2, -1, 0, 1, 2):
            word = words[i + step].lower() if 0 <= i + step < len(words) else ""
            row[f"{step}={word}"] = True
        rows.append(row)
    return places, rows


def _fit_spans(texts: list[str], labels: Any, seed: int) -> Any:
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import SGDClassifier
    from sklearn.pipeline import make_pipeline

    rows, target = [], []
    for text, spans in zip(texts, labels, strict=True):
        places, found = _token_rows(text)
        rows += found
        target += [any(s < b and a < e for a, b in spans) for s, e in places]
    last = SGDClassifier(loss="log_loss", alpha=1e-5, random_state=seed, average=True)
    return make_pipeline(DictVectorizer(), last).fit(rows, target)


def _spans_of(pipeline: Any, text: str) -> list[tuple[int, int]]:
    places, rows = _token_rows(text)
    found: list[tuple[int, int]] = []
    inside = pipeline.predict(rows) if rows else []
    for i, (start, end) in enumerate(places):
        if inside[i] and i and inside[i - 1]:
            found[-1] = (found[-1][0], end)
        elif inside[i]:
            found.append((start, end))
    return found
