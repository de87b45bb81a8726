"""Where corpora lie on this machine. Nothing is ever downloaded."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.places import Place
from hedgecheck.shipped import datasets_folder

if TYPE_CHECKING:
    from hedgecheck.datasets.registry import Corpus, CorpusFile

__all__ = ["VARIABLE", "locate", "places_to_look", "sha256_of", "user_folder"]

#: The environment variable that can name the folder of the corpora.
VARIABLE: Final = "HEDGECHECK_CORPORA"


def user_folder() -> Path:
    r"""Return the user's own data folder for hedgecheck; it need not exist.

    ``$XDG_DATA_HOME/hedgecheck`` or ``~/.local/share/hedgecheck`` on Linux and the like,
    ``~/Library/Application Support/hedgecheck`` on macOS, ``%LOCALAPPDATA%\hedgecheck`` on
    Windows.

    >>> user_folder().name
    'hedgecheck'
    """
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "hedgecheck"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else home / "AppData" / "Local") / "hedgecheck"
    # A relative path there has to be passed over (XDG Base Directory Specification).
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    return (data if data.is_absolute() else home / ".local" / "share") / "hedgecheck"


def places_to_look(folder: str | os.PathLike[str] | None = None) -> tuple[tuple[str, Path], ...]:
    """Return the folders in which corpora are looked for, in order, each with what names it.

    >>> [name for name, path in places_to_look("corpora")][0]
    '--corpora'
    """
    found = []
    if folder is not None:
        found.append(("--corpora", Path(folder)))
    variable = os.environ.get(VARIABLE)
    if variable:
        found.append((VARIABLE, Path(variable)))
    found.append(("user data", user_folder()))
    return tuple(found)


def locate(
    corpus: Corpus, file: CorpusFile, folder: str | os.PathLike[str] | None = None
) -> Path | None:
    """Return where a file of a corpus lies, or None.

    Parameters
    ----------
    corpus, file
        Entries of the registry.
    folder : path, optional
        The folder to look in first; then the one that HEDGECHECK_CORPORA names, then the user's
        own (`user_folder`). A corpus that comes with hedgecheck is there.

    Raises
    ------
    TrainingDataError
        If `folder` is given and is no folder.
    """
    if corpus.shipped:
        return datasets_folder() / file.path
    if folder is not None and not Path(folder).is_dir():
        raise Place(Path(folder)).error("there is no such folder", "name that of the corpora")
    for _, root in places_to_look(folder):
        if (root / file.path).exists():
            return root / file.path
    return None


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, or of a folder that of the list of its files' sums.

    Raises
    ------
    TrainingDataError
        If something cannot be read.
    """
    try:
        if not path.is_dir():
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        files = (each for each in path.rglob("*") if each.is_file())
        names = sorted((each.relative_to(path).as_posix(), each) for each in files)
    except OSError as error:
        raise Place(path).error(f"cannot be read ({error.strerror})", "check it") from None
    listing = "".join(f"{sha256_of(each)}  {name}\n" for name, each in names)
    return hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()
