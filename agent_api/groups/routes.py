"""Groups, kept by admins."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from agent_api.dependencies import AdminUser, CurrentUser, ServiceDatabase, UserDatabase
from agent_api.groups.repository import GroupRepository
from agent_api.groups.schemas import Group, GroupList, GroupRequest, MemberChange, MemberList
from agent_api.problems import documented

router = APIRouter(prefix="/api/groups", tags=["people"])

GroupId = Annotated[UUID, Path(alias="id")]


async def _reader(user: CurrentUser, own: UserDatabase, service: ServiceDatabase) -> GroupRepository:
    return GroupRepository(service, own, user.id)


async def _keeper(admin: AdminUser, own: UserDatabase, service: ServiceDatabase) -> GroupRepository:
    return GroupRepository(service, own, admin.id)


Reader = Annotated[GroupRepository, Depends(_reader)]
Keeper = Annotated[GroupRepository, Depends(_keeper)]


@router.get("", responses=documented(401, 503))
async def list_groups(groups: Reader) -> GroupList:
    """Groups by name: all for an admin, one's own for others."""
    return await groups.list()


@router.post("", status_code=201, responses=documented(400, 401, 403, 409, 413, 422, 503))
async def create_group(request: GroupRequest, groups: Keeper) -> Group:
    """Make a group. For admins."""
    return await groups.save(None, request.name)


@router.patch("/{id}", responses=documented(400, 401, 403, 404, 409, 413, 422, 503))
async def rename_group(group_id: GroupId, request: GroupRequest, groups: Keeper) -> Group:
    """Give a group another name. For admins."""
    return await groups.save(group_id, request.name)


@router.delete("/{id}", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def delete_group(group_id: GroupId, groups: Keeper) -> None:
    """Delete a group with its budgets. What was open to it alone stays open to admins. For admins."""
    await groups.delete(group_id)


@router.get("/{id}/members", responses=documented(401, 403, 404, 422, 503))
async def list_members(group_id: GroupId, groups: Keeper) -> MemberList:
    """Who is in a group. For admins."""
    return await groups.members(group_id)


@router.post("/{id}/members", status_code=204, responses=documented(400, 401, 403, 404, 413, 422, 503))
async def change_members(group_id: GroupId, change: MemberChange, groups: Keeper) -> None:
    """Take people into a group and out of it. For admins."""
    await groups.change_members(group_id, change)
