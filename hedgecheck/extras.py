"""Packages that hedgecheck works without: they come with an extra, such as ``[parquet]``."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from hedgecheck.errors import MissingExtraError

__all__ = ["import_extra"]


def import_extra(module: str, extra: str, need: str) -> Any:
    """Import a module of an optional package.

    Parameters
    ----------
    module : str
        Its full name.
    extra : str
        The extra that installs it.
    need : str
        What needs which package, as the message begins.

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> import_extra("json", "parquet", "Parquet needs pyarrow").__name__
    'json'
    """
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtraError(
            f"{need}; install it with: pip install 'hedgecheck[{extra}]'"
        ) from None
