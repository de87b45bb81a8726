"""The layout of a model file: a model as one flat dict of plain values, and back.

A model is a mapping from names to strings, integers, floats, lists of these, bytes and numpy
arrays. In the file it is a dict of plain values only:

========================  ==========================================================================
key                       value
========================  ==========================================================================
``"format"``              the format number, `FORMAT`
``"kind"``                what the file is for
``"arrays"``              a list of ``"NAME DTYPE SHAPE"``, such as ``"weights <f4 300x8"``
every other name          as it was passed in; an array as its bytes, C order, little-endian
========================  ==========================================================================

`flatten` makes that dict; `restore` takes one that anybody may have made, checks everything in it
(names, types, lengths, finiteness), and gives the model back with its arrays.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from hedgecheck.plain_pickle import MAX_SHARED

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMAT", "LayoutError", "Payload", "flatten", "restore"]

#: Raised by one whenever a reader of the number before could not read the file.
FORMAT = 1

#: What a model consists of.
Payload: TypeAlias = dict[str, Any]

# Plain numbers of fixed size and byte order, as `dtype.str` has them. Anything else (objects, text,
# dates, records) either needs code to read back or has no use in a model.
_DTYPES = frozenset({"<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.:/-]{0,99}", re.ASCII)
_ARRAY = re.compile(r"(\S{1,100}) ([<|][fiu][1248]) (scalar|\d{1,12}(?:x\d{1,12}){0,7})", re.ASCII)
_RESERVED = ("format", "kind", "arrays")
_MAX_LIST_DEPTH = 4
_INT64 = range(-(2**63), 2**63)


class LayoutError(ValueError):
    """A value that no model file holds; the message names the key."""


def flatten(payload: Mapping[str, Any], kind: str) -> dict[str, Any]:
    r"""Turn a model into the dict that stands in its file.

    Parameters
    ----------
    payload : mapping
        Names to str, int, float, bytes, numpy arrays of plain numbers, or lists of str, int, float
        and such lists.
    kind : str
        What the file is for.

    Returns
    -------
    dict
        Of str, int, float, bytes and lists, without an object that comes twice.

    Raises
    ------
    LayoutError
        If something in the model has no place in a file.

    Examples
    --------
    >>> import numpy as np
    >>> flatten({"weights": np.array([1, 2], dtype="u1")}, "example")
    {'format': 1, 'kind': 'example', 'arrays': ['weights |u1 2'], 'weights': b'\x01\x02'}
    """
    arrays: list[str] = []
    flat: dict[str, Any] = {"format": FORMAT, "kind": kind, "arrays": arrays}
    for name, value in payload.items():
        if name in _RESERVED:
            raise LayoutError(f"the key {name!r} is taken by the format itself; use another name")
        if isinstance(value, np.ndarray):
            dtype = value.dtype.newbyteorder("<")
            if dtype.str not in _DTYPES:
                raise LayoutError(
                    f"the array {name!r} has dtype {value.dtype}; use one of "
                    f"{', '.join(sorted(_DTYPES))} (for booleans .astype('u1'))"
                )
            shape = "x".join(map(str, value.shape)) or "scalar"
            arrays.append(f"{name} {dtype.str} {shape}")
            flat[name] = value.astype(dtype, order="C").tobytes()
        elif type(value) is bytes:
            # A copy, since pickle writes a reference where one object comes twice, and references
            # to long values are refused.
            flat[name] = bytes(memoryview(value))
        else:
            flat[name] = _plain(value, name)
    return flat


def _plain(value: Any, name: str, depth: int = 0) -> Any:
    """Check a string, a number or a list of them; give it back with fresh lists."""
    kind = type(value)  # exactly: a numpy float64 is a float too, and is pickled with a call
    if kind is str:
        if len(value) > MAX_SHARED:
            raise LayoutError(
                f"{name!r} has a string of {len(value)} characters, more than {MAX_SHARED}; "
                "encode it to bytes"
            )
        if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
            raise LayoutError(f"{name!r} has a string with a lone surrogate, which is no text")
        return value
    if kind is int:
        if value not in _INT64:
            raise LayoutError(f"{name!r} has an integer beyond 64 bits")
        return value
    if kind is float:
        if not math.isfinite(value):
            raise LayoutError(f"{name!r} has the value {value}; only finite numbers are allowed")
        return value
    if kind is list:
        if depth == _MAX_LIST_DEPTH:
            raise LayoutError(f"{name!r} has lists nested deeper than {_MAX_LIST_DEPTH}")
        return [_plain(item, name, depth + 1) for item in value]
    raise LayoutError(
        f"{name!r} has a value of type {kind.__name__}; allowed are str, int, float (.item() of a "
        "numpy scalar, 0 and 1 for booleans), lists of them and, not within lists, bytes and arrays"
    )


def restore(flat: object) -> tuple[str, Payload]:
    """Turn the dict of a file back into a model, and check all that is in it.

    Parameters
    ----------
    flat : object
        What `hedgecheck.plain_pickle.loads_plain` gave.

    Returns
    -------
    kind : str
        What the file is for.
    payload : dict
        The model, in the file's order; arrays are read-only views of the file's bytes.

    Raises
    ------
    LayoutError
        If anything in it is not as `flatten` makes it.

    Examples
    --------
    >>> kind, payload = restore(flatten({"bias": 0.5}, "example"))
    >>> kind, payload
    ('example', {'bias': 0.5})
    """
    if type(flat) is not dict:
        raise LayoutError(f"it holds a {type(flat).__name__} instead of a dict")
    for name in flat:
        if type(name) is not str or not _NAME.fullmatch(name):
            raise LayoutError(f"the key {str(name)[:100]!r} is no name")
    missing = [name for name in _RESERVED if name not in flat]
    if missing:
        raise LayoutError(f"the key {missing[0]!r} is missing")
    _check_format(flat["format"])
    if type(flat["kind"]) is not str:
        raise LayoutError(f"'kind' is a {type(flat['kind']).__name__} instead of a string")
    layouts = _layouts(flat["arrays"])
    payload: Payload = {}
    for name, value in flat.items():
        if name in layouts:
            payload[name] = _array(name, value, *layouts.pop(name))
        elif name not in _RESERVED:
            payload[name] = value if type(value) is bytes else _plain(value, name)
    if layouts:
        raise LayoutError(f"the array {next(iter(layouts))!r} is listed but missing")
    return _plain(flat["kind"], "kind"), payload


def _check_format(number: Any) -> None:
    if type(number) is not int:
        raise LayoutError(f"'format' is a {type(number).__name__} instead of an integer")
    if number != FORMAT:
        remedy = "update hedgecheck" if number > FORMAT else "train the model anew"
        raise LayoutError(
            f"it has format {number}, this version of hedgecheck reads format {FORMAT}; {remedy}"
        )


def _layouts(lines: Any) -> dict[str, tuple[str, tuple[int, ...]]]:
    if type(lines) is not list:
        raise LayoutError(f"'arrays' is a {type(lines).__name__} instead of a list")
    layouts: dict[str, tuple[str, tuple[int, ...]]] = {}
    for line in lines:
        match = _ARRAY.fullmatch(line) if type(line) is str else None
        if match is None or match[2] not in _DTYPES:
            raise LayoutError(f"'arrays' has the entry {str(line)[:100]!r}, not 'NAME DTYPE SHAPE'")
        name, dtype, shape = match.groups()
        if name in layouts or name in _RESERVED:
            raise LayoutError(f"'arrays' must not list {name!r} twice or at all")
        layouts[name] = dtype, () if shape == "scalar" else tuple(map(int, shape.split("x")))
    return layouts


def _array(name: str, value: Any, dtype: str, shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    if type(value) is not bytes:
        raise LayoutError(f"the array {name!r} is a {type(value).__name__} instead of bytes")
    # math.prod counts in Python's integers, which do not overflow as numpy's do.
    expected = math.prod(shape) * np.dtype(dtype).itemsize
    if len(value) != expected:
        raise LayoutError(
            f"the array {name!r} has {len(value)} bytes; dtype {dtype} and shape "
            f"{list(shape)} need {expected}"
        )
    try:
        array = np.frombuffer(value, dtype=dtype).reshape(shape)
    except ValueError as error:  # an empty array whose other sides are beyond numpy's
        raise LayoutError(f"the array {name!r} cannot have shape {list(shape)}: {error}") from error
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        where = np.unravel_index(int(np.argmin(np.isfinite(array))), shape)
        raise LayoutError(
            f"the array {name!r} has {array[where]} at {[int(i) for i in where]}; only finite "
            "numbers are allowed"
        )
    return array
