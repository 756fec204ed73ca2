"""What is remembered of a person, for the tools of an agent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import structlog
from pydantic_ai.embeddings import Embedder

from core.errors import RoostError
from core.knowledge.embedding import NamedEmbedder, embed_question, vector_text
from core.supabase import Database

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Memory:
    """One thing that is remembered."""

    id: UUID
    text: str
    since: date


class MemoryStore:
    """Remembers and recalls, for one person at a time.

    Args:
        database: In the service's name; each function is told whose memories they are.
        embedder: Makes vectors, so that a memory is found by other words too.
    """

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder

    async def remember(self, user_id: UUID, agent_id: UUID, text: str) -> None:
        """Write something down. What is there already is not written twice."""
        embedding, model = await self._embed(text)
        await self._database.call(
            "remember",
            {
                "p_user": str(user_id),
                "p_agent": str(agent_id),
                "p_text": text,
                "p_embedding": embedding,
                "p_model": model,
            },
        )

    async def recall(self, user_id: UUID, query: str, *, limit: int = 8) -> list[Memory]:
        """The memories that bear on ``query``, best first."""
        embedding, model = await self._embed(query)
        rows = await self._database.call(
            "recall",
            {
                "p_user": str(user_id),
                "p_query": query,
                "p_embedding": embedding,
                "p_model": model,
                "p_limit": limit,
            },
        )
        return [Memory(UUID(row["id"]), row["text"], datetime.fromisoformat(row["created_at"]).date()) for row in rows]

    async def forget(self, user_id: UUID, memory_id: UUID) -> bool:
        """Remove one; returns whether it was there."""
        return bool(await self._database.call("forget", {"p_user": str(user_id), "p_id": str(memory_id)}))

    async def _embed(self, text: str) -> tuple[str | None, str | None]:
        """The vector and its model's name; without either where the model cannot be reached: words serve alone then."""
        name = self._embedder.name if isinstance(self._embedder, NamedEmbedder) else None
        try:
            return vector_text(await embed_question(self._embedder, text)), name
        except RoostError as error:
            _log.warning("a memory goes without its vector", detail=error.detail)
            return None, None
