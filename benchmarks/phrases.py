"""Certainty beside what readers take probability phrases to mean.

For each phrase whose reading in per cent is known (CAPphrase, 5,174 readers; zonination, 46), the
phrase is put into six neutral carrier sentences, and the certainty of these is compared with the
readers' mean: Spearman's rank correlation by carrier, and its mean over the carriers.

    python benchmarks/phrases.py --corpora CORPORA
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

import hedgecheck

#: Subject and infinitive of six statements about what may come, or be.
CARRIERS: Final = (
    ("the old sea wall", "hold through the winter"),
    ("the two parties", "agree on a budget before Easter"),
    ("the striker", "leave the club in January"),
    ("the regional court", "hear the case this year"),
    ("fuel prices in the province", "fall by the end of the month"),
    ("the museum's new wing", "open to visitors in spring"),
)

Frame = Callable[[str, str], str]


def _that(opening: str) -> Frame:
    return lambda subject, verb: f"{opening} that {subject} will {verb}."


def _verb(words: str) -> Frame:
    def sentence(subject: str, verb: str) -> str:
        return f"{subject[0].upper()}{subject[1:]} {words} {verb}."

    return sentence


def _be(words: str) -> Frame:
    def sentence(subject: str, verb: str) -> str:
        plural = subject.startswith(("the two", "fuel prices"))
        be = "are" if plural else "is"
        return f"{subject[0].upper()}{subject[1:]} {be} {words} to {verb}."

    return sentence


#: How each phrase is put into a sentence.
FRAMES: Final[dict[str, Frame]] = {
    "will happen": _verb("will"),
    "almost certain": _be("almost certain"),
    "almost certainly": _verb("will almost certainly"),
    "highly likely": _be("highly likely"),
    "very good chance": _that("There is a very good chance"),
    "likely": _be("likely"),
    "probable": _that("It is probable"),
    "probably": _verb("will probably"),
    "we believe": _that("We believe"),
    "better than even": _that("The chances are better than even"),
    "realistic possibility": _that("There is a realistic possibility"),
    "about even": _that("The chances are about even"),
    "may happen": _verb("may"),
    "might happen": _verb("might"),
    "could happen": _verb("could"),
    "probably not": _verb("will probably not"),
    "we doubt": _that("We doubt"),
    "unlikely": _be("unlikely"),
    "improbable": _that("It is improbable"),
    "chances are slight": _that("The chances are slight"),
    "little chance": _that("There is little chance"),
    "highly unlikely": _be("highly unlikely"),
    "remote chance": _that("There is a remote chance"),
    "almost no chance": _that("There is almost no chance"),
}


def readings(path: Path) -> dict[str, float]:
    """The readers' mean of each phrase, in per cent, over both studies by number of readers."""
    total: dict[str, list[float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            found = total.setdefault(row["phrase"].lower(), [0.0, 0.0])
            found[0] += float(row["mean"]) * float(row["n"])
            found[1] += float(row["n"])
    return {phrase: weighed / n for phrase, (weighed, n) in total.items()}


def main() -> None:
    """Print certainty by phrase, and the correlations."""
    from scipy.stats import spearmanr

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--model", default="en")
    options = parser.parse_args()
    means = readings(options.corpora / "probability-phrases" / "phrases.tsv")
    model = hedgecheck.load(options.model)
    phrases = sorted(FRAMES, key=lambda phrase: -means[phrase])
    found = np.zeros((len(CARRIERS), len(phrases)))
    for row, carrier in enumerate(CARRIERS):
        sentences = [FRAMES[phrase](*carrier) for phrase in phrases]
        found[row] = [score.certainty for score in model.score_sentences(sentences)]
    print("| phrase | readers | certainty, mean | lowest | highest |\n|---|---|---|---|---|")
    for column, phrase in enumerate(phrases):
        values = found[:, column]
        print(
            f"| {phrase} | {means[phrase] / 100:.2f} | {values.mean():.2f} "
            f"| {values.min():.2f} | {values.max():.2f} |"
        )
    read = [means[phrase] for phrase in phrases]
    by_carrier = [float(spearmanr(row, read).statistic) for row in found]
    print("Spearman by carrier:", " ".join(f"{value:.3f}" for value in by_carrier))
    print(f"mean over carriers: {np.mean(by_carrier):.3f}")


if __name__ == "__main__":
    main()
