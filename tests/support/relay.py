"""Stands between a service and the Supabase API; lets requests come to nothing, or wait: an outage at will."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

import httpx

#: What concerns one connection and not the message.
_OF_A_HOP = frozenset({"connection", "transfer-encoding", "content-encoding", "content-length", "host", "keep-alive"})


class Relay(ThreadingHTTPServer):
    """Passes requests on to ``target``, but for those whose path holds one of :attr:`lost`."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = httpx.Client(base_url=target, timeout=30)
        #: Parts of paths whose requests get no answer: the connection is closed. ``""``: every one.
        self.lost: set[str] = set()
        #: Parts of paths of which one request more is passed on, and its answer gets lost.
        self.unanswered: set[str] = set()
        #: How many got none.
        self.refused = 0
        #: Parts of paths whose requests wait until :attr:`released` is set, and how many have come that far.
        self.held: set[str] = set()
        self.released = threading.Event()
        self.waited = 0

    @property
    def url(self) -> str:
        """The address to give to the service instead of the target's."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one_request(self) -> None:
        """Read a request; pass it on, whatever its method, or close the connection."""
        self.raw_requestline = self.rfile.readline(65_537)
        if not self.raw_requestline or not self.parse_request():
            self.close_connection = True
            return
        relay = cast("Relay", self.server)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if any(part in self.path for part in relay.lost):
            relay.refused += 1
            self.close_connection = True
            return
        if any(part in self.path for part in relay.held):
            relay.waited += 1
            relay.released.wait(60)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OF_A_HOP}
        answer = relay.client.request(self.command, self.path, headers=headers, content=body)
        for part in [part for part in relay.unanswered if part in self.path]:
            relay.unanswered.discard(part)
            relay.refused += 1
            self.close_connection = True
            return
        self.send_response(answer.status_code)
        for name, value in answer.headers.items():
            if name.lower() not in _OF_A_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is inherited
        """Say nothing."""


@contextmanager
def relay(target: str) -> Generator[Relay]:
    """A relay to ``target`` for as long as the context lasts."""
    server = Relay(target)
    thread = threading.Thread(target=server.serve_forever, name="relay", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        server.client.close()
        thread.join(5)
