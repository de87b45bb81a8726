"""Summed weights of forms: one row for all that a word gives to the outputs of a stage.

A word has several features (its normal form, shape, suffix, classes), each with weights of its own.
What they add up to is worked out when the word's form is first scored, so that a token costs one
look-up however many features it has.

How long a look-up takes is a matter of how much of the table the processor can keep near. So rows
are kept in 16 bits, which nearly all sums fit; what is over of the others stands apart.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hedgecheck.tokens import IntArray
    from hedgecheck.vocabulary import TypeProperties

CountArray = npt.NDArray[np.int32]
ShortCountArray = npt.NDArray[np.int16]

_FIRST_CAPACITY = 1024


@dataclass(frozen=True, slots=True)
class FormRows:
    """The rows of forms in one block.

    ``low``: shape (forms, outputs). ``is_wide`` says of which forms the row in ``high`` has to be
    added; both are None where all fit.
    """

    low: ShortCountArray
    is_wide: npt.NDArray[np.bool_] | None
    high: CountArray | None

    def over(self, forms: IntArray) -> tuple[IntArray, CountArray] | None:
        """Places among some forms of those that ``low`` is not enough for, and what is over."""
        if self.is_wide is None or self.high is None:
            return None
        places = self.is_wide.take(forms).nonzero()[0]
        return places, self.high.take(forms[places], axis=0)


class FormWeights:
    """Weights of several blocks of type features, from which rows of forms are summed.

    Parameters
    ----------
    by_column
        Weights of every vocabulary column, shape (columns, blocks, outputs).
    """

    def __init__(self, by_column: ShortCountArray) -> None:
        self.by_column = by_column

    def rows(self, properties: TypeProperties) -> list[FormRows]:
        """The rows of all forms known so far and of more to come, for every block.

        Form 0, which stands where no word is, has zeros.
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
        self._low = np.zeros((blocks, _FIRST_CAPACITY, outputs), dtype=np.int16)
        #: For each block, once one of its forms is wide: what is over of every form.
        self._high: dict[int, CountArray] = {}
        self._found = [FormRows(low, None, None) for low in self._low]
        self._done = 1
        self._lock = threading.Lock()

    def rows(self, properties: TypeProperties) -> list[FormRows]:
        """As `FormWeights.rows`."""
        with self._lock:
            n = len(properties.form_type)
            if self._done < n:
                self._add(properties, n)
            return self._found

    def _add(self, properties: TypeProperties, n: int) -> None:
        types = properties.form_type[self._done : n]
        columns, begins = properties.columns_of(types)  # a type has a column at least
        features = self._weights.by_column[columns]
        sums = np.add.reduceat(features, begins, axis=0, dtype=np.int32).transpose(1, 0, 2)
        if n > self._low.shape[1]:
            more = max(n, 2 * self._low.shape[1]) - self._low.shape[1]
            self._low = np.pad(self._low, ((0, 0), (0, more), (0, 0)))
            self._high = {k: np.pad(high, ((0, more), (0, 0))) for k, high in self._high.items()}
        new = slice(self._done, n)
        self._low[:, new] = sums  # the lower 16 bits
        over = sums - self._low[:, new]
        for block in np.unique(over.nonzero()[0]).tolist():
            if block not in self._high:
                self._high[block] = np.zeros(self._low.shape[1:], dtype=np.int32)
            self._high[block][new] = over[block]
        found = []
        for block, low in enumerate(self._low):
            high = self._high.get(block)
            found.append(
                FormRows(low, None if high is None else np.asarray(high.any(axis=1)), high)
            )
        self._found, self._done = found, n
