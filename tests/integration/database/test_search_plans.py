"""Search in conversations while the database's statistics lag behind what is there."""

from __future__ import annotations

import json
from typing import Any

import asyncpg

from tests.integration.database.conftest import connected
from tests.support.acting import acting_as
from tests.support.stack import Person, Stack

_CONVERSATIONS = (
    "insert into conversations (id, user_id, title)"
    " select $2 || i, $1, 'Chat ' || i from generate_series(1, $3::int) as i"
)
_MESSAGES = (
    "insert into messages (conversation_id, id, role, parts)"
    " select 'few1', $1 || i, 'assistant', jsonb_build_array(jsonb_build_object('type', 'text',"
    " 'text', repeat('some words of a chat ' || i || ' ', 20))) from generate_series(1, $2::int) as i"
)
_LOOKED_UP = "select idx_scan from pg_stat_user_indexes where indexrelname = 'messages_by_words'"


async def test_words_are_looked_up_once_however_many_conversations_have_come(module_stack: Stack) -> None:
    ada, bob = (module_stack.sign_up(f"{name}@example.com") for name in ("ada", "bob"))
    async with connected(module_stack.database_url) as connection:
        # Nobody looks at the tables but here.
        for table in ("conversations", "messages"):
            await connection.execute(f"alter table {table} set (autovacuum_enabled = false)")
        await connection.execute(_CONVERSATIONS, ada.user_id, "few", 150)
        await connection.execute(_MESSAGES, "m", 300)
        await connection.execute("analyze conversations, messages")
        await connection.execute(_MESSAGES, "n", 2_000)
        await connection.execute(_CONVERSATIONS, bob.user_id, "many", 1_000)

        before = await connection.fetchval(_LOOKED_UP)
        found = await _found(connection, bob, "Chat 432")
        assert [each["title"] for each in found] == ["Chat 432"]
        await connection.execute("select pg_stat_force_next_flush()")
        assert await connection.fetchval(_LOOKED_UP) - before <= 1


async def test_words_that_everybody_says_are_found_among_ones_own(stack: Stack) -> None:
    ada, bob = (stack.sign_up(f"{name}@example.com") for name in ("ada", "bob"))
    async with connected(stack.database_url) as connection:
        await connection.execute(_CONVERSATIONS, ada.user_id, "few", 1)
        await connection.execute(_CONVERSATIONS, bob.user_id, "many", 3)
        say = _MESSAGES.replace("20)", "1)")
        await connection.execute(say, "m", 2_000)
        await connection.execute(say.replace("few1", "many2"), "n", 2)
        (found,) = await _found(connection, bob, "of a chat")
        assert found["id"] == "many2"
        assert "words of a chat" in found["excerpt"]


async def _found(connection: asyncpg.Connection[asyncpg.Record], person: Person, words: str) -> list[dict[str, Any]]:
    async with acting_as(connection, person.user_id):
        return json.loads(await connection.fetchval("select find_conversations($1, false, 40, null)", words))
