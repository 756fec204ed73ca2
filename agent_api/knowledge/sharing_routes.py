"""Who may read a file or a source, as those who may change it see it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query

from agent_api.dependencies import AdminUser, UserDatabase
from agent_api.knowledge.schemas import FileSharing, GrantTo, Sharing
from agent_api.problems import documented
from core.errors import NotFound

router = APIRouter(prefix="/api", tags=["knowledge"])


@router.get("/documents/sharing", responses=documented(401, 404, 422, 503))
async def get_document_sharing(
    database: UserDatabase,
    source_id: UUID,
    external_id: Annotated[str, Query(min_length=1, max_length=1024, description="The file's name in its source.")],
) -> FileSharing:
    """Who may read one file: its visibility, and those that are named."""
    files: list[dict[str, Any]] = await database.run(
        database.table("file_ledger")
        .select("visibility")
        .eq("source_id", str(source_id))
        .eq("external_id", external_id)
    )
    if not files:
        raise NotFound("There is no such document, or it is not yours to see.", slug="document-not-found")
    select = database.table("document_grants").select("kind,name").eq("source_id", str(source_id))
    rows: list[dict[str, Any]] = await database.run(select.eq("external_id", external_id).order("kind").order("name"))
    return FileSharing(
        source_id=source_id,
        external_id=external_id,
        visibility=files[0]["visibility"],
        grants=[GrantTo.model_validate(row) for row in rows[:200]],
    )


@router.get("/sources/{id}/sharing", responses=documented(401, 403, 404, 422, 503))
async def get_source_sharing(
    source_id: Annotated[UUID, Path(alias="id")], _: AdminUser, database: UserDatabase
) -> Sharing:
    """Who may read a source. For admins."""
    sources: list[dict[str, Any]] = await database.run(
        database.table("sources").select("visibility").eq("id", str(source_id))
    )
    if not sources:
        raise NotFound("There is no such source.", slug="source-not-found")
    rows: list[dict[str, Any]] = await database.run(
        database.table("source_grants").select("principal_id").eq("source_id", str(source_id))
    )
    return Sharing(visibility=sources[0]["visibility"], principal_ids=[row["principal_id"] for row in rows])
