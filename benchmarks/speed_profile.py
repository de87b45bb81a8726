"""Where the time goes: each stage of scoring, and what is left of the whole.

The functions of the stages are replaced by timed ones while scoring runs as ever: so each stage
finds memory as the one before it left it, which a stage that is called by itself, twice on the same
batch, does not. None of them calls another, and what the whole takes beyond their sum is given as a
stage of its own: the table adds up.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, Final
from unittest.mock import patch

import hedgecheck.engine
import hedgecheck.model
from hedgecheck import quotations
from hedgecheck.engine import Engine
from hedgecheck.model import Model
from hedgecheck.sentence_scores import SentenceScorer
from hedgecheck.spans import ScoredBatch

#: Stages in the order of the work, and the functions that each consists of.
STAGES: Final[dict[str, tuple[tuple[Any, str], ...]]] = {
    "sentences": ((hedgecheck.model, "split_texts"),),
    "tokens": ((hedgecheck.engine, "tokenize"),),
    "quotations": ((quotations, "scan"),),
    "language": ((hedgecheck.model, "check_language"),),
    "evidence: two taggers": ((Engine, "evidence"),),
    "what the heads see": ((hedgecheck.engine, "sentence_blocks"),),
    "what the second pass sees": ((hedgecheck.engine, "context_blocks"),),
    "sums of the passes": ((SentenceScorer, "entries"), (SentenceScorer, "scores")),
    "labels": (
        (hedgecheck.engine, "first_pass_probabilities"),
        (hedgecheck.engine, "decide"),
    ),
    "columns of the results": ((hedgecheck.model, "score_batch"),),
    "results": ((ScoredBatch, "scores"),),
}
REST: Final = "the rest"


def profile(
    model: Model, sentences: Sequence[str], articles: Sequence[str], rounds: int
) -> dict[str, dict[str, float]]:
    """Seconds of every stage of `score_sentences` and of `score_documents`, of the best round."""
    return {
        "score_sentences": _best(lambda: model.score_sentences(sentences), rounds),
        "score_documents": _best(lambda: list(model.score_documents(articles)), rounds),
    }


def _best(whole: Callable[[], object], rounds: int) -> dict[str, float]:
    return min((_stages(whole) for _ in range(rounds)), key=lambda found: sum(found.values()))


def _stages(whole: Callable[[], object]) -> dict[str, float]:
    """Run it once, with the functions of the stages timed; stages that did not run are left out."""
    seconds: dict[str, float] = defaultdict(float)
    with ExitStack() as stack:
        for stage, functions in STAGES.items():
            for owner, name in functions:
                timed = _timed(getattr(owner, name), stage, seconds)
                stack.enter_context(patch.object(owner, name, timed))
        begin = time.perf_counter()
        whole()
        total = time.perf_counter() - begin
    found = {stage: seconds[stage] for stage in STAGES if stage in seconds}
    return {**found, REST: total - sum(found.values())}


def _timed(
    function: Callable[..., Any], stage: str, seconds: dict[str, float]
) -> Callable[..., Any]:
    """The function, counting its time for a stage."""

    def timed(*arguments: Any, **named: Any) -> Any:
        begin = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            seconds[stage] += time.perf_counter() - begin

    return timed
