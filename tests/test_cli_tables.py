"""Tables on the command line: CSV, JSON Lines and Parquet in and out, and `--out` for articles."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from cli_runs import one_line

import hedgecheck
from hedgecheck.cli import main
from hedgecheck.cli.table_input import open_table
from hedgecheck.columns import COLUMNS
from hedgecheck.frames import score_columns

pytest_plugins = ["cli_fixtures"]
pytestmark = pytest.mark.usefixtures("plain_surroundings")

BODIES = [
    "The weir at Tamsel may fail, two engineers said. It rained all week.",
    "",
    "Odile Marn declined to comment.",
]


@pytest.fixture
def arrow() -> Any:
    return pytest.importorskip("pyarrow", reason="pyarrow is not installed: hedgecheck[parquet]")


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write_csv(path: str, rows: list[dict[str, Any]], delimiter: str = ",") -> None:
    with Path(path).open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def write_lines(path: str, *rows: Any) -> None:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_csv(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def read_lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def table(names: list[str], bodies: list[str] = BODIES) -> list[dict[str, Any]]:
    return [{"id": name, "body": body} for name, body in zip(names, bodies, strict=True)]


# ------------------------------------------------------------------------------- in and out


def test_csv_gets_a_row_a_sentence_and_keeps_its_cells() -> None:
    write_csv("in.csv", table(["007", "-5", "=A1"]))
    assert main(["score", "in.csv", "--text", "body", "--out", "out.csv"]) == 0
    text = Path("out.csv").read_text("utf-8")
    assert text.splitlines()[0] == ",".join(["id", *score_columns("document")])
    rows = read_csv(text)
    assert [row["id"] for row in rows] == ["007", "007", "-5", "=A1"]
    assert [row["sentence"] for row in rows] == ["0", "1", "", "0"]
    assert {value for name, value in rows[2].items() if name != "id"} == {""}
    score = hedgecheck.score(BODIES[0])[0]
    assert float(rows[0]["certainty"]) == score.certainty
    assert rows[0]["text"] == score.text


def test_what_the_model_adds_is_no_formula() -> None:
    write_csv("in.csv", table(["a"], ["=1+1 is what they said."]))
    assert main(["score", "in.csv", "--text", "body", "--out", "out.csv"]) == 0
    assert read_csv(Path("out.csv").read_text("utf-8"))[0]["text"].startswith("'=1+1")


def test_sentences_keep_their_rows() -> None:
    write_csv("in.tsv", table(["a", "b", "c"], ["It may rain.", "", "It rained."]), "\t")
    assert main(["score", "in.tsv", "-t", "body", "-s", "--out", "out.tsv"]) == 0
    rows = read_csv(Path("out.tsv").read_text("utf-8"), "\t")
    assert [row["body"] for row in rows] == ["It may rain.", "", "It rained."]
    assert [row["hedged"] for row in rows] == ["True", "False", "False"]
    assert list(rows[0]) == ["id", "body", *score_columns("sentence")]


def test_json_lines_keep_their_values() -> None:
    write_lines(
        "in.jsonl",
        {"id": 1, "body": BODIES[0], "tags": ["a", {"b": None}], "ok": True},
        {"body": None, "id": 2},
        {"id": 3},
        {"id": 4, "body": "It \ud800 rained."},
    )
    assert main(["score", "in.jsonl", "--text", "body", "--out", "out.jsonl"]) == 0
    rows = read_lines("out.jsonl")
    assert [row["id"] for row in rows] == [1, 1, 2, 3, 4]
    assert rows[1]["tags"] == ["a", {"b": None}]
    assert "tags" not in rows[2]
    assert "body" not in rows[0]
    assert rows[0]["sentence"] == 0
    assert rows[2]["certainty"] is rows[3]["certainty"] is None
    assert rows[4]["text"] == "It \ud800 rained."


def test_parquet_keeps_its_types(arrow: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    when = [datetime(2031, 1, 2, 3, 4, 5, 6, tzinfo=UTC)] * 3
    columns = {
        "id": arrow.array([1, 2, 3], arrow.int8()),
        "body": arrow.array([BODIES[0], None, BODIES[2]]),
        "when": arrow.array(when, arrow.timestamp("us", "UTC")),
        "tags": arrow.array([["a"], None, []]),
        "desk": arrow.array(["sea", "city", "sea"]).dictionary_encode(),
    }
    parquet.write_table(arrow.table(columns), "in.parquet")
    assert main(["score", "in.parquet", "--text", "body", "--out", "out.parquet"]) == 0
    found = parquet.read_table("out.parquet")
    assert found.column("id").to_pylist() == [1, 1, 2, 3]
    assert found.column("sentence").to_pylist() == [0, 1, None, 0]
    assert found.column("tags").to_pylist() == [["a"], ["a"], None, []]
    assert found.column("when").to_pylist() == [when[0]] * 4
    for name in ("id", "when", "tags", "desk"):
        assert found.schema.field(name).type == columns[name].type
    assert found.schema.field("hedged").type == arrow.bool_()
    assert found.schema.field("certainty").type == arrow.float64()
    frame = hedgecheck.score_frame(arrow.table(columns), text="body")
    assert frame.select(COLUMNS).to_pylist() == found.select(COLUMNS).to_pylist()


@pytest.mark.parametrize("source", ["csv", "tsv", "jsonl", "parquet", "csv.gz", "jsonl.gz"])
@pytest.mark.parametrize("target", ["csv", "tsv", "jsonl", "parquet", "csv.gz", "jsonl.gz"])
def test_every_kind_becomes_every_other(source: str, target: str, arrow: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = table(["a", "b", "c"])
    plain = source.removesuffix(".gz")
    if plain == "parquet":
        parquet.write_table(arrow.Table.from_pylist(rows), "in.parquet")
    elif plain == "jsonl":
        write_lines("in.jsonl", *rows)
    else:
        write_csv(f"in.{plain}", rows, "\t" if plain == "tsv" else ",")
    if source != plain:
        Path(f"in.{source}").write_bytes(gzip.compress(Path(f"in.{plain}").read_bytes()))
    out = f"out.{target}"
    assert main(["score", f"in.{source}", "--text", "body", "--out", out]) == 0
    if target == "parquet":
        found = parquet.read_table(out).to_pylist()
    else:
        data = Path(out).read_bytes()
        text = (gzip.decompress(data) if target.endswith("gz") else data).decode("utf-8")
        if target.startswith("jsonl"):
            found = [json.loads(line) for line in text.splitlines()]
        else:
            found = read_csv(text, "\t" if target == "tsv" else ",")
    assert [row["id"] for row in found] == ["a", "a", "b", "c"]
    assert [row["source"] or None for row in found] == ["two engineers", None, None, "Odile Marn"]
    assert len(list(Path.cwd().glob("*.part"))) == 0


def test_types_of_json_lines_in_parquet(arrow: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_lines(
        "in.jsonl",
        {"text": "A.", "n": 1, "x": 1, "ok": True, "mixed": 1, "list": [1], "big": 1 << 70},
        {"text": "B.", "n": 2, "x": 0.5, "ok": None, "mixed": "a", "list": None, "none": None},
    )
    assert main(["score", "in.jsonl", "-t", "text", "--out", "out.parquet"]) == 0
    found = parquet.read_table("out.parquet")
    types = {name: str(found.schema.field(name).type) for name in found.schema.names[:7]}
    assert types == {
        "n": "int64",
        "x": "double",
        "ok": "bool",
        "mixed": "string",
        "list": "string",
        "big": "string",
        "none": "string",
    }
    assert found.column("list").to_pylist() == ["[1]", None]
    assert found.column("big").to_pylist() == [str(1 << 70), None]
    del arrow


def test_values_of_json_in_csv() -> None:
    write_lines("in.jsonl", {"t": "A.", "list": [1, "é"], "n": "-5", "formula": "=A1", "ok": True})
    assert main(["score", "in.jsonl", "-t", "t", "--out", "out.csv"]) == 0
    row = read_csv(Path("out.csv").read_text("utf-8"))[0]
    assert [row[name] for name in ("list", "n", "formula", "ok")] == [
        '[1, "é"]',
        "-5",
        "'=A1",
        "True",
    ]


def test_without_a_file_the_table_goes_to_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_csv("in.csv", table(["a", "b", "c"]))
    assert main(["score", "in.csv", "--text", "body"]) == 0
    assert len(read_csv(capsys.readouterr().out)) == 4
    assert main(["score", "in.csv", "--text", "body", "-f", "jsonl"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a", "a", "b", "c"]


def test_the_command_line_and_the_frame_agree() -> None:
    write_csv("in.csv", table(["a", "b", "c"]))
    assert main(["score", "in.csv", "--text", "body", "--out", "out.csv"]) == 0
    read = {"keep_default_na": False, "na_values": [""]}
    found = pd.read_csv("out.csv", **read)  # type: ignore[call-overload]
    frame = pd.read_csv("in.csv", **read)  # type: ignore[call-overload]
    scored = hedgecheck.score_frame(frame, text="body")
    assert list(found.columns) == list(scored.columns)
    for name in ("id", "text", "source", "certainty_level"):
        assert found[name].fillna("").tolist() == scored[name].fillna("").tolist()
    # Older versions of pandas read the last digit wrongly.
    assert found["certainty"].tolist()[:2] == pytest.approx(scored["certainty"].tolist()[:2])


def test_cells_as_long_as_articles_are_read() -> None:
    limit = csv.field_size_limit()
    write_csv("in.csv", table(["a"], ["It rained. " * 20_000]))
    assert main(["score", "in.csv", "--text", "body", "-s", "--out", "out.jsonl"]) == 0
    assert csv.field_size_limit() == limit


# ------------------------------------------------------------------------------- bad rows


def test_bad_rows_are_reported_and_the_rest_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(
        "in.jsonl",
        {"id": 1, "body": "It rained."},
        "{broken",
        "",
        '{"id": NaN}',
        {"id": 5, "body": 7},
        "[1]",
        {"id": 7, "body": "It snowed."},
    )
    assert main(["score", "in.jsonl", "--text", "body", "--out", "out.jsonl"]) == 1
    assert [row["id"] for row in read_lines("out.jsonl")] == [1, 5, 7]
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[2] for line in lines] == ["line 2", "line 4", "line 6", "line 5"]
    assert lines[-1].endswith("the text is int 7, not a str; its scores are missing")


def test_rows_of_csv_with_other_cells_than_the_header_are_reported(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("in.csv").write_text('id,body\na,It rained.\nb\n\nc,"It\nsnowed."\nd,x,y\ne,It froze.\n')
    assert main(["score", "in.csv", "--text", "body", "--out", "out.csv"]) == 1
    assert [row["id"] for row in read_csv(Path("out.csv").read_text())] == ["a", "c", "e"]
    assert capsys.readouterr().err.splitlines() == [
        "hedgecheck: in.csv: line 3: the row has 1 of the header's 2 cells",
        "hedgecheck: in.csv: line 7: the row has 3 cells, the header 2",
    ]


def test_a_flood_of_bad_rows_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    write_lines("in.jsonl", *["{"] * 50, {"body": "It rained."})
    assert main(["score", "in.jsonl", "--text", "body", "--out", "out.jsonl"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 21
    assert lines[-1] == "hedgecheck: in.jsonl: and 30 more such rows"


def test_a_table_without_a_sound_row_is_code_2_and_writes_nothing() -> None:
    write_lines("in.jsonl", {"body": "It rained."}, "{")
    Path("bad.csv").write_text("id,body\nonly one\n")
    assert main(["score", "bad.csv", "--text", "body", "--out", "out.csv"]) == 2
    assert not Path("out.csv").exists()


def test_limits_hold_for_every_text(capsys: pytest.CaptureFixture[str]) -> None:
    write_csv("in.csv", table(["a", "b", "c"]))
    arguments = ["score", "in.csv", "--text", "body", "-q", "--fail-on", "unnamed>0"]
    assert main(arguments) == 3
    out, err = capsys.readouterr()
    assert out == ""
    assert one_line(err) == (
        "hedgecheck: in.csv: line 2: fails unnamed>0: 1 of 1 attributed claims: sentence 1\n"
    )


def test_foreign_texts_are_one_warning(capsys: pytest.CaptureFixture[str]) -> None:
    text = "Die Hafenbehörde teilte mit, dass die alte Fähre verkauft werde und eine neue " * 3
    write_lines("in.jsonl", *[{"body": text}] * 300)
    assert main(["score", "in.jsonl", "--text", "body", "--out", "out.jsonl"]) == 0
    assert "in.jsonl: warning: the text does not look like English" in one_line(
        capsys.readouterr().err
    )


# ------------------------------------------------------------------------------- wrong calls


def failed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    try:
        code: Any = main(["score", *arguments])
    except SystemExit as ended:  # wrong arguments; the lines before the last are the usage
        code = ended.code
        error = capsys.readouterr().err.splitlines()[-1]
    else:
        error = one_line(capsys.readouterr().err)
    assert code == 2
    return error


def test_wrong_columns_and_files(capsys: pytest.CaptureFixture[str]) -> None:
    write_csv("in.csv", table(["a", "b", "c"]))
    assert "no column 'text' for the text; it has: 'id', 'body'" in failed(
        capsys, "in.csv", "--text", "text"
    )
    assert "no.csv: no such file" in failed(capsys, "no.csv", "--text", "body")
    assert "no table; its name has to end in" in failed(capsys, "story.txt", "--text", "body")
    assert "out.csv" in failed(capsys, "in.csv", "-t", "body", "--out", "nowhere/out.csv")
    assert "the table itself" in failed(capsys, "in.csv", "-t", "body", "--out", "./in.csv")
    Path("twice.csv").write_text("body,body\na,b\n")
    assert "names 'body' twice" in failed(capsys, "twice.csv", "-t", "body")
    Path("bad.parquet").write_bytes(b"PAR1 no")
    if "pyarrow" in sys.modules:
        assert "no readable Parquet file" in failed(capsys, "bad.parquet", "-t", "body")
    Path("cut.csv.gz").write_bytes(gzip.compress(b"body\nIt rained.\n" * 9)[:-9])
    assert "damaged or cut off" in failed(capsys, "cut.csv.gz", "-t", "body", "--out", "x.csv")
    assert not Path("x.csv").exists()


def test_wrong_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    write_csv("in.csv", table(["a", "b", "c"]))
    assert "is a table; name its column of texts" in failed(capsys, "in.csv")
    assert "takes one table" in failed(capsys, "in.csv", "in.csv", "-t", "body")
    assert "takes one table" in failed(capsys, "-t", "body")
    assert "cannot be written as json" in failed(capsys, "in.csv", "-t", "body", "-f", "json")
    assert "has to end in .csv" in failed(capsys, "in.csv", "-t", "body", "--out", "out.xlsx")
    assert "has to end in .csv" in failed(capsys, "a.txt", "--out", "out.parquet.gz")
    assert "is no csv; leave out -f" in failed(capsys, "a.txt", "-f", "csv", "--out", "out.json")
    assert "--prefix is for tables" in failed(capsys, "a.txt", "--prefix", "hc_")
    assert "--explain" in failed(capsys, "in.csv", "-t", "body", "--explain", "-f", "jsonl")
    assert "--explain" in failed(capsys, "a.txt", "--explain", "--out", "out.parquet")
    assert "--fail-on is for texts" in failed(
        capsys, "in.csv", "-t", "body", "-s", "--fail-on", "vague>0"
    )


def test_names_that_clash_get_a_prefix(capsys: pytest.CaptureFixture[str]) -> None:
    write_csv("in.csv", [{"source": "Coastal Wire", "body": "It rained."}])
    assert "'source'; rename them, or give the added ones a prefix" in failed(
        capsys, "in.csv", "-t", "body"
    )
    assert main(["score", "in.csv", "-t", "body", "--prefix", "hc_", "--out", "out.csv"]) == 0
    row = read_csv(Path("out.csv").read_text())[0]
    assert (row["source"], row["hc_text"]) == ("Coastal Wire", "It rained.")


def test_encodings_are_stated_or_marked(capsys: pytest.CaptureFixture[str]) -> None:
    data = "body,who\nIt rained in Café Marn.,é\n"
    for encoding in ("utf-8-sig", "utf-16"):
        Path("in.csv").write_text(data, encoding=encoding)
        assert main(["score", "in.csv", "-t", "body", "--out", "out.csv"]) == 0
        assert read_csv(Path("out.csv").read_text("utf-8"))[0]["who"] == "é"
    Path("in.csv").write_text(data, encoding="cp1252")
    assert "not valid utf-8 (byte 0xe9); state the right one with --encoding" in failed(
        capsys, "in.csv", "-t", "body"
    )
    arguments = ["score", "in.csv", "-t", "body", "--encoding", "cp1252", "--out", "out.csv"]
    assert main(arguments) == 0
    assert read_csv(Path("out.csv").read_text("utf-8"))[0]["who"] == "é"


def test_without_pyarrow_the_error_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("pyarrow", "pyarrow.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    write_csv("in.csv", table(["a", "b", "c"]))
    Path("in.parquet").touch()
    for arguments in (["in.parquet"], ["in.csv", "--out", "out.parquet"]):
        error = failed(capsys, *arguments, "-t", "body")
        assert "pip install 'hedgecheck[parquet]'" in error
    assert not Path("out.parquet").exists()


# ------------------------------------------------------------------------------- articles, --out


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize("form", ["csv", "jsonl", "json"])
def test_a_file_holds_what_would_be_printed(
    story: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", str(story), "-f", form]) == 0
    printed = capsys.readouterr().out
    for more in ([], ["--quiet"], ["-f", form]):
        assert main(["score", str(story), "--out", f"out.{form}", *more]) == 0
        assert capsys.readouterr() == ("", "")
        assert Path(f"out.{form}").read_text("utf-8") == printed
    assert main(["score", str(story), "--out", f"out.{form}.gz"]) == 0
    assert gzip.decompress(Path(f"out.{form}.gz").read_bytes()).decode("utf-8") == printed


@pytest.mark.usefixtures("stand_in")
def test_articles_go_into_parquet(story: Path, arrow: Any) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert main(["score", str(story), str(story), "--out", "out.parquet"]) == 0
    found = parquet.read_table("out.parquet")
    assert found.schema.names == ["file", "sentence", *COLUMNS]
    assert found.column("sentence").to_pylist() == [0, 1, 2, 0, 1, 2]
    assert main(["score", "-s", str(story), "--out", "out.parquet"]) == 0
    assert parquet.read_table("out.parquet").column("line").to_pylist() == [1, 3]
    del arrow


@pytest.mark.usefixtures("stand_in")
def test_a_failed_run_leaves_the_old_file_alone() -> None:
    Path("out.csv").write_text("of yesterday")
    assert main(["score", "no.txt", "--out", "out.csv"]) == 2
    assert Path("out.csv").read_text() == "of yesterday"
    assert [path.name for path in Path.cwd().iterdir()] == ["out.csv"]


# ------------------------------------------------------------------------------- large tables


def test_a_table_is_read_a_few_rows_at_a_time() -> None:
    write_csv("in.csv", table(["a"] * 3000, ["It rained."] * 3000))
    source = open_table("in.csv", None)
    rows = source.rows()
    next(rows)
    done, total = source.progress()
    assert 0 < done < total == Path("in.csv").stat().st_size
    assert sum(1 for _ in rows) == 2999
    assert source.progress() == (total, total)
