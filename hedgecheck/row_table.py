"""One table of weights for all entries of the blocks that sentences have.

A column of an `IndexBlock` has its row from the start, unless it weighs nothing: then it has the
first row, which is all zeros. A word form has a row for each type block that it was met in, made
when it is first met there: of most words it is known what they weigh somewhere in a sentence, but
few were ever met in a cue.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.tokens import IntArray

if TYPE_CHECKING:
    from hedgecheck.blocks import LinearStage, ShortFloatArray
    from hedgecheck.vocabulary import TypeProperties

RowNumbers = npt.NDArray[np.int32]

_ABSENT: Final = -1
#: Room for rows of forms; what is not used yet takes no memory, and to move takes twice the table.
_FIRST_FORMS: Final = 60_000


class RowLayout:
    """Numbers for the columns of all blocks of some passes, whose outputs stand side by side.

    Parameters
    ----------
    passes
        Each sees what the one before it sees, and more; a ValueError says that one does not.
    """

    def __init__(self, passes: Sequence[LinearStage]) -> None:
        self.passes = tuple(passes)
        layout = passes[-1].layout
        if any(stage.layout != layout[: len(stage.layout)] for stage in passes):
            raise ValueError("a pass does not see what the one before it sees")
        self.index_blocks = [name for name, _, is_type in layout if not is_type]
        self.type_blocks = [name for name, _, is_type in layout if is_type]
        self._begins: dict[str, int] = {}
        self.n_columns = 0
        for name, width, is_type in layout:
            if not is_type:
                self._begins[name] = self.n_columns
                self.n_columns += width
        # Forms come last, with all type blocks side by side, for there are ever more of them.
        for number, name in enumerate(self.type_blocks):
            self._begins[name] = self.n_columns + number

    def of_columns(self, name: str, columns: IntArray) -> IntArray:
        """Numbers of columns of an index block."""
        return np.asarray(columns + self._begins[name])

    def of_types(self, name: str, types: IntArray, properties: TypeProperties) -> IntArray:
        """Numbers of word types in a type block."""
        forms: IntArray = properties.form.take(types)
        forms *= len(self.type_blocks)
        forms += self._begins[name]
        return forms

    def weights(self, name: str, columns: IntArray) -> ShortFloatArray:
        """The weights of some columns of an index or dense block."""
        parts = [
            stage.rows_of(name, columns)
            if name in stage.names
            else np.zeros((len(columns), stage.n_outputs), dtype=np.float32)
            for stage in self.passes
        ]
        return np.hstack(parts)

    def type_weights(
        self, name: str, types: IntArray, properties: TypeProperties
    ) -> ShortFloatArray:
        """What each of some types adds up to in a type block."""
        parts = [
            stage.type_rows(name, types, properties)
            if name in stage.names
            else np.zeros((len(types), stage.n_outputs), dtype=np.float32)
            for stage in self.passes
        ]
        return np.hstack(parts)


class RowTable:
    """The rows of the columns met so far.

    ``highest`` is the largest weight in them. A table belongs to one `TypeProperties`.
    """

    def __init__(self, layout: RowLayout) -> None:
        self._layout = layout
        filled: dict[str, IntArray] = {}
        self._places = np.zeros(layout.n_columns, dtype=np.int32)
        self._n = 1
        for name in layout.index_blocks:
            some = np.unique(np.concatenate([p.filled(name) for p in layout.passes]))
            end = self._n + len(some)
            self._places[layout.of_columns(name, some)] = np.arange(self._n, end)
            filled[name], self._n = some, end
        capacity = self._n + _FIRST_FORMS
        width = sum(stage.n_outputs for stage in layout.passes)
        self.rows = np.zeros((capacity, width), dtype=np.float32)
        for name, some in filled.items():
            self.rows[self._places[layout.of_columns(name, some)]] = layout.weights(name, some)
        self.highest = max(float(self.rows.max()), -float(self.rows.min()))
        self._lock = threading.Lock()

    def find(self, columns: Sequence[IntArray], properties: TypeProperties) -> RowNumbers:
        """The rows of some columns; a form that was not met before gets one."""
        if not columns:
            return np.zeros(0, dtype=np.int32)
        numbers = np.concatenate(columns)
        with self._lock:
            n_blocks = len(self._layout.type_blocks)
            need = self._layout.n_columns + n_blocks * len(properties.form_type)
            if need > len(self._places):
                more = np.full(2 * need - len(self._places), _ABSENT, dtype=np.int32)
                self._places = np.concatenate([self._places, more])
            found = self._places.take(numbers)
            absent = found < 0
            if absent.any():
                self._add(np.unique(numbers[absent]), properties)
                found = self._places.take(numbers)
        return found

    def _add(self, numbers: IntArray, properties: TypeProperties) -> None:
        layout = self._layout
        forms, blocks = np.divmod(numbers - layout.n_columns, len(layout.type_blocks))
        types = properties.form_type[forms]
        end = self._n + len(numbers)
        if end > len(self.rows):
            # A new array, since others may be reading the old one.
            more = end + max(end // 4, _FIRST_FORMS) - len(self.rows)
            self.rows = np.pad(self.rows, ((0, more), (0, 0)))
        for block in np.unique(blocks).tolist():
            some = (blocks == block).nonzero()[0]
            new = layout.type_weights(layout.type_blocks[block], types[some], properties)
            self.rows[self._n + some] = new
            self.highest = max(self.highest, float(np.abs(new).max()))
        self._places[numbers] = np.arange(self._n, end)
        self._n = end


def table_of(properties: TypeProperties, layout: RowLayout) -> RowTable:
    """The one table for a cache of word types and a layout."""
    table = properties.row_tables.get(layout)
    if table is None:
        table = properties.row_tables.setdefault(layout, RowTable(layout))
    return table
