"""No request body larger than is taken, whatever its headers say."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent_api.problems import respond
from core.errors import TooLarge


class RequestSizeLimit:
    """ASGI middleware that refuses a body that is too large, by its announced length or as it comes in.

    Args:
        app: The application behind.
        max_bytes: The largest body.
        exceptions: Other limits for paths that begin so, such as uploads.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, exceptions: dict[str, int] | None = None) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._exceptions = exceptions or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what comes in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = next((n for path, n in self._exceptions.items() if scope["path"].startswith(path)), self._max_bytes)
        error = TooLarge(f"The request is larger than the {limit:,} bytes that are taken here.")
        announced = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not announced.isdigit() or int(announced) > limit:
            await respond(error)(scope, receive, send)
            return
        received = 0
        answered = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise error
            return message

        async def unless_too_large(message: Message) -> None:
            # The framework turns whatever ends the reading of a body into its own answer: ours goes out instead.
            nonlocal answered
            if received > limit and not answered:
                return
            answered = True
            await send(message)

        try:
            await self._app(scope, counted, unless_too_large)
        except TooLarge:
            if answered:
                raise
        if not answered and received > limit:
            await respond(error)(scope, receive, send)
