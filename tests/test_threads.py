"""One model in many threads: the tables of words grow while others read them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from random import Random

import numpy as np
import pytest

import hedgecheck
from hedgecheck.vocabulary import TypeProperties

LETTERS = "abcdefghiklmnoprstuvwz"
BATCH = 25


@pytest.fixture
def _quick_switching() -> Iterator[None]:
    """Let threads take turns a thousand times as often as usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


def batches() -> list[list[str]]:
    """Sentences full of words that nobody has seen, so that every batch adds to the tables."""
    random = Random(3)

    def word() -> str:
        made = "".join(random.choices(LETTERS, k=random.randint(2, 9)))
        return made.title() if random.random() < 0.3 else made

    def sentence() -> str:
        said = (
            f"“{word()} {word()} may {word()},” said {word()} {word()}, {word()} of the {word()}."
        )
        return random.choice([said, f"{word()} officials reportedly {word()}ed {word()} {word()}."])

    return [[sentence() for _ in range(BATCH)] for _ in range(24)]


@pytest.mark.usefixtures("_quick_switching")
def test_threads_get_the_scores_that_one_gets_alone() -> None:
    engine = hedgecheck.load("en").engine
    texts = batches()
    document = np.zeros(BATCH, dtype=np.int64)
    expected = [
        engine.analyse(text, TypeProperties(engine.vocabulary), document).scores for text in texts
    ]
    shared = TypeProperties(engine.vocabulary)
    wrong: list[str] = []

    def work(seed: int) -> None:
        order = list(range(len(texts)))
        Random(seed).shuffle(order)
        for number in order:
            try:
                found = engine.analyse(texts[number], shared, document).scores
            except Exception as error:  # noqa: BLE001 - it would be lost with its thread
                wrong.append(repr(error))
                continue
            if not np.array_equal(found, expected[number]):
                wrong.append(f"batch {number} differs")

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
