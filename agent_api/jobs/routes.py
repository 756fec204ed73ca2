"""Background work that has failed: seen by admins, and tried again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from agent_api.dependencies import AdminUser, ServiceDatabase, UserDatabase
from agent_api.problems import documented
from core.errors import NotFound

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

_COLUMNS = "id,kind,subject,tries,last_error,created_at,died_at"


class DeadJob(BaseModel):
    """A job whose every try has failed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "6f1c1f0e-6a3c-4a53-8f3d-0d8a4a4f1c11",
                    "kind": "title",
                    "subject": "k3v9Xw2mQb7TzR1c",
                    "tries": 5,
                    "last_error": "The model's provider refused the key. An admin should check it.",
                    "created_at": "2026-11-22T08:00:00Z",
                    "died_at": "2026-11-22T08:03:10Z",
                }
            ]
        }
    )

    id: UUID
    kind: str = Field(description="What is to be done: `title` names a conversation.")
    subject: str = Field(description="What it is about: for a title, the conversation.")
    tries: int
    last_error: str | None
    created_at: datetime
    died_at: datetime


@router.get("", responses=documented(401, 403, 422, 503))
async def list_dead_jobs(
    _: AdminUser, database: UserDatabase, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[DeadJob]:
    """Background work that has failed for good, newest first. For admins."""
    select = database.table("jobs").select(_COLUMNS).eq("state", "dead")
    rows = await database.run(select.order("died_at", desc=True).limit(limit))
    return [DeadJob.model_validate(row) for row in rows]


@router.post("/{id}/retry", status_code=204, responses=documented(401, 403, 404, 422, 503))
async def retry_job(id: UUID, admin: AdminUser, service: ServiceDatabase) -> None:  # noqa: A002 - the path's name
    """Try failed work again, from its first try. For admins."""
    if not await service.call("retry_job", {"p_user": str(admin.id), "p_id": str(id)}):
        raise NotFound("There is no failed work of this id.", slug="job-not-found")
