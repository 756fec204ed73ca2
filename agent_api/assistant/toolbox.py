"""The tools that this Roost has, and those of them that a deployment has chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from pydantic_ai import AbstractToolset

from agent_api.assistant.memory import MemoryStore
from agent_api.assistant.sandbox import PythonSandbox
from agent_api.assistant.settings import McpServer
from agent_api.assistant.tool_choices import (
    AgentChoice,
    McpChoice,
    MemoryChoice,
    PythonChoice,
    QueryTableChoice,
    ReadPageChoice,
    ToolChoice,
    WebSearchChoice,
)
from agent_api.assistant.tools.agents import agent_toolset
from agent_api.assistant.tools.memory import memory_toolset
from agent_api.assistant.tools.python import python_toolset
from agent_api.assistant.tools.read_page import read_page_toolset
from agent_api.assistant.tools.tables import tables_toolset
from agent_api.assistant.tools.web_search import web_search_toolset
from agent_api.assistant.turn import Turn
from agent_api.assistant.web_search import WebSearch
from core.errors import Unprocessable
from core.knowledge.tables.questions import TableQuestions

_NO_WEB_SEARCH = "Web search is not set up here. An admin can do so with WEB_SEARCH."


@dataclass(frozen=True)
class Toolbox:
    """The means that tools work by.

    Args:
        memory: What is remembered of people.
        tables: The tables of documents.
        sandbox: Where programs run.
        web_search: The provider of web searches; None where none is set.
        mcp_servers: MCP servers that are set up by name.
    """

    memory: MemoryStore
    tables: TableQuestions
    sandbox: PythonSandbox
    web_search: WebSearch | None
    mcp_servers: dict[str, McpServer]

    def toolsets(self, choices: Sequence[ToolChoice]) -> list[AbstractToolset[Turn]]:
        """The tools that a deployment has chosen, each behind a person's approval where it says so.

        Raises:
            Unprocessable: One of them is not available here.
        """
        toolsets = [(choice, self._toolset(choice)) for choice in choices]
        return [toolset.approval_required() if choice.approval else toolset for choice, toolset in toolsets]

    async def check(self, choices: Sequence[ToolChoice]) -> None:
        """Refuse choices that are not available here.

        Raises:
            Unprocessable: One of them is not, or is there twice.
        """
        seen: set[str] = set()
        for choice in choices:
            name = choice.model_dump_json(include={"kind", "slug", "server", "url"})
            if name in seen:
                raise Unprocessable(f"The tool {choice.kind} is there twice.", slug="tool-twice")
            seen.add(name)
            self._toolset(choice)
            if isinstance(choice, McpChoice):
                from agent_api.assistant.tools.mcp import check_mcp_address

                await check_mcp_address(choice)

    def reason_against(self, kind: str) -> str | None:
        """Why a kind of tool cannot be chosen here, for a person; None where it can."""
        return _NO_WEB_SEARCH if kind == "web_search" and self.web_search is None else None

    def _toolset(self, choice: ToolChoice) -> AbstractToolset[Turn]:
        match choice:
            case WebSearchChoice():
                if self.web_search is None:
                    raise Unprocessable(_NO_WEB_SEARCH, slug="tool-not-available")
                return web_search_toolset(choice, self.web_search)
            case ReadPageChoice():
                return read_page_toolset(choice)
            case MemoryChoice():
                return memory_toolset(self.memory)
            case PythonChoice():
                return python_toolset(self.sandbox)
            case McpChoice():
                # The client's packages take half a second to import: only where one is used.
                from agent_api.assistant.tools.mcp import mcp_toolset

                return mcp_toolset(choice, self.mcp_servers)
            case AgentChoice():
                return agent_toolset(choice)
            case QueryTableChoice():
                return tables_toolset(self.tables)
            case _:
                assert_never(choice)
