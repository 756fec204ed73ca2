"""The tool by which a model looks passages up in the documents."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_ai import RunContext, ToolReturn

from agent_api.assistant.citations import as_prompt
from agent_api.assistant.turn import Turn


async def search_knowledge(
    ctx: RunContext[Turn],
    query: Annotated[str, Field(description="What to look for, as a question or key words.", max_length=2000)],
) -> ToolReturn[str]:
    """Search the documents for passages about something.

    Returns numbered passages. Cite a passage that you rely on by its number in square brackets, like [2]. Search again
    with other words when the passages do not answer the question.
    """
    numbered, events = ctx.deps.citations.enter(await ctx.deps.look_up(query))
    for event in events:
        await ctx.emit(event)
    return ToolReturn(return_value=as_prompt(numbered), metadata={"passages": numbered})
