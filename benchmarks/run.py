"""All accuracy and speed figures in one run, and the tables that show them.

    python benchmarks/run.py [--corpora DIR] [--only speed,peers,tasks] [--peers a,b] [--tasks all]

========  =====================================================  ===============================
part      what it measures                                       writes to ``benchmarks/results``
========  =====================================================  ===============================
speed     hedgecheck alone: `speed.py`                           ``speed.json``
peers     the peers, each in an environment of its own: their    ``peers.json``, ``hedges.json``
          time, and whether they find hedges
tasks     hedgecheck beside the plain baselines                  ``task-NAME.json``
========  =====================================================  ===============================

Then `render.py` writes the tables, here and in the pages that have marks for them. A part that is
left out keeps its results. Environments go to ``--cache``, outside of the repository.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import environments
import hedge_detection
import render
import speed
import task_figures
from threadpoolctl import threadpool_limits

from hedgecheck.benchmark_machine import machine, versions

PARTS: Final = ("speed", "peers", "tasks")
SCHEMA: Final = "hedgecheck.peers/1"
#: What keeps the linear algebra of each kind of numpy to one thread.
ONE_THREAD: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


def run_speed(out: Path, *, n: int, rounds: int, stream: int) -> None:
    """Measure hedgecheck and write ``speed.json``."""
    parallel = speed.PARALLEL if stream else 0
    found = speed.measure(speed.own_sentences(), n, rounds=rounds, stream=stream, parallel=parallel)
    speed.show(found)
    write(out / "speed.json", found)


def run_peers(
    out: Path,
    peers: Sequence[environments.Peer],
    cache: Path,
    corpora: Path | None,
    rounds: int,
) -> None:
    """Run the peers, and write ``peers.json`` and ``hedges.json``.

    A peer that cannot be installed or run is in ``peers.json`` with the reason.
    """
    sets, missing = hedge_detection.read_sets(corpora)
    for name, why in missing.items():
        print(f"{name}: {why}")
    asked = {each.name: each.for_peers() for each in sets}
    own = asked["hedgecheck-news"]
    most = max((peer.sentences for peer in peers), default=0)
    given = {
        "sentences": speed.repeated(speed.own_sentences(), most),
        "rounds": rounds,
        "training": {"texts": own["texts"], "labels": own["labels"]},
    }
    entries = {}
    flags: dict[str, dict[str, list[int]]] = {name: {} for name in asked}
    for peer in peers:
        begin = time.perf_counter()
        entry: dict[str, Any] = {"does": peer.does, "hedges": peer.hedges, "note": peer.note}
        try:
            folder = environments.environment(peer, cache)
            found = environments.run(peer, folder, given | {"sets": asked if peer.hedges else {}})
        except environments.PeerError as error:
            entry["error"] = str(error)
            print(f"{peer.name}: {error}")
        else:
            for name, answers in found.pop("flags").items():
                flags[name][title(peer)] = answers
            entry |= found | {"machine": machine()}
            ratio = found["seconds"] / found["reference_seconds"]
            print(f"{peer.name}: x_ref {ratio:.2f} ({time.perf_counter() - begin:.0f} s)")
        entries[peer.name] = entry
    kept = old(out / "peers.json", SCHEMA).get("peers", {})
    merged = {name: entries.get(name) or kept.get(name) for name in environments.PEERS}
    write(
        out / "peers.json",
        {
            "schema": SCHEMA,
            "peers": {name: entry for name, entry in merged.items() if entry},
            "versions": versions(),
            "machine": machine(),
        },
    )
    write(out / "hedges.json", hedges(out, sets, missing, flags))


def title(peer: environments.Peer) -> str:
    """What a peer is called where hedges are found."""
    return f"{peer.name}, fitted in folds" if peer.fitted else peer.name


def hedges(
    out: Path,
    sets: Sequence[hedge_detection.HedgeSet],
    missing: dict[str, str],
    flags: dict[str, dict[str, list[int]]],
) -> dict[str, Any]:
    """The figures of all systems; those of peers that did not run now are kept while they hold."""
    before = old(out / "hedges.json", hedge_detection.SCHEMA)
    same_model = before.get("model") == hedge_detection.shipped_sum()
    found = {}
    for each in sets:
        answers = hedge_detection.own_answers(each)
        entry = hedge_detection.compared(each, answers, flags[each.name])
        kept = before.get("sets", {}).get(each.name, {})
        if same_model and kept.get("data") == entry["data"]:
            entry["systems"] = entry["systems"] | {
                name: system
                for name, system in kept["systems"].items()
                if name not in entry["systems"]
            }
        found[each.name] = entry
        print(f"{each.name}: hedges of {', '.join(entry['systems'])}")
    return {
        "schema": hedge_detection.SCHEMA,
        "model": hedge_detection.shipped_sum(),
        "sets": found,
        "missing": missing,
        "versions": versions(),
        "machine": machine(),
    }


def run_tasks(out: Path, names: Sequence[str], corpora: Path | None) -> None:
    """Run tasks beside the baselines, and write ``task-NAME.json``."""
    for name in names:
        begin = time.perf_counter()
        report, why = task_figures.task_figures(name, corpora)
        if report is None:
            print(f"{name}: left out: {why}")
            continue
        write(out / f"task-{name}.json", report)
        value = report["metrics"][report["primary"]]["value"]
        print(f"{name}: {report['primary']} {value:.3f} ({time.perf_counter() - begin:.0f} s)")


def old(path: Path, schema: str) -> dict[str, Any]:
    """Results of an earlier run; empty where there are none that can be read."""
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found if found.get("schema") == schema else {}


def write(path: Path, found: dict[str, Any]) -> None:
    """Write results as valid JSON."""
    text = json.dumps(rounded(found), indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def rounded(value: Any) -> Any:
    """The same with floats of six digits: more are noise, and make changes hard to read."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    return [rounded(each) for each in value] if isinstance(value, list | tuple) else value


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", default=",".join(PARTS), help="parts, by commas")
    parser.add_argument("--peers", default="all", help=", ".join(environments.PEERS))
    parser.add_argument("--tasks", default="quick", help="quick, all, or names by commas")
    parser.add_argument("--corpora", type=Path, help="folder of the corpora")
    parser.add_argument("--cache", type=Path, default=environments.default_cache())
    parser.add_argument("--out", type=Path, default=render.RESULTS)
    parser.add_argument("--sentences", type=int, default=10_000, help="to time hedgecheck on")
    parser.add_argument("--rounds", type=int, default=speed.ROUNDS, help="the best of them counts")
    parser.add_argument("--stream", type=int, default=speed.STREAM, help="for memory; 0: none")
    parser.add_argument("--pages", type=Path, nargs="*", help="pages to refresh; default: all")
    options = parser.parse_args()
    parts = [part.strip() for part in options.only.split(",") if part.strip()]
    if unknown := [part for part in parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]!r}; there is: {', '.join(PARTS)}")
    peers = environments.chosen_peers(options.peers)
    tasks = task_figures.chosen_tasks(options.tasks)
    options.out.mkdir(parents=True, exist_ok=True)
    # One thread here and in what is started from here, or ratios depend on the cores that are free.
    os.environ |= dict.fromkeys(ONE_THREAD, "1")
    with threadpool_limits(limits=1):
        measure(options, parts, peers, tasks)
    pages = [render.ROOT / page for page in render.PAGES]
    for path in render.render(options.out, pages if options.pages is None else options.pages):
        print(f"wrote {path.name}")


def measure(
    options: argparse.Namespace,
    parts: Sequence[str],
    peers: Sequence[environments.Peer],
    tasks: Sequence[str],
) -> None:
    """Run the parts that were asked for."""
    if "speed" in parts:
        run_speed(options.out, n=options.sentences, rounds=options.rounds, stream=options.stream)
    if "peers" in parts:
        run_peers(options.out, peers, options.cache, options.corpora, options.rounds)
    if "tasks" in parts:
        run_tasks(options.out, tasks, options.corpora)


if __name__ == "__main__":
    main()
