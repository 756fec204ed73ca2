"""Feedback on answers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query

from agent_api.dependencies import AdminUser, CurrentUser, ServiceDatabase, UserDatabase
from agent_api.feedback.repository import FeedbackRepository
from agent_api.feedback.schemas import FeedbackFilters, FeedbackPage, FeedbackRequest, GivenFeedback, Rating
from agent_api.problems import documented

router = APIRouter(prefix="/api", tags=["feedback"])

ConversationId = Annotated[str, Path(alias="id", min_length=1, max_length=64)]
MessageId = Annotated[str, Path(min_length=1, max_length=128)]


async def _repository(user: CurrentUser, own: UserDatabase, service: ServiceDatabase) -> FeedbackRepository:
    return FeedbackRepository(service, own, user.id)


Repository = Annotated[FeedbackRepository, Depends(_repository)]


@router.put(
    "/conversations/{id}/messages/{message_id}/feedback", responses=documented(400, 401, 403, 404, 413, 422, 503)
)
async def give_feedback(
    conversation_id: ConversationId, message_id: MessageId, request: FeedbackRequest, repository: Repository
) -> GivenFeedback:
    """Say what one thinks of an answer. Admins see it; the words of the conversation only where one includes them."""
    return await repository.give(conversation_id, message_id, request)


@router.delete(
    "/conversations/{id}/messages/{message_id}/feedback",
    status_code=204,
    responses=documented(401, 404, 422, 503),
)
async def take_feedback_back(conversation_id: ConversationId, message_id: MessageId, repository: Repository) -> None:
    """Take one's feedback back."""
    await repository.take_back(conversation_id, message_id)


@router.get("/feedback", responses=documented(400, 401, 403, 422, 503))
async def list_feedback(
    _: AdminUser,
    repository: Repository,
    rating: Rating | None = None,
    agent_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
) -> FeedbackPage:
    """What people think of answers, newest first. For admins."""
    return await repository.page(FeedbackFilters(rating=rating, agent_id=agent_id), limit=limit, cursor=cursor)
