"""``hedgecheck completion``: a script that lets a shell complete what the command line takes."""

from __future__ import annotations

import argparse
from typing import Any, Final

from hedgecheck.cli.messages import DONE
from hedgecheck.extras import import_extra

#: By the word that stands for a value in the help: what a shell offers for it.
_FILES: Final = frozenset({"FILE", "PATH", "OUT", "NAME|FILE", "FILE|NAME", "FILE|FOLDER"})
_FOLDERS: Final = frozenset({"DIR", "FOLDER"})


def print_completion(shell: str) -> int:
    """Print the script for a shell, and return the exit code.

    Raises
    ------
    MissingExtraError
        If shtab, which writes it, is not installed.
    """
    shtab = import_extra("shtab", "completion", "completion needs shtab")
    from hedgecheck.cli.arguments import build_parser  # it imports what adds this command

    parser = build_parser()
    _offer(parser, shtab.FILE, shtab.DIRECTORY)
    print(shtab.complete(parser, shell))
    return DONE


def _offer(parser: argparse.ArgumentParser, files: Any, folders: Any) -> None:
    """Say for every argument that takes a path that it does: shtab reads ``complete``."""
    for action in parser._actions:  # noqa: SLF001 -- argparse has no other way to walk a parser
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for inner in action.choices.values():
                _offer(inner, files, folders)
        elif action.metavar in _FILES:
            action.complete = files  # type: ignore[attr-defined]
        elif action.metavar in _FOLDERS:
            action.complete = folders  # type: ignore[attr-defined]
