"""The way of the data: sentences to tokens, quotations, evidence, first pass, second pass, labels.

Everything here works on whole batches of arrays and changes nothing but the cache of word types.
Training (`hedgecheck.training`) and scoring (`hedgecheck.model`) both go through it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hedgecheck import quotations
from hedgecheck.blocks import Block, FloatArray, LinearStage, pack, unpack
from hedgecheck.context import context_blocks
from hedgecheck.heads import Calibration, Verdicts, class_probabilities, decide
from hedgecheck.sentence_blocks import Evidence, find_evidence, sentence_blocks
from hedgecheck.sentence_scores import BOTH, FIRST, SentenceScorer
from hedgecheck.tagging import Scene
from hedgecheck.time_limit import check_time
from hedgecheck.token_scores import TokenScorer
from hedgecheck.tokens import IntArray, tokenize
from hedgecheck.vocabulary import TypeProperties, Vocabulary

#: Raised whenever what the models see of a text changes: a model fits the features it learned with.
FEATURES = 4


def make_scene(
    sentences: Sequence[str],
    document: IntArray,
    properties: TypeProperties,
    paragraph: IntArray | None = None,
) -> Scene:
    """Tokenise a batch and find its quotations.

    Parameters
    ----------
    sentences
        The batch.
    document
        Document of every sentence, rising; quotations and context stay inside one.
    properties
        Where word types are kept.
    paragraph
        Paragraph of every sentence, where known.

    Returns
    -------
    Scene
        Tokens and quotations; `properties` now knows every word of the batch.
    """
    check_time()
    tokens = tokenize(sentences, properties.table)
    mark = properties.mark[tokens.type]
    found = quotations.scan(tokens, mark, document, paragraph)
    # Of a mask numpy finds the places four times as fast as of numbers.
    return Scene(tokens, found, properties, (tokens.type > 0).nonzero()[0])


@dataclass(frozen=True, slots=True)
class Analysis:
    """All that is known of a batch after scoring.

    ``blocks``, ``stage`` and ``scores`` are those of the pass that decided.
    """

    scene: Scene
    evidence: Evidence
    verdicts: Verdicts
    scores: FloatArray
    blocks: list[Block]
    stage: LinearStage
    document: IntArray


@dataclass(frozen=True, slots=True)
class Engine:
    """The trained parts, in the order in which they are used."""

    vocabulary: Vocabulary
    corpus_tagger: LinearStage
    news_tagger: LinearStage
    first_pass: LinearStage
    first_calibration: Calibration
    second_pass: LinearStage
    second_calibration: Calibration
    #: The taggers and the passes, rearranged for speed.
    tokens: TokenScorer = field(init=False, repr=False, compare=False)
    sentences: SentenceScorer = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # The only way to set fields of a frozen class that follow from the others.
        object.__setattr__(self, "tokens", TokenScorer(self.corpus_tagger, self.news_tagger))
        passes = (self.first_pass, self.second_pass)
        object.__setattr__(self, "sentences", SentenceScorer(passes))

    def evidence(self, scene: Scene) -> Evidence:
        """Tag the words of a batch."""
        return find_evidence(scene, *self.tokens.probabilities(scene))

    def analyse(
        self,
        sentences: Sequence[str],
        properties: TypeProperties,
        document: IntArray | None = None,
        paragraph: IntArray | None = None,
    ) -> Analysis:
        """Score a batch; with `document` in context, without it every sentence by itself.

        Parameters
        ----------
        sentences
            The batch; a whole document lies in one batch.
        properties
            Where word types are kept; made for this engine's vocabulary.
        document
            Document of every sentence, rising.
        paragraph
            Paragraph of every sentence, where known.

        Raises
        ------
        TimeIsUpError
            If a limit was set (`hedgecheck.time_limit`) and is over.
        """
        numbers = np.arange(len(sentences)) if document is None else document
        scene = make_scene(sentences, numbers, properties, paragraph)
        return self.analyse_scene(scene, document)

    def analyse_scene(self, scene: Scene, document: IntArray | None) -> Analysis:
        """Score a batch of which tokens and quotations are found; `document` as in `analyse`."""
        n, properties = scene.tokens.n_sentences, scene.properties
        numbers = np.arange(n) if document is None else document
        check_time()
        evidence = self.evidence(scene)
        check_time()
        blocks = sentence_blocks(scene, evidence)
        check_time()
        view = FIRST if document is None else BOTH
        entries = self.sentences.entries(blocks, n, properties, view)
        if document is None:
            scores = self.sentences.scores(entries)
            verdicts = decide(scores, self.first_calibration)
            return Analysis(scene, evidence, verdicts, scores, blocks, self.first_pass, numbers)
        check_time()
        so_far = self.sentences.scores(entries)
        scores = np.ascontiguousarray(so_far[:, : self.first_pass.n_outputs])
        first = first_pass_probabilities(scores, self.first_calibration)
        check_time()
        context = context_blocks(scene, evidence, first, numbers)
        entries = self.sentences.entries(context, n, properties, BOTH)
        check_time()
        both = self.sentences.scores(entries, so_far)
        scores = np.ascontiguousarray(both[:, self.first_pass.n_outputs :])
        blocks = [*blocks, *context]
        verdicts = decide(scores, self.second_calibration)
        return Analysis(scene, evidence, verdicts, scores, blocks, self.second_pass, numbers)

    def to_payload(self) -> dict[str, Any]:
        """The engine as entries of a model file; `from_payload` reads them."""
        return {
            "vocabulary": self.vocabulary.to_bytes(),
            **pack(self.corpus_tagger, "corpus_tagger"),
            **pack(self.news_tagger, "news_tagger"),
            **pack(self.first_pass, "first_pass"),
            **self.first_calibration.to_payload("first_calibration"),
            **pack(self.second_pass, "second_pass"),
            **self.second_calibration.to_payload("second_calibration"),
        }

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Engine:
        """The engine that `to_payload` wrote.

        Raises
        ------
        KeyError
            If an entry is missing.
        """
        return cls(
            Vocabulary.from_bytes(payload["vocabulary"]),
            unpack(payload, "corpus_tagger"),
            unpack(payload, "news_tagger"),
            unpack(payload, "first_pass"),
            Calibration.from_payload(payload, "first_calibration"),
            unpack(payload, "second_pass"),
            Calibration.from_payload(payload, "second_calibration"),
        )


def first_pass_probabilities(scores: FloatArray, calibration: Calibration) -> FloatArray:
    """What the second pass sees of the first.

    Probabilities of sourcing and attribution, shape (sentences, 10).
    """
    return np.hstack(class_probabilities(scores, calibration))
