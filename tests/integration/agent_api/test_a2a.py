"""Other agents talk to ours by A2A, with the library's own client and in the form of version 1.0."""

import threading
import time
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fasta2a.client import A2AClient  # pyright: ignore[reportMissingTypeStubs]
from fasta2a.schema import Message, Part  # pyright: ignore[reportMissingTypeStubs]

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.keys import bearer, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service


@pytest.fixture(scope="module")
def key(api: Service, ada: Person) -> str:
    with ChatClient(api.url, ada) as client:
        return str(make_key(client)["key"])


@pytest.fixture
async def client(api: Service, key: str) -> AsyncIterator[A2AClient]:
    async with httpx.AsyncClient(headers=bearer(key), timeout=30) as http:
        card = (await http.get(f"{api.url}/a2a/guide/.well-known/agent-card.json")).json()
        yield A2AClient(card["supportedInterfaces"][0]["url"], http)


def _message(text: str, **more: Any) -> Message:
    return Message(role="user", parts=[Part(text=text)], message_id=str(uuid.uuid4()), **more)


def _result(response: Any) -> Any:
    assert "result" in response, response
    return response["result"]


def _post(api: Service, key: str, method: str, agent: str = "guide", **params: Any) -> Any:
    body = {"jsonrpc": "2.0", "id": 7, "method": method, "params": params}
    return httpx.post(f"{api.url}/a2a/{agent}", json=body, headers=bearer(key), timeout=30).json()


def test_the_card(api: Service, key: str) -> None:
    card = httpx.get(f"{api.url}/.well-known/agent-card.json", headers=bearer(key)).json()
    assert card["name"] == "Guide"
    assert card["capabilities"]["streaming"] is True
    assert card["supportedInterfaces"][0]["url"] == f"{api.url}/a2a/guide"
    assert httpx.get(f"{api.url}/.well-known/agent-card.json").status_code == 401
    assert httpx.get(f"{api.url}/a2a/nobody/.well-known/agent-card.json", headers=bearer(key)).status_code == 404


async def test_a_message_becomes_a_task(client: A2AClient) -> None:
    task = _result(await client.send_message(_message("{{say Four, of course.}}")))["task"]

    assert task["status"]["state"] == "completed"
    assert task["artifacts"][0]["parts"][0]["text"] == "Four, of course."
    assert task["history"][0]["parts"][0]["text"] == "{{say Four, of course.}}"
    again = _result(await client.get_task(task["id"]))
    assert again["status"] == task["status"]
    assert again["artifacts"] == task["artifacts"]


async def test_a_context_is_a_conversation(
    client: A2AClient, model: ScriptedModel, connect: Connect, ada: Person
) -> None:
    first = _result(await client.send_message(_message("{{say One}}")))["task"]
    second = _result(await client.send_message(_message("{{say Two}}", context_id=first["context_id"])))["task"]

    assert second["context_id"] == first["context_id"]
    assert second["id"] != first["id"]
    assert "One" in str(model.requests[-1]["messages"])
    assert len(connect(ada).conversation(first["context_id"])["messages"]) == 4


async def test_a_stream(client: A2AClient) -> None:
    updates = [_result(update) async for update in client.stream_message(_message("{{every 20}}{{words 12}}"))]

    assert updates[0]["task"]["status"]["state"] == "working"
    chunks = [update["artifact_update"] for update in updates if "artifact_update" in update]
    assert "".join(chunk["artifact"]["parts"][0]["text"] for chunk in chunks[:-1]) == " ".join(
        f"word{i}" for i in range(12)
    )
    assert len(chunks) > 2
    assert [chunk["append"] for chunk in chunks[:-1]] == [False] + [True] * (len(chunks) - 2)
    assert chunks[-1]["last_chunk"] is True
    assert updates[-1]["status_update"]["status"]["state"] == "completed"


async def test_a_failure_is_told(client: A2AClient) -> None:
    task = _result(await client.send_message(_message("{{status 401}}")))["task"]
    assert task["status"]["state"] == "failed"
    assert "key" in task["status"]["message"]["parts"][0]["text"]
    updates = [_result(update) async for update in client.stream_message(_message("{{status 401}}"))]
    assert updates[-1]["status_update"]["status"]["state"] == "failed"
    assert "sk-very-secret" not in str(updates)


async def test_the_same_message_runs_once(client: A2AClient, model: ScriptedModel) -> None:
    message = _message("{{say once}}", context_id=new_id())
    first = _result(await client.send_message(message))["task"]
    count = len(model.requests)
    again = _result(await client.send_message(message))["task"]
    assert again["id"] == first["id"]
    assert len(model.requests) == count


def test_a_task_is_cancelled(api: Service, key: str, model: ScriptedModel) -> None:
    model.released.clear()
    aborted, count = model.aborted, len(model.requests)
    message = {"role": "ROLE_USER", "messageId": "x", "contextId": new_id(), "parts": [{"text": "{{hold}}{{say a b}}"}]}
    sent = _post(api, key, "SendMessage", message=message, configuration={"returnImmediately": True})
    task = sent["result"]["task"]
    assert task["status"]["state"] == "TASK_STATE_WORKING"
    model.wait_for_requests(count + 1)

    cancelled = _post(api, key, "CancelTask", id=task["id"])
    assert cancelled["result"]["status"]["state"] == "TASK_STATE_CANCELED"
    assert _post(api, key, "CancelTask", id=task["id"])["error"]["code"] == -32002
    deadline = time.monotonic() + 10
    while model.aborted == aborted:
        assert time.monotonic() < deadline, "the model was not stopped"
        time.sleep(0.05)
    model.release()


def test_a_task_is_picked_up_again(api: Service, key: str, model: ScriptedModel) -> None:
    model.released.clear()
    message = {"role": "ROLE_USER", "messageId": "x", "contextId": new_id(), "parts": [{"text": "{{hold}}{{say a b}}"}]}
    task = _post(api, key, "SendMessage", message=message, configuration={"returnImmediately": True})["result"]["task"]
    threading.Timer(0.5, model.release).start()
    body = {"jsonrpc": "2.0", "id": 1, "method": "SubscribeToTask", "params": {"id": task["id"]}}
    text = httpx.post(f"{api.url}/a2a/guide", json=body, headers=bearer(key), timeout=30).text
    assert '"TASK_STATE_COMPLETED"' in text
    assert '"a b"' in text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{nonsense", -32700),
        (b"[]", -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tasks/dance", "params": {}}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": {"id": "nonsense"}}', -32001),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "ListTasks", "params": {}}', -32004),
    ],
)
def test_what_is_refused(api: Service, key: str, body: bytes, code: int) -> None:
    response = httpx.post(f"{api.url}/a2a/guide", content=body, headers=bearer(key))
    assert response.status_code == 200
    assert response.json()["error"]["code"] == code


def test_questions_that_cannot_be_asked(api: Service, key: str) -> None:
    for parts, slug in [([{"text": " "}], "question-missing"), ([{"url": "http://x/a.png"}], "content-not-supported")]:
        message = {"role": "user", "messageId": "x", "parts": parts}
        error = _post(api, key, "message/send", message=message)["error"]
        assert error["data"]["type"] == f"/problems/{slug}"
    message = {"role": "user", "messageId": "x", "parts": [{"text": "hi"}]}
    assert _post(api, key, "message/send", agent="nobody", message=message)["error"]["code"] == -32600


async def test_a_context_of_the_same_plain_name_is_each_persons_own(
    client: A2AClient, api: Service, bob: Person, model: ScriptedModel
) -> None:
    message = {"role": "user", "messageId": "b1", "parts": [{"text": "{{say And Bob.}}"}], "contextId": "chat-1"}
    first = _result(await client.send_message(_message("{{say Ada was here.}}", context_id="chat-1")))["task"]
    of_bob = _post(api, bob.access_token, "message/send", message=message)["result"]["task"]

    assert first["context_id"] == of_bob["contextId"] == "chat-1"
    assert of_bob["artifacts"][0]["parts"][0]["text"] == "And Bob."
    assert "Ada was here." not in str(model.requests[-1]["messages"])
    again = _result(await client.send_message(_message("{{say Ada again.}}", context_id="chat-1")))["task"]
    assert again["context_id"] == "chat-1"
    assert "Ada was here." in str(model.requests[-1]["messages"])


async def test_a_second_person_and_a_second_agent(
    client: A2AClient, api: Service, key: str, bob: Person, connect: Connect, ada: Person, other_agent: str
) -> None:
    task = _result(await client.send_message(_message("{{say mine}}")))["task"]
    assert _post(api, bob.access_token, "GetTask", id=task["id"])["error"]["code"] == -32001
    assert _post(api, key, "GetTask", agent=other_agent, id=task["id"])["error"]["code"] == -32001
    scoped = make_key(connect(ada), agents=[other_agent])["key"]
    assert _post(api, scoped, "GetTask", id=task["id"])["error"]["code"] == -32001
