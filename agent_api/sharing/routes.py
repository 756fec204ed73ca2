"""Share a conversation by link, and take the link back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Response

from agent_api.dependencies import CurrentUser, ServiceDatabase, UserDatabase, require_admin
from agent_api.problems import documented
from agent_api.sharing.repository import SharingRepository, open_link
from agent_api.sharing.schemas import LinkRequest, NewSharedLink, SharedConversation, SharedLinkPage

router = APIRouter(prefix="/api", tags=["sharing"])

ConversationId = Annotated[str, Path(alias="id", min_length=1, max_length=64)]


async def _repository(user: CurrentUser, own: UserDatabase, service: ServiceDatabase) -> SharingRepository:
    return SharingRepository(service, own, user.id)


Repository = Annotated[SharingRepository, Depends(_repository)]


@router.post("/conversations/{id}/links", status_code=201, responses=documented(400, 401, 403, 404, 409, 413, 422, 503))
async def share_conversation(
    conversation_id: ConversationId, request: LinkRequest, repository: Repository
) -> NewSharedLink:
    """Make a link by which anybody reads what was said so far, without logging in. What is said later is not shown."""
    return await repository.create(conversation_id, request)


@router.get("/links", responses=documented(400, 401, 403, 422, 503))
async def list_links(
    repository: Repository,
    user: CurrentUser,
    own: UserDatabase,
    conversation_id: Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    everybody: Annotated[bool, Query(description="Other people's links too, for an admin.")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> SharedLinkPage:
    """The links that work, newest first."""
    if everybody:
        await require_admin(user, own)
    return await repository.page(conversation_id=conversation_id, everybody=everybody, limit=limit, cursor=cursor)


@router.delete("/links/{id}", status_code=204, responses=documented(401, 404, 422, 503))
async def revoke_link(id: UUID, repository: Repository) -> None:  # noqa: A002 - the path's name
    """Take a link back: one's own, or any as an admin."""
    await repository.revoke(id)


@router.get("/shared/{token}", responses=documented(404, 422, 503))
async def open_shared_conversation(
    token: Annotated[str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")],
    service: ServiceDatabase,
    response: Response,
) -> SharedConversation:
    """What a link shows. Whoever has the link needs no account."""
    # Nothing on the way is to keep it, and no search engine to find it.
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    # In the service's name: the link itself is the right to read.
    return await open_link(service, token)
