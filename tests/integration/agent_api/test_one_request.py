"""Agents without tools are asked by a shorter way: whoever talks to one must not be able to tell."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import openai
import pytest

from tests.integration.agent_api.conftest import Connect, start_api
from tests.support.agents import make, told
from tests.support.chat import Answer, ChatClient, new_id
from tests.support.keys import bearer, leave_while_held, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack

#: With ``tool`` an agent has one, and takes the usual way.
MODES = ("off", "tool")


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel) -> Service:
    """An API that is not patient."""
    return start_api(module_stack, model, RUN_TIME_LIMIT="30", MODEL_TIMEOUT="2.5", MODEL_RETRIES="0")


@pytest.fixture
def client(connect: Connect, ada: Person, model: ScriptedModel) -> ChatClient:
    model.released.set()
    return connect(ada)


@pytest.fixture(params=MODES)
def agent(request: pytest.FixtureRequest, client: ChatClient) -> str:
    return make(client, deployment={"instructions": "Be brief.", "knowledge": {"mode": request.param}})


def run_of(stack: Stack, answer: Answer) -> dict[str, Any]:
    return stack.get(f"/rest/v1/runs?id=eq.{answer.run_id}", apikey=stack.service_key)[0]


def steps_of(stack: Stack, answer: Answer) -> list[dict[str, Any]]:
    path = f"/rest/v1/run_steps?run_id=eq.{answer.run_id}&order=number"
    return stack.get(path, apikey=stack.service_key)


def reply(client: ChatClient, conversation: str) -> dict[str, Any]:
    return client.conversation(conversation)["messages"][-1]


def eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def test_an_answer_is_streamed_stored_and_counted(
    client: ChatClient, module_stack: Stack, model: ScriptedModel, agent: str
) -> None:
    conversation = new_id()
    answer = client.ask("{{say One two three}}", conversation, agent=agent)

    assert answer.text == "One two three"
    assert answer.done
    assert "Be brief." in told(model)
    run = run_of(module_stack, answer)
    assert (run["state"], run["model"], run["input_tokens"], run["output_tokens"]) == ("finished", "scripted", 10, 3)
    (step,) = steps_of(module_stack, answer)
    assert (step["kind"], step["name"], step["input_tokens"], step["output_tokens"]) == ("model", "scripted", 10, 3)
    parts = reply(client, conversation)["parts"]
    assert [part["type"] for part in parts] == ["step-start", "text"]
    assert parts[-1]["text"] == "One two three"

    client.ask("{{say Four}}", conversation, agent=agent)
    said = [message["content"] for message in model.requests[-1]["messages"] if message["role"] != "system"]
    assert said == ["{{say One two three}}", "One two three", "{{say Four}}"]


def test_thinking_is_shown(client: ChatClient, agent: str) -> None:
    conversation = new_id()
    client.ask("{{think Let me see.}}{{say Seen.}}", conversation, agent=agent)
    parts = [(part["type"], part.get("text")) for part in reply(client, conversation)["parts"]]
    assert parts == [("step-start", None), ("reasoning", "Let me see."), ("text", "Seen.")]
    assert client.ask("{{say And on.}}", conversation, agent=agent).text == "And on."


def test_stopping_keeps_what_was_written(
    client: ChatClient, module_stack: Stack, model: ScriptedModel, agent: str
) -> None:
    conversation = new_id()
    model.released.clear()
    aborted = model.aborted
    with client.asking(client.body("{{hold}}{{say Begun but never ended}}", conversation, agent=agent)) as (
        answer,
        events,
    ):
        next(event for event in events if event["type"] == "text-delta")
        assert client.http.post(f"/api/runs/{answer.run_id}/cancel").status_code == 202
        list(events)

    assert [event["type"] for event in answer.events[-2:]] == ["abort", "finish-step"]
    assert reply(client, conversation)["run"]["state"] == "cancelled"
    assert reply(client, conversation)["parts"][-1] == {"type": "text", "text": "Begun"}
    eventually(lambda: model.aborted > aborted)
    (step,) = steps_of(module_stack, answer)
    assert step["error"] == "CancelledError"
    model.release()
    assert client.ask("{{say On we go.}}", conversation, agent=agent).text == "On we go."
    assert "Begun" in str(model.requests[-1]["messages"])


def test_an_answer_that_takes_too_long(module_stack: Stack, model: ScriptedModel, ada: Person, agent: str) -> None:
    hasty = start_api(module_stack, model, RUN_TIME_LIMIT="4")
    with ChatClient(hasty.url, ada) as client:
        conversation = new_id()
        answer = client.ask("{{every 300}}{{words 60}}", conversation, agent=agent)
        (problem,) = answer.of("data-problem")
        assert problem["data"]["type"] == "/problems/run-timeout"
        assert run_of(module_stack, answer)["state"] == "failed"
        assert reply(client, conversation)["parts"][-1]["text"].startswith("word0 word1")


def test_a_model_that_falls_silent(client: ChatClient, agent: str) -> None:
    began = time.monotonic()
    answer = client.ask("{{every 20000}}{{words 9}}", agent=agent)
    (problem,) = answer.of("data-problem")
    assert problem["data"]["type"] == "/problems/run-timeout"
    assert time.monotonic() - began < 15


def test_a_model_that_does_not_begin(client: ChatClient, agent: str) -> None:
    began = time.monotonic()
    answer = client.ask("{{late 20000}}{{words 9}}", agent=agent)
    assert answer.of("data-problem")
    assert time.monotonic() - began < 15


@pytest.mark.parametrize(
    ("reason", "problem"), [("length", "model-misbehaved"), ("content_filter", "content-filtered")]
)
def test_what_would_come_again_is_not_asked_again(
    client: ChatClient, model: ScriptedModel, agent: str, reason: str, problem: str
) -> None:
    asked = len(model.requests)
    answer = client.ask(f"{{{{think Hmm.}}}}{{{{words 0}}}}{{{{end {reason}}}}}", agent=agent)
    assert answer.of("data-problem")[0]["data"]["type"] == f"/problems/{problem}"
    assert len(model.requests) == asked + 1


@pytest.mark.parametrize("mode", MODES)
def test_blank_instructions_are_none(client: ChatClient, model: ScriptedModel, mode: str) -> None:
    agent = make(client, deployment={"instructions": " \n ", "knowledge": {"mode": mode}})
    assert client.ask("{{say Free.}}", agent=agent).text == "Free."
    assert told(model) == "[]"


def test_a_history_that_is_out_of_order(client: ChatClient, api: Service, model: ScriptedModel, agent: str) -> None:
    key = make_key(client)["key"]
    said = [("user", "A?"), ("assistant", "B"), ("assistant", "C"), ("user", "D."), ("user", "{{say Well.}}")]
    messages = [{"role": role, "content": text} for role, text in said]
    with httpx.Client(base_url=api.url, headers=bearer(key)) as http:
        response = http.post("/v1/chat/completions", json={"model": agent, "messages": messages})
    assert response.json()["choices"][0]["message"]["content"] == "Well."
    roles = [message["role"] for message in model.requests[-1]["messages"]]
    assert roles == ["system", "user", "assistant", "user", "user"]


@pytest.mark.parametrize(
    ("order", "problem"),
    [("{{status 401}}", "model-key-refused"), ("{{drop 2}}{{words 9}}", "model-unreachable")],
)
def test_a_model_that_fails(client: ChatClient, module_stack: Stack, agent: str, order: str, problem: str) -> None:
    answer = client.ask(order, agent=agent)
    assert answer.of("data-problem")[0]["data"]["type"] == f"/problems/{problem}"
    assert run_of(module_stack, answer)["state"] == "failed"


def test_a_model_that_says_nothing_is_asked_again(client: ChatClient, model: ScriptedModel, agent: str) -> None:
    asked = len(model.requests)
    answer = client.ask("{{words 0}}", agent=agent)
    (problem,) = answer.of("data-problem")
    assert problem["data"]["type"] == "/problems/model-misbehaved"
    assert len(model.requests) - asked > 1


def test_a_tool_that_is_not_there(client: ChatClient, module_stack: Stack, agent: str) -> None:
    answer = client.ask("{{call dig {}}}{{say Without it, then.}}", agent=agent)
    assert answer.text == "Without it, then."
    run = run_of(module_stack, answer)
    steps = steps_of(module_stack, answer)
    # What was asked in vain is counted too.
    assert [step["kind"] for step in steps].count("model") == 2
    assert run["input_tokens"] == sum(step["input_tokens"] for step in steps) == 20


def test_a_conversation_goes_on_without_the_tools_that_it_began_with(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    tools, none = (make(client, deployment={"knowledge": {"mode": mode}}) for mode in ("tool", "off"))
    client.ask('{{call search_knowledge {"query": "x"}}}{{say Found nothing.}}', conversation, agent=tools)
    assert client.ask("{{say Never mind.}}", conversation, agent=none).text == "Never mind."
    assert "Found nothing." in str(model.requests[-1]["messages"])


@pytest.mark.parametrize("stream", [False, True])
def test_a_program_that_leaves_stops_the_model(
    client: ChatClient, api: Service, module_stack: Stack, model: ScriptedModel, agent: str, stream: bool
) -> None:
    key = make_key(client)["key"]
    model.released.clear()
    aborted = model.aborted
    leave_while_held(api.url, key, model=agent, stream=stream)
    eventually(lambda: model.aborted == aborted + 1)
    model.release()
    newest = "/rest/v1/runs?order=created_at.desc&limit=1"
    eventually(lambda: module_stack.get(newest, apikey=module_stack.service_key)[0]["state"] == "cancelled")


def test_a_text_that_holds_a_tag_in_pieces(client: ChatClient, api: Service, agent: str) -> None:
    key = make_key(client)["key"]
    with openai.OpenAI(base_url=f"{api.url}/v1", api_key=key, max_retries=0) as program:
        text = 'Write <think > so, and < think> so; never\u2060joined, naïve: 猫 🐈 \\ "quoted"'
        messages: Any = [{"role": "user", "content": f"{{{{say {text}}}}}"}]
        with program.chat.completions.create(model=agent, messages=messages, stream=True) as stream:
            said = "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices)
        whole = program.chat.completions.create(model=agent, messages=messages)
    assert said == whole.choices[0].message.content
    assert said.replace("\u2060", "") == text.replace("\u2060", "")
