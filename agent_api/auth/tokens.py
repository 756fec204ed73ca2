"""Verifies Supabase's access tokens locally.

A project signs them with a shared secret (HS256) or with keys that it publishes as a JSON Web Key Set (RFC 7517). Which
of the two a token claims decides the key, and the key decides the algorithms allowed: a token can never make a public
key serve as a shared secret.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import jwt

from core.errors import NotAuthenticated, Unavailable

_ASYMMETRIC = ["ES256", "RS256", "EdDSA"]
_AUDIENCE = "authenticated"
#: Clocks of two machines may differ by this many seconds.
_LEEWAY = 10
#: Seconds that published keys are kept, and that pass at least between two looks for a key that is not among them.
_KEEP_KEYS = 600
_LOOK_AGAIN = 15


@dataclass(frozen=True)
class User:
    """The person who asks, and the token that speaks for them to the database."""

    id: UUID
    email: str
    token: str


class TokenVerifier:
    """Verifies access tokens.

    Args:
        auth_url: Base address of Supabase's auth API (…/auth/v1).
        secret: The shared secret; None where only published keys are trusted.
        http: The client that fetches the published keys.
    """

    def __init__(self, auth_url: str, secret: str | None, http: httpx.AsyncClient) -> None:
        self._keys_url = f"{auth_url}/.well-known/jwks.json"
        self._secret = secret
        self._http = http
        self._keys: dict[str, jwt.PyJWK] = {}
        self._fetched_at = float("-inf")
        self._asked_at = float("-inf")
        self._lock = asyncio.Lock()

    async def verify(self, token: str) -> User:
        """The person a token stands for.

        Raises:
            NotAuthenticated: The token is malformed, expired, not for people, or not signed by this Supabase.
            Unavailable: The published keys are needed and cannot be fetched.
        """
        try:
            header = jwt.get_unverified_header(token)
            algorithm = header.get("alg")
            if algorithm == "HS256" and self._secret is not None:
                claims = self._decode(token, self._secret, ["HS256"])
            elif algorithm in _ASYMMETRIC:
                key = await self._key(str(header.get("kid", "")))
                claims = self._decode(token, key, [algorithm])
            else:
                raise NotAuthenticated("The token is not signed in a way that is accepted here. Please log in again.")
            return User(id=UUID(claims["sub"]), email=str(claims.get("email") or ""), token=token)
        except jwt.ExpiredSignatureError as error:
            raise NotAuthenticated("Your session has expired. Please log in again.", slug="token-expired") from error
        except (jwt.PyJWTError, ValueError) as error:
            raise NotAuthenticated("The token was not accepted. Please log in again.") from error

    @staticmethod
    def _decode(token: str, key: Any, algorithms: list[str]) -> dict[str, Any]:  # noqa: ANN401
        claims: dict[str, Any] = jwt.decode(  # pyright: ignore[reportUnknownMemberType]
            token,
            key,
            algorithms=algorithms,
            audience=_AUDIENCE,
            leeway=_LEEWAY,
            options={"require": ["exp", "sub"]},
        )
        return claims

    async def _key(self, key_id: str) -> jwt.PyJWK:
        async with self._lock:
            now = time.monotonic()
            due = key_id not in self._keys or now - self._fetched_at > _KEEP_KEYS
            # Not by each request, one behind the other, while the keys' server is slow or away.
            if due and (not self._keys or now - self._asked_at > _LOOK_AGAIN):
                self._asked_at = now
                await self._fetch()
        if key_id not in self._keys:
            raise NotAuthenticated("The token was signed with an unknown key. Please log in again.")
        return self._keys[key_id]

    async def _fetch(self) -> None:
        try:
            response = await self._http.get(self._keys_url)
            response.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(response.json()).keys
        except (httpx.HTTPError, ValueError, jwt.PyJWKSetError) as error:
            if self._keys:  # those known still hold; a later look tries again
                return
            raise Unavailable("The keys that tokens are checked with cannot be fetched. Please try again.") from error
        self._keys = {key.key_id: key for key in keys if key.key_id}
        self._fetched_at = time.monotonic()
