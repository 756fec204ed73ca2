"""What lives as long as the process: connections, models, runs. Opened and closed in one place."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
import structlog

from agent_api.assistant.assistant import Assistant
from agent_api.assistant.models import Models
from agent_api.assistant.open import open_assistant
from agent_api.auth.accounts import Accounts
from agent_api.auth.callers import Callers
from agent_api.auth.first_account import FirstAccount
from agent_api.auth.log_in_ways import LogInDesk
from agent_api.auth.tokens import TokenVerifier
from agent_api.runs.execution import Execution
from agent_api.runs.jobs import JobWorker
from agent_api.runs.repository import RunRepository
from agent_api.runs.spending import SpendingRepository
from agent_api.runs.streams import RunStreams
from agent_api.runs.supervisor import RunSupervisor
from agent_api.runs.titles import TitleWriter
from agent_api.settings import AgentApiSettings
from core.knowledge.search import KnowledgeSearch
from core.supabase import Database

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Resources:
    """The process's own things, handed to routes by :mod:`agent_api.dependencies`."""

    settings: AgentApiSettings
    database: Database
    tokens: TokenVerifier
    callers: Callers
    accounts: Accounts
    desk: LogInDesk
    first_account: FirstAccount
    assistant: Assistant
    models: Models
    search: KnowledgeSearch
    runs: RunSupervisor


@asynccontextmanager
async def open_resources(settings: AgentApiSettings) -> AsyncGenerator[Resources]:
    """Open everything, and close it in the opposite order: runs are stored before the database goes."""
    async with AsyncExitStack() as stack:
        database = Database.connect(settings)
        stack.push_async_callback(database.aclose)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=10))
        secret = settings.supabase_jwt_secret
        assistant = await stack.enter_async_context(open_assistant(settings, database, http))
        owner = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        spending = SpendingRepository(database)
        titles = TitleWriter(database, assistant.models, spending)
        runs = RunSupervisor(
            RunRepository(database, owner=owner, lease_seconds=settings.run_lease_seconds),
            Execution(assistant, spending, settings.run_time_limit),
            spending,
            jobs=JobWorker(database, owner, {"title": titles.write} if settings.generate_titles else {}),
            titles=settings.generate_titles,
            streams=(RunStreams(settings.valkey_url, life=settings.run_lease_seconds) if settings.valkey_url else None),
            history_limit=settings.history_limit,
        )
        await runs.open()
        stack.push_async_callback(runs.aclose)
        yield Resources(
            settings=settings,
            database=database,
            tokens=TokenVerifier(
                f"{settings.supabase_base}/auth/v1", secret.get_secret_value() if secret else None, http
            ),
            callers=Callers(database),
            accounts=Accounts.connect(settings, http),
            desk=LogInDesk(
                f"{settings.supabase_base}/auth/v1", settings.supabase_publishable_key.get_secret_value(), http
            ),
            first_account=FirstAccount(database),
            assistant=assistant,
            models=assistant.models,
            search=assistant.search,
            runs=runs,
        )
