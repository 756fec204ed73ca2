"""What agents need of the environment: models, prices, and the means that tools work by."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, StringConstraints, model_validator

from core.settings import CoreSettings

_Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]


class ModelEndpoint(BaseModel):
    """An address with an OpenAI-compatible API, given a name: its models are called ``name:model``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: HttpUrl
    api_key: SecretStr | None = None
    api: Literal["chat", "responses"] = "chat"


class PriceOfModel(BaseModel):
    """What a model costs, in US dollars per million tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Annotated[Decimal, Field(ge=0)]
    output: Annotated[Decimal, Field(ge=0)]
    cached: Annotated[Decimal | None, Field(ge=0, description="Input read from the provider's cache.")] = None
    cache_written: Annotated[Decimal | None, Field(ge=0, description="Input written into it.")] = None


class McpServer(BaseModel):
    """An MCP server that agents may be connected to by its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: HttpUrl
    headers: dict[str, SecretStr] = Field(default_factory=dict)


class AssistantSettings(CoreSettings):
    """Settings of agents, over those of every service."""

    model: str | None = Field(
        default=None,
        description="Language model as pydantic-ai names it (openai:gpt-5, anthropic:claude-sonnet-4-5, "
        "openai-chat:… with OPENAI_BASE_URL, …). Unset: answers quote the best passages.",
    )
    model_endpoints: dict[_Name, ModelEndpoint] = Field(
        default_factory=dict,
        description="Further addresses with an OpenAI-compatible API, as JSON: "
        '{"box": {"base_url": "http://box:8000/v1", "api_key": "…"}}. Agents name their models box:model.',
    )
    model_prices: dict[str, PriceOfModel] = Field(
        default_factory=dict,
        description="Prices over those that are known, as JSON in US dollars per million tokens: "
        '{"openai:gpt-5": {"input": 1.25, "output": 10, "cached": 0.125}}. A budget in dollars '
        "refuses models whose price is not known, but for Ollama's, which cost nothing.",
    )
    generate_titles: bool = Field(
        default=True,
        description="Whether a conversation is named by its agent's model after the first answer. Without a language "
        "model it keeps the first words of its question.",
    )
    model_timeout: float = Field(
        default=120, gt=0, le=3600, description="Seconds without a sign from a model after which it counts as failed."
    )
    model_retries: int = Field(
        default=2, ge=0, le=10, description="Tries after the first, where a model's provider is busy or unreachable."
    )
    web_search: Literal["searxng", "brave", "tavily", "duckduckgo"] | None = Field(
        default=None, description="Provider of web searches. Unset: agents cannot search the web."
    )
    searxng_url: HttpUrl | None = Field(default=None, description="Address of SearXNG, where WEB_SEARCH is searxng.")
    brave_api_key: SecretStr | None = Field(default=None, description="Key of Brave Search, where WEB_SEARCH is brave.")
    tavily_api_key: SecretStr | None = Field(default=None, description="Key of Tavily, where WEB_SEARCH is tavily.")
    mcp_servers: dict[_Name, McpServer] = Field(
        default_factory=dict,
        description='MCP servers that agents may use by name, as JSON: {"wiki": {"url": "http://wiki:8000/mcp"}}.',
    )
    python_seconds: float = Field(
        default=5, gt=0, le=120, description="Longest time in seconds that a computation in the sandbox may take."
    )
    python_memory_bytes: int = Field(
        default=128 * 1024 * 1024, ge=1024 * 1024, description="Most memory that a computation in the sandbox may take."
    )
    agent_depth: int = Field(default=3, ge=1, le=10, description="How deep agents may ask one another in one run.")
    run_requests: int = Field(default=30, ge=1, le=500, description="Most requests to models in one run.")
    run_tool_calls: int = Field(default=60, ge=0, le=2000, description="Most calls of tools in one run.")
    langfuse_public_key: str | None = Field(
        default=None, description="Public key of the Langfuse project that runs are sent to. Unset: to none."
    )
    langfuse_secret_key: SecretStr | None = Field(default=None, description="Its secret key.")
    langfuse_base_url: HttpUrl = Field(
        default=HttpUrl("https://cloud.langfuse.com"), description="Where Langfuse answers; its own cloud by default."
    )

    @model_validator(mode="after")
    def _langfuse_has_both_keys(self) -> Self:
        if (self.langfuse_public_key is None) != (self.langfuse_secret_key is None):
            raise ValueError("LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY belong together: set both or neither")
        return self

    @model_validator(mode="after")
    def _search_is_complete(self) -> Self:
        needed = {"searxng": self.searxng_url, "brave": self.brave_api_key, "tavily": self.tavily_api_key}
        if self.web_search in needed and needed[self.web_search] is None:
            variable = "SEARXNG_URL" if self.web_search == "searxng" else f"{self.web_search.upper()}_API_KEY"
            raise ValueError(f"WEB_SEARCH is {self.web_search}, which needs {variable}")
        return self
