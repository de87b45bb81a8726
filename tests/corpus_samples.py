"""A small file in each format of labelled corpora, written for the tests."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

REPOSITORY = Path(__file__).resolve().parent.parent


def corpora_folder() -> Path:
    """Return the folder of the real corpora; skip the test where there is none."""
    named = os.environ.get("HEDGECHECK_CORPORA")
    folder = Path(named) if named else REPOSITORY.parent / "shared" / "corpora"
    if not folder.is_dir():
        pytest.skip("the public corpora are not here; name their folder in HEDGECHECK_CORPORA")
    return folder


def json_lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def news_labels(**changes: Any) -> dict[str, Any]:
    """Return the labels of a sentence in the writer's own voice, with changes."""
    return {
        "certainty": 95,
        "hedges": [],
        "sourcing": "none",
        "confidential": False,
        "attribution": "none",
        "source": "",
        "cue": "",
        "pronoun": False,
        "hard": False,
        "source_span": None,
        "cue_span": None,
        "hedge_spans": [],
    } | changes


# "The harbour may close, Tove Lund said."
MAY_CLOSE = news_labels(
    certainty=45,
    hedges=["may"],
    hedge_spans=[[12, 15]],
    sourcing="named",
    attribution="indirect",
    source="Tove Lund",
    source_span=[23, 32],
    cue="said",
    cue_span=[33, 37],
)
MAY_CLOSE_TEXT = "The harbour may close, Tove Lund said."


def hedgenews_rows() -> list[dict[str, Any]]:
    def row(doc: str, i: int, text: str, labels: dict[str, Any] | None) -> dict[str, Any]:
        base = {"doc": doc, "set": "mine", "i": i, "text": text, "labelled": labels is not None}
        return base | (labels or {}) | {"whole": True}

    return [
        row("mine/port#0", 4, "Ice lay in the sound.", None),
        row("mine/port#0", 5, MAY_CLOSE_TEXT, MAY_CLOSE),
        row("mine/port#1", 9, "Two tugs sank – “both old”.", news_labels()),
    ]


def news_rows() -> list[dict[str, Any]]:
    base = {"genre": "local", "doc": "port"}
    return [
        {"id": "port-00", **base, "i": 0, "paragraph": 0, "text": "Ice at last", **news_labels()},
        {"id": "port-01", **base, "i": 1, "paragraph": 1, "text": MAY_CLOSE_TEXT, **MAY_CLOSE},
    ]


def pair_rows() -> list[dict[str, Any]]:
    plain = "The harbour closes, Tove Lund said."
    surely = MAY_CLOSE | {
        "certainty": 95,
        "hedges": [],
        "hedge_spans": [],
        "source_span": [20, 29],
        "cue_span": [30, 34],
    }
    return [
        {
            "pair": "p1",
            "phenomenon": "hedge-or-none",
            "axes": ["certainty"],
            "a": {"sentences": ["Ice came.", MAY_CLOSE_TEXT], "target": 1, **MAY_CLOSE},
            "b": {"sentences": ["Ice came.", plain], "target": 1, **surely},
        }
    ]


SZEGED_XML = """\
<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<!DOCTYPE Annotation PUBLIC "-//Uncertainty//DTD  SCOPE ANNOTATION 1.0//EN" "Uncertainty.dtd">
<Annotation created="1/1/2020" creator="test"><DocumentSet>
<Document type="Wikipedia_text_weasel"><DocID type="WIKIPEDIA_ARTICLE_ID">Lake Orre_7</DocID>\
<DocumentPart type="Title"><Sentence id="S1.1">Lake Orre</Sentence></DocumentPart>\
<DocumentPart type="Text">\
<Sentence id="S1.2">It <ccue type="speculation_modal_probable_">may</ccue> dry up, and locals \
<ccue type="speculation_hypo_doxastic _">believe</ccue> it will.</Sentence>\
<Sentence id="S1.3">Fish &amp; eels live in it <ccue type="speculation_hypo_condition _">if\
</ccue> fed; <ccue type="speculation_hypo_investigation _">whether</ccue> pike do is studied.\
</Sentence></DocumentPart></Document>
<Document type="Biological_abstract"><DocID type="PMID">42</DocID><DocumentPart type="Text">\
<Sentence id="S1.1">Moss grows.</Sentence></DocumentPart></Document>
</DocumentSet></Annotation>
"""

SZEGED_TSV = """\
doc\tsent\tuncertain\tepistemic\tdoxastic\tcondition\tinvestigation\ttext\tcues
Lake Orre_7\tS1.1\t0\t0\t0\t0\t0\tLake Orre\t
Lake Orre_7\tS1.2\t1\t1\t1\t0\t0\tIt may dry up, and locals believe it will.\tmay:epistemic;believe:doxastic
Lake Orre_7\tS1.3\t1\t0\t0\t1\t1\tFish & eels live in it if fed; whether pike do is studied.\tif:condition;whether:investigation
Mount Tal_8\tS1.1\t0\t0\t0\t0\t0\t"The ""old"" mount"\t
"""  # noqa: E501 -- a line of the format is one line

BIOSCOPE_XML = """\
<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE Annotation PUBLIC "-//BIOSCOPE//DTD  SCOPE ANNOTATION 1.0//EN" "BioScope.dtd">
<Annotation created="1/1/2020"  creator="test">
\t<DocumentSet>
\t\t<Document type="Biological_abstract">
\t\t\t<DocID type="PMID">1001</DocID>
\t\t\t\t<DocumentPart type="Title">
\t\t\t\t\t<sentence id="S1.1">Sleep in newts.</sentence>
\t\t\t\t</DocumentPart>
\t\t\t\t<DocumentPart type="AbstractText">
\t\t\t\t\t<sentence id="S1.2">Newts <xcope id="X1.2.2"><cue type="speculation" ref="X1.2.2">may\
</cue> sleep but do <xcope id="X1.2.1"><cue type="negation" ref="X1.2.1">not</cue> dream</xcope>\
</xcope>.</sentence>
\t\t\t\t</DocumentPart>
\t\t</Document>
\t</DocumentSet>
</Annotation>
"""

BIOSCOPE_TSV = """\
part\tdoc\tsent\tspeculation\ttext\tspec_cues\tneg_cues
abstracts\t1001\tS1.1\t0\tSleep in newts.\t\t
abstracts\t1001\tS1.2\t1\tNewts may sleep but do not dream.\tmay\tnot
"""

CONLL2010_XML = """\
<?xml version="1.0" encoding="utf-8"?>
<Annotation created="1/1/2020" creator="test"><DocumentSet>
<Document type="Wikipedia_text_weasel"><DocID type="WIKIPEDIA_ARTICLE_ID">Lake Orre_7</DocID>
<DocumentPart type="Title"><sentence id="S1.1" certainty="certain">Lake Orre</sentence>
</DocumentPart><DocumentPart type="Text">
<sentence id="S1.2" certainty="uncertain"><ccue>Some say</ccue> a beast lives there.</sentence>
</DocumentPart></Document>
<Document type="Biological_abstract"><DocID type="PMID">1001</DocID><DocumentPart type="Text">
<sentence id="S1.1" certainty="uncertain">Newts <ccue>may</ccue> sleep.</sentence>
</DocumentPart></Document></DocumentSet></Annotation>
"""

CONLL2010_TSV = """\
split\tdoc\tsent\tpart\tlabel\tlabel_source\ttext\tszeged_cues
train\tLake Orre_7\tS1.1\tTitle\t0\ttitle\tLake Orre\t
train\tLake Orre_7\tS1.2\tText\t1\texact\tSome say a beast may live there.\tmay :epistemic
"""


def polnear_rows() -> list[dict[str, Any]]:
    base = {"doc": "gazette_x", "split": "dev", "publisher": "gazette", "annotator": "ab12"}
    first = {
        "id": "E1",
        "source_text": "Mayor Brandt",
        "cue_text": "said",
        "content_text": "The bridge is safe. Use it",
        "source_span": [],
        "cue_span": [],
        "content_span": [[1, 20]],
        "quote_type": "direct",
        "spans_sentences": 2,
        "doc_source_span": [[34, 46]],
    }
    second = first | {
        "source_span": [[14, 26]],
        "cue_span": [[9, 13]],
        "content_span": [[0, 6]],
    }
    return [
        {**base, "sent_index": 0, "begin": 0, "end": 20, "text": "“The bridge is safe.",
         "attributions": [first]},
        {**base, "sent_index": 1, "begin": 21, "end": 48, "text": "Use it,” said Mayor Brandt.",
         "attributions": [second]},
        {**base, "sent_index": 2, "begin": 49, "end": 67, "text": "It opened in May.",
         "attributions": []},
    ]  # fmt: skip


# Two paragraphs; "E1" runs over two sentences, "E2" has a broken content, "E3" no source.
STANDOFF_TEXT = (
    "“The bridge is safe. Use it,” said Mayor Brandt.\n\n"
    "Divers, she wrote, found “no rust”. The toll is expected to fall.\n"
)
STANDOFF_ANN = """\
T1\tSource 35 47\tMayor Brandt
T2\tCue 30 34\tsaid
T3\tContent 0 29\t“The bridge is safe. Use it,”
T4\tAttribution 30 34\tsaid
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
T5\tSource 58 61\tshe
T6\tCue 62 67\twrote
T7\tContent 50 56;69 84\tDivers found “no rust”
T8\tAttribution 62 67\twrote
E2\tAttribution:T8 Source:T5 Cue:T6 Content:T7
A1\tNote E2
#1\tAnnotatorNotes E2\ta note
T9\tCue 95 106\tis expected
T10\tContent 86 94\tThe toll
T11\tContent 107 114\tto fall
T12\tAttribution-no-source 95 106\tis expected
E3\tAttribution-no-source:T12 Content:T10 Content2:T11 Cue:T9
"""


def gum_rows() -> list[dict[str, Any]]:
    base = {"doc": "GUM_news_sluice", "genre": "news", "split": "train"}
    attribution = {
        "source_text": "the water board",
        "cue_text": "According to ,",
        "content_text": "the sluices can't close .",
        "source_span": [[13, 28]],
        "cue_span": [[0, 12], [28, 29]],
        "content_span": [[30, 54]],
        "polarity": "positive",
        "source_type": "organization",
        "source_infstat": "new",
        "source_identity": "",
        "source_named_in_chain": False,
        "explicit_edu": 2,
    }
    text = "According to the water board, the sluices can't close."
    return [
        {**base, "sent_index": 0, "text": "Sluices stuck", "attributions": []},
        {**base, "sent_index": 1, "text": text, "attributions": [attribution]},
    ]


def _word(number: str, form: str, misc: str = "_") -> str:
    return "\t".join([number, form, *["_"] * 7, misc])


GUM_CONLLU = "\n".join(
    [
        "# newdoc id = GUM_news_sluice",
        "# meta::genre = news",
        "# newpar",
        "# newpar_block = head (1 s)",
        "# sent_id = GUM_news_sluice-1",
        "# text = Sluices stuck",
        _word("1", "Sluices", "Discourse=organization-heading:1->3:1:_"),
        _word("2", "stuck"),
        "",
        "# newpar",
        "# newpar_block = p (1 s)",
        "# sent_id = GUM_news_sluice-2",
        "# text = According to the water board, the sluices can't close.",
        _word("1", "According", "Discourse=attribution-positive:2->3:0:lex-indph-3-4-_"
                                "+sem-atsrc-5-7-_;context-background:2->1:1:0:_"),
        _word("2", "to"),
        _word("3", "the"),
        _word("4", "water"),
        _word("5", "board", "SpaceAfter=No"),
        _word("6", ","),
        _word("7", "the", "Discourse=ROOT:3:0|Entity=(1-object"),
        _word("8", "sluices"),
        _word("9-10", "can't"),
        _word("9", "ca"),
        _word("10", "not"),
        _word("10.1", "empty"),
        _word("11", "close", "SpaceAfter=No"),
        _word("12", "."),
        "",
        "",
    ]
)  # fmt: skip


def pei_jurgens_rows() -> list[dict[str, Any]]:
    return [
        {"id": 3, "finding": "Newts may dream.", "sentence-level-certainty": 3.5, "split": "train"},
        {"id": 5, "finding": "Newts sleep.", "sentence-level-certainty": 6.0, "split": "val"},
    ]


def aspect_rows() -> list[dict[str, Any]]:
    aspects = dict.fromkeys(("Number", "Extent", "Condition", "Suggestion"), "NotPresent")
    aspects |= {"Probability": "Uncertain", "Framing": "Certain"}
    return [
        {"id": 9, "finding": "Newts may dream.", "split": "val", "aspect-level-certainty": aspects}
    ]


def factuality_rows() -> list[dict[str, Any]]:
    return [
        {
            "text": "The dam broke , but nobody drowned .",
            "targets": [
                {"span1": [2, 3], "label": 3.0, "span_text": "broke"},
                {"span1": [6, 7], "label": -1.5, "span_text": "drowned"},
            ],
            "file_idx": 0,
            "idx": 0,
        },
        {"text": "Rain !", "targets": [], "file_idx": 1, "idx": 1},
    ]


@dataclass(frozen=True)
class Sample:
    """A file of a format."""

    format: str
    file: str
    content: str

    def write(self, folder: Path, content: str | bytes | None = None) -> Path:
        """Write it, or something else in its place, and return where it is."""
        path = folder / self.file
        data = self.content if content is None else content
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path


SAMPLES = {
    sample.format: sample
    for sample in (
        Sample("hedgenews-jsonl", "train.jsonl", json_lines(hedgenews_rows())),
        Sample("news-jsonl", "news.jsonl", json_lines(news_rows())),
        Sample("pairs-jsonl", "pairs.jsonl", json_lines(pair_rows())),
        Sample("szeged-xml", "train.xml", SZEGED_XML),
        Sample("szeged-tsv", "train.tsv", SZEGED_TSV),
        Sample("bioscope-xml", "abstracts.xml", BIOSCOPE_XML),
        Sample("bioscope-tsv", "bioscope.tsv", BIOSCOPE_TSV),
        Sample("conll2010-xml", "wiki.xml", CONLL2010_XML),
        Sample("conll2010-tsv", "wiki.tsv", CONLL2010_TSV),
        Sample("polnear-jsonl", "dev.jsonl", json_lines(polnear_rows())),
        Sample("gum-jsonl", "gum.jsonl", json_lines(gum_rows())),
        Sample("gum-conllu", "GUM_news_sluice.conllu", GUM_CONLLU),
        Sample("pei-jurgens-jsonl", "sentence.jsonl", json_lines(pei_jurgens_rows())),
        Sample("pei-jurgens-aspects-jsonl", "aspect.jsonl", json_lines(aspect_rows())),
        Sample("factuality-jsonl", "uds_ih2-dev.jsonl", json_lines(factuality_rows())),
    )
}


def write_standoff(folder: Path, text: str = STANDOFF_TEXT, ann: str = STANDOFF_ANN) -> Path:
    """Write a PolNeAR folder with one article, annotated twice, and return it."""
    for name in ("text", "attributions"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "text" / "gazette_x.txt").write_bytes(text.encode())
    (folder / "attributions" / "gazette_x_ab12.ann").write_bytes(ann.encode())
    (folder / "attributions" / "gazette_x_cd34.ann").write_bytes(STANDOFF_ANN.encode())
    return folder
