"""The figures of the benchmark: counted by hand, and the same as scikit-learn's and scipy's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    mean_absolute_error,
    precision_score,
    recall_score,
)

from hedgecheck import benchmark_labels as bl
from hedgecheck.benchmark_data import Examples, same_words
from hedgecheck.benchmark_metrics import Answer, difference, figures
from hedgecheck.datasets import Attribution, LabelledDocument, LabelledSentence, Labels, Span
from hedgecheck.results import SentenceScore
from hedgecheck.tasks import TASKS

FOUR = ("none", "direct", "mixed", "indirect")


def examples(task: str, labels: list[Labels], per_document: int = 2) -> Examples:
    """Return labelled sentences, two a document."""
    documents = [
        LabelledDocument(
            f"d{begin}",
            f"d{begin}",
            "mine",
            tuple(
                LabelledSentence(f"Sentence {begin + i}.", i, each)
                for i, each in enumerate(labels[begin : begin + per_document])
            ),
        )
        for begin in range(0, len(labels), per_document)
    ]
    return Examples(TASKS[task], tuple(documents))


def values(task: str, labels: list[Labels], answers: dict[str, Answer]) -> dict[str, float]:
    found = figures(examples(task, labels), answers, draws=50)
    return {name: drawn.value for name, drawn in found.items()}


# ------------------------------------------------------------------------------- by hand


def test_a_yes_or_no_by_hand() -> None:
    labels = [Labels(uncertain=each) for each in (True, True, True, False, False)]
    predicted = np.array([True, True, False, True, False])
    probability = np.array([0.9, 0.9, 0.4, 0.9, 0.1])
    found = values("bioscope", labels, {"": Answer(predicted, probability)})
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["f1"] == pytest.approx(2 / 3)
    assert found["accuracy"] == pytest.approx(3 / 5)
    # In the bin of .9: 2.7 expected, 2 there; in that of .4: .4 and 1; in that of .1: .1 and 0.
    assert found["ece"] == pytest.approx((0.7 + 0.6 + 0.1) / 5)


def test_classes_by_hand() -> None:
    labels = [Labels(attribution=each) for each in ("none", "none", "direct", "mixed")]
    predicted = np.array([0, 1, 1, 1])
    probability = np.array([[0.7, 0.1, 0.1, 0.1], *[[0.2, 0.8, 0.0, 0.0]] * 3])
    found = values("polnear-attribution", labels, {"": Answer(predicted, probability)})
    assert found["accuracy"] == pytest.approx(2 / 4)
    assert found["f1.none"] == pytest.approx(2 / 3)
    assert found["f1.direct"] == pytest.approx(2 / 4)
    assert found["f1.mixed"] == 0.0
    assert found["macro_f1"] == pytest.approx((2 / 3 + 2 / 4 + 0) / 3)  # nothing is indirect
    assert found["ece"] == pytest.approx((abs(0.7 - 1) + abs(2.4 - 1)) / 4)


def test_spans_by_hand() -> None:
    def labels(*spans: tuple[int, int]) -> Labels:
        sources = tuple(Span(a, b, "x" * (b - a), "source") for a, b in spans)
        return Labels(attributions=(Attribution(id="E1", sources=sources),))

    gold = [labels((0, 4), (10, 14)), labels(), labels((3, 8))]
    predicted: list[Any] = [[(0, 4)], [(0, 2)], [(5, 9)]]
    found = values("polnear-sources", gold, {"": Answer(predicted)})
    # Overlap: 2 of 3 gold spans are found, 2 of 3 predicted ones are right. Exact: 1 of 3 and 1.
    assert found["span_f1"] == pytest.approx(2 / 3)
    assert found["exact_f1"] == pytest.approx(1 / 3)


def test_figures_of_whole_documents_are_of_those_alone() -> None:
    def labels(sourcing: str, *, whole: bool) -> Labels:
        return Labels(
            sourcing=sourcing,
            attribution="none" if sourcing == "none" else "indirect",
            certainty=0.9,
            hedged=False,
            confidential=False,
            hedges=(),
            whole=whole,
        )

    gold = [labels("named", whole=True), labels("none", whole=True), labels("vague", whole=False)]
    answers = {"sourcing": Answer(np.array([1, 1, 3]))}
    found = values("hedgenews", gold, answers)
    assert found["sourcing.accuracy"] == pytest.approx(2 / 3)
    assert found["whole.sourcing.accuracy"] == pytest.approx(1 / 2)
    assert "attribution.accuracy" not in found  # what a system does not predict is left out


# --------------------------------------------------------------- as scikit-learn has it


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_classes_as_scikit_learn_has_them(pairs: list[tuple[int, int]]) -> None:
    gold, mine = (np.array(side) for side in zip(*pairs, strict=True))
    labels = [Labels(attribution=FOUR[number]) for number in gold]
    found = values("polnear-attribution", labels, {"": Answer(mine)})
    assert found["accuracy"] == pytest.approx(accuracy_score(gold, mine))
    macro = f1_score(gold, mine, average="macro", zero_division=0)
    assert found["macro_f1"] == pytest.approx(macro)
    by_class = f1_score(gold, mine, average=None, labels=[0, 1, 2, 3], zero_division=0)
    assert [found[f"f1.{name}"] for name in FOUR] == pytest.approx(by_class.tolist())


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_a_yes_or_no_as_scikit_learn_has_it(pairs: list[tuple[bool, bool]]) -> None:
    gold, mine = (np.array(side) for side in zip(*pairs, strict=True))
    found = values("bioscope", [Labels(uncertain=bool(g)) for g in gold], {"": Answer(mine)})
    for name, score in (("f1", f1_score), ("precision", precision_score), ("recall", recall_score)):
        assert found[name] == pytest.approx(score(gold, mine, zero_division=0))
    assert found["accuracy"] == pytest.approx(accuracy_score(gold, mine))


@pytest.mark.parametrize("seed", range(4))
def test_grades_as_scipy_has_them(seed: int) -> None:
    random = np.random.default_rng(seed)
    gold = random.integers(1, 7, size=30).astype(float)  # with ties
    mine = gold + random.normal(size=30)
    found = values("pei-jurgens", [Labels(grade=g) for g in gold], {"": Answer(mine)})
    assert found["pearson"] == pytest.approx(pearsonr(gold, mine).statistic)
    assert found["spearman"] == pytest.approx(spearmanr(gold, mine).statistic)
    assert found["mae"] == pytest.approx(mean_absolute_error(gold, mine))


def test_a_constant_answer_has_no_correlation() -> None:
    labels = [Labels(grade=g) for g in (1.0, 2.0, 5.0)]
    found = values("pei-jurgens", labels, {"": Answer(np.full(3, 0.1))})
    assert found["pearson"] == found["spearman"] == 0.0


# ------------------------------------------------------------------------- comparisons


def test_a_model_is_no_better_than_itself() -> None:
    gold = [Labels(uncertain=bool(number % 3)) for number in range(20)]
    answers = {"": Answer(np.arange(20) % 2 == 0)}
    of_both = [figures(examples("bioscope", gold), answers)["f1"] for _ in range(2)]
    same = difference(*of_both)
    assert (same.value, same.low, same.high, same.p) == (0.0, 0.0, 0.0, 1.0)


def test_better_and_worse_are_told_apart_also_where_less_is_better() -> None:
    grades = np.arange(30.0)
    gold = [Labels(grade=g) for g in grades]
    near, far = (
        figures(examples("pei-jurgens", gold), {"": Answer(grades + shift * (-1) ** grades)})
        for shift in (0.1, 5.0)
    )
    for name in ("pearson", "mae"):
        assert difference(near[name], far[name]).p < 0.01
        assert difference(far[name], near[name]).p > 0.99
    assert difference(near["mae"], far["mae"]).value == pytest.approx(-4.9)


# --------------------------------------------------------------- what is right, and mapped


def score(**fields: Any) -> SentenceScore:
    from fake_model import build_score

    return build_score("The dam may close if it rains, she said.", **fields)


def hedge(kind: str) -> tuple[Span, ...]:
    return (Span(8, 11, "may", kind),)


def test_weasels_are_vague_or_unnamed_sources_or_hedges() -> None:
    assert bl.output_weasel(score(sourcing="vague"))
    assert bl.output_weasel(score(sourcing="unnamed"))
    assert bl.output_weasel(score(hedges=["may"]))
    assert not bl.output_weasel(score(sourcing="named"))


def test_a_condition_is_no_speculation_and_no_epistemic_cue() -> None:
    from dataclasses import replace

    for kind, speculation, szeged in (
        ("conditional", False, False),
        ("doubt", True, False),
        ("epistemic", True, True),
        ("doxastic", True, True),
        ("reportative", True, True),
    ):
        found = replace(score(), hedges=hedge(kind))
        assert bl.output_speculation(found) is speculation
        assert bl.output_szeged(found) is szeged


def test_attributions_of_polnear_need_a_source_or_a_cue_in_the_sentence() -> None:
    def mapped(attribution: str, **spans: str) -> str:
        return bl.output_polnear_attribution(
            score(sourcing="named", attribution=attribution, **spans)
        )

    assert mapped("direct") == "none"
    assert mapped("direct", cue="said") == "direct"
    assert mapped("mixed", source="she") == "mixed"
    assert mapped("belief", source="she") == "indirect"
    assert mapped("no_comment", cue="said") == "indirect"


def test_gold_of_szeged_and_gum() -> None:
    assert bl.gold_szeged(Labels(hedges=hedge("doxastic"))) is True
    assert bl.gold_szeged(Labels(hedges=hedge("conditional"))) is False
    assert bl.gold_szeged(Labels()) is None
    anchored = Attribution(id="1", cues=(Span(0, 1, "x", "cue"),))
    elsewhere = Attribution(id="2", contents=(Span(0, 1, "x", "content"),))
    assert bl.gold_attributed(Labels(attributions=(elsewhere, anchored))) is True
    assert bl.gold_attributed(Labels(attributions=(elsewhere,))) is False


def test_grades_are_stretched() -> None:
    output = TASKS["pei-jurgens"].parts[0].output
    assert output(score(certainty=0.0)) == 1.0
    assert output(score(certainty=1.0)) == 6.0


def test_copies_are_told_by_their_words() -> None:
    assert same_words("‘It’s\u00a0over’,  HE said.") == same_words("'it's over', he said.")
    assert same_words("It is over.") != same_words("It is over")
