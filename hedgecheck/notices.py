"""Warnings about a text that are kept, to be told along with its scores."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from hedgecheck.errors import LanguageWarning

__all__ = ["kept_warnings"]


@contextmanager
def kept_warnings() -> Iterator[list[str]]:
    """Keep what is warned of within; afterwards the list holds each message once, in order.

    >>> with kept_warnings() as notices:
    ...     for _ in range(2):
    ...         warnings.warn("the text looks German", LanguageWarning, stacklevel=1)
    >>> notices
    ['the text looks German']
    """
    notices: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LanguageWarning)
        yield notices
    notices += dict.fromkeys(str(warning.message) for warning in caught)
