"""Opens all that answering takes, and closes it again."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

import httpx

from agent_api.assistant.assistant import Assistant
from agent_api.assistant.attachments import AttachmentStore
from agent_api.assistant.build import AgentBuilder
from agent_api.assistant.delegation import Delegation
from agent_api.assistant.limits import RunBounds
from agent_api.assistant.memory import MemoryStore
from agent_api.assistant.models import Models
from agent_api.assistant.sandbox import open_sandbox
from agent_api.assistant.settings import AssistantSettings
from agent_api.assistant.toolbox import Toolbox
from agent_api.assistant.tracing import open_tracing
from agent_api.assistant.web_search import build_web_search
from core.knowledge.embedding import build_embedder
from core.knowledge.reranking import build_reranker
from core.knowledge.search import KnowledgeSearch
from core.knowledge.tables.questions import TableQuestions
from core.supabase import Database


@asynccontextmanager
async def open_assistant(
    settings: AssistantSettings, database: Database, http: httpx.AsyncClient
) -> AsyncGenerator[Assistant]:
    """Models, tools and search, as the settings say.

    Args:
        settings: Models, prices, and the means that tools work by.
        database: In the service's name.
        http: The client for plain requests, such as those of web searches.
    """
    async with AsyncExitStack() as stack:
        models = Models(settings)
        stack.push_async_callback(models.aclose)
        embedder = build_embedder(settings.embedding_model)
        stack.push_async_callback(embedder.aclose)
        sandbox = await stack.enter_async_context(
            open_sandbox(seconds=settings.python_seconds, memory_bytes=settings.python_memory_bytes)
        )
        toolbox = Toolbox(
            memory=MemoryStore(database, embedder),
            tables=TableQuestions(database),
            sandbox=sandbox,
            web_search=build_web_search(settings, http),
            mcp_servers=settings.mcp_servers,
        )
        agents = AgentBuilder(toolbox)
        yield Assistant(
            agents=agents,
            models=models,
            search=KnowledgeSearch(database, embedder, build_reranker(settings, http)),
            delegation=Delegation(database, agents, models, depth=settings.agent_depth),
            toolbox=toolbox,
            attachments=AttachmentStore(database),
            bounds=RunBounds.of(settings),
            tracing=stack.enter_context(open_tracing(settings)),
        )
