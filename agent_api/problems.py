"""Every error as one kind of answer: application/problem+json (RFC 9457).

Each has a stable ``type``, so that a client can tell errors apart without reading the sentence meant for people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from core.errors import ConfigurationError, RoostError

_log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """A problem document, as it is described in the OpenAPI page."""

    type: str = Field(description="The kind of problem, stable across versions.", examples=["/problems/not-found"])
    title: str = Field(description="The kind of problem in words.", examples=["Not found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What happened here, and what to do.", examples=["There is no such conversation."])


def respond(error: RoostError) -> JSONResponse:
    """The answer that tells an error."""
    headers: dict[str, str] = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(math.ceil(error.retry_after))
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"type": error.type, "title": error.title, "status": error.status, "detail": error.detail}
    return JSONResponse(body | error.extensions, error.status, headers, media_type=MEDIA_TYPE)


def presentable(error: Exception, path: str) -> RoostError:
    """What of an error is told; what is wrong inside goes to the log."""
    if not isinstance(error, RoostError):
        _log.error("request failed", path=path, exc_info=error)
        return RoostError("Something went wrong on our side. The server's log has the details.")
    if error.status == RoostError.status:
        _log.error("request failed", path=path, exc_info=error)
    if isinstance(error, ConfigurationError):
        # The person can only tell somebody.
        return RoostError("This Roost is not set up completely. Please tell its admin.", slug=error.slug)
    return error


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that can answer with these problems."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def install(app: FastAPI) -> None:
    """Answer every error of ``app`` as a problem document, and say so in its OpenAPI page."""
    describe = app.openapi

    def with_refused_bodies() -> dict[str, Any]:
        if app.openapi_schema is None:
            for operations in describe()["paths"].values():
                for operation in operations.values():
                    if "requestBody" in operation:
                        # Any body can be unreadable or too large.
                        for status, told in documented(400, 413).items():
                            operation["responses"].setdefault(str(status), told)
        return describe()

    app.openapi = with_refused_bodies

    async def on_error(request: Request, error: Exception) -> JSONResponse:
        return respond(presentable(error, request.url.path))

    async def on_http_error(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for nothing else
        phrase = HTTPStatus(error.status_code).phrase
        details = {
            404: f"There is nothing at {request.url.path}. /api/docs lists what there is.",
            405: f"{request.url.path} does not take {request.method}. /api/docs lists what it takes.",
        }
        body = {
            "type": f"/problems/{phrase.lower().replace(' ', '-')}",
            "title": phrase,
            "status": error.status_code,
            "detail": details.get(error.status_code, str(error.detail)),
        }
        return JSONResponse(body, error.status_code, error.headers, media_type=MEDIA_TYPE)

    async def on_invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for nothing else
        errors = error.errors()
        malformed = any(item["type"] == "json_invalid" for item in errors)
        status = 400 if malformed else 422
        body = {
            "type": "/problems/malformed-json" if malformed else "/problems/invalid-request",
            "title": "The request is not acceptable",
            "status": status,
            "detail": "The body is not valid JSON." if malformed else _sentence(errors),
            # Without the input itself: it may be large, and it may be a secret.
            "errors": [{"at": _place(item["loc"]), "message": item["msg"]} for item in errors],
        }
        return JSONResponse(body, status, media_type=MEDIA_TYPE)

    app.add_exception_handler(RoostError, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(Exception, on_error)


def _place(location: Sequence[Any]) -> str:
    return ".".join(str(part) for part in location)


def _sentence(errors: Sequence[Any]) -> str:
    first = errors[0]
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{_place(first['loc'])}: {first['msg']}{more}."
