"""The report of one document: all of its text, none of its tricks, and its labels in words."""

from __future__ import annotations

import copy
import pickle
import time
from dataclasses import replace

import pytest
from cli_runs import run_python
from fake_model import build_document, build_score, speaker
from html_reading import Page, check_harmless
from hypothesis import given, settings
from strategies import any_texts
from test_results import documents

import hedgecheck
from hedgecheck.report import document_html, headline, view
from hedgecheck.report.characters import plain
from hedgecheck.report.charts import MOST_DOTS, bars, line
from hedgecheck.report.marked import stretches
from hedgecheck.report.reasons import reasons, spoken_label
from hedgecheck.report.sources import list_sources
from hedgecheck.report.view import build_report
from hedgecheck.results import Document, SentenceScore, Span

ARTICLE = (
    "Lighthouse at Morvik to close\n\n"
    "The lighthouse at Morvik may close in the autumn, a person familiar with the plan said. "
    "“It seems too dear,” the person said. Sela Brandvik, who keeps the light, said she would "
    "fight on. It is unclear whether the town can pay.\n\n"
    "Who will warn the boats? The tower was built in 1871."
)


@pytest.fixture(scope="module")
def document() -> Document:
    return hedgecheck.score(ARTICLE)


@pytest.fixture(scope="module")
def page(document: Document) -> Page:
    return Page(document.to_html())


# ---------------------------------------------------------------------------------- any document


@settings(max_examples=60)
@given(documents)
def test_any_document_makes_a_sound_page(document: Document) -> None:
    html = document.to_html()
    html.encode("utf-8")
    page = Page(html)
    check_harmless(page)
    shown = [element.text for element in page.all("span", "s")]
    assert shown == [plain(score.text) for score in document]
    assert len(page.all("a", "m")) == len(document)


@settings(max_examples=40)
@given(any_texts())
def test_any_text_scored_makes_a_sound_page(text: str) -> None:
    document = hedgecheck.load().score(text) if text.isascii() else hedgecheck.score(text)
    page = Page(document_html(document, title=text or None, notices=[text]))
    check_harmless(page)
    assert [it.text for it in page.all("span", "s")] == [plain(it.text) for it in document]


@given(documents)
def test_the_stretches_of_a_sentence_are_the_sentence(document: Document) -> None:
    for score in document:
        assert "".join(part.text for part in stretches(score)) == score.text


def test_the_same_document_makes_the_same_page(document: Document) -> None:
    html = document.to_html()
    assert html == document.to_html()
    assert html == pickle.loads(pickle.dumps(document)).to_html()
    assert html == copy.deepcopy(document).to_html()


def test_an_empty_text_makes_a_page_that_says_so() -> None:
    page = Page(hedgecheck.score(" \n").to_html())
    assert "no sentence" in page.all("p", "deck")[0].text
    assert not page.all("article")


def test_scoring_does_not_load_the_template_engine() -> None:
    check = (
        "import sys, hedgecheck; hedgecheck.score('It rained.');"
        "print([it for it in ('jinja2', 'markupsafe', 'starlette') if it in sys.modules])"
    )
    assert run_python("-c", check).stdout.strip() == b"[]"


# ---------------------------------------------------------------------------------- hostile text


def test_markup_in_a_text_is_text() -> None:
    text = "<script>alert(1)</script> may fail, </style><img src=x onerror=alert(2)> said."
    html = document_html(hedgecheck.score(text), title="<svg onload=alert(3)>", notices=[text])
    page = Page(html)
    check_harmless(page)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert page.all("h1")[0].text == "<svg onload=alert(3)>"


def test_template_code_in_a_text_is_text() -> None:
    page = Page(hedgecheck.score("He said {{ 7 * 7 }} and {% raw %} may fail.").to_html())
    assert page.by_id("s1").text == "He said {{ 7 * 7 }} and {% raw %} may fail."


def test_controls_are_named_and_not_passed_on() -> None:
    text = "The\u202e may\u2066 fail,\x00 he\ud800 said\x1b[2J."
    html = hedgecheck.score(text).to_html()
    page = Page(html)
    for unseen in "\u202e\u2066\x00\ud800\x1b":
        assert unseen not in html
    shown = "The[RLO] may[LRI] fail,[U+0000] he[U+D800] said[U+001B][2J."
    assert page.by_id("s1").text == shown
    titles = [it.attributes["title"] for it in page.all("span", "unseen")]
    assert "right-to-left override, U+202E" in titles
    assert ".s { unicode-bidi: isolate;" in html


def test_arabic_and_hebrew_stay_as_they_are() -> None:
    text = "The daily النهار said the שער may open."
    assert Page(hedgecheck.score(text).to_html()).by_id("s1").text == text


def test_a_sentence_of_five_megabytes_is_quick() -> None:
    text = "<b>“It may.”</b> " * 300_000
    score = build_score(text, hedges=(Span(8, 11, "may", "epistemic"),), certainty=0.4)
    began = time.process_time()
    html = document_html(build_document(score))
    assert time.process_time() - began < 5
    assert "<b>“It" not in html


def test_a_text_of_very_many_sentences_is_cut_and_counted_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(view, "MOST_SENTENCES", 1000)
    one = build_score("Sources say so.", sourcing="vague", source="Sources", cue="say")
    html = document_html(build_document(*[one] * 1005))
    page = Page(html)
    check_harmless(page)
    assert len(page.all("a", "m")) == 1000
    assert "Its first 1,000 sentences are printed; the profile counts all 1,005" in html
    assert 'href="#s1000"' in html
    assert 'href="#s1001"' not in html
    assert [it.text for it in page.all("summary")][:1] == ["997 more"]


# -------------------------------------------------------------------------------------- the page


def test_the_page_is_one_file_that_names_no_address(document: Document) -> None:
    html = document.to_html()
    assert "://" not in html
    assert "@import" not in html
    check_harmless(Page(html))


def test_marks_lead_to_notes_and_back(page: Page, document: Document) -> None:
    for number in range(1, len(document) + 1):
        mark = page.all("a", "m")[number - 1]
        assert mark.attributes["href"] == f"#n{number}"
        assert mark.attributes["aria-label"] == spoken_label(number, document[number - 1])
        page.by_id(f"n{number}")
        page.by_id(f"s{number}")
    ids = [it.attributes["id"] for it in page.elements if "id" in it.attributes]
    assert len(ids) == len(set(ids))


def test_paragraphs_and_the_headline_are_kept(page: Page) -> None:
    inside = [
        it for it in page.all("p") if it.text.startswith(("Lighthouse", "The light", "Who w"))
    ]
    assert "headline" in inside[0].classes
    assert page.all("h1")[0].text == "Lighthouse at Morvik to close"


def test_evidence_is_marked_by_kind(page: Page) -> None:
    assert "may" in [it.text for it in page.all("span", "epistemic")]
    assert any("unclear" in it.text for it in page.all("span", "doubt"))
    assert any("a person familiar" in it.text for it in page.all("span", "source"))
    assert "said" in [it.text for it in page.all("span", "cue")]
    assert any(it.text.startswith("“It") for it in page.all("span", "quote"))


def test_sentences_already_split_keep_their_paragraphs() -> None:
    document = hedgecheck.score_document([["Ferry late"], ["It rained.", "It may snow."]])
    report = build_report(document)
    assert [[it.number for it in paragraph] for paragraph in report.paragraphs] == [[1], [2, 3]]


def test_a_title_is_taken_or_found(document: Document) -> None:
    assert Page(document.to_html(title="Mine")).all("h1")[0].text == "Mine"
    assert headline(document) == "Lighthouse at Morvik to close"
    assert headline(hedgecheck.score("It rained. It may snow.")) is None
    assert headline(hedgecheck.score("A plain sentence.\nAnother one.")) is None
    assert Page(hedgecheck.score("It rained.").to_html()).all("h1")[0].text == "Untitled text"


# --------------------------------------------------------------------------------- what it says


def told(score: SentenceScore, *others: SentenceScore) -> list[str]:
    """Return the reasons for a sentence's labels as lines."""
    return [
        " ".join(filter(None, [f"{it.label} {it.score}", it.why, *it.words, it.there, it.rather]))
        for it in reasons([score, *others], 0)
    ]


def test_reasons_name_the_words() -> None:
    score = build_score(
        "It may, a senior official said, and may not.",
        certainty=0.5,
        hedges=["may"],
        sourcing="unnamed",
        source="a senior official",
        cue="said",
    )
    assert told(score) == [
        "Possible 0.50 hedged: may",
        "Unnamed source 80% a senior official",
        "Paraphrased 100% said",
    ]


def test_reasons_without_words_say_so() -> None:
    assert told(build_score())[0] == "Certain 0.95 plainly stated"
    assert told(build_score())[1] == "No source 80% the writer’s own voice"
    assert "no single word" in told(build_score(certainty=0.7))[0]
    assert "in spite of may" in told(build_score("It may.", hedges=["may"]))[0]
    assert "question" in told(build_score("Why?", certainty=0.0))[0]
    vague = build_score("It reportedly fell.", sourcing="vague", cue="reportedly")
    assert told(vague)[1] == "Vague source 80% nobody in particular: reportedly"


def test_other_labels_are_told_where_the_model_wavers() -> None:
    proba = {"none": 0.05, "named": 0.3, "unnamed": 0.55, "vague": 0.1}
    score = build_score(
        "An aide said so.", sourcing="unnamed", sourcing_proba=proba, source="An aide"
    )
    assert told(score)[1] == "Unnamed source 55% An aide or named source 30% or vague source 10%"


def test_a_source_that_stands_elsewhere_is_pointed_to() -> None:
    first = build_score(
        "One aide asked not to be named.", sourcing="unnamed", confidential=True, source="One aide"
    )
    later = build_score(
        "He said so.", sourcing="unnamed", source="He", speaker=speaker(1, "One aide")
    )
    _, sourcing, anonymity, _ = reasons([later, first], 0)
    assert (sourcing.words, sourcing.place, sourcing.there) == (("He",), 2, "One aide")
    assert (anonymity.label, anonymity.place) == ("Confidential", 2)


def test_the_sources_are_listed_with_their_claims(document: Document) -> None:
    found = {source.name: source for source in list_sources(document)}
    assert found["Sela Brandvik"].sourcing == "named"
    person = found["A person familiar with the plan"]
    assert (person.sourcing, person.confidential) == ("unnamed", True)
    assert sum(len(source.places) for source in found.values()) == document.profile.claims


def test_articles_make_no_difference_between_sources() -> None:
    texts = ("The aide said so.", "An aide said no.", "Some say so.")
    scores = [build_score(texts[0], sourcing="unnamed", source="The aide")]
    scores += [build_score(texts[1], sourcing="unnamed", source="An aide")]
    scores += [build_score(texts[2], sourcing="vague", source="Some")]
    found = list_sources(build_document(*scores))
    assert [(it.name, it.places) for it in found] == [("The aide", (0, 1)), ("Some", (2,))]


def test_the_story_in_words() -> None:
    named = build_score("Ida Roth said so.", sourcing="named", source="Ida Roth")
    vague = build_score("Some say so.", sourcing="vague", source="Some")
    cases = {
        (): "There is no sentence in this text.",
        (build_score(),): "1 sentence. None passes on what a source says.",
        (named,): "1 sentence. 1 passes on what a source says: 1 names the source. No claim rests "
        "on a vague or confidential source alone.",
        (named, named, vague): "3 sentences. 3 pass on what a source says: 2 name the source and 1 "
        "points to nobody in particular. 1 claim rests on a vague or confidential source alone.",
    }
    for scores, story in cases.items():
        assert build_report(build_document(*scores)).story == story


# ---------------------------------------------------------------------------------- the drawings


def test_bars_add_up() -> None:
    parts = bars({"named": 0.5, "unnamed": 0.0, "vague": 0.5})
    assert [(it.name, it.start, it.size) for it in parts] == [("named", 0, 50), ("vague", 50, 50)]
    assert bars({"named": 0.0, "unnamed": 0.0, "vague": 0.0}) == ()


def test_the_line_breaks_where_nothing_is_claimed() -> None:
    levels = (0.95, 0.5, 0.0, 0.2)
    drawing = line([build_score(certainty=certainty) for certainty in levels])
    assert drawing.path == "M125 5L375 50M875 80"
    assert [level for level, _ in drawing.dots] == ["certain", "possible", "doubtful", "no_claim"]
    assert drawing.lowest is not None
    assert (drawing.lowest.number, drawing.lowest.y) == (4, 80.0)


def test_a_long_story_is_drawn_in_runs() -> None:
    scores = [build_score(certainty=0.9 if i % 2 else 0.5) for i in range(10 * MOST_DOTS)]
    drawing = line(scores)
    assert (drawing.run, drawing.dots, drawing.lowest) == (10, (), None)
    assert drawing.path.count("L") == MOST_DOTS - 1
    assert drawing.ranges.count("M") == MOST_DOTS


def test_numbers_of_marks_are_those_of_the_style_sheet(document: Document) -> None:
    html = document.to_html()
    for step in range(1, 21):
        assert f".c{step} {{ --c:" in html
    score = replace(document[0], certainty=1.0)
    assert build_report(build_document(score)).paragraphs[0][0].marks.split()[2] == "c20"
