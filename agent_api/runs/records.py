"""What the database says of runs: begun, let go on, ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue

from agent_api.assistant.history import StoredMessage
from agent_api.assistant.specification import AgentSpecification

RunState = Literal["queued", "running", "waiting", "finished", "failed", "cancelled", "interrupted"]


class BegunTurn(BaseModel):
    """What ``begin_turn`` gives back. Where ``resumed`` is true, the question had been asked before: nothing began."""

    resumed: bool
    user_id: UUID
    conversation_id: str
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
    """What has become of a run: ``parts`` is its answer, or what is kept of it so far.

    ``conversation_name`` is what the program that asked calls the conversation, for others its id.
    """

    id: UUID
    state: RunState
    conversation_id: str | None
    conversation_name: str | None
    agent: str | None
    question_id: str | None
    question: list[dict[str, Any]] | None
    answer_id: str | None
    parts: list[dict[str, Any]]
    error: dict[str, Any] | None
    created_at: datetime
    finished_at: datetime | None


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
