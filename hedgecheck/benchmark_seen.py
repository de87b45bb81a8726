"""Whether a saved model has seen the sentences that it is to be tested on.

A model file does not hold what the model learned from; its card names the files by their sums.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hedgecheck.benchmark_data import Examples, words_of
from hedgecheck.datasets import read
from hedgecheck.datasets.locating import locate, sha256_of
from hedgecheck.datasets.registry import corpora
from hedgecheck.shipped import datasets_folder

_SUM: Final = re.compile(r"\b[0-9a-f]{64}\b")
#: A smaller share of test sentences than this may stand in training data by chance: of PolNeAR's
#: development side 2 % stand in its training side, most of them a word or two long.
_BY_CHANCE: Final = 0.05
_DATA: Final = re.compile(r"^## Data$(.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Seen:
    """What can be told of a model's training data.

    Attributes
    ----------
    known : bool
        Whether the model has a card that names data.
    files : tuple of str
        Test files that the card names.
    sentences, documents : int or None
        Test sentences whose words, and test documents whose name in the corpus, stand in training
        files that were found on this machine; None where none was found.
    missing : tuple of str
        Training files that the card names and that were not found, or no corpus has.
    """

    known: bool
    files: tuple[str, ...] = ()
    sentences: int | None = None
    documents: int | None = None
    missing: tuple[str, ...] = ()

    def warnings(self, n_sentences: int) -> list[str]:
        """What has to be said beside the figures for so many test sentences."""
        if not self.known:
            return ["the model has no card: it cannot be told whether it has seen the test data"]
        if self.files:
            names = ", ".join(self.files)
            return [f"NOT A TEST: the model was trained on {names}: figures there mean little"]
        found = []
        if self.sentences or self.documents:
            # Short sentences recur by chance; a document does not.
            clean = not self.documents and (self.sentences or 0) < _BY_CHANCE * n_sentences
            found.append(
                ("" if clean else "NOT A CLEAN TEST: ")
                + f"{self.sentences} of {n_sentences} test sentences stand word for word in the "
                f"model's training data, and {self.documents} test documents are among theirs"
            )
        if self.missing:
            found.append(
                "it was not checked whether test sentences stand in the training data "
                f"{', '.join(self.missing)}, which are not on this machine"
            )
        return found


def training_sums(model: Path) -> set[str]:
    """The sums of the files that a model's card says that it learned from; empty without a card."""
    card = model.with_suffix(".md")
    if not card.is_file():
        return set()
    section = _DATA.search(card.read_text(encoding="utf-8", errors="replace"))
    return set(_SUM.findall(section[1])) if section else set()


def what_was_seen(model: Path, test: Examples, folder: Path | None) -> Seen:
    """Look for the test data in what the model's card names.

    Training files are looked for among the data that come with hedgecheck, and where corpora lie.
    """
    sums = training_sums(model)
    if not sums:
        return Seen(known=False)
    same = tuple(file.name for file in test.files if file.sha256 in sums)
    if same:
        return Seen(True, same)
    texts: set[str] = set()
    groups: set[str] = set()
    missing = dict.fromkeys(sums, "")
    for sha256, name, path in _places(sums, folder):
        missing[sha256] = name
        if path is None:
            continue
        del missing[sha256]
        if path.suffix != ".csv":  # labels of sentences that stand in another of the files
            documents = list(read(path))
            texts |= words_of(documents)
            groups |= {document.group for document in documents}
    lacking = tuple(sorted(name or sha256[:12] for sha256, name in missing.items()))
    if not texts:
        return Seen(True, missing=lacking)
    return Seen(True, (), test.copies_of(texts), len(groups & set(test.groups)), lacking)


def _places(sums: set[str], folder: Path | None) -> Iterator[tuple[str, str, Path | None]]:
    """The sum, the name and, where it was found, the place of each training file that is known."""
    for path in sorted(datasets_folder().iterdir()):
        if path.suffix in (".jsonl", ".csv") and (sha256 := sha256_of(path)) in sums:
            yield sha256, path.name, path
    for corpus in corpora():
        for file in corpus.files:
            if file.sha256 and file.sha256 in sums:
                place = locate(corpus, file, folder)
                whole = place is not None and sha256_of(place) == file.sha256
                yield file.sha256, file.path, place if whole else None
