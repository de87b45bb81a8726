"""Scores of articles as a Parquet file: the rows of the CSV format."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from hedgecheck.cli.table_input import Row
from hedgecheck.cli.table_output import ParquetOutput, added_types
from hedgecheck.columns import COLUMNS, score_row

if TYPE_CHECKING:
    from hedgecheck.cli.scoring import Scored


class ParquetWriter:
    """A row a sentence: the file, the sentence's number, then the columns of the scores."""

    def __init__(self, out: IO[bytes], *, by_line: bool) -> None:
        kinds: dict[str, set[type]] = {"file": {str}, "sentence": {int}}
        if by_line:
            kinds["line"] = {int}
        types = added_types(COLUMNS, COLUMNS)
        self._out = ParquetOutput(out, list(kinds), types, kinds=kinds)

    def write(self, scored: Scored) -> None:
        """Write the sentences of one input."""
        for place, score in enumerate(scored.scores):
            before: dict[str, Any] = {"file": scored.name, "sentence": place}
            if scored.lines is not None:
                before["line"] = scored.lines[place]
            self._out.write(Row("", before), score_row(score))

    def close(self) -> None:
        """Write what is left."""
        self._out.close()
