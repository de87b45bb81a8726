"""proselint: timed with all its default checks; hedged is what "hedging" or "weasel words" mark."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from exchange import Reader, run_peer


def _lint(sentences: Sequence[str], config: Any) -> list[Any]:
    lint_file = import_module("proselint.tools").LintFile
    return [lint_file("sentence", sentence).lint(config) for sentence in sentences]


def _prepare(_texts: Sequence[str], _labels: Sequence[int]) -> Reader:
    checks = import_module("proselint.checks").__register__
    import_module("proselint.registry").CheckRegistry().register_many(checks)
    default = import_module("proselint.config").DEFAULT
    return lambda sentences: _lint(sentences, default)


def _detect(given: dict[str, Any]) -> list[int]:
    config = {"max_errors": 10, "checks": {"hedging": True, "weasel_words": True}}
    return [int(bool(found)) for found in _lint(given["texts"], config)]


if __name__ == "__main__":
    run_peer(("proselint",), _prepare, _detect)
