r"""How fast scoring is, as ratios to one pass of a tokenising expression over the same text.

    python benchmarks/speed.py --text FILE [--sentences N]

Machines differ and are shared, so nothing here is given in seconds alone: ``x_ref`` is the time of
hedgecheck divided by the time of ``re.findall(r"\w+|[^\w\s]", sentence)`` over the same sentences
in the same process, the best of five runs each.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import hedgecheck
from hedgecheck.segmentation import split_sentences
from hedgecheck.shipped import dataset_path

_REFERENCE = re.compile(r"\w+|[^\w\s]")
_RUNS = 5


def best_time(run: Callable[[], object]) -> float:
    """Shortest of a few runs, in seconds."""
    times = []
    for _ in range(_RUNS):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return min(times)


def start_time(code: str) -> float:
    """Shortest whole process of a few, in seconds."""
    return best_time(lambda: subprocess.run([sys.executable, "-c", code], check=True))  # noqa: S603


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, help="plain text; default: the shipped news data set")
    parser.add_argument("--sentences", type=int, default=10_000, help="how many to score")
    options = parser.parse_args()
    if options.text:
        text = options.text.read_text(encoding="utf-8")
        found = [text[start:end] for start, end, _ in split_sentences(text)]
    else:
        lines = dataset_path("news.jsonl").read_text(encoding="utf-8").splitlines()
        found = [json.loads(line)["text"] for line in lines]
    sentences = (found * (options.sentences // len(found) + 1))[: options.sentences]
    articles = ["\n".join(sentences[i : i + 25]) for i in range(0, len(sentences), 25)]
    one = (
        "The ministry may approve the plan, two officials familiar with the matter said on Friday."
    )

    model = hedgecheck.load()
    model.score_sentences(sentences)  # warm: every word has been seen
    reference = best_time(lambda: [_REFERENCE.findall(sentence) for sentence in sentences])
    rows = {
        "score_sentences": best_time(lambda: model.score_sentences(sentences)),
        "score_documents": best_time(lambda: list(model.score_documents(articles))),
        "split_sentences": best_time(lambda: [split_sentences(article) for article in articles]),
    }
    print(f"{len(sentences)} sentences; reference {len(sentences) / reference:,.0f} a second")
    for name, seconds in rows.items():
        print(
            f"{name:20}x_ref {seconds / reference:6.2f}{len(sentences) / seconds:12,.0f} a second"
        )
    single = best_time(lambda: [model.score_sentences([one]) for _ in range(100)]) / 100
    print(f"{'one sentence':20}{single * 1e6:12,.0f} microseconds")
    numpy = start_time("import numpy")
    start = start_time("import hedgecheck; hedgecheck.score('The firm may sell its arm.')")
    print(f"{'start':20}{start:12.2f} s, where numpy takes {numpy:.2f} s")


if __name__ == "__main__":
    main()
