"""The model file: what is written comes back; what anybody else made is refused and not run."""

from __future__ import annotations

import copyreg
import gzip
import io
import math
import os
import pickle
import pickletools
import struct
import subprocess
import sys
import tracemalloc
import zipfile
from typing import TYPE_CHECKING, Any, NoReturn

import joblib
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from hedgecheck import plain_pickle
from hedgecheck.errors import HedgecheckError, InputError, ModelFileError
from hedgecheck.model_pins import SUMS, pin, read_sums
from hedgecheck.modelfile import FORMAT, KIND, describe, read_model, verify, write_model
from hedgecheck.plain_pickle import PlainPickleError, loads_plain, scan

if TYPE_CHECKING:
    from pathlib import Path

DTYPES = ["<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"]

# ------------------------------------------------------------------------------- round trips

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_.:/-]{0,20}", fullmatch=True).filter(
    lambda name: name not in {"format", "kind", "arrays"}
)
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
scalars = text | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
lists = st.recursive(
    st.lists(scalars, max_size=5), lambda inner: st.lists(inner | scalars, max_size=3), max_leaves=6
).filter(lambda value: depth(value) <= 4)


def depth(value: object) -> int:
    if not isinstance(value, list):
        return 0
    return 1 + max((depth(item) for item in value), default=0)


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    shape = tuple(draw(st.lists(st.integers(0, 4), max_size=3)))
    count = math.prod(shape)
    raw = draw(st.binary(min_size=count * dtype.itemsize, max_size=count * dtype.itemsize))
    array = np.frombuffer(raw, dtype).reshape(shape)
    if dtype.kind == "f":
        array = np.where(np.isfinite(array), array, dtype.type(0)).astype(dtype).reshape(shape)
    return array


payloads = st.dictionaries(names, scalars | lists | st.binary(max_size=40) | arrays(), max_size=8)


def equal(left: object, right: object) -> bool:
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        same_layout = left.dtype == right.dtype and left.shape == right.shape
        return same_layout and left.tobytes() == right.tobytes()
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    return type(left) is type(right) and left == right


@given(payloads)
@example({})
@example({"empty": b"", "empty2": b"", "one": b"x", "one2": b"x", "no": np.zeros((0, 3), "f4")})
@example({"same": ["a", "a"], "again": ["a", "a"], "scalar": np.array(2.5, "f8")})
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_comes_back_in_order_with_types(
    tmp_path: Path, payload: dict[str, Any]
) -> None:
    path = tmp_path / "m.joblib"
    sha256 = write_model(path, payload)
    back = read_model(path, expected_sha256=sha256)
    assert list(back) == list(payload)
    assert all(equal(payload[name], back[name]) for name in payload)


@given(payloads)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_same_payload_same_bytes_and_writing_what_was_read_changes_nothing(
    tmp_path: Path, payload: dict[str, Any]
) -> None:
    first = write_model(tmp_path / "a.joblib", payload)
    assert write_model(tmp_path / "b.joblib", payload) == first
    assert write_model(tmp_path / "c.joblib", read_model(tmp_path / "a.joblib")) == first


def test_one_object_in_two_places_is_no_obstacle(tmp_path: Path) -> None:
    array = np.arange(100_000, dtype="i4")
    raw = array.tobytes()
    words = ["said", "said"]
    payload = {"a": array, "b": array, "c": raw, "d": raw, "e": words, "f": [words, words]}
    write_model(tmp_path / "m.joblib", payload)
    back = read_model(tmp_path / "m.joblib")
    assert back["d"] == raw
    assert back["f"] == [words, words]


def test_other_byte_orders_and_strides_are_brought_into_one_form(tmp_path: Path) -> None:
    array = np.arange(12, dtype=">f4").reshape(3, 4).T
    write_model(tmp_path / "m.joblib", {"w": array, "f": np.asfortranarray(array)})
    back = read_model(tmp_path / "m.joblib")
    assert back["w"].dtype.str == "<f4"
    assert back["w"].flags.c_contiguous
    np.testing.assert_array_equal(back["w"], array)
    np.testing.assert_array_equal(back["f"], array)


def test_arrays_are_read_only_aligned_views(tmp_path: Path) -> None:
    write_model(tmp_path / "m.joblib", {"w": np.ones((3, 2)), "v": np.ones(3, "u2")})
    array = read_model(tmp_path / "m.joblib")["w"]
    assert not array.flags.owndata
    assert array.flags.aligned
    with pytest.raises(ValueError, match="read-only"):
        array[0, 0] = 5


def test_the_file_is_a_plain_joblib_dump_of_plain_values(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    write_model(path, {"w": np.ones((2, 3), "f4"), "note": "a try", "rates": [0.5, [1, "x"]]})
    flat = joblib.load(path)
    assert flat == {
        "format": FORMAT,
        "kind": KIND,
        "arrays": ["w <f4 2x3"],
        "w": np.ones((2, 3), "f4").tobytes(),
        "note": "a try",
        "rates": [0.5, [1, "x"]],
    }


def test_reading_imports_neither_joblib_nor_scikit_learn_nor_pandas(tmp_path: Path) -> None:
    write_model(tmp_path / "m.joblib", {"w": np.ones(3)})
    program = (
        "import sys; from hedgecheck.modelfile import read_model; read_model(sys.argv[1]); "
        "print(sorted({'joblib', 'sklearn', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "m.joblib")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_model_of_full_size_is_few_instructions(tmp_path: Path) -> None:
    payload = {f"w{i}": np.zeros(300_000, "f4") for i in range(10)} | {"words": b"a\n" * 10**5}
    write_model(tmp_path / "m.joblib", payload)
    data = (tmp_path / "m.joblib").read_bytes()
    assert len(data) > 12_000_000
    assert sum(1 for _ in pickletools.genops(data)) < 100


# ---------------------------------------------------------------------------- refused payloads


@pytest.mark.parametrize(
    ("value", "part"),
    [
        (None, "NoneType"),
        (True, "bool"),
        (np.float64(0.5), "float64"),
        (np.int64(1), "int64"),
        ((1, 2), "tuple"),
        ({"a": 1}, "dict"),
        ({1}, "set"),
        (print, "builtin"),
        ([b"bytes in a list"], "bytes"),
        ([np.ones(2)], "ndarray"),
        ([[[[[1]]]]], "deeper"),
        (float("nan"), "nan"),
        ([1.0, float("inf")], "inf"),
        (2**63, "64 bits"),
        ("\ud800", "surrogate"),
        ("x" * 70_000, "characters"),
        (np.array([1, "a"], dtype=object), "object"),
        (np.array(["a"]), "<U1"),
        (np.array([True]), "astype"),
        (np.array([1j]), "complex"),
        (np.array([1], "f2"), "float16"),
        (np.array(["2020-01-01"], "M8[D]"), "datetime64"),
        (np.zeros(1, dtype=[("a", "f4")]), "dtype"),
        (np.array([[0.0, float("nan")]]), r"nan at \[0, 1\]"),
        (np.array([float("-inf")], "f4"), "-inf"),
    ],
)
def test_a_payload_that_cannot_be_read_back_is_not_written(
    tmp_path: Path, value: object, part: str
) -> None:
    with pytest.raises(ModelFileError, match=part) as caught:
        write_model(tmp_path / "m.joblib", {"the_key": value})
    assert "the_key" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "key", ["format", "kind", "arrays", "", "1st", "a b", "a\n", "é", "x" * 101]
)
def test_a_key_that_is_no_name_is_not_written(tmp_path: Path, key: str) -> None:
    with pytest.raises(ModelFileError, match="key"):
        write_model(tmp_path / "m.joblib", {key: 1})


def test_writing_replaces_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    write_model(path, {"a": 1})
    before = path.read_bytes()
    with pytest.raises(ModelFileError):
        write_model(path, {"a": object()})
    assert path.read_bytes() == before
    write_model(path, {"a": 2})
    assert read_model(path) == {"a": 2}
    assert [entry.name for entry in tmp_path.iterdir()] == ["m.joblib"]


def test_a_place_that_cannot_be_written_gives_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (
        tmp_path / "no" / "such" / "folder" / "m.joblib",
        tmp_path / "file" / "m.joblib",
        tmp_path,
        "a\0b.joblib",
        "",
        "/",
    ):
        with pytest.raises(ModelFileError, match="cannot be written"):
            write_model(place, {"a": 1})
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


# ------------------------------------------------------------------------------ hostile files


def refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(ModelFileError) as caught:
        read_model(path)
    message = str(caught.value)
    assert str(path) in message
    return message


def proto4(*parts: bytes) -> bytes:
    return b"\x80\x04" + b"".join(parts) + b"."


def short(string: str) -> bytes:
    raw = string.encode()
    return b"\x8c" + bytes([len(raw)]) + raw


def file_with(**entries: object) -> bytes:
    """Give a file whose head is right, and whose entries may be anything that pickles."""
    return pickle.dumps({"format": FORMAT, "kind": KIND, "arrays": [], **entries}, protocol=4)


class Trap:
    """An object whose unpickling makes a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (self.folder,)


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """Name the folder that a successful attack makes."""
    return tmp_path / "executed"


def test_the_trap_works_where_it_is_let(mark: Path) -> None:
    pickle.loads(pickle.dumps(Trap(mark), protocol=4))
    assert mark.is_dir()


@pytest.mark.parametrize("protocol", range(6))
def test_a_call_is_refused_at_every_protocol(tmp_path: Path, mark: Path, protocol: int) -> None:
    for content in (Trap(mark), {"format": FORMAT, "kind": KIND, "arrays": [], "w": Trap(mark)}):
        message = refused(tmp_path / "m.joblib", pickle.dumps(content, protocol=protocol))
        assert "protocol" in message or "STACK_GLOBAL" in message
    # The same program under a false flag of protocol 4.
    body = pickle.dumps(Trap(mark), protocol=protocol)
    refused(tmp_path / "m.joblib", b"\x80\x04" + (body if protocol < 2 else body[2:]))
    assert not mark.exists()


def test_a_call_in_a_joblib_dump_is_refused(tmp_path: Path, mark: Path) -> None:
    joblib.dump({"w": Trap(mark)}, tmp_path / "m.joblib", protocol=4)
    with pytest.raises(ModelFileError, match=r"STACK_GLOBAL at byte \d+"):
        read_model(tmp_path / "m.joblib")
    assert not mark.exists()


def attacks(folder: str) -> dict[str, bytes]:
    argument = short(folder)
    system = short("os") + short("mkdir") + b"\x93"
    return {
        "REDUCE": proto4(system, argument, b"\x85R"),
        "GLOBAL": proto4(b"cos\nmkdir\n", argument, b"\x85R"),
        "INST": proto4(b"(", argument, b"ios\nmkdir\n"),
        "OBJ": proto4(b"(", system, argument, b"o"),
        "NEWOBJ": proto4(system, argument, b"\x85\x81"),
        "NEWOBJ_EX": proto4(system, argument, b"\x85}\x92"),
        "BUILD": proto4(b"}", system, b"b"),
        "EXT1": proto4(b"\x82\xf0", argument, b"\x85R"),
        "EXT2": proto4(b"\x83\xf0\x00", argument, b"\x85R"),
        "EXT4": proto4(b"\x84\xf0\x00\x00\x00", argument, b"\x85R"),
        "PERSID": proto4(b"Pmkdir\n"),
        "BINPERSID": proto4(argument, b"Q"),
        "late": file_with(w=1)[:-1] + b"0" + system + argument + b"\x85R.",
        "after the end": file_with(w=1) + system + argument + b"\x85R.",
        "in a key": proto4(b"}", system, argument, b"\x85RK\x01s"),
        "in a frame": proto4(b"\x95" + struct.pack("<Q", 2), b"}\x94", system, argument, b"\x85R"),
    }


@pytest.mark.parametrize("name", list(attacks("")))
def test_every_way_to_a_call_is_refused(tmp_path: Path, mark: Path, name: str) -> None:
    copyreg.add_extension("os", "mkdir", 0xF0)
    try:
        refused(tmp_path / "m.joblib", attacks(str(mark))[name])
    finally:
        copyreg.remove_extension("os", "mkdir", 0xF0)
    assert not mark.exists()


@pytest.mark.parametrize(
    "opcode",
    [code for code in pickletools.opcodes if code.name not in plain_pickle._ALLOWED],
    ids=lambda code: code.name,
)
@pytest.mark.parametrize("argument", [b"", b"\x01" * 12, b"1\n1\n", b"'x'\n"])
def test_every_instruction_off_the_list_is_refused(
    tmp_path: Path, opcode: pickletools.OpcodeInfo, argument: bytes
) -> None:
    refused(tmp_path / "m.joblib", proto4(opcode.code.encode("latin-1"), argument))


def test_the_list_holds_nothing_that_looks_a_name_up() -> None:
    calling = {
        *("GLOBAL", "STACK_GLOBAL", "REDUCE", "BUILD", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX"),
        *("EXT1", "EXT2", "EXT4", "PERSID", "BINPERSID", "NEXT_BUFFER"),
    }
    assert calling <= {opcode.name for opcode in pickletools.opcodes}
    assert not calling & plain_pickle._ALLOWED


@pytest.mark.parametrize("name", ["REDUCE", "GLOBAL", "INST", "BINPERSID", "EXT1"])
def test_the_unpickler_alone_refuses_too(mark: Path, name: str) -> None:
    copyreg.add_extension("os", "mkdir", 0xF0)
    try:
        with pytest.raises(PlainPickleError, match=r"it (names|refers)"):
            plain_pickle._Refusing(io.BytesIO(attacks(str(mark))[name])).load()
    finally:
        copyreg.remove_extension("os", "mkdir", 0xF0)
    assert not mark.exists()


# ------------------------------------------------------------------------------ damaged files


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("small") / "m.joblib"
    payload = {
        "w": np.linspace(-1, 1, 6, dtype="f4").reshape(2, 3),
        "ids": np.array([3, 1, 2], "u2"),
        "words": b"ferry\nharbour",
        "rates": [0.25, 7, "x", ["y", 2**40]],
        "note": "a small one",
        "bias": -0.5,
    }
    write_model(path, payload)
    return path.read_bytes()


def test_every_prefix_is_refused(tmp_path: Path, small: bytes) -> None:
    for end in range(len(small)):
        refused(tmp_path / "m.joblib", small[:end])


def test_every_flipped_bit_is_refused_or_harmless(tmp_path: Path, small: bytes) -> None:
    path = tmp_path / "m.joblib"
    for position in range(len(small)):
        for bit in range(8):
            damaged = bytearray(small)
            damaged[position] ^= 1 << bit
            path.write_bytes(damaged)
            try:
                payload = read_model(path)
            except ModelFileError:
                continue
            # A flip inside a value gives another sound file; only the sum can tell.
            assert isinstance(payload, dict)


def test_the_sum_finds_every_change(tmp_path: Path, small: bytes) -> None:
    path = tmp_path / "m.joblib"
    path.write_bytes(small)
    sha256 = verify(path).sha256
    read_model(path, expected_sha256=sha256.upper())
    for position in range(0, len(small), 7):
        damaged = bytearray(small)
        damaged[position] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(ModelFileError, match="sha256"):
            read_model(path, expected_sha256=sha256)


CODES = [opcode.code.encode("latin-1") for opcode in pickletools.opcodes]
ALLOWED_CODES = [
    opcode.code.encode("latin-1")
    for opcode in pickletools.opcodes
    if opcode.name in plain_pickle._ALLOWED
]
pieces = st.one_of(
    st.sampled_from(ALLOWED_CODES),
    st.sampled_from(CODES),
    st.binary(max_size=6),
    st.integers(0, 255).map(lambda n: b"K" + bytes([n])),
    text.map(lambda string: short(string[:20])),
    st.integers(0, 9).map(lambda n: b"h" + bytes([n])),
    st.sampled_from([b"]\x94", b"}\x94", b"(", b"e", b"u", b"a", b"s", b"\x94"]),
)


@given(st.lists(pieces, max_size=40))
@settings(max_examples=400)
def test_no_soup_of_instructions_gets_past_with_anything_but_plain_values(
    parts: list[bytes],
) -> None:
    try:
        value = loads_plain(proto4(*parts))
    except PlainPickleError:
        return
    assert only_plain(value)


def only_plain(value: object) -> bool:
    if isinstance(value, dict):
        return all(only_plain(key) and only_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(only_plain, value))
    return type(value) in {str, bytes, int, float}


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_give_anything_but_a_model_file_error(tmp_path: Path, data: bytes) -> None:
    refused(tmp_path / "m.joblib", data)
    refused(tmp_path / "m.joblib", b"\x80\x04" + data)


def compressed(level: Any) -> bytes:
    buffer = io.BytesIO()
    joblib.dump({"format": FORMAT, "kind": KIND, "arrays": []}, buffer, compress=level)
    return buffer.getvalue()


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("schema.json", "{}")
    return buffer.getvalue()


def npy() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.ones(3))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "empty"),
        (b"\x80", "0x80"),
        (zipped(), "zip"),
        (npy(), "numpy"),
        (compressed(3), "zlib"),
        (compressed(("gzip", 3)), "gzip"),
        (compressed(("bz2", 3)), "bzip2"),
        (compressed(("xz", 3)), "xz"),
        (compressed(("lzma", 3)), "lzma"),
        (gzip.compress(b"x"), "gzip"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        (b'{"format": 1}', "byte 0 is 0x7b"),
        (pickle.dumps({"format": 1}, protocol=2), "protocol 2, not 4"),
        (pickle.dumps({"format": 1}, protocol=5), "protocol 5, not 4"),
        (pickle.dumps({"format": 1}, protocol=0), "does not start"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_kinds_of_files_are_named(tmp_path: Path, data: bytes, part: str) -> None:
    assert part in refused(tmp_path / "m.joblib", data)


def test_a_joblib_dump_of_arrays_or_estimators_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    for content in (np.ones(3), {"w": np.ones(3)}, {"format": 1, "w": np.array([None])}):
        joblib.dump(content, path, protocol=4)
        assert "STACK_GLOBAL" in refused(path, path.read_bytes())


# ------------------------------------------------------------------------- claims and bombs


def bombs() -> dict[str, bytes]:
    tail = short("a") + b"."
    return {
        "bytes of a tebibyte": proto4(b"\x8e" + struct.pack("<Q", 2**40), b"abc"),
        "bytes of four gibibytes": proto4(b"B" + struct.pack("<I", 2**32 - 1), b"abc"),
        "bytes beyond the address space": proto4(b"\x8e" + struct.pack("<Q", 2**64 - 1), b"abc"),
        "text of a tebibyte": proto4(b"\x8d" + struct.pack("<Q", 2**40), b"abc"),
        "frame of a tebibyte": proto4(b"\x95" + struct.pack("<Q", 2**40), b"}"),
        "frame beyond the address space": proto4(b"\x95" + struct.pack("<Q", 2**64 - 1), b"}"),
        "far memo slot": b"\x80\x04" + short("a") + b"r" + struct.pack("<I", 2**32 - 1) + tail,
        "far memo look-up": proto4(b"j" + struct.pack("<I", 2**32 - 1)),
        "long integer": proto4(b"\x8b" + struct.pack("<i", 2**31 - 1), b"\x01"),
        "integer of 255 bytes": proto4(b"\x8a\xff" + b"\x01" * 255),
        "deep lists": proto4(b"]" * 60_000, b"a" * 59_999),
        "many instructions": proto4(b"](", b"K\x00" * 200_000, b"e"),
        "doubled lists": proto4(b"](K\x00e\x94" + b"".join(
            b"](" + b"h" + bytes([n]) * 2 + b"h" + bytes([n]) + b"e\x94" for n in range(50)
        )),
        "list within itself": proto4(b"]\x94h\x00a"),
        "dict within itself": proto4(b"}\x94", short("a"), b"h\x00s"),
        "long bytes shared": proto4(
            b"](B" + struct.pack("<I", 70_000) + bytes(70_000) + b"\x94" + b"h\x00" * 1000 + b"e"
        ),
        "second protocol mark": proto4(b"\x80\x04", b"}"),
        "nothing at all": proto4(),
        "mark without items": proto4(b"(u"),
        "append to a number": proto4(b"K\x01K\x02a"),
        "list as a key": proto4(b"}]K\x01s"),
        "memo of nothing": proto4(b"\x94"),
    }  # fmt: skip


@pytest.mark.parametrize("name", list(bombs()))
def test_claims_and_bombs_are_refused_in_little_memory(tmp_path: Path, name: str) -> None:
    data = bombs()[name]
    tracemalloc.start()
    try:
        refused(tmp_path / "m.joblib", data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000 + 20 * len(data)


def test_a_value_between_frames_is_still_read() -> None:
    # As pickle writes it: a long value stands outside of the frames, its MEMOIZE in the next one.
    value = {"a": "x" * 65_536, "b": b"y" * 65_536, "c": [1] * 3}
    scan(pickle.dumps(value, protocol=4))
    assert loads_plain(pickle.dumps(value, protocol=4)) == value


# ----------------------------------------------------------------------- wrong contents


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (pickle.dumps([1, 2], protocol=4), "list instead of a dict"),
        (pickle.dumps("text", protocol=4), "str instead of a dict"),
        (pickle.dumps({}, protocol=4), "'format' is missing"),
        (pickle.dumps({"format": 1, "kind": KIND}, protocol=4), "'arrays' is missing"),
        (pickle.dumps({1: 2}, protocol=4), "'1' is no name"),
        (pickle.dumps({b"format": 2}, protocol=4), "no name"),
        (file_with(**{"a\x1b[2J": 1}), r"'a\x1b[2J' is no name"),
        (file_with(format="1"), "'format' is a str"),
        (file_with(format=1.0), "'format' is a float"),
        (file_with(format=2), "update hedgecheck"),
        (file_with(format=0), "train the model anew"),
        (file_with(kind=1), "'kind' is a int"),
        (file_with(kind="recipe"), "its kind is 'recipe'"),
        (file_with(arrays="w <f4 2"), "'arrays' is a str"),
        (file_with(arrays=[["w", "<f4", 2]]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w |O8 2"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f1 2"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w >f4 2"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4 -2"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4 2x"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4 ٢"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4 2\n"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4 " + "1x" * 9 + "1"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4 9999999999999"]), "not 'NAME DTYPE SHAPE'"),
        (file_with(arrays=["w <f4 2", "w <f4 2"], w=bytes(8)), "'w'"),
        (file_with(arrays=["format |u1 1"]), "'format'"),
        (file_with(arrays=["w <f4 2"]), "listed but missing"),
        (file_with(arrays=["w <f4 2"], w="text"), "str instead of bytes"),
        (file_with(arrays=["w <f4 2"], w=bytes(7)), r"has 7 bytes"),
        (file_with(arrays=["w <f4 2"], w=bytes(9)), r"has 9 bytes"),
        (file_with(arrays=["w <f4 scalar"], w=b""), r"has 0 bytes"),
        # Products that overflow 64 bits to zero or to the right length.
        (file_with(arrays=["w |u1 4294967296x4294967296"], w=b""), "has 0 bytes"),
        (file_with(arrays=["w <f4 999999999999x999999999999x0"], w=b""), "cannot have shape"),
        (file_with(arrays=["w <f4 2"], w=struct.pack("<2f", 1, math.nan)), "nan at [1]"),
        (file_with(arrays=["w <f8 1x1"], w=struct.pack("<d", math.inf)), "inf at [0, 0]"),
        (file_with(bias=math.nan), "'bias' has the value nan"),
        (file_with(rates=[0.5, [-math.inf]]), "'rates' has the value -inf"),
        (file_with(rates=[[[[[1]]]]]), "nested deeper"),
        (file_with(rates=[b"x"]), "'rates' has a value of type bytes"),
        (file_with(rates={"a": 1}), "'rates' has a value of type dict"),
        (file_with(note="\udc80"), "surrogate"),
        (file_with(note="x" * 70_000), "70000 characters"),
        (file_with(flag=True), "NEWTRUE"),
        (file_with(flag=None), "NONE"),
        (file_with(pair=(1, 2)), "TUPLE2"),
        (file_with(number=2**64), "64 bits"),
    ],
)
def test_wrong_contents_are_named(tmp_path: Path, data: bytes, part: str) -> None:
    assert part in refused(tmp_path / "m.joblib", data)


def test_another_kind_is_read_by_whoever_asks_for_it(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    write_model(path, {"a": 1}, kind="recipe")
    assert read_model(path, kind="recipe") == {"a": 1}
    with pytest.raises(ModelFileError, match="kind is 'recipe'"):
        read_model(path)


# -------------------------------------------------------------------------------- the path


def test_a_missing_file_a_folder_and_odd_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="no such file"):
        read_model(tmp_path / "none.joblib")
    with pytest.raises(ModelFileError, match="a folder"):
        read_model(tmp_path)
    with pytest.raises(ModelFileError, match="cannot be read"):
        read_model("a\0b.joblib")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ModelFileError, match="not a regular file"):
            read_model(tmp_path / "pipe")


@pytest.mark.parametrize("path", [None, b"m.joblib", 3, ["m.joblib"]])
def test_a_path_of_another_type_gives_an_input_error(path: Any) -> None:
    for function in (read_model, verify, describe):
        with pytest.raises(InputError, match="expected"):
            function(path)
    with pytest.raises(InputError, match="expected"):
        write_model(path, {})


def test_the_size_is_capped(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    write_model(path, {"w": bytes(5000)})
    size = path.stat().st_size
    assert read_model(path, max_bytes=size) == {"w": bytes(5000)}
    with pytest.raises(ModelFileError, match=f"more than the {size - 1} allowed"):
        read_model(path, max_bytes=size - 1)


def test_nothing_falls_back_to_joblib_or_pickle(
    tmp_path: Path, mark: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("called")

    joblib.dump({"w": Trap(mark)}, tmp_path / "m.joblib")
    for module, name in [(joblib, "load"), (pickle, "load"), (pickle, "loads")]:
        monkeypatch.setattr(module, name, forbidden)
    with pytest.raises(ModelFileError):
        read_model(tmp_path / "m.joblib")


# ------------------------------------------------------------------- pins, verify, describe


def test_pinning_keeps_other_sums_and_sorts(tmp_path: Path) -> None:
    second = write_model(tmp_path / "b.joblib", {"a": 2})
    first = write_model(tmp_path / "a.joblib", {"a": 1})
    pin(tmp_path / "b.joblib", "0" * 64)
    pin(tmp_path / "b.joblib", second)
    pin(tmp_path / "a.joblib", first)
    assert (tmp_path / SUMS).read_text() == f"{first}  a.joblib\n{second}  b.joblib\n"
    assert read_sums(tmp_path) == {"a.joblib": first, "b.joblib": second}


def test_verify_compares_with_the_sums_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    sha256 = write_model(path, {"a": 1})
    found = verify(path)
    assert (found.sha256, found.pinned, found.size) == (sha256, False, path.stat().st_size)
    pin(path, sha256)
    assert verify(str(path)).pinned
    write_model(path, {"a": 2})
    with pytest.raises(ModelFileError, match="sha256"):
        verify(path)


@pytest.mark.parametrize("line", ["", "abc  m.joblib", f"{'0' * 64} ../m.joblib", "0" * 64])
def test_a_wrong_line_among_the_sums_is_named(tmp_path: Path, line: str) -> None:
    sha256 = write_model(tmp_path / "m.joblib", {"a": 1})
    (tmp_path / SUMS).write_text(f"{sha256}  m.joblib\n{line}\n")
    with pytest.raises(ModelFileError, match="line 2"):
        verify(tmp_path / "m.joblib")


def test_an_unknown_model_name_lists_the_known_ones() -> None:
    with pytest.raises(HedgecheckError, match="no model called 'klingon'"):
        verify("klingon")


def test_describe_gives_plain_values_and_no_control_characters(tmp_path: Path) -> None:
    path = tmp_path / "m.joblib"
    payload = {
        "w": np.ones((2, 3), "f4"),
        "words": b"abc",
        "note": "\x1b[2Jhidden " + "x" * 300,
        "rates": [0.5, "\x1b"],
        "bias": 1.5,
        "folds": 5,
    }
    sha256 = write_model(path, payload, kind="recipe")
    told = describe(path)
    entries = {entry.pop("name"): entry for entry in told.pop("entries")}
    assert told == {
        "path": str(path),
        "bytes": path.stat().st_size,
        "sha256": sha256,
        "format": FORMAT,
        "kind": "recipe",
    }
    assert entries["w"] == {"type": "array", "dtype": "float32", "shape": [2, 3], "bytes": 24}
    assert entries["words"] == {"type": "bytes", "bytes": 3}
    assert entries["note"]["value"].startswith("\\x1b[2Jhidden xxx")
    assert len(entries["note"]["value"]) < 210
    assert entries["rates"] == {"type": "list", "length": 2, "value": r"[0.5, '\x1b']"}
    assert entries["bias"] == {"type": "float", "value": 1.5}
    assert entries["folds"] == {"type": "int", "value": 5}
