"""A client for measurements that reads streams at little cost: one connection reads one answer after another."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import httptools


@dataclass(frozen=True)
class Request:
    """What is asked, ready to be written."""

    data: bytes
    tokens: int

    @classmethod
    def post(cls, url: str, body: Any, tokens: int, headers: Mapping[str, str] | None = None) -> Request:
        """A POST of JSON; its answer is to have so many tokens."""
        address = urlsplit(url)
        content = json.dumps(body).encode()
        lines = [
            f"POST {address.path} HTTP/1.1",
            f"host: {address.netloc}",
            "content-type: application/json",
            f"content-length: {len(content)}",
            *(f"{name}: {value}" for name, value in (headers or {}).items()),
        ]
        return cls("\r\n".join(lines).encode() + b"\r\n\r\n" + content, tokens)


@dataclass(frozen=True)
class Read:
    """One answer: seconds to its first token and to its end, and what was wrong with it, if anything."""

    first: float
    whole: float
    problem: str | None


class Reader(asyncio.Protocol):
    """A connection that asks and reads."""

    _transport: asyncio.Transport
    _parser: httptools.HttpResponseParser
    _done: asyncio.Future[None]

    @classmethod
    async def connect(cls, url: str) -> Reader:
        """A reader of whatever listens at ``url``."""
        address = urlsplit(url)
        loop = asyncio.get_running_loop()
        _, reader = await loop.create_connection(cls, address.hostname or "", address.port or 80)
        return reader

    def close(self) -> None:
        """Leave."""
        self._transport.close()

    async def read(self, request: Request) -> Read:
        """Ask and read the answer to its end. Never raises for what the server does."""
        self._parser = httptools.HttpResponseParser(self)
        self._done = asyncio.get_running_loop().create_future()
        self._body: list[bytes] = []
        self._first = 0.0
        began = time.perf_counter()
        self._transport.write(request.data)
        await self._done
        return Read(self._first - began, time.perf_counter() - began, self._problem(request))

    def _problem(self, request: Request) -> str | None:
        body = b"".join(self._body)
        if self._parser.get_status_code() != 200:
            return body[:300].decode()
        if b"data: [DONE]" not in body:
            return "it broke off: " + body[-300:].decode()
        # Several tokens may have become one event; none may be missing, and none before its turn.
        text = b"".join(re.findall(rb'"(?:content|delta)": ?"([^"]*)"', body))
        numbers = [int(number) for number in re.findall(rb"w(\d+) ", text)]
        return None if numbers == list(range(request.tokens)) else f"tokens {numbers}"

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own are no subclass of it

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        if not self._first and b"w0 " in body:
            self._first = time.perf_counter()
        self._body.append(body)

    def on_message_complete(self) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if hasattr(self, "_done") and not self._done.done():
            self._body.append(b" (the connection was lost)")
            self._done.set_result(None)
