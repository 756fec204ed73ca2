"""Groups in the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agent_api.groups.schemas import Group, GroupList, Member, MemberChange, MemberList
from core.errors import NotFound
from core.supabase import Database

_MOST_MEMBERS = 1000


class GroupRepository:
    """Groups, read under the reader's own rights, written by functions that ask for an admin.

    Args:
        service: Acting as the service.
        own: Acting as the person.
        user_id: The person.
    """

    def __init__(self, service: Database, own: Database, user_id: UUID) -> None:
        self._service = service
        self._own = own
        self._user_id = str(user_id)

    async def list(self) -> GroupList:
        """Groups by name."""
        rows: list[dict[str, Any]] = await self._own.call("list_groups")
        return GroupList(items=[Group.model_validate(row) for row in rows])

    async def save(self, group_id: UUID | None, name: str) -> Group:
        """Make a group, or give one another name.

        Raises:
            Conflict: There is one of that name already.
            NotFound: There is no such group.
        """
        arguments = {"p_user": self._user_id, "p_group": str(group_id) if group_id else None, "p_name": name.strip()}
        row: dict[str, Any] = await self._service.call("save_group", arguments)
        return next(group for group in (await self.list()).items if str(group.id) == row["id"])

    async def delete(self, group_id: UUID) -> None:
        """Delete a group with its budgets. Raises NotFound where there is none."""
        await self._service.call("delete_group", {"p_user": self._user_id, "p_group": str(group_id)})

    async def members(self, group_id: UUID) -> MemberList:
        """Who is in a group, by address; 1,000 at most.

        Raises:
            NotFound: There is no such group for this person.
        """
        groups: list[dict[str, Any]] = await self._own.run(
            self._own.table("groups").select("id").eq("id", str(group_id))
        )
        if not groups:
            raise NotFound("There is no such group.", slug="group-not-found")
        select = self._own.table("group_members").select("user_profiles(user_id,email,display_name)")
        rows: list[dict[str, Any]] = await self._own.run(select.eq("group_id", str(group_id)).limit(_MOST_MEMBERS))
        members = [Member.model_validate(row["user_profiles"]) for row in rows if row["user_profiles"]]
        return MemberList(items=sorted(members, key=lambda member: member.email))

    async def change_members(self, group_id: UUID, change: MemberChange) -> None:
        """Take people into a group and out of it. From the next request on they read what it may read.

        Raises:
            NotFound: There is no such group.
            Unprocessable: One of the people is not there.
        """
        await self._service.call(
            "change_group_members",
            {
                "p_user": self._user_id,
                "p_group": str(group_id),
                "p_add": [str(person) for person in change.add],
                "p_remove": [str(person) for person in change.remove],
            },
        )
