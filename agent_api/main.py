"""The application: wiring only. What it does is in the rooms that are wired here."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager

from fastapi import FastAPI

from agent_api import configuration, health, openapi_examples, problems
from agent_api.a2a import errors as a2a_errors
from agent_api.a2a.routes import router as a2a
from agent_api.account.routes import router as account
from agent_api.agents.deployment_routes import router as deployments
from agent_api.agents.routes import router as agents
from agent_api.agui.routes import router as agui
from agent_api.audit.routes import router as audit
from agent_api.chat.attachment_routes import router as attachments
from agent_api.chat.routes import router as chat
from agent_api.conversations.routes import router as conversations
from agent_api.error_forms import ErrorForms
from agent_api.feedback.routes import router as feedback
from agent_api.groups.routes import router as groups
from agent_api.invitations.routes import router as invitations
from agent_api.jobs.routes import router as jobs
from agent_api.keys.routes import router as keys
from agent_api.knowledge.routes import router as knowledge
from agent_api.knowledge.sharing_routes import router as knowledge_sharing
from agent_api.mcp_server.on_first_use import McpServerOnFirstUse
from agent_api.mcp_server.routes import router as mcp_server
from agent_api.memories.routes import router as memories
from agent_api.openai_api import errors as openai_errors
from agent_api.openai_api.routes import router as openai_api
from agent_api.people.routes import router as people
from agent_api.rates import AddressLimit, Rates
from agent_api.request_size import RequestSizeLimit
from agent_api.resources import open_resources
from agent_api.sessions.routes import router as sessions
from agent_api.settings import AgentApiSettings
from agent_api.sharing.routes import router as sharing
from agent_api.short_way import ShortWay
from agent_api.spending.routes import router as spending
from agent_api.system.routes import router as system

#: Asked all the time, by the machine itself.
_UNCOUNTED = frozenset({"/api/health", "/api/ready"})

_DESCRIPTION = """
A self-hosted home for AI agents that know your files and answer with their sources.

Errors are `application/problem+json` (RFC 9457) with a stable `type`. Times are UTC, ISO 8601.
"""


def create_app(settings: AgentApiSettings) -> FastAPI:
    """The agent API as an ASGI application, with ``settings``."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        async with (
            open_resources(settings) as resources,
            aclosing(McpServerOnFirstUse(resources, app.version)) as app.state.mcp_server,
        ):
            app.state.resources = resources
            yield

    app = FastAPI(
        title="Roost",
        version=configuration.roost_version(),
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
        # Whatever is asked can meet a limit, or a part that is away.
        responses=problems.documented(429, 503),
    )
    problems.install(app)
    app.state.rates = rates = Rates(
        {
            "person": settings.rate_limit_person,
            "key": settings.rate_limit_key,
            "address": settings.rate_limit_address,
        },
        settings.valkey_url,
    )
    app.add_middleware(
        RequestSizeLimit,  # pyright: ignore[reportArgumentType]
        max_bytes=settings.max_request_bytes,
        exceptions={"/api/documents": settings.max_upload_bytes},
    )
    app.add_middleware(AddressLimit, rates=rates, exempt=_UNCOUNTED)  # pyright: ignore[reportArgumentType]
    app.add_middleware(
        ErrorForms,  # pyright: ignore[reportArgumentType]
        forms={"/v1/": openai_errors.of_problem, r"/a2a/[^/]+/?$": a2a_errors.of_problem},
    )
    app.add_middleware(ShortWay)  # the last that is added is the outermost
    # Looked through in this order for each request: what programs ask all the time comes first.
    for router in (
        openai_api,
        chat,
        health.router,
        configuration.router,
        people,
        account,
        sessions,
        groups,
        invitations,
        keys,
        jobs,
        deployments,
        agents,
        memories,
        audit,
        conversations,
        feedback,
        sharing,
        attachments,
        knowledge_sharing,
        knowledge,
        mcp_server,
        agui,
        a2a,
        spending,
        system,
    ):
        app.include_router(router)
    describe = app.openapi
    app.openapi = lambda: openapi_examples.fill_in(describe())
    return app
