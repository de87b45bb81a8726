"""Blocks of sparse features, and the linear stage that weighs them.

What a linear model sees is laid out in named blocks. A `TypeBlock` says "word type t at row r" and
stands for all the features of that type (its vocabulary columns); an `IndexBlock` says "column c at
row r", with a value where it isn't 1; a `DenseBlock` has a value for every row and column. Training
turns blocks into one scipy matrix (`matrix`); scoring adds up gathered weight rows
(`LinearStage.scores`). For type blocks a type's weights are summed once, when the type is first
seen, so that scoring a token costs one gather however many features it has.

Weights and values are multiples of powers of two, small enough that float64 adds them without
rounding: a sum is the same to the last bit in any order, alone or in any batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class TypeBlock:
    """Word types at rows: the features of ``type[k]`` count for row ``row[k]``.

    ``slot[k]``, where given, is the slot of the word in its batch, for explanations.
    """

    name: str
    row: IntArray
    type: IntArray
    slot: IntArray | None = None


@dataclass(frozen=True, slots=True)
class IndexBlock:
    """Columns at rows, each with a value (1 where `value` is None)."""

    name: str
    row: IntArray
    column: IntArray
    width: int
    value: FloatArray | None = None
    slot: IntArray | None = None


@dataclass(frozen=True, slots=True)
class DenseBlock:
    """Values of every row, shape (rows, columns), multiples of `VALUE_STEP`."""

    name: str
    values: FloatArray


#: Features whose weights all lie below this are left out of a trained model.
LIGHT: Final = 0.05

Block = TypeBlock | IndexBlock | DenseBlock


def rounded(values: npt.ArrayLike) -> FloatArray:
    """Values of features, as multiples of `VALUE_STEP`.

    >>> rounded([0.5, 0.3]).tolist()
    [0.5, 0.30078125]
    """
    return np.round(np.asarray(values, dtype=np.float64) / VALUE_STEP) * VALUE_STEP


def one_hot(name: str, codes: IntArray, width: int) -> IndexBlock:
    """A block with exactly one column a row; `codes` are below `width`."""
    return IndexBlock(name, np.arange(len(codes)), codes.astype(np.int64), width)


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
        elif isinstance(block, DenseBlock):
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
        Shape (sum of the widths, outputs), multiples of `WEIGHT_STEP`.
    bias
        Shape (outputs,).
    """

    def __init__(
        self,
        layout: Sequence[tuple[str, int, bool]],
        weights: FloatArray,
        bias: FloatArray,
    ) -> None:
        self.layout = list(layout)
        self.bias = bias
        self.n_outputs = len(bias)
        self._parts: dict[str, ShortFloatArray] = {}
        at = 0
        for name, width, _ in self.layout:
            self._parts[name] = np.ascontiguousarray(weights[at : at + width], dtype=np.float32)
            at += width
        self._type_blocks = [name for name, _, is_type in self.layout if is_type]
        empty = np.zeros((0, 0), dtype=np.float32)
        stacked = [self._parts[name] for name in self._type_blocks]
        self._by_column = np.hstack(stacked) if stacked else empty

    @property
    def weights(self) -> FloatArray:
        """All weights, shape (sum of the widths, outputs), in the order of the layout."""
        return np.vstack([self._parts[name] for name, _, _ in self.layout]).astype(np.float64)

    def part(self, name: str) -> ShortFloatArray:
        """The weights of one block, shape (its width, outputs)."""
        return self._parts[name]

    def _type_weights(self, properties: TypeProperties) -> dict[str, ShortFloatArray]:
        """Summed weights of every type known so far, by type block, shape (types, outputs)."""
        tables = properties.weights.get(id(self))
        n_types = len(properties.indptr) - 1
        done = len(next(iter(tables.values()))) if tables else 1
        if tables is None:
            nothing = np.zeros((1, self.n_outputs), dtype=np.float32)
            tables = dict.fromkeys(self._type_blocks, nothing)
        if done < n_types:
            begins = properties.indptr[done:n_types] - properties.indptr[done]
            rows = self._by_column[properties.columns[properties.indptr[done] :]]
            new = np.add.reduceat(rows, begins, axis=0)  # every type has a column at least
            parts = np.split(new, len(self._type_blocks), axis=1)
            tables = {
                name: np.vstack([tables[name], part])
                for name, part in zip(self._type_blocks, parts, strict=True)
            }
            properties.weights[id(self)] = tables
        return tables

    def scores(
        self, blocks: Sequence[Block], n_rows: int, properties: TypeProperties
    ) -> FloatArray:
        """Decision values, shape (rows, outputs)."""
        out = np.tile(self.bias, (n_rows, 1))
        tables = self._type_weights(properties) if self._type_blocks else {}
        for block in blocks:
            if isinstance(block, TypeBlock):
                _add_rows(out, block.row, np.take(tables[block.name], block.type, axis=0))
            elif isinstance(block, DenseBlock):
                # Exact, so that the order in which BLAS adds makes no difference.
                out += block.values @ self._parts[block.name].astype(np.float64)
            else:
                rows = np.take(self._parts[block.name], block.column, axis=0)
                weighed = rows if block.value is None else rows * block.value[:, None]
                _add_rows(out, block.row, weighed)
        return out

    def contributions(
        self, blocks: Sequence[Block], row: int, output: int, properties: TypeProperties
    ) -> list[tuple[Block, int, float]]:
        """What each entry of the blocks gives to one output of one row: (block, entry, value).

        With the bias, the values add up to the decision value.
        """
        tables = self._type_weights(properties)
        found: list[tuple[Block, int, float]] = []
        for block in blocks:
            weights = self._parts[block.name][:, output].astype(np.float64)
            if isinstance(block, DenseBlock):
                values = block.values[row] * weights
                found += [(block, k, float(values[k])) for k in np.flatnonzero(values).tolist()]
                continue
            for entry in np.flatnonzero(block.row == row).tolist():
                if isinstance(block, TypeBlock):
                    value = float(tables[block.name][block.type[entry], output])
                else:
                    value = weights[block.column[entry]]
                    if block.value is not None:
                        value *= block.value[entry]
                if value:
                    found.append((block, entry, float(value)))
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
        elif isinstance(block, DenseBlock):
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

    A third of the file goes, and with it less than .002 of any figure on our own test set.

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
    weights = np.zeros((sum(widths), len(bias)))
    weights[payload[f"{prefix}.rows"]] = payload[f"{prefix}.weights"] * WEIGHT_STEP
    layout = [(n, w, bool(k)) for n, w, k in zip(names, widths, kinds, strict=True)]
    return LinearStage(layout, weights, np.asarray(bias, dtype=np.float64))
