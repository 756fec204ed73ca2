"""What the container's health check makes of an answer, and the stream that the doctor looks at."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from fastapi import FastAPI

from agent_api import health, healthcheck


@contextmanager
def answering(status: int, body: bytes) -> Generator[int]:
    """A server that gives this one answer; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/api/ready"
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b'{"status": "ok", "checks": {}}', 0),
        (503, b'{"status": "unavailable", "checks": {"database": {"status": "unavailable"}}}', 1),
        (200, b'{"status": "unavailable"}', 1),
        (200, b"<html>somebody else answers here</html>", 1),
    ],
)
def test_the_answer_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], status: int, body: bytes, code: int
) -> None:
    with answering(status, body) as port:
        monkeypatch.setenv("AGENT_API_PORT", str(port))
        assert healthcheck.main() == code
    assert bool(capsys.readouterr().err) == (code == 1)


def test_nobody_there_is_not_healthy(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with answering(200, b"{}") as port:
        pass
    monkeypatch.setenv("AGENT_API_PORT", str(port))
    assert healthcheck.main() == 1
    assert "no answer" in capsys.readouterr().err


async def test_ten_events_come_one_by_one() -> None:
    app = FastAPI()
    app.include_router(health.router)
    transport = httpx.ASGITransport(app=app)
    began = time.monotonic()
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        answer = await http.get("/api/health/stream")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [line for line in answer.text.splitlines() if line] == [f"data: {number}" for number in range(10)]
    assert time.monotonic() - began > 0.8
