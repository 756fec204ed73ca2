"""``/v1/models`` and ``/v1/chat/completions``: for every client that speaks to OpenAI."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.requests import ClientDisconnect

from agent_api.dependencies import CurrentCaller, ResourcesDep
from agent_api.openai_api.completion import Completion
from agent_api.openai_api.errors import OpenAIRoute, documented
from agent_api.openai_api.schemas import ChatCompletionRequest, Model, ModelList
from agent_api.runs.failures import explain
from agent_api.runs.reading import RunReader, RunStream
from core.errors import Conflict, NotFound

router = APIRouter(prefix="/v1", tags=["OpenAI-compatible"], route_class=OpenAIRoute)

_HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}
_COMPLETION: dict[str, Any] = {
    "id": "chatcmpl-5f0e4d8a9f6e4f7e8a1d2c3b4a5f6e7d",
    "object": "chat.completion",
    "created": 1795320000,
    "model": "guide",
    "choices": [
        {
            "index": 0,
            "message": {
                "role": "assistant",
                "content": "Refunds are paid within 30 days [1].",
                "refusal": None,
                "citations": [
                    {
                        "n": 1,
                        "document_id": "1f0d3c5e-9a57-4d0c-8f6e-2b7f3f3d9b11",
                        "title": "Refund policy",
                        "place": "page 2",
                        "passage": "We refund within 30 days.",
                        "score": 0.0246,
                        "ordinal": 4,
                        "path": "policies/refunds.pdf",
                        "uri": None,
                    }
                ],
            },
            "logprobs": None,
            "finish_reason": "stop",
        }
    ],
    "usage": {"prompt_tokens": 812, "completion_tokens": 11, "total_tokens": 823},
}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer; with `stream`, chunks of it as they are made, ended by `data: [DONE]`. Passages "
        "that it points at as [n] are in `citations`, of the message or of the last chunk's delta.",
        "content": {
            "application/json": {"schema": {"type": "object"}, "example": _COMPLETION},
            "text/event-stream": {"schema": {"type": "string"}},
        },
    }
}


@router.get("/models", responses=documented(401, 403, 429, 503))
async def list_models(caller: CurrentCaller, resources: ResourcesDep) -> ModelList:
    """The agents that answer to this key."""
    agents = await resources.callers.agents(caller)
    return ModelList(
        data=[
            Model(
                id=agent.slug,
                created=int(datetime.fromisoformat(agent.created_at).timestamp()),
                name=agent.name,
                description=agent.description,
            )
            for agent in agents
        ]
    )


@router.get("/models/{model}", responses=documented(401, 403, 404, 422, 429, 503))
async def get_model(model: str, caller: CurrentCaller, resources: ResourcesDep) -> Model:
    """One agent."""
    found = next((item for item in (await list_models(caller, resources)).data if item.id == model), None)
    if found is None:
        raise NotFound("There is no such agent. /v1/models lists those that you may use.", slug="agent-not-found")
    return found


@router.post(
    "/chat/completions",
    response_model=None,
    responses=_ANSWERS | documented(400, 401, 402, 403, 404, 409, 413, 422, 429, 500, 502, 503, 504),
)
async def create_completion(
    request: Request,
    body: ChatCompletionRequest,
    caller: CurrentCaller,
    resources: ResourcesDep,
    idempotency_key: Annotated[
        str | None,
        Header(description="The same key again, within a day, is answered by the same run. Such a run goes on when its "
               "client leaves."),
    ] = None,
) -> Response:  # fmt: skip
    """Ask an agent. The history is what `messages` say; nothing of it is kept.

    A client that leaves stops the run, unless it has named it by an `Idempotency-Key`.
    """
    wanted = body.to_program_request(
        max_characters=resources.settings.max_message_characters, idempotency_key=idempotency_key
    )
    begun, run = await resources.runs.start_program(caller, wanted)
    headers = _HEADERS | {"x-request-id": str(begun.run_id)}
    if run is None:
        if begun.answer is None:
            raise Conflict(
                "This request is being answered already. Try again in a moment.", slug="run-in-progress", retry_after=2
            )
        completion = Completion.of_record(begun)
        if body.stream:
            pieces = completion.stream_answer(begun, include_usage=body.include_usage)
            return StreamingResponse(_each(pieces), media_type="text/event-stream", headers=headers)
        return JSONResponse(completion.of_answer(begun), headers=headers)
    completion = Completion.of_run(run)
    reader = RunReader(request, resources.runs, run)
    if not body.stream:
        try:
            with reader.reading():
                result = await run.log.result()
        except ClientDisconnect:
            raise
        except Exception as error:
            raise explain(error) from error
        finally:
            reader.done()
        return JSONResponse(completion.of_result(run, result), headers=headers)
    stream = completion.stream(run, include_usage=body.include_usage)
    with reader.reading():
        first = await anext(stream)
    return RunStream(reader, first, stream, headers)


async def _each(pieces: Sequence[bytes]) -> AsyncGenerator[bytes]:
    for piece in pieces:
        yield piece
