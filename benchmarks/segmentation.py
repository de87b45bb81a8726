r"""Sentence boundaries and speed of hedgecheck beside other splitters.

Prints F1 on the boundaries inside the paragraphs of GUM's news documents, and the time a sentence
takes on PolNeAR's news as a ratio to one ``re.findall(r"\w+|[^\w\s]", text)`` pass over the same
text in the same process. Corpora are not part of the repository: name their folder with
``--corpora`` or the environment variable HEDGECHECK_CORPORA. The other splitters are optional:
``pip install blingfire syntok pysbd``.

    python benchmarks/segmentation.py --corpora FOLDER
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import re
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hedgecheck.segmentation import split_sentences

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Splitter = Callable[[str], list[int]]

_TOKEN = re.compile(r"\w+|[^\w\s]")
_ROUNDS = 7


def main() -> None:
    """Run the benchmark that the arguments ask for."""
    parser = argparse.ArgumentParser(description="Sentence boundaries and speed.")
    parser.add_argument(
        "--corpora",
        type=Path,
        default=os.environ.get("HEDGECHECK_CORPORA"),
        help="folder that holds gum-news/ and polnear/ (default: HEDGECHECK_CORPORA)",
    )
    arguments = parser.parse_args()
    if arguments.corpora is None:
        parser.error("name the folder of the corpora with --corpora or HEDGECHECK_CORPORA")
    splitters = {"hedgecheck": _hedgecheck} | {
        name: splitter
        for name, load in (("blingfire", _blingfire), ("syntok", _syntok), ("pysbd", _pysbd))
        if (splitter := load()) is not None
    }
    rows = _paragraphs(arguments.corpora / "gum-news" / "paragraphs.jsonl")
    folder = arguments.corpora / "polnear" / "original-dev" / "text"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    print(f"GUM news: {sum(len(gold) for _, gold in rows)} boundaries in {len(rows)} paragraphs")
    print(f"{'splitter':12}{'precision':>10}{'recall':>8}{'F1':>8}")
    for name, splitter in splitters.items():
        precision, recall, f1 = _score(rows, splitter)
        print(f"{name:12}{precision:10.4f}{recall:8.4f}{f1:8.4f}")
    _print_speed(texts)


def _print_speed(texts: list[str]) -> None:
    sentences = sum(len(split_sentences(text)) for text in texts)
    tokens = _best_time(lambda: [_TOKEN.findall(text) for text in texts])
    splitting = _best_time(lambda: [split_sentences(text) for text in texts])
    print(f"\nPolNeAR dev: {len(texts)} documents, {sentences} sentences, one core")
    print(f"re.findall      {tokens / sentences * 1e6:6.2f} µs a sentence")
    print(f"split_sentences {splitting / sentences * 1e6:6.2f} µs a sentence")
    print(f"ratio           {splitting / tokens:6.2f}")


def _best_time(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(_ROUNDS):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def _paragraphs(path: Path) -> list[tuple[str, set[int]]]:
    """Each paragraph with the starts of its sentences after the first."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [(row["text"], {start for start, _ in row["sentences"][1:]}) for row in rows]


def _score(rows: list[tuple[str, set[int]]], splitter: Splitter) -> tuple[float, float, float]:
    right = found = gold = 0
    for text, expected in rows:
        starts = set(splitter(text)[1:])
        right += len(starts & expected)
        found += len(starts)
        gold += len(expected)
    return right / found, right / gold, 2 * right / (found + gold)


def _starts(text: str, sentences: Iterable[str]) -> list[int]:
    """Find where sentences given as strings start; white space within them may differ."""
    starts = []
    at = 0
    for sentence in sentences:
        for index, word in enumerate(sentence.split()):
            at = text.index(word, at)
            if index == 0:
                starts.append(at)
            at += len(word)
    return starts


def _hedgecheck(text: str) -> list[int]:
    return [start for start, _, _ in split_sentences(text)]


def _module(name: str) -> Any | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError:
        print(f"{name} is not installed: left out")
        return None


def _blingfire() -> Splitter | None:
    module = _module("blingfire")
    if module is None:
        return None
    return lambda text: _starts(text, module.text_to_sentences(text).split("\n"))


def _syntok() -> Splitter | None:
    module = _module("syntok.segmenter")
    if module is None:
        return None

    def splitter(text: str) -> list[int]:
        paragraphs = module.process(text)
        return [sentence[0].offset for paragraph in paragraphs for sentence in paragraph]

    return splitter


def _pysbd() -> Splitter | None:
    module = _module("pysbd")
    if module is None:
        return None
    segmenter = module.Segmenter(language="en", clean=False)
    return lambda text: _starts(text, segmenter.segment(text))


if __name__ == "__main__":
    main()
