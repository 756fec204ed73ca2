"""A process that reads files: `python -m rag_pipeline.extraction.worker`, started and killed by the pool.

One JSON object a line on standard input is a job, one on standard output its outcome. The passages go into a file of
JSON lines, so that a long document is never whole in two processes: first a line about the document, then one for each
passage, then the tables in batches of rows.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import signal
import sys
from itertools import chain
from pathlib import Path
from typing import TextIO, cast

from core.knowledge.chunking import ChunkSettings, chunk_document
from core.knowledge.documents import Extracted, Table
from core.knowledge.language import guess_language
from rag_pipeline.extraction.failure import ExtractionFailed
from rag_pipeline.extraction.formats import Reader

ROWS_IN_A_BATCH = 500
_PARENT_DEATH_SIGNAL = 1


def main() -> None:
    """Work off jobs until standard input ends."""
    limits = json.loads(sys.argv[1])
    _limit_oneself(limits["memory"])
    # Whatever a library prints must not be taken for an outcome.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        answers.write(json.dumps(_work(json.loads(line))) + "\n")
        answers.flush()


def _limit_oneself(memory: int) -> None:
    """Die with the parent; take at most ``memory`` bytes more than at the start, write no large file, no core."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() == 1 and os.environ.get("ROOST_PARENT") not in {None, "1"}:
            sys.exit(0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))
    os.nice(5)


def _work(job: dict[str, object]) -> dict[str, object]:
    try:
        with Path(str(job["out"])).open("w", encoding="utf-8") as out:
            _extract(job, out)
    except ExtractionFailed as failure:
        return {"reason": failure.reason, "detail": failure.detail[:1000]}
    except MemoryError:
        return {"reason": "too-much-memory", "detail": "The memory allowed was used up."}
    except OSError as error:
        reason = "disk-full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "unreadable"
        return {"reason": reason, "detail": str(error)}
    except Exception as error:
        return {"reason": "parser-crashed", "detail": f"{type(error).__name__}: {error}"[:1000]}
    return {}


def _extract(job: dict[str, object], out: TextIO) -> None:
    document = read(
        Path(str(job["path"])), str(job["mime_type"]), cast("Reader", job["reader"]), str(job["ocr_languages"])
    )
    length = sum(len(block.text) for block in document.blocks)
    if length > int(str(job["max_text"])):
        raise ExtractionFailed("too-long", f"{length} characters.")
    settings = ChunkSettings(size=int(str(job["chunk_size"])), most=int(str(job["max_chunks"])))
    chunks = chunk_document(document, settings)
    first = next(chunks, None)
    if first is None:
        raise ExtractionFailed("no-text", "No text was found.")
    _write(out, {"title": document.title, "mime_type": document.mime_type, "language": _language(document)})
    if document.reason:
        _write(out, {"reason": document.reason})
    for chunk in chain([first], chunks):
        if chunk.ordinal == settings.most:
            _write(out, {"reason": "partly-indexed"})
            break
        _write(out, {"chunk": [chunk.ordinal, chunk.text, chunk.heading, chunk.place]})
    for number, table in enumerate(document.tables):
        _write_table(out, number, table)


def read(path: Path, mime_type: str, reader: Reader, ocr_languages: str) -> Extracted:
    """Read a file by the reader of its kind."""
    # Imported where they are needed: a folder of notes never loads the library for office documents.
    from rag_pipeline.extraction import plain_text

    if path.stat().st_size == 0:
        raise ExtractionFailed("empty", "The file has no bytes.")
    if reader == "text":
        return plain_text.read_text(path, mime_type)
    if reader == "markdown":
        return plain_text.read_markdown(path, mime_type)
    if reader == "csv":
        return plain_text.read_csv(path, mime_type)
    from rag_pipeline.extraction.documents import read_document

    return read_document(path, mime_type, reader, ocr_languages)


def _language(document: Extracted) -> str:
    return guess_language(" ".join(block.text[:5000] for block in document.blocks[:8]))


def _write_table(out: TextIO, number: int, table: Table) -> None:
    about = {
        "ordinal": number,
        "name": table.name,
        "columns": table.columns,
        "row_count": len(table.rows),
        "truncated": table.truncated,
    }
    for batch, start in enumerate(range(0, max(1, len(table.rows)), ROWS_IN_A_BATCH)):
        _write(out, {"table": {**about, "batch": batch, "rows": table.rows[start : start + ROWS_IN_A_BATCH]}})


def _write(out: TextIO, line: dict[str, object]) -> None:
    # Postgres keeps no NUL in text, and half a surrogate is no text at all.
    out.write(json.dumps(line, ensure_ascii=True).replace("\\u0000", "") + "\n")


if __name__ == "__main__":
    main()
