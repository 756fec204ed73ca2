"""What is wrong is answered as a problem document with the right status, and never with 500."""

import json
import time
from typing import Any

import httpx
import jwt
import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import new_id
from tests.support.stack import Person, Service, Stack


def assert_problem(response: httpx.Response, status: int, problem: str | None = None) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert {"type", "title", "status", "detail"} <= body.keys()
    assert body["status"] == status
    if problem:
        assert body["type"] == f"/problems/{problem}"
    return body


def _token(stack: Stack, person: Person, **changes: Any) -> str:
    claims = jwt.decode(person.access_token, options={"verify_signature": False}) | changes
    return jwt.encode(claims, changes.pop("secret", stack.jwt_secret), algorithm="HS256")


@pytest.fixture
def http(connect: Connect, ada: Person) -> httpx.Client:
    return connect(ada).http


def test_without_a_token(connect: Connect) -> None:
    http = connect(None).http
    for method, path in [("GET", "/api/me"), ("GET", "/api/conversations"), ("POST", "/api/chat")]:
        response = http.request(method, path, json={} if method == "POST" else None)
        assert_problem(response, 401, "not-authenticated")
        assert response.headers["www-authenticate"] == "Bearer"


def test_with_a_token_that_is_wrong(connect: Connect, ada: Person, module_stack: Stack) -> None:
    http = connect(None).http
    claims = jwt.decode(ada.access_token, options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none")
    wrong = {
        "not a token": "nonsense",
        "other secret": _token(module_stack, ada, secret="another-secret-that-is-long-enough-to-be-one"),
        "unsigned": unsigned,
        "for another audience": _token(module_stack, ada, aud="anon"),
        "without a person": _token(module_stack, ada, sub="nobody"),
    }
    for what, token in wrong.items():
        response = http.get("/api/me", headers={"Authorization": f"Bearer {token}"})
        assert assert_problem(response, 401), what
    expired = _token(module_stack, ada, exp=int(time.time()) - 60)
    assert_problem(http.get("/api/me", headers={"Authorization": f"Bearer {expired}"}), 401, "token-expired")


def test_what_is_not_there(http: httpx.Client) -> None:
    assert_problem(http.get("/api/nothing"), 404)
    assert_problem(http.get("/nowhere"), 404)
    assert_problem(http.delete("/api/me"), 405)
    assert_problem(http.get(f"/api/conversations/{new_id()}"), 404, "conversation-not-found")
    assert_problem(http.delete(f"/api/conversations/{new_id()}"), 404, "conversation-not-found")
    assert_problem(http.patch(f"/api/conversations/{new_id()}", json={"title": "x"}), 404, "conversation-not-found")
    assert_problem(http.post("/api/runs/00000000-0000-4000-8000-000000000000/cancel"), 404, "run-not-found")
    assert_problem(http.post("/api/runs/guess/cancel"), 422, "invalid-request")


@pytest.mark.parametrize("time", ["0389-12-12T11:14:53+22:52", "2026-01-01T00:00:00+23:59", "4181-09-29T08:49:42Z"])
def test_times_that_the_database_would_not_take_as_they_are(http: httpx.Client, time: str) -> None:
    assert http.get("/api/search", params={"q": "bees", "modified_after": time}).status_code == 200
    assert http.get("/api/usage", params={"since": time}).status_code in {200, 422}
    assert http.get("/api/audit", params={"since": time}).status_code == 200
    assert http.post("/api/keys", json={"name": "report", "expires_at": time}).status_code in {201, 422}


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:00-01:00", "noon"])
def test_times_outside_of_all_calendars(http: httpx.Client, time: str) -> None:
    assert_problem(http.get("/api/audit", params={"since": time}), 422, "invalid-request")


def test_bodies_that_cannot_be_read(http: httpx.Client) -> None:
    json_type = {"content-type": "application/json"}
    assert_problem(http.post("/api/chat", content=b"{nonsense", headers=json_type), 400, "malformed-json")
    assert_problem(http.post("/api/chat", content=b"\xff\xfe", headers=json_type), 400)
    programs = http.post("/v1/chat/completions", content=b"\xff\xfe", headers=json_type)
    assert (programs.status_code, programs.json()["error"]["code"]) == (400, "malformed-json")
    assert_problem(http.post("/api/chat", content=b"[]", headers=json_type), 422)
    assert_problem(http.post("/api/chat", content=b"", headers=json_type), 422)
    assert_problem(http.post("/api/chat", json={"id": "../../etc", "messages": []}), 422, "invalid-request")
    assert_problem(http.post("/api/chat", json={"id": new_id(), "messages": []}), 422, "question-missing")


def _ask(http: httpx.Client, parts: list[dict[str, Any]], **more: Any) -> httpx.Response:
    message = {"id": new_id(), "role": "user", "parts": parts}
    return http.post("/api/chat", json={"id": new_id(), "messages": [message], **more})


def test_questions_that_cannot_be_asked(http: httpx.Client) -> None:
    assert_problem(_ask(http, [{"type": "text", "text": "  "}]), 422, "question-empty")
    assert_problem(_ask(http, [{"type": "text", "text": "a\x00b"}]), 422, "question-invalid")
    assert_problem(_ask(http, [{"type": "text", "text": "x" * 300_000}]), 413, "question-too-long")
    text = [{"type": "text", "text": "hello"}]
    assert_problem(_ask(http, text, agent="nobody"), 404, "agent-not-found")
    assert_problem(_ask(http, text, parent_id="unheard-of"), 404, "message-not-found")
    regenerate: dict[str, Any] = {"id": new_id(), "trigger": "regenerate-message", "messages": []}
    assert_problem(http.post("/api/chat", json=regenerate), 404, "conversation-not-found")


def test_a_message_of_ten_megabytes(http: httpx.Client) -> None:
    body = json.dumps({"id": new_id(), "messages": [], "padding": "x" * 10_000_000}).encode()
    assert_problem(http.post("/api/chat", content=body), 413, "too-large")

    def pieces() -> Any:
        for start in range(0, len(body), 1_000_000):
            yield body[start : start + 1_000_000]

    # Without an announced length it is counted as it comes in.
    assert_problem(http.post("/api/chat", content=pieces()), 413, "too-large")


def test_lists_refuse_what_they_did_not_give_out(http: httpx.Client) -> None:
    assert_problem(http.get("/api/conversations?cursor=nonsense"), 400, "invalid-request")
    assert_problem(http.get("/api/conversations?limit=100000"), 422, "invalid-request")


def test_a_model_that_cannot_be_used_is_named(module_stack: Stack, ada: Person) -> None:
    api: Service = module_stack.start_agent_api(MODEL="nobody:nothing")
    with httpx.Client(base_url=api.url, headers=ada.authorization) as http:
        assert http.get("/api/ready").status_code == 503
        stream = _ask(http, [{"type": "text", "text": "hello"}])
    assert '"/problems/model-not-usable"' in stream.text


def test_a_service_key_that_is_wrong_is_not_the_visitors_trouble(module_stack: Stack, ada: Person) -> None:
    # A 401 would make the web app log people out.
    api = module_stack.start_agent_api(SUPABASE_SERVICE_KEY="sb_secret_of_another_server_0123456789")
    with httpx.Client(base_url=api.url, headers=ada.authorization, timeout=30) as http:
        answer = http.get("/api/search", params={"q": "heron"})
        assert "SUPABASE_SERVICE_KEY" in assert_problem(answer, 503, "service-key-refused")["detail"]


def test_the_database_gone_is_unavailable_not_an_error_of_ours(module_stack: Stack, ada: Person) -> None:
    api = module_stack.start_agent_api(SUPABASE_URL="http://127.0.0.1:9")
    with httpx.Client(base_url=api.url, headers=ada.authorization, timeout=30) as http:
        assert http.get("/api/health").status_code == 200
        ready = http.get("/api/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["database"]["status"] == "unavailable"
        assert_problem(_ask(http, [{"type": "text", "text": "hello"}]), 503, "unavailable")
