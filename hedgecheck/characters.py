"""Characters as codes of one byte, so that array code can look at a text.

ASCII keeps its codes, the other characters of code page 1252 (typographic quotation marks, dashes,
Western letters) have those that they have there, and all the rest share four: a letter or digit, a
mark, white space, and a line end. So a word in which no shared code stands is known by its codes
alone.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint8]

#: Codes that many characters share; code page 1252 leaves the first two free.
OTHER_WORD: Final = 0x81
OTHER_MARK: Final = 0x8D
OTHER_SPACE: Final = 0xA0
LINE_END: Final = 0x0A

#: What `str.splitlines` takes for the end of a line, beyond ASCII.
_LINE_ENDS: Final = "\x85\u2028\u2029"

#: What a code is to the tokeniser.
IS_SPACE, IS_WORD, IS_MARK = range(3)

_BMP: Final = 0x10000
_WORD: Final = re.compile(r"\w")
_SPACE: Final = re.compile(r"\s")


def codes_of(text: str) -> Codes:
    r"""Codes of the characters of a text, one each.

    >>> bytes(codes_of("a\u2019b")), bytes(codes_of("\u0142 \u2603"))
    (b'a\x92b', b'\x81 \x8d')
    """
    if text.isascii() and "\x00" not in text:
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    units: npt.NDArray[np.uint16 | np.uint32] = np.frombuffer(
        text.encode("utf-16-le", "surrogatepass"), dtype="<u2"
    )
    if len(units) != len(text):  # characters beyond the basic plane take two
        units = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes = units.astype(np.uint8)
    rare = np.flatnonzero((units > 127) | (units == 0))
    codes[rare] = _basic_codes().take(np.minimum(units[rare], _BMP - 1))
    far = rare[units[rare] >= _BMP]
    if len(far):
        points, places = np.unique(units[far], return_inverse=True)
        codes[far] = np.array([_shared(chr(p)) for p in points.tolist()], np.uint8)[places]
    return codes


def kinds_of(codes: Codes) -> npt.NDArray[np.uint8]:
    """What each code is: `IS_SPACE`, `IS_WORD` or `IS_MARK`."""
    return np.frombuffer(codes.tobytes().translate(_kinds()), dtype=np.uint8)


def _shared(character: str) -> int:
    if _WORD.match(character):
        return OTHER_WORD
    return OTHER_SPACE if _SPACE.match(character) else OTHER_MARK


@cache
def _kinds() -> bytes:
    """The kind of every code."""
    own = bytes(range(256)).decode("cp1252", "replace")
    kinds = {OTHER_WORD: IS_WORD, OTHER_SPACE: IS_SPACE, OTHER_MARK: IS_MARK}
    kind_of_code = [kinds[_shared(character)] for character in own]
    kind_of_code[OTHER_WORD] = IS_WORD
    return bytes(kind_of_code)


@cache
def _basic_codes() -> Codes:
    """The code of every character of the basic plane."""
    everything = "".join(map(chr, range(_BMP)))
    codes = np.full(_BMP, OTHER_MARK, dtype=np.uint8)
    for pattern, code in ((r"\w+", OTHER_WORD), (r"\s+", OTHER_SPACE)):
        for found in re.finditer(pattern, everything):
            codes[found.start() : found.end()] = code
    for code in range(1, 256):  # 0 stays shared: packed words are filled up with it
        own = bytes([code]).decode("cp1252", "ignore")
        if own:
            codes[ord(own)] = code
    for character in _LINE_ENDS:
        codes[ord(character)] = LINE_END
    return codes
