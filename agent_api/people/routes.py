"""Oneself."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from agent_api.dependencies import CurrentUser, UserDatabase
from agent_api.problems import documented
from core.errors import NotAuthenticated

router = APIRouter(prefix="/api", tags=["people"])

_COLUMNS = "user_id,email,display_name,role,status"


class Me(BaseModel):
    """The person who is logged in."""

    user_id: UUID
    email: str
    display_name: str
    role: Literal["admin", "member"]
    status: Literal["active", "suspended"]


@router.get("/me", responses=documented(401, 503))
async def me(user: CurrentUser, database: UserDatabase) -> Me:
    """Who is logged in, with their role here."""
    select = database.table("user_profiles").select(_COLUMNS).eq("user_id", str(user.id))
    rows: list[dict[str, Any]] = await database.run(select)
    if not rows:
        raise NotAuthenticated("This account is not there any more. Please sign up again.")
    return Me.model_validate(rows[0])
