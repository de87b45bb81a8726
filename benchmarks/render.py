"""From the JSON in ``benchmarks/results`` to tables, one plot, and the tables in pages.

    python benchmarks/render.py [--out results] [--pages README.md docs/speed.md ...]

In a page, the table between ``<!-- NAME -->`` and ``<!-- /NAME -->`` is replaced; the words around
it stay. NAME is one of `TABLES`. Nothing is measured here.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from plot import bars

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS: Final = ROOT / "benchmarks" / "results"
#: Pages that may hold tables; those without a mark are left as they are.
PAGES: Final = (
    "README.md",
    "docs/speed.md",
    "docs/benchmark.md",
    "docs/model.md",
    "docs/index.md",
)

_CARD_ROW: Final = re.compile(r"^\| [a-z].*? \| [\d.]+ \[.*?\] \| [\d.]+ \[.*?\] \|$", re.MULTILINE)
_BASELINES: Final = ("majority", "length", "lexicon", "tfidf")

Results = Mapping[str, Any]


def read_results(out: Path) -> dict[str, Any]:
    """The results that are there, by the name of the file without its ending."""
    found = {p.stem: json.loads(p.read_text(encoding="utf-8")) for p in sorted(out.glob("*.json"))}
    card = (ROOT / "models" / "en.md").read_text(encoding="utf-8")
    return found | {"card": card}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; bars in cells are escaped."""
    lines = [head, ["---"] * len(head), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)


# ----------------------------------------------------------------------------------------- speed


def speed_table(results: Results) -> str:
    """Of hedgecheck alone: what it costs, as a ratio to the reference pass."""
    found = results.get("speed")
    if found is None:
        return ""
    rows = []
    for name, row in found["throughput"]["rows"].items():
        call, comma, how = name.partition(",")
        rate = f"{row['per_second']:,.0f} sentences/s"
        low, high = row["x_ref_of_rounds"]
        ratio = f"{row['x_ref']:.1f} ({low:.1f} to {high:.1f})"
        rows.append([f"`{call}`{comma}{how}", ratio, rate])
    tokens = found["latency"]["tokens"]
    for name, row in found["latency"]["rows"].items():
        what = f"one sentence of {tokens:g} tokens, `{name}`, median"
        rows.append([what, f"{row['x_ref']:.1f}", f"{row['microseconds']:,.0f} µs"])
    start, growth, memory = found["start"], found["growth"], found["memory"]
    n = growth["n"]
    rows += [
        ["start of a whole process with one `score`", "", f"{start['seconds']:.2f} s"],
        ["the same with `import numpy` alone", "", f"{start['numpy_seconds']:.2f} s"],
        [f"a document of {2 * n:,} sentences, times one of {n:,}", "", f"{growth['ratio']:.2f}"],
    ]
    if memory:
        n = memory["n"]
        rows.append(["peak memory, model loaded", "", f"{memory['loaded_mb']:.0f} MB"])
        for name, row in memory["rows"].items():
            what = f"peak memory, `{name}` over {n:,}; over {2 * n:,}"
            rows.append([what, "", f"{row['mb']:.0f} MB; {row['mb_2n']:.0f} MB"])
        if row := memory.get("document"):
            what = f"peak memory, `score` of one text of {n // 10:,} sentences; of {n // 5:,}"
            rows.append([what, "", f"{row['mb']:.0f} MB; {row['mb_2n']:.0f} MB"])
    if parallel := found.get("parallel"):
        what = f"`score_sentences` of {parallel['n']:,} by two processes, times as fast as by one"
        rows.append([what, "", f"{parallel['times_faster']:.2f}"])
    return table(["hedgecheck, one core", "x_ref", "here"], rows)


def stages_table(results: Results) -> str:
    """x_ref of every stage; each column adds up to the whole of its function."""
    found = results.get("speed", {}).get("profile")
    if not found:
        return ""
    longest_first = sorted(found.values(), key=len, reverse=True)  # it has the order of the work
    names = list(dict.fromkeys(stage for row in longest_first for stage in row))
    names.sort(key=lambda stage: stage == "the rest")  # at the end, in the order of the work else
    rows = [
        [name, *(f"{row[name]:.2f}" if name in row else "" for row in found.values())]
        for name in names
    ]
    rows.append(["in all", *(f"{sum(row.values()):.2f}" for row in found.values())])
    return table(["stage", *(f"`{name}`" for name in found)], rows)


def _version(entry: Mapping[str, Any]) -> str:
    versions = {name: v for name, v in entry["versions"].items() if name not in ("python", "node")}
    first = next(iter(versions.items()), None)
    return "" if first is None else first[1]


def speed_rows(results: Results) -> list[tuple[str, float, bool]]:
    """Name, x_ref, and whether it is hedgecheck, the fastest first."""
    rows = []
    if "speed" in results:
        measured = results["speed"]["throughput"]["rows"]
        wanted = ("score_sentences", "score_documents", "score_frame")
        rows += [(f"hedgecheck.{name}", measured[name]["x_ref"], True) for name in wanted]
    for name, entry in results.get("peers", {"peers": {}})["peers"].items():
        if "error" not in entry:
            rows.append((name, entry["seconds"] / entry["reference_seconds"], False))
    return sorted(rows, key=lambda row: row[1])


def peers_table(results: Results) -> str:
    """All systems, by x_ref; those that did not run last, with the reason."""
    if "peers" not in results:
        return ""
    peers = results["peers"]["peers"]
    does = {
        "hedgecheck.score_sentences": "all axes and spans of single sentences",
        "hedgecheck.score_documents": "the same from raw articles, with splitting and context",
        "hedgecheck.score_frame": "the same, all columns of a pandas frame",
    }
    rows = []
    for name, ratio, own in speed_rows(results):
        shown = f"{ratio:.2f}" if ratio < 100 else f"{ratio:,.0f}"
        if own:
            version = results["speed"]["versions"]["hedgecheck"]
            rows.append([f"`{name}`", version, does[name], shown])
        else:
            entry = peers[name]
            note = f"; {entry['note']}" if entry["note"] else ""
            rows.append([name, _version(entry), entry["does"] + note, shown])
    rows += [
        [name, "", entry["does"], f"did not run: {entry['error']}"]
        for name, entry in peers.items()
        if "error" in entry
    ]
    return table(["system", "version", "does", "x_ref"], rows)


# -------------------------------------------------------------------------------------- accuracy


def _figure(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return ""
    return f"{figure['value']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _p(value: float) -> str:
    return f"p = {value:.3f}"


def hedges_table(results: Results) -> str:
    """F1 of hedged, a row a system and a column a set."""
    if "hedges" not in results:
        return ""
    sets = results["hedges"]["sets"]
    systems = list(dict.fromkeys(name for each in sets.values() for name in each["systems"]))
    systems.sort(key=lambda name: not name.startswith("hedgecheck"))
    columns: list[tuple[str, str, str]] = []
    for name in sets:
        columns.append((name, "f1", name))
        if name == "hedgecheck-pairs":
            columns.append((name, "pair_accuracy", f"{name}, both sides right"))
    rows = []
    for system in systems:
        cells = []
        for name, metric, _ in columns:
            entry = sets[name]["systems"].get(system)
            cells.append(_figure(entry and entry["metrics"].get(metric)))
        rows.append([system, *cells])
    return table(["hedged or not", *(title for _, _, title in columns)], rows)


def differences_table(results: Results) -> str:
    """How much higher F1 of ours is than each peer's, with p."""
    if "hedges" not in results:
        return ""
    rows = []
    for name, each in results["hedges"]["sets"].items():
        for system, entry in each["systems"].items():
            for own, gaps in entry.get("difference", {}).items():
                gap = gaps["f1"]
                value = f"{gap['value']:+.3f} [{gap['low']:+.3f}, {gap['high']:+.3f}]"
                rows.append([name, own, system, value, _p(gap["p"])])
    return table(["set", "system", "less", "difference of F1", "one-sided"], rows)


def tasks_table(results: Results) -> str:
    """The primary metric of each task beside the baselines; p where hedgecheck is compared."""
    rows = []
    for name, report in results.items():
        if not name.startswith("task-"):
            continue
        for metric in _shown_metrics(report):
            cells = [_figure(report["metrics"][metric])]
            for baseline in _BASELINES:
                entry = report["baselines"].get(baseline, {})
                figure = entry.get("metrics", {}).get(metric)
                if figure is None:
                    cells.append("")
                else:
                    gap = entry["difference"][metric]
                    cells.append(f"{figure['value']:.3f} ({_p(gap['p'])})")
            rows.append([report["task"], _how(report), f"`{metric}`", *cells])
    return table(["task", "how", "metric", "hedgecheck", *_BASELINES], rows) if rows else ""


def _how(report: Mapping[str, Any]) -> str:
    split = report["split"]
    if split["folds"]:
        return f"fitted, {split['folds']} folds by {split['unit']}"
    if split["how"] == "saved model":
        return "as shipped"
    sides = [report["data"][side][0].get("split", side) for side in ("train", "test")]
    return f"fitted on {sides[0]}, scored on {sides[1]}"


def _shown_metrics(report: Mapping[str, Any]) -> list[str]:
    axes = ("certainty", "sourcing", "attribution", "confidential")
    wanted = {
        "axes": (
            "sourcing.macro_f1",
            "attribution.macro_f1",
            "certainty.pearson",
            "certainty.hedged_f1",
            "confidential.f1",
        ),
        "pairs": ("pair_accuracy", *(f"{axis}.pair_accuracy" for axis in axes)),
    }
    names = wanted.get(report["kind"], (report["primary"],))
    return [name for name in names if name in report["metrics"]]


def accuracy_table(results: Results) -> str:
    """The cross-validated figures of the shipped model, from its card."""
    rows = _CARD_ROW.findall(results["card"])
    head = "| | all sentences | whole documents |\n|---|---|---|"
    return "\n".join([head, *rows]) if rows else ""


# ----------------------------------------------------------------------------------------- pages


#: By the name of the mark.
TABLES: Final[dict[str, Callable[[Results], str]]] = {
    "speed": speed_table,
    "speed-stages": stages_table,
    "peers": peers_table,
    "hedges": hedges_table,
    "hedge-differences": differences_table,
    "tasks": tasks_table,
    "accuracy": accuracy_table,
}


def with_tables(page: str, tables: Mapping[str, str]) -> str:
    """The page with the table in each marked part replaced; marks of empty tables are left.

    Raises
    ------
    ValueError
        If a mark is opened and not closed.
    """
    for name, rows in tables.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if not rows or begin not in page:
            continue
        before, _, rest = page.partition(begin)
        inside, closed, after = rest.partition(end)
        if not closed:
            raise ValueError(f"{begin} has no {end}")
        lines = inside.strip("\n").splitlines()
        places = [i for i, line in enumerate(lines) if line.startswith("|")]
        if places:
            lines[places[0] : places[-1] + 1] = rows.splitlines()
        else:
            lines += ["", *rows.splitlines()] if lines else rows.splitlines()
        page = before + begin + "\n" + "\n".join(lines) + "\n" + end + after
    return page


def measured_on(results: Results, *names: str) -> str:
    """A line on the machine and the versions of the first result that is there."""
    for name in names:
        if name in results:
            found = results[name]
            machine, versions = found["machine"], found["versions"]
            packages = ", ".join(f"{package} {version}" for package, version in versions.items())
            cores = f"{machine['cores']} cores"
            place = f"{machine['processor']}, {cores}, {machine['platform']}; {packages}"
            return f"{place}; model {_model_sum(found)[:12]}."
    return ""


def _model_sum(found: Mapping[str, Any]) -> str:
    """The sum of the model that figures are of."""
    model = found.get("model") or "not recorded"
    return str(model.get("sha256") or "fitted") if isinstance(model, dict) else str(model)


def render(out: Path, pages: Sequence[Path]) -> list[Path]:
    """Write the Markdown and the plot beside the JSON, refresh the pages, and say what changed."""
    results = read_results(out)
    tables = {name: make(results) for name, make in TABLES.items()}
    note = "Written by `benchmarks/render.py` from the JSON beside it; do not edit by hand."
    texts = {}
    if tables["speed"] or tables["peers"]:
        texts["speed.md"] = [
            "# Speed",
            note,
            measured_on(results, "speed", "peers"),
            tables["speed"],
            tables["speed-stages"],
            tables["peers"],
            "![x_ref of hedgecheck and its peers](speed.svg)",
        ]
    if tables["hedges"] or tables["tasks"]:
        texts["accuracy.md"] = [
            "# Accuracy",
            note,
            measured_on(results, "hedges", *(name for name in results if name[:5] == "task-")),
            *_part("## Hedged or not", _missing(results), tables["hedges"]),
            *_part("## By how much", tables["hedge-differences"]),
            *_part("## Tasks beside the plain baselines", tables["tasks"]),
        ]
    written = {out / name: "\n\n".join(filter(None, t)) + "\n" for name, t in texts.items()}
    if rows := speed_rows(results):
        written[out / "speed.svg"] = bars(
            rows, "Time to read a sentence, as a ratio to one re.findall pass over it (log scale)"
        )
    for page in pages:
        if page.is_file():
            written[page] = with_tables(page.read_text(encoding="utf-8"), tables)
    changed = [p for p, t in written.items() if not p.is_file() or p.read_text("utf-8") != t]
    for path in changed:
        path.write_text(written[path], encoding="utf-8")
    return changed


def _part(title: str, *texts: str) -> list[str]:
    """A title with what stands below it; nothing where its table, the last, is empty."""
    return [title, *texts] if texts[-1] else []


def _missing(results: Results) -> str:
    missing = results.get("hedges", {}).get("missing", {})
    return "\n\n".join(f"{name}: {why}." for name, why in missing.items())


def main() -> None:
    """Render what is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the JSON")
    parser.add_argument("--pages", type=Path, nargs="*", help="pages with marks to refresh")
    options = parser.parse_args()
    pages = [ROOT / page for page in PAGES] if options.pages is None else options.pages
    for path in render(options.out, pages):
        print(f"wrote {path.name}")


if __name__ == "__main__":
    main()
