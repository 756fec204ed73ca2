"""The connections to models: aiohttp's, whose parser is compiled, under the clients that the providers' packages bring.

A streamed answer is some hundreds of small pieces. httpx2's own connections take each through a parser in Python and
three layers of locks, which cost more than all that Roost does with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager

import aiohttp
import httpx2

#: Connections at once, and the seconds that an idle one is kept.
_CONNECTIONS = 2000
_KEPT_IDLE = 30

#: The name under which a response's extensions have its body, as it comes over the wire.
PIECES = "roost.pieces"

#: The most special first.
_ERRORS: tuple[tuple[type[Exception], type[httpx2.TransportError]], ...] = (
    (aiohttp.ConnectionTimeoutError, httpx2.ConnectTimeout),
    (aiohttp.ServerTimeoutError, httpx2.ReadTimeout),
    (TimeoutError, httpx2.ReadTimeout),
    (aiohttp.ClientConnectorError, httpx2.ConnectError),
    (aiohttp.ServerDisconnectedError, httpx2.RemoteProtocolError),
    (aiohttp.ClientOSError, httpx2.ReadError),
    (aiohttp.ClientPayloadError, httpx2.RemoteProtocolError),
    (aiohttp.InvalidURL, httpx2.UnsupportedProtocol),
    (aiohttp.ClientError, httpx2.RemoteProtocolError),
    (OSError, httpx2.ReadError),
)


@contextmanager
def _as_httpx2(request: httpx2.Request) -> Generator[None]:
    try:
        yield
    except Exception as error:
        for kind, told in _ERRORS:
            if isinstance(error, kind):
                raise told(str(error) or type(error).__name__, request=request) from error
        raise


class _Body(httpx2.AsyncByteStream):
    """The pieces of an answer as they come over the wire, those that have come together in one.

    Args:
        response: The answer.
        request: What it answers.
        patience: Seconds without a piece after which it has failed; None for any number.
    """

    def __init__(self, response: aiohttp.ClientResponse, request: httpx2.Request, patience: float | None) -> None:
        self._response = response
        self._request = request
        self._patience = patience
        self._heard = 0.0
        self._read = 0
        self._timer: asyncio.TimerHandle | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        content = self._response.content
        loop = asyncio.get_running_loop()
        self._heard = loop.time()
        if self._patience is not None and self._timer is None:
            self._watch(loop, self._patience)
        with _as_httpx2(self._request):
            try:
                while piece := await content.readany():
                    self._heard = loop.time()
                    self._read += len(piece)
                    yield piece
            except (aiohttp.ClientError, OSError):
                # aiohttp would drop what had come before the connection broke.
                rest = content._read_nowait(-1)  # pyright: ignore[reportPrivateUsage]
                if rest:
                    yield rest
                raise

    def _watch(self, loop: asyncio.AbstractEventLoop, patience: float) -> None:
        """Look now and then whether anything has come: aiohttp would set a timer anew for each piece."""
        content = self._response.content
        rest = self._heard + patience - loop.time()
        if content.at_eof() or content.exception() is not None:
            return
        if content.total_bytes > self._read:  # something has come, whose turn to be read has not
            rest = patience
        if rest <= 0:
            content.set_exception(aiohttp.ServerTimeoutError("The model has said nothing for too long."))
        else:
            self._timer = loop.call_later(rest, self._watch, loop, patience)

    async def aclose(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._response.content.at_eof():
            self._response.release()
        else:
            self._response.close()  # the model is to stop


class ModelTransport(httpx2.AsyncBaseTransport):
    """A transport for httpx2's clients over aiohttp's connections, opened with the first request."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; the answer's body is read as it comes.

        Raises:
            TransportError: As httpx2's own transport does.
        """
        times: dict[str, float | None] = request.extensions.get("timeout") or {}
        patience = times.get("read")
        timeout = aiohttp.ClientTimeout(
            total=None, connect=times.get("pool"), sock_connect=times.get("connect"), sock_read=patience
        )
        with _as_httpx2(request):
            response = await self._connected().request(
                request.method,
                str(request.url),
                headers=request.headers.multi_items(),
                data=await request.aread() or None,
                allow_redirects=False,
                timeout=timeout,
            )
        if response.connection is not None and response.connection.protocol is not None:
            response.connection.protocol.read_timeout = None  # from here on the body watches
        body = _Body(response, request, patience)
        return httpx2.Response(
            response.status,
            headers=list(response.raw_headers),
            stream=body,
            extensions={
                "http_version": b"HTTP/1.1",
                "reason_phrase": (response.reason or "").encode(),
                PIECES: body,
            },
        )

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=_CONNECTIONS,
                keepalive_timeout=_KEPT_IDLE,
                ssl=httpx2.create_ssl_context(),  # the certificates that httpx2 trusts
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # httpx2 does
                skip_auto_headers=("User-Agent", "Content-Type", "Accept", "Accept-Encoding"),
            )
        return self._session
