"""Invite somebody; accept an invitation."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from agent_api.dependencies import AdminUser, ResourcesDep, ServiceDatabase, UserDatabase
from agent_api.invitations import repository
from agent_api.invitations.repository import InvitationRepository
from agent_api.invitations.schemas import (
    Acceptance,
    Accepted,
    InvitationList,
    InvitationRequest,
    NewInvitation,
    OpenInvitation,
)
from agent_api.problems import documented

router = APIRouter(prefix="/api/invitations", tags=["people"])

Token = Annotated[str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


async def _invitations(admin: AdminUser, own: UserDatabase, service: ServiceDatabase) -> InvitationRepository:
    return InvitationRepository(service, own, admin.id)


Invitations = Annotated[InvitationRepository, Depends(_invitations)]


@router.post("", status_code=201, responses=documented(400, 401, 403, 409, 413, 422, 503))
async def invite(request: InvitationRequest, invitations: Invitations) -> NewInvitation:
    """Make a link that lets one person in, under this address. Roost sends no mail: hand the link over. For admins."""
    return await invitations.create(request)


@router.get("", responses=documented(401, 403, 503))
async def list_invitations(invitations: Invitations) -> InvitationList:
    """The latest invitations, newest first. For admins."""
    return await invitations.list()


@router.delete("/{id}", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def revoke_invitation(id: UUID, invitations: Invitations) -> None:  # noqa: A002 - the path's name
    """Take an invitation back that nobody has accepted. For admins."""
    await invitations.revoke(id)


@router.get("/open/{token}", responses=documented(404, 422, 503))
async def look_at_invitation(token: Token, service: ServiceDatabase) -> OpenInvitation:
    """What a link invites to. Whoever has the link needs no account."""
    # In the service's name: the link itself is the right.
    return await repository.find_open(service, token)


@router.post("/open/{token}/accept", status_code=201, responses=documented(400, 404, 409, 413, 422, 503))
async def accept_invitation(
    token: Token, acceptance: Acceptance, service: ServiceDatabase, resources: ResourcesDep
) -> Accepted:
    """Make the account that a link invites to. The link works once."""
    invitation = await repository.find_open(service, token)
    password = acceptance.password.get_secret_value()
    person = await resources.accounts.create(invitation.email, password, acceptance.display_name.strip())
    try:
        accepted = await repository.accept(service, token, person)
    except BaseException:
        # An account that is made by half would be in the way of the next try.
        await asyncio.shield(resources.accounts.delete(person))
        raise
    if not accepted:
        # Taken back, or used, between the two looks: nobody is let in.
        await resources.accounts.delete(person)
        raise repository.not_open()
    return Accepted(email=invitation.email)
