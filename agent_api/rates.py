"""How many requests a person, an API key and an address may make in a time.

Counted in a sliding window by the `limits` package, in this process, or in Valkey where several processes share the
work. When the counter cannot be reached the request is refused (503), not waved through. Answers carry where one
stands in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds; the IETF's draft
draft-ietf-httpapi-ratelimit-headers), and a refusal says when to come again in `Retry-After`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, Storage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.storage import storage_from_string
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent_api.problems import respond
from core.errors import ConfigurationError, RateLimited, RoostError, Unavailable

_log = structlog.get_logger(__name__)

Kind = Literal["person", "key", "address"]


@dataclass(frozen=True)
class Standing:
    """Where one stands with a limit after a request.

    Attributes:
        limit: Requests allowed in the window.
        remaining: Requests left of it.
        reset: Seconds until some are free again.
    """

    limit: int
    remaining: int
    reset: int

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """As ASGI headers."""
        values = {
            b"ratelimit-limit": self.limit,
            b"ratelimit-remaining": self.remaining,
            b"ratelimit-reset": self.reset,
        }
        return [(name, str(value).encode()) for name, value in values.items()]


class Rates:
    """The limits and their counters.

    Args:
        limits: A limit for each kind, such as ``120/minute`` (several: ``120/minute; 2000/hour``); ``off`` for none.
        store_url: Address of a Valkey or Redis that several processes share; None to count in this process.

    Raises:
        ConfigurationError: A limit or the address cannot be understood.
    """

    def __init__(self, limits: Mapping[Kind, str], store_url: str | None = None) -> None:
        self._limits: dict[Kind, RateLimitItem | None] = {}
        for kind, text in limits.items():
            try:
                self._limits[kind] = None if text.strip().lower() == "off" else parse(text)
            except ValueError as error:
                raise ConfigurationError(
                    f"RATE_LIMIT_{kind.upper()} is {text!r}: write it like 120/minute, or off."
                ) from error
        self._strategy = SlidingWindowCounterRateLimiter(_storage(store_url))  # pyright: ignore[reportArgumentType]

    async def hit(self, kind: Kind, who: str) -> Standing | None:
        """Count a request; None where there is no limit.

        Raises:
            RateLimited: It is one too many; it says when to come again.
            Unavailable: The counter cannot be reached.
        """
        limit = self._limits.get(kind)
        if limit is None:
            return None
        try:
            allowed = await self._strategy.hit(limit, kind, who)
            stats = await self._strategy.get_window_stats(limit, kind, who)
        except Exception as error:  # of whichever client: without a count nobody passes
            _log.error("requests cannot be counted", exc_info=True)
            raise Unavailable("Requests cannot be counted at the moment. Please try again soon.") from error
        reset = max(1, math.ceil(stats.reset_time - time.time()))
        if not allowed:
            raise RateLimited(
                f"That was more than {limit.amount} requests per {limit.GRANULARITY.name}. Try again in {reset} s.",
                retry_after=reset,
            )
        return Standing(limit.amount, stats.remaining, reset)


def _storage(url: str | None) -> Storage:
    if url is None:
        return MemoryStorage()
    try:
        return cast("Storage", storage_from_string(f"async+{url}"))
    except Exception as error:
        raise ConfigurationError(f"VALKEY_URL cannot be used for counting requests: {error}") from error


class AddressLimit:
    """ASGI middleware: counts each request by the address it comes from, and tells every answer where one stands.

    Args:
        app: The application behind.
        rates: The counters.
        exempt: Paths that health checks ask all the time.
    """

    def __init__(self, app: ASGIApp, rates: Rates, exempt: frozenset[str]) -> None:
        self._app = app
        self._rates = rates
        self._exempt = exempt

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the request and pass it on, or refuse it."""
        if scope["type"] != "http" or scope["path"] in self._exempt:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        try:
            standing = await self._rates.hit("address", client[0] if client else "unknown")
        except RoostError as error:
            await respond(error)(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["rate"] = standing

        async def with_standing(message: Message) -> None:
            rate: Standing | None = state["rate"]
            if message["type"] == "http.response.start" and rate is not None:
                message["headers"] = [*message["headers"], *rate.headers]
            await send(message)

        await self._app(scope, receive, with_standing)
