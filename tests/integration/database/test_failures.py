"""Calls straight to Postgres while connections are lost, calls are cancelled, and functions change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from core.errors import ConfigurationError, DatabaseUnreachable
from core.supabase import Database
from tests.integration.database.conftest import connected, execute, opened
from tests.support.stack import Stack

SCHEMA = """
create function public.slow(p_seconds real, p_say text default 'done') returns text language plpgsql as $$
begin
  perform pg_sleep(p_seconds);
  return p_say;
end $$;
"""
#: Seconds of a call that would outlast its test, were it not ended.
_LONG = 90
OURS = "usename = 'roost_service'"
RUNNING = f"select count(*) from pg_stat_activity where {OURS} and state = 'active'"
KILL = f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where {OURS}"


@pytest.fixture(scope="module")
def stack(module_stack: Stack) -> Stack:
    """The module's stack, with a function that takes its time."""
    asyncio.run(execute(module_stack, SCHEMA))
    return module_stack


@pytest.fixture
async def database(stack: Stack) -> AsyncIterator[Database]:
    """The service's access straight to Postgres."""
    async with opened(stack) as database:
        yield database


async def many(database: Database, count: int, seconds: float = 0.05) -> list[Any]:
    """So many calls at once; what became of each."""
    calls = (database.call("slow", {"p_seconds": seconds, "p_say": str(number)}) for number in range(count))
    return await asyncio.gather(*calls, return_exceptions=True)


async def settled(stack: Stack, statement: str, wanted: int) -> None:
    """Wait until a count is what it should be.

    A cancellation that comes before its call is lost. Then the connection is given up after five seconds, which the
    server notices within ten.
    """
    async with asyncio.timeout(_LONG / 2):
        while (await fetch(stack, statement))[0][0] != wanted:  # noqa: ASYNC110  (the event is elsewhere)
            await asyncio.sleep(0.02)


async def fetch(stack: Stack, statement: str) -> list[Any]:
    """Run SQL as the superuser."""
    async with connected(stack.admin_database_url) as connection:
        return await connection.fetch(statement)


async def test_more_calls_than_connections_wait_for_their_turn(stack: Stack, database: Database) -> None:
    assert await many(database, 60) == [str(number) for number in range(60)]
    assert (await fetch(stack, f"select count(*) from pg_stat_activity where {OURS}"))[0][0] <= 20


async def test_connections_lost_while_idle_cost_no_call(stack: Stack, database: Database) -> None:
    for _ in range(3):
        assert await many(database, 8) == [str(number) for number in range(8)]
        assert len(await fetch(stack, KILL)) == 8
        assert await many(database, 8) == [str(number) for number in range(8)]


async def test_a_connection_lost_during_a_call_costs_that_call(stack: Stack, database: Database) -> None:
    calls = asyncio.create_task(many(database, 4, seconds=_LONG))
    await settled(stack, RUNNING, 4)
    await fetch(stack, KILL)

    assert [type(outcome) for outcome in await calls] == [DatabaseUnreachable] * 4
    assert await many(database, 4) == ["0", "1", "2", "3"]


async def test_a_call_that_takes_too_long_is_cancelled(stack: Stack, database: Database) -> None:
    began = time.monotonic()
    with pytest.raises(DatabaseUnreachable):
        await database.call("slow", {"p_seconds": _LONG}, patience=0.3)
    assert time.monotonic() - began < _LONG / 2
    await settled(stack, RUNNING, 0)
    assert await many(database, 3) == ["0", "1", "2"]


async def test_cancelled_callers_leave_nothing_running(stack: Stack, database: Database) -> None:
    for _ in range(5):
        tasks = [asyncio.create_task(database.call("slow", {"p_seconds": _LONG})) for _ in range(15)]
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [asyncio.CancelledError] * 15
        await settled(stack, RUNNING, 0)
    # Cancelled at any moment of a call, from the first byte to the last.
    for delay in range(40):
        task = asyncio.create_task(database.call("slow", {"p_seconds": 0, "p_say": "mine"}))
        await asyncio.sleep(delay / 20_000)
        task.cancel()
        await asyncio.wait((task,))
        assert await database.call("slow", {"p_seconds": 0, "p_say": str(delay)}) == str(delay)
    assert await many(database, 10) == [str(number) for number in range(10)]


async def test_the_call_of_a_caller_that_vanished_is_ended(stack: Stack) -> None:
    connection = await asyncpg.connect(stack.service_database_url)
    call = asyncio.create_task(connection.execute(f"select public.slow({_LONG})"))
    await settled(stack, RUNNING, 1)
    connection.terminate()
    await asyncio.wait((call,))
    await settled(stack, RUNNING, 0)


async def test_no_connection_left_is_told_as_unreachable(stack: Stack, database: Database) -> None:
    await fetch(stack, "alter role roost_service connection limit 2")
    try:
        outcomes = await many(database, 5, seconds=0.5)
        assert sorted(outcome for outcome in outcomes if isinstance(outcome, str)) != []
        assert {type(outcome) for outcome in outcomes} == {str, DatabaseUnreachable}
    finally:
        await fetch(stack, "alter role roost_service connection limit -1")
    assert await many(database, 5) == ["0", "1", "2", "3", "4"]


async def test_functions_that_change_are_looked_up_again(stack: Stack, database: Database) -> None:
    await execute(stack, "create function public.moving(p_a text) returns text language sql as 'select p_a'")
    assert await database.call("moving", {"p_a": "1"}) == "1"

    await execute(stack, "drop function public.moving")
    with pytest.raises(ConfigurationError):
        await database.call("moving", {"p_a": "1"})

    more = "create function public.moving(p_a integer, p_b text default 'b') returns text language sql as"
    await execute(stack, f"{more} 'select p_a || p_b'")
    assert await database.call("moving", {"p_a": "1"}) == "1b"
    assert await database.call("moving", {"p_a": 1, "p_b": "c"}) == "1c"

    await execute(stack, "drop function public.moving")
    await execute(
        stack, "create function public.moving(p_a jsonb) returns setof text language sql as 'select p_a ->> 0'"
    )
    assert await database.call("moving", {"p_a": ["x"]}) == ["x"]


async def test_behind_a_pooler_nothing_is_kept_prepared(stack: Stack) -> None:
    async with opened(stack, SERVICE_DATABASE_URL=f"{stack.service_database_url}?pgbouncer=true") as database:
        for _ in range(3):
            assert await many(database, 3) == ["0", "1", "2"]
        await database.ping()
