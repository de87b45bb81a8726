"""fastText: words and word pairs, fitted to the labels in folds."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from exchange import Reader, in_folds, run_peer

_TOKEN = re.compile(r"\w+|[^\w\s]")


def _words(text: str) -> str:
    return " ".join(_TOKEN.findall(text.lower()))


def _fitted(texts: Sequence[str], labels: Sequence[int]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "train.txt")
        lines = [f"__label__{k} {_words(t)}\n" for t, k in zip(texts, labels, strict=True)]
        path.write_text("".join(lines), encoding="utf-8")
        # One thread: with more the weights differ from run to run. 25 epochs: the default of 5
        # learns nothing from sets as small as these. 2**17 buckets fit in memory many times over.
        settings = {"wordNgrams": 2, "epoch": 25, "thread": 1, "bucket": 1 << 17, "verbose": 0}
        return import_module("fasttext").train_supervised(str(path), **settings)


def _fit(texts: Sequence[str], labels: Sequence[int]) -> Callable[[Sequence[str]], list[int]]:
    model = _fitted(texts, labels)

    def answer(sentences: Sequence[str]) -> list[int]:
        found, _ = model.predict([_words(sentence) for sentence in sentences])
        return [int(label[0] == "__label__1") for label in found]

    return answer


def _prepare(texts: Sequence[str], labels: Sequence[int]) -> Reader:
    model = _fitted(texts, labels)
    # Timed on raw sentences: its own split at spaces is part of its speed.
    return lambda sentences: model.predict([text.replace("\n", " ") for text in sentences])


def _detect(given: dict[str, Any]) -> list[int]:
    return in_folds(_fit, given)


if __name__ == "__main__":
    run_peer(("fasttext-wheel", "numpy"), _prepare, _detect)
