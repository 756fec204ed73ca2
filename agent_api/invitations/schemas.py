"""Invitations as they are made, listed and accepted."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, SecretStr

from agent_api.text import storable

Address = Annotated[
    str,
    Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=320, examples=["bob@example.com"]),
    AfterValidator(storable),
]


class InvitationRequest(BaseModel):
    """Whom to let in, and as what."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"email": "bob@example.com", "role": "member", "group_ids": []}]},
    )

    email: Address
    role: Literal["admin", "member"] = "member"
    group_ids: list[UUID] = Field(default_factory=list[UUID], max_length=100)
    expires_at: AwareDatetime | None = Field(default=None, description="Unset: in seven days.")


class Invitation(BaseModel):
    """An invitation as it is listed."""

    id: UUID
    email: str
    role: Literal["admin", "member"]
    group_ids: list[UUID]
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None


class NewInvitation(Invitation):
    """An invitation that was just made."""

    token: str = Field(description="Shown this once. The page is at `/invitation/{token}`.")


class InvitationList(BaseModel):
    """Invitations, newest first."""

    items: list[Invitation]
    next_cursor: str | None = None


class OpenInvitation(BaseModel):
    """What whoever holds the link is told."""

    email: str
    invited_by: str | None
    expires_at: datetime


class Acceptance(BaseModel):
    """What the person who was invited chooses."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"password": "correct horse battery", "display_name": "Bob"}]}
    )

    password: SecretStr = Field(min_length=8, max_length=72)
    display_name: Annotated[str, Field(max_length=200), AfterValidator(storable)] = ""


class Accepted(BaseModel):
    """The account that was made; log in with it."""

    email: str
