"""The pipeline component for spaCy: ``nlp.add_pipe("hedgecheck")``.

spaCy finds it by its entry point. On a `Doc` it leaves plain data, which can be pickled, sent to
other processes and kept in a `DocBin`, and spans; the results are built of it when they are asked
for. Where a `Doc` has sentences they are scored as they are, else they are found and set.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from itertools import islice
from typing import Any, Final

import hedgecheck
from hedgecheck.errors import HedgecheckError, MissingExtraError
from hedgecheck.results import Contribution, Document, SentenceScore, Span, Speaker

NAME: Final = "hedgecheck"  # of the factory, of the extensions for a whole text, of the user data

#: Extensions of `spacy.tokens.Span` beside that for the whole score; each is one of its fields.
FIELDS: Final = (
    "certainty",
    "certainty_level",
    "hedged",
    "sourcing",
    "confidential",
    "attribution",
)

_PLAIN_FIELDS: Final = (
    *("text", "start", "end", "certainty", "sourcing", "sourcing_proba"),
    *("confidential", "confidential_proba", "attribution", "attribution_proba"),
)

LABELS: Final = ("HEDGE", "SOURCE", "CUE", "QUOTE")  # of the spans


class SpacyComponent:
    """Scores a `Doc`; spaCy makes it of the configuration of the pipeline.

    Parameters
    ----------
    model : str, default "en"
        Name or path of the model.
    spans_key : str, default "hedgecheck"
        Where in `Doc.spans` the evidence goes: spans of the labels `LABELS`, with the kind of a
        hedge as the span's id.
    """

    def __init__(self, model: str = "en", spans_key: str = NAME) -> None:
        self.model_name = model
        self.spans_key = spans_key
        self.model = hedgecheck.load(model)

    def __call__(self, doc: Any) -> Any:
        """Score one `Doc` and give it back."""
        self.annotate(doc, *next(self.predict([doc])))
        return doc

    def pipe(self, stream: Iterable[Any], *, batch_size: int = 128) -> Iterator[Any]:
        """Score a stream of `Doc`, many at a time, which is faster than one by one."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            for doc, found in zip(batch, self.predict(batch), strict=True):
                self.annotate(doc, *found)
                yield doc

    def predict(
        self, docs: Sequence[Any]
    ) -> Iterator[tuple[Document, Sequence[tuple[int, int, int]]]]:
        """Score some `Doc` without changing them.

        Yields
        ------
        Document
            The scores, with offsets into `Doc.text`.
        sequence of (int, int, int)
            Start, end and paragraph of each sentence.
        """
        found = [_sentences(doc) for doc in docs]
        split = [_by_paragraph(doc.text, spans) for doc, spans in zip(docs, found, strict=True)]
        scored = self.model.iter_documents(split)
        for doc, spans, document in zip(docs, found, scored, strict=True):
            scores = tuple(
                replace(score, start=start, end=end)
                for score, (start, end, _) in zip(document, spans, strict=True)
            )
            yield Document(doc.text, scores, document.model_version, document.model_name), spans

    def annotate(
        self, doc: Any, document: Document, sentences: Sequence[tuple[int, int, int]]
    ) -> None:
        """Leave a document's scores on a `Doc`, as plain data and as spans."""
        doc.user_data[NAME] = {
            "model": self.model_name,
            "model_name": document.model_name,
            "model_version": document.model_version,
            "paragraphs": [paragraph for _, _, paragraph in sentences],
            "sentences": [score.to_dict() for score in document],
        }
        if not doc.has_annotation("SENT_START"):
            _set_sentences(doc, [score.start for score in document])
        spans = [
            _spacy_span(doc, score.start, *part) for score in document for part in _parts(score)
        ]
        doc.spans[self.spans_key] = [span for span in spans if span is not None]


def make_component(nlp: Any, name: str, model: str = "en", spans_key: str = NAME) -> SpacyComponent:  # noqa: ARG001
    """Make the component: the factory that spaCy calls.

    Raises
    ------
    MissingExtraError
        If spaCy is not installed.
    ModelFileError
        If there is no such model.
    """
    if not _has_spacy():
        raise MissingExtraError(
            "the component needs spaCy; install it with: pip install 'hedgecheck[spacy]'"
        )
    return SpacyComponent(model, spans_key)


# -------------------------------------------------------------------------- from a Doc to sentences


def _sentences(doc: Any) -> list[tuple[int, int, int]]:
    """Return start, end and paragraph of the sentences, without the white space around them."""
    text = doc.text
    if not doc.has_annotation("SENT_START"):
        from hedgecheck.segmentation import split_sentences

        return split_sentences(text)
    found: list[tuple[int, int, int]] = []
    before = paragraph = 0
    for sentence in doc.sents:
        words = text[sentence.start_char : sentence.end_char]
        start = sentence.start_char + len(words) - len(words.lstrip())
        if not words.strip():  # spaCy makes a token, and at times a sentence, of line feeds alone
            continue
        paragraph += found != [] and "\n" in text[before:start]
        before = start + len(words.strip())
        found.append((start, before, paragraph))
    return found


def _by_paragraph(text: str, sentences: Sequence[Sequence[int]]) -> list[list[str]]:
    paragraphs: list[list[str]] = []
    for start, end, paragraph in sentences:
        paragraphs += [[] for _ in range(paragraph + 1 - len(paragraphs))]
        paragraphs[paragraph].append(text[start:end])
    return paragraphs or [[]]


def _set_sentences(doc: Any, starts: Sequence[int]) -> None:
    """Let a sentence begin at the token of each start, and nowhere else.

    The first one begins with the text: white space before it is a token of its own.
    """
    begins = [token.idx for token in doc]
    first = {0, *(bisect_right(begins, start) - 1 for start in starts[1:])}
    for token in doc:
        token.is_sent_start = token.i in first


def _parts(score: SentenceScore) -> list[tuple[Span, str]]:
    """Return the evidence of a sentence with the labels of its spans."""
    found = [(span, "HEDGE") for span in score.hedges]
    found += [(score.source, "SOURCE")] if score.source else []
    found += [(score.cue, "CUE")] if score.cue else []
    return found + [(span, "QUOTE") for span in score.quotes]


def _spacy_span(doc: Any, offset: int, span: Span, label: str) -> Any:
    """Return evidence as a span of whole tokens, None where there is none such."""
    kind = span.kind if label == "HEDGE" else ""
    start, end = offset + span.start, offset + span.end
    return doc.char_span(start, end, label=label, span_id=kind, alignment_mode="expand")


# ----------------------------------------------------------------------- from plain data to results


def document_of(doc: Any) -> Document | None:
    """Return the results that were left on a `Doc`, None where the component did not run."""
    data = doc.user_data.get(NAME)
    if data is None:
        return None
    scores = tuple(_score_of(doc, data, number) for number in range(len(data["sentences"])))
    return Document(doc.text, scores, data["model_version"], data["model_name"])


def score_of(span: Any) -> SentenceScore | None:
    """Return the score of the sentence in which a span begins, None where there is none."""
    number = _number_of(span)
    return None if number is None else _score_of(span.doc, span.doc.user_data[NAME], number)


def _field_of(span: Any, *, field: str) -> Any:
    number = _number_of(span)
    return None if number is None else span.doc.user_data[NAME]["sentences"][number][field]


def _number_of(span: Any) -> int | None:
    data = span.doc.user_data.get(NAME)
    if data is None or not data["sentences"]:
        return None
    text = span.doc.text[span.start_char : span.end_char]
    start = span.start_char + len(text) - len(text.lstrip())  # past the white space
    number = bisect_right([entry["start"] for entry in data["sentences"]], start) - 1
    return max(number, 0)


def _score_of(doc: Any, data: dict[str, Any], number: int) -> SentenceScore:
    entry = data["sentences"][number]
    speaker = entry["speaker"]
    values = {name: entry[name] for name in _PLAIN_FIELDS}
    return SentenceScore(
        **values,
        hedges=tuple(Span(**span) for span in entry["hedges"]),
        source=Span(**entry["source"]) if entry["source"] else None,
        cue=Span(**entry["cue"]) if entry["cue"] else None,
        quotes=tuple(Span(**span) for span in entry["quotes"]),
        speaker=Speaker(speaker["sentence"], Span(**speaker["span"])) if speaker else None,
        _explainer=partial(_explain, doc.text, data, number),
    )


def _explain(text: str, data: dict[str, Any], number: int) -> tuple[Contribution, ...]:
    """Score the text again, split as it was, and say why."""
    places = [
        (entry["start"], entry["end"], paragraph)
        for entry, paragraph in zip(data["sentences"], data["paragraphs"], strict=True)
    ]
    document = hedgecheck.load(data["model"]).score_document(_by_paragraph(text, places))
    return document[number].explain()


# -------------------------------------------------------------------------------------- registering


def _has_spacy() -> bool:
    return find_spec("spacy") is not None


def _register() -> None:
    """Tell spaCy of the factory and of the extensions; once, when this module is imported."""
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as SpacySpan

    getters: dict[str, dict[str, Any]] = {
        "doc": {NAME: document_of},
        "span": {NAME: score_of, **{name: partial(_field_of, field=name) for name in FIELDS}},
    }
    for kind, target in (("doc", Doc), ("span", SpacySpan)):
        for name, getter in getters[kind].items():
            if target.has_extension(name) and not _is_ours(target.get_extension(name)[2]):
                raise HedgecheckError(
                    f"{kind}._.{name} is taken by another package; remove that extension first: "
                    f"{target.__name__}.remove_extension({name!r})"
                )
            target.set_extension(name, getter=getter, force=True)
    Language.factory(
        NAME,
        default_config={"model": "en", "spans_key": NAME},
        assigns=[f"{kind}._.{name}" for kind, found in getters.items() for name in found],
        func=make_component,
    )


def _is_ours(getter: Any) -> bool:
    """Return whether an extension stems from an earlier import of this module."""
    return getattr(getattr(getter, "func", getter), "__module__", "") == __name__


if _has_spacy():
    _register()
