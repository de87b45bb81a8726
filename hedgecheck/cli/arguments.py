"""What the command line takes."""

from __future__ import annotations

import argparse
import os
from typing import Any, Final

from hedgecheck.cli.reading import STDIN, is_text_encoding

FORMATS: Final = ("table", "json", "jsonl", "csv")

_EXIT_CODES: Final = """\
exit codes:
  0    all done
  1    some inputs failed and the rest was done
  2    nothing could be done: wrong arguments or path, binary file, no model
  130  interrupted (Ctrl-C)
"""

_TOP: Final = f"""\
examples:
  hedgecheck score story.txt                  a table for the eye
  hedgecheck score *.txt --format csv         a row a sentence
  curl -s URL | html2text | hedgecheck score  standard input
  hedgecheck model show en                    what the shipped model is

{_EXIT_CODES}"""

_SCORE: Final = f"""\
examples:
  hedgecheck score story.txt
  hedgecheck score story.txt --explain
  hedgecheck score old/*.txt --encoding cp1252 --format csv > scores.csv
  hedgecheck score --sentences lines.txt --format jsonl | jq .certainty
  pbpaste | hedgecheck score -

formats:
  table  for the eye; sentences count from 1, and [hedges], {{sources}} and
         <attribution cues> are marked
  json   an array with one object per input: profile, sentences, everything
  jsonl  one object per sentence, with the file and the sentence's number from 0
  csv    one row per sentence, for pandas or a spreadsheet; text that would be
         taken for a formula gets a ' in front

{_EXIT_CODES}"""

_TRAIN: Final = f"""\
example:
  hedgecheck train --corpora corpora --out models/mine.joblib

{_EXIT_CODES}"""

_MODEL: Final = f"""\
examples:
  hedgecheck model show en
  hedgecheck model show models/mine.joblib
  hedgecheck model verify

{_EXIT_CODES}"""


_DATASETS: Final = f"""\
examples:
  hedgecheck datasets list
  hedgecheck datasets show bioscope
  hedgecheck datasets locate bioscope --corpora corpora

{_EXIT_CODES}"""


class _Version(argparse.Action):
    """Print the version; hedgecheck itself is imported only then."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,  # noqa: ARG002 -- argparse calls it so
        values: object,  # noqa: ARG002
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        from hedgecheck import __version__

        print(f"hedgecheck {__version__}")
        parser.exit(0)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; ``run`` of its result is the command to call, None without one."""
    parser = _parser(
        argparse.ArgumentParser,
        prog="hedgecheck",
        description="How certain is a sentence of news, who stands behind it, and how does it\n"
        "say so?",
        epilog=_TOP,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    parser.set_defaults(run=None, parser=parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    _add_score(commands)
    _add_train(commands)
    _add_model(commands)
    _add_datasets(commands)
    return parser


def _add_score(commands: Any) -> None:
    parser = _parser(
        commands.add_parser,
        "score",
        help="score every sentence of articles",
        description="Score every sentence of one or more plain-text articles.",
        epilog=_SCORE,
    )
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="text files; - or none is standard input",
    )
    parser.add_argument(
        "-f", "--format", choices=FORMATS, default="table", help="what to print (default: table)"
    )
    parser.add_argument(
        "-s",
        "--sentences",
        action="store_true",
        help="one sentence a line, each scored alone, without context",
    )
    parser.add_argument(
        "--encoding",
        metavar="NAME",
        help="encoding of the files (default: by byte order mark, else utf-8)",
    )
    parser.add_argument(
        "--model", default="en", metavar="NAME|FILE", help="model to score with (default: en)"
    )
    parser.add_argument(
        "--explain", action="store_true", help="add what spoke for and against each label"
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours in the table (default: on a terminal, unless NO_COLOR is set)",
    )
    parser.set_defaults(run=_run_score, parser=parser)


def _add_train(commands: Any) -> None:
    parser = _parser(
        commands.add_parser,
        "train",
        help="train a model from labelled corpora",
        description="Train a model from a folder of labelled corpora and print its\n"
        "cross-validated scores.",
        epilog=_TRAIN,
    )
    parser.add_argument("--corpora", required=True, metavar="DIR", help="folder of the corpora")
    parser.add_argument("--out", required=True, metavar="FILE", help="model file to write")
    parser.add_argument(
        "--folds",
        type=_at_least(2),
        default=5,
        metavar="N",
        help="folds of the cross-validation (default: 5)",
    )
    parser.add_argument(
        "--no-cv", action="store_true", help="train only; no cross-validated scores"
    )
    parser.add_argument(
        "--seed", type=_at_least(0), default=0, metavar="N", help="random seed (default: 0)"
    )
    parser.add_argument(
        "--jobs",
        type=_at_least(1),
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes at a time (default: one per core)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=_run_train, parser=parser)


def _add_model(commands: Any) -> None:
    parser = _parser(
        commands.add_parser,
        "model",
        help="look at and verify model files",
        description="Look at and verify model files.",
        epilog=_MODEL,
    )
    parser.set_defaults(run=None, parser=parser)
    actions = parser.add_subparsers(metavar="ACTION", title="actions")
    show = actions.add_parser("show", help="print what a model file says of itself")
    show.add_argument("model", metavar="FILE|NAME")
    show.set_defaults(run=_run_show, parser=show)
    verify = actions.add_parser("verify", help="check that a model file is whole and harmless")
    verify.add_argument(
        "model", nargs="?", default="en", metavar="FILE", help="default: the shipped model"
    )
    verify.set_defaults(run=_run_verify, parser=verify)


def _add_datasets(commands: Any) -> None:
    parser = _parser(
        commands.add_parser,
        "datasets",
        help="list labelled corpora and find them on this machine",
        description="List the labelled corpora that hedgecheck can read, and find them on this\n"
        "machine. Nothing is downloaded.",
        epilog=_DATASETS,
    )
    parser.set_defaults(run=None, parser=parser)
    actions = parser.add_subparsers(metavar="ACTION", title="actions")
    listing = actions.add_parser("list", help="print a line for each corpus")
    listing.set_defaults(run=_run_datasets_list, parser=listing)
    show = actions.add_parser("show", help="print licence, citation and files of a corpus")
    show.add_argument("name", metavar="NAME")
    show.set_defaults(run=_run_datasets_show, parser=show)
    locate = actions.add_parser("locate", help="find a corpus and check its sums")
    locate.add_argument("name", metavar="NAME")
    locate.add_argument(
        "--corpora",
        metavar="DIR",
        help="folder of the corpora (default: HEDGECHECK_CORPORA, then the user's data folder)",
    )
    locate.set_defaults(run=_run_datasets_locate, parser=locate)


def _run_score(arguments: argparse.Namespace) -> int:
    if arguments.encoding is not None and not is_text_encoding(arguments.encoding):
        arguments.parser.error(
            f"--encoding {arguments.encoding}: no such text encoding; try utf-8, utf-16 or cp1252"
        )
    if arguments.files.count(STDIN) > 1:
        arguments.parser.error("- (standard input) can be read only once")
    if arguments.explain and arguments.format == "csv":
        arguments.parser.error("--explain does not fit into csv; use --format jsonl")
    from hedgecheck.cli.scoring import score_inputs

    return score_inputs(
        arguments.files or [STDIN],
        model_name=arguments.model,
        form=arguments.format,
        encoding=arguments.encoding,
        by_line=arguments.sentences,
        explain=arguments.explain,
        color=arguments.color,
    )


def _run_train(arguments: argparse.Namespace) -> int:
    from hedgecheck.cli.models import train

    return train(
        arguments.corpora,
        arguments.out,
        folds=0 if arguments.no_cv else arguments.folds,
        seed=arguments.seed,
        jobs=arguments.jobs,
        quiet=arguments.quiet,
    )


def _run_show(arguments: argparse.Namespace) -> int:
    from hedgecheck.cli.models import show

    return show(arguments.model)


def _run_verify(arguments: argparse.Namespace) -> int:
    from hedgecheck.cli.models import verify

    return verify(arguments.model)


def _run_datasets_list(arguments: argparse.Namespace) -> int:  # noqa: ARG001
    from hedgecheck.cli.datasets import list_all

    return list_all()


def _run_datasets_show(arguments: argparse.Namespace) -> int:
    from hedgecheck.cli.datasets import show

    return show(arguments.name)


def _run_datasets_locate(arguments: argparse.Namespace) -> int:
    from hedgecheck.cli.datasets import locate

    return locate(arguments.name, arguments.corpora)


def _parser(make: Any, *names: str, **settings: Any) -> argparse.ArgumentParser:
    """Make a parser or a subparser whose epilog keeps its lines."""
    parser: argparse.ArgumentParser = make(
        *names,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
        **settings,
    )
    return parser


def _at_least(least: int) -> Any:
    """Return an argparse type for whole numbers from `least` up."""

    def whole_number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least {least}")
        return int(text)

    return whole_number
