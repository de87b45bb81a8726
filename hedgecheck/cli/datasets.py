"""``hedgecheck datasets``: which labelled corpora are known, and where they lie."""

from __future__ import annotations

import textwrap

from hedgecheck.cli.destination import print_for_eyes
from hedgecheck.cli.messages import DONE, NOTHING_DONE, PARTLY_DONE, complain
from hedgecheck.datasets.locating import locate as locate_file
from hedgecheck.datasets.locating import places_to_look, sha256_of
from hedgecheck.datasets.registry import Corpus, CorpusFile, corpora, corpus, files_to_read
from hedgecheck.errors import TrainingDataError

_WIDTH = 79  # of the wrapped lines
_INDENT = 10  # of what follows a label


def list_all() -> int:
    """Print a line for each corpus, and return the exit code."""
    known = corpora()
    width = max(len(each.name) for each in known)
    for each in known:
        print(f"{each.name:<{width}}  {each.task}")
    return DONE


def show(name: str) -> int:
    """Print all that is known of a corpus, and return the exit code.

    Raises
    ------
    InputError
        If there is no such corpus.
    """
    print_for_eyes()
    found = corpus(name)
    print(found.title)
    print()
    for label, value in (
        ("name", found.name),
        ("task", found.task),
        ("metric", found.metric),
        ("splits", ", ".join(found.splits)),
        ("homepage", found.homepage or "none"),
        ("licence", found.licence),
    ):
        indent = " " * _INDENT
        print(textwrap.fill(f"{label:<{_INDENT}}{value}", _WIDTH, subsequent_indent=indent))
    print()
    for file in found.files:
        print(f"{file.path}  ({file.split or 'all splits'}; {file.format}; {file.form})")
        if file.sha256:
            print(f"  sha256 {file.sha256}")
    print()
    print(found.citation)
    return DONE


def locate(name: str, folder: str | None) -> int:
    """Print where each file of a corpus lies and whether its sum is right; return the exit code.

    It is 0 where every split is there in one of its forms and no sum is wrong.

    Raises
    ------
    HedgecheckError
        If there is no such corpus or no such folder, or a file cannot be read.
    """
    print_for_eyes()
    found = corpus(name)
    there = wrong = 0
    for file in found.files:
        path = locate_file(found, file, folder)
        if path is None:
            print(f"{file.path}: not found")
            continue
        there += 1
        sha256 = sha256_of(path)
        verdict = "no sum is listed"
        if file.sha256:
            verdict = "as listed" if sha256 == file.sha256 else f"NOT as listed: {file.sha256}"
            wrong += sha256 != file.sha256
        print(f"{path}: found, sha256 {sha256} ({verdict})")
    if wrong:
        complain(f"{name}: what differs from its sum is another version, or damaged")
    splits = {file.split for file in found.files}
    if not there or splits - {file.split for file in _readable(found, folder)}:
        complain(_advice(found, folder))
        return PARTLY_DONE if there else NOTHING_DONE
    return PARTLY_DONE if wrong else DONE


def _readable(found: Corpus, folder: str | None) -> list[CorpusFile]:
    try:
        return [file for file, _ in files_to_read(found, folder=folder)]
    except TrainingDataError:
        return []


def _advice(found: Corpus, folder: str | None) -> str:
    looked = ", ".join(f"{path} ({name})" for name, path in places_to_look(folder))
    source = f"; get it from {found.homepage}" if found.homepage else ""
    return f"{found.name}: looked in {looked}{source}, and see docs/datasets.md for the layout"
