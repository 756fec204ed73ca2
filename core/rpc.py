"""Calls of SQL functions through the REST API.

Nearly all that a turn asks of the database is such a call, so where it does not go straight to Postgres
(:mod:`core.direct`) it goes by aiohttp, whose parser is compiled: it takes a quarter of the processor time of the same
request by httpx, which queries on tables go by.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from functools import cache
from typing import Any

import aiohttp
import httpx
from postgrest.exceptions import APIError
from pydantic_core import from_json

from core.errors import DatabaseUnreachable

#: Connections kept open at most, and the seconds that an idle one is: shorter than PostgREST's 30, so that none is
#: closed from over there at the moment it is used again.
_CONNECTIONS = 100
_KEPT_IDLE = 20
#: Seconds to connect in, and those that an answer may take.
_CONNECT = 5
PATIENCE = 30.0


class FunctionCalls:
    """Connections to the REST API, opened with the first call.

    Args:
        rest_url: Address of the REST API (…/rest/v1).
    """

    def __init__(self, rest_url: str) -> None:
        self._url = f"{rest_url}/rpc/"
        self._session: aiohttp.ClientSession | None = None

    async def call(
        self,
        function: str,
        arguments: Mapping[str, object],
        headers: Mapping[str, str],
        *,
        patience: float = PATIENCE,
    ) -> Any:  # noqa: ANN401
        """Call an SQL function and return what it returns, as JSON; None for nothing.

        ``patience`` is how many seconds the answer may take.

        Raises:
            APIError: The database refused, or the function did.
            DatabaseUnreachable: The database cannot be reached, or does not answer in time.
        """
        body = json.dumps(arguments).encode()
        try:
            async with self._connected().post(
                self._url + function, data=body, headers=headers, timeout=_timeout(patience)
            ) as response:
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DatabaseUnreachable() from error
        if response.ok:
            return from_json(content) if content else None
        raise APIError(_told(response.status, content))

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            # The certificates that httpx trusts: the container may have none of its own.
            secure = httpx.create_ssl_context() if self._url.startswith("https:") else False
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEPT_IDLE, ssl=secure),
                timeout=_timeout(PATIENCE),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                # Looked for once: to ask the environment for proxies with each call costs more than to send it.
                trust_env=bool(urllib.request.getproxies()),
            )
        return self._session


@cache
def _timeout(patience: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT, sock_read=patience)


def _told(status: int, content: bytes) -> dict[str, Any]:
    """The error as the REST API tells it, or one that says the status where something else has answered."""
    try:
        told: Any = from_json(content)
    except ValueError:
        told = None
    if isinstance(told, dict) and ("code" in told or "message" in told):
        return told  # pyright: ignore[reportUnknownVariableType]
    return {"code": str(status), "message": f"The REST API answered with {status}."}
