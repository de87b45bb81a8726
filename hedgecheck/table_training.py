"""Training on a labelled table of your own: the heads are fitted anew, the taggers are kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from hedgecheck.blocks import FloatArray, LinearStage
from hedgecheck.engine import Engine, make_scene
from hedgecheck.errors import TrainingDataError
from hedgecheck.fitting import Heads, Targets, fit_heads
from hedgecheck.heads import CONFIDENTIAL, GATE, HEDGED, OUTPUTS
from hedgecheck.model import Model, load
from hedgecheck.results import ATTRIBUTION, SOURCING
from hedgecheck.tokens import IntArray
from hedgecheck.vocabulary import TypeProperties

if TYPE_CHECKING:
    import pandas as pd


def train_on_table(  # noqa: PLR0913 -- one keyword a column
    table: pd.DataFrame,
    *,
    text: str,
    document: str | None = None,
    certainty: str | None = None,
    sourcing: str | None = None,
    attribution: str | None = None,
    confidential: str | None = None,
    base: str | os.PathLike[str] | Model = "en",
) -> Model:
    """Fit heads on a labelled table; what has no column keeps the head of the base model.

    Parameters
    ----------
    table : pandas.DataFrame
        A row a sentence.
    text, document : str
        Columns of the sentence and, optional, of its document; rows of a document stand together
        and in order. Without it every sentence is a document of its own.
    certainty : str, optional
        Column of certainty, 0 to 1.
    sourcing, attribution : str, optional
        Columns of labels, as in `hedgecheck.results`.
    confidential : str, optional
        Column of true and false.
    base : str, path-like or Model
        The model that gives the taggers and the other heads.

    Returns
    -------
    Model
        A model named ``trained``; `Model.save` writes it.

    Raises
    ------
    TrainingDataError
        If a column is missing, no label column is named, or a value is none of a label's; the
        message gives the row.
    """
    named = {
        "certainty": certainty,
        "sourcing": sourcing,
        "attribution": attribution,
        "confidential": confidential,
    }
    chosen = {axis: column for axis, column in named.items() if column is not None}
    if not chosen:
        raise TrainingDataError(
            "name a column of labels: certainty=, sourcing=, attribution= or confidential="
        )
    for column in (text, *([document] if document else []), *chosen.values()):
        if column not in table.columns:
            raise TrainingDataError(
                f"the table has no column {column!r}; it has {list(table.columns)}"
            )
    model = base if isinstance(base, Model) else load(base)
    sentences = [_text_of(value, row) for row, value in enumerate(table[text].tolist())]
    if not sentences:
        raise TrainingDataError("the table has no rows")
    if document is None:
        number = np.arange(len(sentences))
        group = np.array([str(i) for i in number])
    else:
        names = table[document].astype(str).to_numpy()
        number = np.concatenate([[0], np.cumsum(names[1:] != names[:-1])])
        group = np.asarray(names, dtype=np.str_)
    targets = _table_targets(table, chosen, group)
    engine = model.engine
    properties = TypeProperties(engine.vocabulary)
    scene = make_scene(sentences, number, properties)
    alone = make_scene(sentences, np.arange(len(sentences)), properties)
    heads = fit_heads(
        scene,
        engine.evidence(scene),
        (alone, engine.evidence(alone)),
        number,
        targets,
        len(engine.vocabulary),
    )
    return Model(_with_heads(engine, heads, set(chosen)), name="trained", version=model.version)


def _text_of(value: Any, row: int) -> str:
    if not isinstance(value, str):
        raise TrainingDataError(
            f"row {row}: the text is {value!r}, not a str; drop or mend the row"
        )
    return value


def _table_targets(
    table: pd.DataFrame, chosen: dict[str, str], group: npt.NDArray[np.str_]
) -> Targets:
    n = len(table)

    def column(axis: str, missing: float, read: Callable[[Any], float], wanted: str) -> FloatArray:
        found = np.full(n, float(missing))
        if axis in chosen:
            for row, value in enumerate(table[chosen[axis]].tolist()):
                try:
                    found[row] = read(value)
                except (TypeError, ValueError):
                    raise TrainingDataError(
                        f"row {row}: {axis} is {value!r}; it has to be {wanted}"
                    ) from None
        return found

    def whole(axis: str, names: Sequence[Any], wanted: str) -> IntArray:
        return column(axis, -1, names.index, wanted).astype(np.int64)

    return Targets(
        sourcing=whole("sourcing", SOURCING, "one of " + ", ".join(SOURCING)),
        attribution=whole("attribution", ATTRIBUTION, "one of " + ", ".join(ATTRIBUTION)),
        confidential=whole("confidential", (False, True), "true or false"),
        certainty=column(
            "certainty", np.nan, _certainty, "a number from 0 to 1 (divide percentages by 100)"
        ),
        share=np.ones(n),
        group=group,
    )


def _certainty(value: Any) -> float:
    if isinstance(value, str) or not 0 <= float(value) <= 1:
        raise ValueError
    return float(value)


def _with_heads(engine: Engine, heads: Heads, axes: set[str]) -> Engine:
    """The engine with the outputs of some axes replaced."""
    replaced = np.zeros(len(OUTPUTS), dtype=np.bool_)
    if axes & {"sourcing", "attribution"}:
        replaced[GATE] = True
    for number, name in enumerate(OUTPUTS):
        replaced[number] |= ("sourcing" in axes and name in SOURCING[1:]) or (
            "attribution" in axes and name in ATTRIBUTION[1:]
        )
    replaced[CONFIDENTIAL] = "confidential" in axes
    replaced[HEDGED:] = "certainty" in axes
    stages, calibrations = [], []
    for old, new in (
        (engine.first_pass, heads.first_pass),
        (engine.second_pass, heads.second_pass),
    ):
        weights = np.where(replaced, new.weights, old.weights)
        stages.append(LinearStage(new.layout, weights, np.where(replaced, new.bias, old.bias)))
    for before, after in (
        (engine.first_calibration, heads.first_calibration),
        (engine.second_calibration, heads.second_calibration),
    ):
        certain = after if replaced[HEDGED] else before
        calibrations.append(
            replace(
                certain,
                scale=np.where(replaced, after.scale, before.scale),
                offset=np.where(replaced, after.offset, before.offset),
            )
        )
    return replace(
        engine,
        first_pass=stages[0],
        second_pass=stages[1],
        first_calibration=calibrations[0],
        second_calibration=calibrations[1],
    )
