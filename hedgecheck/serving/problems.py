"""Everything that a request can be refused for, and how that is told."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response


class Problem(Exception):  # noqa: N818 -- it is told to the client; nothing went wrong here
    """A request that cannot be answered.

    Attributes
    ----------
    status : int
        The HTTP status.
    code : str
        A name for programs, such as ``too_large``.
    message : str
        What was wrong and what to do about it.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def problem_response(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    """Return the answer that tells a problem."""
    body = {"error": {"code": problem.code, "message": problem.message}}
    return json_response(body, status=problem.status, headers=headers)


def json_response(
    body: Any, *, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """Return a JSON answer; what UTF-8 cannot write (a lone surrogate) is escaped."""
    return Response(to_json(body), status, headers, media_type="application/json")


def to_json(body: Any) -> bytes:
    r"""Return JSON as bytes.

    >>> to_json({"text": "caf\u00e9"}), to_json("\ud800")
    (b'{"text":"caf\xc3\xa9"}', b'"\\ud800"')
    """
    text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(body, allow_nan=False, separators=(",", ":")).encode("ascii")
