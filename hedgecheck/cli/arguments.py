"""What the command line takes."""

from __future__ import annotations

import argparse
import os
from typing import Any, Final

from hedgecheck.cli.benchmark_arguments import add_benchmark
from hedgecheck.cli.page_arguments import add_report, add_serve
from hedgecheck.cli.parsing import EXIT_CODES, at_least, make_parser
from hedgecheck.cli.score_arguments import add_completion, add_score

_TOP: Final = f"""\
examples:
  hedgecheck score story.txt                  a table for the eye
  hedgecheck score *.txt --format csv         a row a sentence
  curl -s URL | html2text | hedgecheck score  standard input
  hedgecheck model show en                    what the shipped model is

{EXIT_CODES}"""

_TRAIN: Final = f"""\
example:
  hedgecheck train --corpora corpora --out models/mine.joblib

{EXIT_CODES}"""

_MODEL: Final = f"""\
examples:
  hedgecheck model show en
  hedgecheck model show models/mine.joblib
  hedgecheck model verify

{EXIT_CODES}"""


_DATASETS: Final = f"""\
examples:
  hedgecheck datasets list
  hedgecheck datasets show bioscope
  hedgecheck datasets locate bioscope --corpora corpora

{EXIT_CODES}"""


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
    parser = make_parser(
        argparse.ArgumentParser,
        prog="hedgecheck",
        description="How certain is a sentence of news, who stands behind it, and how does it\n"
        "say so?",
        epilog=_TOP,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    parser.set_defaults(run=None, parser=parser)
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    add_score(commands)
    add_report(commands)
    add_serve(commands)
    _add_train(commands)
    _add_model(commands)
    _add_datasets(commands)
    add_benchmark(commands)
    add_completion(commands)
    return parser


def _add_train(commands: Any) -> None:
    parser = make_parser(
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
        type=at_least(2),
        default=5,
        metavar="N",
        help="folds of the cross-validation (default: 5)",
    )
    parser.add_argument(
        "--no-cv", action="store_true", help="train only; no cross-validated scores"
    )
    parser.add_argument(
        "--seed", type=at_least(0), default=0, metavar="N", help="random seed (default: 0)"
    )
    parser.add_argument(
        "--jobs",
        type=at_least(1),
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes at a time (default: one per core)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    parser.set_defaults(run=_run_train, parser=parser)


def _add_model(commands: Any) -> None:
    parser = make_parser(
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
    parser = make_parser(
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
