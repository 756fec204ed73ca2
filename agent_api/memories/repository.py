"""A person's memories in the database, under their own rights."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from core.errors import NotFound
from core.supabase import Database


class RememberedThing(BaseModel):
    """One thing that agents remember of oneself."""

    id: UUID
    text: str
    agent_name: str | None = Field(description="The agent that wrote it down.")
    created_at: datetime
    recalled_at: datetime | None = Field(description="When an agent last recalled it.")


class MemoryList(BaseModel):
    """What is remembered, newest first. There are 500 at most."""

    items: list[RememberedThing]
    next_cursor: str | None = None


class MemoryRepository:
    """One's own memories.

    Args:
        database: In the person's name: row-level security shows their own and no others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> MemoryList:
        """Everything that is remembered."""
        select = self._database.table("memories").select("id,text,created_at,recalled_at,agents(name)")
        rows: list[dict[str, Any]] = await self._database.run(
            select.order("created_at", desc=True).order("id", desc=True)
        )
        return MemoryList(
            items=[RememberedThing(agent_name=row["agents"]["name"] if row["agents"] else None, **row) for row in rows]
        )

    async def delete(self, memory_id: UUID) -> None:
        """Forget one thing.

        Raises:
            NotFound: It is not there, or somebody else's.
        """
        rows: list[dict[str, Any]] = await self._database.run(
            self._database.table("memories").delete().eq("id", str(memory_id))
        )
        if not rows:
            raise NotFound("There is no such memory.", slug="memory-not-found")

    async def delete_all(self) -> None:
        """Forget everything."""
        await self._database.run(self._database.table("memories").delete().gte("created_at", "1970-01-01"))
