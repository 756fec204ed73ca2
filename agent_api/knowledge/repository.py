"""Documents, files and sources in the database.

What people look at is read in their own name, under row-level security. What they change goes through functions that
are granted to the service alone and decide for themselves whether that person may.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, cast
from uuid import UUID

from agent_api.knowledge.schemas import (
    File,
    FileName,
    FilePage,
    FileSharing,
    PassageInPlace,
    Receipt,
    Sharing,
    Source,
    SourceReceipt,
)
from core.errors import InvalidRequest, NotAllowed, NotFound
from core.supabase import Database


class KnowledgeReader:
    """What one person may see.

    Args:
        database: In the person's name.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def files(
        self, *, limit: int, cursor: str | None, query: str | None, state: str | None, source_id: UUID | None
    ) -> FilePage:
        """Files, those changed last first; deleted ones only where ``state`` asks for them.

        Raises:
            InvalidRequest: The cursor is not one that was given out.
        """
        select = self._database.table("knowledge_files").select("*")
        select = select.eq("state", state) if state else select.neq("state", "deleted")
        if source_id:
            select = select.eq("source_id", str(source_id))
        if query:
            select = select.ilike("names", f"%{_literal(query)}%")
        if cursor:
            select = select.lt("sort_key", _read_cursor(cursor))
        select = select.order("sort_key", desc=True).limit(limit + 1)
        rows = cast("list[dict[str, Any]]", await self._database.run(select))
        more = len(rows) > limit
        return FilePage(
            items=[_file(row) for row in rows[:limit]], next_cursor=_make_cursor(rows[limit - 1]) if more else None
        )

    async def file(self, document_id: UUID) -> File:
        """One document's file.

        Raises:
            NotFound: It is not there, or not there for this person.
        """
        select = self._database.table("knowledge_files").select("*").eq("document_id", str(document_id))
        rows = cast("list[dict[str, Any]]", await self._database.run(select))
        if not rows:
            raise NotFound("There is no such document, or it is not yours to see.", slug="document-not-found")
        return _file(rows[0])

    async def uploads(self, external_ids: list[str]) -> list[File]:
        """The files of uploads, in the order of their ids."""
        select = (
            self._database.table("knowledge_files").select("*").eq("source_kind", "upload")
            .in_("external_id", external_ids)
        )  # fmt: skip
        rows = cast("list[dict[str, Any]]", await self._database.run(select))
        files = {str(row["external_id"]): _file(row) for row in rows}
        return [files[name] for name in external_ids if name in files]

    async def passages(self, document_id: UUID, first: int, count: int) -> list[PassageInPlace]:
        """Neighbouring passages of a document, from number ``first`` on.

        Raises:
            NotFound: The document is not there, or not there for this person.
        """
        await self.file(document_id)
        select = (
            self._database.table("chunks").select("ordinal,text,heading,place").eq("document_id", str(document_id))
            .gte("ordinal", first).order("ordinal").limit(count)
        )  # fmt: skip
        return [PassageInPlace.model_validate(row) for row in await self._database.run(select)]

    async def sources(self) -> list[Source]:
        """Sources by name."""
        select = self._database.table("knowledge_sources").select("*").order("name").limit(500)
        return [Source.model_validate(row) for row in await self._database.run(select)]


class KnowledgeKeeper:
    """What one person changes.

    Args:
        database: The service's access; each function is told who asks, and refuses what that person may not.
        user_id: Who asks.
    """

    def __init__(self, database: Database, user_id: UUID) -> None:
        self._database = database
        self._user = str(user_id)

    async def upload_visibility(self, wanted: str | None) -> str:
        """Who will read what this person uploads, as the ledger says it.

        Args:
            wanted: ``everyone``, ``private``, or ``None``: everyone where an admin uploads, else the owner alone.

        Raises:
            NotAllowed: It is not theirs to show to everyone.
        """
        select = self._database.table("user_profiles").select("role,status").eq("user_id", self._user)
        rows = cast("list[dict[str, Any]]", await self._database.run(select))
        if not rows or rows[0]["status"] != "active":
            raise NotAllowed("This account is suspended.")
        admin = rows[0]["role"] == "admin"
        if wanted == "everyone" and not admin:
            raise NotAllowed("Only an admin may add a document for everyone. Upload it for yourself.")
        return "everyone" if admin and wanted != "private" else "restricted"

    async def upload_of(self, document_id: UUID) -> str | None:
        """The upload that a document came from; ``None``: it is no upload. Refuses whoever may not delete it."""
        arguments = {"p_user": self._user, "p_document": str(document_id)}
        return cast("str | None", await self._database.call("upload_to_remove", arguments))

    async def record_upload(self, external_id: str, file: dict[str, object]) -> None:
        """Note an upload, to be read at the next run."""
        await self._database.call("record_upload", {"p_user": self._user, "p_external_id": external_id, "p_file": file})

    async def remove_document(self, document_id: UUID) -> Receipt:
        """Delete a document with all that belongs to it."""
        arguments = {"p_user": self._user, "p_document": str(document_id)}
        return Receipt.model_validate(await self._database.call("remove_document", arguments))

    async def remove_upload(self, external_id: str, *, check: bool = False) -> None:
        """Forget an upload that never became a document; with ``check``, only ask whether that is allowed."""
        arguments = {"p_user": self._user, "p_external_id": external_id, "p_check": check}
        await self._database.call("remove_upload", arguments)

    async def retry(self, name: FileName) -> None:
        """Have a file read again at the next run."""
        await self._database.call("retry_file", self._named(name))

    async def ignore(self, name: FileName) -> None:
        """Set a file aside, and its document with it."""
        await self._database.call("ignore_file", self._named(name))

    async def share_file(self, sharing: FileSharing) -> None:
        """Say who may read a file."""
        grants = [grant.model_dump() for grant in sharing.grants]
        await self._database.call(
            "share_file", {**self._named(sharing), "p_visibility": sharing.visibility, "p_grants": grants}
        )

    async def request_sync(self, source_id: UUID) -> None:
        """Ask for a run soon."""
        await self._database.call("request_sync", {"p_user": self._user, "p_source": str(source_id)})

    async def share_source(self, source_id: UUID, sharing: Sharing) -> None:
        """Say who may read a source."""
        await self._database.call(
            "share_source",
            {
                "p_user": self._user, "p_source": str(source_id), "p_visibility": sharing.visibility,
                "p_principals": [str(principal) for principal in sharing.principal_ids],
            },
        )  # fmt: skip

    async def remove_source(self, source_id: UUID) -> SourceReceipt:
        """Delete a source with all it brought."""
        arguments = {"p_user": self._user, "p_source": str(source_id)}
        return SourceReceipt.model_validate(await self._database.call("remove_source", arguments))

    def _named(self, name: FileName) -> dict[str, object]:
        return {"p_user": self._user, "p_source": str(name.source_id), "p_external_id": name.external_id}


def _file(row: dict[str, Any]) -> File:
    return File.model_validate({**row, "id": row["document_id"]})


def _literal(text: str) -> str:
    """Words as a pattern of their own: no wildcard of LIKE's in them."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _make_cursor(row: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(str(row["sort_key"]).encode()).decode()


def _read_cursor(cursor: str) -> str:
    try:
        key = base64.urlsafe_b64decode(cursor.encode()).decode()
        if not (key[:20].isdigit() and key[20] == " "):
            raise ValueError(cursor)
    except (binascii.Error, ValueError, IndexError) as error:
        raise InvalidRequest("This cursor was not given out here. Begin again without one.") from error
    return key
