"""Reading a run for one request: what to do when whoever asked is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

from agent_api.runs.failures import explain
from agent_api.runs.run import Run
from agent_api.runs.supervisor import RunSupervisor

Result = TypeVar("Result")


async def unless_left(request: Request, runs: RunSupervisor, run: Run, work: Coroutine[Any, Any, Result]) -> Result:
    """The result of ``work``, which reads ``run``, while whoever asked still waits for it.

    Raises:
        RoostError: The run ended by it.
        ClientDisconnect: Nobody waits any more; the run was told so.
    """
    reading = asyncio.create_task(work)
    leaving = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done():
            return reading.result()
        raise ClientDisconnect
    except ClientDisconnect:
        raise
    except Exception as error:
        raise explain(error) from error
    finally:
        if not reading.done():
            runs.leave(run)
        reading.cancel()
        leaving.cancel()


async def read_on(first: bytes, stream: AsyncGenerator[bytes], runs: RunSupervisor, run: Run) -> AsyncGenerator[bytes]:
    """``first`` and the rest of ``stream``, which reads ``run``; the run is told when its reader leaves."""
    try:
        yield first
        async for piece in stream:
            yield piece
    finally:
        await stream.aclose()
        runs.leave(run)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
