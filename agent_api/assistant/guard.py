"""Addresses that a person, a model or a page may name are looked at before anything is sent to them.

pydantic-ai's guard resolves a name once, refuses when any of its addresses is private, local or a cloud's metadata
service (in any notation: IPv4 inside IPv6, decimal, hexadecimal, …), and then connects to the very address that it has
looked at, so that a name that changes its answer gains nothing. Each redirect is looked at again.
"""

from __future__ import annotations

import httpx2
from pydantic_ai._ssrf import build_url_with_ip, validate_and_resolve_url  # pyright: ignore[reportPrivateUsage]

from core.errors import Unprocessable

#: Redirects that are followed, each looked at anew.
_REDIRECTS = 5


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests to public addresses only, each to the address that was looked at.

    Raises:
        httpx2.UnsupportedProtocol: The address is not one that may be asked.
    """

    def __init__(self) -> None:
        self._inner = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Look at the address of a request, then send it there."""
        try:
            target = await validate_and_resolve_url(str(request.url), allow_local=False)
        except ValueError as error:
            raise httpx2.UnsupportedProtocol("This address may not be asked from here.", request=request) from error
        host = request.headers.get("host") or request.url.netloc.decode()
        pinned = httpx2.Request(
            request.method,
            build_url_with_ip(target),
            headers=[(name, value) for name, value in request.headers.raw if name.lower() != b"host"],
            stream=request.stream,
            extensions={**request.extensions, **({"sni_hostname": target.hostname} if target.is_https else {})},
        )
        pinned.headers["host"] = host
        return await self._inner.handle_async_request(pinned)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def guarded_client(*, timeout: float) -> httpx2.AsyncClient:
    """A client for addresses that come from outside."""
    return httpx2.AsyncClient(
        transport=GuardedTransport(),
        timeout=httpx2.Timeout(timeout, connect=5),
        follow_redirects=True,
        max_redirects=_REDIRECTS,
    )


async def check_public(url: str) -> None:
    """Refuse an address that may not be asked.

    Raises:
        Unprocessable: It is private, local, a cloud's metadata service, not there, or not http(s).
    """
    try:
        await validate_and_resolve_url(url, allow_local=False)
    except (ValueError, UnicodeError) as error:
        raise Unprocessable(
            "This address is private, local or not to be found. Agents can be connected to public addresses only; an "
            "admin can set up others by name (MCP_SERVERS).",
            slug="address-not-public",
        ) from error
