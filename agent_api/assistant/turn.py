"""What the tools of an agent know about the turn they are called in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.models import Model

from agent_api.assistant.citations import CitationBook
from agent_api.assistant.delegation import Delegation
from agent_api.assistant.limits import RunBounds
from agent_api.assistant.specification import AgentSpecification
from core.knowledge.search import KnowledgeSearch, Passage, SearchFilters


@dataclass(frozen=True)
class Turn:
    """The dependencies of one run: who asks, as which agent, and the means to answer.

    Args:
        user_id: The person whose rights every look-up goes by.
        specification: The deployment that answers.
        search: The search over all documents.
        delegation: How other agents are asked.
        citations: The numbers given out so far.
        asked: The agents that led here, this one's the last: none is asked twice in a row of questions.
        chain: The models that answer: the first, and those that stand in for it.
        watchers: What watches each request and each tool of the run, those of other agents too.
        bounds: The server's bounds of a run.
    """

    user_id: UUID
    specification: AgentSpecification
    search: KnowledgeSearch
    delegation: Delegation
    citations: CitationBook = field(default_factory=CitationBook)
    asked: tuple[str, ...] = ()
    chain: Sequence[Model] = ()
    watchers: tuple[AbstractCapability[Turn], ...] = ()
    bounds: RunBounds = field(default_factory=RunBounds)

    async def look_up(self, query: str) -> list[Passage]:
        """The passages that match ``query`` best, among those that the person may read and the agent may use."""
        scope = self.specification.knowledge
        filters = SearchFilters(source_ids=scope.source_ids) if scope.source_ids else None
        return await self.search.search(query, user_id=self.user_id, limit=scope.limit, filters=filters)
