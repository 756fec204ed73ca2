"""Conversations and messages as they are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue


class ConversationSummary(BaseModel):
    """A conversation in a list."""

    id: str
    title: str
    agent_slug: str | None
    agent_name: str | None
    pinned: bool
    archived: bool
    created_at: datetime
    updated_at: datetime


class FoundConversation(ConversationSummary):
    """A conversation in a list, with what was said in it of what was looked for."""

    excerpt: str | None = Field(default=None, description="Where the words were said, if not in the title alone.")


class ConversationPage(BaseModel):
    """Some conversations, pinned ones first, then the newest; ``next_cursor`` asks for those after them."""

    items: list[FoundConversation]
    next_cursor: str | None = None


class RunSummary(BaseModel):
    """How an answer came about."""

    id: UUID
    state: Literal["queued", "running", "waiting", "finished", "failed", "cancelled", "interrupted"]
    error: dict[str, JsonValue] | None = Field(description="A problem document, where the run did not finish.")
    model: str | None
    agent_name: str | None = Field(default=None, description="Null where the agent is gone, or not open to the reader.")
    deployment_number: int | None = Field(default=None, description="0: a draft.")
    input_tokens: int
    output_tokens: int
    cost: float = Field(description="US dollars, without those tokens whose price is not known.")
    unpriced_tokens: int = Field(description="Tokens whose price is not known.")
    created_at: datetime
    finished_at: datetime | None


class MessageFeedback(BaseModel):
    """What the reader thought of an answer."""

    rating: Literal["up", "down"]
    comment: str
    include_text: bool = Field(description="Whether admins may read the question and the answer.")


class StoredUIMessage(BaseModel):
    """A message with its place in the tree of branches."""

    id: str
    parent_id: str | None
    role: Literal["user", "assistant"]
    parts: list[dict[str, JsonValue]] = Field(description="Parts of an AI SDK UI message.")
    created_at: datetime
    run: RunSummary | None
    feedback: MessageFeedback | None = None


class Conversation(ConversationSummary):
    """A conversation with all its branches."""

    head_id: str | None = Field(description="The last message of the branch that is shown.")
    active_run_id: UUID | None = Field(description="The run that is answering now, if any.")
    messages: list[StoredUIMessage]


class ConversationChange(BaseModel):
    """What may be changed; what is left out stays."""

    title: Annotated[str | None, Field(min_length=1, max_length=300)] = None
    pinned: bool | None = None
    archived: bool | None = None
    head_id: Annotated[str | None, Field(min_length=1, max_length=128)] = None
