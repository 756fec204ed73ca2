"""How long does a search in one's conversations take? `python -m tests.bench.conversations [--messages N]`

A hundred people share the messages; who asks has 10,000 conversations, a hundredth of the messages in some of them, and
one conversation of 2,000. Milliseconds of the SQL function, before the database has gathered statistics and after.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from uuid import UUID

import asyncpg

from tests.support.acting import acting_as
from tests.support.stack import Stack
from tests.support.stack_server import running_stack_server

PEOPLE = 100
OWN_CONVERSATIONS = 10_000
ROUNDS = 15
#: A word of one message, words of some, a word of all, of all but one's own, of the oldest message of the long
#: conversation, a title alone, and the list itself.
QUERIES = ("rare4200", "number42 hens", "corner", "elsewhere", "first1", "Chat 4321", "")

_PEOPLE = (
    "insert into conversations (id, user_id, title) select 'p' || i, $1, 'x' from generate_series(2, $2::int) as i"
)
_OWN = (
    "insert into conversations (id, user_id, title)"
    " select 'own' || i, $1, 'Chat ' || i from generate_series(1, $2::int) as i"
)
_MESSAGES = """
insert into messages (conversation_id, id, role, parts)
select case when i % $2 = 0 then 'own' || 1 + i / $2 / 20 else 'p' || 2 + i % ($2 - 1) end, 'm' || i, 'assistant',
  jsonb_build_array(jsonb_build_object('type', 'text', 'text',
    'rare' || i || ' number' || i % 1000 || case when i % $2 > 0 then ' elsewhere' else '' end
    || repeat(' Hens like quiet corner straw and company of others today', 6)))
from generate_series(1, $1::int) as i
"""
_LONG = """
insert into messages (conversation_id, id, role, parts, created_at)
select 'own9999', 'long' || i, 'assistant', jsonb_build_array(jsonb_build_object('type', 'text', 'text',
  'first' || i || repeat(' Hens like quiet corner straw and company of others today', 30))), now() + i * interval '1 s'
from generate_series(1, 2000) as i
"""


async def measure(stack: Stack, messages: int) -> None:
    """Measure and print."""
    ada, others = stack.sign_up("ada@example.com").user_id, stack.sign_up("others@example.com").user_id
    connection = await asyncpg.connect(stack.database_url)
    await connection.execute("alter table messages set (autovacuum_enabled = false)")
    await connection.execute("alter table conversations set (autovacuum_enabled = false)")
    await connection.execute(_PEOPLE, others, PEOPLE)
    await connection.execute(_OWN, ada, OWN_CONVERSATIONS)
    await connection.execute(_MESSAGES, messages, PEOPLE)
    await connection.execute(_LONG)
    print(f"{'ms, p50 (most)':16}", *(f"{query or 'the list':>16}" for query in QUERIES))
    print(f"{'unseen':16}", *[await _timed(connection, ada, query) for query in QUERIES])
    await connection.execute("vacuum analyze conversations")
    await connection.execute("vacuum analyze messages")
    print(f"{'analysed':16}", *[await _timed(connection, ada, query) for query in QUERIES])
    await connection.close()


async def _timed(connection: asyncpg.Connection[asyncpg.Record], user: UUID, query: str) -> str:
    took: list[float] = []
    async with acting_as(connection, user):
        for _ in range(ROUNDS):
            start = time.perf_counter()
            await connection.fetchval("select find_conversations($1, false, 40, null)", query)
            took.append((time.perf_counter() - start) * 1000)
    return f"{f'{statistics.median(took):.0f} ({max(took):.0f})':>16}"


def main() -> None:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=200_000)
    arguments = parser.parse_args()
    with running_stack_server() as server:
        asyncio.run(measure(server.reset(), arguments.messages))


if __name__ == "__main__":
    main()
