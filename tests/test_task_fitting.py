"""Fitting a task: what is learned, and the laws that hold whatever is learned.

All sentences are made of invented words, so that what there is to learn is known.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.optimize import approx_fprime
from scipy.sparse import csr_matrix

from hedgecheck import task_words
from hedgecheck.blocks import FloatArray
from hedgecheck.datasets import Attribution, LabelledDocument, LabelledSentence, Labels, Span
from hedgecheck.errors import TrainingDataError
from hedgecheck.evaluation import span_counts, span_f1
from hedgecheck.fitting import BoolArray
from hedgecheck.task_evidence import has_evidence
from hedgecheck.task_fitting import fit_task
from hedgecheck.task_linear import cross_fitted, fit_linear
from hedgecheck.task_ngrams import correlation, known_ngrams, log_odds, ngram_matrix
from hedgecheck.task_reading import INNER_FOLDS, inner_folds, read_documents, spans_by_tag
from hedgecheck.task_shipped import is_new_text
from hedgecheck.task_stack import best_f1_threshold
from hedgecheck.task_words import deciding_tokens, fit_tokens, pooled, word_matrix
from hedgecheck.vocabulary import Vocabulary

_NOUNS = ("mill", "harbour", "council", "bridge", "orchard", "ferry", "choir", "library")
_VERBS = ("opened", "closed", "moved", "grew", "shrank", "burned", "reopened", "changed")
_TIMES = ("on Monday", "in spring", "last year", "at noon", "in June", "after lunch", "by night")
_WEASELS = ("some people", "many critics", "various observers")


def _sentence(draw: np.random.Generator, lead: str = "the old") -> str:
    noun, verb, time = (str(draw.choice(words)) for words in (_NOUNS, _VERBS, _TIMES))
    return f"{lead} {noun} {verb} {time}.".capitalize()


def _document(number: int, sentences: list[LabelledSentence], corpus: str) -> LabelledDocument:
    return LabelledDocument(f"d{number}", f"d{number}", corpus, tuple(sentences))


def _weasels(
    n_documents: int = 40, corpus: str = "mine", *, marked: bool = False
) -> tuple[list[LabelledDocument], BoolArray]:
    """Documents of four sentences, of which those that begin with a weasel phrase are a yes."""
    draw = np.random.default_rng(n_documents)
    documents, labels = [], []
    for number in range(n_documents):
        sentences = []
        for place in range(4):
            weasel = bool(draw.random() < 0.4)
            phrase = str(draw.choice(_WEASELS))
            text = _sentence(draw, f"{phrase} say the old" if weasel else "the old")
            span = Span(0, len(phrase), text[: len(phrase)], "epistemic")
            hedges = ((span,) if weasel else ()) if marked else None
            sentences.append(LabelledSentence(text, place, Labels(weasel=weasel, hedges=hedges)))
            labels.append(weasel)
        documents.append(_document(number, sentences, corpus))
    return documents, np.array(labels)


def _speeches(n_documents: int = 40) -> tuple[list[LabelledDocument], list[str]]:
    """Documents in which a source says something, directly or not, or nobody says anything."""
    draw = np.random.default_rng(1)
    documents, kinds = [], []
    for number in range(n_documents):
        sentences = []
        for place in range(4):
            kind = str(draw.choice(["none", "direct", "indirect"]))
            claim = _sentence(draw)[:-1]
            name = str(draw.choice(["Mara Quill", "Tobias Renn", "the mayor"]))
            found: tuple[Attribution, ...] = ()
            text = f"{claim}."
            if kind != "none":
                text = f'"{claim}," {name} said.' if kind == "direct" else f"{claim}, {name} said."
                start = text.index(name)
                source = Span(start, start + len(name), name, "source")
                at = text.index("said", start)
                cue = Span(at, at + 4, "said", "cue")
                found = (Attribution(id="a", sources=(source,), cues=(cue,), quote_type=kind),)
            labels = Labels(attribution=kind, attributions=found)
            sentences.append(LabelledSentence(text, place, labels))
            kinds.append(kind)
        documents.append(_document(number, sentences, "polnear"))
    return documents, kinds


def _unlabelled(documents: list[LabelledDocument]) -> list[LabelledDocument]:
    """The documents with labels that tell nothing."""
    return [
        replace(d, sentences=tuple(replace(s, labels=Labels()) for s in d.sentences))
        for d in documents
    ]


# --------------------------------------------------------------------------------------- laws


@pytest.mark.parametrize("marked", [False, True])
def test_yes_or_no_is_learned_from_sentences_and_from_marked_words(marked: bool) -> None:
    documents, labels = _weasels(marked=marked)
    fitted = fit_task("yes-no", documents, labels)
    new, expected = _weasels(15)
    found = fitted.predict(new)
    assert fitted.classes == ("no", "yes")
    assert found.shape == expected.shape
    assert ((found >= fitted.threshold) == expected).all()


def test_labels_of_the_documents_to_predict_are_not_looked_at() -> None:
    documents, labels = _weasels(marked=True)
    fitted = fit_task("yes-no", documents, labels)
    new, _ = _weasels(15, marked=True)
    assert (fitted.predict(new) == fitted.predict(_unlabelled(new))).all()
    speeches, kinds = _speeches()
    finder = fit_task("spans", speeches, _gold_sources(speeches))
    assert finder.predict(speeches) == finder.predict(_unlabelled(speeches))
    assert len(finder.predict(speeches)) == len(kinds)


def test_a_document_is_scored_the_same_alone_and_among_others() -> None:
    documents, labels = _weasels()
    fitted = fit_task("yes-no", documents, labels)
    new, _ = _weasels(6)
    alone = np.concatenate([fitted.predict([document]) for document in new])
    np.testing.assert_allclose(fitted.predict(new), alone, atol=1e-9)


def test_the_same_seed_gives_the_same_model() -> None:
    documents, labels = _weasels(20)
    first, second = (fit_task("yes-no", documents, labels, seed=3) for _ in range(2))
    assert first.threshold == second.threshold
    assert (first.predict(documents) == second.predict(documents)).all()


def test_context_is_read_and_not_scored() -> None:
    documents, labels = _weasels(20)
    new, _ = _weasels(6)
    context = [
        replace(d, sentences=(replace(d.sentences[0], labels=None), *d.sentences[1:])) for d in new
    ]
    fitted = fit_task("yes-no", documents, labels)
    found, whole = fitted.predict(context), fitted.predict(new).reshape(6, 4)
    np.testing.assert_allclose(found, whole[:, 1:].ravel(), atol=1e-9)
    with_context = [*context, *documents]
    known = np.concatenate([np.zeros(18, dtype=bool), labels])
    assert fit_task("yes-no", with_context, known).predict(new).shape == (24,)


@pytest.mark.parametrize("corpus", ["mine", "szeged-wiki"])
def test_odd_sentences_are_scored(corpus: str) -> None:
    documents, labels = _weasels(20, corpus)
    odd = [
        LabelledSentence(text, number, Labels())
        for number, text in enumerate(["", " ", "?", "\ud800", "word " * 3000])
    ]
    found = fit_task("yes-no", documents, labels).predict([_document(0, odd, corpus)])
    assert np.isfinite(found).all()
    assert fit_task("yes-no", documents, labels).predict([]).shape == (0,)


def test_few_sentences_are_enough() -> None:
    draw = np.random.default_rng(0)
    sentences = [LabelledSentence(_sentence(draw), i, Labels()) for i in range(2)]
    documents = [_document(0, sentences, "szeged-wiki")]
    assert fit_task("yes-no", documents, [True, False]).predict(documents).shape == (2,)
    assert fit_task("graded", documents, [1.0, 2.0]).predict(documents).shape == (2,)
    assert fit_task("spans", documents[:1], [[(0, 3)], []]).predict(documents)[1] == []


@pytest.mark.parametrize("kind", ["yes-no", "classes"])
def test_one_class_is_nothing_to_learn_from(kind: str) -> None:
    documents, labels = _weasels(3)
    with pytest.raises(TrainingDataError, match="12 labelled sentences with 1 different labels"):
        fit_task(kind, documents, np.zeros(len(labels), dtype=int), classes=("a", "b"))


# -------------------------------------------------------------------------------------- kinds


def test_classes_are_learned_and_one_without_examples_has_no_probability() -> None:
    documents, kinds = _speeches()
    classes = ("none", "direct", "mixed", "indirect")
    labels = [classes.index(kind) for kind in kinds]
    found = fit_task("classes", documents, labels, classes=classes).predict(documents)
    assert found.shape == (len(labels), 4)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    assert (found[:, 2] == 0).all()
    assert np.mean(found.argmax(axis=1) == labels) > 0.95


def test_grades_are_learned() -> None:
    draw = np.random.default_rng(0)
    grade = {"surely": 5.0, "probably": 3.5, "perhaps": 2.0}
    words = [str(draw.choice(list(grade))) for _ in range(90)]
    documents = [
        _document(i, [LabelledSentence(_sentence(draw, f"{word} the"), 0, Labels())], "mine")
        for i, word in enumerate(words)
    ]
    labels = np.array([grade[word] for word in words])
    found = fit_task("graded", documents[:60], labels[:60]).predict(documents[60:])
    assert np.corrcoef(found, labels[60:])[0, 1] > 0.95


def _gold_sources(documents: list[LabelledDocument]) -> list[list[tuple[int, int]]]:
    return [
        [(a.sources[0].start, a.sources[0].end) for a in (s.labels.attributions or ())]
        for d in documents
        for s in d.labelled
        if s.labels
    ]


def test_spans_are_found_as_characters_of_their_sentences() -> None:
    # Enough candidates for the choice among them to be learned, and too few.
    for n_documents in (120, 40):
        documents, _ = _speeches(n_documents)
        gold = _gold_sources(documents)
        finder = fit_task("spans", documents, gold)
        found = finder.predict(documents)
        assert float(span_f1(span_counts(gold, found).sum(axis=0))) > 0.95
        texts = [s.text for d in documents for s in d.labelled]
        for text, spans in zip(texts, found, strict=True):
            assert all(0 <= start < end <= len(text) for start, end in spans)
            assert all(text[start:end] == text[start:end].strip() for start, end in spans)


def test_where_nothing_was_marked_no_span_is_found() -> None:
    documents, labels = _weasels(10)
    assert fit_task("spans", documents, [[] for _ in labels]).predict(documents) == [
        [] for _ in labels
    ]


# ------------------------------------------------------------------------------------- stages


def test_folds_keep_a_group_together_and_split_the_only_one() -> None:
    documents, _ = _weasels(12)
    reading = read_documents(documents, Vocabulary([]))
    fold = inner_folds(reading)
    assert len(np.unique(fold)) == INNER_FOLDS
    assert all(len(np.unique(fold[reading.document == d])) == 1 for d in range(12))
    alone = inner_folds(read_documents(documents[:1], Vocabulary([])))
    assert len(np.unique(alone)) > 1


def test_unseen_scores_do_not_depend_on_the_labels_of_their_fold() -> None:
    draw = np.random.default_rng(0)
    features = csr_matrix((draw.random((60, 8)) < 0.4).astype(float))
    target = draw.random((60, 1)) < 0.5
    fold = np.arange(60) % 4
    changed = target.copy()
    changed[fold == 2] = ~changed[fold == 2]
    rows = np.arange(60)

    def unseen(labels: BoolArray) -> FloatArray:
        return cross_fitted(lambda x, y: fit_linear(x, y, 1.0), features, labels, rows, fold)[1]

    before, after = unseen(target), unseen(changed)
    assert (before[fold == 2] == after[fold == 2]).all()
    assert (before[fold != 2] != after[fold != 2]).any()


def test_ngrams_are_counted_once_a_sentence_and_never_cross_one() -> None:
    texts = ["Old mill, old mill", "old mill", "mill old", "Old", "mill"]
    sentences = [LabelledSentence(text, i, Labels()) for i, text in enumerate(texts)]
    scene = read_documents([_document(0, sentences, "mine")], Vocabulary([])).scene
    keys = known_ngrams(scene)
    found = ngram_matrix(scene, keys).toarray()
    # In two sentences at least: "old", "mill", "old mill"; the rest is in one, or in none.
    assert len(keys) == 3
    assert sorted(map(sum, found.T.tolist())) == [2.0, 4.0, 4.0]
    assert found.max() == 1.0
    assert ngram_matrix(scene, keys[:0]).shape == (5, 0)


def test_scales_of_ngrams() -> None:
    features = csr_matrix(np.array([[1.0, 1], [1, 0], [1, 0], [1, 1]]))
    told = log_odds(features, np.array([True, False, False, True]))
    np.testing.assert_allclose(told, [0.0, np.log(3)])
    assert log_odds(features, np.zeros(4, dtype=bool)).shape == (2,)
    low, high = correlation(features, np.array([1.0, 0, 0, 1]))
    assert low == pytest.approx(0.1)
    assert high == pytest.approx(1 / (0.5 * np.sqrt(7)))


def test_noisy_or_is_the_probability_of_any() -> None:
    documents, _ = _weasels(1)
    scene = read_documents(documents, Vocabulary([])).scene
    scores = np.random.default_rng(0).normal(size=(len(scene.slots), 2))
    found = 1 / (1 + np.exp(-pooled(scores, scene)))
    for sentence in range(4):
        each = 1 / (1 + np.exp(-scores[scene.sentence == sentence]))
        np.testing.assert_allclose(found[sentence], 1 - np.prod(1 - each, axis=0))
    assert np.isfinite(pooled(scores * 1e4, scene)).all()


def test_the_loss_of_tokens_has_its_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(0)
    features = csr_matrix((draw.random((30, 6)) < 0.5).astype(float))
    sentence = np.sort(draw.integers(0, 6, 30))
    weak = np.array([True, False, False, True, False, False])
    marked = (sentence == 1) & (draw.random(30) < 0.5)
    caught: dict[str, Any] = {}

    def no_steps(loss: Any, start: FloatArray, **_: Any) -> Any:
        caught["loss"] = loss
        return type("Found", (), {"x": start})

    monkeypatch.setattr("scipy.optimize.minimize", no_steps)
    fit_tokens(features, sentence, marked, weak)
    loss = caught["loss"]
    point = draw.normal(size=7)

    def value(at: FloatArray) -> float:
        return float(loss(at)[0])

    numeric = approx_fprime(point, value)
    np.testing.assert_allclose(loss(point)[1], numeric, atol=1e-4)


def test_the_word_that_decides_need_not_be_marked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(task_words, "_SHARE_OF_COLUMNS", 1.0)
    documents, labels = _weasels()
    reading = read_documents(documents, Vocabulary([]))
    view, unseen = task_words.fit_words(reading, labels[:, None], inner_folds(reading), 0)
    assert ((unseen[:, 0] > 0) == labels).mean() > 0.95
    tokens = (word_matrix(reading)[:, view.columns] @ view.weights + view.bias).mean(axis=1)
    surfaces = reading.scene.properties.surfaces
    words = [surfaces[t].strip().lower() for t in reading.scene.tokens.type[reading.scene.slots]]
    strongest = {words[i] for i in np.argsort(-tokens)[:40]}
    assert strongest <= {word for phrase in _WEASELS for word in phrase.split()} | {"say", "the"}


def test_marked_words_decide_only_where_no_sentence_that_is_a_no_has_them() -> None:
    documents, labels = _weasels(10, marked=True)
    reading = read_documents(documents, Vocabulary([]))
    assert set(reading.scene.sentence[deciding_tokens(reading, labels)]) == set(
        np.flatnonzero(labels)
    )
    assert not deciding_tokens(reading, np.arange(len(labels)) % 2 == 0).any()
    assert not deciding_tokens(read_documents(_weasels(10)[0], Vocabulary([])), labels).any()


def test_spans_by_tag_hold_what_the_guidelines_mark() -> None:
    source, cue = Span(0, 4, "Mara", "source"), Span(5, 9, "said", "cue")
    doubt = Span(10, 17, "unclear", "doubt")
    assert spans_by_tag(Labels(source=source, cue=cue, hedges=(doubt,))) == {
        "source": [(0, 4)],
        "cue": [(5, 9)],
        "hedge": [(10, 17)],
        "investigation": [(10, 17)],
    }
    assert spans_by_tag(None) == {}
    assert has_evidence(read_documents(_speeches(3)[0], Vocabulary([])))
    assert not has_evidence(read_documents(_weasels(3)[0], Vocabulary([])))


def test_the_shipped_model_is_left_out_where_it_has_learned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents, labels = _weasels(10, "conll2010-wiki")
    assert not is_new_text(documents)
    assert is_new_text(_weasels(2)[0])

    def refuse(*_: Any) -> None:
        raise AssertionError

    monkeypatch.setattr("hedgecheck.task_fitting.fit_shipped", refuse)
    fit_task("yes-no", documents, labels)
    with pytest.raises(AssertionError):
        fit_task("yes-no", _weasels(10)[0], labels)


def test_threshold_is_half_the_best_f1_of_calibrated_probabilities() -> None:
    # Lipton et al. 2014, theorem 1.
    probability = np.random.default_rng(0).beta(0.5, 2.0, 20_000)
    threshold = best_f1_threshold(probability)
    chosen = probability >= threshold
    best = 2 * probability[chosen].sum() / (chosen.sum() + probability.sum())
    assert threshold == pytest.approx(best / 2, abs=0.01)
