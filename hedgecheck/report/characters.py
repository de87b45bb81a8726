"""Characters that a reader would not see, or that would change what is seen, made visible.

A text may hold marks that reverse what follows, bytes of a control code, or half of a surrogate
pair. A report shows each by its name in brackets and never passes it on.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from markupsafe import Markup, escape

# Unicode's bidirectional controls (UAX #9, table 1), by the short names used there.
_BIDI: Final = {
    "\u061c": "ALM",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
}
# Control codes other than tab and line ends, the bidirectional controls, lone surrogates, and the
# code points that are no characters (HTML allows none of them).
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    f"{''.join(_BIDI)}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def plain(text: str) -> str:
    r"""Return a text with unseen characters named in brackets.

    >>> plain("safe\u202etxt.exe"), plain("half \ud800 a pair")
    ('safe[RLO]txt.exe', 'half [U+D800] a pair')
    """
    return _UNSEEN.sub(lambda found: f"[{_name(found[0])}]", text)


def shown(text: str) -> Markup:
    r"""Return a text as HTML: escaped, unseen characters named and marked as such.

    >>> print(shown("a < b"))
    a &lt; b
    >>> print(shown("safe\u202etxt"))
    safe<span class="unseen" title="right-to-left override, U+202E">[RLO]</span>txt
    """
    if not _UNSEEN.search(text):
        return escape(text)
    parts: list[Markup] = []
    at = 0
    for found in _UNSEEN.finditer(text):
        name = _name(found[0])
        title = f"{_description(found[0])}, U+{ord(found[0]):04X}"
        mark = Markup('<span class="unseen" title="{}">[{}]</span>').format(title, name)
        parts += [escape(text[at : found.start()]), mark]
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])


def _name(char: str) -> str:
    return _BIDI.get(char, f"U+{ord(char):04X}")


def _description(char: str) -> str:
    if char in _BIDI:
        return unicodedata.name(char).lower()
    return "half of a surrogate pair" if "\ud800" <= char <= "\udfff" else "control code"
