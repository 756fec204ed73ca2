"""Keeps runs alive: signs of life for this process's, an end for those that a dead process has left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import structlog

from agent_api.runs.records import KeptRuns
from agent_api.runs.repository import RunRepository
from agent_api.runs.run import Run
from core.errors import RoostError, Unavailable

_log = structlog.get_logger(__name__)

#: Seconds between signs of life, and between looks for runs that other processes have left behind.
_KEEP_EVERY = 2.0
_SWEEP_EVERY = 10.0
_FORGET_EVERY = 600.0

#: A run, and what its answer has grown to; None where there is nothing new.
Sign = tuple[UUID, list[dict[str, Any]] | None]


class RunKeeper:
    """What is done for runs again and again.

    Args:
        repository: The runs in the database.
        active: The runs that this process works on now.
    """

    def __init__(self, repository: RunRepository, active: Mapping[UUID, Run]) -> None:
        self._repository = repository
        self._active = active
        self._kept_versions: dict[UUID, int] = {}
        self._rounds: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Begin."""
        self._rounds = [
            asyncio.create_task(_every(_KEEP_EVERY, self._keep), name="keep runs"),
            asyncio.create_task(_every(_SWEEP_EVERY, self._sweep), name="sweep runs"),
            asyncio.create_task(_every(_FORGET_EVERY, self._repository.forget_answers), name="forget answers"),
        ]

    async def aclose(self) -> None:
        """Stop."""
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)

    async def _keep(self) -> None:
        runs = list(self._active.values())
        if not runs:
            return
        versions = {run.id: run.answer.version for run in runs}
        signs = [
            (run.id, run.answer.parts() if self._kept_versions.get(run.id) != versions[run.id] else None)
            for run in runs
        ]
        kept = await self._signed(signs)
        self._kept_versions = {run_id: version for run_id, version in versions.items() if run_id in self._active}
        for run_id in {*kept.cancel, *kept.lost} & self._active.keys():
            self._active[run_id].stop()

    async def _signed(self, signs: Sequence[Sign]) -> KeptRuns:
        try:
            return await self._repository.keep(signs)
        except Unavailable:
            raise
        except RoostError as error:
            # One of them cannot be stored as it is: the others are not to die of that.
            _log.warning("a sign of life was refused", detail=error.detail, runs=len(signs))
        kept = KeptRuns(cancel=[], lost=[])
        for run_id, parts in signs:
            try:
                one = await self._repository.keep([(run_id, parts)])
            except Unavailable:
                raise
            except RoostError:
                one = await self._repository.keep([(run_id, None)])
            kept.cancel += one.cancel
            kept.lost += one.lost
        return kept

    async def _sweep(self) -> None:
        # After an outage of the database this process's own runs come first: they live, and their leases are over.
        await self._keep()
        count = await self._repository.interrupt_expired()
        if count:
            _log.warning("runs of a process that died were marked as interrupted", count=count)


async def _every(seconds: float, work: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await work()
        except RoostError as error:
            # The next round tries again; until then the leases go on running.
            _log.warning("background work failed", work=work.__name__, detail=error.detail)
        except Exception:
            # A fault of ours in one round must not end the rounds: without them every run would count as dead.
            _log.exception("background work failed", work=work.__name__)
        await asyncio.sleep(seconds)
