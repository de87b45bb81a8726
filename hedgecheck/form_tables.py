"""Summed weights of forms: one row for all that a word gives to the outputs of a stage.

A word has several features (its normal form, shape, suffix, classes), each with weights of its own.
What they add up to is worked out when the word's form is first scored, so that a token costs one
look-up however many features it has.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hedgecheck.vocabulary import TypeProperties

_FIRST_CAPACITY = 1024


class FormWeights:
    """Weights of several blocks of type features, from which rows of forms are summed.

    Parameters
    ----------
    by_column
        Weights of every vocabulary column, shape (columns, blocks, outputs).
    padding
        The rows of form 0, which stands where no word is, shape (blocks, outputs).
    dtype
        Of the sums.
    """

    def __init__(
        self, by_column: npt.NDArray[Any], padding: npt.ArrayLike, dtype: npt.DTypeLike
    ) -> None:
        self.by_column = by_column
        self.padding = padding
        self.dtype = np.dtype(dtype)

    def rows(self, properties: TypeProperties) -> npt.NDArray[Any]:
        """The rows of all forms known so far and of more to come.

        Shape (blocks, forms, outputs).
        """
        table = properties.form_tables.get(self)
        if table is None:
            table = properties.form_tables.setdefault(self, FormTable(self))
        return table.rows(properties)


class FormTable:
    """The rows of the forms that one `TypeProperties` knows; it grows with it."""

    def __init__(self, weights: FormWeights) -> None:
        self._weights = weights
        blocks, outputs = weights.by_column.shape[1:]
        self._rows: npt.NDArray[Any] = np.zeros((blocks, _FIRST_CAPACITY, outputs), weights.dtype)
        self._rows[:, 0] = weights.padding
        self._done = 1
        self._lock = threading.Lock()

    def rows(self, properties: TypeProperties) -> npt.NDArray[Any]:
        """As `FormWeights.rows`."""
        with self._lock:
            n = len(properties.form_type)
            if self._done < n:
                self._add(properties, n)
            return self._rows

    def _add(self, properties: TypeProperties, n: int) -> None:
        types = properties.form_type[self._done : n]
        columns, begins = properties.columns_of(types)  # a type has a column at least
        features = self._weights.by_column[columns]
        sums = np.add.reduceat(features, begins, axis=0, dtype=self._rows.dtype)
        blocks, capacity, outputs = self._rows.shape
        if n > capacity:
            larger = np.zeros((blocks, max(n, 2 * capacity), outputs), dtype=self._rows.dtype)
            larger[:, :capacity] = self._rows
            self._rows = larger
        self._rows[:, self._done : n] = sums.transpose(1, 0, 2)
        self._done = n
