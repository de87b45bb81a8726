"""What ``hedgecheck score`` and ``hedgecheck completion`` take."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Final

from hedgecheck.cli.limits import limit
from hedgecheck.cli.parsing import (
    EXIT_CODES,
    add_encoding,
    add_model,
    check_inputs,
    make_parser,
)
from hedgecheck.cli.reading import STDIN

FORMATS: Final = ("table", "json", "jsonl", "csv")
SHELLS: Final = ("bash", "zsh", "fish", "tcsh")

#: What a file to write may end with; ``.gz`` behind it packs it, but for Parquet, which is packed.
_OUT_FORMATS: Final = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
}
_FOR_TABLES: Final = ("csv", "tsv", "jsonl", "parquet")

_SCORE: Final = f"""\
examples:
  hedgecheck score story.txt
  hedgecheck score story.txt --explain
  hedgecheck score articles/ --out scores.csv     every .txt file of a folder
  hedgecheck score old/*.txt --encoding cp1252 --out scores.csv
  hedgecheck score --sentences lines.txt --format jsonl | jq .certainty
  hedgecheck score articles.parquet --text body --out scored.parquet
  hedgecheck score draft.txt -q --fail-on 'unnamed>30%' --fail-on 'vague>0'

formats:
  table  for the eye; sentences count from 1, and [hedges], {{sources}} and
         <attribution cues> are marked
  json   an array with one object per input: profile, sentences, everything
  jsonl  one object per sentence, with the file and the sentence's number from 0
  csv    one row per sentence, for pandas or a spreadsheet; text that would be
         taken for a formula gets a ' in front

A table (.csv, .tsv, .jsonl, .parquet) needs --text, and gives a table: a row a
sentence of each text with the other columns repeated, or with --sentences the
rows that there were with scores beside them.

limits: named, unnamed, vague and weak are shares of the attributed claims, weak
those on vague or confidential sources alone; hedged, confidential and
unattributed are shares of the sentences; NAME_count is the number itself.
claims, named_sources and certainty (the mean) can have limits too.

{EXIT_CODES}"""

_COMPLETION: Final = f"""\
examples:
  hedgecheck completion bash \\
      > ~/.local/share/bash-completion/completions/hedgecheck
  hedgecheck completion zsh > ~/.zfunc/_hedgecheck
  hedgecheck completion fish > ~/.config/fish/completions/hedgecheck.fish

{EXIT_CODES}"""


def add_score(commands: Any) -> None:
    """Add ``score`` to the commands."""
    parser = make_parser(
        commands.add_parser,
        "score",
        help="score every sentence of articles",
        description="Score every sentence of plain-text articles, or of the texts in a table.",
        epilog=_SCORE,
    )
    add = parser.add_argument
    add(
        "files",
        nargs="*",
        metavar="FILE",
        help="text files, or folders of .txt files; - or none is standard input",
    )
    add("-f", "--format", choices=FORMATS, help="what to print (default: table; csv for a table)")
    add("-o", "--out", metavar="FILE", help="write there; the ending says what: " + _endings())
    add(
        "-s",
        "--sentences",
        action="store_true",
        help="one sentence a line (of a table: a row), each scored alone, without context",
    )
    add("-t", "--text", metavar="COLUMN", help="the file is a table; its column of texts")
    add("--prefix", default="", metavar="TEXT", help="what the names of added columns begin with")
    add_encoding(parser)
    add_model(parser)
    add("--explain", action="store_true", help="add what spoke for and against each label")
    add(
        "--fail-on",
        action="append",
        default=[],
        type=limit,
        metavar="LIMIT",
        help="end with code 3 if a text breaks it, such as 'unnamed>0.3'; can be given again",
    )
    add("-q", "--quiet", action="store_true", help="print no scores and no bar, problems alone")
    add(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colours in the table (default: on a terminal, unless NO_COLOR is set)",
    )
    parser.set_defaults(run=_run_score, parser=parser)


def add_completion(commands: Any) -> None:
    """Add ``completion`` to the commands."""
    parser = make_parser(
        commands.add_parser,
        "completion",
        help="print a script that lets a shell complete commands",
        description="Print a script with which a shell completes commands, options and files.\n"
        'Needs the extra: pip install "hedgecheck[completion]".',
        epilog=_COMPLETION,
    )
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    parser.set_defaults(run=_run_completion, parser=parser)


def _run_score(arguments: argparse.Namespace) -> int:
    refuse = arguments.parser.error
    check_inputs(arguments)
    form = _form(arguments)
    if arguments.explain and form not in ("table", "json", "jsonl"):
        refuse(f"--explain does not fit into {form}; use --format jsonl")
    if arguments.text is not None:
        return _run_table(arguments, form)
    if arguments.prefix:
        refuse("--prefix is for tables: name the column of texts with --text")
    from hedgecheck.cli.scoring import score_inputs

    return score_inputs(
        arguments.files or [STDIN],
        model_name=arguments.model,
        form=form,
        encoding=arguments.encoding,
        by_line=arguments.sentences,
        explain=arguments.explain,
        color=arguments.color,
        out=arguments.out,
        limits=arguments.fail_on,
        quiet=arguments.quiet,
    )


def _run_table(arguments: argparse.Namespace, form: str) -> int:
    refuse = arguments.parser.error
    if len(arguments.files) != 1 or arguments.files == [STDIN]:
        refuse("--text takes one table: name one file that ends in .csv, .tsv, .jsonl or .parquet")
    if form not in _FOR_TABLES:
        refuse(f"a table cannot be written as {form}; use csv, tsv, jsonl or parquet")
    if arguments.explain:
        refuse("--explain is for articles, not for tables")
    if arguments.fail_on and arguments.sentences:
        refuse("--fail-on is for texts; rows that are single sentences have no shares")
    from hedgecheck.cli.score_table import score_table

    return score_table(
        arguments.files[0],
        text=arguments.text,
        unit="sentence" if arguments.sentences else "document",
        prefix=arguments.prefix,
        encoding=arguments.encoding,
        model_name=arguments.model,
        out=arguments.out,
        form=form,
        limits=arguments.fail_on,
        quiet=arguments.quiet,
    )


def _form(arguments: argparse.Namespace) -> str:
    """Return the format to write: by the ending of the file, else as asked for."""
    if arguments.out is None:
        return str(arguments.format or ("table" if arguments.text is None else "csv"))
    name = arguments.out.lower()
    form = _OUT_FORMATS.get(Path(name.removesuffix(".gz")).suffix)
    if form is None or (form == "parquet" and name.endswith(".gz")):
        arguments.parser.error(f"--out {arguments.out}: has to end in {_endings()}")
    if arguments.format not in (None, form):
        arguments.parser.error(f"--out {arguments.out} is no {arguments.format}; leave out -f")
    return str(form)


def _endings() -> str:
    *first, last = _OUT_FORMATS
    return f"{', '.join(first)} or {last}"


def _run_completion(arguments: argparse.Namespace) -> int:
    from hedgecheck.cli.completion import print_completion

    return print_completion(arguments.shell)
