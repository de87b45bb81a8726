"""Matrix products in pieces, so that they stay on one core.

BLAS splits a large product among threads. On a machine that has other work they wait for each
other, which can take ten times as long as the product, and sentences are better shared out among
processes (`hedgecheck.parallel`). Products as small as these pieces are never split.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

#: Columns, or rows, of a piece. OpenBLAS splits from 2**18 multiplications on.
_PIECE: Final = 128


def product(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``left @ right`` of a small matrix and one with many columns.

    >>> product(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])).tolist()
    [[11.0]]
    """
    n = right.shape[1]
    if n <= _PIECE:
        return np.asarray(left @ right)
    out = np.empty((len(left), n), dtype=np.result_type(left, right))
    end = n - n % _PIECE
    np.matmul(left, _pieces(right[:, :end]), out=_pieces(out[:, :end]))
    np.matmul(left, right[:, end:], out=out[:, end:])
    return out


def _pieces(matrix: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The columns of a matrix piece by piece, shape (pieces, rows, columns); a view."""
    return matrix.reshape(len(matrix), -1, _PIECE).transpose(1, 0, 2)


def product_of_rows(left: npt.NDArray[Any], right: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """``left @ right`` of a matrix with many rows and a small one.

    >>> product_of_rows(np.array([[1.0, 2.0]]), np.array([[3.0], [4.0]])).tolist()
    [[11.0]]
    """
    n, inner = left.shape
    if n <= _PIECE:
        return np.asarray(left @ right)
    out = np.empty((n, right.shape[1]), dtype=np.result_type(left, right))
    end = n - n % _PIECE
    whole = out[:end].reshape(-1, _PIECE, right.shape[1])
    np.matmul(left[:end].reshape(-1, _PIECE, inner), right, out=whole)
    np.matmul(left[end:], right, out=out[end:])
    return out
