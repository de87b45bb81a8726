"""Reader for PolNeAR as distributed: a folder of articles and one of standoff files.

``text/NAME.txt`` is an article, ``attributions/NAME_WHO.ann`` what the annotator WHO found in it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.brat import BratEvent, BratFile, read_brat
from hedgecheck.datasets.places import Place
from hedgecheck.datasets.quote_types import quote_type, quoted_characters
from hedgecheck.datasets.rows import text_lines
from hedgecheck.datasets.structure import (
    Attribution,
    LabelledDocument,
    LabelledSentence,
    Labels,
    Span,
    attribution_of,
)
from hedgecheck.segmentation import split_sentences

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator, Sequence

__all__ = ["read_polnear_standoff"]

_EVENTS: Final = frozenset({"Attribution", "Attribution-no-source"})

Pieces = tuple[tuple[int, int], ...]


def read_polnear_standoff(
    folder: str | os.PathLike[str], *, every_annotator: bool = False
) -> Iterator[LabelledDocument]:
    """Read PolNeAR as distributed, one document at a time, in the order of the file names.

    Parameters
    ----------
    folder : path
        The folder that holds ``text`` and ``attributions``.
    every_annotator : bool, optional
        Whether to yield an article once for each annotator, with ``@WHO`` after its id; else only
        by the first in the order of their names.

    Yields
    ------
    LabelledDocument
        As `hedgecheck.datasets.polnear.read_polnear` does. Sentences are those of
        `hedgecheck.segmentation.split_sentences`, so their number differs a little; quote types
        are derived from the quotation marks.

    Raises
    ------
    TrainingDataError
        If a folder or a standoff file is missing, or a standoff file is bad or does not fit its
        text.
    """
    root = Path(folder)
    articles = _files(root / "text", ".txt")
    annotations: dict[str, list[Path]] = {}
    for path in _files(root / "attributions", ".ann"):
        annotations.setdefault(path.stem.rpartition("_")[0], []).append(path)
    lost = sorted(set(annotations) - {path.stem for path in articles})
    if lost:
        raise Place(annotations[lost[0]][0]).error(
            f"its article text/{lost[0]}.txt is missing", "add it or take the .ann file away"
        )
    for article in articles:
        if article.stem not in annotations:
            raise Place(article).error(
                f"there is no attributions/{article.stem}_WHO.ann for it",
                "add it or take the article away",
            )
        text = "".join(line for line, _ in text_lines(article))
        files = annotations[article.stem]
        for path in files if every_annotator else files[:1]:
            name = f"{article.stem}@{path.stem.rpartition('_')[2]}" if every_annotator else None
            yield _document(article.stem, name or article.stem, text, read_brat(path, text))


def _files(folder: Path, suffix: str) -> list[Path]:
    if not folder.is_dir():
        raise Place(folder).error(
            "there is no such folder", "name the folder that holds text/ and attributions/"
        )
    found = sorted(path for path in folder.iterdir() if path.suffix == suffix)
    if not found:
        raise Place(folder).error(f"no {suffix} files in it", "check that it is the corpus")
    return found


def _document(article: str, name: str, text: str, annotation: BratFile) -> LabelledDocument:
    quoted = quoted_characters(text)
    ends = split_sentences(text)
    by_sentence: list[list[Attribution]] = [[] for _ in ends]
    for event in annotation.events:
        if event.type in _EVENTS:
            for number, part in _parts(event, annotation, text, quoted, ends):
                by_sentence[number].append(part)
    sentences = []
    for number, ((start, end, paragraph), found) in enumerate(zip(ends, by_sentence, strict=True)):
        labels = Labels(attribution=attribution_of(found), attributions=tuple(found))
        sentences.append(LabelledSentence(text[start:end], number, labels, paragraph=paragraph))
    publisher = article.partition("_")[0]
    return LabelledDocument(
        name, f"polnear/{article}", "polnear", tuple(sentences), genre=publisher
    )


def _parts(
    event: BratEvent,
    annotation: BratFile,
    text: str,
    quoted: bytes,
    ends: Sequence[tuple[int, int, int]],
) -> Iterator[tuple[int, Attribution]]:
    """Yield an attribution cut up by sentences, with the sentences' numbers."""
    sources = annotation.pieces(event, "Source")
    cues = annotation.pieces(event, "Cue")
    contents = annotation.pieces(event, "Content")
    type_ = quote_type(text, quoted, contents) if contents else None
    source_text = " ".join(text[start:end] for start, end in sources)
    for number, (start, end, _) in enumerate(ends):
        part = Attribution(
            id=event.id,
            sources=_within(sources, "source", text, start, end),
            cues=_within(cues, "cue", text, start, end),
            contents=_within(contents, "content", text, start, end),
            source_text=source_text,
            quote_type=type_,
        )
        if part.sources or part.cues or part.contents:
            yield number, part


def _within(pieces: Pieces, kind: str, text: str, start: int, end: int) -> tuple[Span, ...]:
    """Return the pieces as far as they lie in the sentence, without white space at their ends."""
    found = []
    for first, last in pieces:
        cut = text[max(first, start) : min(last, end)] if first < end and last > start else ""
        words = cut.strip()
        if words:
            at = max(first, start) + len(cut) - len(cut.lstrip()) - start
            found.append(Span(at, at + len(words), words, kind))
    return tuple(found)
