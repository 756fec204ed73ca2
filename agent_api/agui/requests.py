"""What an AG-UI client asks for: the last message of its thread. The thread is a conversation, kept here."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from ag_ui.core import RunAgentInput, TextInputContent, UserMessage
from pydantic import JsonValue, ValidationError
from pydantic_ai.ui.ag_ui import AGUIAdapter

from agent_api.runs.requests import Question
from core.errors import InvalidRequest, TooLarge, Unprocessable

_CONVERSATION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TITLE_LENGTH = 80

#: The body for the OpenAPI page: what is read of it. The protocol has more: https://docs.ag-ui.com
BODY_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["threadId", "runId", "messages"],
                    "properties": {
                        "threadId": {"type": "string", "minLength": 1, "maxLength": 512},
                        "runId": {"type": "string", "minLength": 1, "maxLength": 512},
                        "messages": {
                            "type": "array",
                            "minItems": 1,
                            "items": {
                                "type": "object",
                                "required": ["id", "role", "content"],
                                "properties": {
                                    "id": {"type": "string"},
                                    "role": {"type": "string"},
                                    "content": {"type": "string"},
                                },
                            },
                        },
                    },
                },
                "example": {
                    "threadId": "thread-1",
                    "runId": "run-1",
                    "state": {},
                    "messages": [{"id": "m1", "role": "user", "content": "What is our refund policy?"}],
                    "tools": [],
                    "context": [],
                    "forwardedProps": {},
                },
            }
        },
    }
}


def read_input(body: bytes) -> RunAgentInput:
    """The request as the protocol's own models read it.

    Raises:
        InvalidRequest: It is not JSON.
        Unprocessable: It is not a request of this protocol.
    """
    try:
        return AGUIAdapter.build_run_input(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise InvalidRequest("The body is not valid JSON.", slug="malformed-json") from error
        place = ".".join(str(part) for part in first["loc"])
        raise Unprocessable(f"{place or 'body'}: {first['msg']}.", slug="invalid-request") from error
    except ValueError as error:
        raise InvalidRequest("The body cannot be read as a request of AG-UI.", slug="malformed-json") from error


def to_question(wanted: RunAgentInput, agent: str, *, max_characters: int) -> Question:
    """What the run is to answer: the thread's last message, which must be the user's.

    Raises:
        Unprocessable: There is no question in it.
        TooLarge: The question is longer than ``max_characters``.
    """
    message = wanted.messages[-1] if wanted.messages else None
    if not isinstance(message, UserMessage) or not 1 <= len(message.id) <= 128:
        raise Unprocessable(
            "The last of `messages` must be the user's question, with an id of 1 to 128 characters.",
            slug="question-missing",
        )
    text = _text(message).strip()
    if not text:
        raise Unprocessable("The question is empty.", slug="question-empty")
    if len(text) > max_characters:
        raise TooLarge(
            f"The question has {len(text):,} characters; {max_characters:,} are taken at most.",
            slug="question-too-long",
        )
    if "\x00" in text or "\x00" in message.id:
        raise Unprocessable("The question holds a NUL character, which cannot be stored.", slug="question-invalid")
    parts: list[JsonValue] = [{"type": "text", "text": text}]
    return Question(
        conversation_id=conversation_of(wanted.thread_id),
        named=True,
        message={"id": message.id, "parts": parts},
        agent=agent,
        title=" ".join(text.split())[:_TITLE_LENGTH],
        door="ag-ui",
    )


def conversation_of(thread: str) -> str:
    """The conversation of a thread: its own name, where it can be one."""
    if _CONVERSATION.fullmatch(thread):
        return thread
    return "agui_" + hashlib.sha256(thread.encode()).hexdigest()[:48]


def _text(message: UserMessage) -> str:
    if isinstance(message.content, str):
        return message.content
    if any(not isinstance(part, TextInputContent) for part in message.content):
        raise Unprocessable(
            "Only text is taken here. Add files under Documents and ask about them.", slug="content-not-supported"
        )
    return "\n\n".join(part.text for part in message.content if isinstance(part, TextInputContent))
