"""Errors in the form of the door that they go out by, wherever they arose: a limit, a missing route, a wrong body."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent_api.problems import MEDIA_TYPE

Form = Callable[[dict[str, Any]], dict[str, Any]]


class ErrorForms:
    """ASGI middleware that tells problem documents in another form under certain paths.

    Args:
        app: The application behind.
        forms: By a pattern of how paths begin, what makes the body of a problem document.
    """

    def __init__(self, app: ASGIApp, forms: Mapping[str, Form]) -> None:
        self._app = app
        self._forms = [(re.compile(pattern), form) for pattern, form in forms.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer back."""
        path: str = scope.get("path", "") if scope["type"] == "http" else ""
        form = next((form for pattern, form in self._forms if pattern.match(path)), None)
        await self._app(scope, receive, send if form is None else _in_form(form, send))


def _in_form(form: Form, send: Send) -> Send:
    held: Message | None = None
    body = b""

    async def tell(message: Message) -> None:
        nonlocal held, body
        if message["type"] == "http.response.start" and _is_problem(message):
            held = message
        elif held is None:
            await send(message)
        else:
            body += message.get("body", b"")
            if not message.get("more_body", False):
                told = json.dumps(form(json.loads(body))).encode()
                await send({**held, "headers": _headers(held, told)})
                await send({"type": "http.response.body", "body": told})

    return tell


def _is_problem(start: Message) -> bool:
    return any(name == b"content-type" and value.startswith(MEDIA_TYPE.encode()) for name, value in start["headers"])


def _headers(start: Message, body: bytes) -> list[tuple[bytes, bytes]]:
    kept = [(name, value) for name, value in start["headers"] if name not in (b"content-type", b"content-length")]
    return [*kept, (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
