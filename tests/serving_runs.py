"""What the tests of the service share: a request to the application, and a server of its own."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from cli_runs import environment
from starlette.types import ASGIApp, Receive, Scope, Send

JSON = {"content-type": "application/json"}


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Return the code of the problem that the answer tells."""
        error = self.json["error"]
        assert set(error) == {"code", "message"}
        return str(error["code"])


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    body: bytes | list[bytes] = b"",
    headers: dict[str, str] | None = None,
    *,
    root_path: str = "",
) -> Answer:
    """Ask the application itself, without a server; the body may come in parts.

    `root_path` is what a server says of the path under which it has the application.
    """
    parts = [body] if isinstance(body, bytes) else body
    coming = [
        {"type": "http.request", "body": part, "more_body": i + 1 < len(parts)}
        for i, part in enumerate(parts)
    ]
    sent: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0) if coming else await asyncio.sleep(60)

    async def send(message: Any) -> None:
        sent.append(message)

    given = {"host": "127.0.0.1:80", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": root_path,
        "scheme": "http",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return Answer(
        status=sent[0]["status"],
        headers={name.decode(): value.decode() for name, value in sent[0]["headers"]},
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


def cut_path(app: ASGIApp, prefix: str) -> ASGIApp:
    """Stand in for a web server in front that cuts a prefix off and does not tell."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = scope["path"].removeprefix(prefix) or "/"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await app(scope, receive, send)

    return front


@contextmanager
def served(*arguments: str) -> Iterator[tuple[str, int, subprocess.Popen[bytes]]]:
    """Run ``hedgecheck serve`` on a free port; give its host, port and process."""
    command = [sys.executable, "-m", "hedgecheck", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stderr is not None
        line = process.stderr.readline().decode()
        found = re.search(r"http://(\S+):(\d+)/", line)
        if found is None:
            process.kill()
            raise AssertionError(line + process.stderr.read().decode())
        try:
            yield found[1], int(found[2]), process
        finally:
            process.terminate()
            process.wait(20)


def fetch(
    port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> Answer:
    """Ask a server over the wire."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body or None, headers or {})
        answer = connection.getresponse()
        return Answer(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read(),
        )
    finally:
        connection.close()
