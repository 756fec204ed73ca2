"""What runs are asked for, whichever protocol asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, Field, JsonValue
from pydantic_ai.messages import ModelMessage
from pydantic_ai.settings import ModelSettings


class Question(BaseModel):
    """What a client asks for.

    Args:
        conversation_id: Made by the client; a new one begins a conversation.
        named: Whether ``conversation_id`` is a name that a program has chosen, as another person's may have too: it
            means a conversation of this person's.
        trigger: ``submit`` asks the question in ``message``; ``regenerate`` has an answer made anew.
        message: The question's id and UI parts, for a submit.
        parent: ``head`` asks after what is shown now, ``root`` begins another branch from nothing, ``{"id": …}`` asks
            after that message.
        message_id: The answer to make anew, for a regenerate; None for the last one.
        agent: The agent's slug; None for the conversation's own, or Guide.
        title: The title of the conversation, should it be new.
        door: The protocol that asks.
    """

    conversation_id: str
    named: bool = False
    trigger: Literal["submit", "regenerate"] = "submit"
    message: dict[str, JsonValue] | None = None
    parent: Literal["head", "root"] | dict[Literal["id"], str] = "head"
    message_id: str | None = None
    agent: str | None = None
    title: str = ""
    door: str = "web"


@dataclass(frozen=True, kw_only=True)
class ProgramRequest:
    """What a program asks for that keeps its own history: a run without a conversation.

    Args:
        agent: The agent's slug.
        door: The protocol that asks.
        question: The text of the question.
        history: What was said before it, eldest first.
        model_settings: What the request sets over the deployment's settings.
        idempotency_key: The program's name for this request; the same name again begins nothing.
        request_hash: A hash of the request, by which another one of the same name is told apart.
    """

    agent: str
    door: str
    question: str
    history: list[ModelMessage] = field(default_factory=list[ModelMessage])
    model_settings: ModelSettings | None = None
    idempotency_key: str | None = None
    request_hash: str | None = None


class Decision(BaseModel):
    """What a person has decided about one call of a tool.

    Args:
        id: The id of the call.
        approved: Whether it may be done.
        reason: Why not, told to the model.
    """

    id: str = Field(min_length=1, max_length=200)
    approved: bool
    reason: str | None = Field(default=None, max_length=2000)
