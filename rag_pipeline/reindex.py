"""`python -m rag_pipeline reindex --embedding-model NAME`: another embedding model without an outage.

The new vectors grow beside the old ones, which go on answering. A reindex that is killed goes on where it was when it
is started again. When no passage is missing, the new index takes the old one's place in one transaction; searches then
embed their questions with the new model by themselves.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import aclosing
from typing import TYPE_CHECKING

import structlog

from core.errors import RoostError
from core.settings import CoreSettings
from core.supabase import Database
from rag_pipeline.report import EXIT_DONE, Report
from rag_pipeline.run import note_error
from rag_pipeline.state import LONGEST_INDEXING

if TYPE_CHECKING:
    from core.knowledge.embedding import NamedEmbedder

log = structlog.get_logger(__name__)
_BATCH = 64
#: Passages written while the last ones are embedded: as often the swap is tried.
_MOST_ROUNDS = 100


async def reindex(core: CoreSettings, model: str) -> int:
    """Build and swap. The last line of standard output is JSON; the exit code is the pipeline's."""
    started = time.monotonic()
    report = Report()
    database = Database.connect(core)
    try:
        answer = await _rebuild(database, model)
    except RoostError as error:
        note_error(report, error)
        sys.stdout.write(report.as_json() + "\n")
        return report.exit_code
    finally:
        await database.aclose()
    answer["duration"] = round(time.monotonic() - started, 3)
    if answer["swapped"] and core.embedding_model != model:
        sys.stderr.write(f"The index now speaks {model}. Set EMBEDDING_MODEL={model} before the next run.\n")
    sys.stdout.write(json.dumps(answer) + "\n")
    return EXIT_DONE


async def _rebuild(database: Database, model: str) -> dict[str, object]:
    from core.knowledge.embedding import build_embedder

    async with aclosing(await asyncio.to_thread(build_embedder, model)) as embedder:
        return await _rebuild_with(embedder, database, model)


async def _rebuild_with(embedder: NamedEmbedder, database: Database, model: str) -> dict[str, object]:
    from core.knowledge.embedding import embed_passages, vector_text
    from rag_pipeline.ingest import passage_to_embed

    dimension = len((await embed_passages(embedder, ["How many dimensions?"]))[0])
    begun = await database.call("begin_reindex", {"p_model": model, "p_dimension": dimension})
    answer: dict[str, object] = {"model": model, "dimension": dimension, "chunks": begun["chunks"], "swapped": False}
    if not begun["needed"]:
        sys.stderr.write(f"The index was built with {model} already. Nothing is to be done.\n")
        return answer
    log.info("reindexing", model=model, dimension=dimension, chunks=begun["chunks"], missing=begun["missing"])
    embedded = 0
    for _ in range(_MOST_ROUNDS):
        last = 0
        while batch := await database.call("reindex_batch", {"p_after": last, "p_limit": _BATCH}):
            last = batch[-1]["id"]
            vectors = await embed_passages(embedder, [passage_to_embed(row["text"], row["heading"]) for row in batch])
            rows = [
                {"id": row["id"], "embedding": vector_text(vector)} for row, vector in zip(batch, vectors, strict=True)
            ]
            embedded += await database.call("store_reindexed", {"p_model": model, "p_rows": rows})
            log.info("embedded", passages=embedded, of=begun["missing"])
        await database.call("prepare_reindex", patience=LONGEST_INDEXING)
        if await database.call("finish_reindex", {"p_model": model}, patience=LONGEST_INDEXING) == 0:
            return answer | {"embedded": embedded, "swapped": True}
    raise RoostError("Documents changed faster than they could be embedded. Stop the pipeline, then reindex again.")
