"""The service under a path: mounted in another application, or behind a server with a prefix."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import pytest
import uvicorn
from browser_runs import opened
from fake_model import FakeModel
from serving_runs import JSON, Answer, ask, cut_path
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from hedgecheck.serving import create_app

pytest_plugins = ["browser_fixtures"]

BODY = json.dumps({"text": "The pier may be sold, two senior officials said."}).encode()
PREFIX = "/desk/hedgecheck"


def service() -> Starlette:
    model: Any = FakeModel()
    return create_app(model)


def mounted() -> Starlette:
    return Starlette(routes=[Mount(PREFIX, service())])


def told() -> ASGIApp:
    """Return the service as a server has it that was told of the prefix: the path keeps it."""
    return service()


APPS: dict[str, tuple[Callable[[], ASGIApp], str, str]] = {
    "at the root": (service, "", ""),
    "mounted": (mounted, PREFIX, ""),
    "root path": (told, PREFIX, PREFIX),
    "cut off": (lambda: cut_path(service(), PREFIX), PREFIX, ""),
}


@pytest.mark.parametrize("name", APPS)
def test_the_api_answers_and_its_description_leads_to_it(name: str) -> None:
    make, prefix, root_path = APPS[name]
    app = make()

    def got(method: str, path: str, body: bytes = b"") -> Answer:
        return asyncio.run(ask(app, method, path, body, JSON, root_path=root_path))

    at = f"http://127.0.0.1{prefix}/openapi.json"
    description = got("GET", f"{prefix}/openapi.json").json
    server = urljoin(at, description["servers"][0]["url"])
    assert server == f"http://127.0.0.1{prefix}/"
    for path in ("/score", "/report"):
        where = (server.rstrip("/") + path).removeprefix("http://127.0.0.1")
        assert got("POST", where, BODY).status == 200
    assert got("GET", f"{prefix}/health").json["status"] == "ok"


@pytest.mark.parametrize("name", ["at the root", "mounted", "root path"])
def test_errors_name_the_description_by_its_path(name: str) -> None:
    make, prefix, root_path = APPS[name]
    app = make()
    for path in ("/nothing", "/score"):  # not there, and of another method
        answer = asyncio.run(ask(app, "GET", prefix + path, root_path=root_path))
        assert answer.status in (404, 405)
        assert f" {prefix}/openapi.json" in answer.json["error"]["message"]


def test_the_page_asks_for_nothing_at_the_root() -> None:
    page = asyncio.run(ask(service(), "GET", "/")).body.decode()
    script = page[page.rindex("<script") :]
    assert "fetch(" in script
    for start in ("href=", "src=", "fetch("):
        assert f'{start}"/' not in page


@contextmanager
def running(app: ASGIApp, root_path: str) -> Iterator[str]:
    """Run a server in a thread; give its address without the last slash."""
    config = uvicorn.Config(
        app, port=0, log_level="error", ws="none", lifespan="off", root_path=root_path
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


# A server that cuts the prefix off may know the page without the last slash too.
@pytest.mark.parametrize(
    ("name", "end"), [("mounted", "/"), ("mounted", ""), ("cut off", "/"), ("cut off", "")]
)
def test_the_page_works_under_a_path(browser: Any, name: str, end: str) -> None:
    make, prefix, root_path = APPS[name]
    with running(make(), root_path) as address, opened(browser, address + prefix + end) as page:
        page.fill("#try-text", "The pier may be sold, two senior officials said.")
        page.wait_for_selector("#s1")
        with page.expect_response("**/openapi.json") as answer:
            page.click("#try-api")
        assert answer.value.url == f"{address}{prefix}/openapi.json"
        assert answer.value.ok
