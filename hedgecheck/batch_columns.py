"""The columns of `hedgecheck.columns.COLUMNS` from a scored batch, without an object a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from hedgecheck.results import (
    ANONYMITY,
    ANONYMITY_CONFIDENTIAL,
    ATTRIBUTION,
    CERTAIN,
    CERTAINTY_LEVELS,
    NO_CLAIM,
    POSSIBLE,
    PROBABLE,
    SOURCING,
)

if TYPE_CHECKING:
    from hedgecheck.spans import ScoredBatch, SpanColumn

Mask = npt.NDArray[np.bool_]

_TYPES: Final = {"int64": np.int64, "float64": np.float64, "bool": np.bool_}


@dataclass(frozen=True, slots=True)
class Column:
    """Values of one type, and which of them are there; the others are 0, False or None."""

    values: npt.NDArray[Any]
    there: Mask

    @classmethod
    def of_text(cls, values: Iterable[str | None]) -> Column:
        """A column of texts, None where one is missing."""
        listed = list(values)
        found = np.empty(len(listed), dtype=object)
        found[:] = listed
        there = np.array([value is not None for value in listed], dtype=np.bool_)
        return cls(found, there)

    def spread(self, places: npt.NDArray[np.int64], n: int) -> Column:
        """The values at some places among n; nothing is at the others."""
        if len(places) == n:
            return self
        values = np.zeros(n, dtype=self.values.dtype)
        if values.dtype == object:
            values[:] = None
        there = np.zeros(n, dtype=np.bool_)
        values[places], there[places] = self.values, self.there
        return Column(values, there)

    @classmethod
    def joined(cls, parts: Sequence[Column]) -> Column:
        """Columns of the same type, one below the other."""
        if len(parts) == 1:
            return parts[0]
        values = np.concatenate([part.values for part in parts])
        return cls(values, np.concatenate([part.there for part in parts]))

    @classmethod
    def empty(cls, kind: str) -> Column:
        """A column without values: ``int64``, ``float64``, ``bool`` or ``str``."""
        values: npt.NDArray[Any] = np.zeros(0, dtype=_TYPES.get(kind.lower(), object))
        return cls(values, np.zeros(0, dtype=np.bool_))


def batch_columns(batch: ScoredBatch, names: Sequence[str]) -> dict[str, Column]:
    """Some of the columns of `COLUMNS`: what `score_row` gives for each sentence."""
    verdicts = batch.verdicts
    n = len(batch.sentences)
    everywhere = np.ones(n, dtype=np.bool_)
    source = batch.source.one_each(batch.source.text, n)
    numbers: dict[str, npt.NDArray[Any]] = {
        "certainty": verdicts.certainty,
        "hedged": (verdicts.certainty > NO_CLAIM) & (verdicts.certainty < CERTAIN),
        "confidential": verdicts.confidential_proba > 0.5,
        "confidential_proba": verdicts.confidential_proba,
        **_by_class("sourcing_", SOURCING, verdicts.sourcing_proba),
        **_by_class("attribution_", ATTRIBUTION, verdicts.attribution_proba),
    }
    found = {name: Column(values, everywhere) for name, values in numbers.items()}
    found["anonymity"] = Column(_anonymity(batch), verdicts.sourcing > 0)
    texts: dict[str, npt.NDArray[Any]] = {
        "certainty_level": np.array(CERTAINTY_LEVELS, dtype=object)[_level(verdicts.certainty)],
        "sourcing": np.array(SOURCING, dtype=object)[verdicts.sourcing],
        "attribution": np.array(ATTRIBUTION, dtype=object)[verdicts.attribution],
    }
    found |= {name: Column(values, everywhere) for name, values in texts.items()}
    found["hedges"] = Column.of_text(_joined_each(batch.hedges, n))
    found["quotes"] = Column.of_text(_joined_each(batch.quotes, n))
    found["source"] = Column.of_text(source)
    found["cue"] = Column.of_text(batch.cue.one_each(batch.cue.text, n))
    if "text" in names:
        found["text"] = Column.of_text(batch.sentences)
        places = np.array(batch.place or (), dtype=np.int64).reshape(-1, 2)
        found["start"] = Column(places[:, 0], everywhere)
        found["end"] = Column(places[:, 1], everywhere)
        found |= _speakers(batch, source)
    return {name: found[name] for name in names}


def _by_class(
    prefix: str, labels: Sequence[str], proba: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float64]]:
    return {prefix + label: values for label, values in zip(labels, proba.T, strict=True)}


def _joined_each(column: SpanColumn, n: int) -> list[str | None]:
    found: list[str | None] = [None] * n
    for i, group in column.groups():
        found[i] = "; ".join(column.text[group])
    return found


def _speakers(batch: ScoredBatch, source: list[str | None]) -> dict[str, Column]:
    n = len(batch.sentences)
    text: list[str | None] = [None] * n
    number = np.zeros(n, dtype=np.int64)
    there = np.zeros(n, dtype=np.bool_)
    for i, other in batch.speaker.items():
        text[i], number[i], there[i] = source[other], batch.number[other], True
    return {"speaker": Column.of_text(text), "speaker_sentence": Column(number, there)}


def _level(certainty: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Places in `CERTAINTY_LEVELS`, as `certainty_level` has them."""
    level = np.full(len(certainty), len(CERTAINTY_LEVELS) - 1)
    for passed in (
        certainty > NO_CLAIM,
        *(certainty >= at for at in (POSSIBLE, PROBABLE, CERTAIN)),
    ):
        level -= passed
    return level


def _anonymity(batch: ScoredBatch) -> npt.NDArray[np.float64]:
    """`SentenceScore.anonymity`, by the same operations in the same order; 0 without a source."""
    verdicts = batch.verdicts
    named, unnamed, vague = verdicts.sourcing_proba.T[1:]
    confidential = verdicts.confidential_proba > 0.5
    weight = np.where(confidential, ANONYMITY_CONFIDENTIAL, ANONYMITY["unnamed"])
    mass = named + unnamed + vague
    expected = named * ANONYMITY["named"] + unnamed * weight + vague * ANONYMITY["vague"]
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.minimum(expected / mass, 1.0)
    # Never without mass where there is a source: its probability is then above one half.
    return np.where(verdicts.sourcing > 0, mean, 0.0)
