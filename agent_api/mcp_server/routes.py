"""``/mcp``. Its contents describe themselves by the protocol, so they are not in the OpenAPI document."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request, Response

from agent_api.dependencies import CurrentCaller, ResourcesDep
from agent_api.mcp_server.on_first_use import McpServerOnFirstUse

router = APIRouter(tags=["MCP"])


@router.post("/mcp", include_in_schema=False)
async def mcp(request: Request, caller: CurrentCaller, resources: ResourcesDep) -> Response:
    """One message of the Model Context Protocol."""
    server = await cast("McpServerOnFirstUse", request.app.state.mcp_server).get()
    return server.respond(await resources.callers.identify(caller))
