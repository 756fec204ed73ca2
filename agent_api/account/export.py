"""All that Roost keeps of a person, as one JSON document, written while it is read: it can be long."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from typing import Any

from core.supabase import Database

#: Conversations read at a time.
_AT_ONCE = 20
_PAGE = 500

#: What is exported besides conversations, by name: the table and its columns. Row-level security leaves one's own.
_TABLES = {
    "profile": ("user_profiles", "user_id,email,display_name,role,status,created_at", "user_id"),
    "groups": ("groups", "id,name", "id"),
    "memories": ("memories", "id,text,created_at,recalled_at", "id"),
    "api_keys": ("api_keys", "id,name,prefix,expires_at,last_used_at,revoked_at,created_at", "id"),
    "links": ("shared_conversations", "id,conversation_id,title,views,expires_at,created_at", "id"),
    "feedback": ("feedback", "message_id,conversation_id,rating,comment,question,answer,updated_at", "message_id"),
    "attachments": ("attachments", "id,conversation_id,filename,media_type,size_bytes,created_at", "id"),
    "uploads": ("file_ledger", "external_id,title,path,mime_type,size_bytes,state,first_seen_at", "external_id"),
    "runs": (
        "runs",
        "id,conversation_id,door,state,model,input_tokens,output_tokens,cost,created_at,finished_at",
        "id",
    ),
}
#: Of these an admin sees other people's as well.
_OF_SOMEBODY = {
    "user_profiles": "user_id",
    "api_keys": "user_id",
    "shared_conversations": "user_id",
    "feedback": "user_id",
    "file_ledger": "owner_id",
}


async def export_account(own: Database, user_id: str) -> AsyncGenerator[str]:
    """The document in pieces.

    Args:
        own: Acting as the person.
        user_id: The person.
    """
    yield '{"roost_export": 1'
    for name, (table, columns, key) in _TABLES.items():
        yield f', "{name}": '
        async for piece in _array(_rows(own, user_id, table, columns, key)):
            yield piece
    yield ', "conversations": '
    async for piece in _array(_conversations(own)):
        yield piece
    yield "}\n"


async def _array(rows: AsyncGenerator[Any]) -> AsyncGenerator[str]:
    before = "["
    async for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]" if before == "[" else "]"


async def _rows(own: Database, user_id: str, table: str, columns: str, key: str) -> AsyncGenerator[Any]:
    last: str | None = None
    while True:
        select = own.table(table).select(columns)
        owner = _OF_SOMEBODY.get(table)
        if owner is not None:
            select = select.eq(owner, user_id)
        if last is not None:
            select = select.gt(key, last)
        rows: list[dict[str, Any]] = await own.run(select.order(key).limit(_PAGE))
        for row in rows:
            yield row
        if len(rows) < _PAGE:
            return
        last = str(rows[-1][key])


async def _conversations(own: Database) -> AsyncGenerator[Any]:
    last = ""
    while True:
        page: list[dict[str, Any]] = await own.call("export_conversations", {"p_after": last, "p_limit": _AT_ONCE})
        for conversation in page:
            yield conversation
        if len(page) < _AT_ONCE:
            return
        last = str(page[-1]["id"])
