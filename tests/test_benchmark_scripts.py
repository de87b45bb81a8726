"""The scripts in benchmarks/ on tiny inputs: what they make of results, never how fast it was."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hedgecheck.benchmark_metrics import Answer

REPOSITORY = Path(__file__).parent.parent
BENCHMARKS = REPOSITORY / "benchmarks"
MODULES = (
    "environments",
    "hedge_detection",
    "plot",
    "render",
    "run",
    "speed",
    "speed_profile",
    "task_figures",
)
GIVEN = {
    "sentences": ["It may rain.", "It rained."],
    "rounds": 1,
    "training": {"texts": ["It may rain.", "It rained."], "labels": [1, 0]},
    "sets": {"tiny": {"texts": ["It may snow.", "It snowed."], "labels": [1, 0], "folds": [0, 1]}},
}


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Imports a script of benchmarks/ as it sees its neighbours, and forgets it afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(BENCHMARKS / "peers")
    monkeypatch.syspath_prepend(BENCHMARKS)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if name in (*MODULES, "exchange"):
            del sys.modules[name]


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    """A folder without any corpus."""
    folder = tmp_path / "corpora"
    folder.mkdir()
    return folder


# ----------------------------------------------------------------------------------------- tables


def test_only_the_table_between_marks_is_replaced(scripts: Any) -> None:
    page = "a\n<!-- speed -->\nWords.\n\n| old |\n|---|\n| 1 |\n\nMore.\n<!-- /speed -->\nb\n"
    found = scripts("render").with_tables(page, {"speed": "| new |\n|---|\n| 2 |", "peers": ""})
    assert found == page.replace("| old |", "| new |").replace("| 1 |", "| 2 |")


def test_a_page_is_the_same_when_its_tables_are_put_in_again(scripts: Any) -> None:
    render = scripts("render")
    tables = {"speed": "| new |\n|---|\n| 2 |"}
    once = render.with_tables("<!-- speed -->\n<!-- /speed -->\n", tables)
    assert "| 2 |" in once
    assert render.with_tables(once, tables) == once


def test_a_mark_that_is_not_closed_is_told(scripts: Any) -> None:
    with pytest.raises(ValueError, match="<!-- speed --> has no <!-- /speed -->"):
        scripts("render").with_tables("<!-- speed -->\n", {"speed": "| 1 |"})


def test_the_committed_tables_are_those_of_the_committed_results(
    scripts: Any, tmp_path: Path
) -> None:
    render = scripts("render")
    out = tmp_path / "results"
    shutil.copytree(render.RESULTS, out)
    page = tmp_path / "speed.md"
    shutil.copy(REPOSITORY / "docs" / "speed.md", page)
    assert [path.name for path in render.render(out, [page])] == []


def test_the_accuracy_table_has_the_rows_of_the_model_card(scripts: Any) -> None:
    card = "| | all | whole |\n|---|---|---|\n| hedged, F1 | 0.5 [0.4, 0.6] | 0.3 [0.2, 0.4] |\n"
    found = scripts("render").accuracy_table({"card": card + "| sourcing: none | 0.91 |\n"})
    assert found.splitlines()[2:] == ["| hedged, F1 | 0.5 [0.4, 0.6] | 0.3 [0.2, 0.4] |"]


def test_a_peer_that_did_not_run_stands_in_the_table_with_the_reason(scripts: Any) -> None:
    peers = {"slowpoke": {"does": "nothing", "note": "", "error": "it needs node"}}
    found = scripts("render").peers_table({"peers": {"peers": peers}})
    assert "| slowpoke |  | nothing | did not run: it needs node |" in found


def test_the_plot_is_xml_that_says_every_value(scripts: Any) -> None:
    text = scripts("plot").bars([("a < b", 1.25, True), ("list", 0.07, False)], "A & B")
    words = [each.text for each in ET.fromstring(text).iter() if each.text]
    assert {"A & B", "a < b", "1.25", "0.07"} <= set(words)


# ------------------------------------------------------------------------------------------ peers


def test_every_peer_has_a_file_and_names_its_version(scripts: Any) -> None:
    environments = scripts("environments")
    for peer in environments.PEERS.values():
        assert (environments.PEERS_FOLDER / peer.script).is_file()
        assert "==" in peer.requires[0] or "@" in peer.requires[0]


def test_peers_are_chosen_by_name(scripts: Any) -> None:
    environments = scripts("environments")
    chosen = environments.chosen_peers("proselint, hedges")
    assert [peer.name for peer in chosen] == ["proselint", "hedges"]
    assert len(environments.chosen_peers("all")) == len(environments.PEERS)
    with pytest.raises(SystemExit, match="there is no peer 'proselnt'"):
        environments.chosen_peers("proselnt")


def test_a_peer_of_npm_without_node_says_so(
    scripts: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments = scripts("environments")
    monkeypatch.setattr(environments.shutil, "which", lambda _: None)
    with pytest.raises(environments.PeerError, match="needs node and npm"):
        environments.environment(environments.PEERS["hedges"], tmp_path)


def test_a_python_peer_reads_and_writes_files(scripts: Any, tmp_path: Path) -> None:
    environments = scripts("environments")
    python = environments._python(tmp_path)
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    peer = environments.Peer(name="none", requires=(), script="reference.py", does="", sentences=1)
    found = environments.run(peer, tmp_path, GIVEN)
    assert (found["sentences"], found["flags"]) == (1, {})
    broken = environments.Peer(name="none", requires=(), script="missing.py", does="")
    with pytest.raises(environments.PeerError, match="running failed"):
        environments.run(broken, tmp_path, GIVEN)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_word_list_of_npm_answers(scripts: Any, tmp_path: Path) -> None:
    environments = scripts("environments")
    folder = tmp_path / "node_modules" / "hedges"
    folder.mkdir(parents=True)
    folder.joinpath("index.js").write_text("export const hedges = ['may', 'a bit']\n")
    folder.joinpath("package.json").write_text('{"version": "9.9.9", "type": "module"}')
    texts = ["It MAY snow.", "Mayors met.", "It is a  bit late."]
    given = GIVEN | {"sets": {"tiny": {"texts": texts}}}
    found = environments.run(environments.PEERS["hedges"], tmp_path, given)
    assert found["flags"] == {"tiny": [1, 0, 1]}
    assert found["versions"]["hedges"] == "9.9.9"
    assert found["reference_seconds"] > 0


def test_a_peer_is_asked_for_every_set(
    scripts: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = tmp_path / "in.json", tmp_path / "out.json"
    paths[0].write_text(json.dumps(GIVEN), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["peer", *map(str, paths)])

    def detect(given: dict[str, Any]) -> list[int]:
        return [int("may" in text) for text in given["texts"]]

    scripts("exchange").run_peer(("numpy",), lambda _texts, _labels: list, detect)
    found = json.loads(paths[1].read_text(encoding="utf-8"))
    assert found["flags"] == {"tiny": [1, 0]}
    assert found["versions"]["numpy"] == np.__version__


def test_folds_are_answered_by_what_was_fitted_on_the_others(scripts: Any) -> None:
    seen = []

    def fit(texts: list[str], labels: list[int]) -> Any:
        seen.append((texts, labels))
        return lambda asked: [len(text) % 2 for text in asked]

    given = {"texts": ["a", "bb", "A", "c"], "labels": [1, 0, 1, 0], "folds": [0, 0, 1, 1]}
    assert scripts("exchange").in_folds(fit, given) == [1, 0, 1, 1]
    assert seen == [(["c"], [0]), (["bb"], [0])]  # "A" is a copy of "a"


# --------------------------------------------------------------------------------- hedged or not


@pytest.mark.parametrize(
    ("name", "sentences"), [("hedgecheck-news", 1438), ("hedgecheck-pairs", 1200)]
)
def test_a_set_is_a_question_of_yes_or_no(scripts: Any, name: str, sentences: int) -> None:
    given = scripts("hedge_detection").read_set(name, None).for_peers()
    assert {key: len(each) for key, each in given.items()} == dict.fromkeys(given, sentences)
    assert set(given["labels"]) == {0, 1}
    assert set(given["folds"]) == {0, 1, 2, 3, 4}


def test_sets_without_their_corpus_are_named(scripts: Any, corpora: Path) -> None:
    found, missing = scripts("hedge_detection").read_sets(corpora, ("hedgecheck-pairs", "bioscope"))
    assert [each.name for each in found] == ["hedgecheck-pairs"]
    assert "its corpus was not found" in missing["bioscope"]


def test_systems_are_compared_in_the_same_draws(scripts: Any) -> None:
    hedge_detection = scripts("hedge_detection")
    asked = hedge_detection.read_set("hedgecheck-pairs", None)
    gold = asked.for_peers()["labels"]
    right = {"ours": Answer(np.array(gold, dtype=np.bool_))}
    found = hedge_detection.compared(asked, right, {"never": [0] * len(gold), "same": gold})
    systems = found["systems"]
    assert systems["ours"]["metrics"]["pair_accuracy"]["value"] == 1.0
    assert systems["never"]["metrics"]["f1"]["value"] == 0.0
    assert systems["never"]["difference"]["ours"]["f1"]["p"] < 0.01
    assert systems["same"]["difference"]["ours"]["f1"]["p"] == 1.0


def test_the_model_answers_only_where_it_has_not_learned(scripts: Any) -> None:
    hedge_detection = scripts("hedge_detection")
    assert not {"hedgenews", "szeged-wiki"} & set(hedge_detection.CLEAN)


def test_the_card_of_another_model_is_not_believed(scripts: Any) -> None:
    card = "sha256 `abc`\n| hedged, F1 | 0.5 [0.4, 0.6] | 0.3 [0.2, 0.4] |\n"
    card_figure = scripts("hedge_detection").card_figure
    assert card_figure(card, "abc") == {"value": 0.5, "low": 0.4, "high": 0.6}
    assert card_figure(card, "abd") is None


# -------------------------------------------------------------------------------------- the run


def test_a_run_keeps_a_peer_that_fails_and_those_that_were_not_asked(
    scripts: Any, tmp_path: Path, corpora: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = scripts("run")
    environments, hedge_detection = scripts("environments"), scripts("hedge_detection")

    def none(peer: Any, _cache: Path) -> Path:
        raise environments.PeerError(f"no {peer.name} today")

    def never(asked: Any) -> dict[str, Answer]:
        return {"ours": Answer(np.zeros(len(asked.folds), dtype=np.bool_))}

    monkeypatch.setattr(environments, "environment", none)
    monkeypatch.setattr(hedge_detection, "own_answers", never)
    before = {"schema": run.SCHEMA, "peers": {"hedges": {"does": "kept"}}}
    run.write(tmp_path / "peers.json", before)
    run.run_peers(tmp_path, environments.chosen_peers("proselint"), tmp_path, corpora, 1)
    peers = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))["peers"]
    assert peers["hedges"] == {"does": "kept"}
    assert peers["proselint"]["error"] == "no proselint today"
    hedges = json.loads((tmp_path / "hedges.json").read_text(encoding="utf-8"))
    assert set(hedges["sets"]) == {"hedgecheck-news", "hedgecheck-pairs"}
    assert set(hedges["missing"]) == {"hedgenews", "szeged-wiki", "bioscope"}


def test_speed_measures_all_that_its_table_shows(
    scripts: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    speed, render = scripts("speed"), scripts("render")
    monkeypatch.setattr(speed, "start_time", lambda _code, _rounds: 0.5)
    found = speed.measure(["It may rain, two officials said."], 8, rounds=1, stream=0)
    rows = render.speed_table({"speed": scripts("run").rounded(found)})
    assert "`score_sentences`, spans read" in rows
    assert "| start of a whole process with one `score` |  | 0.50 s |" in rows
    for row in found["profile"].values():
        assert {"tokens", "quotations", "results", "the rest"} <= set(row)
    assert "| in all |" in render.stages_table({"speed": scripts("run").rounded(found)})


def test_tasks_are_chosen_by_name(scripts: Any) -> None:
    tasks = scripts("task_figures")
    assert set(tasks.chosen_tasks("all")) - set(tasks.chosen_tasks("quick")) == set(tasks.SLOW)
    with pytest.raises(SystemExit, match="there is no task 'x' here"):
        tasks.chosen_tasks("x")


def test_a_task_without_its_corpus_gives_the_reason(scripts: Any, corpora: Path) -> None:
    report, why = scripts("task_figures").task_figures("bioscope", corpora)
    assert report is None
    assert "bioscope" in why


def test_committed_results_name_no_host_and_no_folder() -> None:
    for path in (BENCHMARKS / "results").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "/home/" not in text
        assert "/root" not in text
