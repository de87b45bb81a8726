"""What ``hedgecheck benchmark`` takes."""

from __future__ import annotations

import argparse
from typing import Any, Final

from hedgecheck.cli.parsing import EXIT_CODES, make_parser

_BENCHMARK: Final = f"""\
examples:
  hedgecheck benchmark hedgecheck-news --baseline all
  hedgecheck benchmark bioscope --corpora corpora --cv 5 --json bioscope.json
  hedgecheck benchmark conll2010-wiki --train train.tsv --test test.tsv
  hedgecheck benchmark generic --train mine.csv --text body --label class

{EXIT_CODES}"""


def add_benchmark(commands: Any) -> None:
    """Add ``benchmark`` to the commands."""
    parser = make_parser(
        commands.add_parser,
        "benchmark",
        help="measure a model on a labelled task",
        description="Score a saved model on a task, or with --train or --cv one that is fitted to\n"
        "it. docs/benchmark.md has the tasks, their labels and their metrics.",
        epilog=_BENCHMARK,
    )
    add = parser.add_argument
    add("task", metavar="TASK", help="such as hedgenews or bioscope; generic for a table of yours")
    for side in ("train", "test"):
        add(
            f"--{side}",
            action="append",
            metavar="PATH",
            help=f"data to {side} on: a file or folder; can be given again",
        )
    add("--cv", type=int, metavar="K", help="cross-validate in K folds, by document")
    add("--model", metavar="NAME|FILE", help="saved model to score (default: en)")
    add(
        "--baseline",
        action="append",
        default=[],
        metavar="NAME",
        help="also majority, length, lexicon, tfidf or all; can be given again",
    )
    add("--corpora", metavar="DIR", help="folder of the corpora, as for hedgecheck datasets")
    add("--train-split", metavar="NAME", help="train on this split only")
    add("--test-split", metavar="NAME", help="test on this split only")
    add("--seed", type=int, default=0, metavar="N", help="random seed (default: 0)")
    add("--json", metavar="OUT", help="write the report there as JSON")
    add("--predictions", metavar="OUT", help="write a row a sentence there, .csv or .jsonl")
    add("--quiet", action="store_true", help="no progress bar")
    table = parser.add_argument_group("columns of a table, for the task generic")
    table.add_argument("--text", metavar="COLUMN", help="the sentence")
    table.add_argument("--label", metavar="COLUMN", help="its label")
    table.add_argument("--document", metavar="COLUMN", help="its document (default: none)")
    table.add_argument("--kind", metavar="KIND", help="classes (default), yes-no or graded")
    table.add_argument("--labels", metavar="A,B", help="the classes (default: those there are)")
    table.add_argument("--scale", metavar="LOW,HIGH", help="of grades (default: 0,1)")
    table.add_argument("--output", metavar="NAME", help="what of a saved model to compare")
    parser.set_defaults(run=_run_benchmark, parser=parser)


def _run_benchmark(arguments: argparse.Namespace) -> int:
    scale = None
    if arguments.scale is not None:
        try:
            low, high = map(float, arguments.scale.split(","))
        except ValueError:
            arguments.parser.error(f"--scale {arguments.scale}: give two numbers, such as 1,5")
        scale = (low, high)
    names = [
        *("train", "test", "train_split", "test_split", "cv", "model", "baseline", "corpora"),
        *("seed", "text", "label", "document", "kind", "output"),
    ]
    chosen = {name: getattr(arguments, name) for name in names}
    chosen["labels"] = arguments.labels or ()
    from hedgecheck.cli.benchmark import run_benchmark

    return run_benchmark(
        arguments.task,
        {**chosen, "scale": scale},
        json_out=arguments.json,
        predictions_out=arguments.predictions,
        quiet=arguments.quiet,
    )
