"""The service's access to one database, both ways that it may go."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from core.errors import RoostError
from core.settings import CoreSettings
from core.supabase import Database
from tests.support.stack import Stack


@dataclass(frozen=True)
class Ways:
    """The service's access straight to Postgres, and over the REST API."""

    direct: Database
    rest: Database

    async def agree(self, function: str, arguments: dict[str, Any]) -> Any:
        """Call the function both ways; what came out, which has to be the same."""
        outcome = await outcome_of(self.direct, function, arguments)
        assert outcome == await outcome_of(self.rest, function, arguments)
        return outcome


async def outcome_of(database: Database, function: str, arguments: dict[str, Any]) -> Any:
    """What a call returns, or the error that callers see."""
    try:
        return await database.call(function, arguments)
    except RoostError as error:
        return type(error).__name__, error.detail, error.slug


@asynccontextmanager
async def opened(stack: Stack, **environment: str) -> AsyncGenerator[Database]:
    """The service's access, with other settings perhaps."""
    variables = {**stack.environment(), "SERVICE_DATABASE_URL": stack.service_database_url, **environment}
    settings = {name.lower(): value for name, value in variables.items() if value}
    database = Database.connect(CoreSettings.model_validate(settings))
    try:
        yield database
    finally:
        await database.aclose()


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[asyncpg.Connection[asyncpg.Record]]:
    """A connection of its own, closed at the end; nothing is kept prepared, since tests change what it would be for."""
    connection = await asyncpg.connect(url, statement_cache_size=0)
    try:
        yield connection
    finally:
        await connection.close()


async def execute(stack: Stack, statements: str) -> None:
    """Run SQL as the role of migrations."""
    async with connected(stack.database_url) as connection:
        await connection.execute(statements)


@pytest.fixture
async def ways(module_stack: Stack) -> AsyncIterator[Ways]:
    """Both ways into the module's database."""
    async with opened(module_stack) as direct, opened(module_stack, SERVICE_DATABASE_URL="") as rest:
        yield Ways(direct, rest)
