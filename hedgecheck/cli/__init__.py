"""The command line: ``hedgecheck score``, ``hedgecheck train``, ``hedgecheck model``.

One file a concern, in the order of the data: arguments, input, the score command with its table
and its files for machines, and the commands about models. Nothing heavy is imported before it is
needed: ``hedgecheck --help`` has to come at once.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from hedgecheck.cli.arguments import build_parser
from hedgecheck.cli.messages import INTERRUPTED, NOTHING_DONE, complain
from hedgecheck.errors import HedgecheckError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments without the program's name; those of the process by default.

    Raises
    ------
    SystemExit
        From argparse, for ``--help``, ``--version`` (code 0) and wrong arguments (code 2).
    """
    try:
        arguments = build_parser().parse_args(argv)
        if arguments.run is None:
            arguments.parser.print_help(sys.stderr)
            return NOTHING_DONE
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except HedgecheckError as error:
        complain(str(error))
        return NOTHING_DONE
    except BrokenPipeError:
        # The reader (`| head`) has seen enough, which is no failure. Python flushes standard
        # output once more on its way out; that must go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    return code
