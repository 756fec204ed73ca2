"""The answer as it is stored, and the log that its readers read."""

import asyncio

import pytest
from pydantic_ai.messages import (
    FunctionToolCallEvent,
    FunctionToolResultEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ToolCallPart,
    ToolReturnPart,
)

from agent_api.assistant.citations import CitationEvent
from agent_api.runs.answer import Answer
from agent_api.runs.log import EventLog, RunEvent
from core.errors import Unavailable

CITATION = CitationEvent(
    n=1, document_id="d", title="T", place="page 2", passage="p", score=0.5, ordinal=3, path="a/T.pdf", uri=None
)


def delta(text: str) -> PartDeltaEvent:
    return PartDeltaEvent(index=0, delta=TextPartDelta(content_delta=text))


def test_parts_grow_with_the_events() -> None:
    answer = Answer()
    call = ToolCallPart("search_knowledge", {"query": "q"}, tool_call_id="c1")
    events: list[RunEvent] = [
        PartStartEvent(index=0, part=ThinkingPart(content="Hm")),
        PartStartEvent(index=1, part=call),
        FunctionToolCallEvent(call),
        CITATION,
        FunctionToolResultEvent(ToolReturnPart("search_knowledge", "found", tool_call_id="c1")),
        PartStartEvent(index=0, part=TextPart(content="It ")),
        delta("is "),
        delta("so [1]."),
    ]
    for event in events:
        answer.add(event)

    assert [part["type"] for part in answer.parts()] == [
        "step-start",
        "reasoning",
        "tool-search_knowledge",
        "data-citation",
        "step-start",
        "text",
    ]
    assert answer.parts()[2]["output"] == "found"
    assert answer.parts()[3]["data"]["place"] == "page 2"
    assert answer.text == "It is so [1]."


def test_a_citation_in_the_middle_of_a_text_does_not_cut_it() -> None:
    answer = Answer()
    for event in (PartStartEvent(index=0, part=TextPart(content="a")), CITATION, delta("b")):
        answer.add(event)
    assert answer.text == "ab"


def test_what_was_handed_out_does_not_change_afterwards() -> None:
    answer = Answer()
    answer.add(PartStartEvent(index=0, part=TextPart(content="a")))
    before, version = answer.parts(), answer.version
    answer.add(delta("b"))
    assert before[-1]["text"] == "a"
    assert answer.version > version


async def test_every_reader_reads_everything_whenever_it_comes() -> None:
    log = EventLog()

    async def read() -> list[RunEvent]:
        return [event async for event in log.read()]

    early = asyncio.create_task(read())
    await asyncio.sleep(0)
    log.append(delta("a"))
    middle = asyncio.create_task(read())
    await asyncio.sleep(0)
    log.append(delta("b"))
    log.close()
    assert await early == await middle == await read() == [delta("a"), delta("b")]


async def test_readers_end_by_the_error_that_ended_the_log() -> None:
    log = EventLog()
    log.append(delta("a"))
    log.close(Unavailable("gone"))
    reader = log.read()
    assert await anext(reader) == delta("a")
    with pytest.raises(Unavailable):
        await anext(reader)


async def test_a_reader_who_leaves_holds_nobody_up() -> None:
    log = EventLog()

    async def read_one() -> RunEvent:
        return await anext(log.read())

    reader = asyncio.create_task(read_one())
    await asyncio.sleep(0)
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    log.append(delta("a"))
    log.close()
    assert [event async for event in log.read()] == [delta("a")]
