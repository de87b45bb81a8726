"""The API described for programs: an OpenAPI 3.1 document."""

from __future__ import annotations

from typing import Any

from hedgecheck import __version__
from hedgecheck.results import ATTRIBUTION, CERTAINTY_LEVELS, DOCUMENT_SCHEMA, HEDGE_KINDS, SOURCING
from hedgecheck.serving.settings import LONGEST_TITLE, Settings

Schema = dict[str, Any]

_COUNT: Schema = {"type": "integer", "minimum": 0}
_TEXT: Schema = {"type": "string"}
_YES_NO: Schema = {"type": "boolean"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def describe(settings: Settings) -> dict[str, Any]:
    """Return the description, with the limits that are set.

    >>> from hedgecheck.serving.settings import Settings
    >>> sorted(describe(Settings())["paths"])
    ['/health', '/openapi.json', '/report', '/score']
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hedgecheck",
            "version": __version__,
            "description": "How certain every sentence of a news text claims to be, who stands "
            "behind it, and how it says so. Texts are not kept.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        # Relative to where the description itself is: a server in front may put us under a path.
        "servers": [{"url": "./"}],
        "security": [],
        "paths": _paths(settings),
        "components": {"schemas": _schemas()},
    }


def _paths(settings: Settings) -> dict[str, Any]:
    health = _object(
        {
            "status": {"const": "ok"},
            "version": _TEXT,
            "model": _object({"name": _TEXT, "version": _TEXT}),
        }
    )
    return {
        "/score": {
            "post": {
                "operationId": "score",
                "summary": "Score one article",
                "requestBody": _request(settings),
                "responses": _responses(_answer("The scored text", _ref("Document"))),
            }
        },
        "/report": {
            "post": {
                "operationId": "report",
                "summary": "Score one article and return its report as one HTML file",
                "requestBody": _request(settings),
                "responses": _responses(_answer("The report", _TEXT, "text/html")),
            }
        },
        "/health": {
            "get": {
                "operationId": "health",
                "summary": "Whether the service runs, and with which model",
                "responses": {"200": _answer("It runs", health)},
            }
        },
        "/openapi.json": {
            "get": {
                "operationId": "openapi",
                "summary": "This description",
                "responses": {"200": _answer("OpenAPI 3.1", {"type": "object"})},
            }
        },
    }


def _request(settings: Settings) -> dict[str, Any]:
    example = "The dam may close, two senior officials said."
    fields = {
        "text": {"type": "string", "description": "One article, with or without its headline"},
        "title": {
            "type": "string",
            "maxLength": LONGEST_TITLE,
            "description": "Title of the report",
        },
    }
    asked = {
        "type": "object",
        "properties": fields,
        "required": ["text"],
        "additionalProperties": False,
    }
    return {
        "required": True,
        "description": f"At most {settings.max_bytes:,} bytes",
        "content": {
            "application/json": {"schema": asked, "example": {"text": example}},
            "text/plain": {"schema": _TEXT, "example": example},
        },
    }


def _answer(description: str, schema: Schema, kind: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _responses(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a text that is scored, and the refusals."""
    refusals = {
        "400": "The body is not what its type says",
        "403": "Sent by a page of another site",
        "408": "The body did not arrive in time",
        "413": "The body is too large",
        "415": "The body is of another type",
        "421": "Asked for by a name that is not allowed",
        "422": "The fields are wrong",
        "500": "A bug",
        "503": "Scoring took too long, or too many are waiting",
    }
    told = {status: _answer(why, _ref("Problem")) for status, why in refusals.items()}
    return {"200": answer, **told}


def _schemas() -> dict[str, Schema]:
    span = _object(
        {
            "start": _COUNT,
            "end": _COUNT,
            "text": _TEXT,
            "kind": {"enum": [*HEDGE_KINDS, "source", "cue", "quote"]},
        },
        "Evidence. Offsets count Unicode code points of the sentence",
    )
    sentence = _object(
        {
            "text": _TEXT,
            "start": _COUNT,
            "end": _COUNT,
            "certainty": _SHARE,
            "certainty_level": {"enum": [*CERTAINTY_LEVELS]},
            "hedged": _YES_NO,
            "sourcing": {"enum": [*SOURCING]},
            "sourcing_proba": _shares_of(SOURCING),
            "anonymity": _or_null(_SHARE),
            "confidential": _YES_NO,
            "confidential_proba": _SHARE,
            "attribution": {"enum": [*ATTRIBUTION]},
            "attribution_proba": _shares_of(ATTRIBUTION),
            "hedges": _list(_ref("Span")),
            "source": _or_null(_ref("Span")),
            "cue": _or_null(_ref("Span")),
            "quotes": _list(_ref("Span")),
            "speaker": _or_null(_object({"sentence": _COUNT, "span": _ref("Span")})),
        },
        "A sentence. Offsets count Unicode code points of the text",
    )
    profile = _object(
        {
            "sentences": _COUNT,
            "certainty": _shares_of(CERTAINTY_LEVELS),
            "sourcing": _shares_of(SOURCING),
            "attribution": _shares_of(ATTRIBUTION),
            "hedged": _SHARE,
            "confidential": _SHARE,
            "mean_certainty": _or_null(_SHARE),
            "claims": _COUNT,
            "claims_by_source": _shares_of(SOURCING[1:]),
            "named_sources": _list(
                _object({"name": _TEXT, "count": _COUNT, "sentences": _list(_COUNT)})
            ),
            "weakly_sourced": _list(_COUNT),
        },
        "The text in figures",
    )
    document = _object(
        {
            "schema": {"const": DOCUMENT_SCHEMA},
            "library": _object({"name": _TEXT, "version": _TEXT}),
            "model": _object({"name": _TEXT, "version": _TEXT}),
            "text": _TEXT,
            "profile": _ref("Profile"),
            "sentences": _list(_ref("Sentence")),
            "warnings": _list(_TEXT),
        }
    )
    problem = _object({"error": _object({"code": _TEXT, "message": _TEXT})})
    return {
        "Document": document,
        "Profile": profile,
        "Sentence": sentence,
        "Span": span,
        "Problem": problem,
    }


def _object(fields: dict[str, Schema], description: str = "") -> Schema:
    found: Schema = {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }
    return {**found, "description": description} if description else found


def _shares_of(names: tuple[str, ...]) -> Schema:
    return _object(dict.fromkeys(names, _SHARE))


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
