"""A run's events in the Vercel AI UI message protocol, by pydantic-ai's adapter.

Protocol: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import KW_ONLY, dataclass
from typing import Any, cast
from uuid import UUID

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


class _Reading:
    """A run's events for one reader, with pieces of text that are there at the same time joined.

    Args:
        log: The run's log.
        seen: How many events the reader has already. They are told all the same, since what follows rests on them.
    """

    def __init__(self, log: EventLog, seen: int) -> None:
        self._log = log
        self._seen = seen
        #: How many events have been told, the one that is being worked on among them.
        self.position = 0

    @property
    def is_news(self) -> bool:
        """Whether the event that is being worked on is one that the reader has not seen."""
        return self.position > self._seen or not self._seen

    async def events(self) -> AsyncIterator[RunEvent]:
        """The events, from the first one on."""
        async for events in self._log.batches():
            pieces: list[str] = []
            index = 0
            for event in events:
                text = _plain_text(event)
                place = cast("PartDeltaEvent", event).index if text is not None else index
                # What has been seen and what has not are never joined.
                told = self.position + len(pieces)
                if pieces and (text is None or place != index or told == self._seen):
                    yield self._text(index, pieces)
                    pieces = []
                index = place
                if text is not None:
                    pieces.append(text)
                else:
                    self.position += 1
                    yield event
            if pieces:
                yield self._text(index, pieces)

    def _text(self, index: int, pieces: list[str]) -> PartDeltaEvent:
        self.position += len(pieces)
        return PartDeltaEvent(index=index, delta=TextPartDelta("".join(pieces)))


async def _frames(run: Run, seen: int) -> AsyncIterator[str]:
    stream = ChatEventStream(SubmitMessage(id=run.conversation_id or "", messages=[]), sdk_version=6, run=run)
    reading = _Reading(run.log, seen)
    name = run.id.hex
    async for chunk in stream.transform_stream(reading.events()):
        if not reading.is_news:
            continue
        frame = stream.encode_event(chunk)
        # Text alone has a place to come back to: it is one frame an event, and what must not be read twice.
        yield f"id: {name}.{reading.position}\n{frame}" if type(chunk) is TextDeltaChunk else frame


def read_place(last_event_id: str | None) -> tuple[UUID, int] | None:
    """The run and the place in it that a ``Last-Event-ID`` stands for; None where it is none of ours."""
    name, _, place = (last_event_id or "").partition(".")
    try:
        return UUID(hex=name), int(place)
    except ValueError:
        return None


def stream_run(run: Run, *, seen: int = 0) -> StreamingResponse:
    """The run to its end, however much of it is over. Leaving early does not stop the run.

    Args:
        run: The run.
        seen: The place in it that the reader has come to, to go on from; 0 for its beginning.
    """
    return StreamingResponse(_frames(run, seen), media_type="text/event-stream", headers=HEADERS)
