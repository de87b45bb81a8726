"""The sentence heads' sums, the way that scoring goes.

A sentence has a hundred entries in some fifty blocks: words, pairs, codes. All entries of a batch
are added up at once, a row of weights for each:

1. Every entry becomes the number of a row in one table (`hedgecheck.row_table`).
2. The entries of each block and sentence are added up, which is exact. In a large batch a compiled
   sparse product does it without arrays in between (scipy's, loaded when first needed).
3. These sums are added up for each sentence, from the bias on, in the order of the blocks. It has
   to be this order: a bias is no multiple of a power of two, so that here sums are rounded.

The decision values are those of `LinearStage.scores` to the last bit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import WEIGHT_STEP, Block, DenseBlock, FloatArray, LinearStage, TypeBlock
from hedgecheck.row_table import BOTH, FIRST, RowLayout, RowNumbers, table_of
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import TypeProperties

__all__ = ["BOTH", "FIRST", "Entries", "SentenceScorer"]

#: From this many entries on, a batch is worth loading scipy for, and where it is loaded, using it.
_WORTH_LOADING: Final = 5_000
_WORTH_USING: Final = 200
#: Sums of multiples of `WEIGHT_STEP` below this are exact in float32's 24 bits.
_SHORT_BOUND: Final = WEIGHT_STEP * 2**24


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of some blocks, ready to be added up.

    ``row``: places in the table, block by block and sentence by sentence. ``begin``: where each
    sum begins, a sum being that of one block in one sentence. ``dense``: the dense blocks.
    ``order``: all sums (behind those of entries those of dense blocks, and what each sentence
    starts with) sentence by sentence, in each in the order of the blocks; ``end``: where each
    sentence's end there.
    """

    row: RowNumbers
    begin: IntArray
    dense: list[DenseBlock]
    order: IntArray
    end: IntArray
    properties: TypeProperties


class SentenceScorer:
    """The passes over sentences, their weights rearranged.

    Parameters
    ----------
    passes
        The first pass and the second. The layout of the first begins that of the second; a
        ValueError says that it does not.
    """

    def __init__(self, passes: Sequence[LinearStage]) -> None:
        self._layout = RowLayout(passes)
        self._biases = [np.concatenate([p.bias for p in some]) for some in self._layout.views]
        self._dense: list[dict[str, FloatArray]] = [{} for _ in self._layout.views]

    def entries(self, blocks: Sequence[Block], n_rows: int, properties: TypeProperties) -> Entries:
        """Make the entries of some blocks ready; `n_rows` is the number of sentences."""
        columns: list[IntArray] = []
        rows: list[IntArray] = []
        starts: list[int] = []  # of blocks with entries
        dense: list[DenseBlock] = []
        dense_at: list[int] = []  # the number of entries before each dense block
        at = 0
        for block in blocks:
            if isinstance(block, DenseBlock):
                dense.append(block)
                dense_at.append(at)
            elif len(block.row):
                if isinstance(block, TypeBlock):
                    columns.append(self._layout.of_types(block.name, block.type, properties))
                else:
                    columns.append(self._layout.of_columns(block.name, block.column))
                rows.append(block.row)
                starts.append(at)
                at += len(block.row)
        row = np.concatenate([np.zeros(0, dtype=np.int64), *rows])
        new = np.ones(at, dtype=np.bool_)
        np.not_equal(row[1:], row[:-1], out=new[1:])
        new[starts] = True
        begin = new.nonzero()[0]
        order, end = _order(row[begin], np.searchsorted(begin, dense_at), n_rows)
        found = table_of(properties, self._layout).find(columns, properties)
        return Entries(found, begin, dense, order, end, properties)

    def scores(self, entries: Entries, view: int, start: FloatArray | None = None) -> FloatArray:
        """Decision values, shape (sentences, outputs).

        Parameters
        ----------
        entries
            Those of all blocks, or of some of them.
        view
            `FIRST` for the outputs of the first pass, `BOTH` for those of both side by side.
        start
            Decision values of the blocks before; the bias where there are none.
        """
        n, n_sums, n_dense = len(entries.end), len(entries.begin), len(entries.dense)
        bias = self._biases[view]
        sums = np.empty((n_sums + (n_dense + 1) * n, len(bias)))
        table = table_of(entries.properties, self._layout)
        sums[:n_sums] = _add_up(entries, table.rows[view], table.highest)
        for at, block in enumerate(entries.dense):
            part = sums[n_sums + at * n : n_sums + (at + 1) * n]
            # Exact, so that the order in which BLAS adds makes no difference.
            np.matmul(block.values, self._dense_weights(view, block), out=part)
        sums[n_sums + n_dense * n :] = bias if start is None else start
        return _add_in_order(sums, entries.order, entries.end)

    def _dense_weights(self, view: int, block: DenseBlock) -> FloatArray:
        found = self._dense[view].get(block.name)
        if found is None:
            columns = np.arange(block.values.shape[1])
            found = self._layout.weights(view, block.name, columns).astype(np.float64)
            self._dense[view][block.name] = found
        return found


def _order(row: IntArray, dense_at: IntArray, n_rows: int) -> tuple[IntArray, IntArray]:
    """The order of all sums by sentence, and where each sentence's end; see `Entries`.

    `row`: sentence of every sum of entries; `dense_at`: how many of them come before each dense
    block.
    """
    n_sums, every = len(row), np.arange(n_rows)
    start = n_sums + n_rows * len(dense_at)
    order, rows = [every + start], [every]
    before = 0
    for number, after in enumerate(dense_at.tolist()):
        order += [np.arange(before, after), every + n_sums + number * n_rows]
        rows += [row[before:after], every]
        before = after
    order.append(np.arange(before, n_sums))
    rows.append(row[before:])
    sentence = np.concatenate(rows)
    if n_rows < 2**16:  # numpy sorts these by counting
        sentence = sentence.astype(np.uint16)
    by_sentence = np.concatenate(order)[np.argsort(sentence, kind="stable")]
    return by_sentence, np.cumsum(np.bincount(sentence, minlength=n_rows))


def _many(n: int) -> bool:
    """Whether so many rows are added up faster by scipy, loading included if need be."""
    return n >= (_WORTH_USING if "scipy.sparse" in sys.modules else _WORTH_LOADING)


def _add_up(entries: Entries, rows: npt.NDArray[np.float32], highest: float) -> npt.NDArray[Any]:
    """The sum of the entries of each block and sentence, shape (sums, outputs)."""
    if not len(entries.begin):
        return np.zeros((0, rows.shape[1]))
    bounds = np.append(entries.begin, len(entries.row))
    if not _many(len(entries.row)) or np.diff(bounds).max() * highest >= _SHORT_BOUND:
        picked = rows.take(entries.row, axis=0)
        return np.asarray(np.add.reduceat(picked, entries.begin, axis=0, dtype=np.float64))
    return _sparse_product(entries.row, bounds, rows)


def _add_in_order(sums: FloatArray, order: IntArray, end: IntArray) -> FloatArray:
    """The sums of each sentence, one added after the other."""
    if _many(len(order)):
        return np.asarray(_sparse_product(order, np.append(0, end), sums))
    out = np.empty((len(end), sums.shape[1]))
    begin = 0
    for sentence, stop in enumerate(end.tolist()):
        out[sentence] = np.add.accumulate(sums[order[begin:stop]], axis=0)[-1]
        begin = stop
    return out


def _sparse_product(
    columns: npt.NDArray[Any], bounds: IntArray, rows: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """``[rows[columns[a:b]].sum(axis=0) for a, b in pairwise(bounds)]``, added from first to last.

    In the type of `rows`.
    """
    ones = np.ones(len(columns), dtype=rows.dtype)
    columns, bounds = columns.astype(np.int32, copy=False), bounds.astype(np.int32)
    found = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=rows.dtype)
    sizes = (len(found), *rows.shape)
    _multiply()(*sizes, bounds, columns, ones, rows.ravel(), found.ravel())
    return found


@cache
def _multiply() -> Callable[..., None]:
    """What ``csr_array @ array`` calls after checks that take longer than a short document.

    Loading scipy takes a tenth of a second, which a single sentence does not pay.
    """
    from scipy import sparse

    def checked(*arguments: Any) -> None:
        n, width, outputs, bounds, columns, ones, rows, found = arguments
        picks = sparse.csr_array((ones, columns, bounds), shape=(n, width))
        found[:] = (picks @ rows.reshape(width, outputs)).ravel()

    try:
        inner = import_module("scipy.sparse._sparsetools")
    except ImportError:  # it is no part of what scipy promises to keep
        return checked
    return getattr(inner, "csr_matvecs", checked)
