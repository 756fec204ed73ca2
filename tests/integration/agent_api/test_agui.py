"""AG-UI clients talk to agents: each event is read back by the protocol's own models."""

import json
from typing import Any

import httpx
import pytest
from ag_ui.core import Event, RunAgentInput, UserMessage
from pydantic import TypeAdapter

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.keys import bearer, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service

_EVENT: TypeAdapter[Any] = TypeAdapter(Event)


@pytest.fixture(scope="module")
def key(api: Service, ada: Person) -> str:
    with ChatClient(api.url, ada) as client:
        return str(make_key(client)["key"])


def _input(text: str, thread: str, message_id: str | None = None) -> bytes:
    wanted = RunAgentInput(
        thread_id=thread,
        run_id=new_id(),
        state={},
        messages=[UserMessage(id=message_id or new_id(), role="user", content=text)],
        tools=[],
        context=[],
        forwarded_props={},
    )
    return wanted.model_dump_json(by_alias=True).encode()


def _post(api: Service, key: str, body: bytes, agent: str = "guide") -> httpx.Response:
    headers = bearer(key) | {"content-type": "application/json", "accept": "text/event-stream"}
    return httpx.post(f"{api.url}/api/agui/{agent}", content=body, headers=headers, timeout=30)


def _events(response: httpx.Response) -> list[Any]:
    assert response.status_code == 200, response.text
    lines = [line[6:] for line in response.text.splitlines() if line.startswith("data: ")]
    return [_EVENT.validate_python(json.loads(line)) for line in lines]


def _text(events: list[Any]) -> str:
    return "".join(event.delta for event in events if event.type == "TEXT_MESSAGE_CONTENT")


def test_an_answer_streams(api: Service, key: str) -> None:
    thread = new_id()
    events = _events(_post(api, key, _input("{{say Good morning to you}}", thread)))

    kinds = [event.type for event in events]
    assert kinds[0] == "RUN_STARTED"
    assert kinds[-1] == "RUN_FINISHED"
    assert kinds.count("TEXT_MESSAGE_START") == kinds.count("TEXT_MESSAGE_END") == 1
    assert events[0].thread_id == thread
    assert _text(events) == "Good morning to you"


def test_tool_calls_are_shown(api: Service, key: str) -> None:
    question = '{{call search_knowledge {"query": "anything"}}}{{say Done.}}'
    kinds = [event.type for event in _events(_post(api, key, _input(question, new_id())))]
    assert {"TOOL_CALL_START", "TOOL_CALL_END", "TOOL_CALL_RESULT"} <= set(kinds)


def test_a_thread_is_a_conversation(
    api: Service, key: str, connect: Connect, ada: Person, model: ScriptedModel
) -> None:
    thread = new_id()
    _events(_post(api, key, _input("{{say One}}", thread)))
    _events(_post(api, key, _input("{{say Two}}", thread)))

    shown = connect(ada).conversation(thread)["messages"]
    assert [message["role"] for message in shown] == ["user", "assistant"] * 2
    assert shown[-1]["parts"][-1]["text"] == "Two"
    assert "One" in str(model.requests[-1]["messages"])


def test_a_thread_of_any_name(api: Service, key: str) -> None:
    name = "thread/with spaces and more than sixty-four characters " * 3
    assert _text(_events(_post(api, key, _input("{{say here}}", name)))) == "here"


def test_the_same_message_runs_once(api: Service, key: str, model: ScriptedModel) -> None:
    body = _input("{{say once}}", new_id(), message_id="m1")
    first = _events(_post(api, key, body))
    count = len(model.requests)
    again = _events(_post(api, key, body))
    assert len(model.requests) == count
    ids = [{event.message_id for event in events if event.type == "TEXT_MESSAGE_START"} for events in (first, again)]
    assert ids[0] == ids[1]
    assert _text(again) == "once"


def test_a_failure_is_an_event_that_says_what_to_do(api: Service, key: str) -> None:
    events = _events(_post(api, key, _input("{{status 401}}", new_id())))
    assert events[-1].type == "RUN_ERROR"
    assert events[-1].code == "model-key-refused"
    assert "sk-very-secret" not in str(events)


def test_what_is_refused(api: Service, key: str, connect: Connect, ada: Person, other_agent: str) -> None:
    def problem(response: httpx.Response) -> tuple[int, str]:
        return response.status_code, response.json()["type"].removeprefix("/problems/")

    thread = new_id()
    assert problem(_post(api, key, b"{nonsense")) == (400, "malformed-json")
    assert problem(_post(api, key, b"\xff")) == (400, "malformed-json")
    assert problem(_post(api, key, b"{}")) == (422, "invalid-request")
    assert problem(_post(api, key, _input(" ", thread))) == (422, "question-empty")
    assert problem(_post(api, key, _input("a\x00b", thread))) == (422, "question-invalid")
    assert problem(_post(api, key, _input("hello", thread), agent="nobody")) == (404, "agent-not-found")
    assert problem(_post(api, "roost_x", _input("hello", thread))) == (401, "api-key-not-accepted")
    scoped = make_key(connect(ada), agents=[other_agent])["key"]
    assert problem(_post(api, scoped, _input("hello", thread))) == (403, "api-key-not-for-agent")


def test_a_key_for_one_agent_reads_no_other_agents_conversation(
    api: Service, key: str, connect: Connect, ada: Person, other_agent: str
) -> None:
    thread = new_id()
    _events(_post(api, key, _input("{{say secret}}", thread)))
    scoped = make_key(connect(ada), agents=[other_agent])["key"]
    assert _post(api, scoped, _input("What was said?", thread), agent=other_agent).status_code == 404


@pytest.mark.parametrize(
    "thread", ["chat-1", "conversation0001", "a33d15e9d3494f50", "ea7d6b8b-00c6-4964-9cf2-138f61adcf73"]
)
def test_a_thread_of_the_same_name_is_each_persons_own(
    api: Service, key: str, bob: Person, model: ScriptedModel, thread: str
) -> None:
    assert _text(_events(_post(api, key, _input("{{say Ada was here.}}", thread)))) == "Ada was here."
    assert _text(_events(_post(api, bob.access_token, _input("{{say And Bob.}}", thread)))) == "And Bob."
    assert "Ada was here." not in str(model.requests[-1]["messages"])
    assert _text(_events(_post(api, key, _input("{{say Ada again.}}", thread)))) == "Ada again."
    assert "Ada was here." in str(model.requests[-1]["messages"])
    assert _text(_events(_post(api, bob.access_token, _input("{{say Bob again.}}", thread)))) == "Bob again."
    assert "And Bob." in str(model.requests[-1]["messages"])
