"""Agents and their deployments as they are shown and asked for."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from agent_api.assistant.specification import KnowledgeScope, RunLimits
from agent_api.assistant.tool_choices import ToolChoice

Slug = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9-]{0,62}$",
        description="The agent's short name: letters, digits and hyphens. It never changes.",
        examples=["handbook"],
    ),
]
Name = Annotated[str, Field(min_length=1, max_length=120)]
Description = Annotated[str, Field(max_length=2000)]
ModelName = Annotated[
    str, Field(min_length=1, max_length=200, description="As pydantic-ai names it: provider:name, or endpoint/name.")
]
Starter = Annotated[str, Field(min_length=1, max_length=300)]


class AgentSummary(BaseModel):
    """An agent as people meet it."""

    id: UUID
    slug: str
    name: str
    description: str
    starters: list[str]
    status: Literal["draft", "deployed", "paused"]


class AgentList(BaseModel):
    """Agents by name; ``next_cursor`` asks for those after them."""

    items: list[AgentSummary]
    next_cursor: str | None = None


class Activity(BaseModel):
    """How an agent has fared in the last thirty days."""

    deployments: int
    runs: int
    finished: int
    failed: int
    running: int
    waiting: int
    people: int
    input_tokens: int
    output_tokens: int
    cost: float = Field(description="US dollars, without those tokens whose price is not known.")
    unpriced_tokens: int = Field(description="Tokens whose price is not known.")
    last_run_at: datetime | None
    liked: int = Field(description="Answers with a thumb up.")
    disliked: int = Field(description="Answers with a thumb down.")


class AgentDay(BaseModel):
    """How an agent has fared on one day (UTC)."""

    day: str = Field(examples=["2026-11-22"])
    runs: int
    failed: int
    p50_seconds: float | None = Field(description="Half of the answers took no longer; null: none was finished.")
    p95_seconds: float | None
    tokens: int
    cost: float = Field(description="US dollars.")


class AgentFailure(BaseModel):
    """A run that failed."""

    at: datetime
    deployment_number: int | None
    model: str | None
    type: str | None = Field(description="The kind of problem.")
    detail: str


class AgentStatistics(BaseModel):
    """How an agent has fared, by day, and its latest failures."""

    days: list[AgentDay] = Field(description="Days with runs, earliest first.")
    failures: list[AgentFailure] = Field(description="Newest first, 20 at most.")


class Agent(AgentSummary):
    """An agent with all there is to know of it."""

    live_number: int | None = Field(description="The deployment that answers, or would answer.")
    readers: list[UUID] = Field(
        description="Who may use it: people and groups, or 00000000-0000-0000-0000-000000000001 for everyone."
    )
    last_error: str | None
    last_error_at: datetime | None
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    activity: Activity | None = Field(default=None, description="For those who may manage it.")


class ModelSettingsRequest(BaseModel):
    """Settings of the model, the same for every provider; a provider leaves out what it does not know."""

    model_config = ConfigDict(extra="forbid")

    temperature: Annotated[float | None, Field(ge=0, le=2)] = None
    top_p: Annotated[float | None, Field(gt=0, le=1)] = None
    max_tokens: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
    thinking: bool | Literal["minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    timeout: Annotated[float | None, Field(gt=0, le=3600, description="Seconds for one request.")] = None
    parallel_tool_calls: bool | None = None
    seed: int | None = None
    presence_penalty: Annotated[float | None, Field(ge=-2, le=2)] = None
    frequency_penalty: Annotated[float | None, Field(ge=-2, le=2)] = None
    stop_sequences: Annotated[list[str] | None, Field(max_length=8)] = None


class KnowledgeRequest(KnowledgeScope):
    """How the agent uses the documents."""

    model_config = ConfigDict(extra="forbid")


class LimitsRequest(RunLimits):
    """Bounds of one run."""

    model_config = ConfigDict(extra="forbid")


class DeploymentRequest(BaseModel):
    """What an agent is to do from now on. It is whole: what is left out takes its default, not its former value."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "instructions": "Answer from the handbook and cite it.",
                    "model": "openai:gpt-5",
                    "fallback_models": ["anthropic:claude-sonnet-4-5"],
                    "tools": [{"kind": "web_search"}, {"kind": "read_page", "approval": True}],
                    "knowledge": {"mode": "always", "limit": 6},
                    "note": "Cites the handbook",
                }
            ]
        },
    )

    instructions: Annotated[str, Field(max_length=100_000)] = ""
    model: ModelName | None = Field(default=None, description="Unset: the model that the server is set to.")
    fallback_models: list[ModelName] = Field(
        default_factory=list, max_length=5, description="Asked in this order where the one before fails."
    )
    model_settings: ModelSettingsRequest = ModelSettingsRequest()
    tools: list[ToolChoice] = Field(default_factory=list[ToolChoice], max_length=40)
    knowledge: KnowledgeRequest = KnowledgeRequest()
    limits: LimitsRequest = LimitsRequest()
    starters: list[Starter] = Field(default_factory=list, max_length=12, description="Questions to begin with.")
    note: Annotated[str, Field(max_length=1000, description="What is new, for whoever looks back.")] = ""
    based_on: int | None = Field(
        default=None, ge=0, description="The newest deployment that you have seen; refused where there is a newer one."
    )

    def to_row(self) -> dict[str, JsonValue]:
        """What the database stores."""
        row = self.model_dump(mode="json", exclude={"model_settings", "limits"})
        row["model_settings"] = self.model_settings.model_dump(mode="json", exclude_none=True)
        row["limits"] = self.limits.model_dump(mode="json", exclude_none=True)
        return row


class AgentRequest(BaseModel):
    """An agent to be made. With ``deployment`` it is deployed at once, else it is a draft."""

    model_config = ConfigDict(extra="forbid")

    slug: Slug
    name: Name
    description: Description = ""
    readers: list[UUID] | None = Field(
        default=None, max_length=1000, description="Unset: everyone if you are an admin, else yourself."
    )
    deployment: DeploymentRequest | None = None


class AgentChange(BaseModel):
    """What may be changed without a deployment; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: Description | None = None
    readers: Annotated[list[UUID] | None, Field(max_length=1000)] = None


class Rollback(BaseModel):
    """The deployment to go back (or forth) to."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1, le=2_147_483_647)


class Deployment(BaseModel):
    """A numbered deployment. It never changes."""

    number: int
    instructions: str
    model: str | None
    fallback_models: list[str]
    model_settings: dict[str, JsonValue]
    tools: list[dict[str, JsonValue]]
    knowledge: dict[str, JsonValue]
    limits: dict[str, JsonValue]
    starters: list[str]
    note: str
    created_by: UUID | None
    created_at: datetime


class Draft(BaseModel):
    """What an agent's editor holds and has not deployed."""

    deployment: dict[str, JsonValue] = Field(description="As a deployment is asked for.")
    saved_by: UUID | None
    saved_at: datetime


#: Which draft somebody has seen who saves another one: its ``saved_at``, or that there was none; None: not told.
SeenDraft = datetime | Literal["none"] | None


class DeploymentList(BaseModel):
    """Deployments, newest first."""

    items: list[Deployment]
    next_cursor: str | None = None


class ToolOffer(BaseModel):
    """A kind of tool that a deployment may choose."""

    kind: str
    description: str
    available: bool
    reason: str | None = Field(description="Why it cannot be chosen now, and what an admin can do about it.")
    servers: list[str] = Field(default_factory=list, description="MCP servers that are set up here, by name.")


class ToolOffers(BaseModel):
    """The kinds of tools that there are."""

    items: list[ToolOffer]
    next_cursor: str | None = None
