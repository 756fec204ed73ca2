"""Documents, uploads, sources, and search."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Path, Query, UploadFile

from agent_api.dependencies import CurrentUser, ResourcesDep, ServiceDatabase, UserDatabase
from agent_api.knowledge.repository import KnowledgeKeeper, KnowledgeReader
from agent_api.knowledge.schemas import (
    File,
    FileName,
    FilePage,
    FileSharing,
    FoundPassage,
    FoundPassages,
    PassagesInPlace,
    Receipt,
    Sharing,
    SourcePage,
    SourceReceipt,
    TableQuestion,
    TableRows,
    TablesToAsk,
    TableToAsk,
    Uploaded,
)
from agent_api.knowledge.uploads import UploadFolder, clean_name
from agent_api.problems import documented
from core.errors import Unprocessable
from core.knowledge.reasons import State
from core.knowledge.search import SearchFilters
from core.knowledge.tables.questions import TableQuestions
from core.times import UtcTime

router = APIRouter(prefix="/api", tags=["knowledge"])

_MOST_FILES = 50


def _reader(database: UserDatabase) -> KnowledgeReader:
    return KnowledgeReader(database)


def _keeper(database: ServiceDatabase, user: CurrentUser) -> KnowledgeKeeper:
    return KnowledgeKeeper(database, user.id)


def _uploads(resources: ResourcesDep) -> UploadFolder:
    return UploadFolder(resources.settings.uploads_directory)


Reader = Annotated[KnowledgeReader, Depends(_reader)]
Keeper = Annotated[KnowledgeKeeper, Depends(_keeper)]
Uploads = Annotated[UploadFolder, Depends(_uploads)]
Id = Annotated[UUID, Path(alias="id")]


@router.get("/search", responses=documented(400, 401, 422, 502, 503))
async def search(
    resources: ResourcesDep,
    user: CurrentUser,
    q: Annotated[str, Query(min_length=1, max_length=4000, description="A question, or words.")],
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
    source_id: Annotated[list[UUID] | None, Query(max_length=50)] = None,
    document_id: Annotated[list[UUID] | None, Query(max_length=200)] = None,
    mime_type: Annotated[list[str] | None, Query(max_length=20)] = None,
    modified_after: UtcTime | None = None,
    modified_before: UtcTime | None = None,
) -> FoundPassages:
    """The passages that match best, among those that one may read."""
    filters = SearchFilters(
        source_ids=tuple(source_id) if source_id else None,
        document_ids=tuple(document_id) if document_id else None,
        mime_types=tuple(mime_type) if mime_type else None,
        modified_after=modified_after,
        modified_before=modified_before,
    )
    passages = await resources.search.search(q, user_id=user.id, limit=limit, filters=filters)
    return FoundPassages(items=[FoundPassage.model_validate(asdict(passage)) for passage in passages])


@router.get("/documents", responses=documented(400, 401, 422, 503))
async def list_documents(
    reader: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str | None, Query(max_length=3000)] = None,
    q: Annotated[str | None, Query(max_length=200, description="Part of the title or the path.")] = None,
    state: State | None = None,
    source_id: UUID | None = None,
) -> FilePage:
    """Every file that one may see and how it fares, those changed last first."""
    return await reader.files(limit=limit, cursor=cursor, query=q, state=state, source_id=source_id)


@router.post("/documents", status_code=202, responses=documented(400, 401, 403, 413, 422, 503))
async def upload_documents(
    resources: ResourcesDep,
    user: CurrentUser,
    keeper: Keeper,
    reader: Reader,
    uploads: Uploads,
    file: list[UploadFile],
    visibility: Annotated[
        Literal["everyone", "private"] | None,
        Form(description="Who may read it. Unset: everyone when an admin uploads, else oneself."),
    ] = None,
) -> Uploaded:
    """Take files in. They are read at the pipeline's next run; `state` of each tells how far it is."""
    if not 1 <= len(file) <= _MOST_FILES:
        raise Unprocessable(f"Please upload 1 to {_MOST_FILES} files at once.")
    readers = await keeper.upload_visibility(visibility)
    kept: list[str] = []
    for item in file:
        name = clean_name(item.filename)
        mime_type = (item.content_type or "")[:200]
        upload_id, size = await uploads.keep(
            item, name=name, mime_type=mime_type, owner_id=user.id, visibility=readers,
            max_bytes=resources.settings.max_upload_bytes,
        )  # fmt: skip
        about: dict[str, object] = {
            "path": name, "title": name, "mime_type": mime_type, "size_bytes": size, "visibility": readers,
        }  # fmt: skip
        try:
            await keeper.record_upload(upload_id, about)
        except BaseException:
            # What the ledger did not take must not be found by the next run either.
            await uploads.hide(upload_id)
            await uploads.drop(upload_id)
            raise
        kept.append(upload_id)
    return Uploaded(items=await reader.uploads(kept))


@router.post("/documents/retry", status_code=202, responses=documented(401, 403, 404, 422, 503))
async def retry_document(name: FileName, keeper: Keeper) -> None:
    """Have a file read again at the next run, whatever its state."""
    await keeper.retry(name)


@router.post("/documents/ignore", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def ignore_document(name: FileName, keeper: Keeper) -> None:
    """Set a file aside: its document is deleted, and no run reads it until somebody chooses *retry*."""
    await keeper.ignore(name)


@router.post("/documents/share", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
async def share_document(sharing: FileSharing, keeper: Keeper) -> None:
    """Say who may read one file: whoever reads its source, everyone, or its owner and those named."""
    await keeper.share_file(sharing)


@router.get("/documents/{id}", responses=documented(401, 404, 422, 503))
async def get_document(document_id: Id, reader: Reader) -> File:
    """One document."""
    return await reader.file(document_id)


@router.get("/documents/{id}/passages", responses=documented(401, 404, 422, 503))
async def list_passages(
    document_id: Id,
    reader: Reader,
    around: Annotated[int, Query(ge=0, description="Number of the passage in the middle.")] = 0,
    count: Annotated[int, Query(ge=1, le=50)] = 7,
) -> PassagesInPlace:
    """A passage and its neighbours: what a citation opens."""
    return PassagesInPlace(items=await reader.passages(document_id, max(0, around - count // 2), count))


@router.get("/tables", responses=documented(401, 422, 503))
async def list_tables(
    database: ServiceDatabase,
    user: CurrentUser,
    q: Annotated[str, Query(max_length=1000, description="Words of the title, the path or the columns.")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> TablesToAsk:
    """The tables of documents that one may read and ask in SQL."""
    # In the service's name: the function is told who asks, and leaves out what that person may not read.
    tables = await TableQuestions(database).find(q, user_id=user.id, limit=limit)
    return TablesToAsk(items=[TableToAsk.model_validate(asdict(table)) for table in tables])


@router.post("/documents/{id}/tables/query", responses=documented(401, 404, 413, 422, 503))
async def ask_tables(
    document_id: Id, question: TableQuestion, database: ServiceDatabase, user: CurrentUser
) -> TableRows:
    """Run one SELECT over a document's tables, in a process of its own that reaches nothing else."""
    answer = await TableQuestions(database).ask(document_id, question.sql, user_id=user.id)
    return TableRows.model_validate(asdict(answer))


@router.delete("/documents/{id}", responses=documented(401, 403, 404, 422, 503))
async def delete_document(document_id: Id, reader: Reader, keeper: Keeper, uploads: Uploads) -> Receipt:
    """Delete a document with all that belongs to it. A file of a watched folder stays there, and is set aside."""
    upload_id = await keeper.upload_of(document_id)
    if upload_id is None:
        return await keeper.remove_document(document_id)
    await uploads.hide(upload_id)
    try:
        receipt = await keeper.remove_document(document_id)
    except BaseException:
        await uploads.show(upload_id)
        raise
    await uploads.drop(upload_id)
    return receipt


@router.delete("/uploads/{external_id}", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def delete_upload(
    external_id: Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$")], keeper: Keeper, uploads: Uploads
) -> None:
    """Delete an upload that never became a document."""
    await keeper.remove_upload(external_id, check=True)
    await uploads.hide(external_id)
    try:
        await keeper.remove_upload(external_id)
    except BaseException:
        await uploads.show(external_id)
        raise
    await uploads.drop(external_id)


@router.get("/sources", responses=documented(401, 503))
async def list_sources(reader: Reader) -> SourcePage:
    """The sources that one may see, with their files by state."""
    return SourcePage(items=await reader.sources())


@router.post("/sources/{id}/sync", status_code=202, responses=documented(401, 403, 404, 422, 503))
async def sync_source(source_id: Id, keeper: Keeper) -> None:
    """Ask for a run of the pipeline soon (admins)."""
    await keeper.request_sync(source_id)


@router.put("/sources/{id}/sharing", status_code=204, responses=documented(401, 403, 404, 409, 422, 503))
async def share_source(source_id: Id, sharing: Sharing, keeper: Keeper) -> None:
    """Say who may read a source (admins)."""
    await keeper.share_source(source_id, sharing)


@router.delete("/sources/{id}", responses=documented(401, 403, 404, 409, 422, 503))
async def delete_source(source_id: Id, keeper: Keeper) -> SourceReceipt:
    """Delete a source with all it brought (admins). Its pipeline must not run meanwhile."""
    return await keeper.remove_source(source_id)
