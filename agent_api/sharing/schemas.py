"""Links as they are made and listed, and what they show."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class LinkRequest(BaseModel):
    """A link to be made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"expires_at": "2027-01-31T00:00:00Z"}]})

    expires_at: AwareDatetime | None = Field(default=None, description="When it stops to work. Unset: when taken back.")


class SharedLink(BaseModel):
    """A link as it is listed: enough to take it back, too little to open it."""

    id: UUID
    user_id: UUID
    email: str | None = Field(default=None, description="Whose it is.")
    conversation_id: str
    title: str
    expires_at: datetime | None
    views: int
    last_viewed_at: datetime | None
    created_at: datetime


class NewSharedLink(SharedLink):
    """A link that was just made."""

    token: str = Field(description="Shown this once. The page is at `/s/{token}`.")


class SharedLinkPage(BaseModel):
    """Links, newest first."""

    items: list[SharedLink]
    next_cursor: str | None = None


class SharedSource(BaseModel):
    """A source of an answer by its name. Its passage is not shown: readers of the link may have no right to it."""

    n: int
    title: str
    place: str | None


class SharedMessage(BaseModel):
    """A question or an answer."""

    role: Literal["user", "assistant"]
    text: str
    sources: list[SharedSource]
    created_at: datetime


class SharedConversation(BaseModel):
    """What a link shows: what had been said when it was made."""

    title: str
    agent_name: str | None
    created_at: datetime = Field(description="When the link was made.")
    messages: list[SharedMessage]
