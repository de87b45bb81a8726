"""The formats that there are readers for, and telling them from one another by a look inside."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hedgecheck.datasets.bioscope import read_bioscope_tsv, read_bioscope_xml
from hedgecheck.datasets.conll2010 import read_conll2010_tsv, read_conll2010_xml
from hedgecheck.datasets.factuality import read_factuality
from hedgecheck.datasets.gum import read_gum
from hedgecheck.datasets.gum_conllu import read_gum_conllu
from hedgecheck.datasets.hedgenews import read_hedgenews
from hedgecheck.datasets.news_and_pairs import read_news, read_pair_documents
from hedgecheck.datasets.pei_jurgens import read_pei_jurgens, read_pei_jurgens_aspects
from hedgecheck.datasets.places import Place
from hedgecheck.datasets.polnear import read_polnear
from hedgecheck.datasets.polnear_standoff import read_polnear_standoff
from hedgecheck.datasets.rows import json_rows, table_rows
from hedgecheck.datasets.szeged import read_szeged_tsv, read_szeged_xml
from hedgecheck.datasets.xml_events import xml_events
from hedgecheck.errors import InputError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Mapping

    from hedgecheck.datasets.structure import LabelledDocument

__all__ = ["FORMATS", "find_format", "read"]

#: Every format by name, with its reader.
FORMATS: Final[Mapping[str, Callable[[Path], Iterator[LabelledDocument]]]] = {
    "hedgenews-jsonl": read_hedgenews,
    "news-jsonl": read_news,
    "pairs-jsonl": read_pair_documents,
    "szeged-xml": read_szeged_xml,
    "szeged-tsv": read_szeged_tsv,
    "bioscope-xml": read_bioscope_xml,
    "bioscope-tsv": read_bioscope_tsv,
    "conll2010-xml": read_conll2010_xml,
    "conll2010-tsv": read_conll2010_tsv,
    "polnear-jsonl": read_polnear,
    "polnear-standoff": read_polnear_standoff,
    "gum-jsonl": read_gum,
    "gum-conllu": read_gum_conllu,
    "pei-jurgens-jsonl": read_pei_jurgens,
    "pei-jurgens-aspects-jsonl": read_pei_jurgens_aspects,
    "factuality-jsonl": read_factuality,
}

# Columns that tell the formats apart; the first of which all are there is it.
_JSON_COLUMNS: Final = {
    "hedgenews-jsonl": {"doc", "set", "i", "labelled"},
    "pairs-jsonl": {"pair", "axes", "a", "b"},
    "news-jsonl": {"id", "doc", "paragraph", "certainty"},
    "polnear-jsonl": {"doc", "publisher", "attributions"},
    "gum-jsonl": {"doc", "genre", "attributions"},
    "pei-jurgens-jsonl": {"finding", "sentence-level-certainty"},
    "pei-jurgens-aspects-jsonl": {"finding", "aspect-level-certainty"},
    "factuality-jsonl": {"text", "targets", "idx"},
}
_TABLE_COLUMNS: Final = {
    "szeged-tsv": {"doc", "sent", "epistemic", "cues"},
    "bioscope-tsv": {"doc", "sent", "speculation", "spec_cues"},
    "conll2010-tsv": {"doc", "sent", "label", "szeged_cues"},
}

# So many events of an XML file are looked at for a cue or a certainty: some documents have none.
_LOOK: Final = 100_000


def read(path: str | os.PathLike[str], format: str | None = None) -> Iterator[LabelledDocument]:  # noqa: A002
    """Read a labelled corpus in any of the known formats, one document at a time.

    Parameters
    ----------
    path : path
        A file, or a folder in the formats that are folders.
    format : str, optional
        A name out of `FORMATS`; found by `find_format` without it.

    Raises
    ------
    TrainingDataError
        If the format is not known, or what its reader raises.
    InputError
        If there is no format of that name.

    Examples
    --------
    >>> from hedgecheck.shipped import dataset_path
    >>> sum(len(document.sentences) for document in read(dataset_path("news.jsonl")))
    1438
    """
    file = Path(path)
    name = find_format(file) if format is None else format
    if name not in FORMATS:
        raise InputError(f"there is no format {name!r}; use one of {', '.join(FORMATS)}")
    return FORMATS[name](file)


def find_format(path: str | os.PathLike[str]) -> str:
    """Return the name of a file's or folder's format.

    Raises
    ------
    TrainingDataError
        If there is no such file, or it is in none of the known formats.

    Examples
    --------
    >>> from hedgecheck.shipped import dataset_path
    >>> find_format(dataset_path("pairs.jsonl"))
    'pairs-jsonl'
    """
    file = Path(path)
    if file.is_dir():
        return _folder_format(file)
    suffix = Path(file.stem).suffix if file.suffix == ".gz" else file.suffix
    if suffix == ".jsonl":
        return _by_columns(file, next(json_rows(file)).values, _JSON_COLUMNS)
    if suffix == ".tsv":
        return _by_columns(file, next(table_rows(file, ())).values, _TABLE_COLUMNS)
    if suffix == ".xml":
        return _xml_format(file)
    if suffix == ".conllu":
        return "gum-conllu"
    if not file.exists():
        raise Place(file).error("there is no such file or folder", "check the path")
    raise Place(file).error(
        f"{suffix or 'no suffix'!r} is no known kind of corpus file",
        "known are .jsonl, .tsv, .xml and .conllu; read other tables with read_table and Columns",
    )


def _folder_format(folder: Path) -> str:
    if (folder / "text").is_dir() and (folder / "attributions").is_dir():
        return "polnear-standoff"
    if any(folder.glob("*.conllu")):
        return "gum-conllu"
    raise Place(folder).error(
        "the folder holds neither text/ and attributions/ nor .conllu files",
        "name a file in it",
    )


def _by_columns(file: Path, values: Mapping[str, object], formats: Mapping[str, set[str]]) -> str:
    for name, columns in formats.items():
        if columns <= values.keys():
            return name
    raise Place(file).error(
        f"the columns {', '.join(values)} are those of no known format",
        "see docs/datasets.md for the formats; read other tables with read_table and Columns",
    )


def _xml_format(file: Path) -> str:
    for event in islice(xml_events(file), _LOOK):
        name = event.name.lower()
        if event.kind != "start":
            continue
        if name == "sentence" and "certainty" in event.attributes:
            return "conll2010-xml"
        if name == "ccue":
            return "szeged-xml"
        if name == "cue":
            return "bioscope-xml"
    raise Place(file).error(
        "no sentence with a certainty and no cue in the file",
        "give the format by name: conll2010-xml, szeged-xml or bioscope-xml",
    )
