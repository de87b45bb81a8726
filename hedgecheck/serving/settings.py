"""How the service is set up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: The longest title of a report, in characters.
LONGEST_TITLE: Final = 300


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits and names of the service.

    Attributes
    ----------
    max_bytes : int
        Largest body of a request.
    time_limit : float
        Seconds that sending a text may take, and that waiting for its scores may take.
    allowed_hosts : frozenset of str
        Names that the service answers to besides ``localhost`` and plain addresses.
    most_waiting : int
        Requests that may wait for their turn; more are sent away at once.
    """

    max_bytes: int = 1_000_000
    time_limit: float = 10.0
    allowed_hosts: frozenset[str] = frozenset()
    most_waiting: int = 16
