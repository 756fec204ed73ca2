"""A second person sees nothing of the first one's conversations, by any way in."""

import httpx
import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.stack import HttpError, Person, Stack


@pytest.fixture
def secret(connect: Connect, ada: Person) -> tuple[str, ChatClient]:
    """A conversation of Ada's."""
    client = connect(ada)
    conversation = new_id()
    client.ask("{{say The treasure is under the oak.}}", conversation, message_id="q")
    return conversation, client


@pytest.fixture
def bobs(connect: Connect, bob: Person) -> httpx.Client:
    return connect(bob).http


def test_by_the_agent_api(secret: tuple[str, ChatClient], bobs: httpx.Client) -> None:
    conversation, adas = secret
    run_id = adas.conversation(conversation)["messages"][-1]["run"]["id"]

    assert bobs.get("/api/conversations").json()["items"] == []
    assert bobs.get(f"/api/conversations/{conversation}").status_code == 404
    assert bobs.patch(f"/api/conversations/{conversation}", json={"title": "mine"}).status_code == 404
    assert bobs.delete(f"/api/conversations/{conversation}").status_code == 404
    assert bobs.get(f"/api/chat/{conversation}/stream").status_code == 204
    assert bobs.post(f"/api/runs/{run_id}/cancel").status_code == 404
    assert adas.conversation(conversation)["title"] != "mine"


def test_by_asking_in_it(secret: tuple[str, ChatClient], connect: Connect, bob: Person) -> None:
    conversation, adas = secret
    bobs = connect(bob)

    assert bobs.ask("What was said here?", conversation).status == 404
    assert bobs.regenerate(conversation).status == 404
    assert len(adas.conversation(conversation)["messages"]) == 2


def test_by_the_rest_api(secret: tuple[str, ChatClient], module_stack: Stack, bob: Person, ada: Person) -> None:
    conversation, _ = secret
    for table in ("conversations", "runs", "run_steps", "deployments"):
        assert module_stack.get(f"/rest/v1/{table}?select=*", bob) == [], table
    words = f"/rest/v1/messages?select=id,parts&conversation_id=eq.{conversation}"
    assert module_stack.get(words, bob) == []
    assert module_stack.post("/rest/v1/rpc/get_conversation", {"p_id": conversation}, bob) is None
    assert [row["email"] for row in module_stack.get("/rest/v1/user_profiles?select=email", bob)] == [bob.email]
    assert len(module_stack.get(words, ada)) == 2
    # What the model was sent is nobody's to read: the agent's instructions are among it.
    with pytest.raises(HttpError, match="permission denied"):
        module_stack.get("/rest/v1/messages?select=model_messages", ada)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/rest/v1/messages", {"conversation_id": "{id}", "id": "x", "role": "assistant", "parts": []}),
        ("POST", "/rest/v1/conversations", {"id": "x", "user_id": "{ada}"}),
        ("PATCH", "/rest/v1/user_profiles?user_id=eq.{bob}", {"role": "admin"}),
        ("POST", "/rest/v1/rpc/begin_turn", {"p_user": "{ada}", "p_request": {}}),
        ("POST", "/rest/v1/rpc/finish_turn", {"p_run": "{ada}", "p_owner": "x", "p_result": {}}),
        ("POST", "/rest/v1/rpc/keep_runs", {"p_owner": "x", "p_runs": [], "p_lease_seconds": 1}),
        ("POST", "/rest/v1/rpc/interrupt_expired_runs", {}),
        ("POST", "/rest/v1/rpc/request_cancel", {"p_user": "{ada}", "p_run": "{ada}"}),
    ],
)
def test_what_is_the_services_alone_is_refused(
    secret: tuple[str, ChatClient],
    module_stack: Stack,
    ada: Person,
    bob: Person,
    method: str,
    path: str,
    body: dict[str, object],
) -> None:
    names = {"{id}": secret[0], "{ada}": str(ada.user_id), "{bob}": str(bob.user_id)}
    filled = {key: names.get(value, value) if isinstance(value, str) else value for key, value in body.items()}
    for person in (bob, None):
        with pytest.raises(HttpError) as refused:
            module_stack.request(method, path.replace("{bob}", str(bob.user_id)), filled, person, {})
        assert refused.value.status in (401, 403, 404), refused.value


def test_nobody_reads_nothing(secret: tuple[str, ChatClient], module_stack: Stack) -> None:
    for table in ("conversations", "messages", "runs", "agents", "user_profiles"):
        with pytest.raises(HttpError):
            module_stack.get(f"/rest/v1/{table}?select=*")


def test_the_first_to_sign_up_is_the_admin(connect: Connect, ada: Person, bob: Person) -> None:
    assert connect(ada).http.get("/api/me").json()["role"] == "admin"
    assert connect(bob).http.get("/api/me").json()["role"] == "member"
