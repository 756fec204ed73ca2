"""Groups as they are shown and asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agent_api.text import storable


class GroupRequest(BaseModel):
    """A group to be made, or the name that it gets."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Accounting"}]})

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S"), AfterValidator(storable)]


class MemberChange(BaseModel):
    """Who comes into a group and who goes."""

    model_config = ConfigDict(extra="forbid")

    add: list[UUID] = Field(default_factory=list[UUID], max_length=1000)
    remove: list[UUID] = Field(default_factory=list[UUID], max_length=1000)


class Group(BaseModel):
    """A group."""

    id: UUID
    name: str
    created_at: datetime
    members: int = Field(description="How many are in it, as far as one may see them.")


class GroupList(BaseModel):
    """Groups by name: an admin sees all, others their own."""

    items: list[Group]
    next_cursor: str | None = None


class Member(BaseModel):
    """Somebody in a group."""

    user_id: UUID
    email: str
    display_name: str


class MemberList(BaseModel):
    """The people in a group, by address."""

    items: list[Member]
    next_cursor: str | None = None
