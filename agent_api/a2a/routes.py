"""``/a2a/{agent}``: one agent for other agents, and its card."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any, cast

from fasta2a.jsonrpc_v1 import from_v1_request, to_v1_json, to_v1_sse  # pyright: ignore[reportMissingTypeStubs]
from fasta2a.schema import A2ARequest, SendMessageResult, StreamResponse, Task, a2a_request_ta  # pyright: ignore[reportMissingTypeStubs]
from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import TypeAdapter, ValidationError

from agent_api.a2a.card import card_of
from agent_api.a2a.errors import INTERNAL_ERROR, INVALID_REQUEST, of_problem
from agent_api.a2a.methods import MethodError, Methods, Stream, as_error
from agent_api.dependencies import CurrentCaller, ResourcesDep
from agent_api.problems import documented
from agent_api.runs.failures import as_problem
from core.errors import NotAllowed, NotAuthenticated, NotFound, RateLimited, RoostError

router = APIRouter(tags=["A2A"])

_RESULT: TypeAdapter[SendMessageResult | Task] = TypeAdapter(SendMessageResult)
_TASK: TypeAdapter[Task] = TypeAdapter(Task)
_UPDATE: TypeAdapter[StreamResponse] = TypeAdapter(StreamResponse)
_HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}

Slug = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="The agent's slug.")]

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "object", "description": "A request of JSON-RPC 2.0, as A2A has them."},
                "example": {
                    "jsonrpc": "2.0",
                    "id": 1,
                    "method": "SendMessage",
                    "params": {
                        "message": {"role": "ROLE_USER", "messageId": "m1", "parts": [{"text": "What is new?"}]}
                    },
                },
            }
        },
    }
}
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "An answer of JSON-RPC 2.0, be it an error; for a method that streams, a stream of answers.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/event-stream": {"schema": {"type": "string"}},
        },
    }
}


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What is answered to those who may not ask at all: JSON-RPC's error, with an HTTP status that says so too."""
    example = of_problem(
        {"type": "/problems/rate-limited", "title": "Too many requests", "status": 429, "detail": "Try again in 7 s."}
    )
    content = {"application/json": {"schema": {"type": "object"}, "example": example}}
    return {status: described | {"content": content} for status, described in documented(*statuses).items()}


@router.get("/.well-known/agent-card.json", responses=documented(401, 403, 404, 429, 503))
async def default_card(request: Request, caller: CurrentCaller, resources: ResourcesDep) -> dict[str, Any]:
    """The card of the agent that answers where none is named."""
    return await agent_card("guide", request, caller, resources)


@router.get("/a2a/{agent}/.well-known/agent-card.json", responses=documented(401, 403, 404, 422, 429, 503))
async def agent_card(agent: Slug, request: Request, caller: CurrentCaller, resources: ResourcesDep) -> dict[str, Any]:
    """What an agent is and how to speak to it, for those who may use it."""
    found = next((item for item in await resources.callers.agents(caller) if item.slug == agent), None)
    if found is None:
        raise NotFound("There is no such agent, or it is not open to you.", slug="agent-not-found")
    return card_of(found, str(request.base_url).rstrip("/"), request.app.version)


@router.post("/a2a/{agent}/", include_in_schema=False)
@router.post(
    "/a2a/{agent}",
    response_model=None,
    responses=_ANSWER | _refusals(400, 401, 403, 413, 422, 429, 503),
    openapi_extra=_BODY,
)
async def call_agent(agent: Slug, request: Request, caller: CurrentCaller, resources: ResourcesDep) -> Response:
    """One request of A2A, in the form of version 1.0 or of those before.

    A context is a conversation and a task is a run: both are kept, and a task goes on when its reader leaves.
    """
    wanted, asked, is_v1 = _read(await request.body())
    if isinstance(asked, MethodError):
        return _respond(wanted, error=asked, is_v1=is_v1)
    try:
        result = await Methods(resources, caller, agent).call(asked, at_once=_at_once(wanted))
    except MethodError as error:
        return _respond(wanted, error=error, is_v1=is_v1)
    except (NotAuthenticated, NotAllowed, RateLimited):
        raise  # who may not ask at all is told so in HTTP
    except RoostError as error:
        code = INVALID_REQUEST if error.status < 500 else INTERNAL_ERROR
        return _respond(wanted, error=MethodError(code, error.detail, as_problem(error)), is_v1=is_v1)
    if isinstance(result, AsyncGenerator):
        frames = _frames(wanted.get("id"), result)
        return StreamingResponse(
            to_v1_sse(frames) if is_v1 else frames, media_type="text/event-stream", headers=_HEADERS
        )
    adapter: TypeAdapter[Any] = _TASK if "status" in result else _RESULT
    return _respond(wanted, result=adapter.dump_python(result, mode="json", by_alias=True), is_v1=is_v1)


def _read(body: bytes) -> tuple[dict[str, Any], A2ARequest | MethodError, bool]:
    """The request as it came, as it is understood, and whether it is of version 1.0."""
    try:
        raw = json.loads(body)
    except ValueError:
        return {}, MethodError(-32700, "Invalid JSON payload"), False
    if not isinstance(raw, dict):
        return {}, MethodError(-32600, "Request payload validation error"), False
    wanted = cast("dict[str, Any]", raw)
    try:
        v1 = from_v1_request(wanted)
        return wanted, a2a_request_ta.validate_python(v1 or wanted), v1 is not None
    except (ValidationError, TypeError, ValueError) as error:
        unknown = isinstance(error, ValidationError) and any(
            item["type"].startswith("union_tag") for item in error.errors(include_input=False, include_url=False)
        )
        code, message = (-32601, "Method not found") if unknown else (-32602, "Invalid parameters")
        return wanted, MethodError(code, message), False


def _at_once(wanted: dict[str, Any]) -> bool:
    # Read from the request as it came: the library's own form of it has no room for the 1.0 name.
    params = wanted.get("params")
    given = cast("dict[str, Any]", params).get("configuration") if isinstance(params, dict) else None
    configuration = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    return configuration.get("returnImmediately") is True or configuration.get("blocking") is False


def _respond(
    wanted: dict[str, Any], *, result: object = None, error: MethodError | None = None, is_v1: bool
) -> Response:
    name = wanted.get("id") if isinstance(wanted.get("id"), str | int) else None
    body: dict[str, Any] = {"jsonrpc": "2.0", "id": name}
    body |= {"error": as_error(error)} if error is not None else {"result": result}
    if not is_v1:
        return JSONResponse(body)
    return Response(to_v1_json(json.dumps(body).encode()), media_type="application/json")


async def _frames(name: object, stream: Stream) -> AsyncIterator[bytes]:
    async for update in stream:
        result = _UPDATE.dump_python(update, mode="json", by_alias=True)
        yield b"data: " + json.dumps({"jsonrpc": "2.0", "id": name, "result": result}).encode() + b"\n\n"
