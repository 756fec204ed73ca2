"""Which versions are at work, for whoever looks after this Roost."""

from __future__ import annotations

import platform

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from agent_api.dependencies import AdminUser, ResourcesDep, ServiceDatabase
from agent_api.problems import documented

router = APIRouter(prefix="/api/system", tags=["system"])


class DatabaseDetails(BaseModel):
    """What the database is."""

    postgres: str
    pgvector: str | None
    migration: str | None = Field(description="The last one that it has; null where they are not counted.")
    bytes: int = Field(description="Everything that it stores.")


class SystemDetails(BaseModel):
    """Versions, and what answers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "python": "3.11.7",
                    "database": {
                        "postgres": "18.1",
                        "pgvector": "0.8.1",
                        "migration": "20261122000482",
                        "bytes": 41943040,
                    },
                    "model": "anthropic:claude-sonnet-4-5",
                    "embedding_model": "local:minilm",
                }
            ]
        }
    )

    python: str
    database: DatabaseDetails
    model: str | None = Field(description="The one that agents without their own use; null: none, passages are quoted.")
    embedding_model: str


@router.get("", responses=documented(401, 403, 503))
async def get_system(_: AdminUser, resources: ResourcesDep, service: ServiceDatabase) -> SystemDetails:
    """Which versions are at work, and which models answer where nothing else is said. For admins."""
    return SystemDetails(
        python=platform.python_version(),
        database=DatabaseDetails.model_validate(await service.call("database_details", {})),
        model=resources.settings.model,
        embedding_model=resources.settings.embedding_model,
    )
