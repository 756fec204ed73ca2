"""A chat completion as OpenAI's clients ask for it (https://platform.openai.com/docs/api-reference/chat)."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    SystemPromptPart,
    TextPart,
    UserPromptPart,
)
from pydantic_ai.settings import ModelSettings

from agent_api.runs.requests import ProgramRequest
from core.errors import InvalidRequest, NotFound, TooLarge, Unprocessable

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_EXAMPLE: dict[str, JsonValue] = {
    "model": "guide",
    "messages": [{"role": "user", "content": "What is our refund policy?"}],
    "stream": True,
    "stream_options": {"include_usage": True},
}
#: What would change the form of the answer, so that leaving it out silently would surprise. ``tools`` among them: an
#: agent uses its own.
_REFUSED = ("tools", "functions", "audio", "prediction", "logprobs", "top_logprobs", "web_search_options")


class ContentPart(BaseModel):
    """A part of a message."""

    model_config = ConfigDict(extra="ignore")

    type: str
    text: str | None = None


class ChatMessage(BaseModel):
    """A message of the history, or the question."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None

    def text(self, place: str) -> str:
        """The text of the message.

        Raises:
            InvalidRequest: It holds something else than text.
        """
        if self.role in ("tool", "function"):
            raise InvalidRequest(
                "Agents use their own tools: messages of the role `tool` are not taken.",
                slug="tools-not-supported",
                param=f"{place}.role",
            )
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        other = next((part.type for part in self.content if part.text is None), None)
        if other is not None:
            raise InvalidRequest(
                f"Content of the type `{other}` is not taken here: send text, or add files under Documents.",
                slug="content-not-supported",
                param=f"{place}.content",
            )
        return "\n\n".join(part.text for part in self.content if part.text)


class StreamOptions(BaseModel):
    """What a stream holds beside the answer."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool | None = False


class ChatCompletionRequest(BaseModel):
    """A question to an agent, with the history that the client keeps."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"examples": [_EXAMPLE]})

    model: Annotated[str, Field(min_length=1, max_length=200, description="The agent's slug.", examples=["guide"])]
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=5000)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    temperature: Annotated[float | None, Field(ge=0, le=2)] = None
    top_p: Annotated[float | None, Field(ge=0, le=1)] = None
    presence_penalty: Annotated[float | None, Field(ge=-2, le=2)] = None
    frequency_penalty: Annotated[float | None, Field(ge=-2, le=2)] = None
    max_tokens: Annotated[int | None, Field(ge=1, le=10_000_000)] = None
    max_completion_tokens: Annotated[int | None, Field(ge=1, le=10_000_000)] = None
    seed: Annotated[int | None, Field(ge=-(2**63), lt=2**63)] = None
    stop: str | Annotated[list[str], Field(max_length=16)] | None = None
    n: Annotated[int | None, Field(description="1, or unset.")] = None
    response_format: dict[str, Any] | None = None

    @property
    def include_usage(self) -> bool:
        """Whether the stream is to end with what was used."""
        return bool(self.stream_options and self.stream_options.include_usage)

    def to_program_request(self, *, max_characters: int, idempotency_key: str | None) -> ProgramRequest:
        """What the run is to answer.

        Raises:
            NotFound: ``model`` cannot be the name of an agent.
            InvalidRequest: It asks for what agents do not give, or there is no question in it.
            TooLarge: The question is longer than ``max_characters``.
            Unprocessable: The question or the idempotency key cannot be taken.
        """
        self._refuse_what_is_not_given()
        if not _SLUG.fullmatch(self.model):
            raise NotFound("There is no such agent. /v1/models lists those that you may use.", slug="agent-not-found")
        if idempotency_key is not None and not 1 <= len(idempotency_key) <= 255:
            raise Unprocessable("An idempotency key has 1 to 255 characters.", slug="idempotency-key-invalid")
        last = len(self.messages) - 1
        question = self.messages[-1].text(f"messages.{last}").strip()
        if self.messages[-1].role != "user" or not question:
            raise InvalidRequest(
                "The last message must be the user's question.", slug="question-missing", param=f"messages.{last}"
            )
        if len(question) > max_characters:
            raise TooLarge(
                f"The question has {len(question):,} characters; {max_characters:,} are taken at most.",
                slug="question-too-long",
                param=f"messages.{last}.content",
            )
        if "\x00" in question:
            raise Unprocessable(
                "The question holds a NUL character, which cannot be taken.",
                slug="question-invalid",
                param=f"messages.{last}.content",
            )
        return ProgramRequest(
            agent=self.model,
            door="openai",
            question=question,
            history=self._history(),
            model_settings=self._settings(),
            idempotency_key=idempotency_key,
            request_hash=self._hash() if idempotency_key is not None else None,
        )

    def _refuse_what_is_not_given(self) -> None:
        more: dict[str, Any] = self.model_extra or {}
        refused = next((name for name in _REFUSED if more.get(name)), None)
        if refused is None and self.n not in (None, 1):
            refused = "n"
        if refused is None and (self.response_format or {}).get("type", "text") != "text":
            refused = "response_format"
        if refused is not None:
            raise InvalidRequest(
                f"Agents do not take `{refused}`. Leave it out; an agent's tools and form are its own.",
                slug="parameter-not-supported",
                param=refused,
            )

    def _history(self) -> list[ModelMessage]:
        history: list[ModelMessage] = []
        for place, message in enumerate(self.messages[:-1]):
            text = message.text(f"messages.{place}")
            if not text:
                continue
            if message.role == "assistant":
                history.append(ModelResponse(parts=[TextPart(text)]))
            else:
                part = UserPromptPart(text) if message.role == "user" else SystemPromptPart(text)
                history.append(ModelRequest(parts=[part]))
        return history

    def _settings(self) -> ModelSettings | None:
        limit = self.max_completion_tokens if self.max_completion_tokens is not None else self.max_tokens
        stop = [self.stop] if isinstance(self.stop, str) else self.stop
        settings = ModelSettings()
        if limit is not None:
            settings["max_tokens"] = limit
        if self.temperature is not None:
            settings["temperature"] = self.temperature
        if self.top_p is not None:
            settings["top_p"] = self.top_p
        if self.presence_penalty is not None:
            settings["presence_penalty"] = self.presence_penalty
        if self.frequency_penalty is not None:
            settings["frequency_penalty"] = self.frequency_penalty
        if self.seed is not None:
            settings["seed"] = self.seed
        if stop:
            settings["stop_sequences"] = stop
        return settings or None

    def _hash(self) -> str:
        # A client that repeats a request may well ask for a stream this time.
        content = self.model_dump_json(exclude={"stream", "stream_options"})
        return hashlib.sha256(content.encode()).hexdigest()


class Model(BaseModel):
    """An agent as OpenAI's clients list it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "guide",
                    "object": "model",
                    "created": 1795320000,
                    "owned_by": "roost",
                    "name": "Guide",
                    "description": "Answers from your documents and says where the answer comes from.",
                }
            ]
        }
    )

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str = "roost"
    name: str
    description: str


class ModelList(BaseModel):
    """The agents that answer to a key."""

    object: Literal["list"] = "list"
    data: list[Model]
