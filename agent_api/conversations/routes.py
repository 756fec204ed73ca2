"""A person's conversations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from agent_api.conversations.repository import ConversationRepository
from agent_api.conversations.schemas import Conversation, ConversationChange, ConversationPage, ConversationSummary
from agent_api.dependencies import UserDatabase
from agent_api.problems import documented
from core.errors import NotFound, Unprocessable

router = APIRouter(prefix="/api/conversations", tags=["conversations"])

ConversationId = Annotated[str, Path(alias="id", min_length=1, max_length=64)]


async def _repository(database: UserDatabase) -> ConversationRepository:
    return ConversationRepository(database)


Repository = Annotated[ConversationRepository, Depends(_repository)]


@router.get("", responses=documented(400, 401, 422, 503))
async def list_conversations(
    repository: Repository,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    q: Annotated[str | None, Query(max_length=200, description="Words that were said, or part of the title.")] = None,
    archived: bool = False,
) -> ConversationPage:
    """One's own conversations, pinned ones first, then those changed last; or those in which `q` was said."""
    return await repository.page(limit=limit, cursor=cursor, query=q, archived=archived)


@router.get("/{id}", responses=documented(401, 404, 422, 503))
async def get_conversation(conversation_id: ConversationId, repository: Repository) -> Conversation:
    """A conversation with all its branches."""
    return await repository.get(conversation_id)


@router.patch("/{id}", responses=documented(400, 401, 404, 422, 503))
async def change_conversation(
    conversation_id: ConversationId, change: ConversationChange, repository: Repository
) -> ConversationSummary:
    """Rename, pin, archive, or show another branch."""
    changes = change.model_dump(exclude_none=True)
    if not changes:
        raise Unprocessable("There is nothing to change in this request.")
    if change.head_id is not None and not await repository.has_message(conversation_id, change.head_id):
        raise NotFound("There is no such message in this conversation.", slug="message-not-found")
    return await repository.change(conversation_id, changes)


@router.delete("/{id}", status_code=204, responses=documented(401, 404, 422, 503))
async def delete_conversation(conversation_id: ConversationId, repository: Repository) -> None:
    """Delete a conversation with all that was said in it. It cannot be undone."""
    await repository.delete(conversation_id)
