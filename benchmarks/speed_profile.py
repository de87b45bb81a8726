"""Where the time goes: each stage of scoring by itself, and what is left of the whole.

The stages are called one after the other as `hedgecheck.model` calls them, on batches of the size
that it makes, and every call is timed. What the whole takes beyond their sum is given as a stage of
its own, so that the table adds up.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import numpy as np

from hedgecheck import quotations
from hedgecheck.engine import make_scene
from hedgecheck.language import check_language
from hedgecheck.model import Model
from hedgecheck.spans import score_batch
from hedgecheck.split_text import split_texts
from hedgecheck.tokens import tokenize

_T = TypeVar("_T")

#: Sentences of a batch, as in `hedgecheck.model`.
BATCH: Final = 2048
REST: Final = "the rest"


class Stopwatch:
    """Adds up the time of calls by the name of their stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def time(self, stage: str, call: Callable[[], _T]) -> _T:
        """Call it, and count the time for a stage."""
        begin = time.perf_counter()
        found = call()
        self.seconds[stage] += time.perf_counter() - begin
        return found


def profile(
    model: Model, sentences: Sequence[str], articles: Sequence[str], rounds: int
) -> dict[str, dict[str, float]]:
    """Seconds of every stage of `score_sentences` and of `score_documents`, the best of rounds."""
    return {
        "score_sentences": _best(
            lambda: _sentence_stages(model, sentences),
            lambda: model.score_sentences(sentences),
            rounds,
        ),
        "score_documents": _best(
            lambda: _document_stages(model, articles),
            lambda: list(model.score_documents(articles)),
            rounds,
        ),
    }


def _best(
    stages: Callable[[], dict[str, float]], whole: Callable[[], object], rounds: int
) -> dict[str, float]:
    """Shortest time of each stage, and what the shortest of the whole leaves."""
    least: dict[str, float] = {}
    total = float("inf")
    for _ in range(rounds):
        for stage, seconds in stages().items():
            least[stage] = min(seconds, least.get(stage, seconds))
        watch = Stopwatch()
        watch.time("whole", whole)
        total = min(total, watch.seconds["whole"])
    return {**least, REST: total - sum(least.values())}


def _sentence_stages(model: Model, sentences: Sequence[str]) -> dict[str, float]:
    watch = Stopwatch()
    for begin in range(0, len(sentences), BATCH):
        some = list(sentences[begin : begin + BATCH])
        _stages(watch, model, some, None, None)
    return watch.seconds


def _document_stages(model: Model, articles: Sequence[str]) -> dict[str, float]:
    watch = Stopwatch()
    size = max(BATCH * len(articles) // max(sum(text.count("\n") + 1 for text in articles), 1), 1)
    for begin in range(0, len(articles), size):
        some = articles[begin : begin + size]
        texts = watch.time("sentences", lambda some=some: split_texts(some))  # type: ignore[misc]
        flat = [sentence for text in texts for sentence in text.sentences]
        document = np.repeat(np.arange(len(texts)), [len(text.sentences) for text in texts])
        places = [place for text in texts for place in text.places]
        _stages(watch, model, flat, document, places)
    return watch.seconds


def _stages(
    watch: Stopwatch,
    model: Model,
    sentences: list[str],
    document: Any,
    places: list[tuple[int, int]] | None,
) -> None:
    """Score one batch, stage by stage."""
    words = model._lexicon()  # noqa: SLF001 -- the cache that scoring uses
    numbers = np.arange(len(sentences)) if document is None else document
    tokens = watch.time("tokens", lambda: tokenize(sentences, words.table))
    watch.time("quotations", lambda: quotations.scan(tokens, words.mark[tokens.type], numbers))
    scene = make_scene(sentences, numbers, words)
    watch.time("language", lambda: check_language(scene, numbers))
    watch.time("evidence: two taggers", lambda: model.engine.evidence(scene))
    inner = Stopwatch()
    analysis = inner.time("all", lambda: model.engine.analyse_scene(scene, document))
    inner.time("evidence", lambda: model.engine.evidence(scene))
    passes = "first pass" if document is None else "first and second pass"
    watch.seconds[passes] += inner.seconds["all"] - inner.seconds["evidence"]
    batch = watch.time(
        "columns of the results",
        lambda: score_batch(analysis, sentences, places, numbers, lambda _: tuple),
    )
    watch.time("results", batch.scores)
