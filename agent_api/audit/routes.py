"""Who changed what."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from agent_api.audit.repository import AuditFilters, AuditRepository
from agent_api.audit.schemas import AuditPage
from agent_api.dependencies import AdminUser, UserDatabase
from agent_api.problems import documented
from core.times import UtcTime

router = APIRouter(prefix="/api/audit", tags=["audit"])


@router.get("", responses=documented(401, 403, 422, 503))
async def list_audit_log(
    _: AdminUser,
    database: UserDatabase,
    actor_id: UUID | None = None,
    action: Annotated[str | None, Query(max_length=100, examples=["agent.deploy"])] = None,
    subject_kind: Annotated[str | None, Query(max_length=100, examples=["agent"])] = None,
    subject_id: Annotated[str | None, Query(max_length=200)] = None,
    since: UtcTime | None = None,
    until: UtcTime | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[int | None, Query(ge=1, le=9_223_372_036_854_775_807)] = None,
) -> AuditPage:
    """The audit log, newest first. It can only be added to, and only by the changes that it tells of. For admins."""
    filters = AuditFilters(actor_id, action, subject_kind, subject_id, since, until)
    return await AuditRepository(database).page(filters, limit=limit, before=cursor)
