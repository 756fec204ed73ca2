"""What a pipeline run writes, as one interface with the database behind it.

Every method is one call of one SQL function, whole or not at all, and fenced: once another run has taken the source
over, :class:`core.errors.Conflict` with the slug ``run-superseded`` is raised and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypedDict
from uuid import UUID

import stamina

from core.errors import Conflict, DatabaseUnreachable, Unprocessable, may_pass
from core.knowledge.gathering import Gathering
from core.supabase import Database

#: Passages (with their vectors) and rows of tables that travel in one request.
PART_OF_DOCUMENT = 250
#: Characters of documents that are written in one request, and requests that are under way at the same time.
_MOST_TOGETHER = 1_500_000
_CALLS_AT_ONCE = 2
#: Seconds that one write may take: a document of 20,000 passages is minutes' work where the graph index is there.
LONGEST_WRITE = 900.0
#: Two transactions waited for each other, and this one had to give way.
_DEADLOCK = "40P01"
_TRIES = 4


class _FileName(TypedDict):
    external_id: str


class FileRow(_FileName, total=False):
    """A file as the ledger takes it. A key that is absent leaves what is there."""

    path: str
    title: str
    uri: str | None
    mime_type: str
    size_bytes: int | None
    modified_at: str | None
    version_token: str
    content_hash: str
    owner_id: str | None
    visibility: str
    grants: list[dict[str, str]]
    state: str
    reason: str
    last_error: str
    retries: int


class DocumentRow(TypedDict):
    """A document's own columns."""

    title: str
    titled: bool
    mime_type: str
    language: str
    embedding_model: str
    reason: str | None


class ChunkRow(TypedDict):
    """A passage with its vector, as text."""

    ordinal: int
    text: str
    above: str
    heading: list[str]
    place: dict[str, object]
    embedding: str


class TableRow(TypedDict):
    """A batch of a table's rows."""

    ordinal: int
    name: str
    columns: list[str]
    row_count: int
    truncated: bool
    batch: int
    rows: list[list[str]]


class Part(TypedDict):
    """A piece of a document that travels in one request."""

    chunks: list[ChunkRow]
    tables: list[TableRow]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a document: the passages written, and its version number (0: a person had set it aside)."""

    version: int
    chunks: int


class KnowledgeStore(Protocol):
    """Where documents go."""

    async def replace_document(
        self, source_id: UUID, file: FileRow, document: DocumentRow, parts: AsyncIterator[Part]
    ) -> Written:
        """Replace a document with all that belongs to it, at once, when the last part is there."""
        ...

    async def record_files(self, source_id: UUID, files: Sequence[FileRow]) -> None:
        """Record what came of files that got no new document (``state`` may be ``touched``: the same bytes)."""
        ...

    async def move_document(self, source_id: UUID, previous_external_id: str, file: FileRow) -> bool:
        """Give a file another name, place or readers. False: the ledger does not know it."""
        ...

    async def delete_documents(self, source_id: UUID, files: Sequence[Mapping[str, str]]) -> int:
        """Delete files ({external_id, reason}) with their documents; the number of documents there were."""
        ...


class SupabaseStore:
    """The database, by calls of its functions.

    Args:
        database: The service's access.
        owner: The run, as the lock knows it.
    """

    def __init__(self, database: Database, owner: UUID) -> None:
        self._database = database
        self._owner = str(owner)
        self._written: dict[UUID, Gathering[str, Written]] = {}

    async def replace_document(
        self, source_id: UUID, file: FileRow, document: DocumentRow, parts: AsyncIterator[Part]
    ) -> Written:
        """See :class:`KnowledgeStore`. All parts but the last wait in the database until the last one commits them."""
        staged = 0
        last: Part = {"chunks": [], "tables": []}
        waiting = False
        async for part in parts:
            if waiting:
                await self._call(
                    "stage_chunks",
                    p_source=str(source_id), p_external_id=file["external_id"], p_part=staged, p_chunks=last,
                )  # fmt: skip
                staged += 1
            last, waiting = part, True
        whole = json.dumps(
            {"file": file, "document": document, "chunks": last, "staged": staged},
            ensure_ascii=False, separators=(",", ":"),
        )  # fmt: skip
        if source_id not in self._written:
            self._written[source_id] = Gathering(
                lambda documents: self._replace(source_id, documents), most=_MOST_TOGETHER, at_once=_CALLS_AT_ONCE
            )
        return await self._written[source_id].ask(whole, len(whole))

    async def _replace(self, source_id: UUID, documents: Sequence[str]) -> list[Written | Exception]:
        """Write several documents, each whole or not at all, and each with an outcome of its own."""
        outcomes: dict[int, Written | Exception] = {}
        left = list(range(len(documents)))
        for tries in range(_TRIES):
            body = f"[{','.join(documents[number] for number in left)}]"
            results = await self._call("replace_documents", p_source=str(source_id), p_documents=body)
            again: list[int] = []
            for number, result in zip(left, results, strict=True):
                if result.get("code") == _DEADLOCK and tries + 1 < _TRIES:
                    again.append(number)
                else:
                    outcomes[number] = _outcome(result)
            left = again
            if not left:
                break
        return [outcomes[number] for number in range(len(documents))]

    async def record_files(self, source_id: UUID, files: Sequence[FileRow]) -> None:
        """See :class:`KnowledgeStore`."""
        if files:
            await self._call("record_files", p_source=str(source_id), p_files=list(files))

    async def move_document(self, source_id: UUID, previous_external_id: str, file: FileRow) -> bool:
        """See :class:`KnowledgeStore`."""
        return bool(
            await self._call("move_document", p_source=str(source_id), p_previous=previous_external_id, p_file=file)
        )

    async def delete_documents(self, source_id: UUID, files: Sequence[Mapping[str, str]]) -> int:
        """See :class:`KnowledgeStore`."""
        if not files:
            return 0
        return len(await self._call("delete_documents", p_source=str(source_id), p_files=list(files)))

    async def _call(self, function: str, **arguments: object):  # noqa: ANN202 - what the function returns
        # A write that arrived twice is the same write again: what was replaced is replaced by itself.
        async for attempt in stamina.retry_context(on=may_pass, attempts=4, timeout=LONGEST_WRITE, wait_initial=0.3):
            with attempt:
                return await self._database.call(
                    function, {"p_owner": self._owner, **arguments}, patience=LONGEST_WRITE
                )
        raise DatabaseUnreachable()


def _outcome(result: Mapping[str, object]) -> Written | Exception:
    if "code" not in result:
        return Written(version=int(str(result["version"])), chunks=int(str(result["chunks"])))
    if result["code"] == _DEADLOCK:
        return Conflict("The document was changed by somebody else all the time. The next run tries again.")
    return Unprocessable(f"The database refused the document: {result['message']}", slug="store-refused")
