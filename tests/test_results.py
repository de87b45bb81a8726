"""Results are plain data: checked, comparable, picklable, ready for JSON and pandas."""

from __future__ import annotations

import copy
import dataclasses
import json
import math
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from fake_model import FakeModel, build_document, build_score, speaker
from hypothesis import given
from hypothesis import strategies as st

import hedgecheck
from hedgecheck.columns import COLUMN_TYPES, COLUMNS, frame_of_scores
from hedgecheck.errors import HedgecheckError, InputError
from hedgecheck.results import (
    ATTRIBUTION,
    CERTAINTY_LEVELS,
    SOURCING,
    Contribution,
    Document,
    Span,
    Speaker,
    certainty_level,
)
from hedgecheck.source_names import group_names, source_name

if TYPE_CHECKING:
    from hedgecheck.results import (
        SentenceScore,
    )

texts = st.text(st.characters())  # lone surrogates included
shares = st.floats(0, 1)


@st.composite
def scores(draw: st.DrawFn) -> SentenceScore:
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    sourcing = draw(st.sampled_from(SOURCING))
    attribution = draw(st.sampled_from(ATTRIBUTION[1:])) if sourcing != "none" else "none"
    span = Span(start, end, text[start:end], "source")
    return build_score(
        text,
        certainty=draw(shares),
        sourcing=sourcing,
        sourcing_proba={name: draw(shares) for name in SOURCING},
        attribution=attribution,
        confidential=draw(st.booleans()),
        source=draw(st.none() | st.just(span)),
        speaker=draw(st.none() | st.builds(Speaker, st.integers(0, 5), st.just(span))),
        hedges=draw(st.sampled_from([(), (span,)])),
    )


documents = st.lists(scores(), max_size=5).map(lambda parts: build_document(*parts))


# ------------------------------------------------------------------------------------- sentences


@pytest.mark.parametrize(
    ("certainty", "level", "hedged"),
    [
        (1.0, "certain", False),
        (0.85, "certain", False),
        (0.8499, "probable", True),
        (0.6, "probable", True),
        (0.5999, "possible", True),
        (0.3, "possible", True),
        (0.2999, "doubtful", True),
        (0.0751, "doubtful", True),
        (0.075, "no_claim", False),
        (0.0, "no_claim", False),
    ],
)
def test_levels_begin_where_the_definitions_say(certainty: float, level: str, hedged: bool) -> None:
    score = build_score(certainty=certainty)
    assert (score.certainty_level, score.hedged) == (level, hedged)


@given(shares)
def test_hedged_is_neither_certain_nor_without_a_claim(certainty: float) -> None:
    level = certainty_level(certainty)
    assert level in CERTAINTY_LEVELS
    assert build_score(certainty=certainty).hedged == (level not in ("certain", "no_claim"))


def test_anonymity_is_the_mean_weight_of_the_classes_given_a_source() -> None:
    proba = {"none": 0.5, "named": 0.1, "unnamed": 0.3, "vague": 0.1}
    open_score = build_score(sourcing="unnamed", sourcing_proba=proba)
    assert open_score.anonymity == pytest.approx((0.3 * 0.6 + 0.1) / 0.5)
    asked = build_score(sourcing="unnamed", sourcing_proba=proba, confidential=True)
    assert asked.anonymity == pytest.approx((0.3 * 0.8 + 0.1) / 0.5)
    assert build_score(sourcing="none", sourcing_proba=proba).anonymity is None


@pytest.mark.parametrize(("sourcing", "weight"), [("named", 0), ("unnamed", 0.6), ("vague", 1)])
def test_anonymity_without_probabilities_is_the_weight_of_the_class(
    sourcing: str, weight: float
) -> None:
    score = build_score(sourcing=sourcing, sourcing_proba=dict.fromkeys(SOURCING, 0.0))
    assert score.anonymity == weight


@pytest.mark.parametrize(
    "wrong",
    [
        {"sourcing": "anonymous", "attribution": "direct"},
        {"attribution": "quoted"},
        {"certainty": 1.5},
        {"certainty": math.nan},
        {"confidential_proba": -0.1},
    ],
)
def test_impossible_fields_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"has to be|have to lie"):
        build_score(**wrong)


@pytest.mark.parametrize(("start", "end"), [(0, 2), (-3, 0), (5, 2)])
def test_a_span_has_to_fit_its_text(start: int, end: int) -> None:
    with pytest.raises(InputError, match="does not fit"):
        Span(start, end, "may", "epistemic")


def test_results_are_frozen_and_slotted() -> None:
    score = build_score("It may rain.", hedges=["may"])
    document = build_document(score)
    for result in (score, score.hedges[0], document, document.profile):
        assert not hasattr(result, "__dict__")
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, dataclasses.fields(result)[0].name, "changed")


def test_explain_gives_the_largest_first() -> None:
    parts = (Contribution("certainty", "small", 0.1), Contribution("certainty", "large", -2.0))
    score = build_score(_explainer=lambda: parts)
    assert [part.feature for part in score.explain()] == ["large", "small"]
    assert score.explain()[0].to_dict() == {
        "axis": "certainty",
        "feature": "large",
        "value": -2.0,
        "span": None,
    }


def test_a_pickled_score_says_that_it_cannot_explain_itself() -> None:
    score = pickle.loads(pickle.dumps(build_score(_explainer=lambda: ())))
    with pytest.raises(HedgecheckError, match="score the text again"):
        score.explain()


def test_how_a_score_explains_itself_does_not_count_in_comparisons() -> None:
    assert build_score(_explainer=lambda: ()) == build_score()
    assert "explainer" not in repr(build_score(_explainer=lambda: ()))


@given(scores())
def test_scores_pickle_copy_and_hash(score: SentenceScore) -> None:
    for again in (pickle.loads(pickle.dumps(score)), copy.deepcopy(score)):
        assert again == score
        assert hash(again) == hash(score)


@given(scores())
def test_a_score_is_ready_for_json(score: SentenceScore) -> None:
    as_dict = score.to_dict()
    assert json.loads(json.dumps(as_dict, allow_nan=False)) == as_dict
    fields = {field.name for field in dataclasses.fields(score) if field.name[0] != "_"}
    assert set(as_dict) == fields | {"certainty_level", "hedged", "anonymity"}
    if score.anonymity is not None:
        assert 0 <= score.anonymity <= 1


def test_numbers_of_other_kinds_leave_as_plain_ones() -> None:
    numpy = pytest.importorskip("numpy")
    score = build_score(
        certainty=numpy.float32(0.5),
        sourcing="named",
        sourcing_proba={name: numpy.float32(0.25) for name in SOURCING},
        confidential=numpy.bool_(True),
    )
    assert json.dumps(score.to_dict())
    assert type(score.to_dict()["certainty"]) is float


def test_repr_fits_a_line_whatever_the_text() -> None:
    shown = repr(build_score("word " * 100, sourcing="unnamed", confidential=True))
    assert len(shown) < 200
    assert "unnamed (confidential)" in shown


# ------------------------------------------------------------------------------------- documents


def test_a_document_is_a_sequence_of_its_sentences() -> None:
    document = FakeModel().score("It rained. Roads may flood. Why?")
    assert len(document) == 3
    assert list(document) == [document[0], document[1], document[-1]]
    assert document[1:] == document.sentences[1:]
    assert document[1] in document
    assert all(document.text[score.start : score.end] == score.text for score in document)
    assert repr(document) == "<Document of 3 sentences: 0 attributed, 1 hedged>"
    with pytest.raises(IndexError):
        document[3]


@given(documents)
def test_documents_pickle_and_are_ready_for_json(document: Document) -> None:
    assert pickle.loads(pickle.dumps(document)) == document
    as_dict = document.to_dict()
    assert json.loads(json.dumps(as_dict, allow_nan=False)) == as_dict
    assert as_dict["schema"] == "hedgecheck.document/1"
    assert as_dict["library"] == {"name": "hedgecheck", "version": hedgecheck.__version__}
    assert as_dict["model"] == {"name": "fake", "version": "0.0.1"}
    assert len(as_dict["sentences"]) == len(document)


@given(documents)
def test_frames_have_the_same_columns_and_types_whatever_they_hold(document: Document) -> None:
    frame = document.to_frame()
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == len(document)
    for name, kind in COLUMN_TYPES.items():
        assert str(frame[name].dtype) == kind
    assert list(frame["text"]) == [score.text for score in document]


def test_a_frame_of_no_sentences_keeps_its_columns() -> None:
    assert tuple(frame_of_scores([]).columns) == COLUMNS


# --------------------------------------------------------------------------------------- profile


@given(documents)
def test_the_shares_of_a_profile_add_up(document: Document) -> None:
    profile = document.profile
    assert profile is document.profile
    assert profile.sentences == len(document)
    for shares_of_axis in (profile.certainty, profile.sourcing, profile.attribution):
        assert sum(shares_of_axis.values()) == pytest.approx(1 if document.sentences else 0)
    assert sum(profile.claims_by_source.values()) == pytest.approx(1 if profile.claims else 0)
    assert sum(source.count for source in profile.named_sources) <= profile.claims
    assert set(profile.weakly_sourced) <= set(range(len(document)))


def test_a_profile_of_nothing_is_all_zero() -> None:
    profile = Document("", ()).profile
    assert profile.mean_certainty is None
    assert profile.claims == 0
    assert set(profile.sourcing.values()) == {0.0}


def test_a_refusal_to_comment_is_no_claim() -> None:
    refusal = build_score(
        "Halden declined.", sourcing="named", attribution="no_comment", source="Halden"
    )
    profile = build_document(refusal).profile
    assert (profile.claims, profile.named_sources) == (0, ())
    assert profile.attribution["no_comment"] == 1


def test_questions_do_not_count_in_the_mean_certainty() -> None:
    document = build_document(build_score(certainty=0.5), build_score("Why?", certainty=0.0))
    assert document.profile.mean_certainty == 0.5


def test_named_sources_are_counted_by_whom_the_words_point_to() -> None:
    document = build_document(
        build_score(
            "Ines Roth, the mayor, said no.", sourcing="named", source="Ines Roth, the mayor"
        ),
        build_score("Roth said more.", sourcing="named", source="Roth"),
        build_score(
            "She said so.",
            sourcing="named",
            source="She",
            speaker=speaker(0, "Ines Roth, the mayor"),
        ),
        build_score("He said so.", sourcing="named", source="He"),
        build_score("Police in Varn said yes.", sourcing="named", source="Police in Varn"),
    )
    found = {source.name: source.sentences for source in document.profile.named_sources}
    assert found == {"Ines Roth": (0, 1, 2), "Police in Varn": (4,)}
    assert document.profile.named_sources[0].count == 3


def test_claims_on_vague_or_confidential_sources_alone_are_found() -> None:
    document = build_document(
        build_score("Sources said so.", sourcing="vague", source="Sources"),
        build_score("An aide said so.", sourcing="unnamed", source="An aide", confidential=True),
        build_score(
            "The aide said more.",
            sourcing="unnamed",
            source="The aide",
            speaker=speaker(1, "An aide"),
        ),
        build_score("Two officials said so.", sourcing="unnamed", source="Two officials"),
        build_score("Roth said so.", sourcing="named", source="Roth", confidential=True),
    )
    assert document.profile.weakly_sourced == (0, 1, 2)


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Ines Roth", "Ines Roth"),
        ("Mr. Roth", "Roth"),
        ("Water board chair Ines Roth", "Water board chair Ines Roth"),
        ("board chair Ines Roth, 61,", "Ines Roth"),
        ("the Kolmar Water Board", "Kolmar Water Board"),
        ("a Water Board spokesman", "Water Board"),
        ("the board’s spokesman Karl Lind", "Karl Lind"),
        ("a spokeswoman for the Ministry of Health", "Ministry of Health"),
        ("police in Varn", "police in Varn"),
        ("the ministry", "ministry"),
        ("they", None),
        ("The", None),
        ("", None),
    ],
)
def test_the_name_in_a_source_phrase(phrase: str, name: str | None) -> None:
    assert source_name(phrase) == name


def test_a_last_name_that_fits_two_people_stays_itself() -> None:
    grouped = group_names(["Ines Roth", "Karl Roth", "Roth", "mayor Ines Roth"])
    assert grouped["Roth"] == "Roth"
    assert grouped["Ines Roth"] == "mayor Ines Roth"


@given(st.lists(texts))
def test_grouping_names_is_idempotent_and_total(names: list[str]) -> None:
    grouped = group_names(names)
    assert set(grouped) == set(names)
    assert all(grouped[grouped[name]] == grouped[name] for name in names)


@given(texts)
def test_no_phrase_breaks_the_search_for_its_name(phrase: str) -> None:
    name = source_name(phrase)
    assert name is None or name
