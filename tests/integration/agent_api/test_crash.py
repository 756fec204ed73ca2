"""A process that dies or stops in the middle of an answer loses nothing that was acknowledged."""

import signal
import time
from collections.abc import Callable

from tests.integration.agent_api.conftest import start_api
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Stack


def _when(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.1)


def _partial(stack: Stack, run_id: str) -> str:
    return str(stack.get(f"/rest/v1/runs?id=eq.{run_id}&select=partial", apikey=stack.service_key)[0]["partial"])


def test_killed_in_the_middle_of_an_answer(stack: Stack, model: ScriptedModel) -> None:
    ada = stack.sign_up("ada@example.com")
    api = start_api(stack, model, RUN_LEASE_SECONDS="4")
    conversation = new_id()
    model.released.clear()
    with ChatClient(api.url, ada) as client:
        body = client.body("{{hold}}{{say Kept though killed}}", conversation, message_id="q")
        with client.asking(body) as (answer, events):
            next(event for event in events if event["type"] == "text-delta")
            run_id = answer.run_id
            _when(lambda: "Kept" in _partial(stack, run_id))  # a sign of life carries what was written
            api.process.kill()
    model.release()

    again = start_api(stack, model, RUN_LEASE_SECONDS="4")
    with ChatClient(again.url, ada) as client:
        _when(lambda: client.conversation(conversation)["active_run_id"] is None)
        _when(lambda: len(client.conversation(conversation)["messages"]) == 2)
        question, reply = client.conversation(conversation)["messages"]
        assert question["id"] == "q"
        assert reply["run"]["id"] == run_id
        assert reply["run"]["state"] == "interrupted"
        assert reply["run"]["error"]["type"] == "/problems/run-interrupted"
        assert reply["parts"][-1] == {"type": "text", "text": "Kept"}
        # The same question again: anew, beside what is left of the first try.
        retry = client.regenerate(conversation, reply["id"])
        assert retry.text == "Kept though killed"
        assert len(client.conversation(conversation)["messages"]) == 3


def test_stopped_in_the_middle_of_an_answer(stack: Stack, model: ScriptedModel) -> None:
    ada = stack.sign_up("ada@example.com")
    api = start_api(stack, model)
    conversation = new_id()
    model.released.clear()
    with ChatClient(api.url, ada) as client:
        with client.asking(client.body("{{hold}}{{say Kept though stopped}}", conversation)) as (_, events):
            next(event for event in events if event["type"] == "text-delta")
        api.process.send_signal(signal.SIGTERM)
        assert api.process.wait(20) in (0, -signal.SIGTERM)
    model.release()

    again = start_api(stack, model)
    with ChatClient(again.url, ada) as client:
        reply = client.conversation(conversation)["messages"][-1]
    assert reply["run"]["state"] == "interrupted"
    assert reply["parts"][-1]["text"] == "Kept"
