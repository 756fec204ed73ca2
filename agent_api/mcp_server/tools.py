"""The tools: ``ask_<agent>`` for each agent that answers to the caller, and ``search_knowledge``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import mcp_types as mcp
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent_api.auth.callers import CallerAgent, KnownCaller
from agent_api.resources import Resources
from agent_api.runs.failures import as_problem, explain
from agent_api.runs.parts import citations_of, text_of
from agent_api.runs.requests import ProgramRequest
from core.errors import RoostError
from core.knowledge.search import Passage

ASK = "ask_"
SEARCH = "search_knowledge"


class Question(BaseModel):
    """The arguments of ``ask_<agent>``."""

    model_config = ConfigDict(extra="forbid")

    question: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200_000,
            pattern=r"^[^\x00]*$",
            description="The question, with all that is needed to understand it: nothing of earlier ones is known.",
        ),
    ]


class Search(BaseModel):
    """The arguments of ``search_knowledge``."""

    model_config = ConfigDict(extra="forbid")

    query: Annotated[
        str,
        Field(
            min_length=1,
            max_length=2000,
            pattern=r"^[^\x00]*$",
            description="What to look for, as a question or key words.",
        ),
    ]
    limit: Annotated[int, Field(ge=1, le=50, description="Most passages to return.")] = 8


class FoundPassage(BaseModel):
    """A passage that was found."""

    document_id: str
    title: str
    place: str
    text: str
    path: str
    uri: str | None
    ordinal: int
    score: float


class Found(BaseModel):
    """What ``search_knowledge`` returns."""

    passages: list[FoundPassage]


class Source(BaseModel):
    """A passage that an answer may point at as [n]."""

    n: int
    document_id: str
    title: str
    place: str
    passage: str
    score: float
    ordinal: int
    path: str
    uri: str | None


class Reply(BaseModel):
    """What ``ask_<agent>`` returns."""

    answer: str = Field(description="The answer; [n] points at a citation.")
    citations: list[Source]
    run_id: str


class Tools:
    """The tools as one caller has them.

    Args:
        resources: The process's own things.
        caller: Whoever calls: their rights hold.
    """

    def __init__(self, resources: Resources, caller: KnownCaller) -> None:
        self._resources = resources
        self._caller = caller

    async def list(self) -> list[mcp.Tool]:
        """Those that the caller may use now."""
        tools = [_ask_tool(agent) for agent in await self._resources.callers.agents(self._caller.caller)]
        return [*tools, _SEARCH_TOOL] if self._may_search else tools

    async def call(self, name: str, arguments: dict[str, Any]) -> mcp.CallToolResult:
        """Call one. What goes wrong is told as the tool's own answer, which the asking model can read.

        Raises:
            LookupError: There is no such tool for this caller.
        """
        try:
            if name.startswith(ASK):
                return await self._ask(name.removeprefix(ASK), Question.model_validate(arguments))
            if name == SEARCH and self._may_search:
                return await self._search(Search.model_validate(arguments))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            return _failed(f"{place}: {first['msg']}", None)
        except RoostError as error:
            return _failed(error.detail, as_problem(error))
        raise LookupError(name)

    @property
    def _may_search(self) -> bool:
        # A key for certain agents sees the documents as these use them, and not past them.
        return self._caller.agents is None

    async def _ask(self, slug: str, wanted: Question) -> mcp.CallToolResult:
        request = ProgramRequest(agent=slug, door="mcp", question=wanted.question)
        begun, run = await self._resources.runs.start_program(self._caller.caller, request)
        assert run is not None  # noqa: S101 - without an idempotency key nothing was begun before
        try:
            await run.log.result()
        except Exception as error:
            raise explain(error) from error
        finally:
            self._resources.runs.leave(run)
        parts = run.answer.parts()
        sources = [Source.model_validate(citation) for citation in citations_of(parts)]
        reply = Reply(answer=text_of(parts), citations=sources, run_id=str(begun.run_id))
        return _result(_with_sources(reply), reply)

    async def _search(self, wanted: Search) -> mcp.CallToolResult:
        passages = await self._resources.search.search(wanted.query, user_id=self._caller.user_id, limit=wanted.limit)
        found = Found(passages=[_found(passage) for passage in passages])
        blocks = [f"{item.title}{_at(item.place)}\n{item.text}" for item in found.passages]
        return _result("\n\n---\n\n".join(blocks) or "No passage of the documents matches.", found)


def _ask_tool(agent: CallerAgent) -> mcp.Tool:
    about = agent.description or f"Ask {agent.name}."
    return mcp.Tool(
        name=f"{ASK}{agent.slug}",
        title=f"Ask {agent.name}",
        description=f"{about} Answers one question; [n] in the answer points at a citation.",
        input_schema=Question.model_json_schema(),
        output_schema=Reply.model_json_schema(),
    )


_SEARCH_TOOL = mcp.Tool(
    name=SEARCH,
    title="Search the documents",
    description="Passages of the documents that you may read, best first, by meaning and by words.",
    input_schema=Search.model_json_schema(),
    output_schema=Found.model_json_schema(),
    annotations=mcp.ToolAnnotations(read_only_hint=True),
)


def _found(passage: Passage) -> FoundPassage:
    known = asdict(passage) | {"document_id": str(passage.document_id), "place": passage.place_label}
    return FoundPassage.model_validate(known)


def _at(place: str) -> str:
    return f" ({place})" if place else ""


def _with_sources(reply: Reply) -> str:
    if not reply.citations:
        return reply.answer
    lines = [f"[{source.n}] {source.title}{_at(source.place)}" for source in reply.citations]
    return f"{reply.answer}\n\nSources:\n" + "\n".join(lines)


def _result(text: str, structured: BaseModel) -> mcp.CallToolResult:
    return mcp.CallToolResult(
        content=[mcp.TextContent(type="text", text=text)], structured_content=structured.model_dump(mode="json")
    )


def _failed(text: str, problem: dict[str, object] | None) -> mcp.CallToolResult:
    return mcp.CallToolResult(
        content=[mcp.TextContent(type="text", text=text)], structured_content=problem, is_error=True
    )
