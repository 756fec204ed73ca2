"""A run's events in AG-UI, by pydantic-ai's adapter. Protocol: https://docs.ag-ui.com/concepts/events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import KW_ONLY, dataclass

from ag_ui.core import BaseEvent, CustomEvent, RunAgentInput, RunErrorEvent
from pydantic_ai.ui.ag_ui import AGUIEventStream
from starlette.responses import StreamingResponse

from agent_api.assistant.build import Output
from agent_api.assistant.turn import Turn
from agent_api.runs.failures import as_problem, explain
from agent_api.runs.run import Run

_HEADERS = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}


@dataclass
class AgUiEventStream(AGUIEventStream[Turn, Output]):
    """The adapter, with our message ids, and with errors that say what to do instead of what an exception says."""

    _: KW_ONLY
    run: Run
    _messages: int = 0

    def new_message_id(self) -> str:
        """The id of the next message: the same for every reader of the run."""
        self._messages += 1
        self.message_id = f"{self.run.answer_id}-{self._messages}"
        return self.message_id

    async def on_error(self, error: Exception) -> AsyncIterator[BaseEvent]:
        """The problem document as a custom event, then the protocol's own error."""
        self._error = True
        problem = explain(error)
        yield CustomEvent(name="problem", value=as_problem(problem))
        yield RunErrorEvent(message=problem.detail, code=problem.slug)


async def _frames(stream: AgUiEventStream, run: Run) -> AsyncGenerator[str]:
    async for frame in stream.encode_stream(stream.transform_stream(run.log.read())):
        yield frame


def stream_run(wanted: RunAgentInput, run: Run, accept: str | None) -> StreamingResponse:
    """The run from its first event to its end. Leaving early does not stop the run."""
    stream = AgUiEventStream(wanted, accept=accept, run=run)
    return StreamingResponse(_frames(stream, run), media_type=stream.content_type, headers=_HEADERS)
