"""The benchmark: every task on a file of its format, fitting, folds, baselines, and the report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmark_samples import sentences_of, table_rows, write_conll, write_table
from corpus_samples import SAMPLES, write_standoff

import hedgecheck
from hedgecheck.benchmark_baselines import BASELINES
from hedgecheck.benchmark_report import SCHEMA
from hedgecheck.cli import main
from hedgecheck.datasets.locating import sha256_of
from hedgecheck.datasets.registry import corpus
from hedgecheck.shipped import dataset_path, model_path
from hedgecheck.tasks import TASKS

#: A task, a format that it is read from, and some of its metrics.
READ = [
    (
        "hedgenews",
        "hedgenews-jsonl",
        (
            *("sourcing.accuracy", "sourcing.macro_f1", "sourcing.ece", "attribution.accuracy"),
            *("attribution.macro_f1", "attribution.ece", "certainty.pearson", "certainty.mae"),
            *("certainty.hedged_f1", "confidential.f1", "source.span_f1", "source.exact_f1"),
            *("cue.span_f1", "cue.exact_f1", "hedges.span_f1", "hedges.exact_f1"),
            *("whole.sourcing.accuracy", "whole.certainty.pearson", "whole.hedges.span_f1"),
        ),
    ),
    ("hedgecheck-news", "news-jsonl", ("sourcing.accuracy", "hedges.exact_f1")),
    ("hedgecheck-pairs", "pairs-jsonl", ("pair_accuracy", "certainty.pair_accuracy")),
    ("conll2010-wiki", "conll2010-tsv", ("f1", "precision", "recall", "accuracy")),
    ("conll2010-wiki", "conll2010-xml", ("f1",)),
    ("bioscope", "bioscope-xml", ("f1",)),
    ("bioscope", "bioscope-tsv", ("f1",)),
    ("szeged-wiki", "szeged-xml", ("f1",)),
    ("szeged-wiki", "szeged-tsv", ("f1",)),
    ("pei-jurgens", "pei-jurgens-jsonl", ("pearson", "spearman", "mae")),
    ("polnear-attribution", "polnear-jsonl", ("macro_f1", "accuracy", "f1.direct")),
    ("polnear-sources", "polnear-jsonl", ("span_f1", "exact_f1")),
    ("gum-attribution", "gum-jsonl", ("f1",)),
    ("gum-attribution", "gum-conllu", ("f1",)),
    ("factuality-uds", "factuality-jsonl", ("pearson",)),
    ("factuality-meantime", "factuality-jsonl", ("pearson",)),
]


def strict(text: str) -> dict[str, Any]:
    """Return JSON that has to be valid by the standard."""

    def refuse(name: str) -> None:
        raise AssertionError(name)

    found: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return found


@pytest.fixture(autouse=True)
def no_corpora(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let nothing be found but what a test names."""
    monkeypatch.delenv("HEDGECHECK_CORPORA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nobody"))


# ---------------------------------------------------------------------------- saved models


@pytest.mark.parametrize(("task", "form", "names"), READ)
def test_every_task_scores_a_file_of_its_format(
    task: str, form: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    path = SAMPLES[form].write(tmp_path)
    report = hedgecheck.benchmark(task, test=path)
    assert set(names) <= set(report.metrics)
    assert report.primary in report.metrics
    for figure in report.metrics.values():
        assert figure.low <= figure.high
    found = strict(report.to_json())
    assert found["data"] == {"test": [{"file": path.name, "sha256": sha256_of(path)}]}
    assert found["model"]["name"] == "en"
    assert found["model"]["sha256"] == sha256_of(model_path("en"))
    assert report.counts["sentences"] == len(report.predictions())
    assert str(report).startswith(f"{task}: saved model; model en\n")


def test_every_task_is_tested_above_and_has_a_citation() -> None:
    assert {task for task, _, _ in READ} == set(TASKS)
    for task in TASKS.values():
        assert corpus(task.corpus).citation.startswith("@")
        assert any(task.primary in part.metrics for part in task.parts) or task.kind == "pairs"


def test_a_folder_of_standoff_is_scored(tmp_path: Path) -> None:
    report = hedgecheck.benchmark("polnear-attribution", test=write_standoff(tmp_path))
    assert report.counts["labels"] == {"none": 1, "direct": 1, "mixed": 1, "indirect": 1}


def test_the_sets_that_come_along_need_no_path() -> None:
    news = hedgecheck.benchmark("hedgecheck-news")
    assert news.counts["documents"] == 60
    assert news.intervals["over"] == "documents"
    # "I doubt it." also stands among the practice sentences, by chance.
    assert not any(warning.startswith("NOT A TEST") for warning in news.warnings)
    assert all("1 of 1438 test sentences" in warning for warning in news.warnings)
    # The figures are those of training, by another way.
    from hedgecheck.training import predict
    from hedgecheck.training_report import figures

    documents = hedgecheck.datasets.read(dataset_path("news.jsonl"))
    theirs = figures(predict(hedgecheck.load("en"), documents))
    assert news.metrics["sourcing.accuracy"].value == pytest.approx(
        theirs["sourcing.accuracy"].value, abs=0.02
    )


def test_pairs_are_right_when_both_sides_are() -> None:
    report = hedgecheck.benchmark("hedgecheck-pairs")
    assert report.intervals["over"] == "pairs"
    rows = report.predictions()
    rows["pair"] = rows["document"].str[:-1]
    right = {
        axis: (rows[f"{axis}.gold"] == rows[f"{axis}.predicted"]).groupby(rows["pair"]).all()
        for axis in ("certainty", "sourcing", "attribution", "confidential")
    }
    pairs = list(hedgecheck.datasets.read_pairs(dataset_path("pairs.jsonl")))
    for axis, good in right.items():
        counted = [bool(good[pair.id]) for pair in pairs if axis in pair.axes]
        assert report.metrics[f"{axis}.pair_accuracy"].value == pytest.approx(np.mean(counted))
    whole = [all(right[axis][pair.id] for axis in pair.axes) for pair in pairs]
    assert report.metrics["pair_accuracy"].value == pytest.approx(np.mean(whole))
    one = "certainty.negated-hedge.pair_accuracy"
    counted = [right["certainty"][p.id] for p in pairs if p.phenomenon == "negated-hedge"]
    assert report.metrics[one].value == pytest.approx(np.mean(counted))


def test_a_model_is_told_from_what_it_was_trained_on(tmp_path: Path) -> None:
    test = SAMPLES["hedgenews-jsonl"].write(tmp_path)
    model = tmp_path / "mine.joblib"
    shutil.copy(model_path("en"), model)
    report = hedgecheck.benchmark("hedgenews", test=test, model=model)
    assert any("no card" in warning for warning in report.warnings)
    card = f"# Card\n\n## Data\n\n| what | `{sha256_of(test)}` |\n\n## Figures\n"
    model.with_suffix(".md").write_text(card, encoding="utf-8")
    report = hedgecheck.benchmark("hedgenews", test=test, model=model)
    assert any(warning.startswith("NOT A TEST") for warning in report.warnings)
    assert report.model["name"] == "mine"


def test_a_model_that_is_loaded_already(tmp_path: Path) -> None:
    path = SAMPLES["hedgenews-jsonl"].write(tmp_path)
    report = hedgecheck.benchmark("hedgenews", test=path, model=hedgecheck.load("en"))
    assert report.model == {"name": "en", "version": "1", "sha256": None, "fitted": False}
    assert report.warnings == ("it cannot be told whether the model has seen the test data",)
    assert report.metrics == hedgecheck.benchmark("hedgenews", test=path).metrics


def test_sentences_of_the_training_data_are_found_in_the_corpora(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The card of a model names a file that the registry lists and that lies in the corpora folder.
    from dataclasses import replace

    from hedgecheck import benchmark_seen

    folder = tmp_path / "corpora" / "hedgenews"
    folder.mkdir(parents=True)
    learned = SAMPLES["hedgenews-jsonl"].write(folder)
    known = corpus("hedgenews")
    listed = replace(known, files=(replace(known.files[0], sha256=sha256_of(learned)),))
    monkeypatch.setattr(benchmark_seen, "corpora", lambda: (listed,))
    model = tmp_path / "mine.joblib"
    shutil.copy(model_path("en"), model)
    card = f"## Data\n\n{sha256_of(learned)}\n"
    model.with_suffix(".md").write_text(card, encoding="utf-8")
    news = SAMPLES["news-jsonl"].write(tmp_path)  # one of its two sentences is in both
    report = hedgecheck.benchmark(
        "hedgecheck-news", test=news, model=model, corpora=tmp_path / "corpora"
    )
    assert report.overlap == {"sentences": 1, "documents": 0, "dropped": 0}
    assert any(warning.startswith("NOT A CLEAN TEST: 1 of 2") for warning in report.warnings)


# -------------------------------------------------------------------------------- fitting


def test_fitting_on_one_file_and_testing_on_another(tmp_path: Path) -> None:
    train = write_conll(tmp_path, "train.tsv", range(16))
    test = write_conll(tmp_path, "test.tsv", range(20, 28))
    report = hedgecheck.benchmark("conll2010-wiki", train=train, test=test)
    assert report.metrics["f1"].value > 0.9
    assert report.split == {"how": "train and test", "folds": None, "unit": "document"}
    assert report.counts["train"] == {"documents": 16, "sentences": 96}
    assert report.counts["labels"] == {"certain": 24, "uncertain": 24}
    assert report.model == {"name": "fitted", "version": None, "sha256": None, "fitted": True}
    assert {"ece", "f1"} <= set(report.metrics)


def test_training_data_without_test_data_are_cross_validated(tmp_path: Path) -> None:
    train = write_conll(tmp_path, "train.tsv", range(9))
    report = hedgecheck.benchmark("conll2010-wiki", train=train, cv=3)
    rows = report.predictions()
    assert set(rows["fold"]) == {0, 1, 2}
    assert (rows.groupby("document")["fold"].nunique() == 1).all()
    assert list(rows["text"]) == [text for d in range(9) for text, _ in sentences_of(d)]
    assert report.split["folds"] == 3
    assert hedgecheck.benchmark("conll2010-wiki", train=train).split["folds"] == 5
    again = hedgecheck.benchmark("conll2010-wiki", train=train, cv=3)
    assert again.metrics == report.metrics


def test_pairs_are_cross_validated(tmp_path: Path) -> None:
    rows = dataset_path("pairs.jsonl").read_text("utf-8").splitlines(keepends=True)
    train = tmp_path / "pairs.jsonl"
    train.write_text("".join(rows[::12]), encoding="utf-8")
    report = hedgecheck.benchmark("hedgecheck-pairs", train=train, cv=2, baseline="majority")
    assert report.split == {"how": "cross-validation", "folds": 2, "unit": "pair"}
    assert {"pair_accuracy", "certainty.pair_accuracy"} <= set(report.metrics)
    # Both sides get the same answer, and a pair is made so that this is wrong.
    assert report.baselines["majority"].metrics["pair_accuracy"].value == 0.0
    news = SAMPLES["news-jsonl"].write(tmp_path)
    with pytest.raises(hedgecheck.TrainingDataError, match="line 1: there is no column 'pair'"):
        hedgecheck.benchmark("hedgecheck-pairs", train=news, cv=2)


def test_copies_of_test_sentences_are_not_trained_on(tmp_path: Path) -> None:
    train = write_conll(tmp_path, "train.tsv", range(12))
    test = write_conll(tmp_path, "test.tsv", range(10, 14))  # two of its documents are in train
    shouted = test.read_text("utf-8").replace("Work on the mill", "WORK  on the mill")
    test.write_text(shouted, encoding="utf-8")
    report = hedgecheck.benchmark("conll2010-wiki", train=train, test=test)
    assert report.overlap == {"sentences": 12, "documents": 2, "dropped": 12}
    assert any("2 documents stand" in warning for warning in report.warnings)
    with pytest.raises(hedgecheck.TrainingDataError, match="no sentence is left to train on"):
        hedgecheck.benchmark("conll2010-wiki", train=train, test=train)


def test_several_files_and_splits(tmp_path: Path) -> None:
    first = write_conll(tmp_path, "a.tsv", range(8))
    second = write_conll(tmp_path, "b.tsv", range(8, 12))
    third = write_conll(tmp_path, "c.tsv", range(20, 24))
    report = hedgecheck.benchmark("conll2010-wiki", train=[first, second], test=third)
    assert report.counts["train"]["documents"] == 12
    findings = SAMPLES["pei-jurgens-jsonl"].write(tmp_path)
    report = hedgecheck.benchmark("pei-jurgens", test=findings, test_split="val")
    assert report.counts["sentences"] == 1
    with pytest.raises(hedgecheck.TrainingDataError, match="no document of the split 'test'"):
        hedgecheck.benchmark("pei-jurgens", test=findings, test_split="test")


@pytest.mark.parametrize("kind", ["classes", "graded", "yes-no"])
@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_table_of_ones_own(kind: str, suffix: str, tmp_path: Path) -> None:
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    label = {"classes": "class", "graded": "rating", "yes-no": "unsure"}[kind]
    path = write_table(tmp_path / f"mine{suffix}", table_rows(range(6)))
    scale = (1.0, 5.0) if kind == "graded" else None
    columns: dict[str, Any] = {"text": "body", "label": label, "kind": kind, "scale": scale}
    if kind == "classes":
        columns["labels"] = "fact,gossip,rumour"
    report = hedgecheck.benchmark("generic", train=path, cv=2, document="story", **columns)
    assert report.metrics[report.primary].value > 0.9
    assert report.counts["documents"] == 6
    assert report.intervals["over"] == "documents"
    alone = hedgecheck.benchmark("generic", train=path, cv=2, **columns)
    assert alone.intervals["over"] == "sentences"


def test_a_saved_model_on_a_table(tmp_path: Path) -> None:
    rows = [
        {"body": "The mayor said it rained.", "by": "named", "sure": 0.9, "may": "no"},
        {"body": "It rained.", "by": "none", "sure": 1.0, "may": "no"},
        {"body": "It may rain.", "by": "none", "sure": 0.4, "may": "yes"},
    ]
    path = write_table(tmp_path / "mine.csv", rows)
    table: dict[str, Any] = {"test": path, "text": "body"}
    sourcing = hedgecheck.benchmark("generic", label="by", **table)
    assert set(sourcing.counts["labels"]) == {"none", "named", "unnamed", "vague"}
    graded = hedgecheck.benchmark("generic", label="sure", kind="graded", **table)
    assert graded.metrics["pearson"].value > 0.8
    hedged = hedgecheck.benchmark("generic", label="may", kind="yes-no", **table)
    assert hedged.metrics["f1"].value == 1.0
    attributed = hedgecheck.benchmark(
        "generic", label="may", kind="yes-no", output="attributed", **table
    )
    assert attributed.metrics["f1"].value == 0.0
    with pytest.raises(hedgecheck.InputError, match="does not have the labels"):
        hedgecheck.benchmark("generic", label="body", **table)


# ------------------------------------------------------------------------------ baselines


def test_all_baselines_beside_a_fitted_model(tmp_path: Path) -> None:
    train = write_conll(tmp_path, "train.tsv", range(12))
    test = write_conll(tmp_path, "test.tsv", range(20, 26))
    report = hedgecheck.benchmark("conll2010-wiki", train=train, test=test, baseline="all")
    assert tuple(report.baselines) == BASELINES
    assert report.baselines["majority"].metrics["f1"].value in (0.0, 2 / 3)
    assert report.baselines["tfidf"].metrics["f1"].value > 0.9
    for result in report.baselines.values():
        assert result.fitted_on == "train"
        gap = result.differences["f1"]
        expected = report.metrics["f1"].value - result.metrics["f1"].value
        assert gap.value == pytest.approx(expected)
        assert gap.low <= gap.value <= gap.high
        assert 0 < gap.p <= 1
    assert report.baselines["majority"].differences["f1"].p < 0.01
    rows = report.predictions()
    assert {"predicted", "probability", "tfidf.predicted", "tfidf.probability"} <= set(rows)
    found = strict(report.to_json())["baselines"]["tfidf"]
    assert set(found["metrics"]["f1"]) == {"value", "low", "high"}
    assert set(found["difference"]["f1"]) == {"value", "low", "high", "p"}


def test_baselines_of_a_saved_model_are_cross_validated_on_the_test_data() -> None:
    report = hedgecheck.benchmark("hedgecheck-news", baseline=["length", "majority"])
    assert report.baselines["length"].fitted_on == "5 folds of the test data"
    metrics = report.baselines["majority"].metrics
    assert metrics["sourcing.accuracy"].value == pytest.approx(
        report.counts["labels"]["sourcing"]["none"] / 1438
    )
    assert metrics["certainty.pearson"].value == pytest.approx(0.0, abs=0.2)
    assert not any(name.startswith(("source.", "cue.", "hedges.")) for name in metrics)
    assert report.baselines["majority"].differences["sourcing.macro_f1"].p < 0.01


# --------------------------------------------------------------------- report and command


def test_the_command_writes_the_report_and_the_predictions(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train = write_conll(tmp_path, "train.tsv", range(10))
    test = write_conll(tmp_path, "test.tsv", range(20, 24))
    out, rows = tmp_path / "out.json", tmp_path / "rows.jsonl"
    arguments = ["benchmark", "conll2010-wiki", "--train", str(train), "--test", str(test)]
    arguments += ["--json", str(out), "--predictions", str(rows), "--baseline", "length", "--quiet"]
    assert main(arguments) == 0
    printed, err = capsys.readouterr()
    assert err == ""
    assert "f1" in printed
    assert "(primary)" in printed
    assert "baseline length, fitted on train" in printed
    text = out.read_text("utf-8")
    assert str(tmp_path) not in text
    found = strict(text)
    assert list(found) == [
        *("schema", "task", "kind", "primary", "split", "counts", "metrics", "intervals"),
        *("baselines", "overlap", "data", "model", "versions", "machine", "command", "seconds"),
        *("fit_seconds", "sentences_per_second", "warnings"),
    ]
    assert found["schema"] == SCHEMA
    assert found["metrics"]["f1"]["value"] > 0.9
    assert found["command"] == (
        "hedgecheck benchmark conll2010-wiki --train train.tsv --test test.tsv "
        "--baseline length --seed 0"
    )
    assert set(found["versions"]) >= {"hedgecheck", "python", "numpy", "scikit-learn"}
    assert set(found["machine"]) == {"platform", "processor", "cores"}
    assert found["sentences_per_second"] > 0
    lines = [json.loads(line) for line in rows.read_text("utf-8").splitlines()]
    assert len(lines) == 24
    assert lines[0]["gold"] == "certain"


def test_predictions_in_a_table_are_no_formulas(tmp_path: Path) -> None:
    path = write_table(tmp_path / "mine.csv", [{"t": "=1+1 is 2.", "y": "no"}] * 2)
    out = tmp_path / "rows.csv"
    arguments = ["benchmark", "generic", "--test", str(path), "--text", "t", "--label", "y"]
    arguments += ["--kind", "yes-no", "--predictions", str(out), "--quiet"]
    assert main(arguments) == 0
    assert "'=1+1 is 2." in out.read_text("utf-8")


def test_the_seed_draws_the_intervals(tmp_path: Path) -> None:
    rows = table_rows(range(8))
    for number, row in enumerate(rows):
        row["rating"] = number / len(rows)
    path = write_table(tmp_path / "mine.csv", rows)
    first, second, other = (
        hedgecheck.benchmark(
            "generic", test=path, text="body", label="rating", kind="graded", seed=seed
        ).metrics["mae"]
        for seed in (1, 1, 2)
    )
    assert first == second
    assert first.value == other.value
    assert first.low != other.low


def test_scoring_many_documents_is_scoring_each() -> None:
    model = hedgecheck.load("en")
    documents: list[Any] = [
        ["It may rain, she said.", "“We will see.”"],
        [],
        [["Ice at last"], ["The port closed, two officials said.", "They asked not to be named."]],
        ["“Quiet.”"] * 3,
    ]
    assert list(model.iter_documents(documents)) == [model.score_document(d) for d in documents]
    with pytest.raises(hedgecheck.InputError, match="iter_documents takes many texts"):
        list(model.iter_documents(["It rained."]))
