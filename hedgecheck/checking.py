"""Checks of what callers pass in: errors that say what, where and what to do."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import Any

from hedgecheck.errors import InputError


def text_sequence(values: Any, where: str) -> Iterable[Any]:
    """Give the values back if they can be many texts; else `InputError`."""
    if isinstance(values, (str, bytes)) or values is None or isinstance(values, float):
        raise InputError(
            f"{where} takes many texts, got {described(values)}"
            + (f"; wrap it in a list: {where}([text])" if isinstance(values, str) else "")
            + ("" if isinstance(values, str) else remedy(values))
        )
    try:
        iter(values)
    except TypeError:
        raise InputError(f"{where} takes an iterable of str, got {described(values)}") from None
    return values  # type: ignore[no-any-return]


def check_sentences(sentences: Iterable[str], where: str) -> list[str]:
    """The sentences as a list; `InputError`, which speaks of `where`, if they are no such thing."""
    found = list(text_sequence(sentences, where))
    if not set(map(type, found)) <= {str}:
        found = [one_text(item, i, where) for i, item in enumerate(found)]
    return found


def one_text(value: Any, index: int, where: str) -> str:
    """Give the value back if it is a text; else `InputError` with its index."""
    if isinstance(value, str):
        return value
    raise InputError(f"{where}: item {index} is {described(value)}, not a str" + remedy(value))


def unknown_name(what: str, name: Any, known: Collection[str]) -> InputError:
    """The error for a name that there is not: it names the nearest that there is, else all.

    >>> print(unknown_name("task", "hedgenew", ["bioscope", "hedgenews"]))
    there is no task 'hedgenew'; did you mean 'hedgenews'?
    """
    import difflib  # takes 5 ms, and only this error needs it

    near = difflib.get_close_matches(str(name), known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there is: {', '.join(known)}"
    return InputError(f"there is no {what} {name!r}; {hint}")


def described(value: Any) -> str:
    """A value in the words of an error message."""
    if value is None:
        return "None"
    if isinstance(value, float) and math.isnan(value):
        return "NaN (a missing value)"
    shown = repr(value)
    return f"{type(value).__name__} {shown if len(shown) <= 40 else shown[:37] + '...'}"


def remedy(value: Any) -> str:
    """What to do about a value that is no text."""
    if isinstance(value, (bytes, bytearray)):
        return "; decode it first: value.decode('utf-8')"
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "; drop missing values first, or put '' in their place"
    if isinstance(value, (list, tuple)):
        return "; for sentences that are split already use score_document or score_sentences"
    return "; convert it to str first"
