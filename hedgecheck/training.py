"""Training: from corpora to a model file with its card, and from a user's table to a model.

The shipped model is made in four steps. The corpus tagger learns from PolNeAR and Szeged, without any
document that hedgenews holds. The news tagger learns from hedgenews. Tagged by news taggers that have
not seen them, the hedgenews sentences then train the heads (`hedgecheck.fitting`). Cross-validation
repeats the last two steps with a fold of documents left out, and scores those through the public API.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from hedgecheck.blocks import FloatArray, LinearStage, matrix
from hedgecheck.engine import Engine, make_scene
from hedgecheck.errors import TrainingDataError
from hedgecheck.fitting import (
    INNER_FOLDS,
    BoolArray,
    Heads,
    Targets,
    fit_gradient,
    fit_heads,
    fit_logistic,
    folds_by_group,
    frequent_columns,
    stage_of,
    widened,
)
from hedgecheck.heads import CONFIDENTIAL, GATE, HEDGED, OUTPUTS
from hedgecheck.model import Model, load
from hedgecheck.modelfile import pin
from hedgecheck.results import ATTRIBUTION, SOURCING
from hedgecheck.sentence_blocks import Evidence, find_evidence
from hedgecheck.tagging import (
    CORPUS_TAGS,
    NEWS_TAGS,
    Scene,
    corpus_blocks,
    news_blocks,
    on_slots,
    probabilities,
)
from hedgecheck.tokens import IntArray
from hedgecheck.training_data import (
    NewsLabels,
    TagSpans,
    TrainingDocument,
    corpus_file,
    read_hedgenews,
    read_polnear,
    read_szeged,
)
from hedgecheck.training_report import Predicted, TrainingReport, model_card, report_of
from hedgecheck.vocabulary import TypeProperties, Vocabulary, type_features

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str, int, int], None]

#: Type features that occur less often than this in the training text are left out.
_MIN_COUNT: Final = 3
#: A word that stands in lower case more rarely than this is a name.
_LOWER_SHARE: Final = 0.1
_CORPUS_FIT: Final = {"alpha": 1e-5, "epochs": 5}
_NEWS_FIT: Final = {"alpha": 3e-5, "epochs": 8}
#: Inverse strength of regularisation of the hedge outputs, which are too rare for gradient descent.
_HEDGE_STRENGTH: Final = 0.3
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
        Where the model goes; its card goes beside it, ending in ``.md``, and ``SHA256SUMS`` there is
        kept up to date.
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
    tell = progress or (lambda stage, done, total: None)
    corpora = Path(corpora)
    files = {name: corpus_file(corpora, name) for name in ("hedgenews", "polnear", "szeged-wiki")}
    tell("reading", 0, 3)
    news = read_hedgenews(files["hedgenews"])
    held = {document.group for document in news}
    polnear = [d for d in read_polnear(files["polnear"]) if d.group not in held]
    tell("reading", 2, 3)
    szeged = [d for d in read_szeged(files["szeged-wiki"]) if d.group not in held]
    tell("reading", 3, 3)
    vocabulary = make_vocabulary([*polnear, *szeged])
    tagger = fit_corpus_tagger(polnear, szeged, vocabulary, tell)

    fold = folds_by_group(np.array([d.group for d in news]), folds) if folds else None
    jobs_done = 0
    steps = folds + 1
    tell("training and cross-validation", 0, steps)
    tasks = [(None, news)]
    if fold is not None:
        tasks += [
            ([d for d, f in zip(news, fold, strict=True) if f == k],
             [d for d, f in zip(news, fold, strict=True) if f != k])
            for k in range(folds)
        ]  # fmt: skip
    from joblib import Parallel, delayed

    engine: Engine | None = None
    predicted: list[Predicted] = []
    runs = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(_fit_and_predict)(vocabulary, tagger, train, test) for test, train in tasks
    )
    for result in runs:
        jobs_done += 1
        tell("training and cross-validation", jobs_done, steps)
        if isinstance(result, Engine):
            engine = result
        else:
            predicted += result
    if engine is None:
        raise TrainingDataError(f"{files['hedgenews']} holds nothing to train on")
    report = report_of(predicted, seed)
    report = replace(report, **_write(engine, Path(out), files, report))
    return report


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
    tagger: LinearStage,
    train: list[TrainingDocument],
    test: list[TrainingDocument] | None,
) -> Engine | list[Predicted]:
    engine = fit_engine(vocabulary, tagger, train)
    return engine if test is None else predict(Model(engine, name="fold", version="0"), test)


def predict(model: Model, documents: Iterable[TrainingDocument]) -> list[Predicted]:
    """Score documents through the public API and pair every labelled sentence with its score."""
    found = []
    for document in documents:
        scored = model.score_document(document.sentences)
        found += [
            Predicted(document.group, labels, score)
            for labels, score in zip(document.labels, scored, strict=True)
            if labels is not None
        ]
    return found


def fit_engine(
    vocabulary: Vocabulary, tagger: LinearStage, news: Sequence[TrainingDocument]
) -> Engine:
    """Fit everything that learns from hedgenews."""
    properties = TypeProperties(vocabulary)
    width = len(vocabulary)
    sentences, document, group, labels = _flatten(news)
    scene = make_scene(sentences, document, properties)
    alone = make_scene(sentences, np.arange(len(sentences)), properties)
    known = np.array([label is not None for label in labels])
    spans = [
        {} if label is None else {
            "source": [label.source] if label.source else [],
            "cue": [label.cue] if label.cue else [],
            "hedge": list(label.hedges),
        }
        for label in labels
    ]  # fmt: skip
    target = token_targets(scene, spans, NEWS_TAGS)
    corpus = tagger.scores(corpus_blocks(scene), len(scene.slots), properties)
    corpus_alone = tagger.scores(corpus_blocks(alone), len(alone.slots), properties)
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

    targets = targets_of(labels, group)
    heads = fit_heads(
        scene,
        _evidence(scene, corpus, unseen),
        (alone, _evidence(alone, corpus_alone, unseen_alone)),
        document,
        targets,
        width,
    )
    return Engine(
        vocabulary,
        tagger,
        news_tagger,
        heads.first_pass,
        heads.first_calibration,
        heads.second_pass,
        heads.second_calibration,
    )


def _evidence(scene: Scene, corpus: FloatArray, news: FloatArray) -> Evidence:
    return find_evidence(
        scene, on_slots(scene, probabilities(corpus)), on_slots(scene, probabilities(news))
    )


def _fit_news_tags(
    features: Any, target: BoolArray, rows: BoolArray
) -> tuple[list[FloatArray], list[float]]:
    columns, biases = [], []
    kept = frequent_columns(features[rows])
    part = features[rows][:, kept]
    for number, tag in enumerate(NEWS_TAGS):
        if tag.startswith("hedge"):
            weights, bias = fit_logistic(part, target[rows, number], _HEDGE_STRENGTH)
        else:
            weights, bias = fit_gradient(
                part,
                target[rows, number],
                alpha=_NEWS_FIT["alpha"],
                epochs=int(_NEWS_FIT["epochs"]),
            )
        columns.append(widened(weights, kept, features.shape[1]))
        biases.append(bias)
    return columns, biases


def _flatten(
    documents: Sequence[TrainingDocument],
) -> tuple[list[str], IntArray, Any, list[NewsLabels | None]]:
    sentences = [s for d in documents for s in d.sentences]
    sizes = [len(d.sentences) for d in documents]
    group = np.repeat(np.array([d.group for d in documents], dtype=np.str_), sizes)
    labels = [label for d in documents for label in d.labels]
    return sentences, np.repeat(np.arange(len(documents)), sizes), group, labels


def targets_of(labels: Sequence[NewsLabels | None], group: Any) -> Targets:
    """What the heads learn of hedgenews labels; sentences of context have none."""
    return Targets(
        sourcing=np.array([-1 if label is None else label.sourcing for label in labels]),
        attribution=np.array([-1 if label is None else label.attribution for label in labels]),
        confidential=np.array(
            [-1 if label is None else int(label.confidential) for label in labels]
        ),
        certainty=np.array([np.nan if label is None else label.certainty for label in labels]),
        whole=np.array([label is not None and label.whole for label in labels]),
        group=group,
    )


def make_vocabulary(documents: Iterable[TrainingDocument]) -> Vocabulary:
    """Type features that occur often enough in the documents, in alphabetical order.

    Words that hardly ever stand in lower case are names, and are left out, unless the word lists have
    them: what a model learns of the names in its training data does not hold elsewhere.
    """
    properties = TypeProperties(Vocabulary([]))
    sentences = [s for d in documents for s in d.sentences]
    scene = make_scene(sentences, np.arange(len(sentences)), properties)
    seen = np.bincount(scene.tokens.type[scene.slots], minlength=len(properties.surfaces))
    counts: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for number, surface in enumerate(properties.surfaces[1:], 1):
        names = type_features(surface)
        for name in names:
            counts[name] += int(seen[number])
        if not surface[:1].isupper() or any(name.startswith("c=") for name in names):
            lower[names[0]] += int(seen[number])
    return Vocabulary(
        sorted(
            name
            for name, count in counts.items()
            if count >= _MIN_COUNT
            and (not name.startswith("w=") or lower[name] >= _LOWER_SHARE * count)
        )
    )


def token_targets(
    scene: Scene, spans: Sequence[dict[str, list[tuple[int, int]]]], tags: Sequence[str]
) -> BoolArray:
    """Which tokens stand in spans, shape (tokens, tags); of a tag with "+" only the first of a span."""
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


def fit_corpus_tagger(
    polnear: Sequence[TrainingDocument],
    szeged: Sequence[TrainingDocument],
    vocabulary: Vocabulary,
    tell: Progress,
) -> LinearStage:
    """Fit the corpus tagger: the first six tags on PolNeAR, the others on Szeged."""
    columns: list[FloatArray] = []
    biases: list[float] = []
    properties = TypeProperties(vocabulary)
    for documents, tags in ((polnear, CORPUS_TAGS[:6]), (szeged, CORPUS_TAGS[6:])):
        sentences, document, _, labels = _flatten(documents)
        scene = make_scene(sentences, document, properties)
        blocks = corpus_blocks(scene)
        features = matrix(blocks, len(scene.slots), properties, len(vocabulary))
        spans = [label.spans if isinstance(label, TagSpans) else {} for label in labels]
        target = token_targets(scene, spans, tags)
        width = features.shape[1]
        kept = frequent_columns(features)
        features = features[:, kept]
        for number in range(len(tags)):
            tell("corpus tagger", len(columns), len(CORPUS_TAGS))
            weights, bias = fit_gradient(
                features,
                target[:, number],
                alpha=_CORPUS_FIT["alpha"],
                epochs=int(_CORPUS_FIT["epochs"]),
            )
            columns.append(widened(weights, kept, width))
            biases.append(bias)
    tell("corpus tagger", len(columns), len(CORPUS_TAGS))
    return stage_of(blocks, len(vocabulary), columns, biases)


# ---------------------------------------------------------------------- a table of the user's own


def train_on_table(
    table: pd.DataFrame,
    *,
    text: str,
    document: str | None = None,
    certainty: str | None = None,
    sourcing: str | None = None,
    attribution: str | None = None,
    confidential: str | None = None,
    base: str | os.PathLike[str] | Model = "en",
) -> Model:
    """Fit heads on a labelled table; what has no column keeps the head of the base model.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a sentence.
    text, document : str
        Columns of the sentence and, optional, of its document; rows of a document stand together and
        in order. Without it every sentence is a document of its own.
    certainty : str, optional
        Column of certainty, 0 to 1.
    sourcing, attribution : str, optional
        Columns of labels, as in `hedgecheck.results`.
    confidential : str, optional
        Column of true and false.
    base : str, path-like or Model
        The model that gives the taggers and the other heads.

    Returns
    -------
    Model
        A model named ``trained``; `Model.save` writes it.

    Raises
    ------
    TrainingDataError
        If a column is missing, no label column is named, or a value is none of a label's; the message
        gives the row.
    """
    named = {
        "certainty": certainty,
        "sourcing": sourcing,
        "attribution": attribution,
        "confidential": confidential,
    }
    chosen = {axis: column for axis, column in named.items() if column is not None}
    if not chosen:
        raise TrainingDataError(
            "name a column of labels: certainty=, sourcing=, attribution= or confidential="
        )
    for column in (text, *([document] if document else []), *chosen.values()):
        if column not in table.columns:
            raise TrainingDataError(
                f"the table has no column {column!r}; it has {list(table.columns)}"
            )
    model = base if isinstance(base, Model) else load(base)
    sentences = [_text_of(value, row) for row, value in enumerate(table[text].tolist())]
    if not sentences:
        raise TrainingDataError("the table has no rows")
    if document is None:
        number = np.arange(len(sentences))
        group = np.array([str(i) for i in number])
    else:
        names = table[document].astype(str).to_numpy()
        number = np.concatenate([[0], np.cumsum(names[1:] != names[:-1])])
        group = np.asarray(names, dtype=np.str_)
    targets = _table_targets(table, chosen, group)
    engine = model.engine
    properties = TypeProperties(engine.vocabulary)
    scene = make_scene(sentences, number, properties)
    alone = make_scene(sentences, np.arange(len(sentences)), properties)
    heads = fit_heads(
        scene,
        engine.evidence(scene),
        (alone, engine.evidence(alone)),
        number,
        targets,
        len(engine.vocabulary),
    )
    return Model(_with_heads(engine, heads, set(chosen)), name="trained", version=model.version)


def _text_of(value: Any, row: int) -> str:
    if not isinstance(value, str):
        raise TrainingDataError(
            f"row {row}: the text is {value!r}, not a str; drop or mend the row"
        )
    return value


def _table_targets(table: pd.DataFrame, chosen: dict[str, str], group: Any) -> Targets:
    n = len(table)
    classes = {"sourcing": SOURCING, "attribution": ATTRIBUTION}
    found: dict[str, Any] = {}
    for axis, names in classes.items():
        found[axis] = np.full(n, -1)
        if axis in chosen:
            for row, value in enumerate(table[chosen[axis]].tolist()):
                if value not in names:
                    raise TrainingDataError(
                        f"row {row}: {axis} is {value!r}; it has to be one of {', '.join(names)}"
                    )
                found[axis][row] = names.index(value)
    found["confidential"] = np.full(n, -1)
    if "confidential" in chosen:
        for row, value in enumerate(table[chosen["confidential"]].tolist()):
            if value not in (True, False, 0, 1):
                raise TrainingDataError(f"row {row}: confidential is {value!r}; use true or false")
            found["confidential"][row] = int(value)
    found["certainty"] = np.full(n, np.nan)
    if "certainty" in chosen:
        for row, value in enumerate(table[chosen["certainty"]].tolist()):
            if not isinstance(value, (int, float)) or not 0 <= value <= 1:
                raise TrainingDataError(
                    f"row {row}: certainty is {value!r}; it has to lie between 0 and 1 (divide "
                    "percentages by 100)"
                )
            found["certainty"][row] = float(value)
    return Targets(**found, whole=np.ones(n, dtype=np.bool_), group=group)


def _with_heads(engine: Engine, heads: Heads, axes: set[str]) -> Engine:
    """The engine with the outputs of some axes replaced."""
    replaced = np.zeros(len(OUTPUTS), dtype=np.bool_)
    if axes & {"sourcing", "attribution"}:
        replaced[GATE] = True
    for number, name in enumerate(OUTPUTS):
        replaced[number] |= ("sourcing" in axes and name in SOURCING[1:]) or (
            "attribution" in axes and name in ATTRIBUTION[1:]
        )
    replaced[CONFIDENTIAL] = "confidential" in axes
    replaced[HEDGED:] = "certainty" in axes
    stages, calibrations = [], []
    for old, new in (
        (engine.first_pass, heads.first_pass),
        (engine.second_pass, heads.second_pass),
    ):
        weights = np.where(replaced, new.weights, old.weights)
        stages.append(LinearStage(new.layout, weights, np.where(replaced, new.bias, old.bias)))
    for before, after in (
        (engine.first_calibration, heads.first_calibration),
        (engine.second_calibration, heads.second_calibration),
    ):
        certain = after if replaced[HEDGED] else before
        calibrations.append(
            replace(
                certain,
                scale=np.where(replaced, after.scale, before.scale),
                offset=np.where(replaced, after.offset, before.offset),
            )
        )
    return replace(
        engine,
        first_pass=stages[0],
        second_pass=stages[1],
        first_calibration=calibrations[0],
        second_calibration=calibrations[1],
    )
