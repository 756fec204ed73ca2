"""The agent API as a client that speaks the AI SDK's protocol sees it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.stack import Person


def new_id() -> str:
    """An id as clients make them."""
    return uuid.uuid4().hex[:16]


@dataclass
class Answer:
    """What a stream has brought."""

    status: int
    headers: httpx.Headers
    events: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    done: bool = False
    problem: dict[str, Any] = field(default_factory=dict[str, Any])

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The events of one type."""
        return [event for event in self.events if event["type"] == kind]

    @property
    def text(self) -> str:
        return "".join(event["delta"] for event in self.of("text-delta"))

    @property
    def citations(self) -> list[dict[str, Any]]:
        return [event["data"] for event in self.of("data-citation")]

    @property
    def message_id(self) -> str:
        return str(self.of("start")[0]["messageId"])

    @property
    def run_id(self) -> str:
        return str(self.of("start")[0]["messageMetadata"]["run_id"])


class ChatClient:
    """One person's client."""

    def __init__(self, url: str, person: Person | None) -> None:
        headers = person.authorization if person else {}
        self.http = httpx.Client(base_url=url, headers=headers, timeout=30)

    def __enter__(self) -> ChatClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def body(self, text: str, conversation: str, **more: Any) -> dict[str, Any]:
        message = {"id": more.pop("message_id", new_id()), "role": "user", "parts": [{"type": "text", "text": text}]}
        return {"id": conversation, "trigger": "submit-message", "messages": [message], **more}

    def ask(self, text: str, conversation: str | None = None, **more: Any) -> Answer:
        """Ask and read the answer to its end."""
        with self.asking(self.body(text, conversation or new_id(), **more)) as (answer, events):
            for _ in events:
                pass
        return answer

    def regenerate(self, conversation: str, message_id: str | None = None) -> Answer:
        body: dict[str, Any] = {
            "id": conversation,
            "trigger": "regenerate-message",
            "messages": [],
            "messageId": message_id,
        }
        with self.asking(body) as (answer, events):
            for _ in events:
                pass
        return answer

    @contextmanager
    def asking(self, body: dict[str, Any]) -> Generator[tuple[Answer, Iterator[dict[str, Any]]]]:
        """Ask, and read the events one by one; leaving the block leaves the stream."""
        with self.http.stream("POST", "/api/chat", json=body) as response:
            yield self._read(response)

    @contextmanager
    def resuming(self, conversation: str) -> Generator[tuple[Answer, Iterator[dict[str, Any]]]]:
        with self.http.stream("GET", f"/api/chat/{conversation}/stream") as response:
            yield self._read(response)

    def conversation(self, conversation: str) -> dict[str, Any]:
        response = self.http.get(f"/api/conversations/{conversation}")
        assert response.status_code == 200, response.text
        return response.json()

    @staticmethod
    def _read(response: httpx.Response) -> tuple[Answer, Iterator[dict[str, Any]]]:
        answer = Answer(response.status_code, response.headers)
        if response.status_code != 200:
            response.read()
            answer.problem = response.json() if response.content else {}
            return answer, iter(())

        def events() -> Iterator[dict[str, Any]]:
            for line in response.iter_lines():
                if line == "data: [DONE]":
                    answer.done = True
                elif line.startswith("data: "):
                    answer.events.append(json.loads(line[6:]))
                    yield answer.events[-1]

        return answer, events()
