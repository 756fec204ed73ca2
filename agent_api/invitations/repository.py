"""Invitations in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import stamina

from agent_api.auth.tokens_of_links import NewLink, hash_link
from agent_api.invitations.schemas import Invitation, InvitationList, InvitationRequest, NewInvitation, OpenInvitation
from core.errors import NotFound, Unavailable
from core.supabase import Database

_COLUMNS = "id,email,role,group_ids,created_at,expires_at,accepted_at"
_VALID_FOR = timedelta(days=7)
_MOST = 200


class InvitationRepository:
    """Invitations as an admin keeps them.

    Args:
        service: Acting as the service, for the functions that write; each is told who acts, and asks for an admin.
        own: Acting as the admin, for reading.
        user_id: The admin.
    """

    def __init__(self, service: Database, own: Database, user_id: UUID) -> None:
        self._service = service
        self._own = own
        self._user_id = str(user_id)

    async def create(self, request: InvitationRequest) -> NewInvitation:
        """Make an invitation; an earlier one of the same address is void from then on.

        Raises:
            Conflict: There is an account with this address.
            Unprocessable: A group is not there, or the expiry is over.
        """
        link = NewLink.make()
        wanted = request.model_dump(mode="json") | {
            "token_hash": link.hash,
            "expires_at": (request.expires_at or datetime.now(UTC) + _VALID_FOR).isoformat(),
        }
        row = await self._service.call("invite_person", {"p_user": self._user_id, "p_invitation": wanted})
        return NewInvitation.model_validate({**row, "token": link.token})

    async def list(self) -> InvitationList:
        """The latest invitations, newest first; 200 at most."""
        select = self._own.table("invitations").select(_COLUMNS).order("created_at", desc=True).limit(_MOST)
        rows: list[dict[str, Any]] = await self._own.run(select)
        return InvitationList(items=[Invitation.model_validate(row) for row in rows])

    async def revoke(self, invitation_id: UUID) -> None:
        """Take an invitation back.

        Raises:
            NotFound: There is none such that is still open.
        """
        if not await self._service.call("revoke_invitation", {"p_user": self._user_id, "p_id": str(invitation_id)}):
            raise NotFound("There is no such open invitation.", slug="invitation-not-found")


async def find_open(service: Database, token: str) -> OpenInvitation:
    """What a link invites to.

    Raises:
        NotFound: It was used, taken back, has expired, or never was.
    """
    row = await service.call("find_invitation", {"p_token_hash": hash_link(token)})
    if row is None:
        raise not_open()
    return OpenInvitation.model_validate(row)


# To ask again is safe: who has accepted it is told so again.
@stamina.retry(on=Unavailable, attempts=3, timeout=20)
async def accept(service: Database, token: str, person_id: UUID) -> bool:
    """Use an invitation up for the person who was just made; False where it has ended meanwhile."""
    return bool(await service.call("accept_invitation", {"p_token_hash": hash_link(token), "p_person": str(person_id)}))


def not_open() -> NotFound:
    """The refusal of a link that lets nobody in."""
    return NotFound(
        "This invitation was used, was taken back or has expired. Ask an admin for a new one.",
        slug="invitation-not-found",
    )
