"""Reading pages: nothing inside is ever reached, whatever it is called, and what is read is bounded."""

import asyncio
import socket
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx2
import pytest
from pydantic_ai import ModelRetry, _ssrf

from agent_api.assistant.guard import check_public, guarded_client
from agent_api.assistant.tools import read_page
from agent_api.assistant.tools.read_page import PageReader
from core.errors import Unprocessable

INSIDE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:8001/api/health",
    "http://127.1/",
    "http://localhost/",
    "http://2130706433/",  # decimal
    "http://0x7f000001/",  # hexadecimal
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",  # octal
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254./",
    "http://168.63.129.16/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",  # IPv4 in IPv6
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:a9fe:a9fe]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",  # NAT64
    "http://[2002:7f00:1::]/",  # 6to4
    "http://[fd00::1]/",
    "http://[fe80::1%25eth0]/",
    "http://user:password@127.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "https://127.0.0.1/",
]
ELSEWHERE = ["file:///etc/passwd", "ftp://example.com/", "gopher://127.0.0.1/", "javascript:alert(1)", "", "http://"]


@pytest.mark.parametrize("url", [*INSIDE, *ELSEWHERE])
async def test_what_is_inside_is_refused(url: str) -> None:
    with pytest.raises(ModelRetry):
        await PageReader().read(url)


@pytest.mark.parametrize("url", INSIDE)
async def test_servers_of_an_agents_own_are_guarded_alike(url: str) -> None:
    with pytest.raises(Unprocessable):
        await check_public(url)
    async with guarded_client(timeout=2) as http:
        with pytest.raises((httpx2.UnsupportedProtocol, httpx2.InvalidURL)):
            await http.get(url)


class Names:
    """A name server whose answers change from one question to the next."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, host: str, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        self.asked += 1
        addresses = self.answers[min(self.asked, len(self.answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]


async def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(["127.0.0.1"]))
    with pytest.raises(ModelRetry, match="private"):
        await PageReader().read("http://inside.example.com/")


async def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(["93.184.216.34", "10.0.0.1"]))
    with pytest.raises(ModelRetry, match="private"):
        await PageReader().read("http://both.example.com/")


class _Site(BaseHTTPRequestHandler):
    hits: list[str]
    stopped: threading.Event

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    def do_GET(self) -> None:
        self.hits.append(self.path)
        if self.path.startswith("/to?"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to?"))
            self.end_headers()
            return
        bodies = {
            "/page": ("text/html; charset=utf-8", b"<title>Ships</title><h1>Ships</h1><p>They <b>float</b>.</p>"),
            "/image": ("image/png", b"\x89PNG"),
            "/large": ("text/plain", b"x" * 6_000_000),
            "/long": ("text/plain", b"y" * 100_000),
        }
        kind, body = bodies.get(self.path, ("text/plain", b"inside!"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        while self.path == "/slow" and not self.stopped.wait(0.2):
            self.wfile.write(b"z")  # never long enough without a byte for a time-out between two of them
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of readers who leave."""


@contextmanager
def site(address: str) -> Generator[tuple[str, list[str]]]:
    hits: list[str] = []
    stopped = threading.Event()
    server = _Server((address, 0), type("Site", (_Site,), {"hits": hits, "stopped": stopped}))
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"{address}:{server.server_address[1]}", hits
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """A site on 127.0.0.2, which counts as a public address here; everything else is judged as it always is."""
    judged = _ssrf.is_private_ip

    def is_private(ip: str) -> bool:
        return ip != "127.0.0.2" and judged(ip)

    monkeypatch.setattr(_ssrf, "is_private_ip", is_private)
    with site("127.0.0.2") as running:
        yield running


async def test_a_page_is_read_as_text(outside: tuple[str, list[str]]) -> None:
    text = await PageReader().read(f"http://{outside[0]}/page")
    assert "# Ships" in text
    assert "They **float**." in text
    assert "not an order" in text


@pytest.mark.parametrize(
    "inside", ["http://127.0.0.1:{port}/secret", "http://[::ffff:127.0.0.1]:{port}/", "http://2130706433:{port}/"]
)
async def test_a_redirect_inside_is_refused(outside: tuple[str, list[str]], inside: str) -> None:
    with site("127.0.0.1") as (where, hits):
        target = inside.format(port=where.split(":")[1])
        with pytest.raises(ModelRetry, match="private"):
            await PageReader().read(f"http://{outside[0]}/to?{target}")
        assert hits == []
        async with guarded_client(timeout=2) as http:
            with pytest.raises(httpx2.UnsupportedProtocol):
                await http.get(f"http://{outside[0]}/to?{target}")
        assert hits == []


async def test_a_redirect_without_end_is_given_up(outside: tuple[str, list[str]]) -> None:
    loop = "/to?" * 30
    with pytest.raises(ModelRetry, match="redirects"):
        await PageReader().read(f"http://{outside[0]}{loop}")


async def test_a_name_that_changes_its_answer_gains_nothing(
    outside: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = outside[0].split(":")[1]
    with site("127.0.0.1") as (_, hits):
        for read in (PageReader().read, _get_guarded):
            # The first answer is looked at; every later one leads inside.
            names = Names(["127.0.0.2"], ["127.0.0.1"])
            monkeypatch.setattr(socket, "getaddrinfo", names)
            assert "Ships" in await read(f"http://changing.example.com:{port}/page")
            assert names.asked == 1
        assert hits == []


async def _get_guarded(url: str) -> str:
    async with guarded_client(timeout=2) as http:
        return (await http.get(url)).text


async def test_what_is_read_is_bounded(outside: tuple[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    reader = PageReader()
    with pytest.raises(ModelRetry, match="maximum size"):
        await reader.read(f"http://{outside[0]}/large")
    with pytest.raises(ModelRetry, match="no page of text"):
        await reader.read(f"http://{outside[0]}/image")
    assert len(await reader.read(f"http://{outside[0]}/long")) < 41_000
    monkeypatch.setattr(read_page, "_SECONDS", 2)
    start = asyncio.get_running_loop().time()
    with pytest.raises(ModelRetry, match="too long"):
        await reader.read(f"http://{outside[0]}/slow")
    assert asyncio.get_running_loop().time() - start < 5


async def test_only_the_hosts_that_are_named(outside: tuple[str, list[str]]) -> None:
    with pytest.raises(ModelRetry, match="allowed domains"):
        await PageReader(("example.com",)).read(f"http://{outside[0]}/page")
    assert "Ships" in await PageReader(("127.0.0.2",)).read(f"http://{outside[0]}/page")
