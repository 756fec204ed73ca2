"""With a reranker the best passages come in its order; without an answer of it, in their own."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.integration.knowledge.conftest import Connect
from tests.support.pipeline import Pipeline
from tests.support.stack import Person, Service, Stack


class _Handler(BaseHTTPRequestHandler):
    #: 200: whichever text holds the most of the letter z is the best.
    status = 200

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        rows = [{"index": index, "relevance_score": text.count("z")} for index, text in enumerate(request["documents"])]
        payload = json.dumps({"results": rows}).encode()
        self.send_response(_Handler.status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture(scope="module")
def api(module_stack: Stack) -> Iterator[Service]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield module_stack.start_agent_api(RERANK_URL=f"http://127.0.0.1:{server.server_address[1]}/rerank")
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_reranker_orders_what_was_found_and_its_failure_takes_nothing(
    connect: Connect, ada: Person, pipeline: Pipeline
) -> None:
    for name in ("pizza", "pasta", "zzz"):
        pipeline.write(f"{name}.md", f"# {name}\n\nThe capybara eats {name} at noon.")
    pipeline.run()

    def order() -> list[str]:
        found = connect(ada).get("/api/search", params={"q": "what does the capybara eat: pasta?"}).json()["items"]
        return [item["path"] for item in found]

    assert order() == ["zzz.md", "pizza.md", "pasta.md"]
    _Handler.status = 503
    assert order()[0] == "pasta.md"
