"""Training the shipped model: from corpora to a model file with its card.

The shipped model is made in four steps. The corpus tagger learns from PolNeAR and Szeged, without
any document that hedgenews holds. The news tagger learns from the lessons: hedgenews, our own
labels on further documents of PolNeAR, and our own practice sentences. Tagged by taggers that have
not seen them, the lessons then train the heads (`hedgecheck.fitting`). Cross-validation repeats the
last two steps with a fold of the hedgenews documents left out, and scores those through the public
API.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import Block, FloatArray, LinearStage, matrix, without_light_rows
from hedgecheck.datasets import LabelledDocument, Labels
from hedgecheck.engine import Engine, make_scene
from hedgecheck.errors import TrainingDataError
from hedgecheck.fitting import (
    INNER_FOLDS,
    BoolArray,
    Targets,
    fit_gradient,
    fit_heads,
    fit_logistic,
    fit_scaled,
    folds_by_group,
    frequent_columns,
    stage_of,
    widened,
)
from hedgecheck.model import Model
from hedgecheck.modelfile import pin
from hedgecheck.progress import Progress, quietly
from hedgecheck.results import ATTRIBUTION, SOURCING
from hedgecheck.sentence_blocks import evidence_of
from hedgecheck.tagging import (
    CORPUS_TAGS,
    NEWS_TAGS,
    Scene,
    corpus_blocks,
    news_blocks,
)
from hedgecheck.tokens import IntArray
from hedgecheck.training_data import (
    N_POLNEAR_TAGS,
    Corpora,
    TagSpans,
    corpus_spans,
    flattened,
    news_spans,
    read_corpora,
)
from hedgecheck.training_report import Predicted, TrainingReport, model_card, report_of
from hedgecheck.vocabulary import TypeProperties, Vocabulary, type_features

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

#: Type features that occur less often than this in the training text are left out.
_MIN_COUNT: Final = 3
#: A word that stands in lower case more rarely than this is a name.
_LOWER_SHARE: Final = 0.1
#: Word classes that hold names; what is learned of one of them is learned of the class.
_CLASSES_OF_NAMES: Final = frozenset({"c=given_name", "c=place"})
#: How the taggers are fitted. Inverse strengths of regularisation; hedges are too rare for gradient
#: descent, which is as good for the others of the news tagger and four times as fast.
CORPUS_FIT: Final = partial(fit_logistic, strength=0.2)
NEWS_FIT: Final = partial(fit_gradient, alpha=3e-5, epochs=8)
_HEDGE_FIT: Final = partial(fit_logistic, strength=0.1)
#: Weight in calibration of sentences from enriched stretches; whole documents have 1.
_ENRICHED: Final = 0.5
#: The PolNeAR documents with our labels are tagged by this many taggers that each leave out a part.
_READING_FOLDS: Final = 3
MODEL_VERSION: Final = "1"


def train_from_corpora(
    corpora: Path,
    out: Path,
    folds: int = 5,
    jobs: int = 2,
    seed: int = 0,
    progress: Progress | None = None,
) -> TrainingReport:
    """Rebuild the shipped model: train, cross-validate, write the model file and its card.

    Parameters
    ----------
    corpora : Path
        Folder of the corpora (`hedgecheck.training_data.FILES`).
    out : Path
        Where the model goes; its card goes beside it, ending in ``.md``, and ``SHA256SUMS`` there
        is kept up to date.
    folds : int
        Folds of the cross-validation; 0 for none.
    jobs : int
        Processes.
    seed : int
        Seed of the bootstrap of the intervals; training itself draws nothing by chance.
    progress : callable, optional
        Called with the stage's name, steps done and steps in all.

    Returns
    -------
    TrainingReport

    Raises
    ------
    TrainingDataError
        If a corpus is missing or cannot be read.
    """
    tell = progress or quietly
    tell("reading", 0, 1)
    data = read_corpora(Path(corpora))
    tell("reading", 1, 1)
    news = data.hedgenews
    vocabulary = make_vocabulary([*data.polnear, *data.szeged])
    taggers, further = further_lessons(data, vocabulary, tell)

    tasks: list[tuple[list[LabelledDocument] | None, list[LabelledDocument]]] = [(None, news)]
    if folds:
        fold = folds_by_group(np.array([d.group for d in news]), folds)
        for number in range(folds):
            test = [d for d, f in zip(news, fold, strict=True) if f == number]
            train = [d for d, f in zip(news, fold, strict=True) if f != number]
            tasks.append((test, train))
    from joblib import Parallel, delayed

    tell("training and cross-validation", 0, len(tasks))
    runs = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_fit_and_predict)(
            vocabulary, taggers, [*map(Lesson, train), *_without(further, test or [])], test
        )
        for test, train in tasks
    )
    engine: Engine | None = None
    predicted: list[Predicted] = []
    for done, result in enumerate(runs, 1):
        tell("training and cross-validation", done, len(tasks))
        if isinstance(result, Engine):
            engine = result
        else:
            predicted += result
    if engine is None:
        raise TrainingDataError(f"{data.files['hedgenews']} holds nothing to train on")
    report = report_of(predicted, seed)
    return replace(report, **_write(engine, Path(out), data.files, report))


def _write(
    engine: Engine, out: Path, files: dict[str, Path], report: TrainingReport
) -> dict[str, Any]:
    sha256 = Model(engine, name=out.stem, version=MODEL_VERSION).save(out)
    pin(out, sha256)
    card = out.with_suffix(".md")
    card.write_text(model_card(out, sha256, files, report), encoding="utf-8")
    return {"path": out, "card": card, "sha256": sha256, "size": out.stat().st_size}


def _fit_and_predict(
    vocabulary: Vocabulary,
    taggers: Sequence[LinearStage],
    lessons: Sequence[Lesson],
    test: list[LabelledDocument] | None,
) -> Engine | list[Predicted]:
    engine = fit_engine(vocabulary, taggers, lessons)
    return engine if test is None else predict(Model(engine, name="fold", version="0"), test)


def predict(model: Model, documents: Iterable[LabelledDocument]) -> list[Predicted]:
    """Score documents through the public API and pair every labelled sentence with its score."""
    found = []
    for document in documents:
        scored = model.score_document([sentence.text for sentence in document.sentences])
        found += [
            Predicted(document.group, sentence.labels, score)
            for sentence, score in zip(document.sentences, scored, strict=True)
            if sentence.labels is not None
        ]
    return found


@dataclass(frozen=True, slots=True)
class Lesson:
    """A document to learn from.

    ``tagger`` is the number of the corpus tagger that has not seen it; ``calibrates`` says whether
    its sentences have a part in calibration.
    """

    document: LabelledDocument
    tagger: int = 0
    calibrates: bool = True


def further_lessons(
    data: Corpora, vocabulary: Vocabulary, tell: Progress
) -> tuple[list[LinearStage], list[Lesson]]:
    """Fit the corpus taggers and say which has not seen which of the lessons beside hedgenews.

    The first tagger is the one of the model; it has seen no document that hedgenews holds. Each of
    the others also leaves out a part of the PolNeAR documents that carry our labels, so that these
    look to the heads as new documents will.
    """
    seen = {d.group for d in data.polnear}
    groups = np.array(sorted(seen & {d.group for d in data.readings}), dtype=np.str_)
    fold = dict(zip(groups.tolist(), folds_by_group(groups, _READING_FOLDS).tolist(), strict=True))
    n_folds = _READING_FOLDS if fold else 0
    n_fits = len(CORPUS_TAGS) + n_folds * N_POLNEAR_TAGS
    done = 0

    def fitted(rows: _TagRows, use: BoolArray) -> Weights:
        nonlocal done
        tell("corpus tagger", done, n_fits)
        found = _fit_corpus_tags(rows, use)
        done += len(found[1])
        tell("corpus tagger", done, n_fits)
        return found

    szeged = _tag_rows(data.szeged, CORPUS_TAGS[N_POLNEAR_TAGS:], vocabulary)
    hedge_columns, hedge_biases = fitted(szeged, np.ones(len(szeged.group), dtype=np.bool_))
    polnear = _tag_rows(data.polnear, CORPUS_TAGS[:N_POLNEAR_TAGS], vocabulary)
    left_out = np.array([fold.get(group, -1) for group in polnear.group.tolist()])
    taggers = []
    for number in range(1 + n_folds):
        use = left_out != number - 1 if number else np.ones(len(left_out), dtype=np.bool_)
        columns, biases = fitted(polnear, use)
        columns, biases = columns + hedge_columns, biases + hedge_biases
        taggers.append(stage_of(polnear.blocks, len(vocabulary), columns, biases))
    # Calibration is for news as it is: hedgenews alone, since the others were chosen or invented.
    lessons = [Lesson(d, 1 + fold.get(d.group, -1), calibrates=False) for d in data.readings]
    lessons += [Lesson(d, calibrates=False) for d in data.practice]
    return taggers, lessons


def _without(lessons: Sequence[Lesson], test: Sequence[LabelledDocument]) -> list[Lesson]:
    """The lessons that are not from a document of the test."""
    held = {document.group for document in test}
    return [lesson for lesson in lessons if lesson.document.group not in held]


def fit_engine(
    vocabulary: Vocabulary, taggers: Sequence[LinearStage], lessons: Sequence[Lesson]
) -> Engine:
    """Fit everything that learns from sentences labelled by the guidelines."""
    properties = TypeProperties(vocabulary)
    width = len(vocabulary)
    sentences, document, group, labels = flattened([lesson.document for lesson in lessons])
    scene = make_scene(sentences, document, properties)
    alone = make_scene(sentences, np.arange(len(sentences)), properties)
    known = np.array([label is not None for label in labels])
    target = token_targets(scene, [news_spans(label) for label in labels], NEWS_TAGS)
    unseeing = np.array([lesson.tagger for lesson in lessons])[document]
    corpus = _corpus_scores(taggers, scene, unseeing)
    corpus_alone = _corpus_scores(taggers, alone, unseeing)
    blocks = news_blocks(scene, corpus)
    features = matrix(blocks, len(scene.slots), properties, width)
    features_alone = matrix(news_blocks(alone, corpus_alone), len(alone.slots), properties, width)

    fold = folds_by_group(group, INNER_FOLDS)[scene.sentence]
    usable = known[scene.sentence]
    unseen = np.zeros((len(scene.slots), len(NEWS_TAGS)))
    unseen_alone = np.zeros_like(unseen)
    for number in range(INNER_FOLDS):
        columns, biases = _fit_news_tags(features, target, usable & (fold != number))
        weights = np.stack(columns, axis=1)
        held_out = fold == number
        unseen[held_out] = features[held_out] @ weights + biases
        unseen_alone[held_out] = features_alone[held_out] @ weights + biases
    columns, biases = _fit_news_tags(features, target, usable)
    news_tagger = stage_of(blocks, width, columns, biases)

    calibrates = np.array([lesson.calibrates for lesson in lessons])[document]
    heads = fit_heads(
        scene,
        evidence_of(scene, corpus, unseen),
        (alone, evidence_of(alone, corpus_alone, unseen_alone)),
        document,
        targets_of(labels, group, calibrates),
        width,
    )
    return Engine(
        vocabulary,
        without_light_rows(taggers[0]),
        without_light_rows(news_tagger),
        without_light_rows(heads.first_pass),
        heads.first_calibration,
        without_light_rows(heads.second_pass),
        heads.second_calibration,
    )


def _corpus_scores(taggers: Sequence[LinearStage], scene: Scene, tagger: IntArray) -> FloatArray:
    """Scores of the tokens, each by the tagger whose number its sentence has."""
    blocks, number = corpus_blocks(scene), tagger[scene.sentence]
    scores = np.zeros((len(scene.slots), len(CORPUS_TAGS)))
    for each in np.unique(number).tolist():
        of_all = taggers[each].scores(blocks, len(scene.slots), scene.properties)
        scores[number == each] = of_all[number == each]
    return scores


def _fit_news_tags(
    features: Any, target: BoolArray, rows: BoolArray
) -> tuple[list[FloatArray], list[float]]:
    columns, biases = [], []
    kept = frequent_columns(features[rows])
    part = features[rows][:, kept]
    for number, tag in enumerate(NEWS_TAGS):
        fit = _HEDGE_FIT if tag.startswith("hedge") else NEWS_FIT
        weights, bias = fit_scaled(fit, part, target[rows, number])
        columns.append(widened(weights, kept, features.shape[1]))
        biases.append(bias)
    return columns, biases


def targets_of(
    labels: Sequence[Labels | None],
    group: npt.NDArray[np.str_],
    calibrates: BoolArray,
) -> Targets:
    """What the heads learn of labels by the guidelines; sentences of context have none.

    Calibration is for news as it is: sentences of enriched stretches count for less there.
    """

    def number(value: str | None, names: Sequence[str]) -> int:
        return -1 if value is None else names.index(value)

    known = [label or Labels() for label in labels]
    return Targets(
        sourcing=np.array([number(label.sourcing, SOURCING) for label in known]),
        attribution=np.array([number(label.attribution, ATTRIBUTION) for label in known]),
        confidential=np.array(
            [-1 if label.confidential is None else int(label.confidential) for label in known]
        ),
        certainty=np.array(
            [np.nan if label.certainty is None else label.certainty for label in known]
        ),
        share=np.array([1.0 if label.whole else _ENRICHED for label in known]) * calibrates,
        group=group,
    )


def make_vocabulary(documents: Iterable[LabelledDocument]) -> Vocabulary:
    """Type features that occur often enough in the documents, in alphabetical order.

    Words that hardly ever stand in lower case are names, and are left out, unless the word lists
    have them: what a model learns of the names in its training data does not hold elsewhere.
    """
    properties = TypeProperties(Vocabulary([]))
    sentences = [s.text for d in documents for s in d.sentences]
    scene = make_scene(sentences, np.arange(len(sentences)), properties)
    seen = np.bincount(scene.tokens.type[scene.slots], minlength=len(properties.surfaces))
    counts: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for number, surface in enumerate(properties.surfaces[1:], 1):
        names = type_features(surface)
        for name in names:
            counts[name] += int(seen[number])
        listed = any(name.startswith("c=") and name not in _CLASSES_OF_NAMES for name in names)
        if listed or not surface[:1].isupper():
            lower[names[0]] += int(seen[number])
    return Vocabulary(
        sorted(
            name
            for name, count in counts.items()
            if count >= _MIN_COUNT
            and (not name.startswith("w=") or lower[name] >= _LOWER_SHARE * count)
        )
    )


def token_targets(scene: Scene, spans: Sequence[TagSpans], tags: Sequence[str]) -> BoolArray:
    """Which tokens stand in spans, shape (tokens, tags); of a tag with "+" only each first one."""
    tokens = scene.tokens
    target = np.zeros((len(tokens.type), len(tags)), dtype=np.bool_)
    for i, by_tag in enumerate(spans):
        if not any(by_tag.values()):
            continue
        first, last, base = tokens.first[i], tokens.last[i], tokens.offset[i]
        start, end = tokens.start[first:last] - base, tokens.end[first:last] - base
        for number, tag in enumerate(tags):
            for a, b in by_tag.get(tag.rstrip("+"), ()):
                inside = first + np.flatnonzero((start < b) & (end > a))
                target[inside[:1] if tag.endswith("+") else inside, number] = True
    return target[scene.slots]


#: Weights and bias of each of some outputs.
Weights = tuple[list[FloatArray], list[float]]


@dataclass(frozen=True, slots=True)
class _TagRows:
    """What some tags of the corpus tagger learn from; a row a token, with its document's group."""

    blocks: list[Block]
    features: csr_matrix
    target: BoolArray
    group: npt.NDArray[np.str_]


def _tag_rows(
    documents: Sequence[LabelledDocument], tags: Sequence[str], vocabulary: Vocabulary
) -> _TagRows:
    properties = TypeProperties(vocabulary)
    sentences, document, group, labels = flattened(documents)
    scene = make_scene(sentences, document, properties)
    blocks = corpus_blocks(scene)
    features = matrix(blocks, len(scene.slots), properties, len(vocabulary))
    target = token_targets(scene, [corpus_spans(label) for label in labels], tags)
    return _TagRows(blocks, features, target, group[scene.sentence])


def _fit_corpus_tags(rows: _TagRows, use: BoolArray) -> Weights:
    """Fit the tags on some of the rows."""
    features, target = rows.features[use], rows.target[use]
    kept = frequent_columns(features)
    features = features[:, kept]
    columns, biases = [], []
    for wanted in target.T:
        weights, bias = fit_scaled(CORPUS_FIT, features, wanted)
        columns.append(widened(weights, kept, rows.features.shape[1]))
        biases.append(bias)
    return columns, biases
