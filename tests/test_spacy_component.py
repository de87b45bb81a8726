"""The component for spaCy; all but the last tests need spaCy, which is an extra."""

from __future__ import annotations

import importlib
import importlib.metadata
import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest

import hedgecheck
from hedgecheck import spacy_component
from hedgecheck.errors import HedgecheckError, MissingExtraError, ModelFileError

try:
    import spacy
    from spacy.tokens import Doc, DocBin
    from spacy.tokens import Span as SpacySpan
except ImportError:
    spacy = None

needs_spacy = pytest.mark.skipif(
    spacy is None, reason="spaCy is not installed: pip install 'hedgecheck[spacy]'"
)

TEXT = (
    "The weir at Tamsel may fail, two engineers said.\n\n"
    "“We are ready,” said Odile Marn. She refused to say more.It rained. "
)


@pytest.fixture(scope="module")
def pipeline() -> Any:
    language = spacy.blank("en")
    language.add_pipe("hedgecheck")
    return language


@pytest.fixture(scope="module")
def presplit() -> Any:
    """Return a pipeline in which spaCy finds the sentences."""
    language = spacy.blank("en")
    language.add_pipe("sentencizer")
    language.add_pipe("hedgecheck")
    return language


@needs_spacy
def test_a_doc_has_the_scores_of_its_text(pipeline: Any) -> None:
    doc = pipeline(TEXT)
    document = hedgecheck.score(TEXT)
    assert doc._.hedgecheck == document
    assert doc._.hedgecheck.profile == document.profile
    for mine, other in zip(doc._.hedgecheck, document, strict=True):
        assert mine.explain() == other.explain()


@needs_spacy
def test_sentences_are_set_where_there_are_none_and_have_their_scores(pipeline: Any) -> None:
    doc = pipeline(TEXT)
    document = doc._.hedgecheck
    sentences = list(doc.sents)
    assert [sentence.text.strip() for sentence in sentences] == [s.text for s in document]
    for sentence, score in zip(sentences, document, strict=True):
        assert sentence._.hedgecheck == score
        for name in spacy_component.FIELDS:
            assert getattr(sentence._, name) == getattr(score, name)


@needs_spacy
def test_sentences_that_are_there_are_kept(presplit: Any) -> None:
    text = "\n\nIt may rain. \n\nIt rained, Odile Marn said. \n \n"
    plain = spacy.blank("en")
    plain.add_pipe("sentencizer")
    doc = presplit(text)
    assert [s.text for s in doc.sents] == [s.text for s in plain(text).sents]
    scores = [sentence._.hedgecheck for sentence in doc.sents if sentence.text.strip()]
    assert len(scores) == len(doc._.hedgecheck) == 2
    assert scores == list(doc._.hedgecheck)
    assert all(text[score.start : score.end] == score.text for score in scores)
    paragraphs = [["It may rain."], ["It rained, Odile Marn said."]]
    wanted = hedgecheck.score_document(paragraphs)
    assert [s.certainty for s in scores] == [s.certainty for s in wanted]
    assert scores[1].explain() == wanted[1].explain()


@needs_spacy
def test_any_span_has_the_score_of_its_sentence(pipeline: Any) -> None:
    doc = pipeline(TEXT)
    (word,) = [token.i for token in doc if token.text == "Odile"]
    assert doc[word : word + 2]._.sourcing == "named"
    assert doc[0:1]._.certainty == doc._.hedgecheck[0].certainty


@needs_spacy
def test_the_evidence_stands_in_spans(pipeline: Any) -> None:
    doc = pipeline(TEXT)
    found = {(span.label_, span.text, span.id_) for span in doc.spans["hedgecheck"]}
    assert ("HEDGE", "may", "epistemic") in found
    assert ("SOURCE", "two engineers", "") in found
    assert ("CUE", "said", "") in found
    assert ("QUOTE", "“We are ready,”", "") in found
    assert {label for label, _, _ in found} <= set(spacy_component.LABELS)


@needs_spacy
@pytest.mark.parametrize("text", ["", " ", "\n", "hi", " hi", "hi\n\n", "7", "\ud800"])
def test_little_or_nothing_is_no_failure(pipeline: Any, presplit: Any, text: str) -> None:
    for language in (pipeline, presplit):
        try:
            plain = language.make_doc(text)
        except UnicodeEncodeError:  # spaCy itself takes no lone surrogates
            continue
        doc = language(plain)
        assert len(doc._.hedgecheck) == (1 if text.strip() else 0)
        assert [s._.hedged for s in doc.sents] == ([False] if text.strip() else [None] * len(doc))


@needs_spacy
def test_a_stream_gives_what_single_docs_give(pipeline: Any) -> None:
    texts = [TEXT, "", "It rained.", *["Rates may rise, a source said."] * 5]
    alone = [pipeline(text)._.hedgecheck for text in texts]
    assert [doc._.hedgecheck for doc in pipeline.pipe(texts, batch_size=3)] == alone
    assert [doc._.hedgecheck for doc in pipeline.pipe(texts[:3], n_process=2)] == alone[:3]


@needs_spacy
def test_scores_travel_with_the_doc(pipeline: Any, tmp_path: Path) -> None:
    doc = pipeline(TEXT)
    binary = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (again,) = DocBin().from_bytes(binary).get_docs(pipeline.vocab)
    for twin in (again, pickle.loads(pickle.dumps(doc))):
        assert twin._.hedgecheck == doc._.hedgecheck
        assert len(twin.spans["hedgecheck"]) == len(doc.spans["hedgecheck"])
    doc.to_disk(tmp_path / "doc")
    assert Doc(pipeline.vocab).from_disk(tmp_path / "doc")._.hedgecheck == doc._.hedgecheck


@needs_spacy
def test_a_pipeline_is_saved_and_loaded(pipeline: Any, tmp_path: Path) -> None:
    if not importlib.metadata.entry_points(group="spacy_factories", name="hedgecheck"):
        pytest.skip("the package is not installed, so spaCy does not find its entry point")
    pipeline.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again(TEXT)._.hedgecheck == pipeline(TEXT)._.hedgecheck


@needs_spacy
def test_the_settings_are_heeded(tmp_path: Path) -> None:
    path = tmp_path / "mine.joblib"
    hedgecheck.load().save(path)
    language = spacy.blank("en")
    language.add_pipe("hedgecheck", config={"model": str(path), "spans_key": "evidence"})
    doc = language("It may rain.")
    assert doc._.hedgecheck.model_name == "mine"
    assert doc._.hedgecheck[0].explain()
    assert [span.text for span in doc.spans["evidence"]] == ["may"]


@needs_spacy
def test_a_model_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(ModelFileError, match="klingon"):
        spacy.blank("en").add_pipe("hedgecheck", config={"model": "klingon"})


@needs_spacy
def test_without_the_component_there_is_nothing() -> None:
    doc = spacy.blank("en")("It rained.")
    assert doc._.hedgecheck is None
    assert doc[0:1]._.hedgecheck is doc[0:1]._.certainty is None


@needs_spacy
def test_extensions_of_others_are_left_alone() -> None:
    importlib.reload(spacy_component)  # our own may come again
    mine = SpacySpan.remove_extension("certainty")
    try:
        SpacySpan.set_extension("certainty", default=1.0)
        with pytest.raises(HedgecheckError, match=r"span\._\.certainty is taken"):
            importlib.reload(spacy_component)
    finally:
        SpacySpan.set_extension("certainty", getter=mine[2], force=True)
        importlib.reload(spacy_component)


def test_without_spacy_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_component, "_has_spacy", lambda: False)
    with pytest.raises(MissingExtraError, match=r"pip install 'hedgecheck\[spacy\]'"):
        spacy_component.make_component(None, "hedgecheck")


def test_the_entry_point_leads_to_the_factory() -> None:
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text("utf-8"))
    target = project["project"]["entry-points"]["spacy_factories"][spacy_component.NAME]
    module, _, name = target.partition(":")
    assert getattr(importlib.import_module(module), name) is spacy_component.make_component
