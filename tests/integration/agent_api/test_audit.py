"""The audit log: every change in it, nothing taken from it, no secrets in it."""

import json

import asyncpg
import pytest

from tests.support.agents import deploy, make
from tests.support.chat import ChatClient
from tests.support.stack import HttpError, Person, Stack


def test_every_change_is_in_the_audit_log(adas: ChatClient, ada: Person) -> None:
    slug = make(adas, deployment={"instructions": "One."})
    agent_id = adas.http.get(f"/api/agents/{slug}").json()["id"]
    deploy(adas, slug, instructions="Two.")
    adas.http.patch(f"/api/agents/{slug}", json={"name": "Another"})
    adas.http.post(f"/api/agents/{slug}/pause")
    adas.http.post(f"/api/agents/{slug}/resume")
    adas.http.post(f"/api/agents/{slug}/rollback", json={"number": 1})
    assert adas.http.delete(f"/api/agents/{slug}").status_code == 204

    lines = adas.http.get("/api/audit", params={"subject_id": agent_id, "limit": 100}).json()["items"]
    assert [line["action"] for line in lines] == [
        "agent.delete", "agent.roll_back", "agent.resume", "agent.pause", "agent.change", "agent.deploy",
        "agent.deploy", "agent.create",
    ]  # fmt: skip
    assert {line["actor_email"] for line in lines} == {ada.email}
    change, second = lines[4], lines[5]
    assert (change["before"]["name"], change["after"]["name"]) == (f"Agent {slug}", "Another")
    assert set(change["after"]) == {"name"}
    assert second["before"]["instructions"] == "One."
    assert second["after"]["instructions"] == "Two."
    deleted = lines[0]["before"]
    assert [d["instructions"] for d in deleted["deployments"]] == ["One.", "Two."]

    first = adas.http.get("/api/audit", params={"subject_id": agent_id, "limit": 3}).json()
    rest = adas.http.get("/api/audit", params={"subject_id": agent_id, "limit": 100, "cursor": first["next_cursor"]})
    assert [line["id"] for line in first["items"] + rest.json()["items"]] == [line["id"] for line in lines]
    only = adas.http.get("/api/audit", params={"subject_id": agent_id, "action": "agent.pause"}).json()["items"]
    assert [line["action"] for line in only] == ["agent.pause"]
    assert (
        adas.http.get("/api/audit", params={"subject_id": agent_id, "since": "2100-01-01T00:00:00Z"}).json()["items"]
        == []
    )


def test_the_audit_log_can_only_be_added_to(adas: ChatClient, module_stack: Stack, ada: Person, bob: Person) -> None:
    make(adas)
    line = adas.http.get("/api/audit").json()["items"][0]["id"]
    service = {"apikey": module_stack.service_key}
    for method, body in (("PATCH", {"action": "nothing.happened"}), ("DELETE", None)):
        for person, headers in ((ada, {}), (None, service)):
            with pytest.raises(HttpError) as refused:
                module_stack.request(method, f"/rest/v1/audit_log?id=eq.{line}", body, person, headers)
            assert refused.value.status in (401, 403)
    assert module_stack.get("/rest/v1/audit_log?select=id", bob) == []


async def test_the_audit_log_holds_no_secrets(module_stack: Stack) -> None:
    before = {"headers": {"Authorization": "Bearer abc"}, "nested": [{"api_key": "abc", "max_tokens": 3}], "a": 1}
    connection = await asyncpg.connect(module_stack.database_url)
    try:
        hidden = await connection.fetchval("select roost.without_secrets($1::jsonb)", json.dumps(before))
    finally:
        await connection.close()
    assert json.loads(hidden) == {"headers": "…", "nested": [{"api_key": "…", "max_tokens": 3}], "a": 1}
