"""The benchmark on the public corpora, where they are here."""

from __future__ import annotations

from corpus_samples import corpora_folder

import hedgecheck


def test_on_the_real_corpora() -> None:
    folder = corpora_folder()
    report = hedgecheck.benchmark(
        "pei-jurgens", corpora=folder, train_split="train", test_split="val", baseline="tfidf"
    )
    assert report.counts["sentences"] == 136
    assert report.counts["train"]["sentences"] == 1084
    assert report.metrics["pearson"].value > 0.5
    assert report.baselines["tfidf"].metrics["pearson"].value > 0.55
    assert report.data["test"][0].corpus == "pei-jurgens"
    seen = hedgecheck.benchmark("gum-attribution", corpora=folder)
    assert any(warning.startswith("NOT A") for warning in seen.warnings)
