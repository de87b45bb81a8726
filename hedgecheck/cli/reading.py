"""From a path to text: the encoding is stated, marked or UTF-8, and never guessed."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hedgecheck.errors import InputError

STDIN: Final = "-"

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

# Files that people point at in the belief that they are text, by how they begin: PDF, ZIP (with
# DOCX, ODT and EPUB), gzip, the old Word format. Each may happen to hold no NUL byte.
_BINARY_STARTS: Final = (b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")


def input_name(path: str) -> str:
    """Return the name under which an input is reported."""
    return "<stdin>" if path == STDIN else path


def input_files(paths: Sequence[str]) -> list[str]:
    """Return the files to read; a folder stands for its ``.txt`` files in the order of names.

    Raises
    ------
    InputError
        If a folder has none.
    """
    found: list[str] = []
    for path in paths:
        if path == STDIN or not Path(path).is_dir():
            found.append(path)
            continue
        inside = sorted(str(it) for it in Path(path).glob("*.txt") if it.is_file())
        if not inside:
            raise InputError(f"{path}: no .txt file in this folder; name the files")
        found += inside
    return found


def read_text(path: str, encoding: str | None = None) -> str:
    """Return the text of a file or, for ``-``, of standard input.

    Parameters
    ----------
    path : str
        Path of the file, or ``-``.
    encoding : str, optional
        Its encoding. Without it a byte order mark decides, else it has to be UTF-8.

    Raises
    ------
    InputError
        If the input cannot be read, is binary, or is not in that encoding; one line that names
        the input, the place and the remedy.
    """
    name = input_name(path)
    try:
        data = sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()
    except FileNotFoundError:
        raise InputError(f"{name}: no such file") from None
    except IsADirectoryError:
        raise InputError(f"{name}: is a directory; name the files in it") from None
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror or error}") from None
    return decode_text(data, name, encoding)


def decode_text(data: bytes, name: str, encoding: str | None = None) -> str:
    """Return bytes as text, without a byte order mark; see `read_text`."""
    if data.startswith(_BINARY_STARTS):
        raise InputError(f"{name}: a binary file, not text; extract its text first")
    marked = byte_order_encoding(data)
    if encoding is None and marked is None and b"\0" in data:
        raise InputError(
            f"{name}: a binary file, not text (a NUL byte at offset {data.index(0)}); "
            "if it is UTF-16 text, say --encoding utf-16-le"
        )
    chosen = encoding or marked or "utf-8"
    try:
        text = data.decode(chosen)
    except UnicodeDecodeError as error:
        where = f"byte 0x{data[error.start]:02x} at offset {error.start}"
        remedy = "state the right one with --encoding"
        if encoding is None and marked is None:
            remedy = "if it is Windows text, say --encoding cp1252"
        raise InputError(f"{name}: not valid {chosen}: {where}; {remedy}") from None
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise InputError(
            f"{name}: a binary file, not text (a NUL at character {text.index(chr(0))})"
        )
    return text


def byte_order_encoding(data: bytes) -> str | None:
    r"""Return the encoding that a byte order mark names, None where there is no mark.

    >>> byte_order_encoding(b"\xef\xbb\xbfIt rained."), byte_order_encoding(b"It rained.")
    ('utf-8-sig', None)
    """
    return next((codec for mark, codec in _BYTE_ORDER_MARKS if data.startswith(mark)), None)


def is_text_encoding(encoding: str) -> bool:
    """Return whether Python knows the encoding and it makes text of bytes.

    >>> is_text_encoding("cp1252"), is_text_encoding("hex"), is_text_encoding("klingon")
    (True, False, False)
    """
    try:
        "x".encode(encoding)
    except (LookupError, ValueError):
        return False
    return True


def split_lines(text: str) -> tuple[list[int], list[str]]:
    r"""Return the lines that hold something, with their numbers from 1.

    Only ``\n``, ``\r\n`` and ``\r`` end a line: a sentence may hold U+2028 or a form feed.

    >>> split_lines("It rained.\n\nRoads flooded.\r\n")
    ([1, 3], ['It rained.', 'Roads flooded.'])
    """
    lines = re.split(r"\r\n|\n|\r", text)
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    return [number for number, _ in kept], [line for _, line in kept]
