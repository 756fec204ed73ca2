"""Tasks are runs, contexts are conversations, artifacts are answers: what A2A calls them, from what they are here."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

from fasta2a.schema import (  # pyright: ignore[reportMissingTypeStubs]
    Artifact,
    Message,
    Part,
    StreamResponse,
    Task,
    TaskArtifactUpdateEvent,
    TaskState,
    TaskStatus,
    TaskStatusUpdateEvent,
)
from pydantic import JsonValue
from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta

from agent_api.runs.failures import explain
from agent_api.runs.parts import citations_of, text_of
from agent_api.runs.records import RunRecord, RunState
from agent_api.runs.requests import Question
from agent_api.runs.run import Run
from core.errors import RoostError, TooLarge, Unprocessable

STATES: dict[RunState, TaskState] = {
    "queued": "submitted",
    "running": "working",
    "waiting": "input-required",
    "finished": "completed",
    "failed": "failed",
    "cancelled": "canceled",
    "interrupted": "failed",
}
_ARTIFACT = "answer"
_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_WAITS = "The agent waits for a person to allow a tool. Its person can do so in the web app."


def to_question(message: Message, agent: str, *, max_characters: int) -> Question:
    """What the run is to answer.

    Raises:
        Unprocessable: There is no question in it, or something else than text.
        TooLarge: The question is longer than ``max_characters``.
    """
    if any("text" not in part for part in message["parts"]):
        raise Unprocessable("Only text parts are taken here.", slug="content-not-supported")
    text = "\n\n".join(part.get("text", "") for part in message["parts"]).strip()
    name = message["message_id"]
    if message["role"] != "user" or not text or not 1 <= len(name) <= 128:
        raise Unprocessable(
            "The message must be the user's, with text in it and an id of 1 to 128 characters.",
            slug="question-missing",
        )
    if len(text) > max_characters:
        raise TooLarge(f"{len(text):,} characters; {max_characters:,} are taken at most.", slug="question-too-long")
    if "\x00" in text + name:
        raise Unprocessable("A NUL character cannot be stored.", slug="question-invalid")
    parts: list[JsonValue] = [{"type": "text", "text": text}]
    return Question(
        conversation_id=_conversation_of(message.get("context_id")),
        named=True,
        message={"id": name, "parts": parts},
        agent=agent,
        title=" ".join(text.split())[:80],
        door="a2a",
    )


def task_of_record(record: RunRecord, *, history_length: int | None = None) -> Task:
    """A task as the database knows it."""
    context = record.conversation_name or ""
    task = Task(
        id=str(record.id),
        context_id=context,
        status=_status(record.state, record.finished_at, _words(record), context),
        history=[],
    )
    if record.question is not None and history_length != 0:
        asked = Message(
            role="user",
            parts=[Part(text=text_of(record.question))],
            message_id=record.question_id or "",
            context_id=context,
            task_id=str(record.id),
        )
        task["history"] = [asked]
    if text_of(record.parts):
        task["artifacts"] = [_artifact(record.parts)]
    return task


async def updates(run: Run, context: str) -> AsyncGenerator[StreamResponse]:
    """A run from its beginning to its end, as a stream of A2A tells it in a context of that name."""
    task_id = str(run.id)
    yield StreamResponse(
        task=Task(id=task_id, context_id=context, status=_status("running", run.created_at, None, context))
    )
    begun = between = False
    state, words = "finished", None
    try:
        async for event in run.log.read():
            match event:
                case PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
                    pass
                case PartStartEvent(part=TextPart(content=text)):
                    text = f"\n\n{text}" if between else text
                    between = True
                case _:
                    continue
            if text:
                chunk = Artifact(artifact_id=_ARTIFACT, name=_ARTIFACT, parts=[Part(text=text)])
                yield _artifact_update(task_id, context, chunk, append=begun, last=False)
                begun = True
        if run_waits(run):
            state, words = "waiting", _WAITS
    except Exception as error:
        problem = explain(error)
        state, words = _end_of(problem), problem.detail
    parts = run.answer.parts()
    if text_of(parts):
        # The whole of it under the same name, with its sources: it takes the place of the pieces.
        yield _artifact_update(task_id, context, _artifact(parts), append=False, last=True)
    status = _status(state, datetime.now(UTC), words, context)
    yield StreamResponse(status_update=TaskStatusUpdateEvent(task_id=task_id, context_id=context, status=status))


def run_waits(run: Run) -> bool:
    """Whether a run has ended in a question to its person."""
    return any(part.get("state") == "approval-requested" for part in run.answer.parts())


def _end_of(problem: RoostError) -> RunState:
    return "cancelled" if problem.slug == "run-cancelled" else "failed"


def _conversation_of(context: str | None) -> str:
    if context is None or context == "":
        return uuid.uuid4().hex
    if _CONVERSATION.fullmatch(context):
        return context
    return "a2a_" + hashlib.sha256(context.encode()).hexdigest()[:48]


def _words(record: RunRecord) -> str | None:
    if record.state == "waiting":
        return _WAITS
    return str(record.error["detail"]) if record.error else None


def _status(state: RunState, at: datetime | None, words: str | None, context: str) -> TaskStatus:
    status = TaskStatus(state=STATES[state], timestamp=(at or datetime.now(UTC)).isoformat())
    if words:
        status["message"] = Message(
            role="agent", parts=[Part(text=words)], message_id=uuid.uuid4().hex, context_id=context
        )
    return status


def _artifact(parts: list[dict[str, Any]]) -> Artifact:
    artifact = Artifact(artifact_id=_ARTIFACT, name=_ARTIFACT, parts=[Part(text=text_of(parts))])
    citations = citations_of(parts)
    if citations:
        artifact["metadata"] = {"citations": citations}
    return artifact


def _artifact_update(task_id: str, context: str, artifact: Artifact, *, append: bool, last: bool) -> StreamResponse:
    event = TaskArtifactUpdateEvent(
        task_id=task_id, context_id=context, artifact=artifact, append=append, last_chunk=last
    )
    return StreamResponse(artifact_update=event)
