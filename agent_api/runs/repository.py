"""The run in the database: begun, kept alive and finished, each in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from agent_api.assistant.history import StoredMessage
from agent_api.assistant.specification import AgentSpecification
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


class BegunTurn(BaseModel):
    """What ``begin_turn`` gives back. Where ``resumed`` is true, the question had been asked before: nothing began."""

    resumed: bool
    run_id: UUID | None = None
    answer_id: str | None = None
    state: RunState | None = None
    agent: AgentSpecification | None = None
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
        self, user_id: UUID, question: Question, *, run_id: UUID, answer_id: str, history_limit: int
    ) -> BegunTurn:
        """Begin a turn: conversation, question, agent, history and run in one transaction.

        Raises:
            NotFound: The conversation is somebody else's, or the agent or a message that is named is not there.
            Conflict: An answer is being written in this conversation, or the agent is paused.
            NotAllowed: The account is suspended.
        """
        request = question.model_dump(mode="json") | {
            "run_id": str(run_id),
            "answer_id": answer_id,
            "owner": self._owner,
            "lease_seconds": self._lease_seconds,
            "history_limit": history_limit,
        }
        row = await self._database.call("begin_turn", {"p_user": str(user_id), "p_request": request})
        return BegunTurn.model_validate(row)

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
            await self._database.call("finish_turn", {"p_run": str(run_id), "p_owner": self._owner, "p_result": result})
        )

    async def request_cancel(self, user_id: UUID, run_id: UUID) -> RunState | None:
        """Ask whichever process works on it to stop a run; None where the person has no such run."""
        state: RunState | None = await self._database.call(
            "request_cancel", {"p_user": str(user_id), "p_run": str(run_id)}
        )
        return state

    async def interrupt_expired(self) -> int:
        """Mark runs whose process has died as interrupted, keeping what was written; returns how many."""
        return int(await self._database.call("interrupt_expired_runs"))
