"""Reading a run for one request: what to do when whoever asked is gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import contextmanager, suppress

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent_api.runs.run import Run
from agent_api.runs.supervisor import RunSupervisor
from agent_api.short_way import short_send


class RunReader:
    """Whoever reads a run by one request, and may leave at any time.

    Args:
        request: The request, whose body has been read.
        runs: Where a run is told that its reader has left.
        run: The run.
    """

    def __init__(self, request: Request, runs: RunSupervisor, run: Run) -> None:
        self._runs = runs
        self._run = run
        self._gone = asyncio.create_task(_disconnected(request), name=f"reader of run {run.id}")

    @contextmanager
    def reading(self) -> Generator[None]:
        """Await what is inside while the reader is there. When they leave, or what is inside fails, the run is told.

        Raises:
            ClientDisconnect: The reader has left.
        """
        task = asyncio.current_task()
        inside = True

        def leave(_: asyncio.Task[None]) -> None:
            if inside and task is not None:
                task.cancel()

        self._gone.add_done_callback(leave)
        try:
            yield
        except asyncio.CancelledError:
            self._runs.leave(self._run)
            if not self._gone.done() or task is None:
                raise
            task.uncancel()
            raise ClientDisconnect from None
        except BaseException:
            self.done()
            raise
        finally:
            inside = False
            self._gone.remove_done_callback(leave)

    def done(self) -> None:
        """There is nothing more to read, or nobody to read it."""
        self._gone.cancel()
        self._runs.leave(self._run)


class RunStream(Response):
    """A stream of what a run tells, to its end or until its reader leaves.

    Starlette's own takes a group of tasks for the same.

    Args:
        reader: Whoever reads.
        first: The first piece, which was waited for so that an error before it has a status of its own.
        stream: The pieces after it.
        headers: Headers of the response.
    """

    media_type = "text/event-stream"

    def __init__(
        self, reader: RunReader, first: bytes, stream: AsyncGenerator[bytes], headers: Mapping[str, str]
    ) -> None:
        self.status_code = 200
        self.background = None
        self._reader = reader
        self._first = first
        self._stream = stream
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        try:
            with suppress(ClientDisconnect), self._reader.reading():
                # A task of its own: to wake this one, each piece would pass through all that lies above it.
                await asyncio.create_task(self._send(send, short_send(scope, send)), name="send a stream")
        finally:
            self._reader.done()
            await self._stream.aclose()

    async def _send(self, send_head: Send, send: Send) -> None:
        await send_head({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": self._first, "more_body": True})
        async for piece in self._stream:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
