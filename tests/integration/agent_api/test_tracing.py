"""Runs are told to Langfuse where its keys are set; a Langfuse that is away costs no answer."""

import base64
import gzip
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.integration.agent_api.conftest import start_api
from tests.integration.agent_api.test_tools import order
from tests.support.agents import make
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack

KEYS = {"LANGFUSE_PUBLIC_KEY": "pk-lf-tests", "LANGFUSE_SECRET_KEY": "sk-lf-tests"}


@dataclass
class Receiver:
    """As much of Langfuse as takes traces in: OTLP under its own path."""

    url: str
    authorizations: set[str] = field(default_factory=set[str])
    spans: list[tuple[str, dict[str, str]]] = field(default_factory=list[tuple[str, dict[str, str]]])
    asked: threading.Event = field(default_factory=threading.Event)
    answers: threading.Event = field(default_factory=threading.Event)

    def spans_of(self, conversation: str, count: int) -> dict[str, dict[str, str]]:
        """The attributes of each span of that conversation by the span's name, once there are so many."""
        deadline = time.monotonic() + 20
        while True:
            found = {name: one for name, one in list(self.spans) if one.get("session.id") == conversation}
            if len(found) >= count:
                return found
            assert time.monotonic() < deadline, self.spans
            time.sleep(0.1)


@contextmanager
def receiver() -> Generator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.asked.set()
            got.answers.wait(60)
            if self.path == "/api/public/otel/v1/traces":
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                got.authorizations.add(self.headers["Authorization"])
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        got.spans += [
                            (span.name, {one.key: one.value.string_value for one in span.attributes})
                            for span in scope.spans
                        ]
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    got = Receiver(f"http://127.0.0.1:{server.server_address[1]}")
    got.answers.set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield got
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def langfuse() -> Iterator[Receiver]:
    with receiver() as got:
        yield got


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel, langfuse: Receiver) -> Service:
    return start_api(module_stack, model, LANGFUSE_BASE_URL=langfuse.url, **KEYS)


def test_a_run_is_told_with_its_steps(adas: ChatClient, ada: Person, langfuse: Receiver) -> None:
    agent = make(adas, deployment={"tools": [{"kind": "python"}], "knowledge": {"mode": "off"}})
    conversation = new_id()

    answer = adas.ask(
        f"{order('run_python', {'code': 'print(6 * 7)'})}{{{{say It is 42.}}}}", conversation, agent=agent
    )

    assert answer.text == "It is 42."
    spans = langfuse.spans_of(conversation, 3)
    run = next(one for name, one in spans.items() if name.startswith("invoke_agent"))
    assert "It is 42." in run["pydantic_ai.all_messages"]
    assert run["user.id"] == str(ada.user_id)
    assert any(name.startswith("chat ") for name in spans)
    assert any("run_python" in name for name in spans)
    assert ada.email not in str(spans)
    key = base64.b64encode(b"pk-lf-tests:sk-lf-tests").decode()
    assert langfuse.authorizations == {f"Basic {key}"}


def test_an_answer_does_not_wait_for_langfuse(adas: ChatClient, langfuse: Receiver) -> None:
    langfuse.answers.clear()
    try:
        langfuse.asked.clear()
        adas.ask("{{say The first.}}", new_id())
        assert langfuse.asked.wait(20)  # it is being told of the first, and says nothing
        conversation = new_id()
        assert adas.ask("{{say The second.}}", conversation).text == "The second."
    finally:
        langfuse.answers.set()
    assert langfuse.spans_of(conversation, 2)


def test_half_a_pair_of_keys_stops_the_start(module_stack: Stack, model: ScriptedModel) -> None:
    with pytest.raises(AssertionError, match="LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY belong together"):
        start_api(module_stack, model, LANGFUSE_PUBLIC_KEY="pk-lf-tests")
