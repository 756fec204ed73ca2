"""The agents that one may talk to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from agent_api.dependencies import UserDatabase
from agent_api.problems import documented

router = APIRouter(prefix="/api/agents", tags=["agents"])


class AgentSummary(BaseModel):
    """An agent as people meet it."""

    id: UUID
    slug: str
    name: str
    description: str
    starters: list[str]
    status: str


class AgentList(BaseModel):
    """The agents that one may talk to."""

    items: list[AgentSummary]
    next_cursor: str | None = None


@router.get("", responses=documented(401, 503))
async def list_agents(database: UserDatabase) -> AgentList:
    """The agents that one may talk to, by name."""
    select = database.table("agents").select("id,slug,name,description,starters,status").order("name").limit(1000)
    rows: list[dict[str, Any]] = await database.run(select)
    return AgentList(items=[AgentSummary.model_validate(row) for row in rows])
