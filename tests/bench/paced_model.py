"""A language model for measurements: answers on schedule, and costs next to nothing itself.

    python -m tests.bench.paced_model PORT

The model's name is its schedule: ``paced-200-30-60`` gives the first token after 200 ms, then 30 a second, 60 in all;
a rate of 0 gives all of them at once. The tokens are ``w0``, ``w1``, … so that whoever reads can tell that none is
missing and none has changed its place. One connection is one answer at a time, each token an event of its own.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import cast

import httptools
import uvloop

_HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Schedule:
    """When the tokens of an answer come: seconds to the first, seconds between two, how many."""

    first: float
    between: float
    tokens: int

    @classmethod
    def of_model(cls, name: str) -> Schedule:
        """As the model's name says."""
        first, rate, tokens = (int(number) for number in name.split("-")[1:4])
        return cls(first / 1000, 1 / rate if rate else 0.0, tokens)


def _event(delta: dict[str, str], **more: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": more.pop("finish_reason", None)}
    chunk = {"id": "paced", "object": "chat.completion.chunk", "created": 1, "model": "paced", "choices": [choice]}
    return b"data: " + json.dumps(chunk | more).encode() + b"\n\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


class _Connection(asyncio.Protocol):
    _transport: asyncio.Transport
    _parser: httptools.HttpRequestParser

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own are no subclass of it
        self._parser = httptools.HttpRequestParser(self)
        self._body = b""
        self._sent = 0
        self._timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        request, self._body, self._sent = json.loads(self._body), b"", 0
        self._schedule = Schedule.of_model(request["model"])
        loop = asyncio.get_running_loop()
        self._began = loop.time() + self._schedule.first
        if not request.get("stream"):
            self._timer = loop.call_at(self._began, self._whole)
            return
        self._transport.write(_HEAD)
        self._timer = loop.call_at(self._began, self._tokens)

    def _tokens(self) -> None:
        """Write what is due; a token that is late goes out together with the next, each still an event."""
        loop = asyncio.get_running_loop()
        schedule = self._schedule
        due = schedule.tokens
        if schedule.between:
            due = min(due, int((loop.time() - self._began) / schedule.between) + 1)
        pieces = [_chunk(_event({"role": "assistant", "content": f"w{n} "})) for n in range(self._sent, due)]
        self._sent = max(due, self._sent)
        if self._sent < schedule.tokens:
            self._timer = loop.call_at(self._began + self._sent * schedule.between, self._tokens)
        else:
            usage = {"prompt_tokens": 10, "completion_tokens": self._sent, "total_tokens": 10 + self._sent}
            pieces += [_chunk(_event({}, finish_reason="stop", usage=usage)), _chunk(b"data: [DONE]\n\n"), _chunk(b"")]
        self._transport.write(b"".join(pieces))

    def _whole(self) -> None:
        text = "".join(f"w{n} " for n in range(self._schedule.tokens))
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        whole = {"id": "paced", "object": "chat.completion", "created": 1, "model": "paced", "choices": [choice]}
        body = json.dumps(whole).encode()
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_Connection, "127.0.0.1", port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1])))
