"""The tool by which a model searches the web."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_ai import FunctionToolset, ModelRetry

from agent_api.assistant.tool_choices import WebSearchChoice
from agent_api.assistant.turn import Turn
from agent_api.assistant.web_search import WebSearch
from core.errors import RoostError


def web_search_toolset(choice: WebSearchChoice, web: WebSearch) -> FunctionToolset[Turn]:
    """The tool, as a deployment has chosen it."""

    async def web_search(
        query: Annotated[str, Field(description="What to search the web for.", min_length=1, max_length=400)],
    ) -> str:
        """Search the web. Returns titles, addresses and short texts; name the addresses that you rely on."""
        try:
            results = await web.search(query, limit=choice.results)
        except RoostError as error:
            raise ModelRetry(f"{error.detail} Answer without it, and say so.") from error
        if not results:
            return "Nothing was found."
        blocks = [f"{n}. {result.title}\n   {result.url}\n   {result.text}" for n, result in enumerate(results, 1)]
        return "\n".join(blocks)

    return FunctionToolset[Turn]([web_search], id="web_search")
