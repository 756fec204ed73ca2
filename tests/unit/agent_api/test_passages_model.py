"""What a Roost without a language model quotes."""

import asyncio
from uuid import uuid4

from pydantic_ai import Agent, ToolReturn

from agent_api.assistant.passages_model import passages_model
from core.knowledge.search import Passage


def _passage(ordinal: int, text: str) -> Passage:
    return Passage(
        chunk_id=ordinal, document_id=uuid4(), title="Rules", path="rules.md", uri=None, ordinal=ordinal, text=text
    )


def _answer(*texts: str) -> str:
    agent = Agent(passages_model)

    @agent.tool_plain
    def search_knowledge(query: str) -> ToolReturn:
        return ToolReturn(query, metadata={"passages": [(n, _passage(n, text)) for n, text in enumerate(texts, 1)]})

    assert search_knowledge

    async def ask() -> str:
        async with agent.run_stream("When is it quiet?") as result:
            return await result.get_output()

    return asyncio.run(ask())


def test_a_passage_that_is_only_a_heading_is_passed_over() -> None:
    answer = _answer("## Quiet hours", "## Quiet hours\n\nFrom ten to seven.", "## Pets")
    assert "> From ten to seven." in answer
    assert "[2]" in answer
    assert "[1]" not in answer
    assert "[3]" not in answer


def test_headings_are_quoted_where_there_is_nothing_else() -> None:
    assert "> ## Quiet hours" in _answer("## Quiet hours")
