"""Who may ask: the names that the service answers to, and no other site's pages.

A page on the web can make a browser send requests to this machine. Two rules keep it out. The
``Host`` header has to be an address, ``localhost`` or a name that was allowed: a name that was made
to point here ("DNS rebinding") is none of these. And what changes or costs something must not come
from another site's page.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hedgecheck.serving.problems import Problem, problem_response

_HEADERS: Final = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


class Guard:
    """An ASGI layer that refuses strangers and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: frozenset[str]) -> None:
        self._app = app
        self._allowed = frozenset(name.lower().rstrip(".") for name in allowed_hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        problem = self._problem(scope["method"], Headers(scope=scope))
        answer = self._app if problem is None else problem_response(problem)
        await answer(scope, receive, send_guarded)

    def _problem(self, method: str, headers: Headers) -> Problem | None:
        host = headers.get("host", "")
        if not is_known_host(host, self._allowed):
            return Problem(
                421,
                "unknown_host",
                f"this service does not answer to the name {host[:100]!r}; ask for it by its "
                "address, or start it with --allow-host NAME",
            )
        if method not in ("GET", "HEAD") and _is_from_another_site(headers, host):
            return Problem(
                403,
                "other_site",
                "a page of another site may not send texts here; send them from a program, or "
                "from the page of this service",
            )
        return None


def is_known_host(host: str, allowed: frozenset[str]) -> bool:
    """Return whether a ``Host`` header is an address, ``localhost`` or an allowed name.

    >>> is_known_host("127.0.0.1:8765", frozenset()), is_known_host("[::1]:80", frozenset())
    (True, True)
    >>> is_known_host("evil.example", frozenset())
    False
    >>> is_known_host("desk.example:8765", frozenset({"desk.example"}))
    True
    """
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    if not name or "@" in host or "/" in host:
        return False
    name = name.rstrip(".")
    if name == "localhost" or name in allowed:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_from_another_site(headers: Headers, host: str) -> bool:
    # Browsers send Sec-Fetch-Site (W3C Fetch Metadata) to addresses that they trust, and Origin to
    # all; programs mostly send neither. No page can set the first, and it is right where a server
    # in front asks us by another name than that in the browser, or leaves out the port.
    site = headers.get("sec-fetch-site", "none")
    if site != "none":
        return site != "same-origin"
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != host
