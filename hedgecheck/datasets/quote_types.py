"""Whether a reported content is quoted, in part or whole: read off the quotation marks of a text.

PolNeAR does not annotate this. The rule looks at the letters and digits of the content: none in
quotation marks is ``indirect``, at least 95 of 100 ``direct``, anything between ``mixed``. The
share of .95 gives all 2,192 types of the development side that its JSON Lines form has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["quote_type", "quoted_characters"]

_OPENING: Final = frozenset('“„«"')
_ENDING: Final = frozenset('”»"\n')
_DIRECT: Final = 0.95


def quoted_characters(text: str) -> bytes:
    """Return a byte for each character of a text: 1 in double quotation marks, 0 outside.

    A quotation ends with its paragraph at the latest: a quotation of several paragraphs opens anew
    in each of them.

    >>> list(quoted_characters('a “b” c'))
    [0, 0, 1, 1, 1, 0, 0]
    """
    inside = bytearray(len(text))
    start = -1
    for at, mark in enumerate(text):
        if start < 0:
            if mark in _OPENING:
                start = at
        elif mark in _ENDING:
            inside[start : at + 1] = b"\1" * (at + 1 - start)
            start = -1
    if start >= 0:
        inside[start:] = b"\1" * (len(text) - start)
    return bytes(inside)


def quote_type(text: str, quoted: bytes, spans: Iterable[tuple[int, int]]) -> str:
    """Return ``direct``, ``mixed`` or ``indirect`` for a content.

    Parameters
    ----------
    text : str
        The text that holds the content.
    quoted : bytes
        What `quoted_characters` gives for it.
    spans : iterable of (int, int)
        The pieces of the content, as offsets into the text.

    Examples
    --------
    >>> text = 'She called it “a farce”.'
    >>> quote_type(text, quoted_characters(text), [(11, 24)])
    'mixed'
    """
    read = [quoted[at] for start, end in spans for at in range(start, end) if text[at].isalnum()]
    share = sum(read) / len(read) if read else 0.0
    if share >= _DIRECT:
        return "direct"
    return "mixed" if share > 0 else "indirect"
