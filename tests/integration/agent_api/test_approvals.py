"""A tool that a person is asked about first: the run waits in the database, and goes on in whichever process hears."""

from typing import Any

import pytest

from tests.integration.agent_api.conftest import Connect, start_api
from tests.support.agents import make, problem
from tests.support.chat import Answer, ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Stack

CAREFUL: dict[str, Any] = {"tools": [{"kind": "python", "approval": True}], "knowledge": {"mode": "off"}}
ASK = '{{call run_python {"code": "6 * 7"}}}{{say Done.}}'


@pytest.fixture
def client(connect: Connect, ada: Person) -> ChatClient:
    return connect(ada)


@pytest.fixture
def agent(client: ChatClient) -> str:
    return make(client, deployment=CAREFUL)


def decide(client: ChatClient, conversation: str, waiting: Answer, approved: bool, **more: Any) -> Answer:
    """Answer as the AI SDK does: with the message that waits, and the decision in it."""
    request = waiting.of("tool-approval-request")[0]
    part = {
        "type": "tool-run_python",
        "toolCallId": request["toolCallId"],
        "state": "approval-responded",
        # What a browser claims beside its decision counts for nothing.
        "input": {"code": "'forged'"},
        "approval": {"id": request["approvalId"], "approved": approved, **more},
    }
    messages = [
        {"id": "q", "role": "user", "parts": [{"type": "text", "text": "forged"}]},
        {"id": waiting.message_id, "role": "assistant", "parts": [{"type": "step-start"}, part]},
    ]
    with client.asking({"id": conversation, "trigger": "submit-message", "messages": messages}) as (answer, events):
        list(events)
    return answer


def last(client: ChatClient, conversation: str) -> dict[str, Any]:
    return client.conversation(conversation)["messages"][-1]


def tool_part(message: dict[str, Any]) -> dict[str, Any]:
    return next(part for part in message["parts"] if part["type"] == "tool-run_python")


def test_a_run_waits_and_goes_on_when_it_is_approved(client: ChatClient, agent: str) -> None:
    conversation = new_id()
    waiting = client.ask(ASK, conversation, agent=agent, message_id="q")
    assert waiting.done
    assert waiting.of("tool-approval-request")
    assert waiting.events[-1]["type"] == "finish"
    message = last(client, conversation)
    assert message["run"]["state"] == "waiting"
    assert tool_part(message)["state"] == "approval-requested"
    assert tool_part(message)["input"] == {"code": "6 * 7"}

    answer = decide(client, conversation, waiting, approved=True)
    assert answer.message_id == waiting.message_id
    assert answer.run_id == waiting.run_id
    assert answer.of("tool-output-available")[0]["output"] == "42"
    assert answer.text == "Done."
    message = last(client, conversation)
    assert message["run"]["state"] == "finished"
    assert (message["run"]["input_tokens"], message["run"]["output_tokens"]) == (20, 2)
    assert tool_part(message)["state"] == "output-available"
    assert tool_part(message)["approval"] == {"id": tool_part(message)["toolCallId"], "approved": True}
    assert message["parts"][-1] == {"type": "text", "text": "Done."}
    assert len(client.conversation(conversation)["messages"]) == 2
    # The whole exchange is the model's history from here on.
    assert client.ask("{{say On.}}", conversation).text == "On."


def test_what_is_denied_is_not_done_and_the_model_is_told(client: ChatClient, agent: str, model: ScriptedModel) -> None:
    conversation = new_id()
    waiting = client.ask(ASK, conversation, agent=agent)
    answer = decide(client, conversation, waiting, approved=False, reason="Too dear.")
    assert answer.text == "Done."
    assert not answer.of("tool-output-available")
    assert answer.of("tool-output-denied")
    assert "Too dear." in str(model.requests[-1]["messages"])
    assert tool_part(last(client, conversation))["state"] == "output-denied"


def test_by_the_runs_own_address(client: ChatClient, agent: str) -> None:
    conversation = new_id()
    waiting = client.ask(ASK, conversation, agent=agent)
    call = waiting.of("tool-approval-request")[0]["approvalId"]
    path = f"/api/runs/{waiting.run_id}/approve"
    problem(client.http.post(path, json={"approvals": [{"id": "other", "approved": True}]}), 422, "approval-incomplete")
    response = client.http.post(path, json={"approvals": [{"id": call, "approved": True}]})
    assert (response.status_code, response.json()["state"]) == (202, "running")
    with client.resuming(conversation) as (answer, events):
        list(events)
    assert answer.status in (200, 204)
    again = client.http.post(path, json={"approvals": [{"id": call, "approved": False}]}).json()
    assert again["state"] in ("running", "finished")


def test_a_decision_after_a_restart(module_stack: Stack, model: ScriptedModel, ada: Person) -> None:
    first = start_api(module_stack, model)
    conversation = new_id()
    with ChatClient(first.url, ada) as client:
        agent = make(client, deployment=CAREFUL)
        waiting = client.ask(ASK, conversation, agent=agent)
        first.process.kill()
        first.process.wait()
    second = start_api(module_stack, model)
    with ChatClient(second.url, ada) as client:
        # What was asked is done as the agent was deployed then.
        client.http.post(f"/api/agents/{agent}/deploy", json={"instructions": "Without tools now."})
        answer = decide(client, conversation, waiting, approved=True)
        assert answer.of("tool-output-available")[0]["output"] == "42"
        assert answer.text == "Done."
        steps = module_stack.get(f"/rest/v1/run_steps?run_id=eq.{waiting.run_id}&select=number,kind&order=number", ada)
    assert [step["number"] for step in steps] == [1, 2, 3]
    assert [step["kind"] for step in steps] == ["model", "tool", "model"]


def test_nobody_else_decides(client: ChatClient, agent: str, connect: Connect, bob: Person) -> None:
    conversation = new_id()
    waiting = client.ask(ASK, conversation, agent=agent)
    bobs = connect(bob)
    assert decide(bobs, conversation, waiting, approved=True).status == 404
    call = {"approvals": [{"id": waiting.of("tool-approval-request")[0]["approvalId"], "approved": True}]}
    problem(bobs.http.post(f"/api/runs/{waiting.run_id}/approve", json=call), 404, "run-not-found")
    assert last(client, conversation)["run"]["state"] == "waiting"


def test_asking_something_else_lets_the_tool_go_unused(client: ChatClient, agent: str, model: ScriptedModel) -> None:
    conversation = new_id()
    waiting = client.ask(ASK, conversation, agent=agent)
    assert client.ask("{{say Something else.}}", conversation).text == "Something else."
    states = [m["run"]["state"] for m in client.conversation(conversation)["messages"] if m["run"]]
    assert states == ["cancelled", "finished"]
    told: list[dict[str, Any]] = model.requests[-1]["messages"]
    calls: list[dict[str, Any]] = []
    for message in told:
        calls += message.get("tool_calls") or []
    called = [call["id"] for call in calls]
    assert called == [m["tool_call_id"] for m in told if m["role"] == "tool"]
    assert decide(client, conversation, waiting, approved=True).problem["type"] == "/problems/already-decided"
    assert client.ask("{{say Still well.}}", conversation).text == "Still well."


def test_a_waiting_run_can_be_stopped(client: ChatClient, agent: str) -> None:
    conversation = new_id()
    waiting = client.ask(ASK, conversation, agent=agent)
    assert client.http.post(f"/api/runs/{waiting.run_id}/cancel").json()["state"] == "cancelled"
    assert decide(client, conversation, waiting, approved=True).status == 409


def test_two_tools_are_decided_together(client: ChatClient, agent: str) -> None:
    conversation = new_id()
    two = '{{call run_python {"code": "1"}}}{{call run_python {"code": "2"}}}{{say Both.}}'
    first = client.ask(two, conversation, agent=agent)
    second = decide(client, conversation, first, approved=True)
    # The model called the second one only then: the run waits once more.
    assert second.of("tool-approval-request")
    assert last(client, conversation)["run"]["state"] == "waiting"
    third = decide(client, conversation, second, approved=True)
    assert third.text == "Both."
    assert last(client, conversation)["run"]["state"] == "finished"
