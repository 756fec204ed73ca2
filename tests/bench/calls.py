"""What a call of a function costs the service, straight to Postgres and over the REST API.

    python -m tests.bench.calls [--blocks 20]

`begin_run`, as it begins each answer of /v1, in turn by either way, in blocks of a hundred, one call after the other
and then eight at once; on uvloop, as the API runs.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import uvloop

from core.settings import CoreSettings
from core.supabase import Database
from tests.bench.processes import cpu_of
from tests.support.stack import Stack
from tests.support.stack_server import running_stack_server

BLOCK = 100


@dataclass
class Taken:
    """Milliseconds: each call from its beginning to its end, and of processor time in all."""

    waited: list[float] = field(default_factory=list[float])
    service: list[float] = field(default_factory=list[float])
    rest: list[float] = field(default_factory=list[float])
    postgres: list[float] = field(default_factory=list[float])


def access(stack: Stack, address: str) -> Database:
    """The service's access to the stack by one of the ways."""
    variables = stack.environment(SERVICE_DATABASE_URL=address)
    return Database.connect(CoreSettings.model_validate({name.lower(): value for name, value in variables.items()}))


async def begin(database: Database, user: str) -> float:
    """Begin a run; the milliseconds that it took."""
    request = {"run_id": str(uuid.uuid4()), "agent": "guide", "door": "openai", "owner": "bench", "lease_seconds": 30}
    start = time.perf_counter()
    await database.call("begin_run", {"p_caller": {"user_id": user}, "p_request": request})
    return (time.perf_counter() - start) * 1000


async def block(call: Callable[[], Awaitable[float]], at_once: int, taken: Taken) -> None:
    """A block of calls, so many at once, with what it took."""
    own, rest, postgres = time.process_time(), cpu_of(os.getpid(), "server.mjs"), cpu_of(os.getpid(), "postgres")

    async def reader() -> None:
        for _ in range(BLOCK // at_once):
            taken.waited.append(await call())

    await asyncio.gather(*(reader() for _ in range(at_once)))
    calls = BLOCK // at_once * at_once
    taken.service.append((time.process_time() - own) * 1000 / calls)
    taken.rest.append((cpu_of(os.getpid(), "server.mjs") - rest) / calls)
    taken.postgres.append((cpu_of(os.getpid(), "postgres") - postgres) / calls)


async def measure(stack: Stack, blocks: int) -> None:
    """Measure and print."""
    user = str(stack.sign_up("ada@example.com").user_id)
    ways = {"straight": access(stack, stack.service_database_url), "over REST": access(stack, "")}
    print(f"{'ms a call':26}{'p50':>7}{'p90':>7}{'service CPU':>13}{'REST CPU':>10}{'Postgres CPU':>14}")
    for at_once in (1, 8):
        taken = {name: Taken() for name in ways}
        for number in range(blocks + 1):  # the first is for connections and caches
            for name, database in ways.items():

                def call(database: Database = database) -> Awaitable[float]:
                    return begin(database, user)

                await block(call, at_once, taken[name] if number else Taken())
        for name, one in taken.items():
            p50, p90 = statistics.median(one.waited), sorted(one.waited)[int(len(one.waited) * 0.9)]
            service, rest = statistics.median(one.service), statistics.mean(one.rest)
            postgres = statistics.mean(one.postgres)
            what = f"{name}, {at_once} at once"
            print(f"{what:26}{p50:7.2f}{p90:7.2f}{service:13.2f}{rest:10.2f}{postgres:14.2f}")
    for database in ways.values():
        await database.aclose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--blocks", type=int, default=20)
    arguments = parser.parse_args()
    with running_stack_server() as server:
        uvloop.run(measure(server.reset(), arguments.blocks))
