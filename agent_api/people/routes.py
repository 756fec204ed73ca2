"""Oneself; and people, for admins."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from agent_api.dependencies import AdminUser, CurrentUser, ResourcesDep, ServiceDatabase, UserDatabase
from agent_api.people.repository import MyselfRepository, PeopleRepository
from agent_api.people.schemas import Me, MyChange, Person, PersonChange, PersonPage
from agent_api.problems import documented
from core.errors import Unprocessable

router = APIRouter(prefix="/api", tags=["people"])


async def _myself(user: CurrentUser, own: UserDatabase) -> MyselfRepository:
    return MyselfRepository(own, user.id)


async def _people(admin: AdminUser, own: UserDatabase, service: ServiceDatabase) -> PeopleRepository:
    return PeopleRepository(service, own, admin.id)


Myself = Annotated[MyselfRepository, Depends(_myself)]
People = Annotated[PeopleRepository, Depends(_people)]


@router.get("/me", responses=documented(401, 503))
async def me(myself: Myself) -> Me:
    """Who is logged in, with their role here."""
    return await myself.get()


@router.patch("/me", responses=documented(400, 401, 413, 422, 503))
async def change_me(change: MyChange, myself: Myself) -> Me:
    """Call oneself otherwise."""
    return await myself.rename(change.display_name.strip())


@router.get("/people", responses=documented(400, 401, 403, 422, 503))
async def list_people(
    people: People,
    q: Annotated[str, Query(max_length=200, description="Part of the address or the name.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
) -> PersonPage:
    """People by address, with their groups. For admins."""
    return await people.page(query=q, limit=limit, cursor=cursor)


@router.patch("/people/{id}", responses=documented(400, 401, 403, 404, 409, 413, 422, 503))
async def change_person(id: UUID, change: PersonChange, people: People, resources: ResourcesDep) -> Person:  # noqa: A002 - the path's name
    """Change somebody's role, deactivate their account or open it again. The last admin stays one. For admins."""
    if change.role is None and change.status is None:
        raise Unprocessable("There is nothing to change in this request.")
    person = await people.change(id, change)
    if change.status is not None:
        # The database lets them do nothing from now on; this keeps them from logging in as well.
        await resources.accounts.lock(id, locked=change.status == "suspended")
    return person
