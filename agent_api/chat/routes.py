"""Ask, pick an answer up again, stop it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Path, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, JsonValue

from agent_api.assistant.attachments import SentFile
from agent_api.auth.callers import Caller
from agent_api.chat.schemas import ChatRequest
from agent_api.chat.stream import read_place, stream_run
from agent_api.dependencies import CurrentUser, ResourcesDep
from agent_api.problems import documented
from agent_api.resources import Resources
from agent_api.runs.requests import Decision
from core.errors import Conflict, NotFound

router = APIRouter(prefix="/api", tags=["chat"])

_STREAM = {
    200: {
        "description": "The answer as it is made, in the Vercel AI UI message protocol.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


class Decisions(BaseModel):
    """What a person has decided about the tools that an answer waits for: each of them, in one request."""

    approvals: list[Decision] = Field(min_length=1, max_length=100)


class ResumedRun(BaseModel):
    """The run that goes on, or what has become of it where that was decided before."""

    id: UUID
    state: str
    conversation_id: str | None


class CancelledRun(BaseModel):
    """The run that is being stopped, in the state it was in."""

    id: UUID
    state: str


@router.post(
    "/chat", response_class=StreamingResponse, responses=_STREAM | documented(400, 401, 403, 404, 409, 413, 422, 503)
)
async def chat(request: ChatRequest, user: CurrentUser, resources: ResourcesDep) -> Response:
    """Ask a question, or have an answer made anew, and stream the answer.

    The question is stored before the first byte of the stream. The answer goes on when the reader leaves, and can be
    picked up at `/api/chat/{id}/stream`. Sending the same question again (same message id) begins nothing new.
    """
    waiting = request.to_decisions()
    if waiting is not None:
        message_id, decisions = waiting
        run_id = await resources.runs.run_of_message(user.id, request.id, message_id)
        if run_id is None:
            raise NotFound("There is no such answer in this conversation.", slug="message-not-found")
        return await _go_on(resources, user.id, run_id, decisions)
    limit = resources.settings.max_message_characters
    request.to_question(max_characters=limit)  # what is refused is refused before its files are kept
    files = await _keep_files(request, user.id, resources)
    question = request.to_question(max_characters=limit, files=files)
    begun, run = await resources.runs.start(Caller(user_id=user.id), question)
    if run is not None:
        return stream_run(run)
    if begun.state in ("queued", "running"):
        raise Conflict(
            "This question is being answered. The answer will be in the conversation in a moment.",
            slug="run-in-progress",
        )
    raise Conflict(
        "This question has been answered already. Open the conversation again to see it.", slug="already-answered"
    )


async def _keep_files(request: ChatRequest, user_id: UUID, resources: Resources) -> list[JsonValue]:
    store = resources.assistant.attachments
    attachments = [
        SentFile(url=part.url or "", media_type=part.media_type or "", filename=part.filename or "")
        for part in request.files
    ]
    return await store.keep(user_id, request.id, attachments) if attachments else []


async def _go_on(resources: Resources, user_id: UUID, run_id: UUID, decisions: list[Decision]) -> Response:
    turn, run = await resources.runs.resume(user_id, run_id, decisions)
    if run is not None:
        return stream_run(run)
    raise Conflict(
        f"This was decided before, and the answer is {turn.state}. Open the conversation again to see it.",
        slug="already-decided",
    )


@router.get(
    "/chat/{id}/stream",
    response_class=StreamingResponse,
    responses=_STREAM | {204: {"description": "Nothing is being answered here."}} | documented(401, 422, 503),
)
async def resume(
    id: Annotated[str, Path(max_length=64)],  # noqa: A002 - the path's name
    user: CurrentUser,
    resources: ResourcesDep,
    last_event_id: Annotated[
        str | None,
        Header(max_length=200, description="The `id` of the last event that was read, to go on after it. Pieces of "
               "text have one."),
    ] = None,
) -> Response:  # fmt: skip
    """Pick up the answer that is being made in a conversation; 204 when there is none.

    From its beginning, or with `Last-Event-ID` from where one was, for half a minute after its end too.
    """
    place = read_place(last_event_id)
    known = await resources.runs.get(user.id, place[0]) if place is not None else None
    if place is not None and known is not None and known.conversation_id == id:
        return stream_run(known, seen=place[1])
    run = await resources.runs.find(user.id, id)
    return Response(status_code=204) if run is None else stream_run(run)


@router.post("/runs/{id}/approve", status_code=202, responses=documented(400, 401, 403, 404, 409, 422, 503))
async def approve(
    id: UUID,  # noqa: A002 - the path's name
    decisions: Decisions,
    user: CurrentUser,
    resources: ResourcesDep,
) -> ResumedRun:
    """Decide about the tools that an answer waits for; it goes on, and can be read at `/api/chat/{id}/stream`."""
    turn, _ = await resources.runs.resume(user.id, id, decisions.approvals)
    return ResumedRun(id=id, state=turn.state, conversation_id=turn.conversation_id)


@router.post("/runs/{id}/cancel", status_code=202, responses=documented(401, 404, 422))
async def cancel(id: UUID, user: CurrentUser, resources: ResourcesDep) -> CancelledRun:  # noqa: A002 - the path's name
    """Stop a run. What was written so far is kept. A run that has ended stays as it is."""
    state = await resources.runs.cancel(user.id, id)
    if state is None:
        raise NotFound("There is no such run.", slug="run-not-found")
    return CancelledRun(id=id, state=state)
