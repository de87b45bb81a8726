"""The routes of the service."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from hedgecheck import __version__
from hedgecheck.model import Model
from hedgecheck.report.article import article_assets
from hedgecheck.report.rendering import Assets
from hedgecheck.serving.bodies import read_asked
from hedgecheck.serving.guard import Guard
from hedgecheck.serving.openapi import describe
from hedgecheck.serving.page import page_assets, page_html
from hedgecheck.serving.problems import Problem, json_response, problem_response, to_json
from hedgecheck.serving.settings import Settings
from hedgecheck.serving.worker import Worker


def create_app(model: Model, settings: Settings | None = None) -> Starlette:
    """Return the service as an ASGI application.

    Parameters
    ----------
    model : Model
        What texts are scored with.
    settings : Settings, optional
        Limits, and the names that it answers to.

    Examples
    --------
    >>> import hedgecheck
    >>> app = create_app(hedgecheck.load())
    >>> sorted(route.path for route in app.routes)
    ['/', '/health', '/openapi.json', '/report', '/score']
    """
    settings = settings or Settings()
    worker = Worker(model, settings)
    page = page_html(settings)
    description = to_json(describe(settings))

    async def show_page(_: Request) -> Response:
        return _page_response(page, page_assets())

    async def score(request: Request) -> Response:
        body = await worker.scores(await read_asked(request, settings))
        return Response(body, media_type="application/json")

    async def report(request: Request) -> Response:
        html = await worker.report(await read_asked(request, settings))
        return _page_response(html, article_assets())

    async def openapi(_: Request) -> Response:
        return Response(description, media_type="application/json")

    async def health(_: Request) -> Response:
        names = {"name": model.name, "version": model.version}
        return json_response({"status": "ok", "version": __version__, "model": names})

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        worker.close()

    return Starlette(
        routes=[
            Route("/", show_page),
            Route("/score", score, methods=["POST"]),
            Route("/report", report, methods=["POST"]),
            Route("/openapi.json", openapi),
            Route("/health", health),
        ],
        middleware=[Middleware(Guard, allowed_hosts=settings.allowed_hosts)],
        exception_handlers={
            Problem: _tell_problem,
            HTTPException: _tell_http_exception,
            Exception: _tell_failure,
        },
        lifespan=lifespan,
    )


def _page_response(html: str, assets: Assets) -> Response:
    # A page cannot forbid in itself that others frame it: that counts in the header alone.
    policy = assets.policy + "; frame-ancestors 'none'"
    return HTMLResponse(html, headers={"content-security-policy": policy})


async def _tell_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 -- the table above says so
    headers = {"retry-after": "5"} if error.status == 503 else {}
    if error.status in (408, 413, 415):
        headers["connection"] = "close"  # the rest of the body is not read
    return problem_response(error, headers)


async def _tell_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 -- the table above says so
    if error.status_code == 405:
        path = request.url.path
        message = f"{path} does not take {request.method}; see {_description_path(request)}"
        return problem_response(Problem(405, "wrong_method", message), dict(error.headers or {}))
    if error.status_code == 404:
        message = f"there is nothing here; the API is described at {_description_path(request)}"
        return problem_response(Problem(404, "not_found", message))
    return problem_response(Problem(error.status_code, "http_error", str(error.detail)))


def _description_path(request: Request) -> str:
    # The path of an application that mounts us, or of a server in front if it tells.
    return f"{request.scope.get('root_path', '').rstrip('/')}/openapi.json"


async def _tell_failure(_: Request, error: Exception) -> Response:  # noqa: ARG001
    # What went wrong may quote the text: it goes to nobody.
    return problem_response(Problem(500, "failed", "the text could not be scored: this is a bug"))
