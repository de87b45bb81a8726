"""A page to try hedgecheck on, and a JSON API beside it, for one machine or one newsroom.

It needs the extra ``hedgecheck[serve]`` (starlette and uvicorn). In the order of a request: `guard`
(who may ask), `bodies` (what was sent), `worker` (scoring, within a time), `app` (the routes),
`openapi` (the API described), `problems` (every error). No text is kept or logged.
"""

from __future__ import annotations

from hedgecheck.serving.app import create_app
from hedgecheck.serving.settings import Settings

__all__ = ["Settings", "create_app"]
