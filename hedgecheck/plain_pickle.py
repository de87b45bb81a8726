"""Read a pickle that holds plain values only, and refuse any other before anything in it is done.

A pickle is a program for a small stack machine; some of its instructions import and call whatever
they name. Two dozen of them only build strings, numbers, bytes, lists and dicts, and these are all
that a model file needs. `loads_plain` therefore goes over the program twice:

1. `scan` reads it instruction by instruction, runs nothing, and stops at the first instruction
   outside that list, at the first length that the file does not hold, and past a cap on their
   number;
2. an unpickler that refuses every look-up of a name builds the values.

Allowing a few trusted names instead (numpy's, say) is no half-way house: numpy's own reconstructors
can be led to run code.
"""

from __future__ import annotations

import io
import pickle
import pickletools
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PROTOCOL", "PlainPickleError", "loads_plain", "scan"]

#: The one pickle protocol that is read: the newest that lacks out-of-band buffers.
PROTOCOL = 4

#: Each takes .4 to 1 µs to scan (measured), so this many at most .1 s; a model has a few hundred.
MAX_OPCODES = 100_000

#: Longer strings and bytes may not be referred to twice: a short file could claim terabytes.
MAX_SHARED = 65_536

_STRINGS = frozenset({"SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8"})
_BYTES = frozenset({"SHORT_BINBYTES", "BINBYTES", "BINBYTES8"})
_NUMBERS = frozenset({"BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"})
_CONTAINERS = frozenset(
    {"EMPTY_DICT", "EMPTY_LIST", "MARK", "SETITEM", "SETITEMS", "APPEND", "APPENDS"}
)
# Of the memo's instructions only those that joblib and pickle write at this protocol: the older
# PUT, BINPUT and LONG_BINPUT name a slot, and a slot number of two thousand million makes the
# unpickler allocate that many.
_MEMO = frozenset({"MEMOIZE", "BINGET", "LONG_BINGET"})
_FRAMING = frozenset({"PROTO", "FRAME", "STOP"})
_ALLOWED = _STRINGS | _BYTES | _NUMBERS | _CONTAINERS | _MEMO | _FRAMING

# What people pass instead of a model file, by its first bytes.
_OTHER_FILES = (
    (b"version https://git-lfs", "a Git LFS pointer; fetch the file itself with `git lfs pull`"),
    (b"PK\x03\x04", "a zip archive (an .npz or .skops file, perhaps)"),
    (b"\x93NUMPY", "a numpy .npy file"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"x\x01", "zlib-compressed"),
    (b"x\x5e", "zlib-compressed"),
    (b"x\x9c", "zlib-compressed"),
    (b"x\xda", "zlib-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ", "xz-compressed"),
    (b"]\x00\x00", "lzma-compressed"),
    (b"\x04\x22\x4d\x18", "lz4-compressed"),
)


class PlainPickleError(ValueError):
    """The bytes are no pickle of plain values; the message says what stands where."""


class _Refusing(pickle.Unpickler):
    """An unpickler that looks nothing up, should `scan` ever let a name through."""

    def find_class(self, module_name: str, global_name: str, /) -> NoReturn:
        raise PlainPickleError(f"it names {module_name}.{global_name}")

    def persistent_load(self, pid: Any) -> NoReturn:
        raise PlainPickleError(f"it refers to an object outside of the file: {type(pid).__name__}")


def loads_plain(data: bytes) -> object:
    r"""Read a pickle of strings, integers, floats, bytes, lists and dicts.

    Parameters
    ----------
    data : bytes
        A whole pickle of protocol 4, without anything after its end.

    Returns
    -------
    object
        What it holds. Lists and dicts are nested at will but never shared, so never circular.

    Raises
    ------
    PlainPickleError
        If it holds anything else or is damaged. Nothing in it has been executed then.

    Examples
    --------
    >>> import pickle
    >>> loads_plain(pickle.dumps({"format": 1, "weights": b"\x00\x01"}, protocol=4))
    {'format': 1, 'weights': b'\x00\x01'}
    >>> loads_plain(pickle.dumps(print, protocol=4))
    Traceback (most recent call last):
    ...
    hedgecheck.plain_pickle.PlainPickleError: the instruction STACK_GLOBAL at byte 30 ...
    """
    scan(data)
    try:
        return _Refusing(io.BytesIO(data)).load()
    except PlainPickleError:
        raise
    except Exception as error:
        # The instructions are all allowed but make no sense in this order. The unpickler has half
        # a dozen ways to say so (UnpicklingError, TypeError, AttributeError, EOFError, ...).
        raise PlainPickleError(f"it is damaged ({type(error).__name__}: {error})") from error


def scan(data: bytes) -> None:
    """Go over a pickle's instructions without running any, and refuse it at the first wrong one.

    Parameters
    ----------
    data : bytes
        The whole pickle.

    Raises
    ------
    PlainPickleError
        If there is an instruction that plain values do not need, a length beyond the end, a memo
        reference to anything but a string or a few bytes, an integer beyond 64 bits, more than
        `MAX_OPCODES` instructions, or anything after the end.

    Examples
    --------
    >>> import pickle
    >>> scan(pickle.dumps(["plain", 1, 2.5], protocol=4))
    """
    if data[:2] != bytes((0x80, PROTOCOL)):
        raise PlainPickleError(_what_it_is(data))
    shareable: list[bool] = []  # for every memo slot: may it be referred to?
    latest_is_shareable = False  # the value that a MEMOIZE would put into the next slot
    at = 0
    for count, (at, name, argument) in enumerate(_instructions(data)):
        if count >= MAX_OPCODES:
            raise PlainPickleError(
                f"more than {MAX_OPCODES} instructions (at byte {at}); numbers and vocabularies "
                "belong into arrays and joined bytes"
            )
        if name == "MEMOIZE":
            shareable.append(latest_is_shareable)
        elif name in _STRINGS or name in _BYTES:
            latest_is_shareable = len(argument) <= MAX_SHARED
        elif name != "FRAME":  # a frame may begin between a long value and its MEMOIZE
            latest_is_shareable = False
        wrong = _fault(name, argument, at, len(data), shareable)
        if wrong:
            raise PlainPickleError(wrong)
    if at != len(data) - 1:
        raise PlainPickleError(
            f"the pickle ends at byte {at}, and {len(data) - 1 - at} further bytes follow"
        )


def _instructions(data: bytes) -> Iterator[tuple[int, str, Any]]:
    """Give the position, name and argument of every instruction up to the STOP."""
    instructions = pickletools.genops(data)
    at = 0
    while True:
        try:
            opcode, argument, position = next(instructions)
        except StopIteration:
            return
        except Exception as error:
            # genops says "exhausted", "expected n bytes" or "opcode unknown", by ValueError mostly.
            raise PlainPickleError(
                f"it is cut off or damaged after byte {at} ({type(error).__name__}: {error})"
            ) from error
        at = position or 0
        yield at, opcode.name, argument


def _fault(name: str, argument: Any, at: int, size: int, shareable: list[bool]) -> str | None:
    """Say what is wrong with an instruction, if anything is."""
    if name not in _ALLOWED:
        return (
            f"the instruction {name} at byte {at} has no place in a file of plain values; it may "
            "be there to run code"
        )
    if name in {"BINGET", "LONG_BINGET"} and not (
        argument < len(shareable) and shareable[argument]
    ):
        return (
            f"the instruction {name} at byte {at} refers to a value that may not be referred to; "
            "only short strings and bytes may"
        )
    if name == "FRAME" and argument > size - at - 9:  # 1 byte of opcode, 8 of length
        return f"the frame at byte {at} claims {argument} bytes, which is past the end"
    if name == "PROTO" and at != 0:
        return f"a second protocol mark stands at byte {at}"
    if name == "LONG1" and not -(2**63) <= argument < 2**63:
        return f"the integer at byte {at} does not fit into 64 bits"
    return None


def _what_it_is(data: bytes) -> str:
    if not data:
        return "it is empty"
    for magic, description in _OTHER_FILES:
        if data.startswith(magic):
            return f"it is {description}, not an uncompressed pickle of protocol {PROTOCOL}"
    if data[0] == 0x80 and len(data) > 1:
        return f"it is a pickle of protocol {data[1]}, not {PROTOCOL}"
    return f"it does not start as a pickle of protocol {PROTOCOL} does (byte 0 is {data[0]:#04x})"
