r"""How fast scoring is, as ratios to one pass of a tokenising expression over the same text.

    python benchmarks/speed.py [--text FILE] [--sentences N] [--json OUT]

Machines differ and are shared, so nothing here is to be read in seconds alone: ``x_ref`` is the
time of hedgecheck divided by the time of ``re.findall(r"\w+|[^\w\s]", sentence)`` over the same
sentences in the same process, the best of several rounds each. The rounds go through all that is
measured in turn, so that a busy moment of the machine does not hit one of them alone.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import joblib
from speed_profile import profile

import hedgecheck
from hedgecheck.benchmark_machine import machine, versions
from hedgecheck.datasets.locating import sha256_of
from hedgecheck.model import Model
from hedgecheck.segmentation import split_many, split_sentences
from hedgecheck.shipped import dataset_path, model_path

SCHEMA: Final = "hedgecheck.speed/1"
ROUNDS: Final = 5
#: Sentences of an article: about what a news story has.
ARTICLE: Final = 25
#: Tokens of the sentences that latency is measured on, and how many such sentences.
TOKENS: Final = 25
SINGLES: Final = 100
#: Sentences streamed where memory is measured; it is measured at twice as many too, and for one
#: document of a tenth as many.
STREAM: Final = 50_000
#: Sentences that one and two processes score, if there are cores for them.
PARALLEL: Final = 100_000

_REFERENCE: Final = re.compile(r"\w+|[^\w\s]")
_ONE: Final = "The firm may sell its arm, two officials said on Friday."

#: A process that streams sentences and prints the most memory that it held, in MB. VmHWM, since
#: ru_maxrss starts from what the parent held.
_MEMORY: Final = """
import itertools, json, pathlib, sys
import hedgecheck
lines = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
sentences = [json.loads(line) for line in lines]
n = int(sys.argv[3])
many = itertools.islice(itertools.cycle(sentences), n)
if sys.argv[2] == "score, one document":
    found = len(hedgecheck.score("\\n".join(many)))
elif sys.argv[2] == "iter_sentences":
    found = sum(1 for _ in hedgecheck.iter_sentences(many))
else:
    articles = ("\\n".join(itertools.islice(many, 25)) for _ in range(n // 25))
    found = sum(len(document) for document in hedgecheck.score_documents(articles))
assert n == 0 or found > n // 2, found
status = pathlib.Path("/proc/self/status").read_text()
print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


def own_sentences() -> list[str]:
    """The sentences of the shipped news data set, which are the project's own."""
    lines = dataset_path("news.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def repeated(sentences: Sequence[str], n: int) -> list[str]:
    """The sentences over and over, until there are n."""
    return (list(sentences) * (n // len(sentences) + 1))[:n]


def tokenise(sentences: Sequence[str]) -> object:
    """The pass that everything is compared with."""
    return [_REFERENCE.findall(sentence) for sentence in sentences]


def best_time(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Shortest of a few runs, in seconds."""
    return best_times({"": run}, rounds)[""]


def best_times(runs: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Shortest time of each run, in seconds; every round goes through all of them."""
    times: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            begin = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - begin)
    return {name: min(found) for name, found in times.items()}


def start_time(code: str, rounds: int = ROUNDS) -> float:
    """Shortest whole process of a few, in seconds."""
    command = [sys.executable, "-c", code]
    return best_time(lambda: subprocess.run(command, check=True), rounds)  # noqa: S603


def measure(
    sentences: Sequence[str], n: int, *, rounds: int, stream: int, parallel: int = 0
) -> dict[str, Any]:
    """Measure all that this file measures on n sentences, and return it ready for JSON.

    Parameters
    ----------
    sentences
        Sentences, which are repeated or cut to be n.
    n
        How many sentences a throughput is measured on.
    rounds
        Rounds of which the best counts.
    stream
        Sentences that are streamed for peak memory; 0 to leave that out.
    parallel
        Sentences that two processes score; 0 to leave that out.
    """
    model = hedgecheck.load()
    many = repeated(sentences, n)
    return {
        "schema": SCHEMA,
        "sentences": n,
        "rounds": rounds,
        "throughput": throughput(model, many, rounds),
        "profile": stages(model, many, rounds),
        "latency": latency(model, sentences, rounds),
        "start": {
            "seconds": start_time(f"import hedgecheck; hedgecheck.score({_ONE!r})", rounds),
            "numpy_seconds": start_time("import numpy", rounds),
        },
        "growth": growth(model, sentences, n // 4, rounds),
        "memory": memory(sentences, stream) if stream else None,
        "parallel": two_processes(model, sentences, parallel) if parallel else None,
        "model": {"name": "en", "sha256": sha256_of(model_path("en"))},
        "versions": versions(),
        "machine": machine(),
    }


def articles_of(sentences: Sequence[str]) -> list[str]:
    """Articles of `ARTICLE` sentences, a line each."""
    return ["\n".join(sentences[i : i + ARTICLE]) for i in range(0, len(sentences), ARTICLE)]


def stages(model: Model, sentences: Sequence[str], rounds: int) -> dict[str, dict[str, float]]:
    """x_ref of every stage of scoring; those of a function add up to the whole of it."""
    reference = best_time(lambda: tokenise(sentences), rounds)
    found = profile(model, sentences, articles_of(sentences), rounds)
    return {
        name: {stage: seconds / reference for stage, seconds in row.items()}
        for name, row in found.items()
    }


def two_processes(model: Model, sentences: Sequence[str], n: int) -> dict[str, Any] | None:
    """How much less time two processes take than one; None where there is but one core.

    Their start, and that they meet each word for the first time, is not counted.
    """
    if joblib.cpu_count() == 1:
        return None
    many = repeated(sentences, n)
    model.score_sentences(many, n_jobs=2)
    times = best_times(
        {str(jobs): lambda jobs=jobs: model.score_sentences(many, n_jobs=jobs) for jobs in (1, 2)},  # type: ignore[misc]
        2,
    )
    return {"n": n, "times_faster": times["1"] / times["2"]}


def throughput(model: Model, sentences: Sequence[str], rounds: int) -> dict[str, Any]:
    """x_ref and sentences a second, on one core."""
    import pandas as pd

    articles = articles_of(sentences)
    frame = pd.DataFrame({"text": articles})
    model.score_sentences(sentences)  # warm: every word has been seen
    reference: list[float] = []
    ratios: dict[str, list[float]] = {}
    best: dict[str, float] = {}
    runs: dict[str, Callable[[], object]] = {
        "score_sentences": lambda: model.score_sentences(sentences),
        "score_sentences, spans read": lambda: read_spans(model, sentences),
        "score_documents": lambda: list(model.score_documents(articles)),
        "score_frame": lambda: model.score_frame(frame),
        "split_many": lambda: split_many(articles),
    }
    for _ in range(rounds):
        for name, run in runs.items():
            # Right before each: one short pass a round is too few on a machine that is shared.
            reference.append(best_time(lambda: tokenise(sentences), 1))
            seconds = best_time(run, 1)
            best[name] = min(seconds, best.get(name, seconds))
            ratios.setdefault(name, []).append(seconds / reference[-1])
    n, least = len(sentences), min(reference)
    return {
        "reference_per_second": n / least,
        "rows": {
            name: {
                "x_ref": seconds / least,
                "x_ref_of_rounds": [min(ratios[name]), max(ratios[name])],
                "per_second": n / seconds,
            }
            for name, seconds in best.items()
        },
    }


def read_spans(model: Model, sentences: Sequence[str]) -> int:
    """Score, and read the evidence spans from each result."""
    found = 0
    for score in model.score_sentences(sentences):
        found += len(score.hedges) + (score.source is not None) + (score.cue is not None)
    return found


def latency(model: Model, sentences: Sequence[str], rounds: int) -> dict[str, Any]:
    """Median time of one sentence of about 25 tokens by itself, all seen before."""
    distance = {text: abs(len(_REFERENCE.findall(text)) - TOKENS) for text in sentences}
    near = sorted(distance, key=lambda text: (distance[text], text))[:SINGLES]
    calls: dict[str, Callable[[str], object]] = {
        "reference": _REFERENCE.findall,
        "score_sentences": lambda text: model.score_sentences([text]),
        "score": model.score,
    }
    found = {}
    for name, call in calls.items():
        times = []
        for number in range(rounds + 1):
            for text in near:
                begin = time.perf_counter()
                call(text)
                if number:  # the first round warms up
                    times.append(time.perf_counter() - begin)
        found[name] = statistics.median(times)
    reference = found.pop("reference")
    return {
        "sentences": len(near),
        "tokens": statistics.median(len(_REFERENCE.findall(text)) for text in near),
        "rows": {
            name: {"x_ref": seconds / reference, "microseconds": seconds * 1e6}
            for name, seconds in found.items()
        },
    }


def growth(model: Model, sentences: Sequence[str], n: int, rounds: int) -> dict[str, Any]:
    """Time of one document of 2n sentences divided by that of one of n; 2 is linear."""
    one, two = ("\n".join(repeated(sentences, size)) for size in (n, 2 * n))
    times = best_times({"n": lambda: model.score(one), "2n": lambda: model.score(two)}, rounds)
    return {"n": n, "ratio": times["2n"] / times["n"]}


def memory(sentences: Sequence[str], stream: int) -> dict[str, Any] | None:
    """Peak memory in MB of processes that stream n and 2n sentences; None where unknown."""
    if not Path("/proc/self/status").is_file():
        return None
    found: dict[str, Any] = {"n": stream, "rows": {}, "loaded_mb": None}
    lines = "\n".join(json.dumps(text) for text in sentences)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, "sentences.jsonl")
        place.write_text(lines, encoding="utf-8")
        found["loaded_mb"] = peak(place, "iter_sentences", 0)
        for name in ("iter_sentences", "score_documents"):
            sizes = {"mb": stream, "mb_2n": 2 * stream}
            found["rows"][name] = {key: peak(place, name, n) for key, n in sizes.items()}
        name = "score, one document"
        sizes = {"mb": stream // 10, "mb_2n": stream // 5}
        found["document"] = {key: peak(place, name, n) for key, n in sizes.items()}
    return found


def peak(place: Path, name: str, n: int) -> float:
    """Peak memory in MB of a process that streams n sentences of a file."""
    command = [sys.executable, "-c", _MEMORY, str(place), name, str(n)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return float(done.stdout)


def show(found: dict[str, Any]) -> None:
    """Print what was measured."""
    through = found["throughput"]
    print(
        f"{found['sentences']} sentences; reference {through['reference_per_second']:,.0f} a second"
    )
    for name, row in through["rows"].items():
        print(f"{name:28}x_ref {row['x_ref']:6.2f}{row['per_second']:12,.0f} a second")
    for name, row in found["latency"]["rows"].items():
        label = f"one sentence, {name}"
        print(f"{label:28}x_ref {row['x_ref']:6.2f}{row['microseconds']:12,.0f} microseconds")
    start = found["start"]
    print(
        f"{'start':28}{start['seconds']:12.2f} s, where numpy takes {start['numpy_seconds']:.2f} s"
    )
    print(f"{'one document, 2n to n':28}{found['growth']['ratio']:12.2f} times the time")
    for name, row in found["profile"].items():
        print(f"{name}, x_ref by stage; {sum(row.values()):.2f} in all")
        for stage, ratio in row.items():
            print(f"  {stage:26}{ratio:12.2f}")
    if found["parallel"]:
        print(f"{'two processes':28}{found['parallel']['times_faster']:12.2f} times as fast")
    found_memory = found["memory"] or {"rows": {}}
    if row := found_memory.get("document"):
        print(f"{'one document':28}{row['mb']:12.0f} MB, twice as long {row['mb_2n']:.0f} MB")
    for name, row in found_memory["rows"].items():
        print(f"{name + ', streamed':28}{row['mb']:12.0f} MB, twice as many {row['mb_2n']:.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, help="plain text; default: the shipped news data set")
    parser.add_argument("--sentences", type=int, default=10_000, help="how many to score")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="the best of them counts")
    parser.add_argument("--stream", type=int, default=STREAM, help="sentences to stream; 0: none")
    parser.add_argument(
        "--parallel", type=int, default=PARALLEL, help="sentences for two processes; 0: none"
    )
    parser.add_argument("--json", type=Path, help="write what was measured to this file")
    options = parser.parse_args()
    if options.text:
        text = options.text.read_text(encoding="utf-8")
        sentences = [text[start:end] for start, end, _ in split_sentences(text)]
    else:
        sentences = own_sentences()
    found = measure(
        sentences,
        options.sentences,
        rounds=options.rounds,
        stream=options.stream,
        parallel=options.parallel,
    )
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
