"""An agent's draft: saved, tried, discarded; and how an agent has fared."""

from typing import Any

import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Stack


@pytest.fixture
def admin(connect: Connect, ada: Person) -> ChatClient:
    return connect(ada)


def _make(client: ChatClient, **more: Any) -> str:
    slug = f"agent-{new_id()}"
    made = client.http.post("/api/agents", json={"slug": slug, "name": "Agent", **more})
    assert made.status_code == 201, made.text
    return slug


def _draft(client: ChatClient, slug: str, instructions: str, **more: Any) -> None:
    saved = client.http.put(f"/api/agents/{slug}/draft", json={"instructions": instructions, **more})
    assert saved.status_code == 200, saved.text


def test_a_draft_answers_before_anything_is_deployed(admin: ChatClient, model: ScriptedModel) -> None:
    slug = _make(admin)
    assert admin.http.get(f"/api/agents/{slug}/draft").status_code == 404
    _draft(admin, slug, "Speak as a hen.")
    conversation = new_id()

    answer = admin.ask("Who are you?", conversation, agent=f"{slug}@draft")
    _draft(admin, slug, "Speak as a goose.")
    again = admin.ask("And now?", conversation, agent=f"{slug}@draft")

    assert (answer.status, again.status) == (200, 200)
    told = [str(request["messages"]) for request in model.requests]
    assert any("Speak as a hen." in each for each in told)
    assert "Speak as a goose." in told[-1]
    assert admin.http.get(f"/api/agents/{slug}/draft").json()["deployment"]["instructions"] == "Speak as a goose."
    # A trial is no conversation of one's list, and no run of the agent.
    assert conversation not in admin.http.get("/api/conversations").text
    assert admin.http.get(f"/api/agents/{slug}").json()["activity"]["runs"] == 0
    assert admin.ask("Live?", agent=slug).problem["type"] == "/problems/agent-not-deployed"

    assert admin.http.delete(f"/api/agents/{slug}/draft").status_code == 204
    assert admin.ask("Still there?", agent=f"{slug}@draft").problem["type"] == "/problems/draft-not-found"


def test_a_draft_is_for_those_who_manage_the_agent(admin: ChatClient, connect: Connect, bob: Person) -> None:
    slug = _make(admin, deployment={"instructions": "Live."})
    _draft(admin, slug, "Secret plans.")
    member = connect(bob)
    assert member.ask("Hello?", agent=slug).status == 200
    assert member.ask("Hello?", agent=f"{slug}@draft").status == 404
    assert member.http.get(f"/api/agents/{slug}/draft").status_code == 404
    assert member.http.put(f"/api/agents/{slug}/draft", json={}).status_code == 403
    assert member.http.get(f"/api/agents/{slug}/statistics").status_code == 404


def test_a_draft_that_could_not_answer_is_refused(admin: ChatClient) -> None:
    slug = _make(admin)
    refused = admin.http.put(f"/api/agents/{slug}/draft", json={"model": "nobody:knows"})
    assert refused.json()["type"] == "/problems/model-not-usable"


def test_statistics_tell_runs_times_and_failures_by_day(admin: ChatClient) -> None:
    slug = _make(admin, deployment={"instructions": "Count."})
    assert admin.http.get(f"/api/agents/{slug}/statistics").json() == {"days": [], "failures": []}
    admin.ask("One", agent=slug)
    admin.ask("Two {{status 400}}", agent=slug)
    response = admin.http.get(f"/api/agents/{slug}/statistics", params={"days": 7})
    assert response.status_code == 200, response.text
    told = response.json()
    day = told["days"][0]
    assert (day["runs"], day["failed"]) == (2, 1)
    assert 0 < day["p50_seconds"] <= day["p95_seconds"]
    assert day["tokens"] > 0
    assert [failure["deployment_number"] for failure in told["failures"]] == [1]
    assert told["failures"][0]["detail"]


def _save(client: ChatClient, slug: str, instructions: str, based_on: str) -> Any:
    return client.http.put(
        f"/api/agents/{slug}/draft", params={"based_on": based_on}, json={"instructions": instructions}
    )


def test_a_draft_does_not_take_the_place_of_one_that_was_not_seen(admin: ChatClient) -> None:
    slug = _make(admin)
    first = _save(admin, slug, "Mine.", "none").json()
    overtaken = _save(admin, slug, "Theirs.", "none")
    assert (overtaken.status_code, overtaken.json()["type"]) == (409, "/problems/draft-overtaken")
    assert admin.http.get(f"/api/agents/{slug}/draft").json()["deployment"]["instructions"] == "Mine."

    second = _save(admin, slug, "Mine, better.", first["saved_at"])
    assert second.status_code == 200, second.text
    assert second.json()["saved_at"] > first["saved_at"]
    assert _save(admin, slug, "Late.", first["saved_at"]).status_code == 409
    assert _save(admin, slug, "Late.", "yesterday").status_code == 422

    seen = second.json()["saved_at"]
    _draft(admin, slug, "In any case.")
    refused = admin.http.delete(f"/api/agents/{slug}/draft", params={"based_on": seen})
    assert refused.json()["type"] == "/problems/draft-overtaken"
    assert admin.http.get(f"/api/agents/{slug}/draft").json()["deployment"]["instructions"] == "In any case."
    assert admin.http.delete(f"/api/agents/{slug}/draft").status_code == 204
    assert admin.http.delete(f"/api/agents/{slug}/draft", params={"based_on": seen}).status_code == 204
    assert _save(admin, slug, "Nothing is lost.", first["saved_at"]).status_code == 200


def test_a_deployment_leaves_the_draft_of_somebody_else(
    admin: ChatClient, connect: Connect, module_stack: Stack
) -> None:
    slug = _make(admin, deployment={"instructions": "Live."})
    second = module_stack.sign_up("second-admin@example.com")
    assert admin.http.patch(f"/api/people/{second.user_id}", json={"role": "admin"}).status_code == 200
    other = connect(second)
    _draft(other, slug, "Bob is still thinking.")
    assert admin.http.post(f"/api/agents/{slug}/deploy", json={"instructions": "Ada's."}).status_code == 201
    kept = other.http.get(f"/api/agents/{slug}/draft")
    assert kept.json()["deployment"]["instructions"] == "Bob is still thinking."
    # What differs in anything is not what was deployed.
    _draft(other, slug, "Live.", starters=["Why?"], model_settings={"temperature": 0.2})
    assert admin.http.post(f"/api/agents/{slug}/deploy", json={"instructions": "Live."}).status_code == 201
    assert other.http.get(f"/api/agents/{slug}/draft").json()["deployment"]["starters"] == ["Why?"]
    _draft(other, slug, "Bob is still thinking.")
    # The same words are what was deployed, whoever kept them as a draft.
    deployed = admin.http.post(f"/api/agents/{slug}/deploy", json={"instructions": "Bob is still thinking."})
    assert deployed.status_code == 201
    assert other.http.get(f"/api/agents/{slug}/draft").status_code == 404
    _draft(other, slug, "Next.")
    assert other.http.post(f"/api/agents/{slug}/deploy", json={"instructions": "Other."}).status_code == 201
    assert other.http.get(f"/api/agents/{slug}/draft").status_code == 404
