"""A branch of a conversation, as stored, made into the messages that a model is given."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, JsonValue
from pydantic_ai.messages import (
    ModelMessage,
    ModelMessagesTypeAdapter,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolReturnPart,
    UserContent,
    UserPromptPart,
)

from agent_api.assistant.attachments import references

#: Instructions belong to the deployment that answers now, not to those that answered before.
_DROPPED = {"instructions": None}


class StoredMessage(BaseModel):
    """A message of the branch: what is shown, and for an answer what the model said and was told."""

    model_config = ConfigDict(extra="ignore")

    id: str
    role: str
    parts: list[dict[str, JsonValue]]
    model_messages: list[dict[str, JsonValue]] | None = None

    @property
    def text(self) -> str:
        """The text that is shown, without citations, tool steps and the like."""
        texts = (part.get("text") for part in self.parts if part.get("type") == "text")
        return "\n\n".join(text for text in texts if isinstance(text, str))

    @property
    def files(self) -> list[UserContent]:
        """What stands for the files of a question."""
        return references(self.parts)


def to_model_messages(branch: Sequence[StoredMessage]) -> list[ModelMessage]:
    """The messages before the question, eldest first.

    An answer that was finished brings its own exchange with the model, its question included. One that was interrupted
    or failed has none: its question and what was written of it are given as plain text.
    """
    messages: list[ModelMessage] = []
    unanswered: list[StoredMessage] = []
    for stored in branch:
        if stored.role == "user":
            unanswered.append(stored)
        elif stored.model_messages:
            messages += _questions(unanswered[:-1])
            exchange = ModelMessagesTypeAdapter.validate_python([m | _DROPPED for m in stored.model_messages])
            messages += exchange + _unused(exchange)
            unanswered = []
        else:
            messages += _questions(unanswered)
            unanswered = []
            if stored.text:
                messages.append(ModelResponse(parts=[TextPart(stored.text)]))
    return messages + _questions(unanswered)


def _unused(exchange: Sequence[ModelMessage]) -> list[ModelMessage]:
    """An end for calls of tools that a person was asked about and did not allow: they asked something else."""
    last = exchange[-1]
    calls = last.tool_calls if isinstance(last, ModelResponse) else []
    returns = [
        ToolReturnPart(call.tool_name, "This was not allowed.", tool_call_id=call.tool_call_id, outcome="denied")
        for call in calls
    ]
    return [ModelRequest(parts=returns)] if returns else []


def _questions(asked: Sequence[StoredMessage]) -> list[ModelMessage]:
    contents = [[question.text, *question.files] if question.files else question.text for question in asked]
    return [ModelRequest(parts=[UserPromptPart(content)]) for content in contents]
