"""What a deployment says an agent is, as the database hands it to a run."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class KnowledgeScope(BaseModel):
    """How an agent uses the documents.

    ``always`` looks passages up before each answer, which any model can use; ``tool`` lets the model ask for them;
    ``off`` leaves the documents alone.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    mode: Literal["always", "tool", "off"] = "always"
    limit: int = Field(default=6, ge=1, le=30, description="Passages looked up at a time.")
    source_ids: tuple[UUID, ...] = Field(default=(), description="Only these sources; none named: all of them.")


class AgentSpecification(BaseModel):
    """One numbered deployment of an agent. Immutable, so that what is built from it may be kept."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: UUID
    slug: str
    name: str
    number: int
    instructions: str = ""
    model: str | None = None
    fallback_models: tuple[str, ...] = ()
    model_settings: dict[str, JsonValue] = Field(default_factory=dict)
    knowledge: KnowledgeScope = KnowledgeScope()
