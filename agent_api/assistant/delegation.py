"""One agent asks another, within one run: by the same person's rights, out of the same budget, to a bounded depth."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterable
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic_ai import DeferredToolRequests, ModelRetry, RunContext
from pydantic_ai.messages import AgentStreamEvent, CustomEvent

from agent_api.assistant.limits import usage_limits
from agent_api.assistant.models import Models
from agent_api.assistant.models_in_use import fallback_capabilities
from agent_api.assistant.specification import AgentSpecification
from core.errors import Conflict, NotFound
from core.supabase import Database

if TYPE_CHECKING:
    from agent_api.assistant.build import AgentBuilder
    from agent_api.assistant.turn import Turn


class Delegation:
    """Lets agents ask agents.

    Args:
        database: In the service's name; which agents a person may use is decided there.
        agents: Where agents are built.
        models: The language models.
        depth: How many may stand in a row.
    """

    def __init__(self, database: Database, agents: AgentBuilder, models: Models, *, depth: int) -> None:
        self._database = database
        self._agents = agents
        self._models = models
        self._depth = depth

    async def find(self, user_id: UUID, slug: str) -> AgentSpecification:
        """The live deployment of an agent, for a person.

        Raises:
            NotFound: There is no such agent for them.
            Conflict: It is paused or was never deployed.
        """
        row = await self._database.call("find_agent", {"p_user": str(user_id), "p_slug": slug})
        return AgentSpecification.model_validate(row)

    async def ask(self, ctx: RunContext[Turn], slug: str, question: str) -> str:
        """The answer of the agent called ``slug``.

        Raises:
            ModelRetry: It cannot be asked, said so that the model can go on without it.
        """
        turn = ctx.deps
        if slug in turn.asked or len(turn.asked) >= self._depth:
            raise ModelRetry(f"{slug} cannot be asked from here: agents would go on asking one another.")
        try:
            specification = await self.find(turn.user_id, slug)
        except (NotFound, Conflict) as error:
            raise ModelRetry(f"{error.detail} Answer without it.") from error
        chain = await self._models.chain(specification.model, specification.fallback_models)

        async def pass_on(_: RunContext[Turn], events: AsyncIterable[AgentStreamEvent]) -> None:
            # What the other one writes is for this model; the citations are for the person.
            async for event in events:
                if isinstance(event, CustomEvent):
                    await ctx.emit(event)

        result = await self._agents.build(specification).run(
            question,
            deps=dataclasses.replace(turn, specification=specification, asked=(*turn.asked, slug), chain=chain),
            model=chain[0],
            # One purse: what the other one uses counts for the run.
            usage=ctx.usage,
            usage_limits=ctx.usage_limits or usage_limits(specification.limits, turn.bounds),
            event_stream_handler=pass_on,
            capabilities=[*turn.watchers, *fallback_capabilities(chain)],
        )
        if isinstance(result.output, DeferredToolRequests):
            raise ModelRetry(f"{slug} needs a person's approval for a tool, which cannot be asked for from here.")
        return result.output
