"""Conversations in the database, under the reader's own rights."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Any

from agent_api.conversations.schemas import Conversation, ConversationPage, ConversationSummary, FoundConversation
from core.errors import InvalidRequest, NotFound
from core.supabase import Database

_COLUMNS = "id,title,pinned,archived,created_at,updated_at,agents(slug,name)"


class ConversationRepository:
    """A person's conversations.

    Args:
        database: In the person's name: row-level security shows their own and no others.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, *, limit: int, cursor: str | None, query: str | None, archived: bool) -> ConversationPage:
        """Conversations, pinned ones first, then those changed last; with ``query`` those in which it was said.

        Raises:
            InvalidRequest: The cursor is not one that was given out.
        """
        arguments = {
            "p_query": (query or "").strip(),
            "p_archived": archived,
            "p_limit": limit + 1,
            "p_after": _read_cursor(cursor) if cursor else None,
        }
        rows: list[dict[str, Any]] = await self._database.call("find_conversations", arguments)
        items = [FoundConversation.model_validate(row) for row in rows[:limit]]
        return ConversationPage(items=items, next_cursor=_make_cursor(rows[limit - 1]) if len(rows) > limit else None)

    async def get(self, conversation_id: str) -> Conversation:
        """A conversation with all its messages.

        Raises:
            NotFound: It is not there, or somebody else's.
        """
        row = await self._database.call("get_conversation", {"p_id": conversation_id})
        if row is None:
            raise _not_found()
        return Conversation.model_validate(row)

    async def change(self, conversation_id: str, changes: dict[str, Any]) -> ConversationSummary:
        """Change title, pin, archive or the branch shown.

        Raises:
            NotFound: It is not there, or somebody else's.
        """
        table = self._database.table("conversations")
        await self._database.run(table.update(changes).eq("id", conversation_id))  # pyright: ignore[reportUnknownMemberType]
        select = self._database.table("conversations").select(_COLUMNS).eq("id", conversation_id)
        rows: list[dict[str, Any]] = await self._database.run(select)
        if not rows:
            raise _not_found()
        return _summary(rows[0])

    async def has_message(self, conversation_id: str, message_id: str) -> bool:
        """Whether the message is in the conversation."""
        select = (
            self._database.table("messages").select("id").eq("conversation_id", conversation_id).eq("id", message_id)
        )
        return bool(await self._database.run(select))

    async def delete(self, conversation_id: str) -> None:
        """Delete a conversation with all that was said in it.

        Raises:
            NotFound: It is not there, or somebody else's.
        """
        rows: list[dict[str, Any]] = await self._database.run(
            self._database.table("conversations").delete().eq("id", conversation_id)
        )
        if not rows:
            raise _not_found()


def _not_found() -> NotFound:
    return NotFound("There is no such conversation.", slug="conversation-not-found")


def _summary(row: dict[str, Any]) -> ConversationSummary:
    agent: dict[str, Any] = row.pop("agents", None) or {}
    return ConversationSummary(**row, agent_slug=agent.get("slug"), agent_name=agent.get("name"))


def _make_cursor(row: dict[str, Any]) -> str:
    pinned = "pinned" if row["pinned"] else "-"
    return base64.urlsafe_b64encode(f"{pinned} {row['updated_at']} {row['id']}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> dict[str, str | bool]:
    try:
        pinned, at, last = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        datetime.fromisoformat(at)
    except (ValueError, binascii.Error) as error:
        raise InvalidRequest("The cursor is not one that was given out. Begin with the first page.") from error
    if pinned not in ("pinned", "-") or not last.replace("-", "").replace("_", "").isalnum():
        raise InvalidRequest("The cursor is not one that was given out. Begin with the first page.")
    return {"pinned": pinned == "pinned", "updated_at": at, "id": last}
