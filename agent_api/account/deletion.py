"""Deleting an account.

First the uploads that are not for everyone, each with its file; then the account itself, with which the database lets
go all that refers to it. Whoever is interrupted asks again: what is gone already is no error.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from agent_api.account.schemas import AccountReceipt
from agent_api.auth.accounts import Accounts
from agent_api.knowledge.repository import KnowledgeKeeper
from agent_api.knowledge.uploads import UploadFolder
from core.errors import NotFound, Unprocessable
from core.supabase import Database


class AccountDeletion:
    """Deletes accounts: one's own, or any as an admin.

    Args:
        service: Acting as the service; the function that begins is told who asks.
        accounts: The accounts at Supabase.
        uploads: The files of uploads.
    """

    def __init__(self, service: Database, accounts: Accounts, uploads: UploadFolder) -> None:
        self._service = service
        self._accounts = accounts
        self._uploads = uploads

    async def delete(self, person_id: UUID, *, email: str, asked_by: UUID) -> AccountReceipt:
        """Delete an account with all that belongs to it.

        Raises:
            Unprocessable: ``email`` is not the account's: nothing is deleted.
            NotFound: There is no such person.
            Conflict: It is the last admin.
        """
        profile = await self._service.run(
            self._service.table("user_profiles").select("email").eq("user_id", str(person_id))
        )
        if profile and profile[0]["email"].lower() != email.strip().lower():
            raise Unprocessable("This is not the account's address. Nothing was deleted.", slug="wrong-address")
        arguments = {"p_user": str(asked_by), "p_person": str(person_id)}
        found: dict[str, Any] = await self._service.call("ask_for_deletion", arguments)
        uploads: list[dict[str, Any]] = found.pop("uploads")
        for upload in uploads:
            await self._delete_upload(upload, asked_by)
        await self._accounts.delete(person_id)
        return AccountReceipt(documents=len(uploads), deleted_at=datetime.now(UTC), **found)

    async def _delete_upload(self, upload: dict[str, Any], asked_by: UUID) -> None:
        # In the name of whoever asked: the account itself may be deactivated, and could change nothing then.
        keeper = KnowledgeKeeper(self._service, asked_by)
        external_id = str(upload["external_id"])
        await self._uploads.hide(external_id)
        with contextlib.suppress(NotFound):  # gone meanwhile
            if upload["document_id"] is None:
                await keeper.remove_upload(external_id)
            else:
                await keeper.remove_document(UUID(upload["document_id"]))
        await self._uploads.drop(external_id)
