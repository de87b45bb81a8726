"""A scikit-learn classifier of sentences, over `SentenceFeatures`, for any labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    assert_all_finite,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
)

from hedgecheck.errors import InputError
from hedgecheck.features import SentenceFeatures, TakesTexts, text_column


class HedgecheckClassifier(TakesTexts, ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """Logistic regression on what the model sees of each sentence by itself.

    For labels of your own, whatever they are: one of the axes as you would label it, or something
    else that the wording of a sentence shows. It neither reads nor changes the model's own heads;
    to train those, and to score in context, use `hedgecheck.train`.

    Parameters
    ----------
    model : str, path-like or Model, default "en"
        The model whose vocabulary and taggers the features come from.
    min_rows : int, default 3
        Features that fewer training sentences than this have are left out.
    C : float, default 0.3
        Inverse strength of regularisation; the default is that of the model's own heads for
        classes.
    class_weight : dict, "balanced" or None, default None
        Weights of the classes, as in `sklearn.linear_model.LogisticRegression`.
    max_iter : int, default 1000
        Most steps of the solver.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The labels, sorted.
    features_ : SentenceFeatures
        The fitted features; their names fit the columns of ``classifier_.coef_``.
    classifier_ : sklearn.linear_model.LogisticRegression
        The fitted regression.
    n_iter_ : int
        Steps that its solver took.

    Examples
    --------
    >>> sentences = ["Rates may rise.", "The road could close.", "It rained.", "The road is shut."]
    >>> labels = ["guess", "guess", "fact", "fact"]
    >>> classifier = HedgecheckClassifier(min_rows=1).fit(sentences, labels)
    >>> classifier.predict(["The ferry may sink."]).tolist()
    ['guess']
    """

    def __init__(
        self,
        model: Any = "en",
        *,
        min_rows: int = 3,
        C: float = 0.3,  # noqa: N803 -- scikit-learn's name for it
        class_weight: Any = None,
        max_iter: int = 1000,
    ) -> None:
        self.model = model
        self.min_rows = min_rows
        self.C = C
        self.class_weight = class_weight
        self.max_iter = max_iter

    def fit(self, X: Iterable[str], y: Any, sample_weight: Any = None) -> Self:  # noqa: N803
        """Learn labels of sentences.

        Parameters
        ----------
        X : iterable of str
            Sentences.
        y : array-like of shape (n_sentences,)
            Their labels: str, int or bool, of two classes at least.
        sample_weight : array-like of shape (n_sentences,), optional
            Weights of the sentences.

        Returns
        -------
        HedgecheckClassifier
            Itself, fitted.

        Raises
        ------
        InputError
            If `X` is no sequence of str, a label is missing, or all labels are the same.
        ValueError
            If the lengths differ, or `y` holds no classes.
        """
        if y is None:
            raise InputError(
                "HedgecheckClassifier requires y to be passed, but the target y is None; give a "
                "label for every sentence"
            )
        sentences = text_column(X, "HedgecheckClassifier.fit")
        labels = _labels(y)
        check_consistent_length(sentences, labels, sample_weight)
        features = SentenceFeatures(self.model, min_rows=self.min_rows)
        rows = features.fit_transform(sentences)
        classes = np.unique(labels)
        if len(classes) < 2:
            raise InputError(
                f"all {len(labels)} labels are of the one class {str(classes[0])!r}; give "
                "sentences of two classes at least"
            )
        if not rows.shape[1]:
            raise InputError(
                f"no feature occurs in min_rows={self.min_rows} of the {len(sentences)} sentences; "
                "give more of them, or min_rows=1"
            )
        classifier = LogisticRegression(
            C=self.C, class_weight=self.class_weight, max_iter=self.max_iter
        )
        self.classifier_ = classifier.fit(rows, labels, sample_weight=sample_weight)
        self.features_ = features
        self.classes_ = self.classifier_.classes_
        self.n_iter_ = int(self.classifier_.n_iter_.max())
        return self

    def predict(self, X: Iterable[str]) -> npt.NDArray[Any]:  # noqa: N803
        """Give the likeliest label of each sentence.

        Parameters
        ----------
        X : iterable of str
            Sentences.

        Returns
        -------
        ndarray of shape (n_sentences,)
            Of the type of the labels.

        Raises
        ------
        InputError
            If `X` is no sequence of str.
        sklearn.exceptions.NotFittedError
            If `fit` was not called before.
        """
        scores = self.decision_function(X)
        chosen = scores.argmax(axis=1) if scores.ndim == 2 else (scores > 0).astype(np.int64)
        return np.asarray(self.classes_[chosen])

    def predict_proba(self, X: Iterable[str]) -> npt.NDArray[np.float64]:  # noqa: N803
        """Give the probability of each label for each sentence.

        Parameters
        ----------
        X : iterable of str
            Sentences.

        Returns
        -------
        ndarray of shape (n_sentences, n_classes)
            In the order of ``classes_``; the rows add up to 1.

        Raises
        ------
        InputError
            If `X` is no sequence of str.
        sklearn.exceptions.NotFittedError
            If `fit` was not called before.
        """
        rows = self._rows(X)
        if not rows.shape[0]:
            return np.zeros((0, len(self.classes_)))
        return np.asarray(self.classifier_.predict_proba(rows))

    def decision_function(self, X: Iterable[str]) -> npt.NDArray[np.float64]:  # noqa: N803
        """Give the scores that the labels are chosen by.

        Parameters
        ----------
        X : iterable of str
            Sentences.

        Returns
        -------
        ndarray of shape (n_sentences,) or (n_sentences, n_classes)
            For two classes the log-odds of the second; else the log-odds of each up to a constant.

        Raises
        ------
        InputError
            If `X` is no sequence of str.
        sklearn.exceptions.NotFittedError
            If `fit` was not called before.
        """
        rows = self._rows(X)
        if not rows.shape[0]:
            return np.zeros(0 if len(self.classes_) == 2 else (0, len(self.classes_)))
        return np.asarray(self.classifier_.decision_function(rows))

    def _rows(self, sentences: Iterable[str]) -> Any:
        check_is_fitted(self)
        return self.features_.transform(text_column(sentences, "HedgecheckClassifier"))


def _labels(y: Any) -> npt.NDArray[Any]:
    """Return labels as an array; refuse missing ones and figures that are no classes."""
    labels = column_or_1d(y, warn=True)
    if labels.dtype.kind == "f":
        assert_all_finite(labels, input_name="y")
    if labels.dtype.kind == "O":
        import pandas as pd  # knows every sign for a missing value

        missing = np.flatnonzero(pd.isna(labels))
        if len(missing):
            raise InputError(f"row {missing[0]}: the label is missing; drop such rows")
    check_classification_targets(labels)
    return np.asarray(labels)
