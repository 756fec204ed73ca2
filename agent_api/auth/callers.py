"""Who calls from a program: a person's access token, or an API key that a person has made.

A key is looked up in the same database call that begins the work (see ``roost.caller`` in the migrations), so it costs
no round trip of its own, and nothing here remembers it: a key that is revoked begins nothing more.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.supabase import Database

KEY_PREFIX = "roost_"
#: How much of a key is shown to tell it from others: 6 random characters tell nothing of the other 37.
_SHOWN = len(KEY_PREFIX) + 6


@dataclass(frozen=True)
class NewKey:
    """An API key as it is made: the one moment at which it is known."""

    key: str
    prefix: str
    hash: str

    @classmethod
    def make(cls) -> NewKey:
        """A key of 256 random bits."""
        key = KEY_PREFIX + secrets.token_urlsafe(32)
        return cls(key, key[:_SHOWN], hash_key(key))


def hash_key(key: str) -> str:
    """What of a key the database knows."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True)
class Caller:
    """Whoever asks: a person whose token was verified, or a key that the database has yet to look up."""

    user_id: UUID | None = None
    key_hash: str | None = None

    def as_json(self) -> dict[str, str]:
        """As the SQL functions take a caller."""
        if self.key_hash is not None:
            return {"key_hash": self.key_hash}
        return {"user_id": str(self.user_id)}


@dataclass(frozen=True)
class KnownCaller:
    """A caller that was looked up.

    Args:
        caller: Whoever asks.
        user_id: The person in whose name, and with whose rights.
        agents: The slugs of the agents that the key is for; None for all that the person may use.
    """

    caller: Caller
    user_id: UUID
    agents: frozenset[str] | None

    def may_use(self, slug: str) -> bool:
        """Whether the key is for this agent. Whether the person may use it is asked when a run begins."""
        return self.agents is None or slug in self.agents


@dataclass(frozen=True)
class CallerAgent:
    """An agent that answers to a caller."""

    slug: str
    name: str
    description: str
    created_at: str


class Callers:
    """Looks callers up.

    Args:
        database: Acting as the service.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def identify(self, caller: Caller) -> KnownCaller:
        """Whom a caller stands for.

        Raises:
            NotAuthenticated: The key is unknown, revoked or has expired.
            NotAllowed: The account is suspended.
        """
        row: dict[str, Any] = await self._database.call("identify_caller", {"p_caller": caller.as_json()})
        agents = row["agents"]
        return KnownCaller(caller, UUID(row["user_id"]), None if agents is None else frozenset(agents))

    async def agents(self, caller: Caller) -> list[CallerAgent]:
        """The agents that answer to a caller now, by slug.

        Raises:
            NotAuthenticated: The key is unknown, revoked or has expired.
            NotAllowed: The account is suspended.
        """
        rows: list[dict[str, str]] = await self._database.call("agents_of_caller", {"p_caller": caller.as_json()})
        return [CallerAgent(**row) for row in rows]
