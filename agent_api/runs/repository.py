"""The run in the database: begun, kept alive and finished, each in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue
from pydantic_ai.messages import ModelMessage
from pydantic_ai.settings import ModelSettings

from agent_api.assistant.history import StoredMessage
from agent_api.assistant.specification import AgentSpecification
from agent_api.auth.callers import Caller
from core.supabase import Database

RunState = Literal["queued", "running", "waiting", "finished", "failed", "cancelled", "interrupted"]


class Question(BaseModel):
    """What a client asks for.

    Args:
        conversation_id: Made by the client; a new one begins a conversation.
        trigger: ``submit`` asks the question in ``message``; ``regenerate`` has an answer made anew.
        message: The question's id and UI parts, for a submit.
        parent: ``head`` asks after what is shown now, ``root`` begins another branch from nothing, ``{"id": …}`` asks
            after that message.
        message_id: The answer to make anew, for a regenerate; None for the last one.
        agent: The agent's slug; None for the conversation's own, or Guide.
        title: The title of the conversation, should it be new.
        door: The protocol that asks.
    """

    conversation_id: str
    trigger: Literal["submit", "regenerate"] = "submit"
    message: dict[str, JsonValue] | None = None
    parent: Literal["head", "root"] | dict[Literal["id"], str] = "head"
    message_id: str | None = None
    agent: str | None = None
    title: str = ""
    door: str = "web"


@dataclass(frozen=True, kw_only=True)
class ProgramRequest:
    """What a program asks for that keeps its own history: a run without a conversation.

    Args:
        agent: The agent's slug.
        door: The protocol that asks.
        question: The text of the question.
        history: What was said before it, eldest first.
        model_settings: What the request sets over the deployment's settings.
        idempotency_key: The program's name for this request; the same name again begins nothing.
        request_hash: A hash of the request, by which another one of the same name is told apart.
    """

    agent: str
    door: str
    question: str
    history: list[ModelMessage] = field(default_factory=list[ModelMessage])
    model_settings: ModelSettings | None = None
    idempotency_key: str | None = None
    request_hash: str | None = None


class BegunTurn(BaseModel):
    """What ``begin_turn`` gives back. Where ``resumed`` is true, the question had been asked before: nothing began."""

    resumed: bool
    user_id: UUID
    run_id: UUID | None = None
    answer_id: str | None = None
    state: RunState | None = None
    agent: AgentSpecification | None = None
    history: list[StoredMessage] = Field(default_factory=list[StoredMessage])


class KeptAnswer(BaseModel):
    """An answer that is kept for a request that may be repeated."""

    parts: list[dict[str, Any]]
    finish_reason: str | None = None


class BegunRun(BaseModel):
    """What ``begin_run`` gives back. Where ``resumed`` is true, the request had been made before: nothing began."""

    resumed: bool
    run_id: UUID
    user_id: UUID
    agent: AgentSpecification
    state: RunState = "running"
    answer: KeptAnswer | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    created_at: datetime | None = None


class RunRecord(BaseModel):
    """What has become of a run: ``parts`` is its answer, or what is kept of it so far."""

    id: UUID
    state: RunState
    conversation_id: str | None
    agent: str | None
    question_id: str | None
    question: list[dict[str, Any]] | None
    answer_id: str | None
    parts: list[dict[str, Any]]
    error: dict[str, Any] | None
    created_at: datetime
    finished_at: datetime | None


class Decision(BaseModel):
    """What a person has decided about one call of a tool.

    Args:
        id: The id of the call.
        approved: Whether it may be done.
        reason: Why not, told to the model.
    """

    id: str = Field(min_length=1, max_length=200)
    approved: bool
    reason: str | None = Field(default=None, max_length=2000)


class ResumedTurn(BaseModel):
    """What ``resume_turn`` gives back. Where ``resumed`` is true, it had been decided before: nothing began."""

    resumed: bool
    run_id: UUID
    user_id: UUID
    answer_id: str
    state: RunState
    conversation_id: str | None
    agent: AgentSpecification | None = None
    parts: list[dict[str, Any]] = Field(default_factory=list[dict[str, Any]])
    exchange: list[dict[str, JsonValue]] = Field(default_factory=list[dict[str, JsonValue]])
    history: list[StoredMessage] = Field(default_factory=list[StoredMessage])


class KeptRuns(BaseModel):
    """The answer to a sign of life: runs that are to be stopped, and runs that are no longer ours."""

    cancel: list[UUID]
    lost: list[UUID]


class RunRepository:
    """All of the runs' database access.

    Args:
        database: Acting as the service.
        owner: The name of this process, which fences its runs from those of others.
        lease_seconds: How long a run counts as alive without a sign.
    """

    def __init__(self, database: Database, *, owner: str, lease_seconds: float) -> None:
        self._database = database
        self._owner = owner
        self._lease_seconds = lease_seconds

    async def begin(
        self, caller: Caller, question: Question, *, run_id: UUID, answer_id: str, history_limit: int
    ) -> BegunTurn:
        """Begin a turn: conversation, question, agent, history and run in one transaction.

        Raises:
            NotFound: The conversation is somebody else's, or the agent or a message that is named is not there.
            Conflict: An answer is being written in this conversation, or the agent is paused.
            NotAllowed: The account is suspended, or the key is not for this agent.
            NotAuthenticated: The key is unknown, revoked or has expired.
        """
        request = question.model_dump(mode="json") | {
            "run_id": str(run_id),
            "answer_id": answer_id,
            "owner": self._owner,
            "lease_seconds": self._lease_seconds,
            "history_limit": history_limit,
        }
        row = await self._database.call("begin_turn_as", {"p_caller": caller.as_json(), "p_request": request})
        return BegunTurn.model_validate(row)

    async def begin_run(self, caller: Caller, request: ProgramRequest, *, run_id: UUID) -> BegunRun:
        """Begin a run without a conversation.

        Raises:
            NotFound: There is no such agent for this caller.
            Conflict: The agent is paused.
            NotAllowed: The account is suspended, or the key is not for this agent.
            NotAuthenticated: The key is unknown, revoked or has expired.
            Unprocessable: The idempotency key was used for another request.
        """
        wanted = {
            "run_id": str(run_id),
            "agent": request.agent,
            "door": request.door,
            "owner": self._owner,
            "lease_seconds": self._lease_seconds,
            "idempotency_key": request.idempotency_key,
            "request_hash": request.request_hash,
        }
        row = await self._database.call("begin_run", {"p_caller": caller.as_json(), "p_request": wanted})
        return BegunRun.model_validate(row)

    async def resume(
        self, user_id: UUID, run_id: UUID, decisions: Sequence[Decision], *, history_limit: int
    ) -> ResumedTurn:
        """Let a run go on that waits for a person.

        Raises:
            NotFound: The person has no such run, or its agent is not open to them any more.
            Conflict: Its agent is paused.
            Unprocessable: One of the tools that it waits for has no decision.
            NotAllowed: The account is suspended.
        """
        request = {
            "run_id": str(run_id),
            "approvals": [decision.model_dump() for decision in decisions],
            "owner": self._owner,
            "lease_seconds": self._lease_seconds,
            "history_limit": history_limit,
        }
        row = await self._database.call("resume_turn", {"p_user": str(user_id), "p_request": request})
        return ResumedTurn.model_validate(row)

    async def run_of_message(self, user_id: UUID, conversation_id: str, message_id: str) -> UUID | None:
        """The run that made a message of a person's conversation; None where there is none."""
        row = await self._database.call(
            "run_of_message",
            {"p_user": str(user_id), "p_conversation": conversation_id, "p_message": message_id},
        )
        return None if row is None else UUID(row)

    async def get(self, user_id: UUID, run_id: UUID) -> RunRecord | None:
        """What has become of a run; None where the person has no such run."""
        row = await self._database.call("get_run_as", {"p_user": str(user_id), "p_run": str(run_id)})
        return None if row is None else RunRecord.model_validate(row)

    async def keep(self, signs: Sequence[tuple[UUID, list[dict[str, Any]] | None]]) -> KeptRuns:
        """Give a sign of life for runs, with what their answers have grown to (None: nothing new)."""
        runs = [{"id": str(run_id), "parts": parts} for run_id, parts in signs]
        row = await self._database.call(
            "keep_runs", {"p_owner": self._owner, "p_runs": runs, "p_lease_seconds": self._lease_seconds}
        )
        return KeptRuns.model_validate(row)

    async def finish(self, run_id: UUID, result: dict[str, Any]) -> str:
        """Store the end of a run with its answer and steps, once; returns the state that the run now has."""
        return str(
            await self._database.call("finish_run", {"p_run": str(run_id), "p_owner": self._owner, "p_result": result})
        )

    async def undo(self, run_id: UUID) -> None:
        """Take back a run that was refused before anything was sent, with its question: as if it had not been asked."""
        await self._database.call("undo_turn", {"p_run": str(run_id), "p_owner": self._owner})

    async def request_cancel(self, user_id: UUID, run_id: UUID) -> RunState | None:
        """Ask whichever process works on it to stop a run; None where the person has no such run."""
        state: RunState | None = await self._database.call(
            "request_cancel", {"p_user": str(user_id), "p_run": str(run_id)}
        )
        return state

    async def interrupt_expired(self) -> int:
        """Mark runs whose process has died as interrupted, keeping what was written; returns how many."""
        return int(await self._database.call("interrupt_expired_runs"))

    async def forget_answers(self) -> None:
        """Forget the answers kept for requests that have not been repeated within a day."""
        await self._database.call("forget_answers")
