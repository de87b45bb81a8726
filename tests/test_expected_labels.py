"""Labels that a careful reader would give at once, and that the shipped model has to give too."""

from __future__ import annotations

from functools import cache

import pytest

import hedgecheck
from hedgecheck import Model


@cache
def model() -> Model:
    return hedgecheck.load()


#: Sentence, sourcing, attribution, and the lowest and highest certainty that is right.
SURE: list[tuple[str, str, str, float, float]] = [
    # The writer's own voice.
    ("The talks ended on Friday without a deal.", "none", "none", 0.85, 1),
    ("The council voted 9 to 4 to close the library.", "none", "none", 0.85, 1),
    ("Two people died in the fire.", "none", "none", 0.85, 1),
    ("It rained all night in Velmora.", "none", "none", 0.85, 1),
    ("The new ferry will leave at noon on Monday.", "none", "none", 0.85, 1),
    ("Rates are expected to rise in June.", "none", "none", 0.3, 0.85),
    ("The storm could reach the coast by Sunday.", "none", "none", 0.3, 0.8),
    ("The firm may sell its ferry unit.", "none", "none", 0.3, 0.8),
    ("It is unclear whether the bridge will reopen before winter.", "none", "none", 0.07, 0.45),
    # Nothing is claimed.
    ("Will the mayor run again?", "none", "none", 0, 0.075),
    ("Who paid for the bridge?", "none", "none", 0, 0.075),
    ("What happens now?", "none", "none", 0, 0.075),
    ("Sign the form and send it back.", "none", "none", 0, 0.075),
    # Named sources.
    ("The ministry said on Monday that Ilsa Brandt had signed it.", "named", "indirect", 0.85, 1),
    ("Mayor Odile Farran said the quay would close.", "named", "indirect", 0.8, 1),
    ("Police in Velmora said two people had died.", "named", "indirect", 0.85, 1),
    ("Tomas Rehn told reporters that the school was empty.", "named", "indirect", 0.8, 1),
    ("According to the health ministry, 40 people were treated.", "named", "indirect", 0.8, 1),
    ("Kestrel Airlines announced that it would cut 200 jobs.", "named", "indirect", 0.8, 1),
    ("Sales fell by 3%, according to a report by Norvane Research.", "named", "indirect", 0.8, 1),
    # Unnamed sources.
    ("A senior Western official said the convoy had turned back.", "unnamed", "indirect", 0.8, 1),
    ("Two people familiar with the matter said it may close.", "unnamed", "indirect", 0.3, 0.8),
    ("Witnesses said the bus had burst into flames.", "unnamed", "indirect", 0.8, 1),
    ("Analysts said the cut would hurt lenders.", "unnamed", "indirect", 0.7, 1),
    ("People briefed on the talks said a deal was close.", "unnamed", "indirect", 0.8, 1),
    # Vague ones.
    ("The firm is reportedly for sale.", "vague", "indirect", 0.3, 0.75),
    ("The bank is reportedly preparing a bid for its rival.", "vague", "indirect", 0.3, 0.75),
    ("Critics say the law goes too far.", "vague", "indirect", 0.6, 1),
    ("Sources said the deal was off.", "vague", "indirect", 0.7, 1),
    ("Reports say the mine is closing.", "vague", "indirect", 0.6, 1),
    ("The guard allegedly took the money.", "vague", "indirect", 0.3, 0.75),
    ("The bank is for sale, according to sources.", "vague", "indirect", 0.7, 1),
    # Words of the source.
    ("“We will rebuild every house,” said Mayor Odile Farran.", "named", "direct", 0.8, 1),
    ('"We have lost everything," Tomas Rehn said.', "named", "direct", 0.85, 1),
    ("“I never saw the letter,” Ilsa Brandt said.", "named", "direct", 0.8, 1),
    ("Brandt called it “a reckless gamble” and said she would vote no.", "named", "mixed", 0.7, 1),
    ("Farran called the talks “long and frank” and said they went on.", "named", "mixed", 0.7, 1),
    # Beliefs.
    ("Governor Pavel Orlik believes the team can win.", "named", "belief", 0.6, 1),
    ("He wants to move the harbour office to Tarnow by spring.", "named", "belief", 0.6, 1),
    ("Orlik is believed to be in Tarnow.", "vague", "belief", 0.5, 0.85),
    ("Orlik wants to move the harbour office to Tarnow.", "named", "belief", 0.6, 1),
    ("Farmers hope the rain will come before August.", "unnamed", "belief", 0.3, 0.8),
    # No answer.
    ("Kestrel Airlines declined to comment.", "named", "no_comment", 0.85, 1),
    ("A spokesman for the Kestrel Group did not respond.", "named", "no_comment", 0.85, 1),
    ("The company could not be reached for comment.", "named", "no_comment", 0.85, 1),
    ("The health ministry did not respond to a request.", "named", "no_comment", 0.85, 1),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "sourcing", "attribution", "low", "high"), SURE)
def test_labels_that_are_sure(
    sentence: str, sourcing: str, attribution: str, low: float, high: float
) -> None:
    (score,) = model().score_sentences([sentence])
    assert (score.sourcing, score.attribution) == (sourcing, attribution)
    assert low <= score.certainty <= high


def test_sources_before_a_claim_are_vague() -> None:
    sentence = "According to sources, the striker has agreed terms with the club."
    assert model().score_sentences([sentence])[0].sourcing == "vague"


@pytest.mark.parametrize(
    "sentence",
    [
        "Call the police now.",
        pytest.param(
            "Close the door and stay inside.",
            marks=pytest.mark.xfail(
                strict=False, reason="news has few bare commands to learn from"
            ),
        ),
    ],
)
def test_commands_claim_nothing(sentence: str) -> None:
    assert model().score_sentences([sentence])[0].certainty_level == "no_claim"


@pytest.mark.parametrize(
    ("sentence", "confidential"),
    [
        ("Two people familiar with the matter said the bank may close.", True),
        ("The official, who spoke on condition of anonymity, said the talks had failed.", True),
        ("The people asked not to be named because the talks are private.", True),
        ("One diplomat, who was not authorised to speak publicly, said a deal was near.", True),
        ("Two officials said the bank had closed.", False),
        ("Ilsa Brandt said the bank had closed.", False),
        ("The bank closed on Friday.", False),
    ],
)
def test_confidential_sources(sentence: str, confidential: bool) -> None:
    assert model().score_sentences([sentence])[0].confidential == confidential


def test_a_wire_story_sentence_by_sentence() -> None:
    document = hedgecheck.score(
        "VELMORA, March 3 - Kestrel Airlines has agreed to sell its ferry unit, two officials "
        "said on Monday. The unit employs 900 people. The officials said a deal could be signed in "
        "May. Jan Prosk, a spokesman for the airline, said no decision had been made. The harbour "
        "board declined to comment. The unit is reportedly worth 2 billion crowns."
    )
    assert [(s.sourcing, s.attribution) for s in document] == [
        ("unnamed", "indirect"),
        ("none", "none"),
        ("unnamed", "indirect"),
        ("named", "indirect"),
        ("named", "no_comment"),
        ("vague", "indirect"),
    ]
    assert [s.hedged for s in document] == [False, False, True, False, False, True]


def test_anonymity_grows_from_named_to_vague() -> None:
    named, unnamed, vague = (
        score.anonymity
        for score in model().score_sentences(
            [
                "Kestrel Airlines said it would cut 200 jobs.",
                "A senior Western official said the convoy had turned back.",
                "The bank is reportedly preparing a bid for its rival.",
            ]
        )
    )
    assert named is not None
    assert unnamed is not None
    assert vague is not None
    assert named < 0.3 < unnamed < 0.85
    assert vague > 0.6
