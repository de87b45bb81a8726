"""What is known of each corpus: citation, licence, splits, files with their sums, task, metric."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.checking import unknown_name
from hedgecheck.datasets.formats import FORMATS
from hedgecheck.datasets.locating import locate
from hedgecheck.errors import InputError, TrainingDataError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    from hedgecheck.datasets.structure import LabelledDocument

__all__ = ["Corpus", "CorpusFile", "corpora", "corpus", "files_to_read", "read_corpus"]

_REGISTRY: Final = Path(__file__).resolve().parent.parent / "_data" / "corpora.toml"


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file or folder of a corpus.

    Attributes
    ----------
    path : str
        Relative to the folder of the corpora, with ``/``.
    split : str
        Empty where the file holds several and says which is which.
    format : str
        One of `hedgecheck.datasets.formats.FORMATS`.
    form : str
        ``original`` (as distributed), ``part`` (cut out of that) or ``flat`` (made into a table).
    sha256 : str
        The sum, of a folder that of the list of its files' sums; empty where it is not known.
    """

    path: str
    split: str
    format: str
    form: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus; ``shipped`` ones come with hedgecheck."""

    name: str
    title: str
    task: str
    metric: str
    splits: tuple[str, ...]
    homepage: str
    licence: str
    citation: str
    files: tuple[CorpusFile, ...]
    shipped: bool = False


@cache
def corpora() -> tuple[Corpus, ...]:
    """Return all known corpora.

    >>> [each.name for each in corpora()][:2]
    ['hedgenews', 'hedgecheck-news']
    """
    entries = tomllib.loads(_REGISTRY.read_text(encoding="utf-8"))["corpus"]
    return tuple(
        Corpus(
            **entry
            | {
                "splits": tuple(entry["splits"]),
                "citation": entry["citation"].strip(),
                "files": tuple(CorpusFile(**file) for file in entry["files"]),
            }
        )
        for entry in entries
    )


def corpus(name: str) -> Corpus:
    """Return a corpus by its name.

    Raises
    ------
    InputError
        If there is none of that name.

    Examples
    --------
    >>> corpus("bioscope").metric
    'f1 of uncertain'
    """
    known = {each.name: each for each in corpora()}
    if name not in known:
        raise unknown_name("data set", name, known)
    return known[name]


def read_corpus(
    name: str, split: str | None = None, *, corpora_folder: str | os.PathLike[str] | None = None
) -> Iterator[LabelledDocument]:
    """Read a corpus from where it lies, one document at a time.

    Parameters
    ----------
    name : str
        Name in the registry.
    split : str, optional
        Only this split; all that are there without it.
    corpora_folder : path, optional
        Folder of the corpora; else where `hedgecheck.datasets.locating.locate` looks.

    Yields
    ------
    LabelledDocument
        Of the first of the forms of each split that is there, with its ``split`` filled in.

    Raises
    ------
    InputError
        If there is no such corpus or split.
    TrainingDataError
        If none of its files is found, or what the reader raises.

    Examples
    --------
    >>> sum(1 for document in read_corpus("hedgecheck-news"))
    60
    """
    found = corpus(name)
    if split is not None and split not in found.splits:
        raise InputError(f"{name} has no split {split!r}; it has {', '.join(found.splits)}")
    return _read(found, split, corpora_folder)


def _read(
    found: Corpus, split: str | None, folder: str | os.PathLike[str] | None
) -> Iterator[LabelledDocument]:
    for file, path in files_to_read(found, split, folder):
        for document in FORMATS[file.format](path):
            named = document if document.split else replace(document, split=file.split)
            if split is None or named.split in ("", split):
                yield named


def files_to_read(
    found: Corpus, split: str | None = None, folder: str | os.PathLike[str] | None = None
) -> list[tuple[CorpusFile, Path]]:
    """Return the files of a corpus that hold its sentences once, with where they lie.

    The forms of a split hold the same sentences: of each split it is the first form of which all
    files are there.

    Parameters
    ----------
    found : Corpus
        The corpus.
    split : str, optional
        Only this split.
    folder : path, optional
        The folder to look in first.

    Raises
    ------
    TrainingDataError
        If no split is there, or one only in part.
    """
    forms: dict[tuple[str, str], list[tuple[CorpusFile, Path | None]]] = {}
    for file in found.files:
        if split is None or file.split in ("", split):
            place = locate(found, file, folder)
            forms.setdefault((file.split, file.format), []).append((file, place))
    chosen: dict[str, list[tuple[CorpusFile, Path]]] = {}
    lacking: dict[str, str] = {}
    for (name, _), places in forms.items():
        there = [(file, path) for file, path in places if path is not None]
        if len(there) == len(places):
            chosen.setdefault(name, there)
        elif there:
            lacking[name] = next(file.path for file, path in places if path is None)
    for name, missing in lacking.items():
        if name not in chosen:
            raise _not_found(found, missing)
    if not chosen:
        wanted = " or ".join(file.path for (file, _), *_ in forms.values())
        raise _not_found(found, wanted or f"a file of the split {split}")
    return [pair for pairs in chosen.values() for pair in pairs]


def _not_found(found: Corpus, what: str) -> TrainingDataError:
    return TrainingDataError(
        f"{found.name}: {what} was not found; name the folder of the corpora or set "
        f"HEDGECHECK_CORPORA (`hedgecheck datasets locate {found.name}` tells where it looks)"
    )
