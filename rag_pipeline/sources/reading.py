"""A source's blocking generator, read from async code: in a thread of its own that waits when it is far ahead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rag_pipeline.sources.base import Checkpoint, SourceEvent

#: Changes that may wait for whoever works them off.
_WAITING = 64


@dataclass(frozen=True, slots=True)
class Returned:
    """The end of a source's changes, with its checkpoint."""

    checkpoint: Checkpoint


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


class EventReader:
    """Gives a source's changes one by one; the last one is :class:`Returned`."""

    def __init__(self, events: Generator[SourceEvent, None, Checkpoint]) -> None:
        self._events = events
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[SourceEvent | Returned | _Raised] = asyncio.Queue(_WAITING)
        self._stopped = False

    async def next(self) -> SourceEvent | Returned:
        """The next change. Raises what the source raised."""
        item = await self._queue.get()
        if isinstance(item, _Raised):
            raise item.error
        return item

    def walk(self) -> None:
        """Run through the generator; in a thread."""
        try:
            while not self._stopped:
                self._put(next(self._events))
        except StopIteration as end:
            self._put(Returned(end.value or {}))
        except BaseException as error:
            self._put(_Raised(error))
        finally:
            self._events.close()

    def _put(self, item: SourceEvent | Returned | _Raised) -> None:
        asyncio.run_coroutine_threadsafe(self._queue.put(item), self._loop).result()

    async def stop(self, thread: asyncio.Future[None]) -> None:
        """Let the thread come to its end, whatever it still wants to say."""
        self._stopped = True
        while not thread.done():
            while not self._queue.empty():
                self._queue.get_nowait()
            await asyncio.wait({thread}, timeout=0.02)


@asynccontextmanager
async def reading(events: Generator[SourceEvent, None, Checkpoint]) -> AsyncGenerator[EventReader]:
    """Read a source's changes for as long as the context lasts."""
    reader = EventReader(events)
    thread = asyncio.ensure_future(asyncio.to_thread(reader.walk))
    try:
        yield reader
    finally:
        await reader.stop(thread)
