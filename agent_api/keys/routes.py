"""Make, list and revoke API keys. By a person's access token only: a key cannot make keys."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from agent_api.dependencies import CurrentUser, ServiceDatabase, UserDatabase
from agent_api.keys.repository import ApiKeyRepository
from agent_api.keys.schemas import ApiKeyList, ApiKeyRequest, NewApiKey
from agent_api.problems import documented

router = APIRouter(prefix="/api/keys", tags=["API keys"])


def _repository(user: CurrentUser, own: UserDatabase, service: ServiceDatabase) -> ApiKeyRepository:
    return ApiKeyRepository(service, own, user.id)


Repository = Annotated[ApiKeyRepository, Depends(_repository)]


@router.post("", status_code=201, responses=documented(400, 401, 403, 409, 413, 422, 503))
async def create_key(request: ApiKeyRequest, repository: Repository) -> NewApiKey:
    """Make an API key. The answer is the only place where the key itself is ever shown."""
    return await repository.create(request)


@router.get("", responses=documented(401, 422, 503))
async def list_keys(
    repository: Repository,
    everyone: Annotated[bool, Query(description="Other people's keys too, for an admin.")] = False,
) -> ApiKeyList:
    """The API keys that are not revoked, newest first."""
    return ApiKeyList(items=await repository.list(everyone=everyone))


@router.delete("/{id}", status_code=204, responses=documented(401, 404, 422, 503))
async def revoke_key(id: UUID, repository: Repository) -> None:  # noqa: A002 - the path's name
    """Revoke an API key: nothing begins with it any more. What has begun goes on to its end."""
    await repository.revoke(id)
