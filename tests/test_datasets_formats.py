"""Laws of all readers: offsets, streams, and what a damaged file may lead to."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from corpus_samples import SAMPLES, STANDOFF_ANN, write_standoff
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgecheck.datasets import FORMATS, LabelledDocument, find_format, read
from hedgecheck.datasets.structure import Labels, Span
from hedgecheck.errors import InputError, TrainingDataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

every_format = pytest.mark.parametrize("name", SAMPLES)


def spans_of(labels: Labels) -> Iterator[Span]:
    yield from labels.hedges or ()
    yield from labels.negations or ()
    yield from (span for span in (labels.source, labels.cue) if span)
    for each in labels.attributions or ():
        yield from (*each.sources, *each.cues, *each.contents)


def outcome(path: Path, name: str) -> tuple[list[LabelledDocument], str]:
    """Return the documents of a file, or what is wrong with it."""
    try:
        return list(read(path, name)), ""
    except TrainingDataError as error:
        return [], str(error)


@every_format
def test_the_format_of_a_file_is_found_and_read(name: str, tmp_path: Path) -> None:
    path = SAMPLES[name].write(tmp_path)
    assert find_format(path) == name
    documents = list(read(path))
    assert documents == list(read(str(path), name))
    for document in documents:
        assert document.sentences
        for sentence in document.sentences:
            for span in spans_of(sentence.labels or Labels()):
                assert sentence.text[span.start : span.end] == span.text


def test_every_format_has_a_sample() -> None:
    assert {*SAMPLES, "polnear-standoff"} == set(FORMATS)


@every_format
def test_a_compressed_file_reads_the_same(name: str, tmp_path: Path) -> None:
    path = SAMPLES[name].write(tmp_path)
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert list(read(packed, name)) == list(read(path, name))
    packed.write_bytes(packed.read_bytes()[:-12])
    with pytest.raises(TrainingDataError, match="cut off"):
        list(read(packed, name))


@every_format
def test_a_byte_order_mark_and_crlf_change_nothing(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    plain = list(read(sample.write(tmp_path), name))
    marked = b"\xef\xbb\xbf" + sample.content.replace("\n", "\r\n").encode()
    assert list(read(sample.write(tmp_path, marked), name)) == plain


@every_format
def test_an_empty_a_missing_and_a_folder_for_a_file_are_refused(name: str, tmp_path: Path) -> None:
    path = SAMPLES[name].write(tmp_path, "")
    with pytest.raises(TrainingDataError, match=rf"{path.name}: the file is empty"):
        list(read(path, name))
    with pytest.raises(TrainingDataError, match="there is no such file"):
        list(read(tmp_path / "none.x", name))
    if name != "gum-conllu":
        with pytest.raises(TrainingDataError, match="is a folder"):
            list(read(tmp_path, name))


@every_format
def test_another_encoding_is_refused_with_its_line(name: str, tmp_path: Path) -> None:
    sample = SAMPLES[name]
    first, rest = sample.content.encode().split(b"\n", 1)
    for content in (first + b"\n\xe9" + rest, sample.content.encode("utf-16")):
        with pytest.raises(TrainingDataError, match=r"line \d+: (not UTF-8|no well-formed XML)"):
            list(read(sample.write(tmp_path, content), name))


@every_format
def test_a_file_cut_off_anywhere_fails_as_bad_data_or_reads_whole_rows(
    name: str, tmp_path: Path
) -> None:
    sample = SAMPLES[name]
    data = sample.content.encode()
    whole = list(read(sample.write(tmp_path), name))
    for end in range(len(data)):
        path = sample.write(tmp_path, data[:end])
        found, error = outcome(path, name)
        if error:
            assert str(path) in error
        else:
            assert not name.endswith("xml") or not data[end:].strip()
            assert len(found) <= len(whole)


@every_format
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_file_changed_anywhere_reads_or_fails_as_bad_data(
    name: str, tmp_path: Path, data: st.DataObject
) -> None:
    sample = SAMPLES[name]
    content = bytearray(sample.content.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(content) - 1))
        size = data.draw(st.integers(0, 12))
        content[at : at + size] = data.draw(st.binary(max_size=6) | st.sampled_from([b"9", b"\t"]))
    try:
        for document in read(sample.write(tmp_path, bytes(content)), name):
            for sentence in document.sentences:
                for span in spans_of(sentence.labels or Labels()):
                    assert sentence.text[span.start : span.end] == span.text
    except TrainingDataError:
        pass


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, len(STANDOFF_ANN) - 1), new=st.text(max_size=4))
def test_a_changed_standoff_file_reads_or_fails_as_bad_data(
    tmp_path: Path, at: int, new: str
) -> None:
    changed = STANDOFF_ANN[:at] + new + STANDOFF_ANN[at + 1 :]
    try:
        changed.encode()
        list(read(write_standoff(tmp_path, ann=changed)))
    except (TrainingDataError, UnicodeEncodeError):
        pass


@pytest.mark.parametrize(
    "name", ["hedgenews-jsonl", "szeged-xml", "szeged-tsv", "polnear-jsonl", "pei-jurgens-jsonl"]
)
def test_a_reader_streams(name: str, tmp_path: Path) -> None:
    """The first document is there before the end of the file, which is broken, is read."""
    sample = SAMPLES[name]
    if name.endswith("xml"):
        broken = sample.content.replace("</DocumentSet>", "</Document>")
    else:
        last = sample.content.splitlines(keepends=True)[-1]
        # Another document between the first one and what is broken.
        another = last.replace("gazette_x", "gazette_y")
        broken = f"{sample.content}{another}\x00{{\n"
    documents = read(sample.write(tmp_path, broken), name)
    assert next(documents).sentences
    with pytest.raises(TrainingDataError):
        list(documents)


def test_what_is_in_no_known_format_is_refused(tmp_path: Path) -> None:
    cases = {
        "a.jsonl": ('{"body": "It rained."}\n', "no known format"),
        "a.tsv": ("body\tlabel\nIt rained.\t1\n", "no known format"),
        "a.xml": ("<Annotation/>", "no sentence with a certainty"),
        "a.docx": ("?", "no known kind"),
    }
    for name, (content, message) in cases.items():
        path = tmp_path / name
        path.write_text(content)
        with pytest.raises(TrainingDataError, match=message):
            find_format(path)
    with pytest.raises(TrainingDataError, match="neither"):
        find_format(tmp_path)
    with pytest.raises(TrainingDataError, match="no such file"):
        find_format(tmp_path / "b.docx")
    with pytest.raises(InputError, match="no format 'brat'"):
        read(tmp_path / "a.xml", "brat")
