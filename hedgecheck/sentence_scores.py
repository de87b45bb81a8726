"""The sentence heads' sums, the way that scoring goes.

A sentence has a hundred entries in some fifty blocks: words, pairs, codes. All entries of a batch
are added up at once, a row of weights for each:

1. Every entry becomes the number of a row in one table (`RowTable`).
2. The entries of each block and sentence are added up, which is exact. In a large batch a compiled
   sparse product does it without arrays in between (scipy's, loaded when first needed).
3. These sums are added to the bias, block by block. It has to be in the order of the blocks: a bias
   is no multiple of a power of two, so that here sums are rounded.

The decision values are those of `LinearStage.scores` to the last bit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import (
    WEIGHT_STEP,
    Block,
    CrossedBlock,
    Dense,
    FloatArray,
    IndexBlock,
    LinearStage,
    TypeBlock,
)
from hedgecheck.products import product_of_rows
from hedgecheck.row_table import RowLayout, RowNumbers, table_of
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import TypeProperties

__all__ = ["BOTH", "FIRST", "Entries", "SentenceScorer"]

#: Whose outputs are worked out: those of the first pass, or of both side by side.
FIRST: Final = 0
BOTH: Final = 1

#: From this many entries on, a batch is worth loading scipy for, and where it is loaded, using it.
_WORTH_LOADING: Final = 5_000
_WORTH_USING: Final = 200
#: Sums of multiples of `WEIGHT_STEP` below this are exact in float32's 24 bits.
_SHORT_BOUND: Final = WEIGHT_STEP * 2**24
_SUMS_AT_ONCE: Final = 4096


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of some blocks, ready to be added up.

    ``row``: places in the table, block by block and sentence by sentence. ``bounds``: where the
    entries of each sentence begin in each of the ``n_blocks`` blocks that are not dense, and where
    the last end. ``steps``: the blocks in
    order: a dense block as it is, of the others how many come next. ``view``: `FIRST` or `BOTH`.
    """

    row: RowNumbers
    bounds: RowNumbers
    n_blocks: int
    steps: list[Dense | int]
    n_rows: int
    properties: TypeProperties
    view: int


class SentenceScorer:
    """The passes over sentences, their weights rearranged.

    Parameters
    ----------
    passes
        The first pass and the second. The layout of the first begins that of the second; a
        ValueError says that it does not.
    """

    def __init__(self, passes: Sequence[LinearStage]) -> None:
        # A table for each: what scores sentences alone does not need the larger one.
        self._layouts = [RowLayout(passes[:1]), RowLayout(passes)]
        self._biases = [np.concatenate([p.bias for p in some.passes]) for some in self._layouts]
        self._dense: list[dict[str, FloatArray]] = [{} for _ in self._layouts]

    def entries(
        self, blocks: Sequence[Block], n_rows: int, properties: TypeProperties, view: int
    ) -> Entries:
        """Make the entries of some blocks ready.

        Parameters
        ----------
        blocks
            All that the passes see, or some of it.
        n_rows
            How many sentences there are.
        properties
            What the words of the blocks are.
        view
            `FIRST` for the outputs of the first pass, `BOTH` for those of both side by side.
        """
        layout = self._layouts[view]
        columns: list[IntArray] = []
        rows: list[IntArray] = []
        steps: list[Dense | int] = []
        done = 0
        for block in blocks:
            if isinstance(block, TypeBlock):
                if len(block.row):
                    columns.append(layout.of_types(block.name, block.type, properties))
                    rows.append(block.row)
            elif isinstance(block, IndexBlock):
                if len(block.row):
                    columns.append(layout.of_columns(block.name, block.column))
                    rows.append(block.row)
            else:
                steps += [len(rows) - done, block]
                done = len(rows)
        steps.append(len(rows) - done)
        found = table_of(properties, layout).find(columns, properties)
        bounds = np.zeros(len(rows) * n_rows + 1, dtype=np.int32)
        np.cumsum(_counts(rows, n_rows), out=bounds[1:])
        return Entries(found, bounds, len(rows), steps, n_rows, properties, view)

    def scores(self, entries: Entries, start: FloatArray | None = None) -> FloatArray:
        """Decision values, shape (sentences, outputs).

        Parameters
        ----------
        entries
            Those of all blocks, or of some of them.
        start
            Decision values of the blocks before; the bias where there are none.
        """
        n, view = entries.n_rows, entries.view
        bias = self._biases[view]
        out = np.tile(bias, (n, 1)) if start is None else start.copy()
        table = table_of(entries.properties, self._layouts[view])
        sums = _sums(entries, table.rows, table.highest)
        for step in entries.steps:
            if isinstance(step, int):
                if n == 1:  # one call, which adds in the same order
                    parts = np.concatenate([out, *islice(sums, step)])
                    out = np.add.accumulate(parts, axis=0)[-1:]
                    continue
                for part in islice(sums, step):
                    out += part
                continue
            weights = self._dense_weights(view, step)
            # Exact, so that the order in which BLAS adds makes no difference. What a block gives
            # to the last outputs only has weights for these only.
            own = out[:, -weights.shape[-1] :]
            if isinstance(step, CrossedBlock):
                own += _of_groups(step, weights)
            else:
                own += product_of_rows(step.values, weights)
        return out

    def _dense_weights(self, view: int, block: Dense) -> FloatArray:
        """The weights of a dense block's columns, shape (columns, outputs).

        Of a crossed block those of the facts for each code, shape (codes, facts, outputs): what a
        fact weighs for all rows, and for those of the code.
        """
        found = self._dense[view].get(block.name)
        if found is None:
            seen = [p for p in self._layouts[view].passes if block.name in p.names]
            found = np.hstack([p.part(block.name) for p in seen]).astype(np.float64)
            if isinstance(block, CrossedBlock):
                facts, codes = block.facts.shape[1], block.groups.n
                crossed = found[facts:].reshape(facts, codes, -1)
                found = np.ascontiguousarray((found[:facts, None] + crossed).transpose(1, 0, 2))
            self._dense[view][block.name] = found
        return found


def _counts(rows: Sequence[IntArray], n_rows: int) -> IntArray:
    """How many entries each sentence has in each block, block by block."""
    if n_rows == 1:
        return np.array([len(row) for row in rows], dtype=np.int64)
    if not rows:
        return np.zeros(0, dtype=np.int64)
    places = [row + number * n_rows for number, row in enumerate(rows)]
    return np.bincount(np.concatenate(places), minlength=len(rows) * n_rows)


def _of_groups(block: CrossedBlock, weights: FloatArray) -> FloatArray:
    """What a crossed block gives to its rows, shape (rows, outputs)."""
    groups = block.groups
    if len(block.facts) == 1:
        return np.asarray(block.facts @ weights[groups.code[0]])
    facts = block.facts.take(groups.order, axis=0)
    ends = groups.ends.tolist()
    found = np.empty((len(facts), weights.shape[2]))
    for of_code, begin, end in zip(weights, [0, *ends], ends, strict=False):
        if begin < end:
            found[groups.order[begin:end]] = product_of_rows(facts[begin:end], of_code)
    return found


def _many(n: int) -> bool:
    """Whether so many rows are added up faster by scipy, loading included if need be."""
    return n >= (_WORTH_USING if "scipy.sparse" in sys.modules else _WORTH_LOADING)


def _sums(
    entries: Entries, rows: npt.NDArray[np.float32], highest: float
) -> Iterator[npt.NDArray[Any]]:
    """For each block in turn the sum of every sentence's entries, shape (sentences, outputs)."""
    n, n_blocks = entries.n_rows, entries.n_blocks
    counts = np.diff(entries.bounds)
    if not _many(len(entries.row)) or counts.max() * highest >= _SHORT_BOUND:
        sums = np.zeros((len(counts), rows.shape[1]))
        some = counts > 0  # which `reduceat` asks for
        if len(entries.row):
            picked, begins = rows.take(entries.row, axis=0), entries.bounds[:-1][some]
            sums[some] = np.add.reduceat(picked, begins, axis=0, dtype=np.float64)
        yield from sums.reshape(n_blocks, n, rows.shape[1])
        return
    ones = np.ones(len(entries.row), dtype=np.float32)
    # A few blocks at a time, so that their sums stay in the processor's nearest memory.
    at_once = max(_SUMS_AT_ONCE // n, 1)
    for begin in range(0, n_blocks, at_once):
        bounds = entries.bounds[begin * n : (begin + at_once) * n + 1]
        short = np.zeros((len(bounds) - 1, rows.shape[1]), dtype=np.float32)
        sizes = (len(short), *rows.shape)
        _multiply()(*sizes, bounds, entries.row, ones, rows.ravel(), short.ravel())
        yield from short.reshape(-1, n, rows.shape[1])


@cache
def _multiply() -> Callable[..., None]:
    """What ``csr_array @ array`` calls after checks that take longer than a short document.

    Loading scipy takes a tenth of a second, which a single sentence does not pay.
    """
    from scipy import sparse

    def checked(*arguments: Any) -> None:
        n, width, outputs, bounds, columns, ones, rows, found = arguments
        used = slice(bounds[0], bounds[-1])
        parts = (ones[used], columns[used], bounds - bounds[0])
        picks = sparse.csr_array(parts, shape=(n, width))
        found[:] = (picks @ rows.reshape(width, outputs)).ravel()

    try:
        inner = import_module("scipy.sparse._sparsetools")
    except ImportError:  # it is no part of what scipy promises to keep
        return checked
    return getattr(inner, "csr_matvecs", checked)
