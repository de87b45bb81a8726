"""Files that the pages of the documentation take for granted: articles, tables, labels."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pandas as pd
from docs_pages import ROOT

import hedgecheck
from hedgecheck.datasets import frame, read_corpus

STORY = (
    "Ferry lost its rudder, crew say\n\n"
    "The ferry to Skarn may stay in port for a week, two engineers said. It rained all night. "
    "Owner Odile Marn declined to comment.\n"
)


def lay_out(folder: Path) -> None:
    """Write them."""
    for name in ("story.txt", "mon.txt", "tue.txt", "articles/a.txt", "articles/b.txt"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(STORY, encoding="utf-8")
    (folder / "lines.txt").write_text("The dam may close.\nIt rained.\n", encoding="utf-8")
    shutil.copytree(ROOT / "datasets", folder / "datasets")

    tables = {
        "articles": pd.DataFrame({"article": ["a", "b"], "body": [STORY, "It snowed."]}),
        "claims": pd.DataFrame({"claim": ["Rates may rise.", "Rates rose."]}),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
        table.to_json(folder / f"{name}.jsonl", orient="records", lines=True)
        table.to_parquet(folder / f"{name}.parquet")
    with gzip.open(folder / "articles.csv.gz", "wb") as packed:
        packed.write((folder / "articles.csv").read_bytes())

    hedgecheck.score(STORY).to_frame().to_csv(folder / "scores.csv")

    labelled = frame(read_corpus("hedgecheck-news"))
    chosen = labelled[labelled["document"].isin(labelled["document"].unique()[:6])]
    columns = {"text": "sentence", "document": "article", "sourcing": "source_class"}
    chosen[list(columns)].rename(columns=columns).to_csv(folder / "my-labels.csv", index=False)
