"""The labelled sentences of a benchmark: from files to documents that hold one task's labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.datasets import (
    Columns,
    LabelledDocument,
    LabelledSentence,
    read,
    read_pairs,
    read_table,
)
from hedgecheck.datasets.locating import sha256_of
from hedgecheck.datasets.places import Place, shown
from hedgecheck.datasets.registry import corpora, corpus, files_to_read
from hedgecheck.errors import InputError, TrainingDataError
from hedgecheck.tasks import Part, Task

_QUOTES: Final = str.maketrans(dict.fromkeys("‘’‚‛`´′", "'") | dict.fromkeys("“”„‟«»″", '"'))


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder to read, or the part of it that is one split.

    ``name`` is what a report calls it: the file's name, or its place in the corpora folder.
    ``sha256`` is the sum that the registry lists, and ``columns`` is for a table of the user's own.
    """

    path: Path
    name: str
    split: str = ""
    format: str | None = None
    columns: Columns | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file or folder that was read, as a report names it.

    ``corpus`` is the corpus that has a file of this sum, empty where none has. ``as_listed`` is
    False where the file lies where a corpus should and has another sum.
    """

    name: str
    sha256: str
    split: str = ""
    corpus: str = ""
    as_listed: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Return it as a JSON-ready dict."""
        found = {"file": self.name, "sha256": self.sha256}
        return found | {k: v for k in ("split", "corpus") if (v := getattr(self, k))}


@dataclass(frozen=True, slots=True)
class Examples:
    """Documents in which just the sentences that have the task's labels are labelled.

    ``axes`` gives the axes of contrast pairs, by the group of their two sides.
    """

    task: Task
    documents: tuple[LabelledDocument, ...]
    files: tuple[DataFile, ...] = ()
    axes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def sentences(self) -> list[tuple[LabelledDocument, LabelledSentence]]:
        """The labelled sentences in order, each with its document."""
        return [(document, each) for document in self.documents for each in document.labelled]

    @property
    def groups(self) -> npt.NDArray[np.str_]:
        """The group of each labelled sentence: what folds and draws keep together."""
        return np.array([document.group for document, _ in self.sentences], dtype=np.str_)

    def gold(self, part: Part) -> Any:
        """The labels of a part: numbers of classes, bools, floats, or lists of spans."""
        values = [part.gold(sentence.labels) for _, sentence in self.sentences if sentence.labels]
        if part.kind == "classes":
            return np.array([part.classes.index(value) for value in values], dtype=np.int64)
        if part.kind == "spans":
            return values
        return np.array(values, dtype=np.bool_ if part.kind == "yes-no" else np.float64)

    def copies_of(self, texts: Collection[str]) -> int:
        """How many labelled sentences have words (`same_words`) that are among some texts."""
        return sum(same_words(sentence.text) in texts for _, sentence in self.sentences)

    def take(self, chosen: npt.NDArray[np.bool_]) -> Examples:
        """The documents for which `chosen` is true."""
        kept = tuple(d for d, take in zip(self.documents, chosen, strict=True) if take)
        return replace(self, documents=kept)

    def without(self, texts: Collection[str]) -> tuple[Examples, int]:
        """The same without labels on sentences of these words (`same_words`), and how many.

        They stay as context of the others.
        """
        dropped = 0
        documents = []
        for document in self.documents:
            kept = []
            for sentence in document.sentences:
                drop = sentence.labels is not None and same_words(sentence.text) in texts
                dropped += drop
                kept.append(replace(sentence, labels=None) if drop else sentence)
            documents.append(replace(document, sentences=tuple(kept)))
        if not dropped:
            return self, 0
        labelled = tuple(document for document in documents if document.labelled)
        return replace(self, documents=labelled), dropped


def same_words(text: str) -> str:
    """The text with case, spaces and the form of quotation marks taken away.

    >>> same_words("It  is “over”.") == same_words('it is "OVER".')
    True
    """
    return " ".join(text.casefold().translate(_QUOTES).split())


def words_of(documents: Iterable[LabelledDocument]) -> set[str]:
    """The sentences of documents, context included, as `same_words` gives them."""
    return {same_words(s.text) for document in documents for s in document.sentences}


def named_sources(
    paths: Sequence[Path], split: str | None, columns: Columns | None = None
) -> list[Source]:
    """The sources for paths that a user gave.

    Raises
    ------
    InputError
        If a path is given twice.
    """
    if len({path.resolve() for path in paths}) < len(paths):
        raise InputError(f"{paths[0].name}: a file is named twice; its sentences would count twice")
    return [Source(path, path.name, split or "", columns=columns) for path in paths]


def corpus_sources(task: Task, splits: Sequence[str], folder: str | Path | None) -> list[Source]:
    """The sources of the task's corpus for the first of some splits that is there.

    Without any splits they are all that the corpus has.

    Raises
    ------
    InputError
        If the corpus has none of the splits.
    TrainingDataError
        If there is no such folder, or none of the splits is found.
    """
    if folder is not None and not Path(folder).is_dir():
        raise Place(Path(folder)).error("there is no such folder", "name that of the corpora")
    known = corpus(task.corpus)
    wanted = [split for split in splits if split in known.splits]
    if splits and not wanted:
        raise InputError(
            f"{known.name} has no split {' or '.join(map(repr, splits))}; it has "
            f"{', '.join(known.splits)}"
        )
    for split in wanted or ("",):
        try:
            files = files_to_read(known, split or None, folder)
        except TrainingDataError:
            continue
        found = [
            Source(path, file.path, split, file.format, sha256=file.sha256) for file, path in files
        ]
        # A file of several splits need not hold this one.
        if any(file.split for file, _ in files) or any(True for s in found for _ in _read(s)):
            return found
    # Nothing is there: say what is looked for.
    files = files_to_read(known, splits[0] if len(splits) == 1 else None, folder)
    held = ", ".join(file.path for file, _ in files)
    raise TrainingDataError(f"{held}: no document of the split {wanted[0]!r}; name another split")


def _read(source: Source) -> Iterator[LabelledDocument]:
    if source.columns is not None:
        documents = read_table(source.path, source.columns)
    else:
        documents = read(source.path, source.format)
    for document in documents:
        if not source.split or document.split in ("", source.split):
            yield document


def read_examples(task: Task, sources: Sequence[Source], *, tested: bool = False) -> Examples:
    """Read the sentences of a task; `tested` tells that figures will be of them.

    Raises
    ------
    TrainingDataError
        If a file cannot be read, a label is outside the task's set, or there is none at all.
    """
    documents: list[LabelledDocument] = []
    axes: dict[str, tuple[str, ...]] = {}
    for source in sources:
        before = len(documents)
        seen = 0
        for document in _read(source):
            seen += 1
            labelled = _with_task_labels(task, document, source.path)
            if labelled.labelled:
                documents.append(labelled)
        if len(documents) == before:
            raise _nothing(task, source, seen)
        if task.kind == "pairs" and tested:
            axes |= {pair.a.group: pair.axes for pair in read_pairs(source.path)}
    files = tuple(_data_file(source) for source in sources)
    return Examples(task, tuple(documents), files, axes)


def _nothing(task: Task, source: Source, seen: int) -> TrainingDataError:
    if source.split and not seen:
        return Place(source.path).error(
            f"no document of the split {source.split!r}", "name another split, or leave it out"
        )
    return Place(source.path).error(
        f"no sentence has the labels of the task {task.name}",
        f"give data in a format that has them (`hedgecheck datasets show {task.corpus}`)",
    )


def _with_task_labels(task: Task, document: LabelledDocument, path: Path) -> LabelledDocument:
    """The document; sentences that lack a label of the task become context."""
    sentences = []
    for sentence in document.sentences:
        labels = sentence.labels
        values = [None if labels is None else part.gold(labels) for part in task.parts]
        for part, value in zip(task.parts, values, strict=True):
            if value is not None and part.kind == "classes" and value not in part.classes:
                raise Place(path).error(
                    f"document {shown(document.id)}, sentence {sentence.number}: {shown(value)} is "
                    f"outside the labels of the task {task.name}",
                    f"use {', '.join(part.classes)}",
                )
        known = all(value is not None for value in values)
        sentences.append(sentence if known else replace(sentence, labels=None))
    return replace(document, sentences=tuple(sentences))


def _data_file(source: Source) -> DataFile:
    sha256 = sha256_of(source.path)
    known = [each.name for each in corpora() for file in each.files if file.sha256 == sha256]
    as_listed = source.sha256 in ("", sha256)
    return DataFile(source.name, sha256, source.split, known[0] if known else "", as_listed)
