"""How fast and how exact is the search over 100,000 passages? `python -m tests.bench.search [--passages N]`

Times are those inside the database, from the call of the SQL function to its last row: p50, p95, and the processor time
of the backend, which other work on the machine inflates less. Recall compares the ten nearest passages by the graph
index with the ten nearest of all, under the same permissions and filters.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg

from tests.bench.big_index import BigIndex, Question
from tests.bench.processes import cpu_ms
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
_EXACT = """
select item.chunk_id from chunk_embeddings as item join documents as document on document.id = item.document_id
where document.readers && (select roost.principals($1)) and ($3::text is null or document.mime_type = $3)
  and ($4::text is null or document.modified_at >= $4::text::timestamptz)
order by (item.embedding operator(extensions.<=>) $2::text::extensions.halfvec) + 0, item.chunk_id limit 10
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
    await connection.execute(_TIMED)
    questions = index.questions(count)
    recent = await connection.fetchval("select (now() - interval '2000 hours')::text")
    print("| who asks, and how | p50 ms | p95 ms | CPU ms | recall@10 |")
    print("| --- | --- | --- | --- | --- |")
    for way in (
        Way("may read everything", ada),
        Way("the same, by meaning alone", ada, by_words=False),
        Way("the same, by words alone", ada, by_meaning=False),
        Way("may read half of it", bob),
        Way("may read everything, filter: one kind in a hundred", ada, {"mime_types": ["message/rfc822"]}),
        Way("may read half of it, filter: the newest tenth", bob, {"modified_after": recent}),
    ):
        await _one_way(connection, way, questions)
    await connection.execute(
        "update file_ledger set visibility = 'restricted', owner_id = case when hashtext(external_id) % 100 = 0"
        " then $1::uuid else $2::uuid end",
        carol, ada,
    )  # fmt: skip
    await connection.execute("vacuum analyze")
    await _one_way(connection, Way("may read one document in a hundred", carol), questions)
    await connection.close()


async def _one_way(connection: Connection, way: Way, questions: list[Question]) -> None:
    filters = json.dumps(way.filters)

    async def timed(question: Question) -> float:
        return await connection.fetchval(
            "select pg_temp.timed($1, $2, $3, $4)", way.person, question.words if way.by_words else "",
            question.vector if way.by_meaning else None, filters,
        )  # fmt: skip

    for question in questions[:20]:
        await timed(question)
    before = await _processor_time(connection)
    times = sorted([await timed(question) for question in questions])
    spent = (await _processor_time(connection) - before) / len(questions)
    recall = f"{await _recall(connection, way, questions[:100]):.3f}" if way.by_meaning else "–"  # noqa: RUF001
    p50, p95 = times[len(times) // 2], times[int(0.95 * len(times))]
    print(f"| {way.name} | {p50:.1f} | {p95:.1f} | {spent:.1f} | {recall} |", flush=True)


async def _recall(connection: Connection, way: Way, questions: list[Question]) -> float:
    kinds, after = way.filters.get("mime_types"), way.filters.get("modified_after")
    found = wanted = 0
    for question in questions:
        near = await connection.fetch(
            "select chunk_id from search_knowledge_as($1, '', $2, 10, $3)",
            way.person, question.vector, json.dumps(way.filters),
        )  # fmt: skip
        exact = await connection.fetch(
            _EXACT, way.person, question.vector, kinds[0] if kinds else None, after,
        )  # fmt: skip
        nearest = {row["chunk_id"] for row in exact}
        wanted += len(nearest)
        found += len(nearest & {row["chunk_id"] for row in near})
    return found / wanted


async def _processor_time(connection: Connection) -> float:
    """Milliseconds of processor time that the connection's backend has used."""
    return cpu_ms(connection.get_server_pid())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=300)
    options = parser.parse_args()
    main(options.passages, options.questions)
