"""Summed weights of forms: one row for all that a word gives to the outputs of a stage.

A word has several features (its normal form, shape, suffix, classes), each with weights of its own.
What they add up to is worked out when the word's form is first scored, so that a token costs one
look-up however many features it has.

How long a look-up takes is a matter of how much of the table the processor can keep near. So rows
are kept in 16 bits, which nearly all sums fit; what is over of the others stands apart.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from hedgecheck.tokens import IntArray
    from hedgecheck.vocabulary import TypeProperties

CountArray = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]
ShortCountArray = npt.NDArray[np.int16]

_FIRST_CAPACITY = 1024


@dataclass(frozen=True, slots=True)
class FormRows:
    """The rows of forms in every block.

    ``low``: for each block an array, shape (forms, outputs). ``is_wide`` says of which forms there
    is more in any block, None where all fit; ``is_wide_in`` says it for some blocks, by their
    number, and ``high`` has it.
    """

    low: list[ShortCountArray]
    is_wide: Mask | None
    is_wide_in: dict[int, Mask]
    high: dict[int, CountArray]

    def over(self, forms: IntArray) -> Iterator[tuple[IntArray, int, CountArray]]:
        """What ``low`` lacks for some forms: places among them, a block, and what to add there."""
        if self.is_wide is None:
            return
        places = self.is_wide.take(forms).nonzero()[0]
        if len(places):
            wide = forms[places]
            for block, high in self.high.items():
                some = self.is_wide_in[block].take(wide).nonzero()[0]
                if len(some):
                    yield places[some], block, high.take(wide[some], axis=0)


class FormWeights:
    """Weights of several blocks of type features, from which rows of forms are summed.

    Parameters
    ----------
    by_column
        Weights of every vocabulary column, shape (columns, blocks, outputs).
    """

    def __init__(self, by_column: ShortCountArray) -> None:
        self.by_column = by_column

    def rows(self, properties: TypeProperties) -> FormRows:
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
        self._found = FormRows(list(self._low), None, {}, {})
        self._done = 1
        self._lock = threading.Lock()

    def rows(self, properties: TypeProperties) -> FormRows:
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
        # New dicts, since others may be reading the old ones.
        high = dict(self._high)
        wide = {block: np.asarray(rows.any(axis=1)) for block, rows in high.items()}
        is_wide = np.logical_or.reduce(list(wide.values())) if wide else None
        self._found, self._done = FormRows(list(self._low), is_wide, wide, high), n
