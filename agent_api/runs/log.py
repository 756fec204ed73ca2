"""The events of one run, in order, for any number of readers who come and go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from pydantic_ai.messages import AgentStreamEvent
from pydantic_ai.run import AgentRunResult, AgentRunResultEvent

from agent_api.assistant.build import Output

#: What a run tells: pydantic-ai's own events, our custom ones (citations, …) among them, and at last its result.
RunEvent = AgentStreamEvent | AgentRunResultEvent[Output]


class EventLog:
    """An append-only log. A reader gets every event from the beginning, then each new one as it comes.

    A reader that is slow or leaves holds nobody up: events are kept, not queued per reader.
    """

    def __init__(self) -> None:
        self._events: list[RunEvent] = []
        self._waiting: set[asyncio.Future[None]] = set()
        self._closed = False
        self._error: Exception | None = None

    def append(self, event: RunEvent) -> None:
        """Add an event and wake the readers."""
        self._events.append(event)
        self._wake()

    def close(self, error: Exception | None = None) -> None:
        """End the log; with ``error`` each reader ends by that error after the last event."""
        self._closed = True
        self._error = error
        self._wake()

    async def read(self) -> AsyncIterator[RunEvent]:
        """Every event from the first one on, until the log is closed.

        Raises:
            Exception: The error that the log was closed with.
        """
        async for events in self.batches():
            for event in events:
                yield event

    async def batches(self) -> AsyncIterator[Sequence[RunEvent]]:
        """As :meth:`read`, with all events that are there at a time in one piece, so that they can be sent as one.

        Raises:
            Exception: The error that the log was closed with.
        """
        index = 0
        while True:
            if index < len(self._events):
                events = self._events[index:]
                index += len(events)
                yield events
            elif self._closed:
                if self._error is not None:
                    raise self._error
                return
            else:
                await self._changed()

    async def after(self, index: int) -> tuple[Sequence[RunEvent], bool]:
        """The events from place ``index`` on, as soon as there are any, and whether the log is closed."""
        while index >= len(self._events) and not self._closed:
            await self._changed()
        return self._events[index:], self._closed

    @property
    def closed(self) -> bool:
        """Whether the run has ended."""
        return self._closed

    @property
    def error(self) -> Exception | None:
        """What the log was closed with."""
        return self._error

    async def wait_closed(self) -> None:
        """Return once the log is closed, however it ended."""
        while not self._closed:
            await self._changed()

    async def result(self) -> AgentRunResult[Any]:
        """The run's result, once it has one.

        Raises:
            Exception: The error that the log was closed with.
        """
        await self.wait_closed()
        if self._error is not None:
            raise self._error
        last = self._events[-1]
        assert isinstance(last, AgentRunResultEvent)  # noqa: S101 - a log without an error ends with the result
        return last.result

    async def _changed(self) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)

    def _wake(self) -> None:
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
