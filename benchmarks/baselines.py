"""The reference baselines of ``hedgecheck benchmark --baseline``, each in full.

They set the bar that a model has to clear, and are meant to be read: what a figure is compared with
should be plain.

=========  ===========================================================================
majority   the most frequent class of the training data; the mean for grades
length     logistic regression on the number of words (ridge regression for grades)
lexicon    the same on the number of hedges out of the list of npm's package ``hedges``
tfidf      the same on TF-IDF of words and word pairs, with sublinear term frequency
=========  ===========================================================================

All settings are scikit-learn's defaults unless a line says otherwise. A yes-or-no task is measured
by F1, so each says yes from the probability on that gives the best F1 in four inner folds of the
training data; only the majority has no choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import GroupKFold
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

import hedgecheck

#: ``hedges`` by Titus Wormer, MIT: the file has the notice.
LEXICON: Final = Path(hedgecheck.__file__).parent / "_data" / "lexicons" / "npm_hedges.txt"
INNER_FOLDS: Final = 4
_WORD: Final = re.compile(r"\w+")
_TOKEN: Final = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True)
class FittedBaseline:
    """A fitted baseline; ``threshold`` is the probability from which it says yes."""

    kind: str
    n_classes: int
    pipeline: Any
    threshold: float

    def predict(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """Grades, probabilities of yes, or of each class, shape (n, n_classes)."""
        if self.kind == "graded":
            return np.asarray(self.pipeline.predict(texts), dtype=np.float64)
        found = np.zeros((len(texts), self.n_classes))
        found[:, self.pipeline.classes_] = self.pipeline.predict_proba(texts)
        return found[:, 1] if self.kind == "yes-no" else found


def fit(
    name: str,
    kind: str,
    texts: Sequence[str],
    labels: npt.NDArray[Any],
    groups: Sequence[str],
    n_classes: int,
) -> FittedBaseline:
    """Fit a baseline.

    Parameters
    ----------
    name
        One of `BASELINES`.
    kind
        ``yes-no``, ``classes`` or ``graded``.
    texts, labels, groups
        The training sentences, their labels (0 and 1, numbers of classes, or grades), and the
        documents that the inner folds keep together.
    n_classes
        How many classes there are.
    """
    make = BASELINES[name]
    target = np.asarray(labels, dtype=np.float64 if kind == "graded" else np.int64)
    threshold = 0.5
    if kind == "yes-no":
        n_classes = 2
        if name != "majority":
            threshold = best_threshold(make, texts, target, groups)
    return FittedBaseline(kind, n_classes, make(kind).fit(texts, target), threshold)


def majority(kind: str) -> Any:
    """The most frequent class, or the mean; the text is not looked at."""
    return DummyRegressor() if kind == "graded" else DummyClassifier(strategy="prior")


def length(kind: str) -> Any:
    """The number of words."""
    return make_pipeline(FunctionTransformer(word_counts), StandardScaler(), _last(kind))


def lexicon(kind: str) -> Any:
    """The number of hedges of the list."""
    return make_pipeline(FunctionTransformer(hedge_counts), StandardScaler(), _last(kind))


def tfidf(kind: str) -> Any:
    """Words and word pairs; marks count as words, since quotation marks tell of quotations."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_TOKEN.pattern)
    return make_pipeline(words, _last(kind))


#: From a kind of task to something with scikit-learn's ``fit`` and ``predict``.
BASELINES: Final[dict[str, Callable[[str], Any]]] = {
    "majority": majority,
    "length": length,
    "lexicon": lexicon,
    "tfidf": tfidf,
}


def _last(kind: str) -> Any:
    if kind == "graded":
        return Ridge()
    # C=100: TF-IDF rows have length 1, and with C=1 the rare class is not learned; in folds of
    # Szeged's Wikipedia C=10 gives an F1 of .75, C=100 .77, elsewhere both give the same. liblinear
    # takes a tenth of the time of the default solver, and one class against the rest at a time.
    logistic = LogisticRegression(C=100.0, solver="liblinear", random_state=0)
    return OneVsRestClassifier(logistic) if kind == "classes" else logistic


def word_counts(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Number of words of each text, as a column."""
    return np.array([[float(len(_WORD.findall(text)))] for text in texts])


def hedge_counts(texts: Sequence[str]) -> npt.NDArray[np.float64]:
    """Number of hedges of the list in each text, as a column; a longer one is counted once."""
    hedge = hedge_pattern()
    return np.array([[float(len(hedge.findall(text)))] for text in texts])


def hedge_pattern() -> re.Pattern[str]:
    """An expression that finds the hedges of the list as whole words, the longest first."""
    lines = LEXICON.read_text(encoding="utf-8").splitlines()
    words = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    words.sort(key=len, reverse=True)
    choice = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
    return re.compile(rf"\b(?:{choice})\b", re.IGNORECASE)


def best_threshold(
    make: Callable[[str], Any],
    texts: Sequence[str],
    target: npt.NDArray[Any],
    groups: Sequence[str],
) -> float:
    """The probability from which on yes gives the best F1 on sentences not fitted on."""
    n_folds = min(INNER_FOLDS, len(set(groups)))
    if n_folds < 2:
        return 0.5
    unseen = np.zeros(len(texts))
    for train, test in GroupKFold(n_folds).split(texts, target, groups):
        if len(np.unique(target[train])) < 2:
            return 0.5
        pipeline = make("yes-no").fit([texts[i] for i in train], target[train])
        unseen[test] = pipeline.predict_proba([texts[i] for i in test])[:, 1]
    order = np.argsort(-unseen, kind="stable")
    hits = np.cumsum(target[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + target.sum())
    # Only at the last of equal probabilities is the count that of the threshold.
    last = np.append(unseen[order][1:] != unseen[order][:-1], True)
    return float(unseen[order][int(np.where(last, f1, -1.0).argmax())])
