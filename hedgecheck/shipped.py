"""Where the files that come with hedgecheck lie: models, small open data sets, baselines.

In the repository they lie in folders at the top: ``models/``, ``datasets/`` and, for the baselines,
``benchmarks/``. A wheel carries them inside the package as ``hedgecheck/_data/models`` and so on.
This file is the only one that knows both places.
"""

from __future__ import annotations

import os
from pathlib import Path

from hedgecheck.errors import HedgecheckError, InputError, ModelFileError

__all__ = [
    "baselines_path",
    "dataset_path",
    "datasets_folder",
    "model_path",
    "models_folder",
    "shipped_models",
]

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    in_wheel = _PACKAGE / "_data" / name
    if in_wheel.is_dir():
        return in_wheel
    checkout = _PACKAGE.parent
    # Beside the package only where that is this project's checkout: in site-packages a neighbour
    # called `models` or `datasets` is somebody else's package.
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise HedgecheckError(
        f"the folder {name!r} that comes with hedgecheck is neither at {in_wheel} nor beside the "
        "package; the installation is incomplete: reinstall hedgecheck"
    )


def models_folder() -> Path:
    """Give the folder of the shipped models.

    Raises
    ------
    HedgecheckError
        If the installation has none.

    Examples
    --------
    >>> models_folder().name
    'models'
    """
    return _folder("models")


def datasets_folder() -> Path:
    """Give the folder of the shipped data sets.

    Raises
    ------
    HedgecheckError
        If the installation has none.

    Examples
    --------
    >>> datasets_folder().name
    'datasets'
    """
    return _folder("datasets")


def baselines_path() -> Path:
    """Give the file that defines the reference baselines.

    Raises
    ------
    HedgecheckError
        If the installation has none.

    Examples
    --------
    >>> baselines_path().name
    'baselines.py'
    """
    return _folder("benchmarks") / "baselines.py"


def shipped_models() -> tuple[str, ...]:
    """Name the shipped models, in alphabetical order.

    Examples
    --------
    >>> "en" in shipped_models()
    True
    """
    return tuple(sorted(path.stem for path in models_folder().glob("*.joblib")))


def model_path(name_or_path: str | os.PathLike[str]) -> Path:
    """Find a model by the name of a shipped one, or by its path.

    A plain word, such as ``"en"``, is a name, whatever lies in the current folder; anything with a
    separator or an ending, and every ``Path``, is a path.

    Parameters
    ----------
    name_or_path : str or path-like
        ``"en"``, or where a model file lies.

    Returns
    -------
    Path
        The file's path. A path that was passed in is not looked at.

    Raises
    ------
    ModelFileError
        If no model of that name is shipped.
    InputError
        If it is neither a string nor a path.

    Examples
    --------
    >>> model_path("en").name
    'en.joblib'
    >>> str(model_path("mine/court-reports.joblib").as_posix())
    'mine/court-reports.joblib'
    """
    if not isinstance(name_or_path, (str, os.PathLike)):
        raise InputError(
            f"model: expected the name of a shipped model or a path, got "
            f"{type(name_or_path).__name__}"
        )
    path = Path(name_or_path)
    if not isinstance(name_or_path, str) or path.suffix or path.name != name_or_path:
        return path
    shipped = models_folder() / f"{name_or_path}.joblib"
    if not shipped.is_file():
        known = ", ".join(shipped_models()) or "none"
        raise ModelFileError(
            f"no model called {name_or_path!r} comes with hedgecheck (there is: {known}); to load "
            f"a file of that name, give its path: './{name_or_path}'"
        )
    return shipped


def dataset_path(filename: str) -> Path:
    """Find a shipped data set by its file name.

    Raises
    ------
    InputError
        If there is no such file among the shipped data sets.

    Examples
    --------
    >>> dataset_path("sample-article.txt").is_file()
    True
    """
    folder = datasets_folder()
    known = sorted(path.name for path in folder.iterdir() if path.is_file())
    if filename not in known:
        raise InputError(
            f"no data set {filename!r} comes with hedgecheck (there is: {', '.join(known)})"
        )
    return folder / filename
