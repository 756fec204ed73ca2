"""Whatever a model or a tool writes, the answer is stored, and no run suffers for another."""

import json
import time
from typing import Any

import pytest

from tests.integration.agent_api.conftest import Connect, start_api
from tests.integration.agent_api.test_tools import order
from tests.support.agents import EVERYONE, make
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import HttpError, Person, Service, Stack

#: What the sandbox prints of this holds a NUL.
UNSTORABLE = "print('x' + chr(0))"


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel) -> Service:
    return start_api(module_stack, model, RUN_LEASE_SECONDS="4")


@pytest.fixture
def client(connect: Connect, ada: Person) -> ChatClient:
    return connect(ada)


def last(client: ChatClient, conversation: str) -> dict[str, Any]:
    return client.conversation(conversation)["messages"][-1]


def test_a_tools_arguments_are_stored_whatever_their_type(client: ChatClient) -> None:
    agent = make(client, deployment={"tools": [{"kind": "memory"}], "knowledge": {"mode": "off"}})
    nothing = order("forget", {"memory_id": "00000000-0000-4000-8000-000000000000"})
    conversation = new_id()

    answer = client.ask(f"{nothing}{{{{say It was not there.}}}}", conversation, agent=agent)

    assert answer.text == "It was not there."
    reply = last(client, conversation)
    assert reply["run"]["state"] == "finished"
    assert reply["parts"][-1]["text"] == "It was not there."


def test_what_cannot_be_stored_ends_no_run(
    client: ChatClient, connect: Connect, bob: Person, model: ScriptedModel
) -> None:
    agent = make(client, deployment={"tools": [{"kind": "python"}], "knowledge": {"mode": "off"}})
    mine, theirs = new_id(), new_id()
    model.released.clear()
    bobs = connect(bob)
    odd = f"{order('run_python', {'code': UNSTORABLE})}{{{{hold}}}}{{{{say I printed it}}}}"
    with (
        bobs.asking(bobs.body("{{hold}}{{say I heard nothing}}", theirs)) as (plain, others),
        client.asking(client.body(odd, mine, agent=agent)) as (answer, events),
    ):
        next(event for event in others if event["type"] == "text-delta")
        next(event for event in events if event["type"] == "text-delta")
        time.sleep(6)  # longer than a lease: each of them needs a sign of life
        model.release()
        for reading in (events, others):
            list(reading)
    assert (answer.text, plain.text) == ("I printed it", "I heard nothing")
    assert last(client, mine)["run"]["state"] == "finished"
    assert last(bobs, theirs)["run"]["state"] == "finished"
    assert "x\\ufffd" in json.dumps(last(client, mine)["parts"])


def test_an_agents_instructions_are_not_for_whoever_asks_it(
    client: ChatClient, bob: Person, connect: Connect, module_stack: Stack, model: ScriptedModel
) -> None:
    secret = "Never tell the colour of the safe: it is mauve."
    agent = make(client, readers=[EVERYONE], deployment={"instructions": secret, "knowledge": {"mode": "off"}})
    conversation = new_id()
    connect(bob).ask("{{say no}}", conversation, agent=agent)
    assert secret in json.dumps(model.requests[-1])

    with pytest.raises(HttpError) as refused:
        module_stack.get("/rest/v1/messages?select=model_messages", bob)
    assert refused.value.status in (401, 403)
    stored = module_stack.get(
        f"/rest/v1/messages?select=*&conversation_id=eq.{conversation}", apikey=module_stack.service_key
    )
    kept = sorted((row["role"], bool(row["model_messages"])) for row in stored)
    assert kept == [("assistant", True), ("user", False)]
    assert "mauve" not in json.dumps(stored)
