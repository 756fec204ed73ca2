"""Answers that take one request to one model: those of agents without tools and documents.

pydantic-ai's agents are made for rounds of requests and tools. Where there can be but one request, setting up such a
round takes several times what the request itself does, so it is made directly (as ``pydantic_ai.direct`` does). What
watches requests watches this one too. A run that turns out to need more is an agent's again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic_ai import RunContext
from pydantic_ai._genai_prices import fill_response_cost  # pyright: ignore[reportPrivateUsage]
from pydantic_ai._utils import now_utc  # pyright: ignore[reportPrivateUsage]
from pydantic_ai.capabilities import AbstractCapability, WrapModelRequestHandler
from pydantic_ai.exceptions import ContentFilterError, OutputTokenLimitExceeded, RunCancelled, RunTimedOut
from pydantic_ai.messages import (
    InstructionPart,
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ThinkingPart,
    UserContent,
    UserPromptPart,
)
from pydantic_ai.models import Model, ModelRequestContext, ModelRequestParameters, StreamedResponse
from pydantic_ai.run import AgentRunResult
from pydantic_ai.settings import ModelSettings, merge_model_settings
from pydantic_ai.usage import RunUsage, UsageLimits

from agent_api.assistant.build import Output
from agent_api.assistant.text_reader import TextReader
from agent_api.assistant.turn import Turn
from agent_api.runs.run import Run

_RESULT: TypeAdapter[AgentRunResult[Output]] = TypeAdapter(AgentRunResult[Output])
_PLAIN = (UserPromptPart, TextPart, ThinkingPart)


class MoreNeeded(Exception):
    """The model has not answered with a text: an agent is to find out what to make of that.

    Args:
        usage: What the request took.
        exchange: What was asked and answered, where that is to be gone on from; else it is to be asked anew.
    """

    def __init__(self, usage: RunUsage, exchange: Sequence[ModelMessage] = ()) -> None:
        super().__init__("the model has not answered with a text")
        self.usage = usage
        self.exchange = list(exchange)


def takes_one_request(run: Run, chain: Sequence[Model]) -> bool:
    """Whether nothing can come of a run but one request: no tool, no other model, and a history of plain texts."""
    specification = run.specification
    if specification.tools or specification.knowledge.mode != "off" or len(chain) > 1:
        return False
    if run.decisions or run.exchange:
        return False
    # Question and answer in turn: what has gone another way, an agent puts in order first.
    if [message.kind for message in run.history] != ["request", "response"] * (len(run.history) // 2):
        return False
    return all(
        (isinstance(message, ModelRequest) or message.state == "complete")
        and all(isinstance(part, _PLAIN) for part in message.parts)
        for message in run.history
    )


@dataclass
class OneRequest:
    """The one request of a run.

    Args:
        run: The run, which is told each event.
        turn: Who asks, and as which agent.
        model: Who answers.
        watchers: What watches the request, the outermost first.
        limits: Bounds of the answer, looked at once it is there.
        reader: Who reads texts by the short way.
    """

    run: Run
    turn: Turn
    model: Model
    watchers: Sequence[AbstractCapability[Turn]]
    limits: UsageLimits
    reader: TextReader
    _stream: StreamedResponse | None = field(default=None, init=False)

    async def answer(
        self, prompt: str | list[UserContent], history: list[ModelMessage], *, time_limit: float
    ) -> AgentRunResult[Output]:
        """Ask the model and tell what it answers.

        Raises:
            MoreNeeded: The answer is no text.
            UnexpectedModelBehavior: It is none, and would be none again.
            RunCancelled: The run was stopped; RunTimedOut, when ``time_limit`` seconds were over.
            Exception: As models and watchers raise.
        """
        instructions = self.run.specification.instructions.strip()
        asked = ModelRequest([UserPromptPart(prompt)], instructions=instructions or None, timestamp=now_utc())
        parts = [InstructionPart(instructions)] if instructions else None
        parameters = ModelRequestParameters(instruction_parts=parts)
        request = ModelRequestContext(
            model=self.model,
            messages=self.model.prepare_messages([*history, asked], parameters),
            model_settings=self._settings(),
            model_request_parameters=parameters,
        )
        patience = asyncio.timeout(time_limit)
        try:
            async with patience:
                response = await self._until_stopped(request)
        except TimeoutError as late:
            if not patience.expired():
                raise
            raise self._cut_short(RunTimedOut, [*history, asked]) from late
        except asyncio.CancelledError as stopped:
            if not self.run.token.cancelled:
                raise
            raise self._cut_short(RunCancelled, [*history, asked]) from stopped
        usage = _usage_of(response)
        self.limits.check_tokens(usage)
        self.limits.check_cost(usage)
        text = "".join(part.content for part in response.parts if isinstance(part, TextPart))
        if response.tool_calls:
            raise MoreNeeded(usage, [asked, response])
        if not text:
            self._refuse_what_comes_again(response)
            raise MoreNeeded(usage)
        return _RESULT.validate_python(
            {
                "output": text,
                "messages": [*history, asked, response],
                "new_message_index": len(history),
                "usage": usage,
            }
        )

    @staticmethod
    def _refuse_what_comes_again(response: ModelResponse) -> None:
        """End the run, as an agent does, where asking anew would bring the same."""
        if response.finish_reason == "length":
            raise OutputTokenLimitExceeded("The model came to its limit of tokens before it had said anything.")
        if response.finish_reason == "content_filter":
            raise ContentFilterError("The provider's filter has kept the answer back.")

    def _settings(self) -> ModelSettings | None:
        # What is written into a provider's cache is likely to be read again: by the next question.
        own = ModelSettings(cache=True) | cast("ModelSettings", self.run.specification.model_settings)
        return merge_model_settings(own, self.run.model_settings)

    async def _until_stopped(self, request: ModelRequestContext) -> ModelResponse:
        context = RunContext(deps=self.turn, model=self.model, usage=RunUsage(), usage_limits=self.limits)
        send: WrapModelRequestHandler = self._send
        for watcher in reversed(self.watchers):
            send = partial(_watched, watcher, context, send)
        with self.run.interruptible():
            return await send(request)

    async def _send(self, request: ModelRequestContext) -> ModelResponse:
        async with request.model.request_stream(
            request.messages, request.model_settings, request.model_request_parameters
        ) as stream:
            self._stream = stream
            async with aclosing(cast("Any", aiter(stream))) as events:
                async for event in events:
                    self.run.tell(event)
                    self.reader.follow(event)
            response = stream.get()
        fill_response_cost(response)
        return response

    def _cut_short(self, kind: type[RunCancelled], messages: list[ModelMessage]) -> RunCancelled:
        """The end of a run that was stopped, with what was written so far."""
        usage = RunUsage()
        asked_at = len(messages) - 1
        if self._stream is not None:
            partial_response = replace(self._stream.get(), state="interrupted")
            fill_response_cost(partial_response)
            usage = _usage_of(partial_response)
            messages = [*messages, partial_response]
        return kind("The run was stopped.", messages=messages, new_message_index=asked_at, usage=usage)


async def _watched(
    watcher: AbstractCapability[Turn],
    context: RunContext[Turn],
    send: WrapModelRequestHandler,
    request: ModelRequestContext,
) -> ModelResponse:
    return await watcher.wrap_model_request(context, request_context=request, handler=send)


def _usage_of(response: ModelResponse) -> RunUsage:
    usage = RunUsage(requests=1)
    usage.incr(response.usage)
    return usage
