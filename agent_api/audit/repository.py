"""The audit log in the database, under the reader's own rights: row-level security shows it to admins alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from agent_api.audit.schemas import AuditLine, AuditPage
from core.supabase import Database

_COLUMNS = "id,at,actor_id,actor_email,action,subject_kind,subject_id,subject_name,before,after"


@dataclass(frozen=True)
class AuditFilters:
    """What the log is narrowed to; None: not narrowed."""

    actor_id: UUID | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditRepository:
    """Reads the log; it is written by ``roost.audit`` within each change.

    Args:
        database: In the reader's name.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, filters: AuditFilters, *, limit: int, before: int | None) -> AuditPage:
        """Lines, newest first, those before line ``before``."""
        select = self._database.table("audit_log").select(_COLUMNS)
        for column in ("actor_id", "action", "subject_kind", "subject_id"):
            value = getattr(filters, column)
            if value is not None:
                select = select.eq(column, str(value))
        if filters.since is not None:
            select = select.gte("at", filters.since.isoformat())
        if filters.until is not None:
            select = select.lt("at", filters.until.isoformat())
        if before is not None:
            select = select.lt("id", before)
        rows: list[dict[str, Any]] = await self._database.run(select.order("id", desc=True).limit(limit + 1))
        items = [AuditLine.model_validate(row) for row in rows[:limit]]
        return AuditPage(items=items, next_cursor=str(items[-1].id) if len(rows) > limit else None)
