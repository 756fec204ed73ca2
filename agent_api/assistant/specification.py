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


class RunLimits(BaseModel):
    """Bounds of one run; what is not set is bounded by the server's own settings."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    requests: int | None = Field(default=None, ge=1, le=200, description="Requests to models.")
    tool_calls: int | None = Field(default=None, ge=0, le=1000, description="Calls of tools.")
    total_tokens: int | None = Field(default=None, ge=1, description="Tokens, in and out together.")
    cost: float | None = Field(default=None, gt=0, description="US dollars, where the model's price is known.")


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
    tools: tuple[dict[str, JsonValue], ...] = Field(
        default=(), description="As stored; :func:`agent_api.assistant.tool_choices.read_choices` reads them."
    )
    knowledge: KnowledgeScope = KnowledgeScope()
    limits: RunLimits = RunLimits()
    budgeted: bool = Field(default=False, description="Whether a budget applies to this run. Not the deployment's own.")
