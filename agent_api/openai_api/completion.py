"""A run as a chat completion: whole, or as the chunks of a stream.

Tools stay hidden. Passages that the answer points at as ``[n]`` come as an extension: ``citations`` on the message, or
on the delta of the last chunk.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from json.encoder import encode_basestring_ascii
from typing import Any
from uuid import UUID

from pydantic_ai.messages import (
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
)
from pydantic_ai.run import AgentRunResult, AgentRunResultEvent

from agent_api.openai_api.errors import as_error
from agent_api.runs.failures import explain
from agent_api.runs.log import RunEvent
from agent_api.runs.parts import citations_of, text_of
from agent_api.runs.records import BegunRun
from agent_api.runs.run import Run

_REASONS = {"length": "length", "content_filter": "content_filter"}
Usage = dict[str, Any]


def _usage(input_tokens: int, output_tokens: int) -> Usage:
    total = input_tokens + output_tokens
    return {"prompt_tokens": input_tokens, "completion_tokens": output_tokens, "total_tokens": total}


def _usage_of(result: AgentRunResult[Any]) -> Usage:
    used = result.usage
    usage = _usage(used.input_tokens, used.output_tokens)
    usage["prompt_tokens_details"] = {"cached_tokens": used.cache_read_tokens}
    usage["completion_tokens_details"] = {"reasoning_tokens": used.output_reasoning_tokens or 0}
    return usage


@dataclass(frozen=True)
class Completion:
    """One completion's identity, and its forms.

    Args:
        run_id: The run behind it.
        created: When it began.
        model: The agent's slug.
    """

    run_id: UUID
    created: datetime
    model: str

    @classmethod
    def of_run(cls, run: Run) -> Completion:
        """The completion that a run makes."""
        return cls(run.id, run.created_at, run.specification.slug)

    @classmethod
    def of_record(cls, begun: BegunRun) -> Completion:
        """The completion that a run has made before."""
        return cls(begun.run_id, begun.created_at or datetime.now(UTC), begun.agent.slug)

    def whole(self, text: str, citations: list[dict[str, Any]], reason: str | None, usage: Usage) -> dict[str, Any]:
        """The completion in one piece."""
        message = {"role": "assistant", "content": text, "refusal": None, "citations": citations}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _REASONS.get(reason or "", "stop")}
        return self._envelope("chat.completion") | {"choices": [choice], "usage": usage}

    def of_result(self, run: Run, result: AgentRunResult[Any]) -> dict[str, Any]:
        """The completion of a run that has finished."""
        parts = run.answer.parts()
        return self.whole(text_of(parts), citations_of(parts), result.response.finish_reason, _usage_of(result))

    def of_answer(self, begun: BegunRun) -> dict[str, Any]:
        """The completion from the answer that was kept."""
        parts = begun.answer.parts if begun.answer else []
        reason = begun.answer.finish_reason if begun.answer else None
        return self.whole(text_of(parts), citations_of(parts), reason, _usage(begun.input_tokens, begun.output_tokens))

    def stream_answer(self, begun: BegunRun, *, include_usage: bool) -> list[bytes]:
        """The stream from the answer that was kept."""
        whole = self.of_answer(begun)
        chunks = _Chunks(self, include_usage=include_usage)
        choice = whole["choices"][0]
        return [
            chunks.first(),
            chunks.content(choice["message"]["content"]),
            *chunks.last(choice["message"]["citations"], choice["finish_reason"], whole["usage"]),
        ]

    async def stream(self, run: Run, *, include_usage: bool) -> AsyncGenerator[bytes]:
        """The completion as server-sent events, the first one with the first word.

        Raises:
            RoostError: The run ended by it before there was a word; later it becomes an event of the stream.
        """
        chunks = _Chunks(self, include_usage=include_usage)
        begun = False
        try:
            async for events in run.log.batches():
                # What has come together goes out together, each token still a chunk of its own.
                pieces = chunks.of_event(events[0], run)
                if len(events) > 1:
                    pieces += b"".join([chunks.of_event(event, run) for event in events[1:]])
                if pieces:
                    yield pieces if begun else chunks.first() + pieces
                    begun = True
        except Exception as error:
            problem = explain(error)
            if not begun:
                raise problem from error
            yield b"data: " + json.dumps(as_error(problem)).encode() + b"\n\n"

    def _envelope(self, kind: str) -> dict[str, Any]:
        return {
            "id": f"chatcmpl-{self.run_id.hex}",
            "object": kind,
            "created": int(self.created.timestamp()),
            "model": self.model,
            "system_fingerprint": None,
        }

    def chunk_envelope(self) -> dict[str, Any]:
        """What every chunk of the stream says."""
        return self._envelope("chat.completion.chunk")


class _Chunks:
    """The chunks of one stream as bytes. All but the word is the same in most of them, so it is written once."""

    def __init__(self, completion: Completion, *, include_usage: bool) -> None:
        self._envelope = completion.chunk_envelope() | ({"usage": None} if include_usage else {})
        self._include_usage = include_usage
        head, _, tail = self._data({"content": "\0"}, None).partition(b'"\\u0000"')
        self._head, self._tail = head, tail
        self._between = False

    def of_event(self, event: RunEvent, run: Run) -> bytes:
        """What an event of the run adds to the stream; nothing for most of those that are no text."""
        match event:
            case PartDeltaEvent(delta=TextPartDelta(content_delta=text)) if text:
                return self.content(text)
            case PartStartEvent(part=TextPart(content=text)):
                # A text after a tool's work begins a paragraph of its own.
                between, self._between = self._between, True
                return self.content(f"\n\n{text}" if between else text) if between or text else b""
            case PartDeltaEvent(delta=ThinkingPartDelta(content_delta=str(text))) if text:
                return self.reasoning(text)
            case PartStartEvent(part=ThinkingPart(content=text)) if text:
                return self.reasoning(text)
            case AgentRunResultEvent(result=result):
                reason = _REASONS.get(result.response.finish_reason or "", "stop")
                return b"".join(self.last(citations_of(run.answer.parts()), reason, _usage_of(result)))
            case _:
                return b""

    def first(self) -> bytes:
        return self._data({"role": "assistant", "content": ""}, None)

    def content(self, text: str) -> bytes:
        return self._head + encode_basestring_ascii(text).encode() + self._tail

    def reasoning(self, text: str) -> bytes:
        return self._data({"reasoning_content": text}, None)

    def last(self, citations: list[dict[str, Any]], reason: str, usage: Usage) -> list[bytes]:
        pieces = [self._data({"citations": citations}, reason)]
        if self._include_usage:
            pieces.append(_event(self._envelope | {"choices": [], "usage": usage}))
        return [*pieces, b"data: [DONE]\n\n"]

    def _data(self, delta: dict[str, Any], reason: str | None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return _event(self._envelope | {"choices": [choice]})


def _event(body: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(body, separators=(",", ":")).encode() + b"\n\n"
