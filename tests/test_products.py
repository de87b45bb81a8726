"""Products in pieces, against those of numpy."""

from __future__ import annotations

import numpy as np
import pytest

from hedgecheck.products import product, product_of_rows

SIZES = [0, 1, 127, 128, 129, 256, 1000]


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_products_in_pieces_are_those_of_numpy(n: int, kind: type[np.floating]) -> None:
    random = np.random.default_rng(n)
    small = random.integers(-99, 99, (5, 7)).astype(kind)
    many = random.integers(-99, 99, (7, n)).astype(kind)
    assert np.array_equal(product(small, many), small @ many)
    assert np.array_equal(product_of_rows(many.T, small.T), many.T @ small.T)
    # Rows side by side in memory, whichever way they are turned.
    turned = np.ascontiguousarray(many.T)
    assert np.array_equal(product(small, turned.T), small @ many)
    assert np.array_equal(product_of_rows(turned, small.T), many.T @ small.T)
