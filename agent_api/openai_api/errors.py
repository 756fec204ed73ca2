"""Errors in the form that OpenAI's clients read: ``{"error": {message, type, param, code}}``.

``code`` is the slug of the same problem type that every other door tells.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from agent_api import problems
from core.errors import InvalidRequest, NotFound, RoostError, Unprocessable

_TYPES = {401: "authentication_error", 402: "insufficient_quota", 403: "permission_error", 429: "rate_limit_error"}


class ErrorDetail(BaseModel):
    """What happened."""

    message: str = Field(description="What happened, and what to do.", examples=["There is no such agent."])
    type: str = Field(description="The kind of error.", examples=["invalid_request_error"])
    param: str | None = Field(description="The part of the request that it is about.", examples=["model"])
    code: str | None = Field(description="The kind of problem, stable across versions.", examples=["agent-not-found"])


class ErrorAnswer(BaseModel):
    """An error as OpenAI's clients read it."""

    error: ErrorDetail


def as_error(error: RoostError) -> dict[str, Any]:
    """The body that tells an error."""
    param = error.extensions.get("param")
    if param is None and isinstance(error, NotFound) and error.slug == "agent-not-found":
        param = "model"
    return _body(error.detail, error.status, error.slug, param)


def of_problem(problem: dict[str, Any]) -> dict[str, Any]:
    """The body that tells an error which arose outside of the routes."""
    return _body(problem["detail"], problem["status"], problem["type"].rpartition("/")[2], problem.get("param"))


def _body(message: str, status: int, slug: str, param: Any) -> dict[str, Any]:  # noqa: ANN401
    kind = _TYPES.get(status, "invalid_request_error" if status < 500 else "server_error")
    if slug == "price-unknown":
        kind = "invalid_request_error"  # no quota is used up: another model may be asked
    return ErrorAnswer(error=ErrorDetail(message=message, type=kind, param=param, code=slug)).model_dump()


def respond(error: RoostError) -> JSONResponse:
    """The answer that tells an error, with the same status and headers as at any other door."""
    plain = problems.respond(error)
    headers = {name: value for name, value in plain.headers.items() if not name.startswith("content-")}
    return JSONResponse(as_error(error), error.status, headers)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that can answer with these errors."""
    return {status: described | {"model": ErrorAnswer, "content": {}} for status, described in
            problems.documented(*statuses).items()}  # fmt: skip


def _invalid(error: RequestValidationError) -> RoostError:
    first: dict[str, Any] = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"][1:])
    if first["type"] == "json_invalid":
        return InvalidRequest("The body is not valid JSON.", slug="malformed-json")
    return Unprocessable(f"{place or 'body'}: {first['msg']}.", slug="invalid-request", param=place or None)


class OpenAIRoute(APIRoute):
    """A route whose every error has the form that OpenAI's clients read."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The route's handler, with its errors told in that form."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError as error:
                return respond(_invalid(error))
            except ClientDisconnect:
                return Response(status_code=499)  # nobody reads it
            except HTTPException as error:
                # The framework's word for a body that it could not decode.
                told = InvalidRequest("The body cannot be read: send JSON in UTF-8.", slug="malformed-json")
                return respond(
                    told
                    if error.status_code == HTTPStatus.BAD_REQUEST
                    else problems.presentable(error, request.url.path)
                )
            except Exception as error:
                return respond(problems.presentable(error, request.url.path))

        return handle
