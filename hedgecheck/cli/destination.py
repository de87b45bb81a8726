"""Where output goes: standard output, set up for eyes or for machines, or a file.

A file appears under its name when all of it is there: until then it has ``.part`` behind it.
"""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from hedgecheck.errors import InputError


class Abandoned(Exception):  # noqa: N818 -- nobody is at fault
    """Nothing worth keeping came of it: the file is not written."""


def print_for_eyes() -> None:
    """Let standard output show a ``?`` for what it cannot write, such as a lone surrogate."""
    sys.stdout.reconfigure(errors="replace")  # type: ignore[union-attr]


def print_for_machines() -> None:
    """Make standard output UTF-8, unless it is a terminal; what it cannot write is spelled out."""
    if not sys.stdout.isatty():
        # The formats for machines are UTF-8 everywhere, whatever the code page of a console is.
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def check_folder(path: str) -> None:
    """Refuse a file that cannot be written where it is to lie: now, and not after the work.

    Raises
    ------
    InputError
        If there is no such folder, or the path is one.
    """
    if Path(path).is_dir() or not Path(path).parent.is_dir():
        raise InputError(f"{path}: cannot be written: name a file in a folder that exists")


@contextmanager
def written_file(path: str, *, text: bool) -> Iterator[Any]:
    """Open a file that replaces the one at `path` when all went well, and is removed else.

    It is removed, and nothing else happens, on `Abandoned`.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    part = Path(f"{path}.part")
    try:
        with part.open("wb") as raw:
            packed = path.lower().endswith(".gz")
            data = (
                cast("IO[bytes]", gzip.GzipFile(fileobj=raw, mode="wb", mtime=0)) if packed else raw
            )
            if text:
                with io.TextIOWrapper(
                    data, encoding="utf-8", errors="backslashreplace", newline=""
                ) as out:
                    yield out
            else:
                yield data
        part.replace(path)
    except Abandoned:
        pass
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        part.unlink(missing_ok=True)
