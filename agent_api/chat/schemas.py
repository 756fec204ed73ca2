"""The body of a turn, as the AI SDK's chat transport sends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from agent_api.runs.requests import Decision, Question
from core.errors import TooLarge, Unprocessable

_TITLE_LENGTH = 80

ConversationId = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="The conversation's id, made by the client: 1 to 64 letters, digits, - and _.",
        examples=["k3v9Xw2mQb7TzR1c"],
    ),
]


class Approval(BaseModel):
    """What a person has decided about a call of a tool."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, Field(min_length=1, max_length=200)]
    approved: bool | None = None
    reason: Annotated[str | None, Field(max_length=2000)] = None


class Part(BaseModel):
    """A part of a UI message: text and files make a question, decisions about tools let an answer go on."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)

    type: str
    text: str | None = None
    media_type: str | None = None
    filename: str | None = None
    url: str | None = None
    state: str | None = None
    approval: Approval | None = None


class Message(BaseModel):
    """A UI message. Only the last one is taken; what came before is in the database."""

    model_config = ConfigDict(extra="ignore")

    id: Annotated[str, Field(min_length=1, max_length=128)]
    role: Literal["system", "user", "assistant"]
    parts: list[Part] = Field(max_length=200)

    @property
    def text(self) -> str:
        """The text parts together."""
        return "\n\n".join(part.text for part in self.parts if part.type == "text" and part.text)


class ChatRequest(BaseModel):
    """A turn: a question (``submit-message``), or an answer to be made anew (``regenerate-message``)."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "id": "k3v9Xw2mQb7TzR1c",
                    "trigger": "submit-message",
                    "messages": [
                        {"id": "m1", "role": "user", "parts": [{"type": "text", "text": "What is our refund policy?"}]}
                    ],
                }
            ]
        },
    )

    id: ConversationId
    messages: list[Message] = Field(default_factory=list[Message], max_length=5000)
    trigger: Literal["submit-message", "regenerate-message"] = "submit-message"
    message_id: Annotated[str | None, Field(max_length=128)] = None
    agent: Annotated[
        str | None,
        Field(max_length=70, description="The agent's slug; `slug@draft`: its draft. Unset: the one before."),
    ] = None
    parent_id: Annotated[
        str | None,
        Field(
            alias="parent_id",
            max_length=128,
            description="The message to ask after; null: the conversation's beginning. Unset: the message before the "
            "question in `messages`, or what is shown now.",
        ),
    ] = None

    @property
    def files(self) -> list[Part]:
        """The files of the question."""
        message = self.messages[-1] if self.messages and self.trigger == "submit-message" else None
        return [] if message is None else [part for part in message.parts if part.type == "file"]

    def to_decisions(self) -> tuple[str, list[Decision]] | None:
        """The answer that waits for the person, and what they have decided; None where this is a question.

        The AI SDK sends decisions as the last message, the answer itself. Nothing else of it is believed.
        """
        message = self.messages[-1] if self.messages and self.trigger == "submit-message" else None
        if message is None or message.role != "assistant":
            return None
        decisions = [
            Decision(id=part.approval.id, approved=part.approval.approved, reason=_stored(part.approval.reason))
            for part in message.parts
            if part.state == "approval-responded" and part.approval and part.approval.approved is not None
        ]
        return (message.id, decisions) if decisions else None

    def to_question(self, *, max_characters: int, files: Sequence[JsonValue] = ()) -> Question:
        """What the run is to answer, with ``files`` as they are stored.

        Raises:
            Unprocessable: There is no question in it.
            TooLarge: The question is longer than ``max_characters``.
        """
        if self.trigger == "regenerate-message":
            return Question(conversation_id=self.id, trigger="regenerate", message_id=self.message_id, agent=self.agent)
        message = self.messages[-1] if self.messages else None
        if message is None or message.role != "user":
            raise Unprocessable("The last of `messages` must be the user's question.", slug="question-missing")
        text = message.text.strip()
        if not text:
            raise Unprocessable("The question is empty. Say what is to be done.", slug="question-empty")
        if len(text) > max_characters:
            raise TooLarge(
                f"The question has {len(text):,} characters; {max_characters:,} are taken at most. Put long texts "
                "under Documents and ask about them there.",
                slug="question-too-long",
            )
        if "\x00" in text:
            raise Unprocessable("The question holds a NUL character, which cannot be stored.", slug="question-invalid")
        parts: list[JsonValue] = [{"type": "text", "text": text}, *files]
        return Question(
            conversation_id=self.id,
            message={"id": message.id, "parts": parts},
            parent=self._parent(),
            agent=self.agent,
            title=_title(text),
        )

    def _parent(self) -> Literal["head", "root"] | dict[Literal["id"], str]:
        if "parent_id" in self.model_fields_set:
            return {"id": self.parent_id} if self.parent_id is not None else "root"
        if len(self.messages) > 1:
            return {"id": self.messages[-2].id}
        # A single message is a client that sends only what is new, or the first one there is: both follow the head.
        return "head"


def _stored(text: str | None) -> str | None:
    return None if text is None else text.replace("\x00", "")


def _title(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= _TITLE_LENGTH:
        return line
    return line[:_TITLE_LENGTH].rsplit(" ", 1)[0] + "…"
