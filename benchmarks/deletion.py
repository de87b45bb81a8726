"""Deleting the strongest hedge cue of a hedged sentence: how often certainty rises.

Over the sentences of datasets/news.jsonl, each scored by itself: those that come out as hedged and
have a hedge cue. The highest-ranked cue is the one whose words pull certainty down most by
`explain()`; it is cut out, and the rest is scored again.

    python benchmarks/deletion.py
"""

from __future__ import annotations

import argparse

import hedgecheck
from hedgecheck.datasets import read_news
from hedgecheck.results import SentenceScore, Span
from hedgecheck.shipped import dataset_path


def strongest(score: SentenceScore) -> Span:
    """The hedge cue whose words take most from certainty."""
    pulls = dict.fromkeys(score.hedges, 0.0)
    for part in score.explain():
        where = part.span
        if part.axis != "certainty" or where is None:
            continue
        for hedge in pulls:
            if where.start < hedge.end and where.end > hedge.start:
                pulls[hedge] += part.value
    return min(pulls, key=lambda hedge: pulls[hedge])


def main() -> None:
    """Print the share of sentences in which certainty rises."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="en")
    model = hedgecheck.load(parser.parse_args().model)
    texts = [s.text for d in read_news(dataset_path("news.jsonl")) for s in d.sentences]
    before = [s for s in model.score_sentences(texts) if s.hedged and s.hedges]
    cut = []
    for score in before:
        hedge = strongest(score)
        cut.append(" ".join((score.text[: hedge.start] + score.text[hedge.end :]).split()))
    after = model.score_sentences(cut)
    rises = [b.certainty > a.certainty for a, b in zip(before, after, strict=True)]
    share = sum(rises) / len(rises)
    print(f"certainty rises in {sum(rises)} of {len(rises)} sentences ({share:.3f})")


if __name__ == "__main__":
    main()
