"""The reference pass alone: what peers that are no Python are compared with."""

from __future__ import annotations

from collections.abc import Sequence

from exchange import run_peer


def _nothing(_texts: Sequence[str], _labels: Sequence[int]) -> type[list[str]]:
    return list


if __name__ == "__main__":
    run_peer((), _nothing)
