"""Which ways of logging in there are: Supabase's auth API is asked, so that nobody has to say it in two places."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import httpx
import structlog
from pydantic import BaseModel, Field, ValidationError

_log = structlog.get_logger(__name__)

#: Seconds that what was heard is good for.
_GOOD_FOR = 60.0
#: Seconds to wait for an answer; a page is waiting too.
_PATIENCE = 2.0
#: What GoTrue names beside providers: ways that are no log-in somewhere else.
_NO_PROVIDERS = frozenset({"anonymous_users", "email", "phone"})


class _Settings(BaseModel):
    disable_signup: bool = False
    external: dict[str, bool] = Field(default_factory=dict[str, bool])


@dataclass(frozen=True)
class LogInWays:
    """What people may do who are not logged in.

    Args:
        sign_up: Whether anybody may make an account.
        providers: Where people may log in instead of here, as GoTrue calls them (google, github, …).
    """

    sign_up: bool = True
    providers: tuple[str, ...] = ()


@dataclass
class LogInDesk:
    """Asks the auth API, and remembers for a minute. Where it does not answer, what was known last holds.

    Args:
        auth_url: The auth API's base address.
        publishable_key: The key that every request there needs.
        http: The client to ask with.
    """

    auth_url: str
    publishable_key: str
    http: httpx.AsyncClient
    _known: LogInWays = field(default_factory=LogInWays, init=False)
    _good_until: float = field(default=0.0, init=False)
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    async def ways(self) -> LogInWays:
        """The ways that there are now."""
        async with self._asking:
            if time.monotonic() > self._good_until:
                await self._ask()
                self._good_until = time.monotonic() + _GOOD_FOR
        return self._known

    async def _ask(self) -> None:
        try:
            answer = await self.http.get(
                f"{self.auth_url}/settings", headers={"apikey": self.publishable_key}, timeout=_PATIENCE
            )
            settings = _Settings.model_validate_json(answer.raise_for_status().content)
        except (httpx.HTTPError, ValidationError) as error:
            _log.warning("the auth API does not say which ways of logging in it has", reason=str(error))
            return
        providers = tuple(
            sorted(name for name, is_on in settings.external.items() if is_on and name not in _NO_PROVIDERS)
        )
        self._known = LogInWays(sign_up=not settings.disable_signup, providers=providers)
