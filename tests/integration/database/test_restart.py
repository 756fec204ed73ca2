"""A Postgres that ends and comes back, with a service on it that calls all the time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from core.errors import DatabaseUnreachable
from core.settings import CoreSettings
from core.supabase import Database
from scripts.stack.child import Child
from scripts.stack.ports import free_port
from scripts.stack.postgres import THROW_AWAY, Cluster

SLOW = """
create function public.slow(p_seconds real) returns text language sql as
  $$ select 'done' from (select pg_sleep(p_seconds)) as slept $$;
grant execute on function public.slow(real) to service_role;
"""


@pytest.fixture
async def cluster() -> AsyncIterator[tuple[Cluster, Child]]:
    """A Postgres of one's own, running."""
    with TemporaryDirectory(prefix="roost-restart-") as name:
        folder = Path(name)
        folder.chmod(0o711)  # noqa: ASYNC240
        cluster = Cluster(folder / "postgres", free_port(), "admin0of0the0tests", "owner0of0the0tests", "service0of0it")
        await asyncio.to_thread(cluster.create)
        child = Child(cluster.command(THROW_AWAY), folder / "postgres.log")
        await child.start()
        try:
            await cluster.wait_until_ready()
            await cluster.bootstrap()
            connection = await asyncpg.connect(cluster.url())
            await connection.execute(SLOW)
            await connection.close()
            yield cluster, child
        finally:
            await child.stop()


async def test_a_restart_costs_the_calls_that_were_being_made(cluster: tuple[Cluster, Child]) -> None:
    there, child = cluster
    settings = {"supabase_url": "http://127.0.0.1:9", "supabase_publishable_key": "-", "supabase_service_key": "-.-.-"}
    database = Database.connect(CoreSettings.model_validate({**settings, "service_database_url": there.service_url()}))
    try:
        assert await asyncio.gather(*(database.call("slow", {"p_seconds": 0.1}) for _ in range(6))) == ["done"] * 6
        under_way = [asyncio.create_task(database.call("slow", {"p_seconds": 20})) for _ in range(2)]
        await asyncio.sleep(0.3)

        await child.stop()
        outcomes = await asyncio.gather(*under_way, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [DatabaseUnreachable] * 2
        with pytest.raises(DatabaseUnreachable):
            await database.call("slow", {"p_seconds": 0})

        await child.start()
        await there.wait_until_ready()
        assert await asyncio.gather(*(database.call("slow", {"p_seconds": 0.1}) for _ in range(6))) == ["done"] * 6
    finally:
        await database.aclose()
