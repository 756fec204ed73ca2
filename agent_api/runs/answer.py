"""The answer as it is shown and stored: the parts of an AI SDK UI message, grown event by event.

The stream that a browser reads and the message that is stored are made from the same events, so that a page that is
loaded again shows what was streamed. Part types and states: https://ai-sdk.dev/docs/reference/ai-sdk-core/ui-message
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_ai import DeferredToolRequests
from pydantic_ai.messages import (
    CustomEvent,
    FunctionToolCallEvent,
    FunctionToolResultEvent,
    PartDeltaEvent,
    PartStartEvent,
    TextPart,
    TextPartDelta,
    ThinkingPart,
    ThinkingPartDelta,
)
from pydantic_ai.run import AgentRunResultEvent

from agent_api.runs.log import RunEvent

UIPart = dict[str, Any]

#: What is shown of a tool call that brought nothing; what the tool itself said of it is for the model.
_TOOL_ENDS = {
    "retried": "The tool did not accept this and was asked again.",
    "denied": "This was not allowed.",
    "interrupted": "This was stopped.",
}


class Answer:
    """The parts so far. ``version`` grows with each change, so that a keeper knows whether there is anything new.

    Args:
        parts: Those that are there already, where a run goes on that had waited.
    """

    def __init__(self, parts: list[UIPart] | None = None) -> None:
        self.version = 0
        self._parts: list[UIPart] = [dict(part) for part in parts or ()]
        # The text or reasoning part that is being written, and its pieces: joined when asked for, not on every token.
        self._open: UIPart | None = None
        self._pieces: list[str] = []
        self._tools: dict[str, UIPart] = {part["toolCallId"]: part for part in self._parts if "toolCallId" in part}
        self._handlers: dict[type[object], Callable[[Any], None]] = {
            PartStartEvent: self._start,
            PartDeltaEvent: self._delta,
            FunctionToolCallEvent: self._call,
            FunctionToolResultEvent: self._result,
            AgentRunResultEvent: self._end,
        }

    def add(self, event: RunEvent) -> None:
        """Grow by one event. Events that show nothing change nothing."""
        if isinstance(event, CustomEvent):
            self._append({"type": f"data-{event.name}", "data": event.to_payload()})
        elif handler := self._handlers.get(type(event)):
            handler(event)

    def parts(self) -> list[UIPart]:
        """A copy of the parts, complete so far."""
        self._join()
        return [dict(part) for part in self._parts]

    @property
    def text(self) -> str:
        """The text of the answer alone."""
        return "\n\n".join(part["text"] for part in self.parts() if part["type"] == "text" and part["text"])

    def _append(self, part: UIPart) -> None:
        self._parts.append(part)
        self.version += 1

    def _open_part(self, kind: str, content: str) -> None:
        self._join()
        self._open = {"type": kind, "text": content}
        self._pieces = [content]
        self._append(self._open)

    def _join(self) -> None:
        if self._open is not None:
            self._open["text"] = "".join(self._pieces)

    def _start(self, event: PartStartEvent) -> None:
        if event.index == 0:
            self._append({"type": "step-start"})
        match event.part:
            case TextPart(content=content):
                self._open_part("text", content)
            case ThinkingPart(content=content):
                self._open_part("reasoning", content)
            case _:
                self._join()
                self._open = None

    def _delta(self, event: PartDeltaEvent) -> None:
        if isinstance(event.delta, TextPartDelta | ThinkingPartDelta) and self._open is not None:
            self._pieces.append(event.delta.content_delta or "")
            self.version += 1

    def _call(self, event: FunctionToolCallEvent) -> None:
        if event.part.tool_call_id in self._tools:  # called before, and let go on by a person
            return
        part: UIPart = {
            "type": f"tool-{event.part.tool_name}",
            "toolCallId": event.part.tool_call_id,
            "state": "input-available",
            "input": event.part.args_as_dict(),
        }
        self._tools[event.part.tool_call_id] = part
        self._append(part)

    def _end(self, event: AgentRunResultEvent[object]) -> None:
        """Show where a person is asked about calls of tools."""
        output = event.result.output
        if isinstance(output, DeferredToolRequests):
            for call in output.approvals:
                part = self._tools.get(call.tool_call_id)
                if part is not None:
                    part |= {"state": "approval-requested", "approval": {"id": call.tool_call_id}}
            self.version += 1

    def _result(self, event: FunctionToolResultEvent) -> None:
        part = self._tools.get(event.part.tool_call_id)
        if part is None:
            return
        if event.part.outcome == "denied":
            part["state"] = "output-denied"
        elif event.part.outcome == "success":
            part |= {"state": "output-available", "output": event.part.model_response_str()}
        else:
            part |= {"state": "output-error", "errorText": _TOOL_ENDS.get(event.part.outcome, "The tool failed.")}
        self.version += 1
