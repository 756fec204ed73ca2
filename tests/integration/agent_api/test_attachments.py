"""Files that are part of a question: checked by content, kept, shown again, and given to the model on every turn."""

import base64
import json
import zlib
from typing import Any

import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.agents import problem
from tests.support.chat import Answer, ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Stack


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    header = (1).to_bytes(4) * 2 + b"\x08\x02\x00\x00\x00"
    body = zlib.compress(b"\x00\xff\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def file_part(content: bytes, media_type: str, filename: str = "a.png") -> dict[str, Any]:
    url = f"data:{media_type};base64,{base64.b64encode(content).decode()}"
    return {"type": "file", "mediaType": media_type, "filename": filename, "url": url}


@pytest.fixture
def client(connect: Connect, ada: Person) -> ChatClient:
    return connect(ada)


def ask(client: ChatClient, text: str, *files: dict[str, Any], conversation: str | None = None) -> Answer:
    body = client.body(text, conversation or new_id())
    body["messages"][0]["parts"] += files
    with client.asking(body) as (answer, events):
        list(events)
    return answer


def told(model: ScriptedModel) -> str:
    return json.dumps([m["content"] for m in model.requests[-1]["messages"] if m["role"] == "user"])


def test_a_picture_reaches_the_model_and_stays_in_the_history(
    client: ChatClient, model: ScriptedModel, module_stack: Stack, ada: Person
) -> None:
    conversation = new_id()
    encoded = base64.b64encode(png()).decode()
    part = file_part(png(), "image/png")
    assert ask(client, "{{say A red dot.}}", part, conversation=conversation).text == "A red dot."
    assert f"data:image/png;base64,{encoded}" in told(model)

    question = client.conversation(conversation)["messages"][0]
    stored = question["parts"][1]
    assert (stored["mediaType"], stored["filename"]) == ("image/png", "a.png")
    shown = client.http.get(stored["url"])
    assert (shown.content, shown.headers["content-type"]) == (png(), "image/png")
    assert "sandbox" in shown.headers["content-security-policy"]

    client.ask("{{say It was red.}} What colour was it?", conversation)
    assert encoded in told(model)
    # Kept once, beside the messages and not within them.
    words = f"/rest/v1/messages?conversation_id=eq.{conversation}&select=parts,model_messages"
    rows = module_stack.get(words, apikey=module_stack.service_key)
    assert len(rows) == 4
    assert encoded not in json.dumps(rows)
    assert len(module_stack.get(f"/rest/v1/attachments?conversation_id=eq.{conversation}&select=id", ada)) == 1


def test_the_same_question_again_begins_nothing(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    body = client.body("{{say Once.}}", conversation, message_id="same")
    body["messages"][0]["parts"].append(file_part(png(), "image/png"))
    before = len(model.requests)
    for _ in range(2):
        with client.asking(body) as (answer, events):
            list(events)
        assert answer.text == "Once."
    assert len(model.requests) == before + 1


def test_a_text_is_read_as_text(client: ChatClient, model: ScriptedModel) -> None:
    part = file_part(b"name,price\nNut,3\n", "text/csv", "prices.csv")
    assert ask(client, "{{say Three.}}", part).text == "Three."
    assert "Nut,3" in told(model)


def test_a_question_is_edited_with_the_file_it_had(client: ChatClient, model: ScriptedModel) -> None:
    conversation = new_id()
    ask(client, "{{say One.}}", file_part(png(), "image/png"), conversation=conversation)
    stored = client.conversation(conversation)["messages"][0]["parts"][1]
    assert ask(client, "{{say Two.}} edited", stored, conversation=conversation).text == "Two."
    assert base64.b64encode(png()).decode() in told(model)


@pytest.mark.parametrize(
    ("part", "status", "slug"),
    [
        (file_part(b"<html><script>", "image/png"), 422, "attachment-not-supported"),
        (file_part(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"), 422, "attachment-not-supported"),
        (file_part(b"<html>", "text/html"), 422, "attachment-not-supported"),
        (file_part(b"MZ\x90\x00", "application/pdf"), 422, "attachment-not-supported"),
        (file_part(png(), "text/plain"), 422, "attachment-not-supported"),
        (file_part(b"", "image/png"), 422, "attachment-not-supported"),
        ({"type": "file", "mediaType": "image/png", "url": "http://127.0.0.1/a.png"}, 422, "attachment-not-readable"),
        (
            {"type": "file", "mediaType": "image/png", "url": "data:image/png;base64,!!!"},
            422,
            "attachment-not-readable",
        ),
        ({"type": "file", "mediaType": "image/png", "url": "file:///etc/passwd"}, 422, "attachment-not-readable"),
        (file_part(b"x" * 5_300_000, "text/plain"), 413, "attachment-too-large"),
        (
            {"type": "file", "url": "/api/attachments/00000000-0000-4000-8000-000000000000"},
            404,
            "attachment-not-found",
        ),
    ],
)
def test_files_that_are_not_taken(client: ChatClient, part: dict[str, Any], status: int, slug: str) -> None:
    conversation = new_id()
    body = client.body("Look at this", conversation)
    body["messages"][0]["parts"].append(part)
    assert problem(client.http.post("/api/chat", json=body), status, slug)
    assert client.http.get(f"/api/conversations/{conversation}").status_code == 404


def test_another_persons_file_is_out_of_reach(client: ChatClient, connect: Connect, bob: Person) -> None:
    conversation = new_id()
    ask(client, "{{say Mine.}}", file_part(png(), "image/png"), conversation=conversation)
    stored = client.conversation(conversation)["messages"][0]["parts"][1]
    bobs = connect(bob)
    problem(bobs.http.get(stored["url"]), 404, "attachment-not-found")
    assert ask(bobs, "hello", stored).problem["type"] == "/problems/attachment-not-found"


def test_with_a_conversation_go_its_files(client: ChatClient, module_stack: Stack, ada: Person) -> None:
    conversation = new_id()
    ask(client, "{{say Gone.}}", file_part(png(), "image/png"), conversation=conversation)
    assert client.http.delete(f"/api/conversations/{conversation}").status_code == 204
    assert module_stack.get(f"/rest/v1/attachments?conversation_id=eq.{conversation}&select=id", ada) == []
