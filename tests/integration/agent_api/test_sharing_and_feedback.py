"""What people think of answers, and links by which others read a conversation."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.stack import Person, Service, Stack


@pytest.fixture
def client(connect: Connect, module_stack: Stack, ada: Person) -> ChatClient:
    """A member of one's own for each test."""
    return connect(module_stack.sign_up(f"{new_id()}@example.com"))


def _answered(client: ChatClient, question: str) -> tuple[str, str]:
    """A conversation and its answer's feedback path."""
    conversation = new_id()
    answer = client.ask(question, conversation)
    return conversation, f"/api/conversations/{conversation}/messages/{answer.message_id}/feedback"


def test_feedback_is_kept_changed_and_taken_back(client: ChatClient) -> None:
    conversation, path = _answered(client, "How many eggs?")
    assert client.http.put(path, json={"rating": "down", "comment": "Too few."}).json() == {
        "rating": "down", "comment": "Too few.", "include_text": False,
    }  # fmt: skip
    client.http.put(path, json={"rating": "up"})
    messages = client.conversation(conversation)["messages"]
    assert [message["feedback"] for message in messages] == [
        None, {"rating": "up", "comment": "", "include_text": False},
    ]  # fmt: skip
    assert client.http.delete(path).status_code == 204
    assert client.http.delete(path).status_code == 404
    assert client.conversation(conversation)["messages"][1]["feedback"] is None


def test_admins_read_feedback_and_words_only_where_they_are_included(
    client: ChatClient, connect: Connect, ada: Person
) -> None:
    admin = connect(ada).http
    comment = new_id()
    _, path = _answered(client, "A secret question")
    client.http.put(path, json={"rating": "down", "comment": comment})

    def line() -> dict[str, Any]:
        items = admin.get("/api/feedback", params={"rating": "down"}).json()["items"]
        return next(item for item in items if item["comment"] == comment)

    assert (line()["question"], line()["answer"], line()["agent_slug"]) == (None, None, "guide")
    client.http.put(path, json={"rating": "down", "comment": comment, "include_text": True})
    assert line()["question"] == "A secret question"
    assert line()["answer"]
    assert admin.get("/api/agents/guide").json()["activity"]["disliked"] >= 1


def test_feedback_comes_in_pages_newest_first(client: ChatClient, connect: Connect, ada: Person) -> None:
    admin = connect(ada).http
    comments = [new_id() for _ in range(3)]
    for comment in comments:
        client.http.put(_answered(client, "Again?")[1], json={"rating": "up", "comment": comment})
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = admin.get("/api/feedback", params={"limit": 1, **({"cursor": cursor} if cursor else {})}).json()
        seen += [item["comment"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == comments[::-1]
    assert admin.get("/api/feedback", params={"cursor": "nonsense"}).status_code == 400


def test_nobody_judges_somebody_elses_answer_or_a_question(client: ChatClient, connect: Connect, bob: Person) -> None:
    conversation, path = _answered(client, "Mine")
    assert connect(bob).http.put(path, json={"rating": "up"}).status_code == 404
    question = client.conversation(conversation)["messages"][0]["id"]
    path = f"/api/conversations/{conversation}/messages/{question}/feedback"
    assert client.http.put(path, json={"rating": "up"}).status_code == 404


def test_feedback_goes_with_its_conversation(client: ChatClient, connect: Connect, ada: Person) -> None:
    conversation, path = _answered(client, "Soon gone")
    comment = new_id()
    client.http.put(path, json={"rating": "up", "comment": comment})
    client.http.delete(f"/api/conversations/{conversation}")
    assert comment not in connect(ada).http.get("/api/feedback").text


def test_a_link_shows_what_had_been_said_to_anybody(client: ChatClient, api: Service) -> None:
    conversation, _ = _answered(client, "First question {{think hidden thoughts}}")
    made = client.http.post(f"/api/conversations/{conversation}/links", json={})
    assert made.status_code == 201, made.text
    client.ask("Second question", conversation)

    shown = httpx.get(f"{api.url}/api/shared/{made.json()['token']}")

    assert shown.status_code == 200
    assert shown.headers["x-robots-tag"] == "noindex"
    assert [message["role"] for message in shown.json()["messages"]] == ["user", "assistant"]
    assert shown.json()["messages"][0]["text"].startswith("First question")
    assert "Second question" not in shown.text
    assert [link["views"] for link in client.http.get("/api/links").json()["items"]] == [1]
    assert made.json()["token"] not in client.http.get("/api/links").text


def test_a_link_names_sources_and_keeps_their_passages(client: ChatClient, api: Service, module_stack: Stack) -> None:
    conversation, _ = _answered(client, "Cite this")
    part = {"type": "data-citation", "data": {"n": 1, "title": "Rules", "place": "page 3", "passage": "the passage"}}
    message = client.conversation(conversation)["messages"][1]
    module_stack.request(
        "PATCH", f"/rest/v1/messages?id=eq.{message['id']}", {"parts": [part, *message["parts"]]}, None,
        {"apikey": module_stack.service_key},
    )  # fmt: skip
    token = client.http.post(f"/api/conversations/{conversation}/links", json={}).json()["token"]
    shown = httpx.get(f"{api.url}/api/shared/{token}")
    assert shown.json()["messages"][1]["sources"] == [{"n": 1, "title": "Rules", "place": "page 3"}]
    assert "the passage" not in shown.text


def test_a_link_that_is_taken_back_or_expired_shows_nothing(
    client: ChatClient, api: Service, connect: Connect, ada: Person, bob: Person
) -> None:
    conversation, _ = _answered(client, "For a while")
    links = f"/api/conversations/{conversation}/links"
    soon = (datetime.now(UTC) + timedelta(milliseconds=700)).isoformat()
    expiring = client.http.post(links, json={"expires_at": soon}).json()
    taken, other = client.http.post(links, json={}).json(), client.http.post(links, json={}).json()
    assert connect(bob).http.delete(f"/api/links/{taken['id']}").status_code == 404
    assert client.http.delete(f"/api/links/{taken['id']}").status_code == 204
    assert connect(ada).http.delete(f"/api/links/{other['id']}").status_code == 204
    past = {"expires_at": "2020-01-01T00:00:00Z"}
    assert client.http.post(links, json=past).json()["type"] == "/problems/expiry-in-the-past"
    deadline = datetime.now(UTC) + timedelta(seconds=10)
    while httpx.get(f"{api.url}/api/shared/{expiring['token']}").status_code == 200:
        assert datetime.now(UTC) < deadline
    for link in (taken, other, expiring):
        gone = httpx.get(f"{api.url}/api/shared/{link['token']}")
        assert (gone.status_code, gone.json()["type"]) == (404, "/problems/link-not-found")


def test_links_are_ones_own_and_admins_see_all(client: ChatClient, connect: Connect, ada: Person, bob: Person) -> None:
    conversation, _ = _answered(client, "Whose link?")
    link = client.http.post(f"/api/conversations/{conversation}/links", json={}).json()
    assert connect(bob).http.post(f"/api/conversations/{conversation}/links", json={}).status_code == 404
    assert connect(bob).http.get("/api/links").json()["items"] == []
    assert connect(bob).http.get("/api/links", params={"everybody": True}).status_code == 403
    everybody = connect(ada).http.get("/api/links", params={"everybody": True, "conversation_id": conversation})
    assert [each["id"] for each in everybody.json()["items"]] == [link["id"]]
    actions = connect(ada).http.get("/api/audit", params={"subject_id": conversation}).json()["items"]
    assert [line["action"] for line in actions] == ["share.create"]
