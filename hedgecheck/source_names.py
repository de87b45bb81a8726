"""From source phrases to names: "Ines Roth, who chairs the board" and "Roth" are one source."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDS_FILE: Final = Path(__file__).parent / "_data" / "lexicons" / "source_names.txt"
_EDGES: Final = " \t\r\n,.;:\"'()[]“”‘’«»"


def source_name(phrase: str) -> str | None:
    """Return the name that a source phrase gives, or None for a bare pronoun.

    A phrase without any name in it ("the ministry") stands for itself, less its article. What
    comes after a comma is description, and so is what comes before a name ("board chair").

    Examples
    --------
    >>> source_name("Ines Roth, who chairs the board")
    'Ines Roth'
    >>> source_name("a spokeswoman for the Kolmar Water Board")
    'Kolmar Water Board'
    >>> source_name("the ministry"), source_name("She")
    ('ministry', None)
    """
    classes = _word_classes()
    head = phrase.strip(_EDGES).split(",", 1)[0]
    words = head.split()
    while words and words[0].lower() in classes["determiner"] | classes["address"]:
        words = words[1:]
    if not words or (len(words) == 1 and words[0].lower() in classes["pronoun"]):
        return None
    if len(words) > 1 and words[-1].lower() in classes["spokesperson"] and _is_name(words[-2]):
        words = words[:-1]
        words[-1] = words[-1].removesuffix("'s").removesuffix("’s")
    # From the first name on, unless a preposition ties it to what stands before: "police in Varn".
    for place in range(1, len(words)):
        if _is_name(words[0]):
            break
        if _is_name(words[place]):
            before = [word.lower() for word in words[:place]]
            content = [word for word in before if word not in classes["determiner"]]
            if content and content[-1] not in classes["preposition"]:
                words = words[place:]
            break
    while len(words) > 1 and words[0].lower() in classes["address"]:
        words = words[1:]
    return " ".join(words).strip(_EDGES) or None


def group_names(names: Iterable[str]) -> dict[str, str]:
    """Map every name to the fullest name in the list that it is short for.

    A name is short for another that ends in it ("Roth" for "Ines Roth"), if only one does: of
    "Ines Roth" and "Karl Roth" a bare "Roth" could be either, and stays itself. Upper and lower
    case are the same, except that the form met first is the one given back.

    Examples
    --------
    >>> group_names(["Ines Roth", "Roth"])
    {'Ines Roth': 'Ines Roth', 'Roth': 'Ines Roth'}
    >>> group_names(["Ines Roth", "Karl Roth", "Roth"])["Roth"]
    'Roth'
    """
    names = list(names)
    first_form: dict[tuple[str, ...], str] = {}
    for name in names:
        first_form.setdefault(_key(name), name)
    # Every ending of every name, with the names that end so: linear in the words of all names.
    longer: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for key in first_form:
        for start in range(1, len(key)):
            longer.setdefault(key[start:], set()).add(key)
    fullest: dict[tuple[str, ...], tuple[str, ...]] = {}
    for key in sorted(first_form, key=len, reverse=True):
        candidates = {fullest.get(longer_key, longer_key) for longer_key in longer.get(key, ())}
        fullest[key] = candidates.pop() if len(candidates) == 1 else key
    return {name: first_form[fullest[_key(name)]] for name in names}


def _key(name: str) -> tuple[str, ...]:
    return tuple(word.strip(_EDGES) for word in name.lower().split())


def _is_name(word: str) -> bool:
    return word.lstrip(_EDGES)[:1].isupper()


@cache
def _word_classes() -> dict[str, frozenset[str]]:
    """Read the word classes; the file is ours and small, so that it is read once a process."""
    classes: dict[str, list[str]] = {}
    name = ""
    for line in _WORDS_FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            classes[name] = []
        elif line and not line.startswith("#"):
            classes[name].extend(line.split())
    return {name: frozenset(words) for name, words in classes.items()}
