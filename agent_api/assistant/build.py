"""A deployment made into a pydantic-ai agent."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from pydantic_ai import Agent
from pydantic_ai.settings import ModelSettings

from agent_api.assistant.specification import AgentSpecification
from agent_api.assistant.tools.knowledge import search_knowledge
from agent_api.assistant.turn import Turn

#: Agents kept built. One takes some tens of kilobytes; a deployment never changes, so a kept one is never stale.
_KEPT = 2000


class AgentBuilder:
    """Builds agents, and keeps the latest by deployment."""

    def __init__(self) -> None:
        self._kept: dict[tuple[UUID, int], Agent[Turn, str]] = {}

    def build(self, specification: AgentSpecification) -> Agent[Turn, str]:
        """The agent of a deployment, without a model: that is chosen for each run."""
        key = (specification.id, specification.number)
        agent = self._kept.pop(key, None) or _build(specification)
        self._kept[key] = agent  # at the end again: the front is what was used least lately
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return agent


def _build(specification: AgentSpecification) -> Agent[Turn, str]:
    agent = Agent(
        None,
        deps_type=Turn,
        output_type=str,
        name=specification.slug,
        instructions=specification.instructions or None,
        model_settings=cast("ModelSettings", specification.model_settings) or None,
    )
    if specification.knowledge.mode != "off":
        agent.tool(search_knowledge)
    return agent
