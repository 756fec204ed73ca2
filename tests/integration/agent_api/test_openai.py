"""The official ``openai`` client talks to agents, unmodified."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from tests.integration.agent_api.conftest import start_api
from tests.support.chat import ChatClient
from tests.support.keys import bearer, complete, leave_while_held, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def key(api: Service, ada: Person) -> str:
    with ChatClient(api.url, ada) as client:
        return str(make_key(client)["key"])


@pytest.fixture
def client(api: Service, key: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{api.url}/v1", api_key=key, max_retries=0) as client:
        yield client


def _ask(client: openai.OpenAI, text: str, **more: Any) -> Any:
    create: Any = client.chat.completions.create
    return create(model="guide", messages=[{"role": "user", "content": text}], **more)


def test_agents_are_models(client: openai.OpenAI) -> None:
    models = client.models.list().data
    assert "guide" in [model.id for model in models]
    guide = client.models.retrieve("guide")
    assert guide.object == "model"
    assert guide.created > 1_700_000_000
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("nobody")


def test_a_whole_completion(client: openai.OpenAI) -> None:
    completion = _ask(client, "{{say Refunds take 30 days.}}")

    assert completion.object == "chat.completion"
    assert completion.model == "guide"
    assert completion.choices[0].message.content == "Refunds take 30 days."
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.completion_tokens == 4
    assert completion.usage.total_tokens == completion.usage.prompt_tokens + 4
    assert completion.choices[0].message.model_extra["citations"] == []
    assert completion._request_id


def test_a_stream(client: openai.OpenAI) -> None:
    chunks: list[Any] = list(_ask(client, "{{every 20}}{{words 20}}", stream=True))

    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == " ".join(f"word{i}" for i in range(20))
    # Role, words and end; words that the model sends together may be one.
    assert 4 <= len(chunks) <= 22
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "stop"
    assert {chunk.id for chunk in chunks} == {chunks[0].id}
    assert all(chunk.usage is None for chunk in chunks)


def test_a_stream_with_usage(client: openai.OpenAI) -> None:
    chunks: list[Any] = list(_ask(client, "{{words 5}}", stream=True, stream_options={"include_usage": True}))

    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 5
    assert all(chunk.usage is None for chunk in chunks[:-1])


def test_the_clients_own_stream_helper(client: openai.OpenAI) -> None:
    messages: Any = [{"role": "user", "content": "{{say one two}}"}]
    with client.chat.completions.stream(model="guide", messages=messages) as stream:
        for _ in stream:
            pass
        assert stream.get_final_completion().choices[0].message.content == "one two"


def test_reasoning_is_shown_apart(client: openai.OpenAI) -> None:
    chunks: list[Any] = list(_ask(client, "{{think Let me see.}}{{say Yes}}", stream=True))

    extras: list[dict[str, Any]] = [chunk.choices[0].delta.model_extra or {} for chunk in chunks]
    reasoning = [extra.get("reasoning_content") for extra in extras]
    assert "".join(piece for piece in reasoning if piece) == "Let me see."
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == "Yes"


def test_the_history_is_the_clients(client: openai.OpenAI, model: ScriptedModel, adas: ChatClient) -> None:
    before = len(adas.http.get("/api/conversations").json()["items"])
    messages: Any = [
        {"role": "system", "content": "Speak like a pirate."},
        {"role": "user", "content": [{"type": "text", "text": "My name is Ada."}]},
        {"role": "assistant", "content": "Hello Ada."},
        {"role": "user", "content": "{{say Ada}} What is my name?"},
    ]
    client.chat.completions.create(model="guide", messages=messages, temperature=0.25, max_tokens=50, stop=["END"])

    sent = model.requests[-1]
    texts = [(message["role"], message["content"]) for message in sent["messages"]]
    assert ("system", "Speak like a pirate.") in texts
    assert ("user", "My name is Ada.") in texts
    assert ("assistant", "Hello Ada.") in texts
    assert texts[-1][0] == "user"
    assert sent["temperature"] == 0.25
    assert sent["stop"] == ["END"]
    assert 50 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
    assert len(adas.http.get("/api/conversations").json()["items"]) == before


def test_tools_are_hidden_and_sources_are_told(
    client: openai.OpenAI, module_stack: Stack, ada: Person, adas: ChatClient
) -> None:
    question = '{{call search_knowledge {"query": "anything"}}}{{say Done [1].}}'
    whole = _ask(client, question)
    assert whole.choices[0].message.content == "Done [1]."
    assert whole.choices[0].message.tool_calls is None
    assert whole.choices[0].finish_reason == "stop"
    chunks: list[Any] = list(_ask(client, question, stream=True))
    assert all(chunk.choices[0].delta.tool_calls is None for chunk in chunks)
    assert "citations" in (chunks[-1].choices[0].delta.model_extra or {})


@pytest.mark.parametrize(
    ("body", "status", "code", "param"),
    [
        ({"model": "nobody"}, 404, "agent-not-found", "model"),
        ({"model": "No Such"}, 404, "agent-not-found", "model"),
        ({"messages": []}, 422, "invalid-request", "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, 400, "question-missing", "messages.0"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, 400, "question-missing", "messages.0"),
        ({"messages": [{"role": "user", "content": "a\x00b"}]}, 422, "question-invalid", "messages.0.content"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, 422, "invalid-request", "messages.0.role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://x"}}]}]},
            400,
            "content-not-supported",
            "messages.0.content",
        ),
        ({"n": 2}, 400, "parameter-not-supported", "n"),
        ({"tools": [{"type": "function", "function": {"name": "x"}}]}, 400, "parameter-not-supported", "tools"),
        ({"response_format": {"type": "json_object"}}, 400, "parameter-not-supported", "response_format"),
        ({"temperature": 9}, 422, "invalid-request", "temperature"),
        ({"messages": [{"role": "user", "content": "x" * 300_000}]}, 413, "question-too-long", "messages.0.content"),
    ],
)
def test_what_is_refused(adas: ChatClient, key: str, body: dict[str, Any], status: int, code: str, param: str) -> None:
    wanted = {"model": "guide", "messages": [{"role": "user", "content": "hello"}]} | body
    response = adas.http.post("/v1/chat/completions", json=wanted, headers=bearer(key))

    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert (error["code"], error["param"]) == (code, param)
    assert error["type"] == "invalid_request_error"
    assert error["message"]


def test_a_body_that_is_no_json(adas: ChatClient, key: str) -> None:
    headers = bearer(key) | {"content-type": "application/json"}
    response = adas.http.post("/v1/chat/completions", content=b"{nonsense", headers=headers)
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "malformed-json"


@pytest.mark.parametrize("stream", [False, True])
def test_a_failure_of_the_model_has_its_status_as_long_as_nothing_was_said(client: openai.OpenAI, stream: bool) -> None:
    with pytest.raises(openai.APIStatusError) as refused:
        _ask(client, "{{status 401}}", stream=stream)
    assert refused.value.status_code == 502
    assert refused.value.code == "model-key-refused"
    assert "sk-very-secret" not in str(refused.value)
    with pytest.raises(openai.RateLimitError):
        _ask(client, "{{status 429}}", stream=stream)


def test_a_failure_after_the_first_word_is_an_event(client: openai.OpenAI) -> None:
    heard: list[str] = []

    def listen() -> None:
        for chunk in _ask(client, "{{drop 2}}{{say one two three}}", stream=True):
            heard.append(chunk.choices[0].delta.content or "")

    with pytest.raises(openai.APIError) as broken:
        listen()
    assert "".join(heard).strip().startswith("one")
    assert broken.value.code
    assert not isinstance(broken.value, openai.APIStatusError)


@pytest.mark.parametrize("stream", [False, True])
def test_who_leaves_stops_the_model(api: Service, key: str, model: ScriptedModel, stream: bool) -> None:
    model.released.clear()
    aborted, count = model.aborted, len(model.requests)
    leave_while_held(api.url, key, stream=stream)
    assert len(model.requests) == count + 1
    _until(lambda: model.aborted == aborted + 1)
    model.release()


def test_a_repeated_request_runs_once(client: openai.OpenAI, model: ScriptedModel) -> None:
    headers = {"Idempotency-Key": "order-1"}
    count = len(model.requests)

    first = _ask(client, "{{say once only}}", extra_headers=headers)
    again = _ask(client, "{{say once only}}", extra_headers=headers)
    streamed: list[Any] = list(_ask(client, "{{say once only}}", extra_headers=headers, stream=True))

    assert len(model.requests) == count + 1
    assert again.id == first.id
    assert again.choices[0].message.content == "once only"
    assert "".join(chunk.choices[0].delta.content or "" for chunk in streamed) == "once only"
    with pytest.raises(openai.UnprocessableEntityError) as refused:
        _ask(client, "{{say something else}}", extra_headers=headers)
    assert refused.value.code == "idempotency-key-reused"


def test_a_repeated_request_after_a_restart(module_stack: Stack, model: ScriptedModel, api: Service, key: str) -> None:
    other = start_api(module_stack, model)
    with httpx.Client(timeout=30) as http:
        headers = bearer(key) | {"Idempotency-Key": "order-2"}
        body = {"model": "guide", "messages": [{"role": "user", "content": "{{say kept}}"}]}
        first = http.post(f"{api.url}/v1/chat/completions", json=body, headers=headers).json()
        count = len(model.requests)
        again = http.post(f"{other.url}/v1/chat/completions", json=body, headers=headers).json()
        streamed = http.post(f"{other.url}/v1/chat/completions", json=body | {"stream": True}, headers=headers)
    assert len(model.requests) == count
    assert again["id"] == first["id"]
    assert again["choices"] == first["choices"]
    assert again["usage"]["total_tokens"] == first["usage"]["total_tokens"]
    events = [json.loads(line[6:]) for line in streamed.text.splitlines() if line.startswith("data: {")]
    assert "".join(event["choices"][0]["delta"].get("content", "") for event in events) == "kept"
    assert streamed.text.endswith("data: [DONE]\n\n")


def test_one_who_left_comes_back_for_the_answer(api: Service, key: str, model: ScriptedModel) -> None:
    headers = bearer(key) | {"Idempotency-Key": "order-3"}
    body = {"model": "guide", "messages": [{"role": "user", "content": "{{hold}}{{say here you are}}"}]}
    model.released.clear()
    count, aborted = len(model.requests), model.aborted
    with httpx.Client(base_url=api.url, headers=headers) as http:
        with pytest.raises(httpx.ReadTimeout):
            http.post("/v1/chat/completions", json=body, timeout=1)
        threading.Timer(0.5, model.release).start()
        answer = http.post("/v1/chat/completions", json=body, timeout=20)
    assert answer.json()["choices"][0]["message"]["content"] == "here you are"
    assert (len(model.requests), model.aborted) == (count + 1, aborted)


def test_at_the_same_moment_it_runs_once(api: Service, key: str, model: ScriptedModel) -> None:
    count = len(model.requests)
    headers = bearer(key) | {"Idempotency-Key": "order-4"}
    body = {"model": "guide", "messages": [{"role": "user", "content": "{{every 50}}{{words 6}}"}]}
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(httpx.post(f"{api.url}/v1/chat/completions", json=body, headers=headers, timeout=30))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(model.requests) == count + 1


def test_a_request_that_failed_may_be_tried_again(client: openai.OpenAI, model: ScriptedModel) -> None:
    headers = {"Idempotency-Key": "order-5"}
    count = len(model.requests)
    for _ in range(2):
        with pytest.raises(openai.APIStatusError):
            _ask(client, "{{status 400}}", extra_headers=headers)
    assert len(model.requests) == count + 2


def test_an_access_token_opens_the_door_too(adas: ChatClient, ada: Person) -> None:
    assert complete(adas.http, ada.access_token).json()["choices"][0]["message"]["content"] == "yes"


def test_a_run_is_in_the_accounts_without_its_words(client: openai.OpenAI, module_stack: Stack, ada: Person) -> None:
    completion = _ask(client, "{{say counted but not kept}}")
    run_id = completion.id.removeprefix("chatcmpl-")
    [run] = module_stack.get(f"/rest/v1/runs?id=eq.{run_id}&select=*", ada)
    assert (run["state"], run["door"], run["output_tokens"]) == ("finished", "openai", 4)
    assert run["api_key_id"] is not None
    assert run["conversation_id"] is None
    assert "counted" not in json.dumps(run)


def _until(condition: Any, seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
