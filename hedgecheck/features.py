"""The sentence features as a scikit-learn transformer, for pipelines of your own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from hedgecheck.blocks import layout_of, matrix
from hedgecheck.checking import check_sentences
from hedgecheck.engine import make_scene
from hedgecheck.errors import InputError
from hedgecheck.model import Model, load, shipped
from hedgecheck.sentence_blocks import sentence_blocks
from hedgecheck.vocabulary import TypeProperties

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


class TakesTexts:
    """Tells scikit-learn that an estimator takes one column of texts, and no matrix."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()  # type: ignore[misc]  # that of `BaseEstimator`
        tags.input_tags.string = True
        tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        return tags


class SentenceFeatures(TakesTexts, TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn is untyped
    """What the sentence heads see of each sentence by itself, as a sparse matrix.

    The features are the sentence's words and word pairs by region (outside and inside quotation
    marks, source, cue, hedges), the tags of the model's evidence taggers, and how much is quoted.

    Parameters
    ----------
    model : str, path-like or Model, default "en"
        The model whose vocabulary and taggers are used.
    min_rows : int, default 3
        Columns that fewer training sentences than this have are left out.

    Attributes
    ----------
    columns_ : ndarray of shape (n_features,)
        The columns kept, of all that the model could give.
    n_features_out_ : int
        Their number.

    Examples
    --------
    >>> features = SentenceFeatures(min_rows=1).fit(["It may rain.", "It rained, she said."])
    >>> features.transform(["She said so."]).shape == (1, features.n_features_out_)
    True
    """

    def __init__(self, model: Any = "en", *, min_rows: int = 3) -> None:
        self.model = model
        self.min_rows = min_rows

    def fit(self, X: Iterable[str], y: Any = None) -> SentenceFeatures:  # noqa: ARG002, N803
        """Learn which columns occur often enough.

        Parameters
        ----------
        X : iterable of str
            Sentences.
        y : ignored

        Returns
        -------
        SentenceFeatures
            Itself, fitted.

        Raises
        ------
        InputError
            If `X` is a bare str, empty, or an item is not a str.
        """
        self._learn(X)
        return self

    def fit_transform(self, X: Iterable[str], y: Any = None) -> csr_matrix:  # noqa: ARG002, N803
        """Do `fit`, and give the features of the same sentences, which are read once only.

        Parameters
        ----------
        X : iterable of str
            Sentences.
        y : ignored

        Returns
        -------
        csr_matrix of shape (n_sentences, n_features)
            As `transform` gives it.

        Raises
        ------
        InputError
            As `fit`.
        """
        return self._learn(X)[:, self.columns_]

    def transform(self, X: Iterable[str]) -> csr_matrix:  # noqa: N803
        """Give the features of sentences.

        Parameters
        ----------
        X : iterable of str
            Sentences.

        Returns
        -------
        csr_matrix of shape (n_sentences, n_features)
            Values are multiples of 1/256; most are 1.

        Raises
        ------
        InputError
            If `X` is a bare str, or an item is not a str.
        sklearn.exceptions.NotFittedError
            If `fit` was not called before.
        """
        check_is_fitted(self)
        return self._features(X)[1][:, self.columns_]

    def get_feature_names_out(self, input_features: Any = None) -> npt.NDArray[np.object_]:  # noqa: ARG002
        """Give the names of the columns: the block, and the word feature or the column in it.

        Returns
        -------
        ndarray of str, shape (n_features,)

        Raises
        ------
        sklearn.exceptions.NotFittedError
            If `fit` was not called before.
        """
        check_is_fitted(self)
        words = ["unknown", *self._loaded().engine.vocabulary.names]
        names: list[str] = []
        for name, width, is_type in self._layout:
            inner = words if is_type else [str(column) for column in range(width)]
            names += [f"{name}: {part}" for part in inner]
        return np.array(names, dtype=object)[self.columns_]

    def _loaded(self) -> Model:
        if isinstance(self.model, Model):
            return self.model
        # By name, so that a pickled pipeline does not carry the model.
        return shipped() if self.model == "en" else load(self.model)

    def _learn(self, sentences: Iterable[str]) -> csr_matrix:
        """Fit, and return the features of the sentences with all their columns."""
        layout, features = self._features(sentences)
        if not features.shape[0]:
            raise InputError("SentenceFeatures.fit needs at least one sentence, got none")
        seen = np.bincount(features.indices, minlength=features.shape[1])
        self.columns_ = np.flatnonzero(seen >= self.min_rows)
        self.n_features_out_ = len(self.columns_)
        self._layout = layout
        return features

    def _features(self, sentences: Iterable[str]) -> tuple[list[tuple[str, int, bool]], csr_matrix]:
        """Return the layout of all columns, and the features."""
        checked = text_column(sentences, "SentenceFeatures")
        engine = self._loaded().engine
        properties = TypeProperties(engine.vocabulary)
        scene = make_scene(checked, np.arange(len(checked)), properties)
        blocks = sentence_blocks(scene, engine.evidence(scene))
        width = len(engine.vocabulary)
        return layout_of(blocks, width), matrix(blocks, len(checked), properties, width)


def text_column(sentences: Iterable[str], where: str) -> list[str]:
    """Return the sentences as a list.

    Raises
    ------
    InputError
        If it is a bare str or a whole table, or an item is not a str; it speaks of `where`.

    Examples
    --------
    >>> text_column(("It rained.",), "fit")
    ['It rained.']
    """
    # A frame would give the names of its columns, which are str too.
    if hasattr(sentences, "columns") or getattr(sentences, "ndim", 1) != 1:
        raise InputError(
            f"{where} takes one column of texts, got a {type(sentences).__name__} of another "
            "shape; give one column: table['text']"
        )
    return check_sentences(sentences, where)
