"""Work that nobody waits for, taken from the queue in the database by whichever process comes to it first.

A job is done at least once: its work must bear to be done again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from pydantic import BaseModel

from core.errors import RoostError
from core.supabase import Database

_log = structlog.get_logger(__name__)

#: Seconds between looks into the queue, unless somebody says that there is something.
_LOOK_EVERY = 5.0
#: Jobs done at once by one process, and the seconds that one may take.
_AT_ONCE = 4
_LONGEST = 120.0


class Job(BaseModel):
    """A job that this process has taken."""

    id: UUID
    kind: str
    subject: str
    payload: dict[str, Any]
    tries: int


Work = Callable[[Job], Awaitable[None]]


class JobWorker:
    """Takes jobs and does them.

    Args:
        database: Acting as the service.
        owner: The name of this process.
        work: What is done for each kind of job. An exception is a try that has failed.
    """

    def __init__(self, database: Database, owner: str, work: Mapping[str, Work]) -> None:
        self._database = database
        self._owner = owner
        self._work = work
        self._called = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None

    def open(self) -> None:
        """Begin."""
        if self._work:
            self._looking = asyncio.create_task(self._look(), name="jobs")

    async def aclose(self) -> None:
        """Stop; what was being done is another's once its lease is over."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking

    def call(self) -> None:
        """Look into the queue now: there may be something."""
        self._called.set()

    async def _look(self) -> None:
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_EVERY):
                    await self._called.wait()
            self._called.clear()
            try:
                while jobs := await self._take():
                    await asyncio.gather(*(self._do(job) for job in jobs))
            except RoostError as error:
                _log.warning("jobs cannot be taken", detail=error.detail)
            except Exception:
                _log.exception("jobs cannot be taken")

    async def _take(self) -> list[Job]:
        arguments: dict[str, object] = {"p_owner": self._owner, "p_kinds": list(self._work), "p_limit": _AT_ONCE}
        rows = await self._database.call("take_jobs", arguments | {"p_lease_seconds": _LONGEST + 30})
        return [Job.model_validate(row) for row in rows]

    async def _do(self, job: Job) -> None:
        problem: str | None = None
        try:
            async with asyncio.timeout(_LONGEST):
                await self._work[job.kind](job)
        except RoostError as error:
            problem = error.detail
        except Exception as error:
            # Of an unforeseen one only its kind: its words may hold what a person wrote.
            problem = f"It failed in a way that was not foreseen ({type(error).__name__}); the log has the details."
            _log.exception("job failed", kind=job.kind, job_id=str(job.id))
        if problem is not None:
            _log.warning("job failed", kind=job.kind, job_id=str(job.id), tries=job.tries, detail=problem)
        arguments = {"p_id": str(job.id), "p_owner": self._owner, "p_error": problem}
        await self._database.call("end_job", arguments)
