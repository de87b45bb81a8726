r"""How a peer is run: it reads a file of sentences and writes one of times and answers.

This file and its neighbours run in the peers' environments, where hedgecheck is not installed;
they use nothing but Python and the peer. A peer's file is called with two paths:

- in: ``sentences`` and ``rounds`` for timing, ``training`` (texts and labels) for what has to be
  fitted first, and ``sets`` to answer, each with texts, labels and the fold of each sentence;
- out: ``seconds`` and ``reference_seconds``, the shortest of the rounds, ``versions``, and
  ``flags`` by set: 1 for each sentence that the peer calls hedged.
"""

from __future__ import annotations

import json
import platform
import re
import sys
import time
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

_REFERENCE = re.compile(r"\w+|[^\w\s]")

#: Reads sentences, whatever it makes of them.
Reader = Callable[[Sequence[str]], object]
#: From training texts and labels to a reader.
Prepare = Callable[[Sequence[str], Sequence[int]], Reader]
#: From a set (texts, labels, folds) to flags.
Detect = Callable[[dict[str, Any]], list[int]]


def run_peer(packages: Sequence[str], prepare: Prepare, detect: Detect | None = None) -> None:
    """Time a peer, let it answer, and write both."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sentences, training = given["sentences"], given["training"]
    read = prepare(training["texts"], training["labels"])
    read(sentences[:20])  # warm
    reference, times = [], []
    for _ in range(given["rounds"]):
        reference.append(_seconds(lambda: [_REFERENCE.findall(text) for text in sentences]))
        times.append(_seconds(lambda: read(sentences)))
    found = {
        "sentences": len(sentences),
        "seconds": min(times),
        "reference_seconds": min(reference),
        "versions": {"python": platform.python_version(), **{p: version(p) for p in packages}},
        "flags": {name: detect(each) for name, each in given["sets"].items()} if detect else {},
    }
    Path(sys.argv[2]).write_text(json.dumps(found), encoding="utf-8")


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def in_folds(
    fit: Callable[[Sequence[str], Sequence[int]], Callable[[Sequence[str]], list[int]]],
    given: dict[str, Any],
) -> list[int]:
    """Cross-validated answers; what is a copy of a sentence of the fold is not trained on."""
    texts, labels, folds = given["texts"], given["labels"], given["folds"]
    flags = [0] * len(texts)
    for fold in sorted(set(folds)):
        inside = [i for i, each in enumerate(folds) if each == fold]
        seen = {texts[i].casefold() for i in inside}
        outside = [
            i for i, each in enumerate(folds) if each != fold and texts[i].casefold() not in seen
        ]
        answer = fit([texts[i] for i in outside], [labels[i] for i in outside])
        for i, flag in zip(inside, answer([texts[i] for i in inside]), strict=True):
            flags[i] = int(flag)
    return flags
