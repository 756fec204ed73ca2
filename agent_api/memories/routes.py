"""What agents remember of oneself."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from agent_api.dependencies import UserDatabase
from agent_api.memories.repository import MemoryList, MemoryRepository
from agent_api.problems import documented

router = APIRouter(prefix="/api/memories", tags=["memories"])


def _repository(database: UserDatabase) -> MemoryRepository:
    return MemoryRepository(database)


Memories = Annotated[MemoryRepository, Depends(_repository)]


@router.get("", responses=documented(401, 503))
async def list_memories(memories: Memories) -> MemoryList:
    """What agents remember of oneself, newest first. Nobody else sees it."""
    return await memories.all()


@router.delete("", status_code=204, responses=documented(401, 503))
async def delete_memories(memories: Memories) -> None:
    """Let agents forget everything about oneself. It cannot be undone."""
    await memories.delete_all()


@router.delete("/{id}", status_code=204, responses=documented(401, 404, 422, 503))
async def delete_memory(id: UUID, memories: Memories) -> None:  # noqa: A002 - the path's name
    """Let agents forget one thing. It cannot be undone."""
    await memories.delete(id)
