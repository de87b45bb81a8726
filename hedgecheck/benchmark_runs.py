"""Getting answers: from a saved model, from one fitted on training data, or by cross-validation."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import numpy as np

from hedgecheck.benchmark_data import Examples, same_words, words_of
from hedgecheck.benchmark_metrics import Answer, Answers
from hedgecheck.datasets import LabelledDocument
from hedgecheck.errors import InputError, LanguageWarning, TrainingDataError
from hedgecheck.fitting import folds_by_group
from hedgecheck.model import Model
from hedgecheck.results import SentenceScore
from hedgecheck.task_fitting import FittedTask, fit_task
from hedgecheck.tasks import Part, Task
from hedgecheck.tokens import IntArray
from hedgecheck.training import Lesson, fit_engine

#: From documents to answers for their labelled sentences, in order.
Scorer = Callable[[Examples], Answers]
#: Learns from examples.
Fitter = Callable[[Examples], Scorer]


@dataclass(frozen=True, slots=True)
class Run:
    """Answers with how they came about; ``fold`` is None outside of cross-validation.

    ``copies`` counts test sentences whose words stand in the training text too, ``dropped`` the
    training sentences that were therefore left out.
    """

    answers: Answers
    seconds: float
    fit_seconds: float = 0.0
    fold: IntArray | None = None
    copies: int = 0
    dropped: int = 0
    not_english: int = 0


def run_saved(model: Model, test: Examples) -> Run:
    """Score examples with a saved model as it is."""
    return _timed(saved_scorer(model), test)


def run_split(fit: Fitter, train: Examples, test: Examples) -> Run:
    """Fit on training data, less copies of test sentences, and score the test data."""
    texts = {same_words(sentence.text) for _, sentence in test.sentences}
    kept, dropped = train.without(texts)
    copies = test.copies_of(words_of(train.documents))
    begin = time.perf_counter()
    scorer = fit(_enough(kept))
    fitted = time.perf_counter() - begin
    return replace(_timed(scorer, test), fit_seconds=fitted, copies=copies, dropped=dropped)


def run_folds(
    fit: Fitter, examples: Examples, folds: int, tell: Callable[[int, int], None] | None = None
) -> Run:
    """Cross-validate: each fold of documents is scored by what was fitted on the others.

    `tell` is called with the folds done and the folds in all.

    Raises
    ------
    InputError
        If there are fewer documents than folds.
    """
    groups = np.array([document.group for document in examples.documents], dtype=np.str_)
    n_groups = len(np.unique(groups))
    if n_groups < folds:
        unit = "documents" if examples.task.in_documents else "different sentences"
        raise InputError(f"{folds} folds need as many {unit}, there are {n_groups}; use fewer")
    sizes = np.array([len(document.labelled) for document in examples.documents])
    fold = folds_by_group(np.repeat(groups, sizes), folds)
    of_document = fold[np.cumsum(sizes) - sizes]
    runs = []
    for number in range(folds):
        inside = of_document == number
        runs.append(run_split(fit, examples.take(~inside), examples.take(inside)))
        if tell is not None:
            tell(number + 1, folds)
    answers = {
        part.name: _joined(part, fold, [run.answers[part.name] for run in runs])
        for part in examples.task.parts
        if all(part.name in run.answers for run in runs)
    }
    return Run(
        answers,
        sum(run.seconds for run in runs),
        sum(run.fit_seconds for run in runs),
        fold,
        sum(run.copies for run in runs),
        sum(run.dropped for run in runs),
        sum(run.not_english for run in runs),
    )


def _timed(scorer: Scorer, test: Examples) -> Run:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", LanguageWarning)
        begin = time.perf_counter()
        answers = scorer(test)
        seconds = time.perf_counter() - begin
    foreign = sum(issubclass(each.category, LanguageWarning) for each in caught)
    return Run(answers, seconds, not_english=foreign)


def _joined(part: Part, fold: IntArray, answers: Sequence[Answer]) -> Answer:
    """The answers of all folds in the order of the sentences."""
    places = [np.flatnonzero(fold == number) for number in range(len(answers))]
    if part.kind == "spans":
        spans: list[Any] = [None] * len(fold)
        for where, answer in zip(places, answers, strict=True):
            for place, found in zip(where, answer.predicted, strict=True):
                spans[place] = found
        return Answer(spans)
    order = np.argsort(np.concatenate(places), kind="stable")
    predicted = np.concatenate([answer.predicted for answer in answers])[order]
    given = [answer.probability for answer in answers if answer.probability is not None]
    complete = len(given) == len(answers)
    return Answer(predicted, np.concatenate(given)[order] if complete else None)


def _enough(train: Examples) -> Examples:
    """The training data, if there is something to learn in them."""
    for part in train.task.parts if train.documents else ():
        if part.kind in ("classes", "yes-no") and len(np.unique(train.gold(part))) < 2:
            name = part.name or "label"
            raise TrainingDataError(
                f"{_names(train)}: every sentence to train on has the same {name}; give data with "
                "at least two labels, or fewer folds"
            )
    if not train.documents:
        raise TrainingDataError(
            f"{_names(train)}: no sentence is left to train on once copies of test sentences are "
            "dropped; give other training data"
        )
    return train


def _names(examples: Examples) -> str:
    return ", ".join(file.name for file in examples.files) or "the training data"


# --------------------------------------------------------------------------------------- scorers


def saved_scorer(model: Model) -> Scorer:
    """A scorer that maps a saved model's output to the labels of a task."""

    def scorer(examples: Examples) -> Answers:
        scores = scores_of(model, examples)
        return {part.name: _mapped(part, scores) for part in examples.task.parts}

    return scorer


def scores_of(model: Model, examples: Examples) -> list[SentenceScore]:
    """Score the labelled sentences, in the context of their documents where they stand in some."""
    if not examples.task.in_documents:
        return model.score_sentences([sentence.text for _, sentence in examples.sentences])
    found: list[SentenceScore] = []
    scores = model.iter_documents(map(_paragraphs, examples.documents))
    for document, scored in zip(examples.documents, scores, strict=True):
        found += [
            score
            for sentence, score in zip(document.sentences, scored, strict=True)
            if sentence.labels is not None
        ]
    return found


def _paragraphs(document: LabelledDocument) -> list[str] | list[list[str]]:
    """The sentences, by paragraph where the corpus tells."""
    if any(sentence.paragraph is None for sentence in document.sentences):
        return [sentence.text for sentence in document.sentences]
    by_paragraph = groupby(document.sentences, key=lambda sentence: sentence.paragraph)
    return [[sentence.text for sentence in paragraph] for _, paragraph in by_paragraph]


def _mapped(part: Part, scores: Sequence[SentenceScore]) -> Answer:
    values = [part.output(score) for score in scores]
    if part.kind == "spans":
        return Answer(values)
    probability = None
    if part.proba is not None:
        probability = np.array([part.proba(score) for score in scores], dtype=np.float64)
    if part.kind == "classes":
        numbers = np.array([part.classes.index(value) for value in values], dtype=np.int64)
        return Answer(numbers, probability)
    kind = np.bool_ if part.kind == "yes-no" else np.float64
    return Answer(np.array(values, dtype=kind), probability)


def task_fitter(task: Task, seed: int) -> Fitter:
    """A fitter of the parts of a task, each by itself."""

    def fit_part(part: Part, train: Examples) -> FittedTask:
        return fit_task(
            part.kind,
            list(train.documents),
            train.gold(part),
            classes=part.classes if part.kind == "classes" else (),
            seed=seed,
        )

    return fitter_by_part(task.parts, fit_part)


def fitter_by_part(parts: Sequence[Part], fit_part: Callable[[Part, Examples], Any]) -> Fitter:
    """A fitter of some parts; what `fit_part` gives predicts as a `FittedTask` does."""

    def fit(train: Examples) -> Scorer:
        fitted = {part.name: fit_part(part, train) for part in parts}

        def scorer(examples: Examples) -> Answers:
            return {part.name: _answer_of(part, fitted[part.name], examples) for part in parts}

        return scorer

    return fit


def _answer_of(part: Part, fitted: Any, examples: Examples) -> Answer:
    """The answer of something fitted: labels where it gives probabilities."""
    found = fitted.predict(list(examples.documents))
    if part.kind == "yes-no":
        probability = np.asarray(found, dtype=np.float64)
        return Answer(probability >= fitted.threshold, probability)
    if part.kind == "classes":
        probability = np.asarray(found, dtype=np.float64)
        return Answer(probability.argmax(axis=1), probability)
    if part.kind == "spans":
        return Answer([[(int(a), int(b)) for a, b in spans] for spans in found])
    return Answer(np.asarray(found, dtype=np.float64))


def axes_fitter(base: Model) -> Fitter:
    """A fitter of all that the shipped model learns from hedgenews.

    Vocabulary and corpus tagger are those of the base model.
    """

    def fit(train: Examples) -> Scorer:
        lessons = [Lesson(document) for document in train.documents]
        engine = fit_engine(base.engine.vocabulary, [base.engine.corpus_tagger], lessons)
        return saved_scorer(Model(engine, name="fitted", version=base.version))

    return fit
