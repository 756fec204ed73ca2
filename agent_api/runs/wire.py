"""Runs and their events as bytes, for other processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter
from pydantic_ai.exceptions import RunCancelled
from pydantic_ai.messages import (
    AgentStreamEvent,
    ModelMessagesTypeAdapter,
    PartDeltaEvent,
    TextPartDelta,
)
from pydantic_ai.run import AgentRunResult, AgentRunResultEvent
from pydantic_ai.usage import RunUsage
from pydantic_core import from_json, to_json

from agent_api.assistant.build import Output
from agent_api.assistant.specification import AgentSpecification
from agent_api.runs.answer import Answer
from agent_api.runs.failures import as_problem, explain
from agent_api.runs.log import RunEvent
from agent_api.runs.run import Run
from core.errors import ERROR_OF_STATUS, RoostError, UpstreamFailed, UpstreamTimeout

_EVENT: TypeAdapter[AgentStreamEvent] = TypeAdapter(AgentStreamEvent)
_RESULT: TypeAdapter[AgentRunResult[Output]] = TypeAdapter(AgentRunResult[Output])
_OUTPUT: TypeAdapter[Output] = TypeAdapter(Output)
_USAGE: TypeAdapter[RunUsage] = TypeAdapter(RunUsage)
_STOPPED = "/problems/run-cancelled"
_ERRORS = ERROR_OF_STATUS | {kind.status: kind for kind in (UpstreamFailed, UpstreamTimeout)}


class Head(BaseModel):
    """What is known of a run before its first event."""

    id: UUID
    user_id: UUID
    conversation_id: str | None
    answer_id: str
    specification: AgentSpecification
    question: str
    repeatable: bool
    created_at: datetime
    parts: list[dict[str, Any]]

    @classmethod
    def of(cls, run: Run) -> Head:
        """The head of a run that begins or goes on."""
        return cls(
            id=run.id,
            user_id=run.user_id,
            conversation_id=run.conversation_id,
            answer_id=run.answer_id,
            specification=run.specification,
            question=run.question,
            repeatable=run.repeatable,
            created_at=run.created_at,
            parts=run.answer.parts(),
        )

    def to_run(self) -> Run:
        """The run, to be filled with its events."""
        return Run(
            id=self.id,
            user_id=self.user_id,
            conversation_id=self.conversation_id,
            answer_id=self.answer_id,
            specification=self.specification,
            question=self.question,
            history=[],
            repeatable=self.repeatable,
            created_at=self.created_at,
            answer=Answer(self.parts),
        )


def dump_events(events: Sequence[RunEvent]) -> bytes:
    """Events in their order. The next piece of a text, which most of them are, is a pair and no more."""
    return to_json([_dumped(event) for event in events])


def load_events(data: bytes) -> list[RunEvent]:
    """The events that :func:`dump_events` has dumped."""
    return [_loaded(item) for item in from_json(data)]


def dump_end(error: Exception | None) -> bytes:
    """How a log was closed."""
    return to_json(as_problem(explain(error)) if error is not None else None)


def load_end(data: bytes) -> Exception | None:
    """The error that ended a run; None for a run that ended well."""
    problem: dict[str, Any] | None = from_json(data)
    if problem is None:
        return None
    if problem["type"] == _STOPPED:
        return RunCancelled(problem["detail"])
    kind = _ERRORS.get(problem["status"], RoostError)
    return kind(problem["detail"], slug=str(problem["type"]).rpartition("/")[2])


def _dumped(event: RunEvent) -> Any:  # noqa: ANN401 - JSON
    if isinstance(event, AgentRunResultEvent):
        result = event.result
        return {
            "result": {
                "output": _OUTPUT.dump_python(result.output, mode="json"),
                # The last message alone: its readers look at how the answer ended, not at what was asked.
                "messages": ModelMessagesTypeAdapter.dump_python([result.response], mode="json"),
                "new_message_index": 0,
                "usage": _USAGE.dump_python(result.usage, mode="json"),
            }
        }
    if type(event) is PartDeltaEvent and type(event.delta) is TextPartDelta and event.delta.provider_name is None:
        return [event.index, event.delta.content_delta]
    return _EVENT.dump_python(event, mode="json")


def _loaded(item: Any) -> RunEvent:  # noqa: ANN401 - JSON
    if isinstance(item, list):
        index, text = item  # pyright: ignore[reportUnknownVariableType]
        return PartDeltaEvent(index=index, delta=TextPartDelta(text))  # pyright: ignore[reportUnknownArgumentType]
    if "result" in item and "event_kind" not in item:
        return AgentRunResultEvent(_RESULT.validate_python(item["result"]))
    return _EVENT.validate_python(item)
