"""What the knowledge routes take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, computed_field

from core.knowledge.documents import place_label
from core.knowledge.reasons import State, reason_text


class File(BaseModel):
    """A file as the ledger has it, with its document where there is one."""

    id: UUID | None = Field(description="The document's id; null where the file has not become a document.")
    source_id: UUID
    source_name: str
    source_kind: Literal["local", "google_drive", "upload"]
    external_id: str = Field(description="The file's name in its source.")
    title: str
    path: str
    uri: str | None = None
    mime_type: str = ""
    size_bytes: int | None = None
    state: State
    reason: str | None = Field(default=None, description="Why the file is not (or not wholly) searchable: a code.")
    tries: int = 0
    last_error: str | None = None
    next_try_at: datetime | None = None
    version: int | None = None
    chunks: int | None = None
    language: str | None = None
    visibility: Literal["source", "everyone", "restricted"] = "source"
    owner_id: UUID | None = None
    modified_at: datetime | None = None
    processed_at: datetime | None = None
    first_seen_at: datetime
    updated_at: datetime

    @computed_field
    @property
    def reason_text(self) -> str | None:
        """The reason in words, with what to do about it."""
        return reason_text(self.reason)


class FilePage(BaseModel):
    """Files, those changed last first."""

    items: list[File]
    next_cursor: str | None = None


class Uploaded(BaseModel):
    """What was taken in by one upload; the pipeline reads it next."""

    items: list[File]


class Receipt(BaseModel):
    """The proof that a document is gone."""

    document_id: UUID
    title: str
    chunks_deleted: int
    versions_deleted: int
    deleted_at: datetime


class SourceReceipt(BaseModel):
    """The proof that a source is gone with all it brought."""

    source_id: UUID
    name: str
    documents_deleted: int
    chunks_deleted: int
    deleted_at: datetime


class FileName(BaseModel):
    """Names one file of one source."""

    source_id: UUID
    external_id: str = Field(min_length=1, max_length=1024)


class LastRun(BaseModel):
    """How the pipeline fared with a source."""

    finished_at: datetime | None = None
    checked_at: datetime | None = Field(default=None, description="End of the last run that came through.")
    running: bool = False
    error: str | None = None
    files_processed: int = 0
    files_failed: int = 0
    files_deleted: int = 0


class Source(BaseModel):
    """A place that documents come from."""

    id: UUID
    kind: Literal["local", "google_drive", "upload"]
    name: str
    visibility: Literal["everyone", "restricted"]
    last_run: LastRun | None = None
    sync_requested_at: datetime | None = None
    next_run_at: datetime | None = Field(
        default=None,
        description="When a pipeline that runs all the time looks at it next; null: when its schedule starts it. "
        "A time that is well over means that this pipeline does not run any more.",
    )
    check_interval: float | None = Field(
        default=None, description="Seconds between two runs of a pipeline that runs all the time."
    )
    files: dict[State, int] = Field(description="Number of files by state.")


class SourcePage(BaseModel):
    """Sources by name."""

    items: list[Source]
    next_cursor: str | None = None


class Sharing(BaseModel):
    """Who may read a source."""

    visibility: Literal["everyone", "restricted"]
    principal_ids: list[UUID] = Field(default_factory=list[UUID], description="Persons and groups, where restricted.")


class GrantTo(BaseModel):
    """One who may read a file: a person by e-mail address, a group by name, or everyone of a domain."""

    kind: Literal["user", "group", "domain"]
    name: str = Field(min_length=1, max_length=500)


class FileSharing(FileName):
    """Who may read one file."""

    visibility: Literal["source", "everyone", "restricted"]
    grants: list[GrantTo] = Field(default_factory=list[GrantTo], max_length=200)


class PassageInPlace(BaseModel):
    """A passage of a document, where it stands."""

    ordinal: int
    text: str
    heading: list[str]
    place: dict[str, Any]

    @computed_field
    @property
    def place_label(self) -> str:
        """Where it stands, for a person."""
        return place_label(self.place, self.heading)  # pyright: ignore[reportArgumentType] - as the database keeps it


class PassagesInPlace(BaseModel):
    """Neighbouring passages in order."""

    items: list[PassageInPlace]


class TableToAsk(BaseModel):
    """A table of a document that can be asked in SQL."""

    document_id: UUID
    ordinal: int
    title: str
    path: str
    name: str = Field(description="What the table is called in a statement.")
    label: str = Field(description="The sheet's name; empty for a file that is one table.")
    columns: list[str]
    row_count: int


class TablesToAsk(BaseModel):
    """Tables, those that fit best first."""

    items: list[TableToAsk]


class TableQuestion(BaseModel):
    """A question in SQL."""

    sql: str = Field(min_length=1, max_length=10_000, description="One SELECT, as DuckDB takes it.")


class TableRows(BaseModel):
    """What a statement gave."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool = Field(description="There were more rows than are handed over.")


class FoundPassage(BaseModel):
    """A passage that a search found."""

    chunk_id: int
    document_id: UUID
    title: str
    path: str
    uri: str | None
    ordinal: int
    text: str
    heading: list[str]
    place: dict[str, Any]
    place_label: str
    score: float = Field(description="Comparable within one answer only.")
    vector_rank: int | None = Field(description="Rank by meaning, from 1.")
    text_rank: int | None = Field(description="Rank by words, from 1.")


class FoundPassages(BaseModel):
    """Passages, best first."""

    items: list[FoundPassage]
