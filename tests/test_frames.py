"""Frames in, frames out: pandas, polars and pyarrow."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import warnings
from functools import cache
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import any_texts

import hedgecheck
from hedgecheck import InputError, Model, RowWarning
from hedgecheck.columns import COLUMN_TYPES, COLUMNS, score_row
from hedgecheck.datasets import read_news
from hedgecheck.frames import _FRAME_ROWS, score_columns, score_frame
from hedgecheck.shipped import dataset_path

BODIES = [
    "The weir at Tamsel may fail, two engineers said. It rained all week.",
    None,
    "",
    "Odile Marn declined to comment.",
    " \n ",
]
DAYS = [1, 2, 3, 4, 5]


@cache
def model() -> Model:
    return hedgecheck.load()


def make(library: str, columns: dict[str, Any]) -> Any:
    if library == "pandas":
        return pd.DataFrame(columns)
    module = pytest.importorskip(library, reason=f"{library} is not installed")
    return module.table(columns) if library == "pyarrow" else module.DataFrame(columns)


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """Return a frame as plain rows, what is missing as None."""
    columns = nw.from_native(frame, eager_only=True)
    values = {
        name: [
            None if missing else value
            for value, missing in zip(
                columns[name].to_list(), columns[name].is_null().to_list(), strict=True
            )
        ]
        for name in columns.columns
    }
    return [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]


libraries = pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
units = pytest.mark.parametrize("unit", ["document", "sentence"])


# ------------------------------------------------------------------------------- a row a sentence


@libraries
def test_every_sentence_of_a_document_is_a_row(library: str) -> None:
    frame = make(library, {"day": DAYS, "body": BODIES, "desk": list("abcde")})
    scored = hedgecheck.score_frame(frame, text="body")
    assert type(scored) is type(frame)
    rows = rows_of(scored)
    assert list(rows[0]) == ["day", "desk", "sentence", *COLUMNS]
    assert [row["day"] for row in rows] == [1, 1, 2, 3, 4, 5]
    assert [row["desk"] for row in rows] == ["a", "a", "b", "c", "d", "e"]
    assert [row["sentence"] for row in rows] == [0, 1, None, None, 0, None]
    document = hedgecheck.score(str(BODIES[0]))
    for row, score in zip(rows, document, strict=False):
        assert row["text"] == score.text
        assert row["certainty"] == score.certainty
        assert row["anonymity"] == score.anonymity
        assert row["hedged"] is score.hedged or row["hedged"] == score.hedged
        assert row["sourcing_unnamed"] == score.sourcing_proba["unnamed"]
    assert rows[0]["source"] == "two engineers"


@libraries
def test_a_text_that_is_missing_or_has_no_words_keeps_its_row(library: str) -> None:
    frame = make(library, {"day": DAYS, "body": BODIES})
    for row in rows_of(hedgecheck.score_frame(frame, text="body")):
        if row["day"] in (2, 3, 5):
            assert {value for name, value in row.items() if name != "day"} == {None}


@libraries
@units
def test_the_types_do_not_depend_on_what_a_frame_holds(library: str, unit: str) -> None:
    full = make(library, {"day": [1], "body": ["It rained."]})
    missing = make(library, {"day": [1, 2], "body": ["It rained.", None]})
    none = nw.from_native(full, eager_only=True)[:0].to_native()
    schemas = [
        nw.from_native(hedgecheck.score_frame(frame, text="body", unit=unit)).schema
        for frame in (full, missing, none)
    ]
    assert schemas[0] == schemas[1] == schemas[2]
    kinds = {"float64": nw.Float64, "bool": nw.Boolean, "int64": nw.Int64, "Int64": nw.Int64}
    for name in score_columns(unit):
        kind = "int64" if name == "sentence" else COLUMN_TYPES.get(name)
        assert schemas[0][name] == kinds.get(str(kind), nw.String)


@units
def test_every_value_is_the_one_of_the_score(unit: str) -> None:
    news = list(read_news(dataset_path("news.jsonl")))
    bodies = [" ".join(s.text for s in document.sentences) for document in news[:60]]
    if unit == "sentence":
        bodies = [s.text for document in news[:60] for s in document.sentences]
    found = rows_of(hedgecheck.score_frame(pd.DataFrame({"body": bodies}), text="body", unit=unit))
    if unit == "sentence":
        scores = hedgecheck.score_sentences(bodies)
    else:
        scores = [score for document in hedgecheck.score_documents(bodies) for score in document]
    assert len(scores) > 500
    assert any(score.speaker for score in scores) == (unit == "document")
    for row, score in zip(found, scores, strict=True):
        expected = dict(zip(COLUMNS, score_row(score), strict=True))
        assert {name: row[name] for name in COLUMNS if name in row} == {
            name: value for name, value in expected.items() if name in row
        }


def test_the_texts_of_a_document_are_those_that_score_gives() -> None:
    body = str(BODIES[0])
    scored = hedgecheck.score_frame(pd.DataFrame({"body": [body, body]}), text="body")
    assert list(scored["sentence"]) == [0, 1, 0, 1]
    for start, end, text in zip(scored["start"], scored["end"], scored["text"], strict=True):
        assert body[start:end] == text


@libraries
def test_the_frame_may_have_no_other_column(library: str) -> None:
    for name in ("body", "text"):
        scored = hedgecheck.score_frame(make(library, {name: BODIES[:2]}), text=name)
        rows = rows_of(scored)
        assert list(rows[0]) == ["sentence", *COLUMNS]
        assert len(rows) == 3


# ------------------------------------------------------------------------------- a row a row


@libraries
def test_sentences_get_their_scores_beside_them(library: str) -> None:
    texts = ["Rates may rise.", None, "", "Odile Marn said so."]
    frame = make(library, {"text": texts, "page": [7, 7, 8, 9]})
    scored = rows_of(hedgecheck.score_frame(frame, unit="sentence"))
    assert list(scored[0]) == ["text", "page", *score_columns("sentence")]
    assert [row["text"] for row in scored] == texts
    assert [row["page"] for row in scored] == [7, 7, 8, 9]
    assert scored[1]["certainty"] is scored[1]["sourcing"] is None
    alone = hedgecheck.score_sentences([text for text in texts if text is not None])
    for row, score in zip([scored[0], *scored[2:]], alone, strict=True):
        assert row["certainty"] == score.certainty
        assert row["attribution"] == score.attribution


@given(st.lists(st.none() | any_texts(), max_size=6))
@settings(max_examples=25)
def test_any_texts_in_a_pandas_frame(texts: list[str | None]) -> None:
    frame = pd.DataFrame({"body": pd.Series(texts, dtype="object"), "n": range(len(texts))})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", hedgecheck.LanguageWarning)
        scored = score_frame(model(), frame, text="body")
        beside = score_frame(model(), frame, text="body", unit="sentence")
        wanted = [len(model().score(text)) if text is not None else 0 for text in texts]
    assert list(scored["n"]) == [n for n, size in enumerate(wanted) for _ in range(size or 1)]
    assert list(beside["n"]) == list(range(len(texts)))
    assert list(beside["certainty"].isna()) == [text is None for text in texts]


# ------------------------------------------------------------------------------- pandas' own ways


def test_pandas_keeps_its_index_and_the_types_of_its_columns() -> None:
    index = pd.MultiIndex.from_tuples(
        [("Mon", 1), ("Mon", 1), ("Tue", 2)], names=["day", "edition"]
    )
    frame = pd.DataFrame(
        {
            "body": BODIES[:3],
            "desk": pd.Categorical(["city", "sea", "city"], categories=["sea", "city"]),
            "when": pd.to_datetime(["2031-01-02"] * 3),
            "small": np.array([1, 2, 3], dtype=np.int8),
        },
        index=index,
    )
    for unit, expected in (("document", [0, 0, 1, 2]), ("sentence", [0, 1, 2])):
        scored = hedgecheck.score_frame(frame, text="body", unit=unit)
        assert scored.index.equals(index[expected])
        assert scored.index.names == ["day", "edition"]
        for name in ("desk", "when", "small"):
            assert scored[name].dtype == frame[name].dtype
            assert list(scored[name]) == [frame[name].iloc[i] for i in expected]


def test_the_index_is_kept_where_no_other_column_is() -> None:
    frame = pd.DataFrame({"body": BODIES[:1]}, index=pd.Index([41], name="article"))
    scored = hedgecheck.score_frame(frame, text="body")
    assert list(scored.index) == [41, 41]
    assert scored.index.name == "article"


def test_a_frame_is_not_changed() -> None:
    frame = pd.DataFrame({"body": BODIES, "day": DAYS})
    before = frame.copy(deep=True)
    hedgecheck.score_frame(frame, text="body")
    hedgecheck.score_frame(frame, text="body", unit="sentence")
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("sign", [None, float("nan"), pd.NA, pd.NaT])
def test_every_sign_for_a_missing_value_is_one(sign: Any) -> None:
    frame = pd.DataFrame({"body": pd.Series(["It rained.", sign], dtype="object")})
    scored = hedgecheck.score_frame(frame, text="body", unit="sentence")
    assert list(scored["certainty"].isna()) == [False, True]
    assert scored["hedged"].dtype == "boolean"


@pytest.mark.parametrize("kind", ["object", "string", "category"])
def test_texts_may_have_any_type_for_texts(kind: str) -> None:
    frame = pd.DataFrame({"body": pd.Series(BODIES, dtype=kind)})
    assert len(hedgecheck.score_frame(frame, text="body")) == 6


def test_columns_need_not_be_named_by_texts() -> None:
    frame = pd.DataFrame({0: ["It rained."], 1: [5], ("a", "b"): [6]})
    scored = hedgecheck.score_frame(frame, text=0)  # type: ignore[arg-type]
    assert list(scored.columns)[:3] == [1, ("a", "b"), "sentence"]


def test_lone_surrogates_are_texts_too() -> None:
    frame = pd.DataFrame({"body": pd.Series(["It \ud800 rained."], dtype="object")})
    assert hedgecheck.score_frame(frame, text="body")["text"].tolist() == ["It \ud800 rained."]


def test_more_rows_than_become_columns_at_a_time() -> None:
    count = _FRAME_ROWS["sentence"] + 5
    frame = pd.DataFrame({"body": ["It rained."] * count, "n": range(count)}, index=[3] * count)
    scored = hedgecheck.score_frame(frame, text="body", unit="sentence")
    assert list(scored["n"]) == list(range(count))
    assert set(scored.index) == {3}
    assert scored["certainty"].min() == scored["certainty"].max()


# ------------------------------------------------------------------------------- errors


def test_bad_rows_are_reported_and_the_rest_is_done() -> None:
    values = ["It rained.", 7, b"bytes", ["a", "list"], None, {"a": 1}, "It snowed."]
    frame = pd.DataFrame({"body": pd.Series(values, dtype="object"), "n": range(7)})
    with pytest.warns(RowWarning) as caught:
        scored = hedgecheck.score_frame(frame, text="body")
    assert list(scored["n"]) == list(range(7))
    assert list(scored["certainty"].notna()) == [True, *[False] * 5, True]
    warning = caught[0].message
    assert isinstance(warning, RowWarning)
    assert [row for row, _ in warning.rows] == [1, 2, 3, 5]
    assert str(warning).startswith(
        "4 of 7 rows were not scored: row 1: the text is int 7, not a str; row 2: "
    )
    assert caught[0].filename == __file__


def test_a_row_warning_can_be_copied_and_pickled() -> None:
    warning = RowWarning([(2, "the text is int 7, not a str")], 9)
    for twin in (copy.copy(warning), pickle.loads(pickle.dumps(warning))):
        assert (twin.rows, str(twin)) == (warning.rows, str(warning))


@libraries
def test_a_column_of_other_things_is_refused(library: str) -> None:
    frame = make(library, {"day": DAYS, "body": BODIES})
    with pytest.raises(InputError, match=r"'day' holds no text: row 0 is int 1; name the column"):
        hedgecheck.score_frame(frame, text="day")


@libraries
def test_a_column_without_any_value_is_missing_throughout(library: str) -> None:
    frame = make(library, {"day": [1, 2], "body": [None, None]})
    assert len(rows_of(hedgecheck.score_frame(frame, text="body"))) == 2


@libraries
def test_wrong_columns_are_refused(library: str) -> None:
    frame = make(library, {"day": DAYS, "body": BODIES})
    with pytest.raises(InputError, match=r"no column 'text' for the text; it has: 'day', 'body'"):
        hedgecheck.score_frame(frame)
    with pytest.raises(InputError, match="'document' or 'sentence'"):
        hedgecheck.score_frame(frame, text="body", unit="paragraph")
    clash = make(library, {"source": list("abcde"), "start": DAYS, "body": BODIES})
    with pytest.raises(InputError, match=r"'start', 'source'; rename them, .* prefix, such as hc_"):
        hedgecheck.score_frame(clash, text="body")
    rows = rows_of(hedgecheck.score_frame(clash, text="body", prefix="hc_"))
    assert list(rows[0])[:4] == ["source", "start", "hc_sentence", "hc_text"]
    assert rows[0]["hc_source"] == "two engineers"


def test_a_column_that_the_sentences_replace_is_no_clash() -> None:
    scored = hedgecheck.score_frame(pd.DataFrame({"text": ["It rained."], "page": [3]}))
    assert list(scored.columns)[:3] == ["page", "sentence", "text"]
    assert len(hedgecheck.score_frame(scored[["page", "text"]], unit="sentence")) == 1


@pytest.mark.parametrize("thing", [[{"text": "It rained."}], "It rained.", None, {"text": ["a"]}])
def test_what_is_no_frame_is_refused(thing: Any) -> None:
    with pytest.raises(InputError, match="takes a pandas, polars or pyarrow frame, got"):
        hedgecheck.score_frame(thing)


def test_two_columns_of_one_name_are_refused() -> None:
    frame = pd.DataFrame([["It rained.", "It snowed."]], columns=["text", "text"])
    with pytest.raises(InputError, match="same name"):
        hedgecheck.score_frame(frame)


def test_a_lazy_frame_is_refused_with_the_remedy() -> None:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    with pytest.raises(InputError, match=r"frame\.collect\(\)"):
        hedgecheck.score_frame(polars.LazyFrame({"text": ["It rained."]}))


# ------------------------------------------------------------------------------- progress


def test_progress_is_told_to_whoever_asks() -> None:
    told: list[tuple[str, int, int]] = []
    frame = pd.DataFrame({"text": ["It rained."] * 3})
    hedgecheck.score_frame(frame, progress=lambda *step: told.append(step))
    assert told == [("scoring", 3, 3)]


def test_the_bar_is_shown_when_asked_for_and_not_by_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    frame = pd.DataFrame({"text": ["It rained."] * 3})
    hedgecheck.score_frame(frame)
    hedgecheck.score_frame(frame, progress=False)
    assert capsys.readouterr() == ("", "")
    hedgecheck.score_frame(frame, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith("100%\n")


def test_on_a_terminal_the_bar_comes_up_once_it_takes_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    frame = pd.DataFrame({"text": ["It rained."]})
    monkeypatch.setattr("hedgecheck.frames._PATIENCE", 60.0)
    hedgecheck.score_frame(frame)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("hedgecheck.frames._PATIENCE", 0.0)
    hedgecheck.score_frame(frame)
    assert "100%" in capsys.readouterr().err


# ------------------------------------------------------------------------------- the rest


def test_the_method_and_the_function_are_the_same() -> None:
    frame = pd.DataFrame({"text": BODIES})
    pd.testing.assert_frame_equal(hedgecheck.score_frame(frame), model().score_frame(frame))


def test_scoring_texts_imports_nothing_that_frames_need() -> None:
    program = (
        "import sys, hedgecheck\n"
        "hedgecheck.score('It rained.').to_dict(); hedgecheck.score_sentences(['It rained.'])\n"
        "print(sorted({'narwhals', 'pandas', 'polars', 'pyarrow', 'sklearn', 'spacy', 'shtab', "
        "'markupsafe', 'tqdm'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, env=environment
    )
    assert done.stdout.strip() == b"[]"
