"""Feedback in the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agent_api.cursors import read_cursor, write_cursor
from agent_api.feedback.schemas import FeedbackFilters, FeedbackLine, FeedbackPage, FeedbackRequest, GivenFeedback
from core.errors import NotFound
from core.supabase import Database

_COLUMNS = (
    "message_id,rating,comment,question,answer,deployment_number,model,updated_at,"
    "agents(slug,name),user_profiles(email)"
)


class FeedbackRepository:
    """Gives and reads feedback.

    Args:
        service: Acting as the service, for the functions that write; each is told who acts.
        own: Acting as the person, for reading: row-level security shows an admin all, others their own.
        user_id: The person.
    """

    def __init__(self, service: Database, own: Database, user_id: UUID) -> None:
        self._service = service
        self._own = own
        self._user_id = str(user_id)

    async def give(self, conversation_id: str, message_id: str, request: FeedbackRequest) -> GivenFeedback:
        """Keep what the person thinks of an answer of theirs.

        Raises:
            NotFound: There is no such answer in their conversations.
        """
        row: dict[str, Any] = await self._service.call(
            "give_feedback",
            {
                "p_user": self._user_id,
                "p_conversation": conversation_id,
                "p_message": message_id,
                "p_feedback": request.model_dump(),
            },
        )
        return GivenFeedback(rating=row["rating"], comment=row["comment"], include_text=row["answer"] is not None)

    async def take_back(self, conversation_id: str, message_id: str) -> None:
        """Forget what the person thought.

        Raises:
            NotFound: They have said nothing.
        """
        arguments = {"p_user": self._user_id, "p_conversation": conversation_id, "p_message": message_id}
        if not await self._service.call("take_feedback_back", arguments):
            raise NotFound("There is no feedback of yours to that answer.", slug="feedback-not-found")

    async def page(self, filters: FeedbackFilters, *, limit: int, cursor: str | None) -> FeedbackPage:
        """Feedback, newest first.

        Raises:
            InvalidRequest: The cursor is not one that was given out.
        """
        select = self._own.table("feedback").select(_COLUMNS)
        if filters.rating is not None:
            select = select.eq("rating", filters.rating)
        if filters.agent_id is not None:
            select = select.eq("agent_id", str(filters.agent_id))
        if cursor:
            at, last = read_cursor(cursor)
            select = select.or_(f'updated_at.lt."{at}",and(updated_at.eq."{at}",message_id.lt."{last}")')
        select = select.order("updated_at", desc=True).order("message_id", desc=True).limit(limit + 1)
        rows: list[dict[str, Any]] = await self._own.run(select)
        last_row = rows[limit - 1] if len(rows) > limit else None
        return FeedbackPage(
            items=[_line(row) for row in rows[:limit]],
            next_cursor=write_cursor(last_row["updated_at"], last_row["message_id"]) if last_row else None,
        )


def _line(row: dict[str, Any]) -> FeedbackLine:
    agent: dict[str, Any] = row.pop("agents", None) or {}
    person: dict[str, Any] = row.pop("user_profiles", None) or {}
    return FeedbackLine(agent_slug=agent.get("slug"), agent_name=agent.get("name"), email=person.get("email"), **row)
