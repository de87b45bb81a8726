"""The model file: how a model is written to disk, and how it is read without trusting it.

A model is a mapping from names to strings, integers, floats, lists of these, bytes and numpy
arrays. On disk it is ``joblib.dump``, protocol 4, uncompressed, of one flat dict of plain values,
laid out as `hedgecheck.model_layout` says. Long lists of words are joined to one bytes value by
whoever has them: every string of its own costs a microsecond at each start.

Reading goes over a file in steps, and stops at the first that fails: a cap on the size, the sha256
where one is expected, the scan of the pickle's instructions and the unpickler that looks nothing up
(`hedgecheck.plain_pickle`), then the names, types, lengths and finiteness of everything in it
(`hedgecheck.model_layout`). Whatever is wrong gives a `ModelFileError`; nothing falls back to
``joblib.load`` or ``pickle.load``.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hedgecheck.errors import InputError, ModelFileError
from hedgecheck.model_layout import FORMAT, LayoutError, Payload, flatten, restore
from hedgecheck.model_pins import pin, pinned, read_sums
from hedgecheck.plain_pickle import PROTOCOL, PlainPickleError, loads_plain
from hedgecheck.shipped import model_path

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FORMAT",
    "KIND",
    "MAX_BYTES",
    "Payload",
    "Verification",
    "describe",
    "pin",
    "pinned",
    "read_model",
    "verify",
    "write_model",
]

#: The ``kind`` of the files that `hedgecheck.load` reads.
KIND = "hedgecheck-model"

#: Files beyond this are not even read: five times the size that a shipped model may have (12 MB).
MAX_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found out about a sound model file."""

    path: Path
    """Where the file lies."""
    size: int
    """Its length in bytes."""
    sha256: str
    """Its digest, in hexadecimal."""
    pinned: bool
    """Whether a ``SHA256SUMS`` beside it lists it, with this digest."""


# ------------------------------------------------------------------------------------- writing


def write_model(
    path: str | os.PathLike[str], payload: Mapping[str, Any], *, kind: str = KIND
) -> str:
    """Write a model, all of it or nothing.

    The same payload gives the same bytes. What was written has been read back once.

    Parameters
    ----------
    path : str or path-like
        Where to; a file there is replaced.
    payload : mapping
        Names to str, int, float, bytes, numpy arrays of plain numbers, or lists of str, int, float
        and such lists. ``"format"``, ``"kind"`` and ``"arrays"`` are taken.
    kind : str
        What the file is for; `read_model` wants the same.

    Returns
    -------
    str
        The sha256 of the file, in hexadecimal.

    Raises
    ------
    ModelFileError
        If the payload holds something that a model file cannot hold, or the file cannot be written.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sha256 = write_model(f"{folder}/m.joblib", {"weights": np.eye(2, dtype="f4")})
    ...     model = read_model(f"{folder}/m.joblib", expected_sha256=sha256)
    >>> model["weights"].tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    target = _as_path(path)
    # It takes .1 s to import, which whoever trains can spare and whoever reads cannot.
    import joblib

    buffer = io.BytesIO()
    try:
        joblib.dump(flatten(payload, kind), buffer, compress=0, protocol=PROTOCOL)
        data = buffer.getvalue()
        restore(loads_plain(data))
    except (LayoutError, PlainPickleError) as error:
        raise ModelFileError(f"{target} was not written: {error}") from error
    if len(data) > MAX_BYTES:
        raise ModelFileError(
            f"{target} was not written: {len(data)} bytes are more than the {MAX_BYTES} that are "
            "read back; store smaller dtypes or fewer features"
        )
    _write_whole(target, data)
    return hashlib.sha256(data).hexdigest()


def _write_whole(target: Path, data: bytes) -> None:
    # To a neighbour first, then renamed: readers meet the old file or the new one, never a half.
    neighbour = target.parent / f".{target.name}.{os.getpid()}"
    try:
        neighbour.write_bytes(data)
        neighbour.replace(target)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        with contextlib.suppress(OSError, ValueError):
            neighbour.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise ModelFileError(f"{target} cannot be written: {reason}") from error


# ------------------------------------------------------------------------------------- reading


def read_model(
    path: str | os.PathLike[str],
    *,
    expected_sha256: str | None = None,
    max_bytes: int = MAX_BYTES,
    kind: str = KIND,
) -> Payload:
    """Read a model without executing anything that the file says.

    Parameters
    ----------
    path : str or path-like
        A file that `write_model` has written.
    expected_sha256 : str, optional
        In hexadecimal; the file is refused if its own is another.
    max_bytes : int
        Longer files are refused unread.
    kind : str
        What the file must be for.

    Returns
    -------
    dict
        The payload, in the order in which it was written. Arrays are read-only views of the bytes
        that were read, little-endian.

    Raises
    ------
    ModelFileError
        If the file is missing, too long, not the expected one, damaged, or holds anything that
        `write_model` does not write.

    Examples
    --------
    >>> read_model("no-such-model.joblib")
    Traceback (most recent call last):
    ...
    hedgecheck.errors.ModelFileError: no-such-model.joblib: there is no such file; ...
    """
    source = _as_path(path)
    data = _read_whole(source, max_bytes)
    if expected_sha256 is not None:
        _check_sha256(source, hashlib.sha256(data).hexdigest(), expected_sha256)
    return _parse(source, data, kind)[1]


def _as_path(path: Any) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise InputError(f"path: expected a str or a path, got {type(path).__name__}")
    return Path(path)


def _read_whole(source: Path, max_bytes: int) -> bytes:
    try:
        # Asked before opening: a named pipe would wait for ever there, a device never end.
        found = source.stat()
        regular = stat.S_ISREG(found.st_mode)
        data = b""
        if regular and found.st_size <= max_bytes:
            with source.open("rb") as file:
                # No more than was announced, should the file be growing: it is incomplete then.
                data = file.read(found.st_size)
    except FileNotFoundError as error:
        raise ModelFileError(
            f"{source}: there is no such file; give the path of a model file, or 'en' for the "
            "model that comes with hedgecheck"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise ModelFileError(f"{source}: it cannot be read: {reason}") from error
    if not regular:
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "not a regular file"
        raise ModelFileError(f"{source}: it is {what}; give the path of a model file")
    if found.st_size > max_bytes:
        raise ModelFileError(
            f"{source}: it has {found.st_size} bytes, more than the {max_bytes} allowed; if it is "
            "a model of yours, raise max_bytes"
        )
    return data


def _check_sha256(source: Path, found: str, expected: str) -> None:
    if found != expected.strip().lower():
        raise ModelFileError(
            f"{source}: its sha256 is {found}, expected was {expected}; the file was changed or "
            "damaged: fetch it anew or reinstall hedgecheck"
        )


def _parse(source: Path, data: bytes, kind: str | None) -> tuple[str, Payload]:
    """Read the bytes of a model file of the given kind, or of any."""
    try:
        found, payload = restore(loads_plain(data))
    except (LayoutError, PlainPickleError) as error:
        raise ModelFileError(
            f"{source}: not a model file of hedgecheck: {error}. Nothing in it was run. Fetch it "
            "anew, or make one with `hedgecheck train`"
        ) from error
    if kind is not None and found != kind:
        raise ModelFileError(
            f"{source}: its kind is {_printable(found)!r}, wanted is {kind!r}; give another file"
        )
    return found, payload


# ---------------------------------------------------------------------------------- inspection


def verify(path: str | os.PathLike[str] = "en", *, kind: str | None = KIND) -> Verification:
    """Check a model file from end to end, without using it.

    Parameters
    ----------
    path : str or path-like
        The name of a shipped model, or a path.
    kind : str or None
        What the file must be for; None takes any.

    Returns
    -------
    Verification
        Its size, its sha256, and whether a ``SHA256SUMS`` beside it lists it.

    Raises
    ------
    ModelFileError
        If it cannot be read, or differs from its sum. A shipped model needs a sum; any other is
        compared with one only where it is listed.

    Examples
    --------
    >>> verify("en").pinned
    True
    """
    source = model_path(path)
    data = _read_whole(source, MAX_BYTES)
    found = hashlib.sha256(data).hexdigest()
    expected = read_sums(source.parent).get(source.name)
    if path == source.stem:  # asked for by name, so a shipped one
        expected = pinned(source.stem)
    if expected is not None:
        _check_sha256(source, found, expected)
    _parse(source, data, kind)
    return Verification(source, len(data), found, expected is not None)


def describe(path: str | os.PathLike[str] = "en") -> dict[str, Any]:
    """Say what a model file holds, in plain values that can be printed or written as JSON.

    Parameters
    ----------
    path : str or path-like
        The name of a shipped model, or a path. Files of any kind are described.

    Returns
    -------
    dict
        ``path``, ``bytes``, ``sha256``, ``format``, ``kind``, and ``entries``: for every key, in
        the file's order, a dict with ``name``, ``type`` (array, bytes, str, int, float, list), for
        an array ``dtype``, ``shape`` and ``bytes``, for bytes ``bytes``, for a list ``length`` and
        ``value``, and for the others ``value``; text is cut to 200 characters, and control
        characters are spelled out.

    Raises
    ------
    ModelFileError
        If the file is not sound. It is not compared with a pinned sum; `verify` does that.

    Examples
    --------
    >>> describe("en")["kind"]
    'hedgecheck-model'
    """
    source = model_path(path)
    data = _read_whole(source, MAX_BYTES)
    kind, payload = _parse(source, data, None)
    return {
        "path": str(source),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "format": FORMAT,
        "kind": _printable(kind),
        "entries": [_entry(name, value) for name, value in payload.items()],
    }


def _entry(name: str, value: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": name, "type": type(value).__name__}
    if isinstance(value, np.ndarray):
        layout = {"dtype": value.dtype.name, "shape": list(value.shape), "bytes": value.nbytes}
        return entry | {"type": "array"} | layout
    if isinstance(value, bytes):
        return entry | {"bytes": len(value)}
    if isinstance(value, list):
        return entry | {"length": len(value), "value": _printable(repr(value))}
    return entry | {"value": _printable(value) if isinstance(value, str) else value}


def _printable(text: str) -> str:
    # A stranger's file could move the cursor or hide what stands before.
    shown = text if len(text) <= 200 else text[:199] + "…"
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in shown)
