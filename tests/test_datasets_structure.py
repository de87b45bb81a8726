"""The structure that every reader gives."""

from __future__ import annotations

import dataclasses

import pytest

from hedgecheck.datasets import (
    Attribution,
    LabelledDocument,
    LabelledSentence,
    Labels,
    Span,
    attribution_of,
    frame,
)
from hedgecheck.datasets.structure import is_hedged
from hedgecheck.results import ATTRIBUTION

SAID = Span(9, 13, "said", "cue")


def typed(kind: str | None, *, anchored: bool = True) -> Attribution:
    return Attribution(id="E1", cues=(SAID,) if anchored else (), quote_type=kind)


@pytest.mark.parametrize(
    ("attributions", "expected"),
    [
        ([], "none"),
        ([typed("direct")], "direct"),
        ([typed("indirect"), typed("indirect")], "indirect"),
        ([typed("indirect"), typed("direct")], "mixed"),
        ([typed("mixed"), typed("direct")], "mixed"),
        ([typed("direct", anchored=False)], "none"),
        ([typed("direct", anchored=False), typed("indirect")], "indirect"),
        ([typed(None)], "none"),
    ],
)
def test_the_attribution_of_a_sentence(attributions: list[Attribution], expected: str) -> None:
    assert attribution_of(attributions) == expected
    assert expected in ATTRIBUTION


def test_hedged_is_what_the_guidelines_say_it_is() -> None:
    assert [step for step in range(0, 101, 5) if is_hedged(step / 100)] == list(range(10, 85, 5))


def test_all_parts_are_frozen_and_slotted() -> None:
    sentence = LabelledSentence("It rained.", 0, Labels())
    document = LabelledDocument("d", "d", "mine", (sentence,))
    for part in (document, sentence, Labels(), Attribution(id="E1")):
        assert not hasattr(part, "__dict__")
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(part, dataclasses.fields(part)[0].name, None)


def test_a_frame_has_a_row_a_sentence_and_the_columns_that_are_filled() -> None:
    hedges = (Span(3, 6, "may", "epistemic"),)
    attributions = (Attribution(id="E1", cues=(Span(0, 2, "It", "cue"),)),)
    sentences = (
        LabelledSentence("It may rain.", 4, Labels(hedges=hedges, attributions=attributions)),
        LabelledSentence("It rained.", 5),
    )
    table = frame([LabelledDocument("d", "g", "mine", sentences, split="dev")])
    assert table["text"].tolist() == ["It may rain.", "It rained."]
    assert table["labelled"].tolist() == [True, False]
    assert table["group"].tolist() == ["g", "g"]
    assert table["hedges"].iloc[0] == [(3, 6, "epistemic")]
    assert table["attributions"].iloc[0][0]["cues"] == [(0, 2, "cue")]
    assert "certainty" not in table
    assert frame([]).empty


def test_labels_name_only_what_they_hold() -> None:
    labels = Labels(hedges=(Span(0, 2, "if", "conditional"), Span(3, 6, "may", "epistemic")))
    assert [span.text for span in labels.hedges_of("epistemic")] == ["may"]
    assert Labels().hedges_of("epistemic") == ()
    assert all(getattr(Labels(), each.name) is None for each in dataclasses.fields(Labels))
