"""What was sent: the body of a request within its limits, as a text to score."""

from __future__ import annotations

import asyncio
import codecs
import json
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from hedgecheck.serving.problems import Problem
from hedgecheck.serving.settings import LONGEST_TITLE, Settings


@dataclass(frozen=True, slots=True)
class Asked:
    """A text to score.

    Attributes
    ----------
    text : str
        The text of one article.
    title : str or None
        What its report is to be called.
    """

    text: str
    title: str | None = None


async def read_asked(request: Request, settings: Settings) -> Asked:
    """Return the text that a request sends, as JSON or as plain text.

    Raises
    ------
    Problem
        If it is too large or too slow, of another type, or not what its type says.
    """
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    kind = kind.strip()
    if kind not in ("application/json", "text/plain"):
        raise Problem(
            415,
            "wrong_type",
            'send {"text": "..."} as application/json, or the text itself as text/plain',
        )
    body = await _read_body(request, settings)
    if kind == "application/json":
        return _from_json(body)
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "') or "utf-8"
    return Asked(_decode(body, charset))


async def _read_body(request: Request, settings: Settings) -> bytes:
    too_large = Problem(
        413,
        "too_large",
        f"the text is larger than {settings.max_bytes:,} bytes; send a single article, or start "
        "the service with a higher --max-kb",
    )
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > settings.max_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(settings.time_limit):
            async for part in request.stream():
                body += part
                if len(body) > settings.max_bytes:
                    raise too_large
    except TimeoutError:
        raise Problem(
            408, "too_slow", f"the text did not arrive within {settings.time_limit:g} s"
        ) from None
    except ClientDisconnect:
        raise Problem(400, "gone", "the connection was closed before the text arrived") from None
    return bytes(body)


def _from_json(body: bytes) -> Asked:
    try:
        found = json.loads(body)
    # Besides its own error: bytes that are no text, numbers too long to convert, lists too deep.
    except (ValueError, RecursionError) as error:
        place = f" at byte {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise Problem(400, "bad_json", f"the body is not valid JSON{place}") from None
    if not isinstance(found, dict):
        raise Problem(422, "wrong_fields", 'the body has to be an object: {"text": "..."}')
    unknown = sorted(found.keys() - {"text", "title"})
    if unknown:
        name = str(unknown[0])[:40]
        raise Problem(
            422, "wrong_fields", f"there is no field {name!r}; the fields are text and title"
        )
    text, title = found.get("text"), found.get("title")
    if not isinstance(text, str):
        raise Problem(422, "wrong_fields", "text has to be a string: the text of one article")
    if title is not None and (not isinstance(title, str) or len(title) > LONGEST_TITLE):
        raise Problem(
            422,
            "wrong_fields",
            f"title has to be a string of at most {LONGEST_TITLE} characters",
        )
    return Asked(text, title)


def _decode(body: bytes, charset: str) -> str:
    try:
        known = codecs.lookup(charset).name
    except LookupError:
        known = ""
    if known != "utf-8":
        raise Problem(
            415, "wrong_type", f"the charset {charset[:40]!r} is not read here; send UTF-8"
        )
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(
            400, "bad_text", f"the text is not valid UTF-8: the byte at offset {error.start}"
        ) from None
