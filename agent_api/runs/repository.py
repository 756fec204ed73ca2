"""The run in the database: begun, kept alive and finished, each in one call."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from agent_api.auth.callers import Caller
from agent_api.runs.records import BegunRun, BegunTurn, KeptRuns, ResumedTurn, RunRecord, RunState
from agent_api.runs.requests import Decision, ProgramRequest, Question
from agent_api.runs.storable import storable
from core.supabase import Database


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
        runs = [{"id": str(run_id), "parts": storable(parts)} for run_id, parts in signs]
        row = await self._database.call(
            "keep_runs", {"p_owner": self._owner, "p_runs": runs, "p_lease_seconds": self._lease_seconds}
        )
        return KeptRuns.model_validate(row)

    async def finish(self, run_id: UUID, result: dict[str, Any]) -> str:
        """Store the end of a run with its answer and steps, once; returns the state that the run now has."""
        return str(
            await self._database.call(
                "finish_run", {"p_run": str(run_id), "p_owner": self._owner, "p_result": storable(result)}
            )
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
