"""How docstrings reach the reference of the documentation site; mkdocs.yml names this file.

Numpydoc has a section for examples, but a short docstring may end in an example without that
heading. Markdown would take its ``>>>`` for a quotation: here it gets a fence.
"""

from __future__ import annotations

import re
from typing import Final

from griffe import Extension, Object

_HEADING: Final = re.compile(r"^[A-Z][A-Za-z ]+\n-{3,}$", re.MULTILINE)
_EXAMPLE: Final = re.compile(r"(?:^>>> .*\n?(?:^(?!>>> ).+\n?)*)+", re.MULTILINE)


class FencedExamples(Extension):  # type: ignore[misc]  # griffe may not be there
    """Puts fences around examples that stand in no section."""

    def on_object(self, *, obj: Object, **_: object) -> None:
        """Change the docstring of an object that has been read."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(docstring: str) -> str:
    r"""Return a docstring with fences around the examples before its first section.

    >>> print(fenced("Add one.\n\n>>> add(1)\n2"))
    Add one.
    <BLANKLINE>
    ```pycon
    >>> add(1)
    2
    ```
    """
    heading = _HEADING.search(docstring)
    end = heading.start() if heading else len(docstring)
    prose = _EXAMPLE.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```\n", docstring[:end])
    return prose + docstring[end:] if heading else prose.rstrip("\n")
