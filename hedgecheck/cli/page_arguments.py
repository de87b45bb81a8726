"""What ``hedgecheck report`` and ``hedgecheck serve`` take."""

from __future__ import annotations

import argparse
from typing import Any, Final

from hedgecheck.cli.parsing import (
    EXIT_CODES,
    add_encoding,
    add_model,
    at_least,
    check_inputs,
    make_parser,
)
from hedgecheck.cli.reading import STDIN

_REPORT: Final = f"""\
examples:
  hedgecheck report story.txt -o story.html
  hedgecheck report monday.txt tuesday.txt -o reports/
  hedgecheck report articles/ -o reports/         every .txt file of a folder
  pbpaste | hedgecheck report -o report.html

{EXIT_CODES}"""

_SERVE: Final = f"""\
examples:
  hedgecheck serve
  hedgecheck serve --port 9000
  curl -s http://127.0.0.1:8765/score --data-binary @story.txt \\
       -H "Content-Type: text/plain"

{EXIT_CODES}"""


def add_report(commands: Any) -> None:
    """Add ``report`` to the commands."""
    parser = make_parser(
        commands.add_parser,
        "report",
        help="write a report of articles as HTML",
        description="Write a report of one article as one HTML file, or of several as a folder\n"
        "with a page that compares them. The files need no network and no other file.",
        epilog=_REPORT,
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="text files, or folders of .txt files; - or none is standard input",
    )
    parser.add_argument(
        "-o",
        "--out",
        required=True,
        metavar="FILE|FOLDER",
        help="what to write: a file for one text (- is standard output), a folder for several",
    )
    parser.add_argument("--title", metavar="TEXT", help="title of the report of one text")
    add_encoding(parser)
    add_model(parser)
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=_run_report, parser=parser)


def add_serve(commands: Any) -> None:
    """Add ``serve`` to the commands."""
    parser = make_parser(
        commands.add_parser,
        "serve",
        help="serve a page to try it on, and a JSON API",
        description="Serve a page to paste a text into, and a JSON API beside it, on this\n"
        'machine. Needs an extra: pip install "hedgecheck[serve]". No text is kept.',
        epilog=_SERVE,
    )
    add = parser.add_argument
    add("--port", type=_port, default=8765, metavar="N", help="default: 8765; 0 takes a free one")
    add(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on (default: 127.0.0.1, this machine alone)",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer to this name too, when others reach the page by it; can be given again",
    )
    add(
        "--max-kb",
        type=at_least(1),
        default=1000,
        metavar="N",
        help="largest text, in thousands of bytes (default: 1000)",
    )
    add(
        "--time-limit",
        type=at_least(1),
        default=10,
        metavar="SECONDS",
        help="longest wait for an answer (default: 10)",
    )
    add_model(parser)
    parser.set_defaults(run=_run_serve, parser=parser)


def _run_report(arguments: argparse.Namespace) -> int:
    check_inputs(arguments)
    from hedgecheck.cli.report import write_reports

    return write_reports(
        arguments.files or [STDIN],
        arguments.out,
        title=arguments.title,
        encoding=arguments.encoding,
        model_name=arguments.model,
        quiet=arguments.quiet,
    )


def _run_serve(arguments: argparse.Namespace) -> int:
    from hedgecheck.cli.serve import serve

    return serve(
        host=arguments.host,
        port=arguments.port,
        allowed_hosts=arguments.allow_host,
        max_bytes=arguments.max_kb * 1000,
        time_limit=arguments.time_limit,
        model_name=arguments.model,
    )


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a whole number up to 65535")
    return int(text)
