"""The streams of runs in Valkey, and the keys beside them: all that is ever said to Valkey of runs.

A run's stream holds its head, its events in their order, and how it ended. It goes with its run: without a sign of life
it is gone after some seconds.
"""

from __future__ import annotations

import math
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from coredis import PureToken, Redis
from coredis.exceptions import RedisError

from agent_api.runs.run import Run
from core.errors import Unavailable

#: Seconds that a stream is kept after its run's end.
_KEPT_FINISHED = 30
#: Milliseconds that one waits for something new at a time.
_PATIENCE = 2000
#: Entries of a stream at most; one holds all events that had come when it was written.
_LONGEST = 100_000
_STOPS = "roost:stops"
_DELETE_IF = "if redis.call('get', KEYS[1]) == ARGV[1] then redis.call('del', KEYS[1]) end"

Fields = dict[bytes, bytes]


@dataclass(frozen=True)
class Entry:
    """An entry of a stream."""

    id: bytes
    fields: Fields


class RunStreams:
    """Access to Valkey. Whatever goes wrong with it is told as ``Unavailable``.

    Args:
        url: Its address (redis://…).
        life: Seconds that a stream lives without a sign of its run.
    """

    def __init__(self, url: str, *, life: float) -> None:
        self.life = math.ceil(life)
        self._client: Redis[bytes] = Redis.from_url(url, connect_timeout=2, stream_timeout=5, max_connections=4096)

    def close(self) -> None:
        """Close the connections."""
        self._client.connection_pool.disconnect()

    async def begin(self, run: Run, head: bytes) -> None:
        """Begin a run's stream, from nothing, whatever there was."""
        async with _in_words():
            await self._client.delete([_stream(run.id)])
            await self._client.xadd(_stream(run.id), {"head": head})
        await self.sign([run])

    async def add(self, run: Run, at: int, events: bytes) -> None:
        """Add a run's events from place ``at`` on."""
        async with _in_words():
            await self._client.xadd(
                _stream(run.id),
                {"at": str(at), "events": events},
                trim_strategy=PureToken.MAXLEN,
                trim_operator=PureToken.APPROXIMATELY,
                threshold=_LONGEST,
            )

    async def end(self, run: Run, end: bytes) -> None:
        """Tell that a run has ended, and how; its stream stays for those who read on."""
        async with _in_words():
            # First, so that whoever hears the end finds that nothing is being answered any more.
            if run.conversation_id is not None:
                # Another process may answer the next question already.
                await self._client.eval(_DELETE_IF, [_answering(run.user_id, run.conversation_id)], [str(run.id)])
            await self._client.xadd(_stream(run.id), {"end": end})
            await self._client.expire(_stream(run.id), _KEPT_FINISHED)

    async def sign(self, runs: Sequence[Run]) -> None:
        """Give a sign of life of runs."""
        async with _in_words():
            for run in runs:
                await self._client.expire(_stream(run.id), self.life)
                if run.conversation_id is not None:
                    await self._client.set(_answering(run.user_id, run.conversation_id), str(run.id), ex=self.life)

    async def answering(self, user_id: UUID, conversation_id: str) -> UUID | None:
        """The run that answers in a person's conversation, if any process tells of one."""
        async with _in_words():
            found = await self._client.get(_answering(user_id, conversation_id))
        return UUID(found.decode()) if found else None

    async def head(self, run_id: UUID) -> Entry | None:
        """The first entry of a run's stream; None where there is no stream."""
        async with _in_words():
            entries = _entries(await self._client.xrange(_stream(run_id), count=1))
        return entries[0] if entries and b"head" in entries[0].fields else None

    async def after(self, run_id: UUID, last: bytes) -> list[Entry] | None:
        """What a run's stream holds after an entry, waiting for it a little; None where there is no stream any more."""
        key = _stream(run_id)
        async with _in_words():
            found = await self._client.xread({key: last}, count=500, block=_PATIENCE)
            if not found:
                return [] if await self._client.exists([key]) else None
        return _entries(next(iter(found.values())))

    async def ask_to_stop(self, run_id: UUID) -> None:
        """Tell all processes that a run is to be stopped."""
        async with _in_words():
            await self._client.xadd(
                _STOPS,
                {"run": str(run_id)},
                trim_strategy=PureToken.MAXLEN,
                trim_operator=PureToken.APPROXIMATELY,
                threshold=1000,
            )

    async def newest_stop(self) -> bytes:
        """The entry after which stops are new."""
        async with _in_words():
            newest = _entries(await self._client.xrevrange(_STOPS, count=1))
        return newest[0].id if newest else b"0-0"

    async def stops_after(self, last: bytes) -> tuple[list[UUID], bytes]:
        """Runs that are to be stopped since an entry, waiting for them a little, and the newest entry now."""
        async with _in_words():
            found = await self._client.xread({_STOPS: last}, count=100, block=_PATIENCE)
        entries = _entries(next(iter(found.values()))) if found else []
        return [UUID(entry.fields[b"run"].decode()) for entry in entries], entries[-1].id if entries else last


def _entries(found: Sequence[Any]) -> list[Entry]:
    return [Entry(cast("bytes", entry.identifier), cast("Fields", entry.field_values)) for entry in found]


def _stream(run_id: UUID) -> str:
    return f"roost:run:{run_id}"


def _answering(user_id: UUID, conversation_id: str) -> str:
    return f"roost:answering:{user_id}:{conversation_id}"


@asynccontextmanager
async def _in_words() -> AsyncGenerator[None]:
    try:
        yield
    except (RedisError, OSError, TimeoutError, EOFError) as error:
        raise Unavailable(
            "This answer cannot be followed from here at the moment. It goes on, and will be in the conversation.",
            slug="run-out-of-reach",
        ) from error
