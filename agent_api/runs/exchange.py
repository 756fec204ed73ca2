"""Runs over several processes: each copies the events of its runs into Valkey, where the others read them.

Nothing depends on Valkey that is to last: answers are stored in the database as ever, and where Valkey is away a run
goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any
from uuid import UUID

import structlog
from pydantic_ai.exceptions import RunCancelled

from agent_api.runs.run import Run
from agent_api.runs.streams import Entry, RunStreams
from agent_api.runs.wire import Head, dump_end, dump_events, load_end, load_events
from core.errors import RoostError, Unavailable

_log = structlog.get_logger(__name__)

#: Seconds until Valkey is tried again.
_AGAIN = 1.0


class RunExchange:
    """The runs of this process for the others, and theirs for this one.

    Args:
        streams: Where all processes read and write.
        stop: Stops a run, if it is one of this process.
    """

    def __init__(self, streams: RunStreams, stop: Callable[[UUID], None]) -> None:
        self._streams = streams
        self._stop = stop
        self._told: dict[UUID, Run] = {}
        self._followed: dict[UUID, Run] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._telling: set[asyncio.Task[None]] = set()

    def open(self) -> None:
        """Begin to give signs of life and to hear of runs that are to be stopped."""
        self._start(self._give_signs(), "signs of runs")
        self._start(self._hear_stops(), "stops of runs")

    async def aclose(self) -> None:
        """Tell how this process's runs have ended, and leave."""
        if self._telling:
            await asyncio.wait(self._telling, timeout=_AGAIN)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._streams.close()

    def tell(self, run: Run) -> None:
        """Let the other processes read a run of this one, from its beginning to its end."""
        task = self._start(self._tell(run), f"tell of run {run.id}")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def follow(self, run_id: UUID) -> Run | None:
        """A run of another process, to be read as if it were one of this; None where no process tells of it.

        Raises:
            Unavailable: Valkey is away.
        """
        if run_id in self._followed:
            return self._followed[run_id]
        head = await self._streams.head(run_id)
        if head is None:
            return None
        if run_id not in self._followed:  # no other reader was quicker
            run = self._followed[run_id] = Head.model_validate_json(head.fields[b"head"]).to_run()
            self._start(self._read(run, head.id), f"follow run {run_id}")
        return self._followed[run_id]

    async def find(self, user_id: UUID, conversation_id: str) -> Run | None:
        """The run that answers in a person's conversation in another process; None where no process tells of one.

        Raises:
            Unavailable: Valkey is away.
        """
        run_id = await self._streams.answering(user_id, conversation_id)
        run = await self.follow(run_id) if run_id is not None else None
        return run if run is not None and not run.log.closed else None

    async def ask_to_stop(self, run_id: UUID) -> None:
        """Tell whichever process works on a run to stop it. Where Valkey is away, it hears from the database, later."""
        with suppress(Unavailable):
            await self._streams.ask_to_stop(run_id)

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _tell(self, run: Run) -> None:
        self._told[run.id] = run
        try:
            while True:
                try:
                    await self._copy(run)
                    return
                except Unavailable as error:
                    _log.warning("other processes cannot read a run", run_id=str(run.id), cause=repr(error.__cause__))
                await asyncio.sleep(_AGAIN)
                if run.log.closed:
                    return  # it is stored: who asks now finds it in the database
        finally:
            if self._told.get(run.id) is run:
                del self._told[run.id]

    async def _copy(self, run: Run) -> None:
        """Copy a run's log from its beginning on: of what was written before a connection broke nothing is certain."""
        await self._streams.begin(run, Head.of(run).model_dump_json().encode())
        written = 0
        while True:
            events, closed = await run.log.after(written)
            if events:
                await self._streams.add(run, written, dump_events(events))
                written += len(events)
            elif closed:
                await self._streams.end(run, dump_end(run.log.error))
                return

    async def _read(self, run: Run, last: bytes) -> None:
        """Fill a run's log from its stream, until it has ended or its process gives no sign any more."""
        error: Exception | None = _left()
        known = 0
        try:
            while (entries := await self._streams.after(run.id, last)) is not None:
                for entry in entries:
                    last = entry.id
                    if b"end" in entry.fields:
                        error = load_end(entry.fields[b"end"])
                        return
                    known = _fill(run, known, entry)
        except (RoostError, RunCancelled) as problem:
            error = problem
        finally:
            self._followed.pop(run.id, None)
            run.log.close(error)

    async def _give_signs(self) -> None:
        while True:
            await asyncio.sleep(self._streams.life / 4)
            with suppress(Unavailable):  # each run that is told of tries again by itself
                await self._streams.sign(list(self._told.values()))

    async def _hear_stops(self) -> None:
        last: bytes | None = None
        while True:
            try:
                last = last or await self._streams.newest_stop()
                runs, last = await self._streams.stops_after(last)
            except Unavailable:
                await asyncio.sleep(_AGAIN)
                continue
            for run_id in runs:
                self._stop(run_id)


def _fill(run: Run, known: int, entry: Entry) -> int:
    """Add those events of an entry that are new; returns how many are known now."""
    if b"events" not in entry.fields:
        return known
    at = int(entry.fields[b"at"])
    if at > known:
        raise _left()  # what came before is gone
    events = load_events(entry.fields[b"events"])
    for event in events[known - at :]:
        run.tell(event)
    return max(known, at + len(events))


def _left() -> Unavailable:
    return Unavailable(
        "The server that was answering has stopped. What was written so far is kept; ask again to go on.",
        slug="run-interrupted",
    )
