"""The short way of text brings the same as the usual one, and leaves everything else to it."""

from itertools import accumulate
from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import PartDeltaEvent, PartStartEvent, TextPart, TextPartDelta, ThinkingPart
from pydantic_ai.providers.openai import OpenAIProvider

from agent_api.assistant.quick_model import QuickChatModel
from agent_api.assistant.text_reader import TextReader, text_reader
from tests.support.scripted_model import scripted_model


async def _run(question: str, *, short: bool) -> tuple[str, list[str], int, Any]:
    """The text that was heard, its pieces, how many of them came by the usual way, and the result."""
    heard: list[str] = []
    usual = 0

    def hear(event: object) -> None:
        match event:
            case PartStartEvent(part=TextPart(content=text)) | PartDeltaEvent(delta=TextPartDelta(content_delta=text)):
                heard.append(text)
            case _:
                pass

    reader = TextReader(hear)
    text_reader.set(reader if short else None)

    async def tell(_: Any, events: Any) -> None:
        nonlocal usual
        async for event in events:
            hear(event)
            reader.follow(event)
            usual += isinstance(event, PartDeltaEvent)

    with scripted_model() as server:
        model = QuickChatModel("scripted", provider=OpenAIProvider(base_url=server.url, api_key="-"))
        agent = Agent(model)

        @agent.tool_plain
        def look(at: str) -> str:
            return f"nothing at {at}"

        async with agent:
            result = await agent.run(question, event_stream_handler=tell)
        await model.client.close()
    return "".join(heard), heard, usual, result


@pytest.mark.parametrize(
    "question",
    [
        "{{words 30}}",
        "{{say one}}",
        "{{think Let me see.}}{{say a b c d}}",
        '{{call look {"at": "x"}}}{{say I saw nothing there}}',
        "{{say Straße 😀 日本 < think > <|end|> done}}",
        "{{say a zero\u200dwidth sign in the middle}}",
    ],
)
async def test_both_ways_bring_the_same(question: str) -> None:
    short = await _run(question, short=True)
    usual = await _run(question, short=False)

    assert short[0] == usual[0]
    # What has come together may be told as one, and nothing is told in other pieces than it came in.
    assert set(accumulate(short[1])) <= set(accumulate(usual[1]))
    assert short[3].output == usual[3].output
    assert short[3].usage.output_tokens == usual[3].usage.output_tokens
    assert short[3].response.finish_reason == usual[3].response.finish_reason
    assert short[3].response.parts == usual[3].response.parts


async def test_text_takes_the_short_way() -> None:
    heard, pieces, usual, result = await _run("{{words 30}}", short=True)

    assert 1 < len(pieces) <= 30
    assert heard == result.output
    assert usual <= 2


async def test_reasoning_is_no_text() -> None:
    heard, _, _, result = await _run("{{think Let me see.}}{{say a b c}}", short=True)

    assert heard == "a b c"
    assert any(isinstance(part, ThinkingPart) and part.content == "Let me see." for part in result.response.parts)
