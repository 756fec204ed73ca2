"""A deployment made into a pydantic-ai agent."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from pydantic_ai import Agent, DeferredToolRequests
from pydantic_ai.settings import ModelSettings

from agent_api.assistant.specification import AgentSpecification
from agent_api.assistant.tool_choices import read_choices
from agent_api.assistant.toolbox import Toolbox
from agent_api.assistant.tools.knowledge import search_knowledge
from agent_api.assistant.turn import Turn

#: Agents kept built. One takes some tens of kilobytes; a deployment never changes, so a kept one is never stale.
_KEPT = 2000

#: What a run of an agent ends with: its answer, or the tools that it needs a person's approval for.
Output = str | DeferredToolRequests


class AgentBuilder:
    """Builds agents, and keeps the latest by deployment.

    Args:
        toolbox: The tools that there are.
    """

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox
        self._kept: dict[tuple[UUID, int], Agent[Turn, Output]] = {}

    def build(self, specification: AgentSpecification) -> Agent[Turn, Output]:
        """The agent of a deployment, without a model: that is chosen for each run.

        Raises:
            Conflict: Its tools are not known to this version.
            Unprocessable: One of its tools is not available here any more.
        """
        if specification.number == 0:  # a draft, which does change
            return self._build(specification)
        key = (specification.id, specification.number)
        agent = self._kept.pop(key, None) or self._build(specification)
        self._kept[key] = agent  # at the end again: the front is what was used least lately
        if len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return agent

    def _build(self, specification: AgentSpecification) -> Agent[Turn, Output]:
        choices = read_choices(specification.tools)
        agent = Agent(
            None,
            deps_type=Turn,
            # An output that an agent can never come to would still be told to its model.
            output_type=[str, DeferredToolRequests] if any(choice.approval for choice in choices) else str,
            name=specification.slug,
            instructions=specification.instructions or None,
            model_settings=cast("ModelSettings", specification.model_settings) or None,
            toolsets=self._toolbox.toolsets(choices),
        )
        if specification.knowledge.mode != "off":
            agent.tool(search_knowledge)
        return agent
