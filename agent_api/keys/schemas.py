"""API keys as they are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, JsonValue

from core.times import AwareUtcTime

_EXAMPLE: dict[str, JsonValue] = {"name": "Nightly report", "agents": ["guide"], "expires_at": "2027-01-31T00:00:00Z"}
_SHOWN: dict[str, JsonValue] = {
    "id": "0b9f6c8e-5f0e-4d8a-9f6e-2f1d0f6f7f10",
    "user_id": "7c1c1b1e-8a4f-4a53-9a39-0d5d1f2a3b4c",
    "email": "ada@example.com",
    "prefix": "roost_Vq3k9T",
    "last_used_at": "2026-11-22T07:12:00Z",
    "created_at": "2026-11-22T04:00:00Z",
    **_EXAMPLE,
}


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL character cannot be stored")
    return text


Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class ApiKeyRequest(BaseModel):
    """A key to be made."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE]})

    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_storable)] = Field(
        description="What the key is for, so that it can be told from others."
    )
    agents: list[Slug] | None = Field(
        default=None, max_length=200, description="The agents it is for, by slug. Unset: all that you may use."
    )
    expires_at: AwareUtcTime | None = Field(default=None, description="When it stops to work. Unset: never.")


class ApiKey(BaseModel):
    """A key as it is listed: enough to tell it from others, too little to use it."""

    model_config = ConfigDict(extra="ignore", json_schema_extra={"examples": [_SHOWN]})

    id: UUID
    user_id: UUID
    email: str | None = None
    name: str
    prefix: str = Field(description="Its first characters.")
    agents: list[str] | None = Field(description="The agents it is for; null: all that its owner may use.")
    expires_at: datetime | None
    last_used_at: datetime | None = Field(description="To the minute.")
    created_at: datetime


class NewApiKey(ApiKey):
    """A key that was just made, with the key itself."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**_SHOWN, "key": "roost_Vq3k9TzYc0h3W0v1p8m1m4Yq0s7m2n6Xb5u9a1d3e7f"}]}
    )

    key: str = Field(description="Shown this once. Send it as `Authorization: Bearer <key>`.")


class ApiKeyList(BaseModel):
    """Keys, newest first."""

    items: list[ApiKey]
    next_cursor: str | None = None
