"""Oneself, and people as admins see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from agent_api.text import storable

Role = Literal["admin", "member"]
Status = Literal["active", "suspended"]


class Me(BaseModel):
    """The person who is logged in."""

    user_id: UUID
    email: str
    display_name: str
    role: Role
    status: Status


class MyChange(BaseModel):
    """What one may change of oneself."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"display_name": "Ada"}]})

    display_name: Annotated[str, Field(max_length=200), AfterValidator(storable)]


class GroupOfPerson(BaseModel):
    """A group that a person is in."""

    id: UUID
    name: str


class Person(Me):
    """A person, as admins see them."""

    created_at: datetime
    groups: list[GroupOfPerson]
    last_run_at: datetime | None = Field(description="When they last asked something.")


class PersonPage(BaseModel):
    """People by address."""

    items: list[Person]
    next_cursor: str | None = None


class PersonChange(BaseModel):
    """What an admin may change of a person; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"role": "admin"}]})

    role: Role | None = None
    status: Status | None = Field(default=None, description="`suspended`: they cannot log in, ask or read any more.")
