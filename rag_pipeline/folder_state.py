"""State and documents as files, where no database is configured: to try a folder out, or to see what would be indexed.

`RAG_STATE_DIRECTORY/<pipeline>/state.json` holds what `rag_pipeline_state` and the ledger would; each document is a
file beside it with its passages and vectors. Every file is written under another name and renamed, so that a run that
is killed leaves the last whole state. There is no search, and no permission but that of the folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import json
import os
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from core.errors import ConfigurationError, Unavailable
from core.knowledge.store import DocumentRow, FileRow, Part, Written
from rag_pipeline.sources.base import Checkpoint, Source
from rag_pipeline.state import BegunRun, IndexModel, Locked, known_from


class FolderState:
    """Both what a run remembers and where it writes; one of each for a pipeline.

    Args:
        directory: ``RAG_STATE_DIRECTORY``.
        pipeline_id: The pipeline.
    """

    def __init__(self, directory: Path, pipeline_id: str) -> None:
        self._directory = directory / hashlib.sha256(pipeline_id.encode()).hexdigest()[:16]
        self._pipeline_id = pipeline_id
        self._state: dict[str, Any] = {}
        self._held: IO[str] | None = None
        self._saving = asyncio.Lock()

    async def begin(self, source: Source, *, visibility: str) -> BegunRun:
        """See ``StateManager``. The lock is the kernel's: it goes with the process that holds it."""
        await asyncio.to_thread(self._open)
        if self._state.get("settings") != source.settings():
            self._state["settings"] = source.settings()
            self._state["checkpoint"] = {}
        now = datetime.now(UTC).isoformat()
        rows = [
            [
                name, file["path"], file["state"], file["version_token"], file["content_hash"], file["size_bytes"],
                file["modified_at"], bool(file["state"] == "failed" and file["next_try_at"] <= now),
            ]
            for name, file in self._files.items()
        ]  # fmt: skip
        index = self._state.get("index", {"model": None, "dimension": 0})
        empty = not any(self._directory.glob("*.document.json"))
        return BegunRun(
            source_id=uuid5(NAMESPACE_URL, f"roost:{self._pipeline_id}"),
            known=known_from(rows, self._state.get("checkpoint", {})),
            index=IndexModel(index["model"], index["dimension"], empty),
            store=self,
        )

    async def adopt_model(self, model: str, dimension: int) -> None:
        """See ``StateManager``."""
        self._state["index"] = {"model": model, "dimension": dimension}

    async def tend(self) -> None:
        """There is no index."""

    async def finish(
        self, checkpoint: Checkpoint | None, report: Mapping[str, object], *, changed: bool, error: str | None = None
    ) -> dict[str, int]:
        """See ``StateManager``."""
        if checkpoint is not None:
            self._state["checkpoint"] = dict(checkpoint)
            self._state["last_check_time"] = datetime.now(UTC).isoformat()
        self._state |= {"last_run": datetime.now(UTC).isoformat(), "last_report": dict(report), "last_error": error}
        await self._save()
        if self._held:
            self._held.close()
        return dict(Counter(str(file["state"]) for file in self._files.values()))

    @contextlib.asynccontextmanager
    async def renewing(self) -> AsyncGenerator[None]:
        """Nothing is to be done for as long as the process lives."""
        yield

    async def replace_document(
        self, source_id: UUID, file: FileRow, document: DocumentRow, parts: AsyncIterator[Part]
    ) -> Written:
        """See ``KnowledgeStore``."""
        chunks: list[object] = []
        tables: list[object] = []
        async for part in parts:
            chunks += part["chunks"]
            tables += part["tables"]
        path = self._document(file["external_id"])
        whole = {"source_id": str(source_id), "file": file, "document": document, "chunks": chunks, "tables": tables}
        await asyncio.to_thread(_write, path, json.dumps(whole, ensure_ascii=False))
        version = int(self._files.get(file["external_id"], {}).get("version", 0)) + 1
        self._keep(file, state="ready", reason=document["reason"], tries=0, version=version)
        await self._save()
        return Written(version, len(chunks))

    async def record_files(self, source_id: UUID, files: Sequence[FileRow]) -> None:
        """See ``KnowledgeStore``."""
        for file in files:
            state = file.get("state", "touched")
            if state == "touched":
                self._keep(file, state="ready", reason=None, tries=0)
                continue
            tries = int(self._files.get(file["external_id"], {}).get("tries", 0)) + 1
            dead = state == "failed" and tries >= file.get("retries", 1)
            again = datetime.now(UTC) + timedelta(minutes=min(360, 2 ** min(tries - 1, 10)))
            self._keep(
                file, state="dead" if dead else state, reason=file.get("reason"), tries=tries,
                next_try_at=again.isoformat(),
            )  # fmt: skip
        await self._save()

    async def move_document(self, source_id: UUID, previous_external_id: str, file: FileRow) -> bool:
        """See ``KnowledgeStore``."""
        if previous_external_id not in self._files:
            return False
        before = self._document(previous_external_id)
        self._files[file["external_id"]] = self._files.pop(previous_external_id)
        self._keep(file)
        if before.exists():
            await asyncio.to_thread(before.replace, self._document(file["external_id"]))
        await self._save()
        return True

    async def delete_documents(self, source_id: UUID, files: Sequence[Mapping[str, str]]) -> int:
        """See ``KnowledgeStore``."""
        there = 0
        for file in files:
            path = self._document(file["external_id"])
            there += path.exists()
            path.unlink(missing_ok=True)
            self._files.pop(file["external_id"], None)
        await self._save()
        return there

    @property
    def _files(self) -> dict[str, dict[str, Any]]:
        return self._state.setdefault("known_files", {})

    def _keep(self, file: FileRow, **more: object) -> None:
        blank = {"state": "pending", "version_token": "", "content_hash": "", "size_bytes": None, "modified_at": ""}
        self._files[file["external_id"]] = blank | self._files.get(file["external_id"], {}) | dict(file) | more

    def _document(self, external_id: str) -> Path:
        return self._directory / f"{hashlib.sha256(external_id.encode()).hexdigest()[:32]}.document.json"

    def _open(self) -> None:
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._held = (self._directory / "lock").open("w")
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path = self._directory / "state.json"
            self._state = json.loads(path.read_text("utf-8")) if path.exists() else {}
        except BlockingIOError as error:
            raise Locked(f"Another run of the pipeline {self._pipeline_id} is at work.") from error
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"The state in {self._directory} cannot be read or written ({error}). Set RAG_STATE_DIRECTORY to a "
                "folder of this process's own, or SUPABASE_URL to a database."
            ) from error

    async def _save(self) -> None:
        async with self._saving:
            # Made into text here, where nothing else changes it meanwhile.
            await asyncio.to_thread(_write, self._directory / "state.json", json.dumps(self._state, ensure_ascii=False))


def _write(path: Path, content: str) -> None:
    """Write a file whole or not at all.

    Raises:
        Unavailable: The disk does not take it; what was there before still is.
    """
    new = path.with_suffix(".new")
    try:
        with new.open("w", encoding="utf-8") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        new.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            new.unlink()
        raise Unavailable(
            f"The state in {path.parent} cannot be written ({error.strerror}). Free some space, give this "
            "process the right to, or set RAG_STATE_DIRECTORY to another folder; then run again."
        ) from error
