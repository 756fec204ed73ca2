"""The tool by which a model asks another agent."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_ai import FunctionToolset, RunContext, Tool

from agent_api.assistant.tool_choices import AgentChoice
from agent_api.assistant.turn import Turn


def agent_toolset(choice: AgentChoice) -> FunctionToolset[Turn]:
    """The tool for one agent, as a deployment has chosen it."""

    async def ask(
        ctx: RunContext[Turn],
        question: Annotated[
            str,
            Field(description="The question, complete in itself: it sees nothing of this conversation.", min_length=1),
        ],
    ) -> str:
        return await ctx.deps.delegation.ask(ctx, choice.slug, question)

    purpose = choice.purpose.strip() or f"Ask the agent called {choice.slug}."
    tool = Tool[Turn](ask, name=f"ask_{choice.slug.replace('-', '_')}", description=purpose)
    return FunctionToolset[Turn]([tool], id=f"agent-{choice.slug}")
