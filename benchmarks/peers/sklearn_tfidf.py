"""scikit-learn's plain pipeline, TF-IDF of words and word pairs with logistic regression.

Timed only: how well it does is in the tables of tasks, where it chooses its threshold too.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from exchange import Reader, run_peer

_WORDS = r"\w+|[^\w\s]"


def _prepare(texts: Sequence[str], labels: Sequence[int]) -> Reader:
    vectorizer = import_module("sklearn.feature_extraction.text").TfidfVectorizer
    regression = import_module("sklearn.linear_model").LogisticRegression
    words = vectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORDS)
    # The settings of benchmarks/baselines.py.
    logistic = regression(C=100.0, solver="liblinear", random_state=0)
    pipeline = import_module("sklearn.pipeline").make_pipeline(words, logistic)
    pipeline.fit(texts, labels)
    read: Reader = pipeline.predict_proba
    return read


if __name__ == "__main__":
    run_peer(("scikit-learn", "numpy", "scipy"), _prepare)
