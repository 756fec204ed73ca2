"""Several API processes with one Valkey: a run can be read, stopped and let go on through each of them."""

import time
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from agent_api.runs.run import Run
from agent_api.runs.streams import RunStreams
from tests.integration.agent_api.conftest import start_api
from tests.support.chat import Answer, ChatClient, new_id
from tests.support.keys import bearer, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack
from tests.support.valkey import Valkey, running_valkey

LEASE = {"RUN_LEASE_SECONDS": "4"}


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    with running_valkey() as valkey:
        yield valkey


@pytest.fixture(scope="module")
def replicas(module_stack: Stack, model: ScriptedModel, valkey: Valkey) -> list[Service]:
    return [start_api(module_stack, model, VALKEY_URL=valkey.url, **LEASE) for _ in range(2)]


@pytest.fixture
def clients(replicas: list[Service], ada: Person, model: ScriptedModel) -> Iterator[list[ChatClient]]:
    model.released.clear()
    clients = [ChatClient(replica.url, ada) for replica in replicas]
    yield clients
    model.release()
    for client in clients:
        client.http.close()


def _to_the_end(reading: tuple[Answer, Iterator[object]]) -> Answer:
    answer, events = reading
    for _ in events:
        pass
    return answer


async def test_the_end_of_a_run_leaves_the_next_one_of_its_conversation_to_be_found(valkey: Valkey) -> None:
    streams = RunStreams(valkey.url, life=10)
    person = uuid.uuid4()
    first, second = (
        cast("Run", SimpleNamespace(id=uuid.uuid4(), user_id=person, conversation_id="c1")) for _ in range(2)
    )
    try:
        await streams.begin(first, b"{}")
        await streams.begin(second, b"{}")  # in another process, as soon as the first is stored
        await streams.end(first, b"{}")
        assert await streams.answering(person, "c1") == second.id
        await streams.end(second, b"{}")
        assert await streams.answering(person, "c1") is None
    finally:
        streams.close()


def test_an_answer_is_picked_up_through_another_process(clients: list[ChatClient], model: ScriptedModel) -> None:
    one, other = clients
    conversation = new_id()
    with one.asking(one.body("{{hold}}{{say read by two}}", conversation)) as (first, events):
        next(event for event in events if event["type"] == "text-delta")
        with other.resuming(conversation) as (second, more):
            assert second.status == 200
            next(event for event in more if event["type"] == "text-delta")
            model.release()
            for _ in more:
                pass
        for _ in events:
            pass
    assert first.text == second.text == "read by two"
    assert first.done
    assert second.done
    assert [event["type"] for event in second.of("finish")] == ["finish"]
    assert second.message_id == first.message_id
    assert second.run_id == first.run_id
    with other.resuming(conversation) as (nothing, _):
        assert nothing.status == 204


def test_a_question_sent_again_to_another_process_is_answered_once(
    clients: list[ChatClient], model: ScriptedModel
) -> None:
    one, other = clients
    before = len(model.requests)
    body = one.body("{{hold}}{{say only once}}", new_id())
    with one.asking(body) as (first, events):
        next(event for event in events if event["type"] == "text-delta")
        with other.asking(body) as (second, more):
            assert second.status == 200
            model.release()
            for _ in more:
                pass
        for _ in events:
            pass
    assert first.text == second.text == "only once"
    assert len(model.requests) == before + 1


def _stop_through_another(clients: list[ChatClient], model: ScriptedModel) -> float:
    """Stop a run through another process; how many seconds that took."""
    one, other = clients
    aborted = model.aborted
    conversation = new_id()
    model.released.clear()
    with one.asking(one.body("{{hold}}{{say never said}}", conversation)) as (first, events):
        next(event for event in events if event["type"] == "text-delta")
        began = time.monotonic()
        assert other.http.post(f"/api/runs/{first.run_id}/cancel").status_code == 202
        seconds = time.monotonic() - began
        reply = other.conversation(conversation)["messages"][-1]
        assert reply["run"]["state"] == "cancelled"
        assert reply["parts"][-1]["text"] == "never"
        for _ in events:
            pass
    deadline = time.monotonic() + 5
    while model.aborted == aborted:
        assert time.monotonic() < deadline, "the model goes on"
        time.sleep(0.02)
    return seconds


def test_a_run_is_stopped_through_another_process(clients: list[ChatClient], model: ScriptedModel) -> None:
    took = sorted(_stop_through_another(clients, model) for _ in range(3))
    assert took[1] < 1, "it was left to the signs of life, of which one comes every two seconds"


def test_a_program_repeats_its_request_at_another_process(clients: list[ChatClient], model: ScriptedModel) -> None:
    key = make_key(clients[0])["key"]
    body = {"model": "guide", "stream": True, "messages": [{"role": "user", "content": "{{hold}}{{say one run}}"}]}
    headers = bearer(key) | {"Idempotency-Key": new_id()}
    before = len(model.requests)
    with clients[0].http.stream("POST", "/v1/chat/completions", json=body, headers=headers) as first:
        lines = first.iter_lines()
        next(line for line in lines if '"one"' in line)
        with clients[1].http.stream("POST", "/v1/chat/completions", json=body, headers=headers) as second:
            assert second.status_code == 200
            model.release()
            assert "".join(second.iter_text()).endswith("data: [DONE]\n\n")
        assert list(lines)[-2] == "data: [DONE]"
        assert second.headers["x-request-id"] == first.headers["x-request-id"]
    assert len(model.requests) == before + 1


def test_a_person_decides_through_another_process(
    clients: list[ChatClient], model: ScriptedModel, module_stack: Stack, ada: Person
) -> None:
    model.release()
    agent = {"slug": "careful", "name": "Careful"}
    deployment = {"tools": [{"kind": "python", "approval": True}], "knowledge": {"mode": "off"}}
    module_stack.rpc_as_service("create_agent", p_user=str(ada.user_id), p_agent=agent)
    module_stack.rpc_as_service("deploy_agent", p_user=str(ada.user_id), p_slug="careful", p_deployment=deployment)
    one, other = clients
    conversation = new_id()
    answer = one.ask('{{call run_python {"code": "6 * 7"}}}{{say done}}', conversation, agent="careful")
    (request,) = answer.of("tool-approval-request")
    model.released.clear()

    body = {"approvals": [{"id": request["approvalId"], "approved": True}]}
    assert other.http.post(f"/api/runs/{answer.run_id}/approve", json=body).status_code == 202
    with one.resuming(conversation) as reading:
        read = _to_the_end(reading)

    assert read.status in (200, 204)
    deadline = time.monotonic() + 10
    while one.conversation(conversation)["active_run_id"] is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert one.conversation(conversation)["messages"][-1]["parts"][-1]["text"] == "done"


def test_a_process_that_dies_leaves_no_reader_waiting(
    clients: list[ChatClient], model: ScriptedModel, module_stack: Stack, valkey: Valkey, ada: Person
) -> None:
    doomed = start_api(module_stack, model, VALKEY_URL=valkey.url, **LEASE)
    conversation = new_id()
    with ChatClient(doomed.url, ada) as one, clients[1].resuming("nothing") as (nothing, _):
        assert nothing.status == 204
        with one.asking(one.body("{{hold}}{{say cut off}}", conversation)) as (_, events):
            next(event for event in events if event["type"] == "text-delta")
            with clients[1].resuming(conversation) as (second, more):
                next(event for event in more if event["type"] == "text-delta")
                doomed.process.kill()
                for _ in more:
                    pass
    (problem,) = second.of("data-problem")
    assert problem["data"]["type"] == "/problems/run-interrupted"
    assert second.of("error")


def test_valkey_away_in_the_middle(stack: Stack, model: ScriptedModel) -> None:
    ada = stack.sign_up("ada@example.com")
    with running_valkey() as valkey:
        replicas = [start_api(stack, model, VALKEY_URL=valkey.url, **LEASE) for _ in range(2)]
        model.released.clear()
        conversation = new_id()
        with ChatClient(replicas[0].url, ada) as one, ChatClient(replicas[1].url, ada) as other:
            with one.asking(one.body("{{hold}}{{say goes on}}", conversation)) as (first, events):
                next(event for event in events if event["type"] == "text-delta")
                with other.resuming(conversation) as (second, more):
                    next(event for event in more if event["type"] == "text-delta")
                    valkey.kill()
                    for _ in more:
                        pass
                (problem,) = second.of("data-problem")
                assert problem["data"]["type"] == "/problems/run-out-of-reach"
                model.release()
                for _ in events:
                    pass
            assert first.text == "goes on"
            assert first.done
            # Without a count nobody passes.
            refused = httpx.get(f"{replicas[0].url}/api/conversations", headers=ada.authorization)
            assert refused.status_code == 503
            assert refused.json()["type"] == "/problems/unavailable"
        (message,) = stack.rpc_as_service("get_run_as", p_user=str(ada.user_id), p_run=first.run_id)["parts"][1:]
        assert message["text"] == "goes on"
