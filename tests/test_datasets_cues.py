"""Readers for hedge cues: the Szeged corpus, BioScope and CoNLL-2010, as XML and as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from corpus_samples import SAMPLES

from hedgecheck.datasets import LabelledDocument, Labels, Span, read
from hedgecheck.errors import TrainingDataError

if TYPE_CHECKING:
    from pathlib import Path


def read_sample(name: str, folder: Path, *changes: tuple[str, str]) -> list[LabelledDocument]:
    """Read the sample of a format, after some changes."""
    content = SAMPLES[name].content
    for old, new in changes:
        assert old in content
        content = content.replace(old, new, 1)
    return list(read(SAMPLES[name].write(folder, content), name))


def labels(document: LabelledDocument, number: int) -> Labels:
    found = document.sentences[number].labels
    assert found is not None
    return found


def words(spans: tuple[Span, ...] | None) -> list[tuple[str, str]]:
    return [(span.text, span.kind) for span in spans or ()]


@pytest.mark.parametrize("name", ["szeged-xml", "szeged-tsv"])
def test_szeged_has_cues_with_kinds(name: str, tmp_path: Path) -> None:
    first, _ = read_sample(name, tmp_path)
    assert (first.id, first.corpus) == ("Lake Orre_7", "szeged-wiki")
    assert first.group == "conll2010-wiki/Lake Orre_7"
    assert [sentence.name for sentence in first.sentences] == ["S1.1", "S1.2", "S1.3"]
    assert [labels(first, k).uncertain for k in range(3)] == [False, True, True]
    assert words(labels(first, 1).hedges) == [("may", "epistemic"), ("believe", "doxastic")]
    assert words(labels(first, 2).hedges) == [("if", "conditional"), ("whether", "doubt")]
    assert first.sentences[2].text.startswith("Fish & eels")


def test_szeged_tells_its_biomedical_part(tmp_path: Path) -> None:
    _, second = read_sample("szeged-xml", tmp_path)
    assert (second.corpus, second.group) == ("szeged-bio", "bioscope/42")
    table = SAMPLES["szeged-tsv"].content.splitlines()
    table = ["part\t" + table[0], "bmc\t" + table[1]]
    path = SAMPLES["szeged-tsv"].write(tmp_path, "\n".join(table))
    (document,) = read(path)
    assert (document.corpus, document.sentences[0].part) == ("szeged-bio", "bmc")


@pytest.mark.parametrize("name", ["bioscope-xml", "bioscope-tsv"])
def test_bioscope_has_hedges_and_negations(name: str, tmp_path: Path) -> None:
    (document,) = read_sample(name, tmp_path)
    assert (document.id, document.group, document.corpus) == ("1001", "bioscope/1001", "bioscope")
    assert [labels(document, k).uncertain for k in range(2)] == [False, True]
    assert labels(document, 1).hedges == (Span(6, 9, "may", "hedge"),)
    assert labels(document, 1).negations == (Span(23, 26, "not", "negation"),)
    assert document.sentences[1].text == "Newts may sleep but do not dream."


def test_conll2010_xml_tells_weasels_from_speculation(tmp_path: Path) -> None:
    wiki, bio = read_sample("conll2010-xml", tmp_path)
    assert [labels(wiki, k).weasel for k in range(2)] == [False, True]
    assert labels(wiki, 1).uncertain is None
    assert words(labels(wiki, 1).hedges) == [("Some say", "weasel")]
    assert wiki.group == "conll2010-wiki/Lake Orre_7"
    assert [sentence.part for sentence in wiki.sentences] == ["Title", "Text"]
    assert (labels(bio, 0).uncertain, labels(bio, 0).weasel) == (True, None)
    assert (bio.corpus, words(labels(bio, 0).hedges)) == ("bioscope", [("may", "hedge")])


def test_conll2010_table_has_the_szeged_cues_beside_the_label(tmp_path: Path) -> None:
    (document,) = read_sample("conll2010-tsv", tmp_path)
    assert (document.split, document.corpus) == ("train", "conll2010-wiki")
    assert labels(document, 1).weasel
    assert labels(document, 1).hedges == (Span(17, 20, "may", "epistemic"),)


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("szeged-xml", "modal_probable_", "modal_sure_", 5, "a cue of the type 'speculation_modal"),
        ("bioscope-xml", '"negation"', '"doubt"', 12, "a cue of the type 'doubt'; use one of spec"),
        ("conll2010-xml", '"certain"', '"sure"', 4, "has certainty='sure'; write certainty="),
        ("conll2010-xml", ' certainty="certain"', "", 4, "has certainty=''"),
        ("szeged-xml", 'id="S1.3"', 'id="S1.2"', 5, "duplicate sentence id in one document 'S1.2'"),
        ("szeged-xml", ">42<", ">Lake Orre_7<", 6, "duplicate document id 'Lake Orre_7', already"),
        ("szeged-xml", ' id="S1.2"', "", 5, "a sentence has no id"),
        ("szeged-xml", ">42<", "> <", 6, "a Document has no DocID"),
        ("szeged-xml", ">Lake Orre<", "> <", 4, "the sentence 'S1.1' is empty"),
        ("szeged-xml", ">may<", "><", 5, "an empty ccue element"),
        ("szeged-xml", ">may<", "> <", 5, "a ccue element holds white space only"),
        ("szeged-xml", "<Document ", "<Book ", 4, "the element 'Book' has no place here"),
        ("bioscope-xml", "<DocID", "<b/><DocID", 6, "the element 'b' has no place here"),
        ("bioscope-xml", "Sleep", "<b/>Sleep", 8, "the element 'b' has no place here"),
        ("bioscope-xml", "<DocID", "stray<DocID", 6, "text outside of any sentence: 'stray'"),
        ("szeged-xml", "</ccue> dry", "</cue> dry", 5, "no well-formed XML (mismatched tag"),
        ("szeged-xml", "&amp;", "&eels;", 5, "the entity 'eels' is declared nowhere"),
        ("bioscope-xml", "utf-8", "utf-99", 1, "encoding"),
    ],
)
def test_bad_xml_names_file_line_cause_and_remedy(
    name: str, old: str, new: str, line: int, message: str, tmp_path: Path
) -> None:
    with pytest.raises(TrainingDataError) as caught:
        read_sample(name, tmp_path, (old, new))
    path = tmp_path / SAMPLES[name].file
    assert str(caught.value).startswith(f"{path}, line ")
    assert message in str(caught.value)
    assert abs(int(str(caught.value).split("line ")[1].split(":")[0]) - line) <= 1
    assert ";" in str(caught.value)


def test_xml_that_is_cut_off_says_so(tmp_path: Path) -> None:
    content = SAMPLES["szeged-xml"].content
    path = SAMPLES["szeged-xml"].write(tmp_path, content[: content.index("believe")])
    with pytest.raises(TrainingDataError, match=r"line 4: no well-formed XML.*cut off: get it ag"):
        list(read(path, "szeged-xml"))


def test_xml_without_documents_is_refused(tmp_path: Path) -> None:
    path = SAMPLES["szeged-xml"].write(tmp_path, "<Annotation><DocumentSet/></Annotation>")
    with pytest.raises(TrainingDataError, match="no Document element"):
        list(read(path, "szeged-xml"))


BOMB = "<!DOCTYPE Annotation [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><Annotation>&b;</Annotation>"


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        "<!DOCTYPE Annotation [<!ENTITY a SYSTEM 'secret.txt'>]><Annotation>&a;</Annotation>",
        "<!DOCTYPE Annotation [<!ENTITY % a SYSTEM 'secret.txt'> %a;]><Annotation/>",
        "<!DOCTYPE Annotation [<!ENTITY % a '<!ENTITY b \"x\">'> %a;]><Annotation>&b;</Annotation>",
    ],
)
def test_declared_entities_are_refused_and_nothing_else_is_opened(
    content: str, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("<Document/>")
    path = SAMPLES["szeged-xml"].write(tmp_path, content)
    with pytest.raises(TrainingDataError, match=r"line 1: the file declares or uses the entity"):
        list(read(path, "szeged-xml"))


def test_the_dtd_beside_a_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "Uncertainty.dtd").write_text("<!ENTITY eels 'secret'> nonsense <")
    assert len(read_sample("szeged-xml", tmp_path)) == 2


def test_deeply_nested_xml_is_no_trouble(tmp_path: Path) -> None:
    deep = "<xcope>" * 50_000 + "Newts" + "</xcope>" * 50_000
    (document,) = read_sample("bioscope-xml", tmp_path, ("Sleep in newts.", deep))
    assert document.sentences[0].text == "Newts"


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("szeged-tsv", "may:epistemic", "may:sure", 3, "has a cue of the kind 'sure'"),
        ("szeged-tsv", "may:epistemic", ":epistemic", 3, "has a cue without words"),
        ("szeged-tsv", "may:epistemic", "might:epistemic", 3, "'might' does not stand in the sen"),
        ("szeged-tsv", "may:epistemic;believe:doxastic", "believe:doxastic;may:epistemic", 3,
         "does not stand in the sentence after the one before"),
        ("szeged-tsv", "S1.2\t1\t1", "S1.2\t1\t0", 3, "epistemic: '0' does not agree with"),
        ("szeged-tsv", "S1.2\t1\t1", "S1.2\t0\t1", 3, "uncertain: '0' does not agree"),
        ("szeged-tsv", "S1.2\t1", "S1.2\t2", 3, "uncertain: '2' is neither yes nor no"),
        ("szeged-tsv", "S1.3", "S1.2", 4, "duplicate sentence id in Lake Orre_7 'S1.2'"),
        ("szeged-tsv", "Mount Tal_8\tS1.1\t0", "Mount Tal_8\tS1.1", 5, "8 columns, but the header"),
        ("szeged-tsv", "\tcues", "\tclues", 1, "the header has no column 'cues' (it has: doc, sen"),
        ("szeged-tsv", "doc\tsent", "sent\tsent", 1, "no column 'doc'"),
        ("szeged-tsv", '""old""', '"old', 5, "no valid table row"),
        ("szeged-tsv", '"The ""old"" mount"\t', '"The old mount', 5, "no valid table row"),
        ("bioscope-tsv", "S1.1\t0", "S1.1\t1", 2, "speculation: '1' does not agree with spec_cues"),
        ("conll2010-tsv", "Text\t1", "Text\tyes?", 3, "label: 'yes?' is neither yes nor no"),
    ],
)  # fmt: skip
def test_a_bad_table_names_file_line_cause_and_remedy(
    name: str, old: str, new: str, line: int, message: str, tmp_path: Path
) -> None:
    with pytest.raises(TrainingDataError) as caught:
        read_sample(name, tmp_path, (old, new))
    path = tmp_path / SAMPLES[name].file
    assert str(caught.value).startswith(f"{path}, line {line}: ")
    assert message in str(caught.value)
    assert ";" in str(caught.value)


def test_a_document_that_comes_back_in_a_table_is_refused(tmp_path: Path) -> None:
    content = SAMPLES["szeged-tsv"].content
    again = "Lake Orre_7\tS1.4\t0\t0\t0\t0\t0\tIt is deep.\t\n"
    path = SAMPLES["szeged-tsv"].write(tmp_path, content + again)
    with pytest.raises(TrainingDataError, match="line 6: duplicate document id 'Lake Orre_7'"):
        list(read(path))


def test_a_table_with_a_header_only_or_a_column_twice_is_refused(tmp_path: Path) -> None:
    header, rest = SAMPLES["szeged-tsv"].content.split("\n", 1)
    with pytest.raises(TrainingDataError, match="the table has no rows"):
        list(read(SAMPLES["szeged-tsv"].write(tmp_path, header + "\n"), "szeged-tsv"))
    path = SAMPLES["szeged-tsv"].write(tmp_path, f"{header}\tdoc\n{rest}")
    with pytest.raises(TrainingDataError, match="line 1: the header names a column twice"):
        list(read(path, "szeged-tsv"))
