"""Blocks of sparse features, and the linear stage that weighs them.

What a linear model sees is laid out in named blocks. A `TypeBlock` says "word type t at row r" and
stands for all the features of that type (its vocabulary columns); an `IndexBlock` says "column c at
row r", with a value where it isn't 1; a `DenseBlock` has a value for every row and column, and so
has a `CrossedBlock`, which repeats some columns for each of some codes. Training
turns blocks into one scipy matrix (`matrix`); scoring adds up gathered weight rows. How, is said
here the plain way (`LinearStage.scores`); what scores texts takes the same sums by faster ways
(`hedgecheck.token_scores`, `hedgecheck.sentence_scores`).

Weights and values are multiples of powers of two, small enough that float64 adds them without
rounding: a sum is the same to the last bit in any order, alone or in any batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import TypeProperties

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

FloatArray = npt.NDArray[np.float64]
#: Weights are kept in half the memory: 24 bits hold them and their sum over a type's features.
ShortFloatArray = npt.NDArray[np.float32]

#: Probabilities, which both hold without rounding.
AnyFloats = FloatArray | ShortFloatArray

#: Weights are multiples of this; with 16 bits they reach ±8.
WEIGHT_STEP: Final = 2.0**-12
#: Feature values are multiples of this.
VALUE_STEP: Final = 2.0**-8


# Blocks are not frozen: a sentence has fifty, and a frozen one takes three times as long to make.
@dataclass(slots=True)
class TypeBlock:
    """Word types at rows: the features of ``type[k]`` count for row ``row[k]``.

    ``slot[k]``, where given, is the slot of the word in its batch, for explanations.
    """

    name: str
    row: IntArray
    type: IntArray
    slot: IntArray | None = None


@dataclass(slots=True)
class IndexBlock:
    """Columns at rows, each with a value (1 where `value` is None)."""

    name: str
    row: IntArray
    column: IntArray
    width: int
    value: FloatArray | None = None
    slot: IntArray | None = None


@dataclass(slots=True)
class DenseBlock:
    """Values of every row, shape (rows, columns), multiples of `VALUE_STEP`."""

    name: str
    values: FloatArray


@dataclass(frozen=True, slots=True)
class Groups:
    """Rows by a code below ``n``: ``order`` has those of code 0 first, ``ends`` is where each end.

    >>> Groups.of(np.array([1, 0, 1]), 2).order.tolist()
    [1, 0, 2]
    """

    code: IntArray
    n: int
    order: IntArray
    ends: IntArray

    @classmethod
    def of(cls, code: IntArray, n: int) -> Groups:
        """Sort rows by their codes."""
        ends = np.cumsum(np.bincount(code, minlength=n))
        return cls(code, n, np.argsort(code, kind="stable"), ends)


@dataclass(slots=True)
class CrossedBlock:
    """Values of every row, and the same again in columns that only rows of the same code fill.

    It has the columns of a dense block, most of them zero, but does not make them before they are
    asked for.
    """

    name: str
    facts: FloatArray
    groups: Groups

    @property
    def values(self) -> FloatArray:
        """All columns: the facts, then for each of them one for every code."""
        own = np.eye(self.groups.n)[self.groups.code]
        crossed = self.facts[:, :, None] * own[:, None, :]
        n_crossed = self.facts.shape[1] * self.groups.n
        return np.hstack([self.facts, crossed.reshape(len(own), n_crossed)])


#: Features whose weights all lie below this are left out of a trained model.
LIGHT: Final = 0.07

Dense = DenseBlock | CrossedBlock
Block = TypeBlock | IndexBlock | Dense


def rounded(values: npt.ArrayLike) -> FloatArray:
    """Values of features, as multiples of `VALUE_STEP`.

    >>> rounded([0.5, 0.3]).tolist()
    [0.5, 0.30078125]
    """
    return np.round(np.asarray(values, dtype=np.float64) / VALUE_STEP) * VALUE_STEP


def one_hot(name: str, codes: IntArray, width: int) -> IndexBlock:
    """A block with exactly one column a row; `codes` are below `width`."""
    return IndexBlock(name, np.arange(len(codes)), codes.astype(np.int64, copy=False), width)


def matrix(
    blocks: Sequence[Block], n_rows: int, properties: TypeProperties, width: int
) -> csr_matrix:
    """The blocks side by side as one sparse matrix, for training.

    `width` is the number of vocabulary columns.
    """
    from scipy import sparse

    parts = []
    n_types = len(properties.indptr) - 1
    known = sparse.csr_matrix(
        (np.ones(len(properties.columns)), properties.columns, properties.indptr),
        shape=(n_types, width),
    )
    for block in blocks:
        if isinstance(block, TypeBlock):
            places = sparse.csr_matrix(
                (np.ones(len(block.row)), (block.row, block.type)), shape=(n_rows, n_types)
            )
            parts.append(places @ known)
        elif isinstance(block, Dense):
            parts.append(sparse.csr_matrix(block.values))
        else:
            values = np.ones(len(block.row)) if block.value is None else block.value
            parts.append(
                sparse.csr_matrix((values, (block.row, block.column)), shape=(n_rows, block.width))
            )
    return sparse.csr_matrix(sparse.hstack(parts, format="csr"))


class LinearStage:
    """Weights for a layout of blocks: ``scores = features @ weights + bias``.

    Parameters
    ----------
    layout
        Name and width of every block, and whether it is a type block; the width of one is that of
        the vocabulary.
    weights
        Shape (sum of the widths, outputs), multiples of `WEIGHT_STEP`; if they are 16-bit integers,
        they say of what multiples.
    bias
        Shape (outputs,).
    filled
        Where given, `weights` has only these rows, and all others are zeros.
    """

    def __init__(
        self,
        layout: Sequence[tuple[str, int, bool]],
        weights: npt.NDArray[Any],
        bias: FloatArray,
        filled: IntArray | None = None,
    ) -> None:
        self.layout = list(layout)
        self.bias = bias
        self.n_outputs = len(bias)
        self._begins: dict[str, int] = {}
        self._widths: dict[str, int] = {}
        at = 0
        for name, width, _ in self.layout:
            self._begins[name], self._widths[name] = at, width
            at += width
        if filled is None:
            filled = np.flatnonzero(weights.any(axis=1))
            weights = weights[filled]
        # Most features weigh nothing: they share the first row.
        self._place = np.zeros(at, dtype=np.int32)
        self._place[filled] = np.arange(1, 1 + len(filled))
        is_short = weights.dtype == np.int16
        self._step = np.float32(WEIGHT_STEP if is_short else 1.0)
        dtype = np.int16 if is_short else np.float32
        self._rows: npt.NDArray[Any] = np.zeros((1 + len(filled), self.n_outputs), dtype=dtype)
        self._rows[1:] = weights

    @property
    def weights(self) -> FloatArray:
        """All weights, shape (sum of the widths, outputs), in the order of the layout."""
        return self._rows[self._place].astype(np.float64) * float(self._step)

    @property
    def names(self) -> AbstractSet[str]:
        """The names of its blocks."""
        return self._begins.keys()

    def part(self, name: str) -> ShortFloatArray:
        """The weights of one block, shape (its width, outputs)."""
        return self.rows_of(name, np.arange(self._widths[name]))

    def filled(self, name: str) -> IntArray:
        """The columns of a block that weigh something, rising; none of a block that is not seen."""
        if name not in self._begins:
            return np.zeros(0, dtype=np.int64)
        begin = self._begins[name]
        return np.flatnonzero(self._place[begin : begin + self._widths[name]])

    def rows_of(self, name: str, columns: IntArray) -> ShortFloatArray:
        """The weights of some columns of a block, shape (columns, outputs)."""
        return self._rows[self._place[self._begins[name] + columns]] * self._step

    def type_rows(
        self, name: str, types: IntArray, properties: TypeProperties
    ) -> npt.NDArray[np.float32]:
        """What each of some types adds up to in a type block, shape (types, outputs)."""
        columns, begins = properties.columns_of(types)
        # Types have a column at least, but padding, which has none and weighs nothing.
        sums = np.zeros((len(types), self.n_outputs), dtype=np.float32)
        words = types > 0
        if words.any():
            sums[words] = np.add.reduceat(self.rows_of(name, columns), begins[words], axis=0)
        return sums

    def scores(
        self, blocks: Sequence[Block], n_rows: int, properties: TypeProperties
    ) -> FloatArray:
        """Decision values, shape (rows, outputs)."""
        out = np.tile(self.bias, (n_rows, 1))
        for block in blocks:
            if isinstance(block, TypeBlock):
                types, which = np.unique(block.type, return_inverse=True)
                rows = self.type_rows(block.name, types, properties)
                _add_rows(out, block.row, rows[which])
            elif isinstance(block, Dense):
                # Exact, so that the order in which BLAS adds makes no difference.
                out += block.values @ self.part(block.name).astype(np.float64)
            else:
                rows = self.rows_of(block.name, block.column)
                weighed = rows if block.value is None else rows * block.value[:, None]
                _add_rows(out, block.row, weighed)
        return out

    def contributions(
        self, blocks: Sequence[Block], row: int, output: int, properties: TypeProperties
    ) -> list[tuple[Block, int, float]]:
        """What each entry of the blocks gives to one output of one row: (block, entry, value).

        With the bias, the values add up to the decision value.
        """
        found: list[tuple[Block, int, float]] = []
        for block in blocks:
            if isinstance(block, Dense):
                values = block.values[row] * self.part(block.name)[:, output]
                found += [(block, k, float(values[k])) for k in np.flatnonzero(values).tolist()]
                continue
            entries = np.flatnonzero(block.row == row)
            if isinstance(block, TypeBlock):
                rows = self.type_rows(block.name, block.type[entries], properties)
            else:
                rows = self.rows_of(block.name, block.column[entries])
            values = rows[:, output].astype(np.float64)
            if isinstance(block, IndexBlock) and block.value is not None:
                values *= block.value[entries]
            found += [
                (block, entry, value)
                for entry, value in zip(entries.tolist(), values.tolist(), strict=True)
                if value
            ]
        return found


def _add_rows(out: FloatArray, row: IntArray, values: FloatArray | ShortFloatArray) -> None:
    """``out[row] += values``, where rows are in rising order and may repeat."""
    if not len(row):
        return
    begins = np.flatnonzero(row[1:] != row[:-1]) + 1
    if len(begins) + 1 == len(out) == len(row):  # every row once
        out += values
        return
    begins = np.concatenate([[0], begins])
    out[row[begins]] += np.add.reduceat(values, begins, axis=0, dtype=np.float64)


def layout_of(blocks: Sequence[Block], width: int) -> list[tuple[str, int, bool]]:
    """Name, width and kind of each block; `width` is the number of vocabulary columns."""
    found = []
    for block in blocks:
        if isinstance(block, TypeBlock):
            found.append((block.name, width, True))
        elif isinstance(block, Dense):
            found.append((block.name, block.values.shape[1], False))
        else:
            found.append((block.name, block.width, False))
    return found


def rounded_weights(weights: npt.ArrayLike) -> FloatArray:
    """Weights as 16-bit multiples of `WEIGHT_STEP`.

    >>> rounded_weights([0.5, 99.0]).tolist()
    [0.5, 7.999755859375]
    """
    scaled = np.clip(np.round(np.asarray(weights, dtype=np.float64) / WEIGHT_STEP), -32767, 32767)
    return scaled * WEIGHT_STEP


def without_light_rows(stage: LinearStage) -> LinearStage:
    """The stage without the features that hardly weigh in any output.

    Keeps the file below 12 MB. At .1 it costs at most .007 of any figure on our own test set,
    against .05.

    >>> stage = LinearStage([("a", 2, False)], np.array([[0.01], [0.5]]), np.zeros(1))
    >>> without_light_rows(stage).weights.tolist()
    [[0.0], [0.5]]
    """
    weights = stage.weights
    weights[np.abs(weights).max(axis=1) < LIGHT] = 0.0
    return LinearStage(stage.layout, weights, stage.bias)


def pack(stage: LinearStage, prefix: str) -> dict[str, Any]:
    """The stage as entries of a model file: only rows that have a weight, as 16-bit integers."""
    whole = np.round(stage.weights / WEIGHT_STEP).astype(np.int16)
    rows = np.flatnonzero(whole.any(axis=1))
    return {
        f"{prefix}.blocks": [name for name, _, _ in stage.layout],
        f"{prefix}.widths": [width for _, width, _ in stage.layout],
        f"{prefix}.kinds": [int(is_type) for _, _, is_type in stage.layout],
        f"{prefix}.rows": rows.astype(np.int32),
        f"{prefix}.weights": whole[rows],
        f"{prefix}.bias": stage.bias.astype(np.float64),
    }


def unpack(payload: Mapping[str, Any], prefix: str) -> LinearStage:
    """The stage that `pack` wrote."""
    names, widths, kinds = (payload[f"{prefix}.{part}"] for part in ("blocks", "widths", "kinds"))
    bias = payload[f"{prefix}.bias"]
    layout = [(n, w, bool(k)) for n, w, k in zip(names, widths, kinds, strict=True)]
    filled = np.asarray(payload[f"{prefix}.rows"], dtype=np.int64)
    return LinearStage(
        layout, payload[f"{prefix}.weights"], np.asarray(bias, dtype=np.float64), filled
    )
