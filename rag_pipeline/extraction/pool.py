"""Worker processes that read files, watched from outside: too slow or too large, and the process is killed.

A worker is used again for the next file, and replaced after many files, after a kill, or when it died of a file.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import structlog

from core.knowledge.chunking import ChunkSettings
from rag_pipeline.extraction.failure import ExtractionFailed
from rag_pipeline.extraction.formats import Reader

log = structlog.get_logger(__name__)
_FILES_PER_PROCESS = 500
_LOOK_EVERY = 0.05
#: How a process ends that gets no more memory: by its own hand, or by the kernel's.
_DEATHS_OF_MEMORY = (-signal.SIGABRT, -signal.SIGKILL)
_PAGE = os.sysconf("SC_PAGE_SIZE")
_ENVIRONMENT = {
    # One file is read by one thread; several files by several processes.
    "RAYON_NUM_THREADS": "1",
    "TOKIO_WORKER_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",
    "MALLOC_ARENA_MAX": "2",
    "PYTHONDONTWRITEBYTECODE": "1",
}
#: What a worker needs of its parent's environment. No key and no address of anything goes in.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TESSDATA_PREFIX", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True, slots=True)
class ParseLimits:
    """What reading one file may take (seconds, bytes of memory, characters of text, passages), and how it is read."""

    seconds: float
    memory: int
    max_text: int
    chunks: ChunkSettings
    ocr_languages: str = "eng"


@dataclass(slots=True, eq=False)
class _Worker:
    process: asyncio.subprocess.Process
    files: int = 0


class ParserPool:
    """At most ``size`` workers. Use as an async context manager: leaving it leaves no process behind."""

    def __init__(self, size: int, limits: ParseLimits) -> None:
        self._limits = limits
        self._idle: list[_Worker] = []
        self._all: set[_Worker] = set()
        self._places = asyncio.Semaphore(size)

    async def __aenter__(self) -> ParserPool:
        return self

    async def __aexit__(self, *_: object) -> None:
        for worker in list(self._all):
            await self._end(worker)

    async def read(self, path: Path, mime_type: str, reader: Reader, out: Path) -> None:
        """Read ``path`` and write its passages to ``out``, as `worker` describes.

        Raises:
            ExtractionFailed: The file gives no text, or took too much time or memory.
        """
        job: dict[str, object] = {
            "path": str(path), "mime_type": mime_type, "reader": reader, "out": str(out),
            "max_text": self._limits.max_text, "chunk_size": self._limits.chunks.size,
            "max_chunks": self._limits.chunks.most,
            "ocr_languages": self._limits.ocr_languages,
        }  # fmt: skip
        async with self._places, self._worker() as worker:
            outcome = await self._ask(worker, job)
        if outcome:
            raise ExtractionFailed(outcome["reason"], outcome["detail"])

    @contextlib.asynccontextmanager
    async def _worker(self) -> AsyncGenerator[_Worker]:
        worker = self._idle.pop() if self._idle else await self._start()
        healthy = False
        try:
            yield worker
            worker.files += 1
            healthy = worker.process.returncode is None and worker.files < _FILES_PER_PROCESS
        finally:
            if healthy:
                self._idle.append(worker)
            else:
                await self._end(worker)

    async def _start(self) -> _Worker:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ENVIRONMENT
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "rag_pipeline.extraction.worker", json.dumps({"memory": self._limits.memory}),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=environment, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        worker = _Worker(process)
        self._all.add(worker)
        return worker

    async def _end(self, worker: _Worker) -> None:
        self._all.discard(worker)
        if worker.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                worker.process.kill()
        await worker.process.wait()
        # Without this the transport closes when the loop is gone already.
        worker.process._transport.close()  # type: ignore[attr-defined]

    async def _ask(self, worker: _Worker, job: dict[str, object]) -> dict[str, str]:
        stdin, stdout = worker.process.stdin, worker.process.stdout
        assert stdin is not None  # noqa: S101 - both are pipes
        assert stdout is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            stdin.write(json.dumps(job).encode() + b"\n")
            await stdin.drain()
        answer = asyncio.ensure_future(stdout.readline())
        largest = 0
        try:
            loop = asyncio.get_running_loop()
            end = loop.time() + self._limits.seconds
            while not answer.done():
                await asyncio.wait({answer}, timeout=_LOOK_EVERY)
                if answer.done():
                    break
                if loop.time() > end:
                    raise ExtractionFailed("too-slow", f"More than {self._limits.seconds:g} seconds.")
                largest = max(largest, _memory_of(worker.process.pid))
                if largest > self._limits.memory:
                    raise ExtractionFailed("too-much-memory", f"More than {self._limits.memory >> 20} MiB.")
            line = answer.result()
        finally:
            answer.cancel()
            if not answer.done() or answer.cancelled():
                await self._end(worker)
        if not line:
            code = await worker.process.wait()
            log.warning("a parser process died", code=code, path=job["path"], memory=largest)
            if code in _DEATHS_OF_MEMORY and largest > self._limits.memory / 2:
                # It asked for the other half at once, and was refused or killed.
                raise ExtractionFailed("too-much-memory", f"More than {self._limits.memory >> 20} MiB.")
            raise ExtractionFailed("parser-crashed", f"The process that read the file ended with code {code}.")
        return json.loads(line)


def _memory_of(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where that cannot be told."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError, ValueError):
        return 0
