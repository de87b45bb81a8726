"""Readers for attributions: PolNeAR as rows and as distributed, GUM as rows and as CoNLL-U."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from corpus_samples import (
    GUM_CONLLU,
    SAMPLES,
    STANDOFF_ANN,
    STANDOFF_TEXT,
    gum_rows,
    json_lines,
    polnear_rows,
    write_standoff,
)

from hedgecheck.datasets import (
    Attribution,
    LabelledSentence,
    Span,
    read_gum,
    read_gum_conllu,
    read_polnear,
    read_polnear_standoff,
)
from hedgecheck.datasets.quote_types import quote_type, quoted_characters
from hedgecheck.errors import TrainingDataError

if TYPE_CHECKING:
    from pathlib import Path


def attributions(sentence: LabelledSentence) -> tuple[Attribution, ...]:
    assert sentence.labels is not None
    assert sentence.labels.attributions is not None
    return sentence.labels.attributions


def write_rows(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text(json_lines(rows), encoding="utf-8")
    return path


def test_polnear_rows(tmp_path: Path) -> None:
    (document,) = read_polnear(write_rows(tmp_path, polnear_rows()))
    assert (document.group, document.split, document.genre) == (
        "polnear/gazette_x",
        "dev",
        "gazette",
    )
    labels = [sentence.labels for sentence in document.sentences]
    # The first sentence holds content alone: its source and cue stand in the second.
    assert [each.attribution for each in labels if each] == ["none", "direct", "none"]
    (first,) = attributions(document.sentences[0])
    (second,) = attributions(document.sentences[1])
    assert first.id == second.id == "E1"
    assert not first.is_anchored
    assert first.source_text == "Mayor Brandt"
    assert second.sources == (Span(14, 26, "Mayor Brandt", "source"),)
    assert second.cues == (Span(9, 13, "said", "cue"),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quote_type": "verbatim"}, "quote_type: 'verbatim' is not in the set of labels"),
        ({"source_span": [[14, 99]]}, "the source span 14:99 lies outside its sentence of 27"),
        ({"cue_span": None}, "None is no list of cue spans"),
        ({"content_span": [[-1, 6]]}, "the content span -1:6 lies outside"),
        ({"id": None}, "id: None is no name"),
    ],
)
@pytest.mark.parametrize("kind", ["polnear", "gum"])
def test_a_bad_attribution_is_refused(
    kind: str, change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    rows = polnear_rows() if kind == "polnear" else gum_rows()
    if kind == "gum":
        names = {"id": "explicit_edu", "quote_type": "polarity"}
        change = {names.get(name, name): value for name, value in change.items()}
        message = message.replace("quote_type", "polarity").replace("id:", "explicit_edu:")
        message = message.replace(" of 27", " of 54")
    rows[1]["attributions"][0].update(change)
    path = write_rows(tmp_path, rows)
    with pytest.raises(TrainingDataError) as caught:
        list((read_polnear if kind == "polnear" else read_gum)(path))
    assert str(caught.value).startswith(f"{path}, line 2: ")
    assert message in str(caught.value)


def test_an_attribution_or_a_sentence_that_comes_twice_is_refused(tmp_path: Path) -> None:
    rows = polnear_rows()
    rows[1]["attributions"] *= 2
    with pytest.raises(TrainingDataError, match="duplicate attribution id in one sentence 'E1'"):
        list(read_polnear(write_rows(tmp_path, rows)))
    rows = polnear_rows()
    rows[2]["sent_index"] = 1
    with pytest.raises(TrainingDataError, match="line 3: duplicate sentence number in gazette_x"):
        list(read_polnear(write_rows(tmp_path, rows)))
    rows = polnear_rows()
    rows[1]["attributions"] = ["E1"]
    with pytest.raises(TrainingDataError, match="line 2: attributions: 'E1' is no object"):
        list(read_polnear(write_rows(tmp_path, rows)))


def test_polnear_as_distributed(tmp_path: Path) -> None:
    (document,) = read_polnear_standoff(write_standoff(tmp_path))
    assert (document.id, document.group) == ("gazette_x", "polnear/gazette_x")
    assert [sentence.text for sentence in document.sentences] == [
        "“The bridge is safe.",
        "Use it,” said Mayor Brandt.",
        "Divers, she wrote, found “no rust”.",
        "The toll is expected to fall.",
    ]
    assert [sentence.paragraph for sentence in document.sentences] == [0, 0, 1, 1]
    types = [sentence.labels.attribution for sentence in document.sentences if sentence.labels]
    assert types == ["none", "direct", "mixed", "indirect"]
    (first,) = attributions(document.sentences[0])
    assert (first.id, first.source_text, first.quote_type) == ("E1", "Mayor Brandt", "direct")
    (broken,) = attributions(document.sentences[2])
    assert [span.text for span in broken.contents] == ["Divers", "found “no rust”"]
    assert broken.sources == (Span(8, 11, "she", "source"),)
    (nobody,) = attributions(document.sentences[3])
    assert (nobody.sources, nobody.source_text) == ((), "")
    assert [span.text for span in nobody.contents] == ["The toll", "to fall"]


def test_polnear_by_every_annotator(tmp_path: Path) -> None:
    folder = write_standoff(tmp_path, ann="#1\tNote\tnothing found\n")
    (first,) = read_polnear_standoff(folder)
    assert {len(attributions(sentence)) for sentence in first.sentences} == {0}
    both = list(read_polnear_standoff(folder, every_annotator=True))
    assert [document.id for document in both] == ["gazette_x@ab12", "gazette_x@cd34"]
    assert {document.group for document in both} == {"polnear/gazette_x"}
    assert len(attributions(both[1].sentences[0])) == 1


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "T1\tSource 35 47",
            "T1\tSource 35 999",
            1,
            "the span 35:999 lies outside the text of 116",
        ),
        ("T1\tSource 35 47", "T1\tSource 36 47", 1, "the text has 'ayor Brandt' where the line"),
        ("T1\tSource 35 47", "T1\tSource 47 35", 1, "the span 47:35 lies outside"),
        ("T1\tSource 35 47", "T1\tSource 35-47", 1, "no valid standoff line"),
        ("T1\tSource 35 47", "T1 Source 35 47", 1, "no valid standoff line"),
        ("T2\tCue", "T1\tCue", 2, "duplicate annotation id 'T1', already used in line 1"),
        ("Source:T1", "Source:T77", 5, "event E1 has Source T77, which is not in the file"),
        ("Source:T1", "Source=T1", 5, "no valid standoff line"),
        ("E1\tAttribution:T4", "E1\tAttribution", 5, "no valid standoff line"),
    ],
)
def test_a_bad_standoff_file_is_refused(
    old: str, new: str, line: int, message: str, tmp_path: Path
) -> None:
    assert old in STANDOFF_ANN
    folder = write_standoff(tmp_path, ann=STANDOFF_ANN.replace(old, new, 1))
    with pytest.raises(TrainingDataError) as caught:
        list(read_polnear_standoff(folder))
    path = folder / "attributions" / "gazette_x_ab12.ann"
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert message in str(caught.value)


def test_standoff_files_and_articles_must_belong_together(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="there is no such folder"):
        list(read_polnear_standoff(tmp_path))
    folder = write_standoff(tmp_path)
    (folder / "text" / "gazette_y.txt").write_text("It rained.")
    with pytest.raises(TrainingDataError, match=r"gazette_y.txt: there is no attributions/gazette"):
        list(read_polnear_standoff(folder))
    (folder / "text" / "gazette_y.txt").unlink()
    (folder / "attributions" / "gazette_z_ab12.ann").write_text("")
    with pytest.raises(TrainingDataError, match=r"its article text/gazette_z.txt is missing"):
        list(read_polnear_standoff(folder))
    for path in (folder / "text").iterdir():
        path.unlink()
    with pytest.raises(TrainingDataError, match=r"no \.txt files"):
        list(read_polnear_standoff(folder))


def test_the_text_of_a_standoff_file_must_be_as_it_was(tmp_path: Path) -> None:
    folder = write_standoff(tmp_path, text=STANDOFF_TEXT.replace("\n", "\r\n"))
    with pytest.raises(TrainingDataError, match="must not be changed, its line ends included"):
        list(read_polnear_standoff(folder))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We leave at dawn,”", "direct"),
        ('"We leave at dawn,"', "direct"),
        ("«We leave at dawn»", "direct"),
        ("that they “leave at dawn”", "mixed"),
        ("that they leave at dawn", "indirect"),
        ("“We leave. \n“At dawn.", "direct"),
        ("“We leave. \nAt dawn, nobody knows where to.", "mixed"),
        ("… —", "indirect"),
    ],
)
def test_quote_types(text: str, expected: str) -> None:
    assert quote_type(text, quoted_characters(text), [(0, len(text))]) == expected


def test_gum_rows(tmp_path: Path) -> None:
    (document,) = read_gum(write_rows(tmp_path, gum_rows()))
    assert (document.group, document.split) == ("gum/GUM_news_sluice", "train")
    assert attributions(document.sentences[0]) == ()
    (found,) = attributions(document.sentences[1])
    assert (found.id, found.polarity, found.quote_type) == ("2", "positive", None)
    assert [span.text for span in found.cues] == ["According to", ","]


def test_gum_as_distributed(tmp_path: Path) -> None:
    SAMPLES["gum-conllu"].write(tmp_path)
    (document,) = read_gum_conllu(tmp_path)
    assert (document.id, document.genre, document.group) == (
        "GUM_news_sluice",
        "news",
        "gum/GUM_news_sluice",
    )
    assert [sentence.paragraph for sentence in document.sentences] == [0, 1]
    assert [sentence.part for sentence in document.sentences] == ["head", "p"]
    (found,) = attributions(document.sentences[1])
    assert (found.id, found.polarity, found.source_text) == ("2", "positive", "the water board")
    assert found.sources == (Span(13, 28, "the water board", "source"),)
    assert found.cues == (Span(0, 12, "According to", "cue"),)
    assert found.contents == (Span(30, 54, "the sluices can't close.", "content"),)


def test_without_a_signal_of_wording_the_cue_is_the_rest_of_the_unit(tmp_path: Path) -> None:
    content = GUM_CONLLU.replace("lex-indph-3-4-_+", "")
    (document,) = read_gum_conllu(SAMPLES["gum-conllu"].write(tmp_path, content))
    (found,) = attributions(document.sentences[1])
    assert found.cues == (Span(0, 12, "According to", "cue"),)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("2->3:0", "2->9:0", 14, "the relation points to unit 9, which is not in the document"),
        ("sem-atsrc-5-7", "sem-atsrc-5-70", 14, "a signal names word 15 of a document of 14 words"),
        ("sem-atsrc-5-7", "sem-atsrc-7-5", 14, "no valid range of words: '7-5'"),
        ("sem-atsrc-5-7", "sem-atsrc-5-99999999", 14, "no valid range of words"),
        ("attribution-positive:2->3", "attribution-positive:2", 14, "no valid discourse relation"),
        ("ROOT:3", "ROOT:2", 20, "duplicate discourse unit '2', already used in line 14"),
        ("8\tsluices\t_", "8\tsluices", 21, "9 columns where CoNLL-U has 10"),
        ("8\tsluices", "8\tlocks", 21, "the word 'locks' does not stand in the sentence's text"),
        ("9-10\tcan't", "9-10\tcannot", 22, "the word 'cannot' does not stand"),
        ("# text = Sluices stuck\n", "", 1, "a sentence without its text or id"),
        ("# newdoc id = GUM_news_sluice\n", "", 1, "a sentence before the first document"),
        ("sluice-2\n", "sluice-1\n", 10, "duplicate sentence id 'GUM_news_sluice-1'"),
    ],
)
def test_bad_conllu_is_refused(old: str, new: str, line: int, message: str, tmp_path: Path) -> None:
    assert old in GUM_CONLLU
    path = SAMPLES["gum-conllu"].write(tmp_path, GUM_CONLLU.replace(old, new, 1))
    with pytest.raises(TrainingDataError) as caught:
        list(read_gum_conllu(path))
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert message in str(caught.value)


def test_documents_of_conllu_files_come_once(tmp_path: Path) -> None:
    sample = SAMPLES["gum-conllu"]
    with pytest.raises(TrainingDataError, match="line 29: duplicate document id"):
        list(read_gum_conllu(sample.write(tmp_path, GUM_CONLLU * 2)))
    two = GUM_CONLLU + GUM_CONLLU.replace("sluice", "weir")
    assert len(list(read_gum_conllu(sample.write(tmp_path, two)))) == 2
    (tmp_path / "copy.conllu").write_text(two)
    with pytest.raises(TrainingDataError, match=r"copy\.conllu|duplicate document id"):
        list(read_gum_conllu(tmp_path))
    with pytest.raises(TrainingDataError, match="the file holds no sentences"):
        list(read_gum_conllu(sample.write(tmp_path, "\n\n")))
    (tmp_path / "none").mkdir()
    with pytest.raises(TrainingDataError, match=r"no \.conllu files in it"):
        list(read_gum_conllu(tmp_path / "none"))
