"""What is wrong with data or arguments is one line that says where and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from benchmark_samples import table_rows, write_conll, write_table
from cli_runs import one_line
from corpus_samples import MAY_CLOSE, SAMPLES, hedgenews_rows, json_lines, polnear_rows

import hedgecheck
from hedgecheck.cli import main


@pytest.fixture(autouse=True)
def no_corpora(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HEDGECHECK_CORPORA", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nobody"))


def refused(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """Run the command, which has to fail, and return what it says."""
    assert main(["benchmark", *map(str, arguments), "--quiet"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    return one_line(err)


def hedgenews(**changes: Any) -> str:
    rows = hedgenews_rows()
    rows[1] |= changes
    return json_lines(rows)


CONLL = SAMPLES["conll2010-tsv"]
BIOSCOPE = SAMPLES["bioscope-xml"]
BAD_DATA = {
    "a label outside the set": (
        "hedgenews",
        SAMPLES["hedgenews-jsonl"],
        hedgenews(sourcing="famous"),
        r"train\.jsonl, line 2: sourcing: 'famous' is not in the set of labels; use none, named",
    ),
    "a label that is no yes or no": (
        "conll2010-wiki",
        CONLL,
        CONLL.content.replace("Text\t1", "Text\t2"),
        r"wiki\.tsv, line 3: label: '2' is neither yes nor no; give true or false",
    ),
    "a span outside its sentence": (
        "hedgenews",
        SAMPLES["hedgenews-jsonl"],
        hedgenews(cue_span=[33, 370]),
        r"train\.jsonl, line 2: the cue span 33:370 lies outside its sentence of \d+ characters;",
    ),
    "a sentence that comes twice": (
        "conll2010-wiki",
        CONLL,
        CONLL.content.replace("S1.2", "S1.1"),
        r"wiki\.tsv, line 3: duplicate sentence id .*'S1\.1', already used in line 2; give every",
    ),
    "a document that comes twice": (
        "hedgenews",
        SAMPLES["hedgenews-jsonl"],
        SAMPLES["hedgenews-jsonl"].content * 2,
        r"train\.jsonl, line 4: duplicate document id 'mine/port#0', already used in line 1; give",
    ),
    "XML that is cut off": (
        "bioscope",
        BIOSCOPE,
        BIOSCOPE.content[:-60],
        r"abstracts\.xml, line \d+: no well-formed XML .*; the file seems to be cut off: get it",
    ),
    "a missing column": (
        "conll2010-wiki",
        CONLL,
        CONLL.content.replace("label_source", "origin"),
        r"wiki\.tsv.*the header has no column 'label_source'.*; add it|columns .* no known format",
    ),
    "labels of another task": (
        "polnear-attribution",
        SAMPLES["hedgenews-jsonl"],
        hedgenews(**MAY_CLOSE | {"attribution": "belief"}),
        r"sentence 5: .belief. is outside the labels of the task .*; use none, direct, mixed",
    ),
    "data of another task": (
        "bioscope",
        SAMPLES["polnear-jsonl"],
        json_lines(polnear_rows()),
        r"dev\.jsonl: no sentence has the labels of the task bioscope; give data in a format",
    ),
}


@pytest.mark.parametrize("what", BAD_DATA)
def test_bad_data_are_one_line(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task, sample, content, expected = BAD_DATA[what]
    path = sample.write(tmp_path, content)
    for side in ("--test", "--train"):
        assert re.search(expected, refused(capsys, task, side, path))


def test_bad_rows_of_a_table_are_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write_table(tmp_path / "good.csv", table_rows(range(4)))
    rows = table_rows(range(4, 6))
    rows[3]["class"] = "rumour"
    bad = write_table(tmp_path / "bad.csv", rows)
    columns = ["--text", "body", "--label", "class", "--document", "story"]
    found = refused(capsys, "generic", "--train", good, "--test", bad, *columns)
    assert re.search(
        r"bad\.csv, line 5: class: 'rumour' is not in the set .* use fact, goss", found
    )
    found = refused(capsys, "generic", "--train", good, "--text", "body", "--label", "klass")
    assert re.search(r"good\.csv.* no column 'klass'", found)
    grades = ["--text", "body", "--label", "rating", "--kind", "graded", "--scale"]
    found = refused(capsys, "generic", "--train", good, *grades, "3,5")
    assert re.search(r"good\.csv, line 5: rating: '2\.0' is not in 3 to 5; mend the label", found)
    same = write_table(tmp_path / "same.csv", [{"body": "It rained.", "class": "fact"}] * 3)
    found = refused(capsys, "generic", "--train", same, "--text", "body", "--label", "class")
    assert "has but one label: 'fact'" in found


WRONG = {
    "no such task": (["bioscop"], "there is no task 'bioscop'; did you mean 'bioscope'?"),
    "no data": (
        ["bioscope"],
        "bioscope/abstracts.xml or bioscope/.* was not found; name the folder",
    ),
    "no such file": (["bioscope", "--test", "nowhere.xml"], "nowhere.xml: there is no such file"),
    "one fold": (["bioscope", "--cv", "1"], "cv: 1 is no number of folds; give 2 or more"),
    "seed": (["bioscope", "--seed", "-1"], "seed: -1 is negative; give 0 or more"),
    "scale": (
        ["generic", "--text", "a", "--label", "b", "--test", "a.csv", "--scale", "5,1"],
        "scale: 5 to 1 is none",
    ),
    "cv and test": (["bioscope", "--cv", "5", "--test", "a.xml"], "leave out cv, or test"),
    "model and train": (["bioscope", "--train", "a.xml", "--model", "en"], "leave out model"),
    "no such model": (["hedgecheck-news", "--model", "de"], "no model called 'de'"),
    "no such baseline": (["hedgecheck-news", "--baseline", "bert"], "no baseline 'bert'; use maj"),
    "baseline for spans": (["polnear-sources", "--baseline", "all"], "find no spans; leave basel"),
    "columns": (["bioscope", "--text", "body"], "bioscope: text, label, .* are for the task gen"),
    "no columns": (["generic", "--test", "a.csv"], "generic: name the columns: text"),
    "no table": (["generic", "--text", "a", "--label", "b"], "generic: name a table, as test"),
    "no training table": (
        ["generic", "--text", "a", "--label", "b", "--cv", "3"],
        "cv needs a table to fit on",
    ),
    "splits of a table": (
        ["generic", "--text", "a", "--label", "b", "--train", "a.csv", "--test-split", "dev"],
        "a table has no splits",
    ),
    "no such kind": (
        ["generic", "--text", "a", "--label", "b", "--test", "a.csv", "--kind", "spans"],
        "kind: 'spans' is none; use classes, yes-no, graded",
    ),
    "no such output": (
        ["generic", "--text", "a", "--label", "b", "--test", "a.csv", "--output", "mood"],
        "a saved model has no 'mood'",
    ),
    "no such split": (["bioscope", "--test-split", "dev"], "bioscope has no split 'dev'; it has"),
    "no such folder": (["bioscope", "--corpora", "no/where"], "where: there is no such folder"),
    "out": (["hedgecheck-news", "--json", "no/where.json"], "no/where.json: cannot be written"),
    "rows": (["hedgecheck-news", "--predictions", "rows.txt"], "written as .csv or .jsonl"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_arguments_are_one_line(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments, expected = WRONG[what]
    assert re.search(expected, refused(capsys, *arguments))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["bioscope", "--cv", "many"], "invalid int value"),
        (["generic", "--scale", "low"], "give two numbers, such as 1,5"),
        ([], "TASK"),
    ],
)
def test_argparse_refuses(
    arguments: list[str], expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["benchmark", *arguments])
    assert stopped.value.code == 2
    assert expected in capsys.readouterr().err


def test_too_few_documents_or_labels(tmp_path: Path) -> None:
    path = write_conll(tmp_path, "train.tsv", range(3))
    with pytest.raises(hedgecheck.InputError, match="5 folds need as many documents, there are 3"):
        hedgecheck.benchmark("conll2010-wiki", train=path, cv=5)
    with pytest.raises(hedgecheck.InputError, match="a file is named twice"):
        hedgecheck.benchmark("conll2010-wiki", train=[path, path])
    with pytest.raises(hedgecheck.InputError, match="give a path or a list of paths"):
        hedgecheck.benchmark("conll2010-wiki", train=[3])  # type: ignore[list-item]
    one_label = path.read_text("utf-8").replace("Text\t1", "Text\t0")
    path.write_text(one_label, encoding="utf-8")
    with pytest.raises(hedgecheck.TrainingDataError, match="has the same label; give data"):
        hedgecheck.benchmark("conll2010-wiki", train=path, cv=3)
