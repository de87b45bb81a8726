"""The reader for anybody's own table, in which the user names the columns."""

from __future__ import annotations

import builtins
import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from corpus_samples import json_lines

from hedgecheck import extras
from hedgecheck.datasets import Columns, Span, read_table
from hedgecheck.errors import MissingExtraError, TrainingDataError

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

COLUMNS = Columns(
    text="body",
    document="story",
    number="n",
    split="side",
    certainty="sure",
    certainty_scale=(1, 5),
    uncertain="unsure",
    sourcing="who",
    attribution="how",
    confidential="secret",
    hedges="hedges",
    source="speaker",
    cue="verb",
)
CSV = """\
story,n,side,body,sure,unsure,who,how,secret,hedges,speaker,verb
s1,7,train,"The harbour may close, Tove Lund said.",2,yes,named,indirect,0,may,Tove Lund,said
s1,8,train,"It may or may not, in short.",3,1,none,none,false,may;may,,
s2,1,train,Ice came.,5,0,none,none,no,"[[0, 3]]",,
"""


def write(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def rows_of_csv() -> list[dict[str, Any]]:
    """Return the same rows with the types that JSON and Parquet have."""
    base = {"story": "s1", "side": "train"}
    return [
        {**base, "n": 7, "body": "The harbour may close, Tove Lund said.", "sure": 2,
         "unsure": True, "who": "named", "how": "indirect", "secret": False,
         "hedges": [[12, 15]], "speaker": [23, 32], "verb": [33, 37]},
        {**base, "n": 8, "body": "It may or may not, in short.", "sure": 3, "unsure": True,
         "who": "none", "how": "none", "secret": False, "hedges": [[3, 6], [10, 13]],
         "speaker": None, "verb": None},
        {**base, "story": "s2", "n": 1, "body": "Ice came.", "sure": 5, "unsure": False,
         "who": "none", "how": "none", "secret": False, "hedges": [[0, 3]], "speaker": None,
         "verb": None},
    ]  # fmt: skip


def test_a_table_reads_by_its_named_columns(tmp_path: Path) -> None:
    first, second = read_table(write(tmp_path, "mine.csv", CSV), COLUMNS, corpus="mine")
    assert (first.id, first.group, first.corpus, first.split) == ("s1", "s1", "mine", "train")
    assert [sentence.number for sentence in first.sentences] == [7, 8]
    labels = first.sentences[0].labels
    assert labels is not None
    assert (labels.certainty, labels.grade, labels.uncertain) == (0.25, 2, True)
    assert (labels.sourcing, labels.attribution, labels.confidential) == (
        "named",
        "indirect",
        False,
    )
    assert labels.source == Span(23, 32, "Tove Lund", "source")
    assert labels.cue == Span(33, 37, "said", "cue")
    other = first.sentences[1].labels
    assert other is not None
    assert [span.start for span in other.hedges or ()] == [3, 10]
    assert (other.source, other.cue, other.hedged) == (None, None, None)
    assert second.sentences[0].labels is not None
    assert second.sentences[0].labels.hedges == (Span(0, 3, "Ice", "hedge"),)


def test_all_kinds_of_table_read_the_same(tmp_path: Path) -> None:
    expected = list(read_table(write(tmp_path, "mine.csv", CSV), COLUMNS))
    tabs = "\n".join(
        "\t".join(json.dumps(value) if isinstance(value, list) else str(value or "")
                  for value in row.values())
        for row in rows_of_csv()
    )  # fmt: skip
    tabs = "\t".join(rows_of_csv()[0]) + "\n" + tabs.replace("\t\tnone", "\t0\tnone")
    tabs = tabs.replace("named\tindirect\t\t", "named\tindirect\t0\t")
    tabs = tabs.replace("none\tnone\t\t", "none\tnone\t0\t")
    assert list(read_table(write(tmp_path, "mine.tsv", tabs), COLUMNS)) == expected
    lines = json_lines(rows_of_csv())
    assert list(read_table(write(tmp_path, "mine.jsonl", lines), COLUMNS)) == expected


def test_without_a_document_column_each_sentence_is_one(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.csv", "body,topic\nIt rained.,sky\nIt poured.,sky\n")
    found = list(read_table(path, Columns(text="body", group="topic")))
    assert [(document.id, document.group) for document in found] == [
        ("line 2", "sky"),
        ("line 3", "sky"),
    ]
    assert [document.group for document in read_table(path, Columns(text="body"))] == [
        "line 2",
        "line 3",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (",sure,", ",certain,", 1, "the header has no column 'sure' (it has: story, n, side,"),
        (",2,yes,", ",9,yes,", 2, "sure: '9' is not in 1 to 5"),
        (",2,yes,", ",,yes,", 2, "sure: '' is no number; give 1 to 5"),
        (",2,yes,", ",nan,yes,", 2, "sure: 'nan' is not in 1 to 5"),
        (",2,yes,", ",2,maybe,", 2, "unsure: 'maybe' is neither yes nor no"),
        (",named,", ",famous,", 2, "who: 'famous' is not in the set of labels; use none, named"),
        (",indirect,", ",loud,", 2, "how: 'loud' is not in the set of labels; use none, direct"),
        (",may,Tove", ",might,Tove", 2, "hedges: 'might' does not stand in the sentence"),
        ("[[0, 3]]", "[[0, 30]]", 4, "the hedge span 0:30 lies outside its sentence of 9"),
        ("[[0, 3]]", "[[0, 3", 4, "is no JSON list"),
        (",said", ",sai,d", 2, "13 columns, but the header has 12"),
        ("s1,8,", "s1,7,", 3, "duplicate sentence number in s1 '7', already used in line 2"),
        ("s1,8,train", "s1,8,dev", 2, "the document 's1' has sentences of more than one split"),
        ("s2,1,", "s1,1x,", 4, "n: '1x' is no whole number"),
        ("Ice came.", " ", 4, "body: ' ' is an empty sentence"),
        ("s2,1,", ",1,", 4, "story: '' is no name"),
    ],
)
def test_a_bad_table_names_file_line_cause_and_remedy(
    old: str, new: str, line: int, message: str, tmp_path: Path
) -> None:
    assert old in CSV
    path = write(tmp_path, "mine.csv", CSV.replace(old, new, 1))
    with pytest.raises(TrainingDataError) as caught:
        list(read_table(path, COLUMNS))
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert message in str(caught.value)


def test_a_missing_column_of_json_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.jsonl", '{"body": "It rained."}\n')
    with pytest.raises(TrainingDataError, match="line 1: there is no column 'label'"):
        list(read_table(path, Columns(text="body", uncertain="label")))


def test_labels_of_ones_own_can_be_allowed(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.csv", "body,who\nIt rained.,famous\n")
    columns = Columns(text="body", sourcing="who", sourcing_labels=("famous", "obscure"))
    (document,) = read_table(path, columns)
    assert document.sentences[0].labels is not None
    assert document.sentences[0].labels.sourcing == "famous"


def test_what_is_no_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match=r"'\.xlsx' is no kind of table; use one of \.csv"):
        list(read_table(tmp_path / "mine.xlsx", COLUMNS))
    with pytest.raises(TrainingDataError, match="certainty_scale"):
        Columns(text="body", certainty_scale=(1, 1))
    for name in ("no.csv", "no.parquet"):
        with pytest.raises(TrainingDataError, match="there is no such file"):
            list(read_table(tmp_path / name, COLUMNS))


def test_parquet_without_pyarrow_names_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> ModuleType:
        raise builtins.ImportError(name)

    monkeypatch.setattr(extras, "import_module", missing)
    path = write(tmp_path, "mine.parquet", "PAR1")
    with pytest.raises(MissingExtraError, match=r"pip install 'hedgecheck\[parquet\]'"):
        list(read_table(path, COLUMNS))


def test_parquet_reads_the_same(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet needs the extra hedgecheck[parquet]")
    arrow: Any = importlib.import_module("pyarrow")
    parquet: Any = importlib.import_module("pyarrow.parquet")
    path = tmp_path / "mine.parquet"
    parquet.write_table(arrow.Table.from_pylist(rows_of_csv()), path, row_group_size=2)
    expected = list(read_table(write(tmp_path, "mine.csv", CSV), COLUMNS))
    assert list(read_table(path, COLUMNS)) == expected
    with pytest.raises(TrainingDataError, match="there is no column 'headline'"):
        list(read_table(path, Columns(text="headline")))
    with pytest.raises(TrainingDataError, match=r"mine\.parquet, row 1: who: 'named' is not in"):
        list(read_table(path, Columns(text="body", sourcing="who", sourcing_labels=("none",))))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(TrainingDataError, match="no readable Parquet file"):
        list(read_table(path, COLUMNS))
    parquet.write_table(arrow.Table.from_pylist(rows_of_csv()).slice(0, 0), path)
    with pytest.raises(TrainingDataError, match="the table has no rows"):
        list(read_table(path, COLUMNS))
