"""Sentences on which ways of scoring could differ: with marks, empty, long, without words."""

from __future__ import annotations

from functools import cache

import hedgecheck
from hedgecheck.engine import Engine

NEWS = [
    "The harbour board said on Monday that the ferry “may not run” until spring, officials say.",
    'Asked why, she replied: "It could be that nobody checked." Orlik was said to be angry!',
    "",
    "He declined to comment.",
    "According to two people familiar with the plan, the mine will more or less close.",
    "“I think so,” said Brandt; “perhaps not,” her deputy, who asked not to be named, told us.",
    "It rained.",
    "   ",
    "?",
    "It is likely that " + "the very long committee, as it were, reportedly " * 30 + "met.",
]


@cache
def engine() -> Engine:
    return hedgecheck.load("en").engine
