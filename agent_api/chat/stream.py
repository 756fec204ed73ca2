"""A run's events in the Vercel AI UI message protocol, by pydantic-ai's adapter.

Protocol: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import KW_ONLY, dataclass
from typing import Any, cast

from pydantic_ai.messages import PartDeltaEvent, TextPartDelta
from pydantic_ai.run import AgentRunResultEvent
from pydantic_ai.ui import NativeEvent
from pydantic_ai.ui.vercel_ai import VercelAIEventStream
from pydantic_ai.ui.vercel_ai.request_types import SubmitMessage
from pydantic_ai.ui.vercel_ai.response_types import (
    BaseChunk,
    DataChunk,
    ErrorChunk,
    FinishChunk,
    StartChunk,
    TextDeltaChunk,
    ToolApprovalRequestChunk,
)
from starlette.responses import StreamingResponse

from agent_api.assistant.turn import Turn
from agent_api.runs.failures import as_problem, explain
from agent_api.runs.log import EventLog, RunEvent
from agent_api.runs.run import Run

HEADERS = {
    "x-vercel-ai-ui-message-stream": "v1",
    "cache-control": "no-cache, no-transform",
    # nginx and others like it hold a stream back unless they are told.
    "x-accel-buffering": "no",
}


@dataclass
class ChatEventStream(VercelAIEventStream[Turn, Any]):
    """The adapter, with our message ids, and with errors that say what to do instead of what an exception says."""

    _: KW_ONLY
    run: Run
    _parts: int = 0

    def new_message_id(self) -> str:
        """The id of the next part: the same for every reader of the run."""
        self._parts += 1
        self.message_id = f"{self.run.answer_id}-{self._parts}"
        return self.message_id

    async def before_stream(self) -> AsyncIterator[BaseChunk]:
        """Name the message and the run that it comes from."""
        yield StartChunk(
            message_id=self.run.answer_id,
            message_metadata={
                "run_id": str(self.run.id),
                "conversation_id": self.run.conversation_id,
                "agent": self.run.specification.slug,
            },
        )

    async def handle_run_result(self, event: AgentRunResultEvent[Any]) -> AsyncIterator[BaseChunk]:
        """Keep the reason for the end; the provider's own metadata is not the reader's."""
        async for chunk in super().handle_run_result(event):
            if isinstance(chunk, FinishChunk | ToolApprovalRequestChunk):
                yield chunk

    async def on_error(self, error: Exception) -> AsyncIterator[BaseChunk]:
        """The problem document as a data part, then the protocol's own error."""
        self._finish_reason = "error"
        problem = explain(error)
        yield DataChunk(type="data-problem", data=as_problem(problem), transient=True)
        yield ErrorChunk(error_text=problem.detail)

    async def handle_event(self, event: NativeEvent) -> AsyncIterator[BaseChunk]:
        """As the adapter, with the next piece of text, which most events are, made without its layers."""
        text = _plain_text(event)
        if text is not None:
            yield TextDeltaChunk.model_construct(id=self.message_id, delta=text)
            return
        async for chunk in super().handle_event(event):
            yield chunk


def _plain_text(event: object) -> str | None:
    if type(event) is PartDeltaEvent and type(event.delta) is TextPartDelta:
        delta = event.delta
        if delta.content_delta and delta.provider_name is None and delta.provider_details is None:
            return delta.content_delta
    return None


async def _joined(log: EventLog) -> AsyncIterator[RunEvent]:
    """The events of a log, with pieces of text that are there at the same time joined."""
    async for events in log.batches():
        pieces: list[str] = []
        last: PartDeltaEvent | None = None
        for event in events:
            text = _plain_text(event)
            if text is not None and (last is None or cast("PartDeltaEvent", event).index == last.index):
                last = cast("PartDeltaEvent", event)
                pieces.append(text)
                continue
            if last is not None:
                yield PartDeltaEvent(index=last.index, delta=TextPartDelta("".join(pieces)))
            pieces, last = ([text], cast("PartDeltaEvent", event)) if text is not None else ([], None)
            if text is None:
                yield event
        if last is not None:
            yield last if len(pieces) == 1 else PartDeltaEvent(index=last.index, delta=TextPartDelta("".join(pieces)))


async def _frames(run: Run) -> AsyncIterator[str]:
    stream = ChatEventStream(SubmitMessage(id=run.conversation_id or "", messages=[]), sdk_version=6, run=run)
    async for frame in stream.encode_stream(stream.transform_stream(_joined(run.log))):
        yield frame


def stream_run(run: Run) -> StreamingResponse:
    """The run from its first event to its end, however much of it is over. Leaving early does not stop the run."""
    return StreamingResponse(_frames(run), media_type="text/event-stream", headers=HEADERS)
