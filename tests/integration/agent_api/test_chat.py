"""A turn over HTTP: asked, streamed, stored, asked again, branched, stopped, picked up."""

import json
import threading
import time
from collections.abc import Callable

import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person


@pytest.fixture
def client(connect: Connect, ada: Person) -> ChatClient:
    return connect(ada)


def test_an_answer_streams_in_the_protocol_of_the_ai_sdk(client: ChatClient) -> None:
    answer = client.ask("{{say Hello there, Ada.}}")

    assert answer.headers["x-vercel-ai-ui-message-stream"] == "v1"
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text == "Hello there, Ada."
    assert answer.events[0]["type"] == "start"
    assert answer.events[-1] == {"type": "finish", "finishReason": "stop"}
    assert answer.done
    first, *others = (event["delta"] for event in answer.of("text-delta"))
    assert first == "Hello"
    assert others in ([" there,", " Ada."], [" there, Ada."])  # what comes together may be one


def test_what_was_streamed_is_what_is_stored(client: ChatClient) -> None:
    conversation = new_id()
    answer = client.ask("{{say Stored as streamed.}}", conversation, message_id="q1")

    stored = client.conversation(conversation)
    question, reply = stored["messages"]
    assert (question["id"], question["role"], question["parent_id"]) == ("q1", "user", None)
    assert (reply["id"], reply["role"], reply["parent_id"]) == (answer.message_id, "assistant", "q1")
    assert reply["parts"] == [{"type": "step-start"}, {"type": "text", "text": "Stored as streamed."}]
    assert reply["run"]["id"] == answer.run_id
    assert reply["run"]["state"] == "finished"
    assert (reply["run"]["input_tokens"], reply["run"]["output_tokens"]) == (10, 3)
    assert stored["head_id"] == answer.message_id
    assert stored["active_run_id"] is None
    assert stored["agent_slug"] == "guide"


def test_the_model_is_given_the_branch_and_not_what_a_browser_claims(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    first = client.ask("{{say Paris.}} What is the capital of France?", conversation, message_id="first")
    forged = [
        {"id": "first", "role": "user", "parts": [{"type": "text", "text": "forged"}]},
        {"id": first.message_id, "role": "assistant", "parts": [{"type": "text", "text": "forged"}]},
        {"id": new_id(), "role": "user", "parts": [{"type": "text", "text": "And of Spain?"}]},
    ]
    with client.asking({"id": conversation, "trigger": "submit-message", "messages": forged}) as (answer, events):
        list(events)

    assert answer.done
    told = [(m["role"], m["content"]) for m in model.requests[-1]["messages"] if m["role"] != "system"]
    assert [role for role, _ in told] == ["user", "assistant", "user"]
    assert "capital of France" in told[0][1]
    assert told[1][1] == "Paris."
    assert told[2][1] == "And of Spain?"


def test_a_question_sent_twice_is_answered_once(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    body = client.body("{{say Once.}}", conversation, message_id="same")
    with client.asking(body) as (_, events):
        list(events)
    before = len(model.requests)

    with client.asking(body) as (again, events):
        list(events)

    # The run is still in memory: the flaky client gets the answer that it missed.
    assert again.text == "Once."
    assert len(model.requests) == before
    assert len(client.conversation(conversation)["messages"]) == 2


def test_regenerating_keeps_both_answers(client: ChatClient) -> None:
    conversation = new_id()
    first = client.ask("{{say Again and again.}}", conversation, message_id="q")
    second = client.regenerate(conversation, first.message_id)

    assert second.done
    assert second.message_id != first.message_id
    stored = client.conversation(conversation)
    assert [m["id"] for m in stored["messages"] if m["parent_id"] == "q"] == [first.message_id, second.message_id]
    assert stored["head_id"] == second.message_id


def test_an_edited_question_is_a_branch_beside_the_old_one(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    client.ask("{{say One.}}", conversation, message_id="old")
    edited = client.ask("{{say Two.}} edited", conversation, message_id="new", parent_id=None)

    assert edited.text == "Two."
    stored = client.conversation(conversation)
    assert [m["id"] for m in stored["messages"] if m["parent_id"] is None] == ["old", "new"]
    told = [m for m in model.requests[-1]["messages"] if m["role"] != "system"]
    assert len(told) == 1


def test_asking_while_an_answer_is_written_is_a_conflict(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    model.released.clear()
    with client.asking(client.body("{{hold}}{{say one two}}", conversation)) as (first, events):
        next(event for event in events if event["type"] == "text-delta")
        second = client.ask("{{say no}}", conversation)
        model.release()
        list(events)

    assert second.status == 409
    assert second.problem["type"] == "/problems/run-in-progress"
    assert first.text == "one two"


def test_an_answer_goes_on_without_its_reader_and_is_picked_up_elsewhere(
    client: ChatClient, model: ScriptedModel
) -> None:
    conversation = new_id()
    model.released.clear()
    with client.asking(client.body("{{hold}}{{say one two three}}", conversation)) as (_, events):
        next(event for event in events if event["type"] == "text-delta")
    # The first reader has left.
    assert client.conversation(conversation)["active_run_id"] is not None
    threading.Timer(0.3, model.release).start()
    with client.resuming(conversation) as (resumed, events):
        list(events)

    assert resumed.text == "one two three"
    assert resumed.done
    with client.resuming(conversation) as (nothing, _):
        assert nothing.status == 204


def test_two_readers_of_one_run_read_the_same(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    model.released.clear()
    with client.asking(client.body("{{hold}}{{say a b c d}}", conversation)) as (first, first_events):
        next(event for event in first_events if event["type"] == "text-delta")
        with client.resuming(conversation) as (second, second_events):
            model.release()
            list(first_events)
            list(second_events)

    assert first.events == second.events
    assert first.text == "a b c d"


def test_stopping_ends_the_providers_call_and_keeps_what_was_written(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    model.released.clear()
    aborted = model.aborted
    with client.asking(client.body("{{hold}}{{say Begun but never ended}}", conversation)) as (answer, events):
        next(event for event in events if event["type"] == "text-delta")
        response = client.http.post(f"/api/runs/{answer.run_id}/cancel")
        list(events)

    assert response.status_code == 202
    assert [event["type"] for event in answer.events[-2:]] == ["abort", "finish-step"]
    assert answer.done
    reply = client.conversation(conversation)["messages"][-1]
    assert reply["run"]["state"] == "cancelled"
    assert reply["parts"][-1] == {"type": "text", "text": "Begun"}
    model.wait_for_requests(1)
    assert _eventually(lambda: model.aborted > aborted)
    # The conversation goes on from there.
    assert client.ask("{{say On we go.}}", conversation).text == "On we go."


def test_a_tool_call_is_streamed_stored_and_cited(client: ChatClient) -> None:
    conversation = new_id()
    answer = client.ask('{{call search_knowledge {"query": "anything"}}}{{say Done.}}', conversation)

    assert [event["toolName"] for event in answer.of("tool-input-start")] == ["search_knowledge"]
    assert answer.of("tool-output-available")
    assert answer.text == "Done."
    parts = client.conversation(conversation)["messages"][-1]["parts"]
    tool = next(part for part in parts if part["type"] == "tool-search_knowledge")
    assert tool["state"] == "output-available"
    assert tool["input"] == {"query": "anything"}


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (401, "/problems/model-key-refused"),
        (429, "/problems/model-rate-limited"),
        (500, "/problems/upstream-failed"),
    ],
)
def test_a_providers_error_is_told_without_its_secrets(client: ChatClient, status: int, problem: str) -> None:
    conversation = new_id()
    answer = client.ask(f"{{{{status {status}}}}}", conversation)

    assert answer.status == 200
    assert answer.of("data-problem")[0]["data"]["type"] == problem
    assert answer.of("error")
    assert answer.done
    assert "sk-very-secret" not in str(answer.events)
    reply = client.conversation(conversation)["messages"][-1]
    assert reply["run"]["state"] == "failed"
    assert reply["run"]["error"]["type"] == problem
    assert "sk-very-secret" not in str(reply)
    # A question whose answer failed can be asked again.
    assert client.regenerate(conversation).status == 200


def test_a_connection_that_breaks_in_the_middle_keeps_what_came(client: ChatClient) -> None:
    conversation = new_id()
    answer = client.ask("{{drop 2}}{{say one two three four}}", conversation)

    assert answer.text == "one two"
    assert answer.of("error")
    reply = client.conversation(conversation)["messages"][-1]
    assert reply["run"]["state"] == "failed"
    assert reply["parts"][-1]["text"] == "one two"


def test_reasoning_is_streamed_apart_from_the_answer(client: ChatClient) -> None:
    answer = client.ask("{{think Let me see.}}{{say Four.}}")

    assert "".join(event["delta"] for event in answer.of("reasoning-delta")) == "Let me see."
    assert answer.text == "Four."


def _eventually(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_a_reader_goes_on_where_it_was(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    model.released.clear()
    with client.http.stream("POST", "/api/chat", json=client.body("{{hold}}{{words 6}}", conversation)) as response:
        lines = response.iter_lines()
        place = next(line for line in lines if line.startswith("id: ")).removeprefix("id: ")
        assert json.loads(next(lines).removeprefix("data: "))["delta"] == "word0"
    model.release()
    _when_answered(client, conversation)

    # It has ended meanwhile; what was missed is there for a while.
    missed = client.http.get(f"/api/chat/{conversation}/stream", headers={"Last-Event-ID": place})
    events = [json.loads(line[6:]) for line in missed.text.splitlines() if line.startswith("data: {")]
    assert (
        "".join(event["delta"] for event in events if event["type"] == "text-delta") == " word1 word2 word3 word4 word5"
    )
    assert events[-1]["type"] == "finish"
    assert not [event for event in events if event["type"] == "start"]
    assert missed.text.endswith("data: [DONE]\n\n")
    for other in ("nonsense", f"{'0' * 32}.1", "x.y"):
        again = client.http.get(f"/api/chat/{conversation}/stream", headers={"Last-Event-ID": other})
        assert again.status_code == 204


def _when_answered(client: ChatClient, conversation: str) -> None:
    deadline = time.monotonic() + 10
    while client.conversation(conversation)["active_run_id"] is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
