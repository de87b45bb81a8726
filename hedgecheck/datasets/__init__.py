"""Readers for labelled corpora; each gives the same plain structure.

>>> from hedgecheck.datasets import LabelledSentence, Labels
>>> LabelledSentence("It may rain.", 0, Labels(uncertain=True)).labels.uncertain
True
"""

from __future__ import annotations

from hedgecheck.datasets.structure import (
    Attribution,
    ContrastPair,
    LabelledDocument,
    LabelledSentence,
    Labels,
    Span,
    attribution_of,
    frame,
)

__all__ = [
    "Attribution",
    "ContrastPair",
    "LabelledDocument",
    "LabelledSentence",
    "Labels",
    "Span",
    "attribution_of",
    "frame",
]
