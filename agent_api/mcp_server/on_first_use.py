"""The MCP server, opened by its first request: its package takes a fifth of what the whole process takes to start."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from agent_api.resources import Resources

if TYPE_CHECKING:
    from agent_api.mcp_server.server import McpServer


class McpServerOnFirstUse:
    """Opens the server when it is first asked for, in a task of its own, and closes it with the process.

    Args:
        resources: What the server's tools work with.
        version: What the server says of itself.
    """

    def __init__(self, resources: Resources, version: str) -> None:
        self._resources = resources
        self._version = version
        self._closing = asyncio.Event()
        self._opened: asyncio.Future[McpServer] | None = None
        self._task: asyncio.Task[None] | None = None

    async def get(self) -> McpServer:
        """The server, open."""
        if self._opened is None:
            self._opened = asyncio.get_running_loop().create_future()
            # One task opens and closes it: its own tasks are bound to the one that they were begun in.
            self._task = asyncio.create_task(self._serve(self._opened), name="MCP server")
        return await asyncio.shield(self._opened)

    async def aclose(self) -> None:
        """Close the server, if it was opened."""
        self._closing.set()
        if self._task is not None:
            await self._task

    async def _serve(self, opened: asyncio.Future[McpServer]) -> None:
        try:
            server = await asyncio.to_thread(import_module, "agent_api.mcp_server.server")
            async with server.open_mcp_server(self._resources, self._version) as open_server:
                opened.set_result(open_server)
                await self._closing.wait()
        except Exception as error:
            if opened.done():
                raise
            opened.set_exception(error)
            self._opened = None  # the next request tries again
