"""SQL as a person, with the rights that the REST API gives them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg


@asynccontextmanager
async def acting_as(connection: asyncpg.Connection[asyncpg.Record], user_id: UUID) -> AsyncGenerator[None]:
    """A transaction of that person on a connection of the database's owner."""
    claims = json.dumps({"sub": str(user_id), "role": "authenticated"})
    async with connection.transaction():
        await connection.execute(
            "select set_config('role', 'authenticated', true), set_config('request.jwt.claims', $1, true)", claims
        )
        yield
