"""Training on a table of one's own, and from corpora to a model file, on invented sentences."""

from __future__ import annotations

import gzip
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import hedgecheck
from hedgecheck import Model, TrainingDataError
from hedgecheck.datasets import sentence_key
from hedgecheck.heads import CONFIDENTIAL, GATE, HEDGED, OUTPUTS, SOURCING_OUTPUTS
from hedgecheck.results import ATTRIBUTION, SOURCING
from hedgecheck.table_training import train_on_table
from hedgecheck.training import train_from_corpora
from hedgecheck.training_data import FILES, PRACTICE, READINGS

CORPORA = Path(
    os.environ.get("HEDGECHECK_CORPORA")
    or Path(__file__).resolve().parents[2] / "shared" / "corpora"
)

NAMES = ["Ilsa Brandt", "Tomas Rehn", "Odile Farran", "Jan Prosk", "Pavel Orlik", "Ana Keller"]
THINGS = ["ferry", "bridge", "bank", "harbour", "school", "library"]

#: Sentences of an invented news corpus: text with places to fill, certainty, sourcing, attribution,
#: confidential, source, cue, hedges.
Row = tuple[str, int, str, str, bool, str, str, list[str]]
SENTENCES: list[Row] = [
    ("{name} said the {thing} would close.", 95, "named", "indirect", False, "{name}", "said", []),
    ("The {thing} closed on Friday.", 95, "none", "none", False, "", "", []),
    ("The {thing} may open again.", 45, "none", "none", False, "", "", ["may"]),
    ("“The {thing} is old,” {name} said.", 95, "named", "direct", False, "{name}", "said", []),
    ("Officials said the {thing} was lost.", 95, "unnamed", "indirect", False, "Officials", "said",
     []),
    ("The {thing} is reportedly for sale.", 55, "vague", "indirect", False, "", "reportedly",
     ["reportedly"]),
    ("{name} declined to comment.", 95, "named", "no_comment", False, "{name}",
     "declined to comment", []),
    ("{name} hopes the {thing} will stay.", 60, "named", "belief", False, "{name}", "hopes",
     ["hopes"]),
    ("{name} called the {thing} “a mess” on Friday.", 95, "named", "mixed", False, "{name}",
     "called", []),
    ("People familiar with the {thing} said it was sold.", 95, "unnamed", "indirect", True,
     "People familiar with the {thing}", "said", []),
    ("Will the {thing} close?", 0, "none", "none", False, "", "", []),
    ("It is unclear whether the {thing} will open.", 15, "none", "none", False, "", "",
     ["unclear whether"]),
]  # fmt: skip


def span_of(text: str, words: str) -> list[int] | None:
    return [text.index(words), text.index(words) + len(words)] if words else None


def filled(number: int) -> list[dict[str, Any]]:
    """The sentences of invented document `number`, labelled as a news corpus labels them."""
    rows = []
    for i in range(len(SENTENCES)):
        text, certainty, sourcing, attribution, confidential, source, cue, hedges = SENTENCES[
            (i * 5 + number) % len(SENTENCES)
        ]
        fill = {"name": NAMES[number % 6], "thing": THINGS[(number + i) % 6]}
        text, source = text.format(**fill), source.format(**fill)
        rows.append(
            {
                "i": i, "text": text, "labelled": True, "certainty": certainty,
                "sourcing": sourcing, "attribution": attribution, "confidential": confidential,
                "source": source, "cue": cue, "hedges": hedges, "pronoun": False, "hard": False,
                "whole": number % 2 == 0, "source_span": span_of(text, source),
                "cue_span": span_of(text, cue), "hedge_spans": [span_of(text, h) for h in hedges],
            }
        )  # fmt: skip
    return rows


def write_corpora(folder: Path) -> Path:
    """Write an invented corpora folder: three small corpora in the formats of the real ones."""
    paths = {name: folder / file for name, file in FILES.items()}
    for path in paths.values():
        path.parent.mkdir(parents=True)
    with paths["hedgenews"].open("w", encoding="utf-8") as file:
        for number in range(10):
            name = {"doc": f"invented/story-{number}#0", "set": "invented"}
            lead = {"i": 100, "text": "A headline of context", "labelled": False, "whole": False}
            for row in [*filled(number), lead]:
                file.write(json.dumps({**name, **row}) + "\n")
    with gzip.open(paths["polnear"], "wt", encoding="utf-8") as file:
        for number in range(10):
            for row in filled(number):
                file.write(json.dumps(polnear_row(number, row)) + "\n")
    header = ["doc", "sent", "uncertain", "epistemic", "doxastic", "condition", "investigation"]
    lines = ["\t".join([*header, "text", "cues"])]
    for number in range(8):
        for i, (text, cues) in enumerate(SZEGED):
            kinds = [cue.rpartition(":")[2] for cue in cues.split(";") if cue]
            flags = [str(int(kind in kinds)) for kind in header[3:]]
            cells = [f"Invented_{number}", f"S{i}", str(int(bool(kinds))), *flags]
            lines.append("\t".join([*cells, text.format(thing=THINGS[number % 6]), cues]))
    paths["szeged-wiki"].write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


SZEGED = [
    ("The {thing} may be older than the town.", "may:epistemic"),
    ("Some believe the {thing} was white.", "believe:doxastic"),
    ("If the {thing} closes, the town is lost.", "If:condition"),
    ("They examined whether the {thing} was safe.", "examined:investigation"),
    ("The {thing} stands on a hill.", ""),
    ("The {thing} may be sold if it closes.", "may:epistemic;if:condition"),
]


def polnear_row(number: int, row: dict[str, Any]) -> dict[str, Any]:
    text = row["text"]
    attributions = []
    if row["cue_span"] and row["source_span"]:
        begin = row["cue_span"][1] + 1
        content = [begin, len(text) - 1] if len(text) - 1 > begin else [0, row["source_span"][0]]
        content = content if content[1] > content[0] else row["cue_span"]
        attributions.append(
            {
                "id": "a0", "source_text": row["source"], "cue_text": row["cue"],
                "content_text": text[content[0] : content[1]],
                "source_span": [row["source_span"]], "cue_span": [row["cue_span"]],
                "content_span": [content], "quote_type": "indirect", "spans_sentences": 1,
                "doc_source_span": [row["source_span"]],
            }
        )  # fmt: skip
    return {
        "doc": f"invented-{number}", "split": "train", "sent_index": row["i"],
        "publisher": "invented", "annotator": "a", "begin": 0, "end": len(text), "text": text,
        "attributions": attributions,
    }  # fmt: skip


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_corpora(tmp_path_factory.mktemp("corpora"))


@pytest.fixture(autouse=True)
def own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put small files in the place of our own training data."""
    folder = tmp_path_factory.mktemp("datasets")
    with (folder / READINGS).open("w", encoding="utf-8") as file:
        print("key,certainty,sourcing,attribution,flags,source,cue,hedges", file=file)
        for number in range(4):
            for row in filled(number)[:6]:
                key = sentence_key(f"invented-{number}", row["i"], row["text"])
                cells: list[Any] = [key, row["certainty"], SOURCING.index(row["sourcing"])]
                cells += [ATTRIBUTION.index(row["attribution"]), int(row["confidential"])]
                spans = [row["source_span"], row["cue_span"]]
                cells += ["-".join(map(str, span)) if span else "" for span in spans]
                cells.append(" ".join(f"{a}-{b}" for a, b in row["hedge_spans"]))
                print(*cells, sep=",", file=file)
    with (folder / PRACTICE).open("w", encoding="utf-8") as file:
        for row in filled(1):
            print(json.dumps({"doc": "practice/1#0", "set": "practice", **row}), file=file)
    monkeypatch.setattr("hedgecheck.training_data.datasets_folder", lambda: folder)


# ------------------------------------------------------------------------------------- from corpora


@pytest.mark.filterwarnings("default")  # scikit-learn and joblib may have something to say
def test_from_corpora_to_a_model_file(corpora: Path, tmp_path: Path) -> None:
    stages: list[tuple[str, int, int]] = []

    def tell(stage: str, done: int, total: int) -> None:
        stages.append((stage, done, total))

    reports = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        out = tmp_path / name / "small.joblib"
        reports.append(train_from_corpora(corpora, out, folds=2, jobs=1, progress=tell))
    one, two = reports
    # Twice the same, to the bit, and beside the file its card and its sum.
    assert one.sha256 == two.sha256
    assert one.path is not None
    assert one.path.read_bytes() == (tmp_path / "two" / "small.joblib").read_bytes()
    assert one.sha256 in (tmp_path / "one" / "SHA256SUMS").read_text(encoding="utf-8")
    assert one.sha256 in (tmp_path / "one" / "small.md").read_text(encoding="utf-8")
    # Figures over the labelled sentences only.
    assert one.n_sentences == 120
    assert one.n_whole == 60
    assert one.n_documents == 10
    assert one.all_sentences == two.all_sentences
    for name in ("sourcing.accuracy", "attribution.accuracy"):
        found = one.all_sentences[name]
        assert 0.8 < found.value <= 1.0  # the sentences are the same but for a word or two
        assert found.low <= found.value <= found.high
    assert "sourcing" in one.render()
    assert all(0 <= done <= total for _, done, total in stages)
    assert len({stage for stage, _, _ in stages}) >= 3
    # The model file is read, and scores.
    model = hedgecheck.load(one.path)
    assert (model.name, model.version) == ("small", "1")
    score = model.score_sentences(["Odile Farran said the bridge would close."])[0]
    assert (score.sourcing, score.attribution) == ("named", "indirect")
    assert score.source is not None
    assert score.source.text == "Odile Farran"


def test_without_folds_there_are_no_figures(corpora: Path, tmp_path: Path) -> None:
    report = train_from_corpora(corpora, tmp_path / "small.joblib", folds=0, jobs=1)
    assert report.all_sentences == {}
    assert report.size == (tmp_path / "small.joblib").stat().st_size
    assert "not cross-validated" in (tmp_path / "small.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("missing", sorted(FILES))
def test_a_missing_corpus(missing: str, tmp_path: Path) -> None:
    folder = write_corpora(tmp_path / "corpora")
    (folder / FILES[missing]).unlink()
    with pytest.raises(TrainingDataError, match=r"missing.*--corpora") as caught:
        train_from_corpora(folder, tmp_path / "small.joblib", folds=0, jobs=1)
    assert FILES[missing] in str(caught.value)
    assert not (tmp_path / "small.joblib").exists()


@pytest.mark.parametrize("name", ["hedgenews", "polnear"])
@pytest.mark.parametrize("line", ["{not json", '{"doc": "x#0"}', "[1]"])
def test_a_damaged_row_is_named(name: str, line: str, tmp_path: Path) -> None:
    folder = write_corpora(tmp_path / "corpora")
    path = folder / FILES[name]
    opener: Any = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        whole = file.read().split("\n")
    whole[1] = line
    with opener(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(whole))
    with pytest.raises(TrainingDataError, match=r"line 2\b"):
        train_from_corpora(folder, tmp_path / "small.joblib", folds=0, jobs=1)


@pytest.mark.skipif(not CORPORA.is_dir(), reason="the corpora are not here")
def test_the_real_corpora_can_be_read() -> None:
    from hedgecheck.datasets import read_hedgenews, read_polnear, read_szeged_tsv

    readers = {
        "hedgenews": read_hedgenews,
        "polnear": read_polnear,
        "szeged-wiki": read_szeged_tsv,
    }
    for name, read in readers.items():
        if not (CORPORA / FILES[name]).is_file():
            pytest.skip(f"{FILES[name]} is not here")
        document = next(iter(read(CORPORA / FILES[name])))
        assert document.sentences
        assert document.group


# ------------------------------------------------------------------------------------- from a table


@cache
def base() -> Model:
    return hedgecheck.load()


def invented_table(documents: int = 4) -> pd.DataFrame:
    rows = [{"story": number, **row} for number in range(documents) for row in filled(number)]
    table = pd.DataFrame(rows)
    table["certainty"] = table["certainty"] / 100
    return table


PROBES = [
    "Jan Prosk said the bank would close.",
    "The harbour may open again.",
    "Two officials familiar with the matter said rates could rise.",
    "“It is old,” she said.",
    "It rained.",
    "The firm is reportedly for sale.",
    "",
]


def outputs_of(model: Model, *, joint: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Calibrated logits of every output for the probes."""
    document = np.zeros(len(PROBES), dtype=np.int64) if joint else None
    analysis = model.engine.analyse(PROBES, model._lexicon(), document)
    engine = model.engine
    calibration = engine.second_calibration if joint else engine.first_calibration
    return analysis.scores * calibration.scale + calibration.offset


@pytest.mark.parametrize(
    ("columns", "changed"),
    [
        (["certainty"], range(HEDGED, len(OUTPUTS))),
        (["sourcing"], [GATE, *range(SOURCING_OUTPUTS.start, SOURCING_OUTPUTS.stop)]),
        (["attribution"], [GATE, *(OUTPUTS.index(name) for name in ATTRIBUTION[1:])]),
        (["confidential"], [CONFIDENTIAL]),
        (["certainty", "confidential"], range(CONFIDENTIAL, len(OUTPUTS))),
    ],
)
def test_a_table_changes_the_named_axes_only(columns: list[str], changed: Any) -> None:
    names = {column: column for column in columns}
    model = train_on_table(invented_table(), text="text", document="story", base=base(), **names)
    kept = [output for output in range(len(OUTPUTS)) if output not in changed]
    after, before = outputs_of(model, joint=False), outputs_of(base(), joint=False)
    assert np.array_equal(after[:, kept], before[:, kept])
    assert not np.array_equal(after[:, list(changed)], before[:, list(changed)])
    old, new = base().engine.second_pass, model.engine.second_pass
    assert np.array_equal(old.weights[:, kept], new.weights[:, kept])
    assert np.array_equal(old.bias[kept], new.bias[kept])
    # In context a head sees the first pass's sourcing, attribution and confidentiality of the
    # neighbours: only where those stay are its values sure to stay.
    if columns == ["certainty"]:
        joint_after, joint_before = outputs_of(model, joint=True), outputs_of(base(), joint=True)
        assert np.array_equal(joint_after[:, kept], joint_before[:, kept])
    assert model.name == "trained"
    for tagger in ("corpus_tagger", "news_tagger"):
        assert getattr(model.engine, tagger) is getattr(base().engine, tagger)


def test_training_on_a_table_learns_it() -> None:
    table = invented_table(6)
    table.loc[table["text"].str.contains("Officials said"), "sourcing"] = "vague"
    model = hedgecheck.train(table, text="text", document="story", sourcing="sourcing", base=base())
    scores = model.score_sentences(table["text"].tolist())
    right = [
        score.sourcing == label for score, label in zip(scores, table["sourcing"], strict=True)
    ]
    assert np.mean(right) > 0.9
    before = base().score_sentences(["Officials said the ferry was lost."])[0]
    after = model.score_sentences(["Officials said the ferry was lost."])[0]
    assert (before.sourcing, after.sourcing) == ("unnamed", "vague")
    # What was not trained stays.
    assert after.certainty == before.certainty
    assert after.confidential_proba == before.confidential_proba


def test_training_on_a_table_twice_gives_the_same_and_leaves_the_base_alone() -> None:
    before = base().score(" ".join(PROBES))
    models = [
        train_on_table(invented_table(), text="text", sourcing="sourcing", base=base())
        for _ in range(2)
    ]
    one, two = (model.score(" ".join(PROBES)) for model in models)
    assert one == two
    assert base().score(" ".join(PROBES)) == before


def test_a_trained_model_travels_through_a_file(tmp_path: Path) -> None:
    model = train_on_table(invented_table(), text="text", certainty="certainty", base=base())
    sha256 = model.save(tmp_path / "mine.joblib")
    again = hedgecheck.load(tmp_path / "mine.joblib")
    assert len(sha256) == 64
    assert again.name == "mine"
    assert again.score_sentences(PROBES) == model.score_sentences(PROBES)
    text = " ".join(PROBES)
    assert [s.to_dict() for s in again.score(text)] == [s.to_dict() for s in model.score(text)]


BAD_TABLES: list[tuple[dict[str, Any], dict[str, str], str]] = [
    ({}, {}, r"name a column of labels: certainty="),
    ({}, {"sourcing": "no such"}, r"no column 'no such'; it has \["),
    ({"sourcing": "anonymous"}, {"sourcing": "sourcing"}, r"row 3: sourcing is 'anonymous'.*named"),
    ({"attribution": None}, {"attribution": "attribution"}, r"row 3: attribution.*no_comment"),
    ({"certainty": 95.0}, {"certainty": "certainty"}, r"row 3: certainty.*95.*divide"),
    ({"certainty": float("nan")}, {"certainty": "certainty"}, r"row 3: certainty is nan"),
    ({"confidential": "maybe"}, {"confidential": "confidential"}, r"row 3: confidential.*true or"),
    ({"text": None}, {"sourcing": "sourcing"}, r"row 3: the text is None.*drop or mend"),
    ({"text": 7}, {"sourcing": "sourcing"}, r"row 3: the text is 7"),
]


@pytest.mark.parametrize(("values", "columns", "message"), BAD_TABLES)
def test_errors_name_the_row_and_the_remedy(
    values: dict[str, Any], columns: dict[str, str], message: str
) -> None:
    table = invented_table(1).astype(object)
    for column, value in values.items():
        table.loc[3, column] = value
    with pytest.raises(TrainingDataError, match=message):
        train_on_table(table, text="text", base=base(), **columns)


def test_a_table_without_rows_or_without_the_text() -> None:
    with pytest.raises(TrainingDataError, match="no rows"):
        train_on_table(invented_table()[:0], text="text", sourcing="sourcing", base=base())
    with pytest.raises(TrainingDataError, match="no column 'body'"):
        train_on_table(invented_table(), text="body", sourcing="sourcing", base=base())


def test_a_table_of_one_class_can_be_trained_on() -> None:
    table = pd.DataFrame({"text": ["It rained.", "It poured.", "It snowed."], "label": "none"})
    model = train_on_table(table, text="text", sourcing="label", base=base())
    assert {score.sourcing for score in model.score_sentences(PROBES)} == {"none"}


def test_labels_are_those_of_the_results() -> None:
    used = {row[2] for row in SENTENCES}, {row[3] for row in SENTENCES}
    assert used == (set(SOURCING), set(ATTRIBUTION))
