"""One plot as plain SVG text: horizontal bars on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Final

_LEFT: Final = 210
_WIDTH: Final = 420
_ROW: Final = 26
_TOP: Final = 56
_OWN: Final = "#0b5fa5"
_OTHER: Final = "#8a8f98"


def bars(rows: Sequence[tuple[str, float, bool]], title: str) -> str:
    """Return an SVG with a bar a row: name, value (above 0), and whether it is one of ours.

    Every bar has its value beside it, so that nothing is told by colour or length alone.
    """
    low = math.floor(min(0.0, *(math.log10(value) for _, value, _ in rows)))
    high = math.ceil(max(1.0, *(math.log10(value) for _, value, _ in rows)))
    scale = _WIDTH / (high - low)
    bottom = _TOP + _ROW * len(rows)
    text = "".join(f"{name}: {value:.3g}. " for name, value, _ in rows)
    size = (
        f'xmlns="http://www.w3.org/2000/svg" width="{_LEFT + _WIDTH + 80}" height="{bottom + 40}"'
    )
    parts = [
        f'<svg {size} font-family="sans-serif" font-size="13" role="img">',
        f"<title>{escape(title)}</title><desc>{escape(text.strip())}</desc>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="16" y="28" font-weight="bold" fill="#1a1a1a">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        x = _LEFT + (power - low) * scale
        parts.append(
            f'<path d="M{x:.1f} {_TOP - 8}V{bottom}" stroke="#d5d8dc"/>'
            f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle" fill="#1a1a1a">'
            f"{10.0**power:g}</text>"
        )
    for number, (name, value, own) in enumerate(rows):
        y = _TOP + _ROW * number
        length = max((math.log10(value) - low) * scale, 1.0)
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y + 14}" text-anchor="end" fill="#1a1a1a">{escape(name)}'
            f'</text><rect x="{_LEFT}" y="{y}" width="{length:.1f}" height="18" '
            f'fill="{_OWN if own else _OTHER}"/>'
            f'<text x="{_LEFT + length + 6:.1f}" y="{y + 14}" fill="#1a1a1a">{value:.3g}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"
