"""Search over everything a person may read.

The work is one SQL function (vectors and full text, fused, with the permission filter inside). Here the question
becomes a vector, by the model that the index was built with: when the index is rebuilt with another one, the next
question notices and follows, without a restart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from pydantic_ai.embeddings import Embedder

from core.errors import (
    ConfigurationError,
    Conflict,
    NotAuthenticated,
    RateLimited,
    Unavailable,
    UpstreamFailed,
)
from core.knowledge.documents import Place, place_label
from core.knowledge.embedding import NamedEmbedder, build_embedder, embed_question, vector_text
from core.knowledge.reranking import CANDIDATES, Reranker
from core.supabase import Database

#: A question longer than this is searched by its beginning, in characters.
_LONGEST_QUESTION = 4_000


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What a search is narrowed to. ``None``: not narrowed; an empty tuple: to nothing.

    Attributes:
        source_ids: Sources.
        document_ids: Documents.
        mime_types: Types of the documents.
        modified_after: Documents changed at this time or later.
        modified_before: Documents changed before this time.
    """

    source_ids: tuple[UUID, ...] | None = None
    document_ids: tuple[UUID, ...] | None = None
    mime_types: tuple[str, ...] | None = None
    modified_after: datetime | None = None
    modified_before: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """As the SQL function takes them."""
        given: dict[str, object] = {}
        lists = {"source_ids": self.source_ids, "document_ids": self.document_ids, "mime_types": self.mime_types}
        for name, values in lists.items():
            if values is not None:
                given[name] = [str(value) for value in values]
        for name, time in {"modified_after": self.modified_after, "modified_before": self.modified_before}.items():
            if time is not None:
                given[name] = time.isoformat()
        return given


def _no_headings() -> list[str]:
    return []


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage that was found.

    Attributes:
        chunk_id: Its id for as long as its version of the document lasts.
        document_id: The document.
        title: The document's title.
        path: Where the document is in its source.
        uri: Address of the original, where there is one.
        ordinal: The passage's number in the document, from 0.
        text: What stands there.
        heading: The headings it stands under, outermost first.
        place: Where it stands.
        score: The fused rank; comparable within one answer only.
        vector_rank: Its rank by meaning, from 1; ``None``: not among the nearest.
        text_rank: Its rank by words, from 1; ``None``: not among the best.
        place_label: ``place`` for a person.
    """

    chunk_id: int
    document_id: UUID
    title: str
    path: str
    uri: str | None
    ordinal: int
    text: str
    heading: list[str] = field(default_factory=_no_headings)
    place: Place = field(default_factory=Place)
    score: float = 0.0
    vector_rank: int | None = None
    text_rank: int | None = None
    place_label: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Passage:
        """A passage from a row of the SQL function."""
        place = cast("Place", row["place"] or {})
        heading = list(row["heading"] or [])
        return cls(
            chunk_id=row["chunk_id"],
            document_id=UUID(row["document_id"]),
            title=row["title"],
            path=row["path"],
            uri=row["uri"],
            ordinal=row["ordinal"],
            text=row["text"],
            heading=heading,
            place=place,
            score=row["score"],
            vector_rank=row["vector_rank"],
            text_rank=row["text_rank"],
            place_label=place_label(place, heading),
        )


def _readable(passage: Passage) -> str:
    """A passage as a reader meets it: under its document's title and its headings."""
    return "\n".join([passage.title, *passage.heading[-2:], passage.text])


class KnowledgeSearch:
    """The one way to search, for the web, the API, agents and channels alike.

    Args:
        database: The service's access: the SQL function is told whom the search is for.
        embedder: The configured model. Its place is taken by the index's own, where that is another one.
        reranker: Looks at the best passages again; ``None``: their order stays.
    """

    def __init__(self, database: Database, embedder: Embedder, reranker: Reranker | None = None) -> None:
        self._database = database
        self._reranker = reranker
        self._embedder = embedder
        self._checked = False
        self._lock = asyncio.Lock()

    async def search(
        self, query: str, *, user_id: UUID, limit: int = 8, filters: SearchFilters | None = None
    ) -> list[Passage]:
        """The best passages for ``query`` among those that the person may read, best first.

        Raises:
            RoostError: The database or the embedding model cannot be reached.
        """
        query = query.strip()[:_LONGEST_QUESTION]
        if not query:
            return []
        wanted = max(limit, CANDIDATES) if self._reranker else limit
        for attempt in (1, 2):
            embedder = await self._current(again=attempt > 1)
            try:
                found = await self._ask(embedder, query, user_id, wanted, filters)
                return await self._look_again(query, found, limit)
            except Conflict as error:
                if error.slug != "embedding-model-changed" or attempt > 1:
                    raise
        raise Unavailable("The index is being rebuilt. Please ask again.")

    async def _look_again(self, query: str, found: list[Passage], limit: int) -> list[Passage]:
        order = None
        if self._reranker and len(found) > 1:
            order = await self._reranker.order(query, [_readable(passage) for passage in found])
        if order is None:
            return found[:limit]
        return [replace(found[index], score=score) for index, score in order[:limit]]

    async def check(self) -> None:
        """Look whether the index can be asked, without asking the model.

        Raises:
            RoostError: The database cannot be reached, or lacks the tables.
        """
        await self._index_model()

    async def _ask(
        self, embedder: Embedder, query: str, user_id: UUID, limit: int, filters: SearchFilters | None
    ) -> list[Passage]:
        try:
            vector = await embed_question(embedder, query)
        except (NotAuthenticated, RateLimited, ConfigurationError) as error:
            # Roost's own trouble with the model's provider: whoever asks has done nothing wrong.
            raise UpstreamFailed(error.detail) from error
        narrowed = filters.as_json() if filters else {}
        if isinstance(embedder, NamedEmbedder):
            narrowed["embedding_model"] = embedder.name
        rows = await self._database.call(
            "search_knowledge_as",
            {
                "p_user": str(user_id), "p_query": query, "p_embedding": vector_text(vector), "p_limit": limit,
                "p_filters": narrowed,
            },
        )  # fmt: skip
        return [Passage.from_row(row) for row in rows]

    async def _current(self, *, again: bool) -> Embedder:
        """The embedder of the index's model; looked up at the first question, and when the index says no."""
        async with self._lock:
            if again or not self._checked:
                model = await self._index_model()
                if model and isinstance(self._embedder, NamedEmbedder) and self._embedder.name != model:
                    # A provider's library takes seconds to import.
                    self._embedder = await asyncio.to_thread(build_embedder, model)
                self._checked = model is not None
            return self._embedder

    async def _index_model(self) -> str | None:
        row = await self._database.run(self._database.table("embedding_index").select("model").retry(False).single())
        return cast("str | None", row["model"])
