"""Links in the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agent_api.auth.tokens_of_links import NewLink, hash_link
from agent_api.cursors import read_cursor, write_cursor
from agent_api.sharing.schemas import LinkRequest, NewSharedLink, SharedConversation, SharedLink, SharedLinkPage
from core.errors import NotFound
from core.supabase import Database

_COLUMNS = "id,user_id,conversation_id,title,expires_at,views,last_viewed_at,created_at,user_profiles(email)"


class SharingRepository:
    """One's own links; an admin sees and takes back everybody's.

    Args:
        service: Acting as the service, for the functions that write; each is told who acts.
        own: Acting as the person, for reading.
        user_id: The person.
    """

    def __init__(self, service: Database, own: Database, user_id: UUID) -> None:
        self._service = service
        self._own = own
        self._user_id = str(user_id)

    async def create(self, conversation_id: str, request: LinkRequest) -> NewSharedLink:
        """Make a link to a conversation as it is now.

        Raises:
            NotFound: It is not there, or somebody else's.
            Unprocessable: The expiry is over.
        """
        link = NewLink.make()
        wanted = {
            "conversation_id": conversation_id,
            "token_hash": link.hash,
            "expires_at": request.expires_at.isoformat() if request.expires_at else None,
        }
        row = await self._service.call("share_conversation", {"p_user": self._user_id, "p_link": wanted})
        return NewSharedLink.model_validate({**row, "token": link.token})

    async def page(
        self, *, conversation_id: str | None, everybody: bool, limit: int, cursor: str | None
    ) -> SharedLinkPage:
        """Links, newest first.

        Raises:
            InvalidRequest: The cursor is not one that was given out.
        """
        select = self._own.table("shared_conversations").select(_COLUMNS)
        if not everybody:
            select = select.eq("user_id", self._user_id)
        if conversation_id is not None:
            select = select.eq("conversation_id", conversation_id)
        if cursor:
            at, last = read_cursor(cursor)
            select = select.or_(f'created_at.lt."{at}",and(created_at.eq."{at}",id.lt."{last}")')
        select = select.order("created_at", desc=True).order("id", desc=True).limit(limit + 1)
        rows: list[dict[str, Any]] = await self._own.run(select)
        last_row = rows[limit - 1] if len(rows) > limit else None
        return SharedLinkPage(
            items=[_link(row) for row in rows[:limit]],
            next_cursor=write_cursor(last_row["created_at"], last_row["id"]) if last_row else None,
        )

    async def revoke(self, link_id: UUID) -> None:
        """Take a link back: it opens nothing any more, and the copy that it showed is gone.

        Raises:
            NotFound: There is no such link, or it is somebody else's.
        """
        if not await self._service.call("revoke_shared_conversation", {"p_user": self._user_id, "p_id": str(link_id)}):
            raise NotFound("There is no such link, or it was taken back already.", slug="link-not-found")


async def open_link(service: Database, token: str) -> SharedConversation:
    """What a link shows to whoever has it.

    Raises:
        NotFound: It was taken back, has expired, or never was.
    """
    content = await service.call("open_shared_conversation", {"p_token_hash": hash_link(token)})
    if content is None:
        raise NotFound(
            "This link was taken back or has expired. Ask whoever sent it for a new one.", slug="link-not-found"
        )
    return SharedConversation.model_validate(content)


def _link(row: dict[str, Any]) -> SharedLink:
    owner: dict[str, Any] = row.pop("user_profiles", None) or {}
    return SharedLink(email=owner.get("email"), **row)
