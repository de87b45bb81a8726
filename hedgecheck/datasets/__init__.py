"""Labelled corpora: a reader for each format, one plain structure, and a registry.

>>> from hedgecheck.datasets import read_corpus
>>> document = next(read_corpus("hedgecheck-news"))
>>> document.id, len(document.sentences), document.sentences[0].labels.certainty
('d01', 24, 0.95)
"""

from __future__ import annotations

from hedgecheck.datasets.bioscope import read_bioscope_tsv, read_bioscope_xml
from hedgecheck.datasets.columns import Columns
from hedgecheck.datasets.conll2010 import read_conll2010_tsv, read_conll2010_xml
from hedgecheck.datasets.factuality import read_factuality
from hedgecheck.datasets.formats import FORMATS, find_format, read
from hedgecheck.datasets.gum import read_gum
from hedgecheck.datasets.gum_conllu import read_gum_conllu
from hedgecheck.datasets.hedgenews import read_hedgenews
from hedgecheck.datasets.locating import locate
from hedgecheck.datasets.news_and_pairs import read_news, read_pair_documents, read_pairs
from hedgecheck.datasets.pei_jurgens import read_pei_jurgens, read_pei_jurgens_aspects
from hedgecheck.datasets.polnear import read_polnear
from hedgecheck.datasets.polnear_standoff import read_polnear_standoff
from hedgecheck.datasets.readings import read_readings, sentence_key
from hedgecheck.datasets.registry import Corpus, CorpusFile, corpora, corpus, read_corpus
from hedgecheck.datasets.structure import (
    Attribution,
    ContrastPair,
    LabelledDocument,
    LabelledSentence,
    Labels,
    Span,
    attribution_of,
    frame,
)
from hedgecheck.datasets.szeged import read_szeged_tsv, read_szeged_xml
from hedgecheck.datasets.table import read_table

__all__ = [
    "FORMATS",
    "Attribution",
    "Columns",
    "ContrastPair",
    "Corpus",
    "CorpusFile",
    "LabelledDocument",
    "LabelledSentence",
    "Labels",
    "Span",
    "attribution_of",
    "corpora",
    "corpus",
    "find_format",
    "frame",
    "locate",
    "read",
    "read_bioscope_tsv",
    "read_bioscope_xml",
    "read_conll2010_tsv",
    "read_conll2010_xml",
    "read_corpus",
    "read_factuality",
    "read_gum",
    "read_gum_conllu",
    "read_hedgenews",
    "read_news",
    "read_pair_documents",
    "read_pairs",
    "read_pei_jurgens",
    "read_pei_jurgens_aspects",
    "read_polnear",
    "read_polnear_standoff",
    "read_readings",
    "read_szeged_tsv",
    "read_szeged_xml",
    "read_table",
    "sentence_key",
]
