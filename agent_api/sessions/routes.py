"""One's own sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import jwt
from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from agent_api.auth.tokens import User
from agent_api.dependencies import CurrentUser, ServiceDatabase
from agent_api.problems import documented
from core.errors import NotFound

router = APIRouter(prefix="/api/sessions", tags=["people"])

SessionId = Annotated[UUID, Path(alias="id")]


class Session(BaseModel):
    """A browser that is logged in."""

    id: UUID
    created_at: datetime
    used_at: datetime = Field(description="When it last asked for a new access token.")
    user_agent: str = Field(description="What the browser calls itself; empty where Supabase does not keep it.")
    address: str = Field(description="Where it was; empty where Supabase does not keep it.")
    current: bool = Field(description="Whether this request comes from it.")


class SessionList(BaseModel):
    """Sessions, newest first."""

    items: list[Session]
    next_cursor: str | None = None


class EndedSessions(BaseModel):
    """How many were ended."""

    ended: int


@router.get("", responses=documented(401, 409, 503))
async def list_sessions(user: CurrentUser, service: ServiceDatabase) -> SessionList:
    """Where one is logged in."""
    # In the service's name: sessions are GoTrue's. The function is told whose.
    rows: list[dict[str, Any]] = await service.call("list_sessions", {"p_user": str(user.id)})
    current = _session_of(user)
    return SessionList(items=[Session(current=row["id"] == current, **row) for row in rows])


@router.delete("", responses=documented(401, 409, 503))
async def end_other_sessions(user: CurrentUser, service: ServiceDatabase) -> EndedSessions:
    """Log out everywhere else. A browser goes on for at most an hour, until its access token has run out."""
    arguments = {"p_user": str(user.id), "p_session": None, "p_keep": _session_of(user)}
    return EndedSessions(ended=await service.call("end_sessions", arguments))


@router.delete("/{id}", status_code=204, responses=documented(401, 404, 409, 422, 503))
async def end_session(session_id: SessionId, user: CurrentUser, service: ServiceDatabase) -> None:
    """Log one browser out. It goes on for at most an hour, until its access token has run out."""
    arguments = {"p_user": str(user.id), "p_session": str(session_id), "p_keep": None}
    if not await service.call("end_sessions", arguments):
        raise NotFound("There is no such session of yours.", slug="session-not-found")


def _session_of(user: User) -> str | None:
    """The session that the request comes from. The token was verified when the user was made of it."""
    claims: dict[str, Any] = jwt.decode(user.token, options={"verify_signature": False})  # pyright: ignore[reportUnknownMemberType]
    session = claims.get("session_id")
    return str(session) if session else None
