"""From plain data to one HTML file: the template engine, and the security policy of the page."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from hedgecheck.report.characters import plain, shown
from hedgecheck.report.words import ATTRIBUTION, LEVELS, SOURCING, capital, counted, percent
from hedgecheck.time_limit import checked

TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Assets:
    """What stands inside of a page besides its text.

    Attributes
    ----------
    style, script : str
        The style sheet and the script.
    policy : str
        The content security policy: this style and this script, and nothing from anywhere.
    """

    style: str
    script: str
    policy: str


def render(template: str, assets: Assets, folder: Path = TEMPLATES, **values: Any) -> str:
    """Return a page as HTML that UTF-8 can write, whatever the text holds.

    Parameters
    ----------
    template : str
        Name of a file in `folder`.
    assets : Assets
        Style, script and policy of the page.
    folder : Path
        Where the template lies; those that it builds on may lie in `TEMPLATES`.
    **values
        What the template prints besides these and the version; every text is escaped.
    """
    from hedgecheck import __version__  # it imports the modules that this one is about

    of_every_page = {
        # Both are files of this package, and `read_assets` has looked for what would end them.
        "style": Markup(assets.style),  # noqa: S704
        "script": Markup(assets.script),  # noqa: S704
        "policy": assets.policy,
        "version": __version__,
    }
    pieces = _environment(folder).get_template(template).generate(**of_every_page, **values)
    return "".join(checked(pieces))


@cache
def read_assets(*paths: Path, more: str = "") -> Assets:
    """Return the assets made of some files, ``.css`` and ``.js``; read once a process.

    Parameters
    ----------
    *paths : Path
        The files, in order.
    more : str, optional
        Further directives of the policy.

    Raises
    ------
    ValueError
        If a file holds what would end its element in the page.
    """
    style, script = (
        "\n".join(path.read_text(encoding="utf-8") for path in paths if path.suffix == suffix)
        for suffix in (".css", ".js")
    )
    for text, ends in ((style, "</style"), (script, "</script"), (script, "<!--")):
        if ends in text.lower():
            raise ValueError(f"{ends} in one of {paths}: it would end the element there")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        f"img-src data:; base-uri 'none'; form-action 'none'{more}"
    )
    return Assets(style, script, policy)


def _hash(text: str) -> str:
    """Return the source expression of an inline element (Content Security Policy 3, 2.3.1)."""
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters |= {
        "shown": shown,
        "plain": plain,
        "percent": percent,
        "capital": capital,
    }
    environment.globals |= {
        "counted": counted,
        "LEVELS": LEVELS,
        "SOURCING": SOURCING,
        "ATTRIBUTION": ATTRIBUTION,
    }
    return environment
