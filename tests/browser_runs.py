"""What the tests in a real browser share: screens, a page that is watched, and what axe finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

WIDTHS = (360, 768, 1440)
TELEPHONE = {"width": 360, "height": 740}
DESK = {"width": 1440, "height": 900}
THEMES = ("light", "dark")


@contextmanager
def opened(browser: Any, address: str, **settings: Any) -> Iterator[Any]:
    """Open a page; afterwards it must have fetched nothing else and complained of nothing.

    `settings` are those of a browser context. ``allowed`` are the starts of the addresses that may
    be fetched, ``expected`` is part of a complaint that belongs to the test.
    """
    allowed = settings.pop("allowed", address)
    expected = settings.pop("expected", None)
    context = browser.new_context(**settings)
    try:
        page = context.new_page()
        trouble: list[str] = []
        page.on("console", lambda it: trouble.append(f"{it.type}: {it.text}"))
        page.on("pageerror", lambda it: trouble.append(str(it)))
        page.on("dialog", lambda it: trouble.append(f"dialog: {it.message}"))
        page.on("request", lambda it: trouble.extend([it.url][it.url.startswith(allowed) :]))
        page.goto(address)
        yield page
        assert [it for it in trouble if expected is None or expected not in it] == []
    finally:
        context.close()


def findings(page: Any, axe: str) -> list[str]:
    """Return what axe-core finds that is serious or critical, a line each."""
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:120]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
