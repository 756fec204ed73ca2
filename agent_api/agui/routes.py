"""``/api/agui/{agent}``: for user interfaces that speak AG-UI."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import StreamingResponse

from agent_api.agui.requests import BODY_SCHEMA, read_input, to_question
from agent_api.agui.stream import stream_run
from agent_api.dependencies import CurrentCaller, ResourcesDep
from agent_api.problems import documented
from core.errors import Conflict

router = APIRouter(prefix="/api/agui", tags=["AG-UI"])

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The answer as it is made, as events of AG-UI. Passages that it points at as [n] come as custom "
        "events called `citation`.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.post(
    "/{agent}",
    response_class=StreamingResponse,
    responses=_STREAM | documented(400, 401, 402, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra=BODY_SCHEMA,
)
async def run_agent(
    agent: Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="The agent's slug.")],
    request: Request,
    caller: CurrentCaller,
    resources: ResourcesDep,
) -> Response:
    """Ask the last message of a thread and stream the answer.

    A thread is a conversation that is kept here: of the messages only the last is taken, and the conversation is there
    in the web app too. The answer goes on when the reader leaves. Sending the same message again begins nothing new.
    """
    wanted = read_input(await request.body())
    question = to_question(wanted, agent, max_characters=resources.settings.max_message_characters)
    begun, run = await resources.runs.start(caller, question)
    if run is None:
        raise Conflict(
            f"This message was asked before, and its answer is {begun.state}. Send a new message.",
            slug="run-in-progress" if begun.state in ("queued", "running") else "already-answered",
        )
    return stream_run(wanted, run, request.headers.get("accept"))
