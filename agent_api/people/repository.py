"""People in the database."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from uuid import UUID

from agent_api.people.schemas import Me, Person, PersonChange, PersonPage
from core.errors import InvalidRequest, NotAuthenticated, NotFound
from core.supabase import Database

_COLUMNS = "user_id,email,display_name,role,status"


class MyselfRepository:
    """One's own profile, under one's own rights.

    Args:
        own: Acting as the person.
        user_id: The person.
    """

    def __init__(self, own: Database, user_id: UUID) -> None:
        self._own = own
        self._user_id = str(user_id)

    async def get(self) -> Me:
        """Who is logged in.

        Raises:
            NotAuthenticated: The account is gone.
        """
        select = self._own.table("user_profiles").select(_COLUMNS).eq("user_id", self._user_id)
        rows: list[dict[str, Any]] = await self._own.run(select)
        if not rows:
            raise NotAuthenticated("This account is not there any more. Please sign up again.")
        return Me.model_validate(rows[0])

    async def rename(self, display_name: str) -> Me:
        """Call oneself otherwise."""
        table = self._own.table("user_profiles")
        await self._own.run(table.update({"display_name": display_name}).eq("user_id", self._user_id))  # pyright: ignore[reportUnknownMemberType]
        return await self.get()


class PeopleRepository:
    """People as an admin keeps them.

    Args:
        service: Acting as the service, for the functions that write; each is told who acts, and asks for an admin.
        own: Acting as the admin, for reading.
        user_id: The admin.
    """

    def __init__(self, service: Database, own: Database, user_id: UUID) -> None:
        self._service = service
        self._own = own
        self._user_id = str(user_id)

    async def page(self, *, query: str, limit: int, cursor: str | None) -> PersonPage:
        """People by address.

        Raises:
            InvalidRequest: The cursor is not one that was given out.
        """
        arguments = {"p_query": query, "p_limit": limit + 1, "p_after": _read_cursor(cursor) if cursor else None}
        rows: list[dict[str, Any]] = await self._own.call("list_people", arguments)
        people = [Person.model_validate(row) for row in rows[:limit]]
        return PersonPage(items=people, next_cursor=_write_cursor(people[-1]) if len(rows) > limit else None)

    async def change(self, person_id: UUID, change: PersonChange) -> Person:
        """Change a person's role or status.

        Raises:
            NotFound: There is no such person.
            Conflict: It would leave nobody who is an admin.
        """
        arguments = {
            "p_user": self._user_id,
            "p_person": str(person_id),
            "p_changes": change.model_dump(exclude_none=True),
        }
        row: dict[str, Any] = await self._service.call("change_person", arguments)
        rows: list[dict[str, Any]] = await self._own.call(
            "list_people", {"p_query": row["email"], "p_limit": 1000, "p_after": None}
        )
        found = next((each for each in rows if each["user_id"] == row["user_id"]), None)
        if found is None:
            raise NotFound("There is no such person.", slug="person-not-found")
        return Person.model_validate(found)


def _write_cursor(last: Person) -> str:
    key = json.dumps({"email": last.email.lower(), "user_id": str(last.user_id)})
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> dict[str, str]:
    try:
        key: dict[str, str] = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return {"email": str(key["email"]), "user_id": str(UUID(key["user_id"]))}
    except (ValueError, binascii.Error, KeyError, TypeError, AttributeError) as error:
        raise InvalidRequest("The cursor is not one that was given out. Begin with the first page.") from error
