"""The MCP server: streamable HTTP without sessions, so that any process can take any request.

Each request brings its own credential, and nothing is told to one that brings none. Therefore the guard against DNS
rebinding, which is for servers that trust whoever can reach them, is off: behind a proxy it would need a list of names.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast

import mcp_types as mcp
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.shared.exceptions import MCPError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent_api.auth.callers import KnownCaller
from agent_api.mcp_server.tools import Tools
from agent_api.resources import Resources
from core.errors import RoostError

_CALLER = "roost.caller"
_INSTRUCTIONS = (
    "Agents of a Roost, each as a tool, and a search over the documents that you may read. Answers point at passages "
    "of the documents by numbers in square brackets."
)
Context = ServerRequestContext[Any, Any]


class McpServer:
    """Serves one HTTP request after another, each for its own caller."""

    def __init__(self, manager: StreamableHTTPSessionManager) -> None:
        self._manager = manager

    def respond(self, caller: KnownCaller) -> Response:
        """The answer to a request of ``caller``, made from the request as it is read."""
        manager = self._manager

        class _Answer(Response):
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                scope[_CALLER] = caller
                await manager.handle_request(scope, receive, send)

        return _Answer()


@asynccontextmanager
async def open_mcp_server(resources: Resources, version: str) -> AsyncGenerator[McpServer]:
    """The server, for as long as the process lives."""

    def tools(context: Context) -> Tools:
        return Tools(resources, cast("KnownCaller", cast("Request", context.request).scope[_CALLER]))

    async def list_tools(context: Context, _: mcp.PaginatedRequestParams | None) -> mcp.ListToolsResult:
        try:
            return mcp.ListToolsResult(tools=await tools(context).list())
        except RoostError as error:
            raise MCPError(code=mcp.INTERNAL_ERROR, message=error.detail) from error

    async def call_tool(context: Context, wanted: mcp.CallToolRequestParams) -> mcp.CallToolResult:
        try:
            return await tools(context).call(wanted.name, wanted.arguments or {})
        except LookupError as error:
            raise MCPError(
                code=mcp.INVALID_PARAMS, message=f"There is no tool called {wanted.name} for you. List the tools."
            ) from error

    server: Server[Any] = Server(
        "Roost", version=version, instructions=_INSTRUCTIONS, on_list_tools=list_tools, on_call_tool=call_tool
    )
    manager = StreamableHTTPSessionManager(
        server,
        stateless=True,
        security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        max_request_body_size=resources.settings.max_request_bytes,
    )
    async with manager.run():
        yield McpServer(manager)
