"""What the parsers of the commands share: how one is made, and arguments that several take."""

from __future__ import annotations

import argparse
from typing import Any, Final

from hedgecheck.cli.reading import STDIN, is_text_encoding

EXIT_CODES: Final = """\
exit codes:
  0    all done
  1    some inputs failed and the rest was done
  2    nothing could be done: wrong arguments or path, binary file, no model
  3    a limit of --fail-on is broken
  130  interrupted (Ctrl-C)
"""


def make_parser(make: Any, *names: str, **settings: Any) -> argparse.ArgumentParser:
    """Make a parser or a subparser whose epilog keeps its lines."""
    parser: argparse.ArgumentParser = make(
        *names,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **settings,
    )
    return parser


def at_least(least: int) -> Any:
    """Return an argparse type for whole numbers from `least` up.

    >>> at_least(1)("8")
    8
    """

    def whole_number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return whole_number


def add_encoding(parser: argparse.ArgumentParser) -> None:
    """Add ``--encoding``, that of the files to read; `check_inputs` looks at it."""
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        help="encoding of the files (default: by byte order mark, else utf-8)",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add ``--model``, the one to score with."""
    parser.add_argument(
        "--model", default="en", metavar="NAME|FILE", help="model to score with (default: en)"
    )


def check_inputs(arguments: argparse.Namespace) -> None:
    """Refuse an encoding that is none, and standard input named twice among the files.

    Raises
    ------
    SystemExit
        From argparse, as for every wrong argument.
    """
    if arguments.encoding is not None and not is_text_encoding(arguments.encoding):
        arguments.parser.error(
            f"--encoding {arguments.encoding}: no such text encoding; try utf-8, utf-16 or cp1252"
        )
    if arguments.files.count(STDIN) > 1:
        arguments.parser.error("- (standard input) can be read only once")
