"""vaderSentiment: a word list with rules, known for its speed; sentiment, so no hedges."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from exchange import Reader, run_peer


def _prepare(_texts: Sequence[str], _labels: Sequence[int]) -> Reader:
    analyser = import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()
    return lambda sentences: [analyser.polarity_scores(sentence) for sentence in sentences]


if __name__ == "__main__":
    run_peer(("vaderSentiment",), _prepare)
