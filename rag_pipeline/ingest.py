"""One source's changes into the index: read, cut, embedded, replaced. Many files at once, each whole or not at all.

A file's trouble is written into the ledger and the run goes on. Trouble of the model or the database ends the run: what
was written stays, the checkpoint does not move, and the next run begins where this one began.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from core.errors import NotFound, RoostError, Unavailable, Unprocessable
from core.knowledge.reasons import reason_of
from core.knowledge.store import PART_OF_DOCUMENT, ChunkRow, DocumentRow, FileRow, Part
from rag_pipeline.extraction.failure import ExtractionFailed
from rag_pipeline.extraction.formats import reader_for
from rag_pipeline.extraction.pool import ParserPool
from rag_pipeline.report import Report
from rag_pipeline.sources.base import (
    Changed,
    Checkpoint,
    Failure,
    FetchFailed,
    Gone,
    Moved,
    Source,
    SourceEvent,
    SourceFile,
)
from rag_pipeline.sources.reading import Returned, reading
from rag_pipeline.state import BegunRun
from rag_pipeline.vectors import TEXTS_AT_ONCE, PassageVectors

log = structlog.get_logger(__name__)
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})
#: Ledger rows that are written together.
_ROWS_TOGETHER = 200


@dataclass(slots=True)
class Ingestion:
    """What the work on one source's changes needs.

    Attributes:
        source: Where the files are.
        run: The run, its lock held.
        vectors: The index's model.
        pool: Processes that read files.
        report: Where counts go.
        max_bytes: Files larger than this are not read.
        files_at_once: Files that are on their way at the same time.
    """

    source: Source
    run: BegunRun
    vectors: PassageVectors
    pool: ParserPool
    report: Report
    max_bytes: int
    files_at_once: int
    changed: bool = False
    _rows: list[FileRow] = field(default_factory=list[FileRow])
    _gone: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    _mentioned: int = 0

    async def work(self) -> Checkpoint:
        """Take every change in; return the source's checkpoint.

        Raises:
            RoostError: The source, the model or the database failed as a whole.
        """
        checkpoint: Checkpoint = {}
        slots = asyncio.Semaphore(self.files_at_once)
        try:
            async with reading(self.source.changes(self.run.known)) as events, asyncio.TaskGroup() as group:
                while not isinstance(event := await events.next(), Returned):
                    await slots.acquire()
                    group.create_task(self._one(event, slots))
                checkpoint = event.checkpoint
        except* RoostError as errors:
            raise _first(errors) from errors
        await self._flush(everything=True)
        known = sum(file.state != "ignored" for file in self.run.known.files.values())
        self.report.files_unchanged += max(0, known - self._mentioned)
        return checkpoint

    async def _one(self, event: SourceEvent, slots: asyncio.Semaphore) -> None:
        try:
            match event:
                case Changed(file):
                    await self._take(file)
                case Moved(previous, file):
                    await self._move(previous, file)
                case Gone(external_id, reason):
                    self._count_known(external_id)
                    self._gone.append({"external_id": external_id, "reason": reason})
                case Failure(external_id, path, reason, detail):
                    self._count_known(external_id)
                    self._record(FileRow(external_id=external_id, path=path), reason, detail)
            await self._flush()
        finally:
            slots.release()

    def _count_known(self, external_id: str) -> None:
        known = self.run.known.files.get(external_id)
        self._mentioned += known is not None and known.state != "ignored"

    async def _move(self, previous: str, file: SourceFile) -> None:
        self._count_known(previous)
        row = _row(file)
        if await self.run.store.move_document(self.run.source_id, previous, row):
            self.report.files_moved += 1
            self.changed = True
        else:
            await self._take(file)

    async def _take(self, file: SourceFile) -> None:
        known = self.run.known.files.get(file.external_id)
        if known and known.state == "ignored":
            return
        self._count_known(file.external_id)
        row = _row(file)
        try:
            reader = reader_for(file.path, file.mime_type)
            if reader is None:
                raise ExtractionFailed("unsupported-type", file.mime_type or Path(file.path).suffix)
            if (file.size_bytes or 0) > self.max_bytes:
                raise ExtractionFailed("too-large", f"{file.size_bytes} bytes.")
            with tempfile.TemporaryDirectory(prefix="roost-") as name:
                await self._read(file, row, Path(name))
        except (ExtractionFailed, FetchFailed) as failure:
            if failure.reason == "disk-full":
                raise Unavailable(no_space(tempfile.gettempdir(), "TMPDIR")) from failure
            self._record(row, failure.reason, failure.detail)
        except Unprocessable as error:
            code = "store-refused" if error.slug == "store-refused" else "embedding-refused"
            self._record(row, code, error.detail)
        except RoostError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _NO_SPACE:
                raise Unavailable(no_space(tempfile.gettempdir(), "TMPDIR")) from error
            # Nobody foresaw it; it is this file's trouble alone, and the log has all of it.
            log.exception("a file was not taken in", path=file.path)
            self._record(row, "unforeseen", f"{type(error).__name__}: {error}"[:1000])

    async def _read(self, file: SourceFile, row: FileRow, folder: Path) -> None:
        (folder / "content").mkdir()
        fetched = await asyncio.to_thread(self.source.fetch, file, folder / "content")
        size, content_hash = await asyncio.to_thread(_hash, fetched.path)
        if size > self.max_bytes:
            raise ExtractionFailed("too-large", f"{size} bytes.")
        row["size_bytes"], row["content_hash"] = size, content_hash
        known = self.run.known.files.get(file.external_id)
        if known and known.content_hash == content_hash and known.state == "ready":
            row["state"] = "touched"
            self._rows.append(row)
            self.report.files_unchanged += 1
            return
        reader, mime_type = (
            reader_for(fetched.path.name, fetched.mime_type)
            or reader_for(file.path, fetched.mime_type or file.mime_type)
            or ("text", "text/plain")
        )
        self.vectors.prepare()
        passages = folder / "passages.jsonl"
        await self.pool.read(fetched.path, mime_type, reader, passages)
        document = await asyncio.to_thread(_about, passages, file, self.vectors.model)
        written = await self.run.store.replace_document(
            self.run.source_id, row, document, self._parts(passages, document["title"])
        )
        self.changed = True
        if written.version:
            self.report.files_processed += 1
            self.report.chunks_written += written.chunks

    async def _parts(self, passages: Path, title: str) -> AsyncIterator[Part]:
        part = Part(chunks=[], tables=[])
        for lines in _batches(passages):
            part["tables"].extend(line["table"] for line in lines if "table" in line)
            chunks = [line["chunk"] for line in lines if "chunk" in line]
            part["chunks"].extend(await self._embed(chunks, title))
            if len(part["chunks"]) + 50 * len(part["tables"]) >= PART_OF_DOCUMENT:
                yield part
                part = Part(chunks=[], tables=[])
        yield part

    async def _embed(self, chunks: list[list[Any]], title: str) -> list[ChunkRow]:
        if not chunks:
            return []
        rows: list[ChunkRow] = []
        vectors = await self.vectors.of([passage_to_embed(text, heading) for _, text, heading, _ in chunks])
        for (ordinal, text, heading, place), vector in zip(chunks, vectors, strict=True):
            rows.append(
                ChunkRow(
                    ordinal=ordinal, text=text, above="\n".join([title, *heading]), heading=heading, place=place,
                    embedding=vector,
                )
            )  # fmt: skip
        return rows

    def _record(self, row: FileRow, code: str, detail: str) -> None:
        reason = reason_of(code)
        if reason.state == "pending":
            # Not a failure: the next run sees it as it then is.
            log.info("left for the next run", path=row.get("path"), reason=code)
            return
        log.warning("a file was not taken in", path=row.get("path"), reason=code, detail=detail)
        if reason.state == "unsupported":
            self.report.files_unsupported += 1
        else:
            self.report.file_failed(code)
        row.update(state=reason.state, reason=code, last_error=detail.replace("\0", ""), retries=reason.retries)
        self._rows.append(row)

    async def _flush(self, *, everything: bool = False) -> None:
        if len(self._rows) >= _ROWS_TOGETHER or (everything and self._rows):
            rows, self._rows = self._rows, []
            await self.run.store.record_files(self.run.source_id, rows)
            self.changed = True
        if len(self._gone) >= _ROWS_TOGETHER or (everything and self._gone):
            gone, self._gone = self._gone, []
            await self.run.store.delete_documents(self.run.source_id, gone)
            self.report.files_deleted += len(gone)
            self.changed = True


def no_space(place: str, variable: str) -> str:
    """What to say of a full disk."""
    return (
        f"The disk of {place} is full. Free some space, or set {variable} to a folder on another disk; then run again."
    )


def passage_to_embed(text: str, heading: list[str]) -> str:
    """What of a passage the model is given: the headings it stands under, then its text."""
    above = " / ".join(title for title in heading if title not in text)
    return f"{above}\n{text}" if above else text


def _row(file: SourceFile) -> FileRow:
    row = FileRow(
        external_id=file.external_id, path=file.path, title=file.title, uri=file.uri, mime_type=file.mime_type,
        size_bytes=file.size_bytes, modified_at=file.modified_at.isoformat(), version_token=file.version_token,
    )  # fmt: skip
    if file.owner_id is not None:
        row["owner_id"] = file.owner_id
    if file.grants is not None:
        everyone = any(grant.kind == "everyone" for grant in file.grants)
        row["visibility"] = "everyone" if everyone else "restricted"
        row["grants"] = [{"kind": grant.kind, "name": grant.name} for grant in file.grants if grant.kind != "everyone"]
    else:
        row["visibility"] = "source"
    return row


def _about(passages: Path, file: SourceFile, model: str) -> DocumentRow:
    with passages.open(encoding="utf-8") as lines:
        about = json.loads(next(lines))
        reason = None
        if passages.stat().st_size:
            reason = next((json.loads(line)["reason"] for line in lines if line.startswith('{"reason"')), None)
    title = about["title"]
    return DocumentRow(
        title=title or file.title, titled=bool(title), mime_type=about["mime_type"], language=about["language"],
        embedding_model=model, reason=reason,
    )  # fmt: skip


def _batches(passages: Path) -> Iterator[list[dict[str, Any]]]:
    with passages.open(encoding="utf-8") as lines:
        next(lines)
        batch: list[dict[str, Any]] = []
        for line in lines:
            batch.append(json.loads(line))
            if len(batch) == TEXTS_AT_ONCE or "table" in batch[-1]:
                yield batch
                batch = []
        if batch:
            yield batch


def _hash(path: Path) -> tuple[int, str]:
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
            return stream.tell(), digest.hexdigest()
    except FileNotFoundError as error:
        raise FetchFailed("vanished", "The file is not there any more.") from error
    except OSError as error:
        raise FetchFailed("unreadable", str(error.strerror)) from error


def _first(errors: BaseExceptionGroup[RoostError]) -> RoostError:
    for error in errors.exceptions:
        return _first(error) if isinstance(error, BaseExceptionGroup) else error
    raise NotFound("No error.")  # an exception group is never empty
