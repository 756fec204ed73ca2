"""Conversations listed, renamed, found, archived and deleted."""

import time

import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Stack


@pytest.fixture
def client(connect: Connect, module_stack: Stack) -> ChatClient:
    """A person of one's own for each test."""
    return connect(module_stack.sign_up(f"{new_id()}@example.com"))


def test_the_list_is_newest_first_and_comes_in_pages(client: ChatClient) -> None:
    ids = [new_id() for _ in range(5)]
    for i, conversation in enumerate(ids):
        client.ask(f"Question {i}", conversation)
    client.ask("One more", ids[1])

    seen: list[str] = []
    cursor = None
    while True:
        page = client.http.get("/api/conversations", params={"limit": 2, **({"cursor": cursor} if cursor else {})})
        seen += [item["id"] for item in page.json()["items"]]
        cursor = page.json()["next_cursor"]
        if cursor is None:
            break
    assert seen == [ids[1], ids[4], ids[3], ids[2], ids[0]]


def test_a_title_is_made_of_the_question_and_can_be_changed(client: ChatClient) -> None:
    conversation = new_id()
    client.ask("How long   is\nthe warranty?", conversation)
    assert client.conversation(conversation)["title"] == "How long is the warranty?"

    changed = client.http.patch(f"/api/conversations/{conversation}", json={"title": "Warranty", "pinned": True})
    assert changed.status_code == 200
    assert (changed.json()["title"], changed.json()["pinned"]) == ("Warranty", True)
    assert changed.json()["agent_slug"] == "guide"


def test_search_takes_words_as_they_are(client: ChatClient) -> None:
    client.ask("All about 100% cotton", "cotton-" + new_id())
    client.ask("All about 1000 cottons", "cottons-" + new_id())

    def found(query: str) -> list[str]:
        items = client.http.get("/api/conversations", params={"q": query}).json()["items"]
        return [item["title"] for item in items]

    assert found("100%") == ["All about 100% cotton"]
    assert len(found("COTTON")) == 2
    assert found("50_") == []


def test_what_was_said_is_found_with_an_excerpt(client: ChatClient, connect: Connect, bob: Person) -> None:
    conversation = new_id()
    client.ask("Tell me of birds", conversation)
    client.ask("And what does a capercaillie eat in winter?", conversation)
    client.ask("Something else")

    def found(query: str) -> list[tuple[str, str | None]]:
        items = client.http.get("/api/conversations", params={"q": query}).json()["items"]
        return [(item["title"], item["excerpt"]) for item in items]

    assert [title for title, _ in found("capercai")] == ["Tell me of birds"]
    assert "capercaillie" in str(found("winter CAPERCAILLIE")[0][1])
    assert found("birds & ! ( | \\'")[0][0] == "Tell me of birds"
    assert connect(bob).http.get("/api/conversations", params={"q": "capercaillie"}).json()["items"] == []


def test_pinned_conversations_come_first_whatever_the_page(client: ChatClient) -> None:
    ids = [new_id() for _ in range(4)]
    for conversation in ids:
        client.ask("Hello", conversation)
    client.http.patch(f"/api/conversations/{ids[0]}", json={"pinned": True})
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        page = client.http.get("/api/conversations", params={"limit": 1, **({"cursor": cursor} if cursor else {})})
        seen += [item["id"] for item in page.json()["items"]]
        cursor = page.json()["next_cursor"]
    assert (seen, cursor) == ([ids[0], ids[3], ids[2], ids[1]], None)


def test_archived_conversations_are_listed_apart(client: ChatClient) -> None:
    conversation = new_id()
    client.ask("Old stuff", conversation)
    client.http.patch(f"/api/conversations/{conversation}", json={"archived": True})

    assert client.http.get("/api/conversations").json()["items"] == []
    assert len(client.http.get("/api/conversations?archived=true").json()["items"]) == 1


def test_deleting_takes_the_words_and_leaves_the_accounts(client: ChatClient, module_stack: Stack) -> None:
    conversation = new_id()
    answer = client.ask("{{say Forget me.}}", conversation)
    assert client.http.delete(f"/api/conversations/{conversation}").status_code == 204

    assert client.http.get(f"/api/conversations/{conversation}").status_code == 404
    service = module_stack.service_key
    messages = module_stack.get(f"/rest/v1/messages?conversation_id=eq.{conversation}", apikey=service)
    runs = module_stack.get(
        f"/rest/v1/runs?id=eq.{answer.run_id}&select=state,output_tokens,conversation_id", apikey=service
    )
    steps = module_stack.get(f"/rest/v1/run_steps?run_id=eq.{answer.run_id}", apikey=service)
    assert messages == []
    assert steps == []
    assert runs == [{"state": "finished", "output_tokens": 2, "conversation_id": None}]


def test_the_branch_that_is_shown_can_be_chosen(client: ChatClient) -> None:
    conversation = new_id()
    first = client.ask("{{say x}}", conversation)
    client.regenerate(conversation)

    url = f"/api/conversations/{conversation}"
    assert client.http.patch(url, json={"head_id": first.message_id}).status_code == 200
    assert client.conversation(conversation)["head_id"] == first.message_id
    assert client.http.patch(url, json={"head_id": "unheard-of"}).status_code == 404


def test_deleting_a_conversation_ends_its_run_and_nothing_is_written_afterwards(
    client: ChatClient, model: ScriptedModel, module_stack: Stack
) -> None:
    conversation = new_id()
    model.released.clear()
    aborted = model.aborted
    with client.asking(client.body("{{hold}}{{say Begun but never ended}}", conversation)) as (answer, events):
        next(event for event in events if event["type"] == "text-delta")
        assert client.http.delete(f"/api/conversations/{conversation}").status_code == 204
        list(events)

    deadline = time.monotonic() + 15
    while model.aborted == aborted:
        assert time.monotonic() < deadline, "the provider's call goes on"
        time.sleep(0.1)
    runs = f"/rest/v1/runs?id=eq.{answer.run_id}&select=state,partial"
    assert module_stack.get(runs, apikey=module_stack.service_key) == [{"state": "cancelled", "partial": None}]
    steps = f"/rest/v1/run_steps?run_id=eq.{answer.run_id}&select=name"
    assert module_stack.get(steps, apikey=module_stack.service_key) == []
    assert client.http.get(f"/api/conversations/{conversation}").status_code == 404
