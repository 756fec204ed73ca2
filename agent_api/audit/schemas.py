"""Lines of the audit log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue


class AuditLine(BaseModel):
    """One change."""

    id: int
    at: datetime
    actor_id: UUID | None = Field(description="Who changed it; null: Roost itself.")
    actor_email: str
    action: str = Field(examples=["agent.deploy"])
    subject_kind: str = Field(examples=["agent"])
    subject_id: str
    subject_name: str
    before: JsonValue = Field(description="What differed before, without secrets; null: it was not there.")
    after: JsonValue = Field(description="What differs now, without secrets; null: it is not there any more.")


class AuditPage(BaseModel):
    """Lines, newest first."""

    items: list[AuditLine]
    next_cursor: str | None = None
