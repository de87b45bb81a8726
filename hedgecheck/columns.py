"""Scores as flat columns: one value a cell, the form that frames and CSV files share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hedgecheck.results import ATTRIBUTION, SOURCING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from hedgecheck.results import SentenceScore

COLUMNS: Final = (
    *("text", "start", "end", "certainty", "certainty_level", "hedged", "sourcing", "anonymity"),
    *("confidential", "attribution", "hedges", "source", "cue", "quotes"),
    *("speaker", "speaker_sentence", "confidential_proba"),
    *(f"sourcing_{name}" for name in SOURCING),
    *(f"attribution_{name}" for name in ATTRIBUTION),
)

# Types that must not depend on what a document happens to hold (an empty one included); the
# other columns are text.
COLUMN_TYPES: Final = {
    "start": "int64",
    "end": "int64",
    "certainty": "float64",
    "hedged": "bool",
    "anonymity": "float64",
    "confidential": "bool",
    "speaker_sentence": "Int64",
    "confidential_proba": "float64",
    **{f"sourcing_{name}": "float64" for name in SOURCING},
    **{f"attribution_{name}": "float64" for name in ATTRIBUTION},
}


def score_row(score: SentenceScore) -> tuple[Any, ...]:
    """Return one sentence's values in the order of `COLUMNS`.

    Every class has its probability in a column such as ``sourcing_named``; spans are given by
    their words, several of them joined by ``"; "``. What a sentence lacks is None.
    """
    return (
        *(score.text, score.start, score.end, score.certainty, score.certainty_level, score.hedged),
        *(score.sourcing, score.anonymity, score.confidential, score.attribution),
        "; ".join(span.text for span in score.hedges) or None,
        score.source.text if score.source else None,
        score.cue.text if score.cue else None,
        "; ".join(span.text for span in score.quotes) or None,
        score.speaker.span.text if score.speaker else None,
        score.speaker.sentence if score.speaker else None,
        score.confidential_proba,
        *(score.sourcing_proba.get(name, 0.0) for name in SOURCING),
        *(score.attribution_proba.get(name, 0.0) for name in ATTRIBUTION),
    )


def frame_of_scores(scores: Iterable[SentenceScore]) -> pd.DataFrame:
    """Return a pandas frame with a row per score and the columns of `COLUMNS`."""
    import pandas as pd  # takes half a second, and few need it

    scores = tuple(scores)
    rows = [score_row(score) for score in scores]
    # Arrow-backed strings refuse lone surrogates; plain object columns hold them.
    text_type = "object" if any(has_surrogates(score.text) for score in scores) else "str"
    frame = pd.DataFrame(
        {
            name: pd.Series([row[place] for row in rows], dtype=COLUMN_TYPES.get(name, text_type))
            for place, name in enumerate(COLUMNS)
        }
    )
    frame.index.name = "sentence"
    return frame


def has_surrogates(text: str) -> bool:
    r"""Return whether the text holds lone surrogates, which UTF-8 cannot write.

    >>> has_surrogates("caf\u00e9"), has_surrogates("\ud800")
    (False, True)
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
