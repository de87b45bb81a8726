"""The pinned sha256 sums of model files: ``SHA256SUMS`` beside them, as ``sha256sum`` writes it.

A sum guards against damage and mix-ups, and makes a shipped model the one that the release was
tested with. It is no signature: whoever can change the model can change the sums beside it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hedgecheck.errors import ModelFileError
from hedgecheck.shipped import models_folder

if TYPE_CHECKING:
    import os

__all__ = ["SUMS", "pin", "pinned", "read_sums"]

#: The file of the sums, in the folder of the models.
SUMS = "SHA256SUMS"

_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^\s/]+)", re.ASCII)


def read_sums(folder: Path) -> dict[str, str]:
    """Read the sums of the files in a folder.

    Parameters
    ----------
    folder : Path
        Where the models lie.

    Returns
    -------
    dict
        File names to sums in hexadecimal; empty where the folder has no ``SHA256SUMS``.

    Raises
    ------
    ModelFileError
        If the file of the sums cannot be read, or a line in it is none.

    Examples
    --------
    >>> "en.joblib" in read_sums(models_folder())
    True
    """
    try:
        text = (folder / SUMS).read_text(encoding="ascii")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{folder / SUMS}: it cannot be read: {error}") from error
    sums: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise ModelFileError(
                f"{folder / SUMS}, line {number}: expected a sha256, two spaces and a file name; "
                f"write the file anew with `sha256sum *.joblib > {SUMS}`"
            )
        sums[match[2]] = match[1]
    return sums


def pinned(name: str) -> str:
    """Give the sha256 that a shipped model must have.

    Parameters
    ----------
    name : str
        The name of a shipped model, such as ``"en"``.

    Returns
    -------
    str
        The sum, in hexadecimal.

    Raises
    ------
    ModelFileError
        If no sum is listed for it.

    Examples
    --------
    >>> len(pinned("en"))
    64
    """
    folder = models_folder()
    try:
        return read_sums(folder)[f"{name}.joblib"]
    except KeyError:
        raise ModelFileError(
            f"{folder / SUMS} has no sum for {name}.joblib, so the model cannot be trusted; "
            "reinstall hedgecheck"
        ) from None


def pin(path: str | os.PathLike[str], sha256: str) -> Path:
    r"""Note the sum of a model in the ``SHA256SUMS`` beside it; the sums of other files stay.

    Parameters
    ----------
    path : str or path-like
        The model file.
    sha256 : str
        Its sum in hexadecimal, as `hedgecheck.modelfile.write_model` gave it.

    Returns
    -------
    Path
        The ``SHA256SUMS``.

    Raises
    ------
    ModelFileError
        If the sums there cannot be read or written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pin(f"{folder}/court.joblib", "0" * 64).read_text() == "0" * 64 + "  court.joblib\n"
    True
    """
    model = Path(path)
    sums = read_sums(model.parent) | {model.name: sha256}
    target = model.parent / SUMS
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    try:
        target.write_text("".join(lines), encoding="ascii", newline="\n")
    except (OSError, UnicodeEncodeError) as error:
        raise ModelFileError(f"{target} cannot be written: {error}") from error
    return target
