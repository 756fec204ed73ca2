"""The tools of an MCP server, as an agent's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic_ai import AbstractToolset, RunContext, ToolDefinition, ToolsetTool, WrapperToolset
from pydantic_ai.mcp import MCPToolset

from agent_api.assistant.guard import check_public, guarded_client
from agent_api.assistant.settings import McpServer
from agent_api.assistant.tool_choices import McpChoice
from agent_api.assistant.turn import Turn
from core.errors import RoostError, Unprocessable, UpstreamFailed

_SECONDS = 20


@dataclass
class _Explained(WrapperToolset[Turn]):
    """A server's tools, with a sentence for the person where the server cannot be reached."""

    name: str = ""

    async def get_tools(self, ctx: RunContext[Turn]) -> dict[str, ToolsetTool[Turn]]:
        """The tools that the server offers now."""
        try:
            return await super().get_tools(ctx)
        except RoostError:
            raise
        except Exception as error:  # of half a dozen libraries, according to how far it came
            raise _unreachable(self.name) from error

    async def __aenter__(self) -> _Explained:
        """Connect."""
        try:
            await super().__aenter__()
        except RoostError:
            raise
        except Exception as error:
            raise _unreachable(self.name) from error
        return self


def _unreachable(name: str) -> UpstreamFailed:
    return UpstreamFailed(
        f"The tools of {name} cannot be reached, so this agent cannot answer now. Please tell an admin.",
        slug="mcp-server-unreachable",
    )


def check_mcp_choice(choice: McpChoice, servers: Mapping[str, McpServer]) -> None:
    """Refuse a server that is not set up here.

    Raises:
        Unprocessable: There is no server of that name.
    """
    if choice.server is not None and choice.server not in servers:
        known = ", ".join(sorted(servers)) or "none"
        raise Unprocessable(
            f"There is no MCP server called {choice.server} here (there is: {known}). An admin sets them up with "
            "MCP_SERVERS.",
            slug="mcp-server-not-found",
        )


async def check_mcp_address(choice: McpChoice) -> None:
    """Refuse an address of one's own that is not public.

    Raises:
        Unprocessable: See :func:`agent_api.assistant.guard.check_public`.
    """
    if choice.url is not None:
        await check_public(choice.url)


def mcp_toolset(choice: McpChoice, servers: Mapping[str, McpServer]) -> AbstractToolset[Turn]:
    """The tools of a server, each named after it, so that two servers' tools cannot be mistaken for one another.

    Raises:
        Unprocessable: There is no server of that name.
    """
    check_mcp_choice(choice, servers)
    inner: MCPToolset[Turn]
    if choice.server is not None:
        # Set up by whoever runs this Roost: it may well be on a private address.
        server = servers[choice.server]
        name = choice.server
        headers = {header: value.get_secret_value() for header, value in server.headers.items()}
        inner = MCPToolset(str(server.url), id=f"mcp-{name}", headers=headers or None, init_timeout=_SECONDS)
    else:
        url = choice.url or ""
        name = urlsplit(url).hostname or "mcp"
        inner = MCPToolset(url, id=f"mcp-{url}", http_client=guarded_client(timeout=_SECONDS), init_timeout=_SECONDS)
    toolset: AbstractToolset[Turn] = inner
    if choice.tools:
        wanted = frozenset(choice.tools)

        def is_wanted(_: RunContext[Turn], tool: ToolDefinition) -> bool:
            return tool.name in wanted

        toolset = toolset.filtered(is_wanted)
    prefix = re.sub(r"[^a-zA-Z0-9]+", "_", name).strip("_")[:30]
    return _Explained(wrapped=toolset.prefixed(prefix), name=name)
