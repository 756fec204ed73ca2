"""An MCP server for tests: two tools over streamable HTTP on loopback, without a session and without events.

with mcp_server() as server:
    api = stack.start_agent_api(MCP_SERVERS=json.dumps({"wiki": {"url": server.url, "headers": {"X-Key": "k"}}}))
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Generator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_TOOLS: list[dict[str, Any]] = [
    {
        "name": name,
        "description": description,
        "inputSchema": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]},
    }
    for name, description in (("shout", "Say it loudly."), ("whisper", "Say it softly."))
]


@dataclass
class McpServer:
    """Where it is, and what it was asked."""

    url: str
    calls: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    headers: list[dict[str, str]] = field(default_factory=list[dict[str, str]])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: McpServer

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    def do_GET(self) -> None:
        self._send(405, b"")

    def do_DELETE(self) -> None:
        self._send(200, b"")

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server_of.headers.append({name.lower(): value for name, value in self.headers.items()})
        if "id" not in message:
            self._send(202, b"")
            return
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": message["id"]}
        result = self._result(message)
        answer |= {"error": {"code": -32601, "message": "no such method"}} if result is None else {"result": result}
        self._send(200, json.dumps(answer).encode())

    def _result(self, message: dict[str, Any]) -> dict[str, Any] | None:
        match message["method"]:
            case "initialize":
                return {
                    "protocolVersion": "2025-06-18",
                    "capabilities": {"tools": {}},
                    "serverInfo": {"name": "test", "version": "1"},
                }
            case "tools/list":
                return {"tools": _TOOLS}
            case "tools/call":
                self.server_of.calls.append(message["params"])
                text = message["params"]["arguments"]["text"]
                told = text.upper() if message["params"]["name"] == "shout" else text.lower()
                return {"content": [{"type": "text", "text": told}], "isError": False}
            case "ping":
                return {}
            case _:
                return None

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients who leave."""


@contextlib.contextmanager
def mcp_server() -> Generator[McpServer]:
    """A server on a free port of loopback, gone afterwards."""
    handler = type("Handler", (_Handler,), {})
    http = _Server(("127.0.0.1", 0), handler)
    server = McpServer(f"http://127.0.0.1:{http.server_address[1]}/mcp")
    handler.server_of = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, args=(0.05,), name="mcp server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)
