"""What a run remembers of the one before, and the lock that keeps two runs of one pipeline apart.

The lock is a lease in the database, renewed while the run lives. A run that finds it held by a process of this very
machine that is dead (killed, crashed) takes it over at once; held by any other, it waits for the lease to run out.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID, uuid4

import stamina
import structlog

from core.errors import DatabaseUnreachable, RoostError, may_pass
from core.knowledge.store import LONGEST_WRITE, KnowledgeStore, SupabaseStore
from core.supabase import Database
from rag_pipeline.sources.base import Checkpoint, Known, KnownFile, Source

log = structlog.get_logger(__name__)
LEASE_SECONDS = 60
_RENEW_EVERY = 15
#: Seconds that the graph index of very many passages may take to build.
LONGEST_INDEXING = 3600.0


@dataclass(frozen=True, slots=True)
class IndexModel:
    """The embedding model the index was built with; ``name`` is ``None`` where nothing was ever indexed."""

    name: str | None
    dimension: int
    empty: bool


@dataclass(frozen=True, slots=True)
class BegunRun:
    """A run that holds the lock: what it knows, and where it writes.

    Attributes:
        source_id: The source, as the ledger knows it.
        known: What to tell the source about the past.
        index: The model of the index.
        store: Where documents go.
    """

    source_id: UUID
    known: Known
    index: IndexModel
    store: KnowledgeStore


class Locked(Exception):
    """Another run of this pipeline is at work. Its text says since when it may be counted as dead."""


class StateManager(Protocol):
    """Begins and ends the runs of one pipeline."""

    async def begin(self, source: Source, *, visibility: str) -> BegunRun:
        """Take the lock and read what is known.

        Raises:
            Locked: Another run is at work.
            RoostError: The state cannot be read.
        """
        ...

    async def adopt_model(self, model: str, dimension: int) -> None:
        """Take a model for an index that holds nothing yet."""
        ...

    async def tend(self) -> None:
        """Put the index in order after much was written: minutes, now and then. Nothing is lost where it fails."""
        ...

    async def finish(
        self, checkpoint: Checkpoint | None, report: Mapping[str, object], *, changed: bool, error: str | None = None
    ) -> dict[str, int]:
        """End the run: keep the checkpoint (``None``: the old one stays), let go of the lock. Files by state."""
        ...

    def renewing(self) -> contextlib.AbstractAsyncContextManager[None]:
        """Keep the lock for as long as the context lasts."""
        ...


class SupabaseStateManager:
    """State in ``rag_pipeline_state`` and the ledger."""

    def __init__(self, database: Database, pipeline_id: str, pipeline_type: str) -> None:
        self._database = database
        self._pipeline_id = pipeline_id
        self._pipeline_type = pipeline_type
        self._owner = uuid4()

    async def begin(self, source: Source, *, visibility: str) -> BegunRun:
        """See :class:`StateManager`."""
        arguments: dict[str, object] = {
            "p_pipeline_id": self._pipeline_id,
            "p_pipeline_type": self._pipeline_type,
            "p_owner": str(self._owner),
            "p_source": {
                # a thread, because a source far away is asked for its name
                "kind": source.kind, "name": await asyncio.to_thread(lambda: source.name),
                "settings": source.settings(), "visibility": visibility,
            },
            "p_holder": this_process(),
            "p_lease_seconds": LEASE_SECONDS,
        }  # fmt: skip
        begun = await self._database.call("begin_pipeline_run", arguments, patience=LONGEST_WRITE)
        if not begun["acquired"] and is_dead(begun["holder"] or {}):
            log.warning("the last run was killed; this one takes over", holder=begun["holder"])
            begun = await self._database.call("begin_pipeline_run", arguments | {"p_dead_owner": begun["lock_owner"]})
        if not begun["acquired"]:
            raise Locked(f"Another run of the pipeline {self._pipeline_id} is at work (until {begun['locked_until']}).")
        index = begun["index"]
        return BegunRun(
            source_id=UUID(begun["source_id"]),
            known=known_from(begun["files"], begun["checkpoint"] or {}),
            index=IndexModel(index["model"], index["dimension"], index["empty"]),
            store=SupabaseStore(self._database, self._owner),
        )

    async def adopt_model(self, model: str, dimension: int) -> None:
        """See :class:`StateManager`."""
        await self._patiently("adopt_embedding_model", {"p_model": model, "p_dimension": dimension})

    async def tend(self) -> None:
        """See :class:`StateManager`."""
        try:
            if not await self._database.call("tend_knowledge", patience=LONGEST_INDEXING):
                log.info("the index is being tended by another run")
        except RoostError as error:
            # The database goes on with it, or the next run that changes anything does it.
            log.warning("the index was not seen to be in order", error=error.detail)

    async def finish(
        self, checkpoint: Checkpoint | None, report: Mapping[str, object], *, changed: bool, error: str | None = None
    ) -> dict[str, int]:
        """See :class:`StateManager`."""
        return await self._patiently(
            "finish_pipeline_run",
            {
                "p_pipeline_id": self._pipeline_id, "p_owner": str(self._owner), "p_report": dict(report),
                "p_checkpoint": None if checkpoint is None else dict(checkpoint), "p_changed": changed,
                "p_error": error,
            },
        )  # fmt: skip

    async def _patiently(self, function: str, arguments: dict[str, object]):  # noqa: ANN202 - what the function returns
        """Call what may be called twice. A run that has come this far does not end for one lost connection."""
        async for attempt in stamina.retry_context(on=may_pass, attempts=4, timeout=LONGEST_WRITE, wait_initial=0.3):
            with attempt:
                return await self._database.call(function, arguments, patience=LONGEST_WRITE)
        raise DatabaseUnreachable()

    @contextlib.asynccontextmanager
    async def renewing(self) -> AsyncGenerator[None]:
        """See :class:`StateManager`. A renewal that fails is tried again; the fence guards what is written."""
        task = asyncio.create_task(self._renew())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_EVERY)
            try:
                await self._database.call(
                    "renew_pipeline_run",
                    {
                        "p_pipeline_id": self._pipeline_id, "p_owner": str(self._owner),
                        "p_lease_seconds": LEASE_SECONDS,
                    },
                    # It waits for a large write of this run's own, and comes before whoever wants to take over.
                    patience=LONGEST_WRITE,
                )  # fmt: skip
            except RoostError as error:
                log.warning("the lock was not renewed", error=error.detail)


def known_from(rows: list[list[Any]], checkpoint: Checkpoint) -> Known:
    """What a source is told, from the ledger's rows as ``roost.known_files`` gives them."""
    files: dict[str, KnownFile] = {}
    due: set[str] = set()
    for name, path, state, token, content_hash, size, modified, again in rows:
        files[name] = KnownFile(name, path, state, token, content_hash, size, modified or "")
        if again:
            due.add(name)
    return Known(files, frozenset(due), checkpoint)


def this_process() -> dict[str, object]:
    """What tells this process from every other, on this machine and elsewhere."""
    return {
        "host": socket.gethostname(), "pid": os.getpid(), "boot": _text("/proc/sys/kernel/random/boot_id"),
        "space": _link("/proc/self/ns/pid"), "started": _started(os.getpid()),
    }  # fmt: skip


def is_dead(holder: Mapping[str, Any]) -> bool:
    """Whether ``holder`` was a process of this machine that is no more. In doubt: no."""
    here = this_process()
    if not here["boot"] or holder.get("host") != here["host"]:
        return False
    if holder.get("boot") != here["boot"]:
        return True
    if holder.get("space") != here["space"]:
        return False
    return _started(int(holder.get("pid") or 0)) != holder.get("started")


def _started(pid: int) -> str:
    """The moment a process began, in ticks since the machine did; empty where there is no such process."""
    fields = _text(f"/proc/{pid}/stat").rpartition(")")[2].split()
    # State is the first field after the name, the start the twentieth; a zombie is dead.
    return "" if len(fields) < 20 or fields[0] == "Z" else fields[19]


def _text(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - no path, but a name of the kernel's
    except OSError:
        return ""
