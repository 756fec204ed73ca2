"""The tools that a deployment may choose, and how: what stands in its ``tools``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError, model_validator

from core.errors import Conflict


class _Choice(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    approval: bool = Field(default=False, description="Whether the person is asked before each use.")


class WebSearchChoice(_Choice):
    """Search the web with the provider that this Roost is set to."""

    kind: Literal["web_search"] = "web_search"
    results: int = Field(default=5, ge=1, le=20, description="Results of a search.")


class ReadPageChoice(_Choice):
    """Read a page of the web."""

    kind: Literal["read_page"] = "read_page"
    domains: tuple[Annotated[str, Field(min_length=1, max_length=253)], ...] = Field(
        default=(), max_length=100, description="Only pages of these hosts; none named: any public host."
    )


class MemoryChoice(_Choice):
    """Remember things about the person from one conversation to the next."""

    kind: Literal["memory"] = "memory"


class PythonChoice(_Choice):
    """Compute with Python in a sandbox without files, network or packages."""

    kind: Literal["python"] = "python"


class QueryTableChoice(_Choice):
    """Answer from the tables of spreadsheets and CSV files by SQL."""

    kind: Literal["query_table"] = "query_table"


class McpChoice(_Choice):
    """The tools of an MCP server: one that is set up by name (MCP_SERVERS), or, as an admin, one by its address."""

    kind: Literal["mcp"] = "mcp"
    server: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")] | None = None
    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$", max_length=2000)] | None = None
    tools: tuple[Annotated[str, Field(min_length=1, max_length=128)], ...] = Field(
        default=(), max_length=100, description="Only these of its tools; none named: all of them."
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.server is None) == (self.url is None):
            raise ValueError("name either a server that is set up here or a url")
        return self


class AgentChoice(_Choice):
    """Ask another agent."""

    kind: Literal["agent"] = "agent"
    slug: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    purpose: str = Field(default="", max_length=500, description="What to ask it for, said to the model.")


ToolChoice = Annotated[
    WebSearchChoice | ReadPageChoice | MemoryChoice | PythonChoice | QueryTableChoice | McpChoice | AgentChoice,
    Field(discriminator="kind"),
]
_adapter: TypeAdapter[tuple[ToolChoice, ...]] = TypeAdapter(tuple[ToolChoice, ...])


def read_choices(stored: Sequence[dict[str, JsonValue]]) -> tuple[ToolChoice, ...]:
    """The choices of a stored deployment.

    Raises:
        Conflict: One of them is of a kind that this version does not know.
    """
    try:
        return _adapter.validate_python(stored)
    except ValidationError as error:
        raise Conflict(
            "This agent was deployed by another version of Roost with tools that are not known here. Deploy it again.",
            slug="tools-not-known",
        ) from error


#: Each kind of tool by its name.
KINDS: dict[str, type[_Choice]] = {
    "web_search": WebSearchChoice,
    "read_page": ReadPageChoice,
    "memory": MemoryChoice,
    "python": PythonChoice,
    "query_table": QueryTableChoice,
    "mcp": McpChoice,
    "agent": AgentChoice,
}
