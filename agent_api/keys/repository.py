"""API keys in the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from agent_api.auth.callers import NewKey
from agent_api.keys.schemas import ApiKey, ApiKeyRequest, NewApiKey
from core.errors import NotFound
from core.supabase import Database


class ApiKeyRepository:
    """Keys, made and revoked as the service in a person's name, listed under the person's own rights.

    Args:
        service: Acting as the service.
        own: Acting as the person.
        user_id: The person.
    """

    def __init__(self, service: Database, own: Database, user_id: UUID) -> None:
        self._service = service
        self._own = own
        self._user_id = user_id

    async def create(self, request: ApiKeyRequest) -> NewApiKey:
        """Make a key.

        Raises:
            Unprocessable: An agent that is named is not there for this person, or the expiry is over.
            Conflict: The person has too many keys.
        """
        new = NewKey.make()
        wanted = request.model_dump(mode="json") | {"prefix": new.prefix, "hash": new.hash}
        row: dict[str, Any] = await self._service.call(
            "create_api_key", {"p_user": str(self._user_id), "p_key": wanted}
        )
        return NewApiKey.model_validate(row | {"key": new.key})

    async def list(self, *, everyone: bool) -> list[ApiKey]:
        """Keys that are not revoked, newest first; ``everyone``'s where the person is an admin, else one's own."""
        rows: list[dict[str, Any]] = await self._own.call("list_api_keys", {"p_everyone": everyone})
        return [ApiKey.model_validate(row) for row in rows]

    async def revoke(self, key_id: UUID) -> None:
        """Revoke a key: one's own, or any as an admin.

        Raises:
            NotFound: There is no such key, or it is revoked already.
        """
        arguments = {"p_user": str(self._user_id), "p_id": str(key_id)}
        if not await self._service.call("revoke_api_key", arguments):
            raise NotFound("There is no such API key, or it is revoked already.", slug="api-key-not-found")
