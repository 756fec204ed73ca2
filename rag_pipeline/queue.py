"""Wait for another run of the same source to end, where somebody wants to see their own change taken in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog

from rag_pipeline.state import BegunRun, Locked

log = structlog.get_logger(__name__)
#: Seconds between two tries to begin.
_TRY_EVERY = 0.5


class Queue:
    """The patience of one process with the runs of others.

    Args:
        seconds: How long it waits in all; 0: not at all.
    """

    def __init__(self, seconds: float) -> None:
        self.patient = seconds > 0
        self._end = time.monotonic() + seconds
        self._seconds = seconds

    async def begin(self, begin: Callable[[], Awaitable[BegunRun]]) -> BegunRun:
        """Begin as soon as the lock is free.

        Raises:
            Locked: It was not, for as long as there is patience.
            RoostError: As ``begin`` does.
        """
        told = False
        while True:
            try:
                return await begin()
            except Locked as locked:
                if time.monotonic() >= self._end:
                    raise
                if not told:
                    log.warning(f"{locked} Waiting for it to end, {self._seconds:g} seconds at most.")
                    told = True
            await asyncio.sleep(_TRY_EVERY)
