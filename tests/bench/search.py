"""How fast and how exact is the search over 100,000 passages? `python -m tests.bench.search [--passages N]`

Times are those inside the database, from the call of the SQL function to its last row, and the processor time of the
backend for each question, which other work on the machine inflates less. Recall compares the ten nearest passages that
the search finds by meaning with the ten nearest of all that the same person may read under the same filters, which
NumPy works out from every vector in the table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg
import numpy as np
from numpy.typing import NDArray

from tests.bench.big_index import DIMENSION, BigIndex, Question
from tests.bench.processes import run_ms
from tests.bench.stack import bench_pipeline
from tests.support.stack import Stack

_TIMED = """
create function pg_temp.timed(p_user uuid, p_words text, p_vector text, p_filters jsonb) returns float8
language plpgsql as $$
declare
  v_began timestamptz := clock_timestamp();
begin
  perform * from public.search_knowledge_as(p_user, p_words, p_vector, 8, p_filters);
  return 1000 * extract(epoch from clock_timestamp() - v_began);
end
$$
"""
_PERMITTED = """
select id from documents where readers && (select roost.principals($1)) and ($2::text is null or mime_type = $2)
  and ($3::text is null or modified_at >= $3::text::timestamptz)
"""
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True)
class Way:
    """Who asks, with which filters."""

    name: str
    person: str
    filters: dict[str, Any] = field(default_factory=dict[str, Any])
    by_words: bool = True
    by_meaning: bool = True


class Exact:
    """Every vector of the index, to say which are the nearest."""

    def __init__(self) -> None:
        self._vectors: NDArray[np.float32] = np.zeros((0, DIMENSION), dtype=np.float32)
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._documents: NDArray[np.object_] = np.zeros(0, dtype=object)

    async def read(self, connection: Connection) -> None:
        """Read the table, a part at a time."""
        parts: list[NDArray[np.float32]] = []
        ids: list[int] = []
        documents: list[object] = []
        while rows := await connection.fetch(
            "select chunk_id, document_id, embedding::real[] as vector from chunk_embeddings where chunk_id > $1"
            " order by chunk_id limit 5000",
            ids[-1] if ids else 0,
        ):
            part = np.array([row["vector"] for row in rows], dtype=np.float32)
            parts.append(part / np.linalg.norm(part, axis=1, keepdims=True))
            ids += [row["chunk_id"] for row in rows]
            documents += [row["document_id"] for row in rows]
        self._vectors, self._ids = np.concatenate(parts), np.array(ids)
        self._documents = np.array(documents, dtype=object)

    def nearest(self, question: Question, permitted: NDArray[np.bool_], count: int) -> set[int]:
        """The passages whose vectors are nearest, of those that are permitted."""
        likeness = np.where(permitted, self._vectors @ np.array(json.loads(question.vector), dtype=np.float32), -np.inf)
        best = np.argsort(-likeness)[:count]
        return set(self._ids[best[np.isfinite(likeness[best])]].tolist())

    def of_documents(self, documents: set[object]) -> NDArray[np.bool_]:
        """Which passages are of these documents."""
        return np.array([document in documents for document in self._documents])


def main(passages: int, questions: int) -> None:
    """Measure and print one table."""
    with bench_pipeline() as (pipeline, ada):
        bob = pipeline.stack.sign_up("bob@example.com")
        carol = pipeline.stack.sign_up("carol@example.com")
        asyncio.run(
            _measure(pipeline.stack, str(ada.user_id), str(bob.user_id), str(carol.user_id), passages, questions)
        )


async def _measure(stack: Stack, ada: str, bob: str, carol: str, passages: int, count: int) -> None:
    index = BigIndex(passages)
    # The owner of the tables: what a bench may do, and a role to which the same plans are given.
    connection = await asyncpg.connect(stack.admin_database_url, command_timeout=3600)
    began = time.monotonic()
    await index.write(connection, ada)
    print(f"{passages:,} passages written and indexed in {time.monotonic() - began:.0f} s\n")
    exact = Exact()
    await exact.read(connection)
    await connection.execute(_TIMED)
    questions = index.questions(count)
    recent = await connection.fetchval("select (now() - interval '2000 hours')::text")
    print("| who asks, and how | p50 ms | p95 ms | CPU p50 ms | CPU p95 ms | recall@10 |")
    print("| --- | --- | --- | --- | --- | --- |")
    for way in (
        Way("may read everything", ada),
        Way("the same, by meaning alone", ada, by_words=False),
        Way("the same, by words alone", ada, by_meaning=False),
        Way("may read half of it", bob),
        Way("may read everything, filter: one kind in a hundred", ada, {"mime_types": ["message/rfc822"]}),
        Way("may read everything, filter: the newest tenth", ada, {"modified_after": recent}),
        Way("may read half of it, filter: the newest tenth", bob, {"modified_after": recent}),
        Way("may read half of it, filter: one kind of three", bob, {"mime_types": ["application/pdf"]}),
    ):
        await _one_way(connection, way, questions, exact)
    await connection.execute(
        "update file_ledger set visibility = 'restricted', owner_id = case when hashtext(external_id) % 100 = 0"
        " then $1::uuid else $2::uuid end",
        carol, ada,
    )  # fmt: skip
    await connection.execute("vacuum analyze")
    await _one_way(connection, Way("may read one document in a hundred", carol), questions, exact)
    await connection.close()


async def _one_way(connection: Connection, way: Way, questions: list[Question], exact: Exact) -> None:
    filters = json.dumps(way.filters)
    backend = connection.get_server_pid()

    async def timed(question: Question) -> tuple[float, float]:
        before = run_ms(backend)
        taken = await connection.fetchval(
            "select pg_temp.timed($1, $2, $3, $4)", way.person, question.words if way.by_words else "",
            question.vector if way.by_meaning else None, filters,
        )  # fmt: skip
        return taken, run_ms(backend) - before

    for question in questions[:20]:
        await timed(question)
    pairs = [await timed(question) for question in questions]
    figures = [f"{np.percentile(values, part):.1f}" for values in zip(*pairs, strict=True) for part in (50, 95)]
    recall = f"{await _recall(connection, way, questions, exact):.3f}" if way.by_meaning else "–"  # noqa: RUF001
    print(f"| {way.name} | {' | '.join(figures)} | {recall} |", flush=True)


async def _recall(connection: Connection, way: Way, questions: list[Question], exact: Exact) -> float:
    kinds, after = way.filters.get("mime_types"), way.filters.get("modified_after")
    documents = await connection.fetch(_PERMITTED, way.person, kinds[0] if kinds else None, after)
    permitted = exact.of_documents({row["id"] for row in documents})
    found = wanted = 0
    for question in questions:
        near = await connection.fetch(
            "select chunk_id from search_knowledge_as($1, '', $2, 10, $3)",
            way.person, question.vector, json.dumps(way.filters),
        )  # fmt: skip
        nearest = exact.nearest(question, permitted, 10)
        wanted += len(nearest)
        found += len(nearest & {row["chunk_id"] for row in near})
    return found / wanted


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    main(options.passages, options.questions)
