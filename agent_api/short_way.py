"""The short way out for streams: what follows the head of an answer concerns nobody whom it would pass."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

_SEND = "roost.send"


class ShortWay:
    """ASGI middleware, the outermost: remembers the server's own ``send`` for :func:`short_send`.

    Args:
        app: The application behind.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        scope[_SEND] = send
        await self._app(scope, receive, send)


def short_send(scope: Scope, send: Send) -> Send:
    """What sends the pieces of a body, once the head of the answer has gone out by ``send``.

    Each piece would else pass through every middleware, all of which look at the head alone.
    """
    short: Send = scope.get(_SEND, send)
    return short
