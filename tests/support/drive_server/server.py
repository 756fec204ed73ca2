"""The HTTP server around the API."""

from __future__ import annotations

from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

from tests.support.drive_server.api import Api
from tests.support.drive_server.faults import Faults
from tests.support.drive_server.feeds import Feeds
from tests.support.drive_server.methods import Methods
from tests.support.drive_server.oauth import ServiceAccount, Tokens
from tests.support.drive_server.store import DriveStore


class DriveServer:
    """Drive on a free port of the loopback interface, from ``with`` to its end.

    Attributes:
        store: The files; tests change them as people do.
        tokens: The OAuth side.
        methods: Page sizes of listings.
        feeds: Page sizes of the change feeds.
        faults: What goes wrong next.
    """

    def __init__(self, account: ServiceAccount | None = None) -> None:
        self.account = account or ServiceAccount()
        self.store = DriveStore((self.account.email,))
        self.methods = Methods(self.store)
        self.feeds = Feeds(self.store)
        self.faults = Faults()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/"
        self.tokens = Tokens(f"{self.url}token", {self.account.email: self.account})
        self._api = Api(self.methods, self.feeds, self.tokens, self.faults, self.account.email)
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def calls(self) -> Counter[str]:
        """How often each method was called; ``drive.files.get.media`` is a download of contents."""
        return self._api.calls

    @property
    def broken(self) -> list[str]:
        """Answers of the server itself that do not fit the discovery document; a test ends with none."""
        return self._api.broken

    @property
    def credentials(self) -> str:
        """The service account's key file, for GOOGLE_DRIVE_CREDENTIALS_JSON."""
        return self.account.document(self.tokens.token_uri)

    def expire_page_tokens(self, status: int = 410) -> None:
        """Let every token that was handed out so far, of listings and of changes, be too old."""
        self.methods.epoch += 1
        self.feeds.expired_status = status
        self.store.logs.forget()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Head and body in one packet: otherwise each answer waits for the client's acknowledgement.
            wbufsize = 1 << 16
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                self._serve()

            def do_POST(self) -> None:
                self._serve()

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                answer, fault = server._api.answer(self.command, self.path, headers, body)
                effect = fault.effect if fault is not None else "answer"
                if effect == "drop":
                    self.close_connection = True
                    return
                content = bytes(reversed(answer.body)) if effect == "garbage" else answer.body
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if effect == "cut":
                    content = content[: len(content) // 2]
                    self.close_connection = True
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                """Say nothing: requests are counted instead."""

        return Handler
