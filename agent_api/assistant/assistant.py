"""All that answering takes, in one hand: agents, models, search, and how agents ask one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic_ai.capabilities import AbstractCapability
from pydantic_ai.models import Model

from agent_api.assistant.attachments import AttachmentStore
from agent_api.assistant.build import AgentBuilder
from agent_api.assistant.citations import CitationBook
from agent_api.assistant.delegation import Delegation
from agent_api.assistant.limits import RunBounds
from agent_api.assistant.models import Models
from agent_api.assistant.specification import AgentSpecification
from agent_api.assistant.toolbox import Toolbox
from agent_api.assistant.turn import Turn
from core.knowledge.search import KnowledgeSearch


@dataclass(frozen=True)
class Assistant:
    """What runs are made of.

    Args:
        agents: Where agents are built and kept.
        models: The language models.
        search: The search over all documents.
        delegation: How agents ask one another.
        toolbox: The tools that there are.
        attachments: Files that are part of questions.
        bounds: The server's bounds of a run.
        tracing: What tells runs to Langfuse; nothing where that is off.
    """

    agents: AgentBuilder
    models: Models
    search: KnowledgeSearch
    delegation: Delegation
    toolbox: Toolbox
    attachments: AttachmentStore
    bounds: RunBounds
    tracing: tuple[AbstractCapability[Turn], ...] = ()

    def turn(
        self,
        user_id: UUID,
        specification: AgentSpecification,
        *,
        citations: CitationBook,
        chain: Sequence[Model],
        watchers: tuple[AbstractCapability[Turn], ...],
    ) -> Turn:
        """The dependencies of one run of an agent, for a person."""
        return Turn(
            user_id=user_id,
            specification=specification,
            search=self.search,
            delegation=self.delegation,
            citations=citations,
            asked=(specification.slug,),
            chain=chain,
            watchers=watchers,
            bounds=self.bounds,
        )
