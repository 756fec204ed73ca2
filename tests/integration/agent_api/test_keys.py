"""API keys: shown once, bound to agents, ended by expiry and at once by revocation."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.chat import ChatClient
from tests.support.keys import bearer, complete, make_key
from tests.support.stack import HttpError, Person, Stack


def test_a_key_is_shown_once(adas: ChatClient, module_stack: Stack, ada: Person) -> None:
    made = make_key(adas, name="Nightly report")

    key = made["key"]
    assert key.startswith("roost_")
    assert len(key) >= 49
    assert made["prefix"] == key[:12]
    listed = next(item for item in adas.http.get("/api/keys").json()["items"] if item["id"] == made["id"])
    assert listed == {name: value for name, value in made.items() if name != "key"}
    assert listed["email"] == ada.email
    assert listed["last_used_at"] is None
    # Neither the key nor its hash is to be read by the REST API.
    with pytest.raises(HttpError) as refused:
        module_stack.get("/rest/v1/api_keys?select=hash", ada)
    assert refused.value.status in (401, 403)
    rows = module_stack.get("/rest/v1/api_keys?select=*&limit=1", apikey=module_stack.service_key)
    assert key not in str(rows)


def test_a_key_opens_the_door_of_programs_and_no_other(adas: ChatClient) -> None:
    made = make_key(adas)

    assert complete(adas.http, made["key"]).json()["choices"][0]["message"]["content"] == "yes"
    for path in ("/api/me", "/api/conversations", "/api/keys"):
        assert adas.http.get(path, headers=bearer(made["key"])).status_code == 401
    made_by_key = adas.http.post("/api/keys", json={"name": "x"}, headers=bearer(made["key"]))
    assert made_by_key.status_code == 401


def test_its_last_use_is_told_to_the_minute(adas: ChatClient) -> None:
    made = make_key(adas)

    def last_used() -> str | None:
        items = adas.http.get("/api/keys").json()["items"]
        return next(item["last_used_at"] for item in items if item["id"] == made["id"])

    complete(adas.http, made["key"])
    first = last_used()
    assert first is not None
    assert abs(datetime.fromisoformat(first) - datetime.now(UTC)) < timedelta(minutes=1)
    complete(adas.http, made["key"])
    assert last_used() == first


def test_a_revoked_key_begins_nothing_more(adas: ChatClient) -> None:
    made = make_key(adas)
    assert complete(adas.http, made["key"]).status_code == 200

    assert adas.http.delete(f"/api/keys/{made['id']}").status_code == 204
    refused = complete(adas.http, made["key"])
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "api-key-not-accepted"
    assert refused.headers["www-authenticate"] == "Bearer"
    assert adas.http.get("/v1/models", headers=bearer(made["key"])).status_code == 401
    assert adas.http.delete(f"/api/keys/{made['id']}").status_code == 404
    assert made["id"] not in [item["id"] for item in adas.http.get("/api/keys").json()["items"]]


def test_a_key_expires(adas: ChatClient, module_stack: Stack) -> None:
    made = make_key(adas, expires_at=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    assert complete(adas.http, made["key"]).status_code == 200
    service = {"apikey": module_stack.service_key}
    over = {"expires_at": datetime.now(UTC).isoformat()}
    module_stack.request("PATCH", f"/rest/v1/api_keys?id=eq.{made['id']}", over, None, service)

    refused = complete(adas.http, made["key"])
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "api-key-expired"
    past = adas.http.post("/api/keys", json={"name": "x", "expires_at": "2020-01-01T00:00:00Z"})
    assert past.status_code == 422
    assert past.json()["type"] == "/problems/expiry-in-the-past"


def test_a_key_for_some_agents_asks_no_other(adas: ChatClient, other_agent: str) -> None:
    made = make_key(adas, agents=[other_agent])
    assert made["agents"] == [other_agent]

    assert complete(adas.http, made["key"], model=other_agent).status_code == 200
    refused = complete(adas.http, made["key"], model="guide")
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "api-key-not-for-agent"
    models = adas.http.get("/v1/models", headers=bearer(made["key"])).json()["data"]
    assert [model["id"] for model in models] == [other_agent]


def test_what_cannot_be_a_key(adas: ChatClient) -> None:
    for wrong, problem in [
        ({}, "invalid-request"),
        ({"name": ""}, "invalid-request"),
        ({"name": "a\x00b"}, "invalid-request"),
        ({"name": "x", "agents": ["nobody"]}, "agent-not-found"),
        ({"name": "x", "expires_at": "2027-01-01T00:00:00"}, "invalid-request"),
        ({"name": "x", "scopes": ["all"]}, "invalid-request"),
    ]:
        response = adas.http.post("/api/keys", json=wrong)
        assert response.status_code == 422, (wrong, response.text)
        assert response.json()["type"] == f"/problems/{problem}"


def test_a_second_person(adas: ChatClient, bobs: ChatClient, other_agent: str) -> None:
    adas_key = make_key(adas, name="Ada's")
    bobs_key = make_key(bobs, name="Bob's")

    assert [item["name"] for item in bobs.http.get("/api/keys?everyone=true").json()["items"]] == ["Bob's"]
    assert bobs.http.delete(f"/api/keys/{adas_key['id']}").status_code == 404
    assert complete(adas.http, adas_key["key"]).status_code == 200
    # An agent that is not open to Bob is not open to his key either.
    refused = complete(bobs.http, bobs_key["key"], model=other_agent)
    assert refused.status_code == 404
    assert refused.json()["error"]["param"] == "model"
    assert bobs.http.post("/api/keys", json={"name": "x", "agents": [other_agent]}).status_code == 422

    # An admin sees every key and may revoke it.
    names = {item["name"] for item in adas.http.get("/api/keys?everyone=true").json()["items"]}
    assert {"Ada's", "Bob's"} <= names
    assert "Bob's" not in {item["name"] for item in adas.http.get("/api/keys").json()["items"]}
    assert adas.http.delete(f"/api/keys/{bobs_key['id']}").status_code == 204
    assert complete(bobs.http, bobs_key["key"]).status_code == 401


def test_keys_that_are_none(adas: ChatClient) -> None:
    for wrong in ("roost_", "roost_" + "x" * 43, "sk-something", "roost_ü"):
        response = complete(adas.http, wrong.encode("latin-1").decode("latin-1")) if wrong.isascii() else None
        assert response is None or response.status_code == 401, wrong
    anonymous = adas.http.get("/v1/models", headers={"Authorization": ""})
    assert anonymous.status_code == 401
    assert anonymous.json()["error"]["type"] == "authentication_error"


def test_what_was_done_with_keys_is_in_the_audit_log(adas: ChatClient, module_stack: Stack, ada: Person) -> None:
    made = make_key(adas)
    adas.http.delete(f"/api/keys/{made['id']}")

    lines = module_stack.get(f"/rest/v1/audit_log?subject_id=eq.{made['id']}&order=id", ada)
    assert [line["action"] for line in lines] == ["api_key.create", "api_key.revoke"]
    assert made["key"] not in str(lines)
    assert "hash" not in str(lines)


@pytest.mark.parametrize("function", ["create_api_key", "revoke_api_key", "identify_caller", "begin_run", "finish_run"])
def test_what_is_the_services_alone_is_refused(module_stack: Stack, bob: Person, function: str) -> None:
    bodies: dict[str, dict[str, object]] = {
        "create_api_key": {"p_user": str(bob.user_id), "p_key": {}},
        "revoke_api_key": {"p_user": str(bob.user_id), "p_id": str(bob.user_id)},
        "identify_caller": {"p_caller": {}},
        "begin_run": {"p_caller": {}, "p_request": {}},
        "finish_run": {"p_run": str(bob.user_id), "p_owner": "x", "p_result": {}},
    }
    for person in (bob, None):
        with pytest.raises(HttpError) as refused:
            module_stack.post(f"/rest/v1/rpc/{function}", bodies[function], person)
        assert refused.value.status in (401, 403, 404)
