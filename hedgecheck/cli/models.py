"""``hedgecheck train`` and ``hedgecheck model``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hedgecheck import modelfile
from hedgecheck.cli.destination import check_folder, print_for_eyes
from hedgecheck.cli.messages import DONE, NOTHING_DONE, complain, progress_bar


def train(corpora: str, out: str, *, folds: int, seed: int, jobs: int, quiet: bool) -> int:
    """Train a model from a folder of corpora, print its scores, and return the exit code.

    Raises
    ------
    HedgecheckError
        If the corpora cannot be trained on or the model cannot be written.
    """
    # Found out now and not after a quarter of an hour.
    if not Path(corpora).is_dir():
        complain(f"{corpora}: no such folder; name the one that holds the corpora")
        return NOTHING_DONE
    check_folder(out)
    from hedgecheck.training import train_from_corpora

    with progress_bar(quiet=quiet) as bar:
        report = train_from_corpora(
            corpora=Path(corpora), out=Path(out), folds=folds, jobs=jobs, seed=seed, progress=bar
        )
    print(report.render())
    return DONE


def show(model: str) -> int:
    """Print what a model file says of itself, and return the exit code.

    Raises
    ------
    HedgecheckError
        If there is no such model, or it is no sound model file.
    """
    print_for_eyes()
    found = modelfile.describe(model)
    entries: list[dict[str, Any]] = found.pop("entries", [])
    for name, value in found.items():
        print(f"{name:<8} {value}")
    print()
    names = [str(entry["name"]) for entry in entries]
    width = min(max(map(len, names), default=0), 32)
    for name, entry in zip(names, entries, strict=True):
        print(f"{name:<{width}}  {_entry(entry)}".rstrip())
    return DONE


def verify(model: str) -> int:
    """Check a model file from end to end, say so, and return the exit code.

    Raises
    ------
    HedgecheckError
        If there is no such model, it is no sound model file, or differs from its listed sum.
    """
    found = modelfile.verify(model)
    pinned = "as listed in SHA256SUMS" if found.pinned else "not listed in any SHA256SUMS"
    print(f"{found.path}: sound, {found.size} bytes, sha256 {found.sha256} ({pinned})")
    return DONE


def _entry(entry: dict[str, Any]) -> str:
    """Return one entry of a model file in a line of words."""
    kind = str(entry.get("type", ""))
    if kind == "array":
        shape = " x ".join(str(size) for size in entry["shape"]) or "1"
        return f"array   {entry['dtype']} {shape}, {entry['bytes']} bytes"
    if kind == "bytes":
        return f"bytes   {entry['bytes']}"
    if kind == "list":
        return f"list    {entry['length']} items"
    return f"{kind:<7} {entry.get('value', '')}"
