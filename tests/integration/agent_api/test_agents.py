"""Agents made, deployed, paused, rolled back and deleted, by admins and by members, with an audit log of it all."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.agent_api.conftest import Connect, start_api
from tests.support.agents import EVERYONE, deploy, make, problem, told
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import HttpError, Person, Stack


def test_an_agent_is_made_deployed_and_answers(adas: ChatClient, model: ScriptedModel) -> None:
    slug = make(adas, description="Knows ships")
    assert adas.http.get(f"/api/agents/{slug}").json()["status"] == "draft"
    assert adas.ask("hello", agent=slug).problem["type"] == "/problems/agent-not-deployed"

    deployed = deploy(adas, slug, instructions="Speak as a sailor.", starters=["Where to?"], note="First")
    assert (deployed["number"], deployed["note"]) == (1, "First")
    assert adas.ask("{{say Ahoy.}}", agent=slug).text == "Ahoy."
    assert "Speak as a sailor." in told(model)

    agent = adas.http.get(f"/api/agents/{slug}").json()
    assert (agent["status"], agent["live_number"], agent["starters"]) == ("deployed", 1, ["Where to?"])
    assert agent["activity"]["runs"] == 1
    assert agent["activity"]["finished"] == 1
    assert agent["readers"] == [EVERYONE]


def test_a_new_deployment_is_live_at_once_on_every_process(
    module_stack: Stack, adas: ChatClient, ada: Person, model: ScriptedModel
) -> None:
    slug = make(adas, deployment={"instructions": "Version one."})
    other = start_api(module_stack, model)
    with ChatClient(other.url, ada) as elsewhere:
        elsewhere.ask("{{say a}}", agent=slug)
        assert "Version one." in told(model)
        deploy(adas, slug, instructions="Version two.")
        elsewhere.ask("{{say b}}", agent=slug)
        assert "Version two." in told(model)


def test_rolling_back_is_choosing_a_number(adas: ChatClient, model: ScriptedModel) -> None:
    slug = make(adas, deployment={"instructions": "The first.", "starters": ["one"]})
    deploy(adas, slug, instructions="The second.")
    back = adas.http.post(f"/api/agents/{slug}/rollback", json={"number": 1}).json()
    assert (back["live_number"], back["starters"]) == (1, ["one"])
    adas.ask("{{say a}}", agent=slug)
    assert "The first." in told(model)

    listed = adas.http.get(f"/api/agents/{slug}/deployments").json()["items"]
    assert [(d["number"], d["instructions"]) for d in listed] == [(2, "The second."), (1, "The first.")]
    assert adas.http.get(f"/api/agents/{slug}/deployments/2").json()["instructions"] == "The second."
    problem(adas.http.post(f"/api/agents/{slug}/rollback", json={"number": 9}), 404, "deployment-not-found")
    problem(adas.http.get(f"/api/agents/{slug}/deployments/9"), 404, "deployment-not-found")


def test_pausing_and_resuming(adas: ChatClient, bobs: ChatClient) -> None:
    slug = make(adas)
    problem(adas.http.post(f"/api/agents/{slug}/resume"), 409, "agent-not-deployed")
    deploy(adas, slug)
    assert adas.http.post(f"/api/agents/{slug}/pause").json()["status"] == "paused"
    assert bobs.ask("hello", agent=slug).problem["type"] == "/problems/agent-not-deployed"
    assert slug not in str(bobs.http.get("/api/agents").json())
    assert adas.http.post(f"/api/agents/{slug}/resume").json()["status"] == "deployed"
    assert bobs.ask("{{say back}}", agent=slug).text == "back"


@pytest.mark.parametrize(
    ("deployment", "status", "slug"),
    [
        ({"model": "nobody:nothing"}, 422, "model-not-usable"),
        ({"model": "test"}, 422, "model-not-usable"),
        ({"model": "anthropic:claude-sonnet-4-5"}, 422, "model-not-usable"),
        ({"fallback_models": ["gemini"]}, 422, "model-not-usable"),
        ({"tools": [{"kind": "web_search"}]}, 422, "tool-not-available"),
        ({"tools": [{"kind": "teleport"}]}, 422, "invalid-request"),
        ({"tools": [{"kind": "python"}, {"kind": "python"}]}, 422, "tool-twice"),
        ({"tools": [{"kind": "mcp", "server": "nobody"}]}, 422, "mcp-server-not-found"),
        ({"tools": [{"kind": "mcp", "url": "http://127.0.0.1:1/mcp"}]}, 422, "address-not-public"),
        ({"tools": [{"kind": "agent", "slug": "nobody"}]}, 422, "tool-agent-not-found"),
        ({"knowledge": {"source_ids": ["00000000-0000-4000-8000-000000000000"]}}, 422, "source-not-found"),
        ({"model_settings": {"extra_headers": {"a": "b"}}}, 422, "invalid-request"),
        ({"based_on": 7}, 409, "deployment-overtaken"),
        ({"instructions": "a\x00b"}, 422, "unprocessable"),
    ],
)
def test_a_deployment_that_could_not_answer_is_refused(
    adas: ChatClient, deployment: dict[str, Any], status: int, slug: str
) -> None:
    agent = make(adas, deployment={"instructions": "Stays."})
    response = adas.http.post(f"/api/agents/{agent}/deploy", json=deployment)
    assert problem(response, status, slug)
    assert adas.http.get(f"/api/agents/{agent}").json()["live_number"] == 1


def test_making_and_deploying_is_all_or_nothing(adas: ChatClient) -> None:
    slug = f"agent-{new_id()}"
    body = {"slug": slug, "name": "Half", "deployment": {"tools": [{"kind": "agent", "slug": "nobody"}]}}
    problem(adas.http.post("/api/agents", json=body), 422, "tool-agent-not-found")
    assert adas.http.get(f"/api/agents/{slug}").status_code == 404


def test_a_members_agent_is_their_own_until_an_admin_opens_it(
    adas: ChatClient, bobs: ChatClient, bob: Person, connect: Connect, module_stack: Stack
) -> None:
    slug = make(bobs, deployment={"instructions": "Mine."})
    assert bobs.http.get(f"/api/agents/{slug}").json()["readers"] == [str(bob.user_id)]
    assert bobs.ask("{{say yes}}", agent=slug).text == "yes"
    carol = connect(module_stack.sign_up(f"{new_id()}@example.com"))
    assert carol.ask("hello", agent=slug).status == 404
    assert carol.http.get(f"/api/agents/{slug}").status_code == 404
    problem(carol.http.post(f"/api/agents/{slug}/deploy", json={}), 404, "agent-not-found")

    problem(bobs.http.patch(f"/api/agents/{slug}", json={"readers": [EVERYONE]}), 403, "sharing-not-allowed")
    mcp = {"tools": [{"kind": "mcp", "url": "https://192.0.2.1/mcp"}]}
    assert bobs.http.post(f"/api/agents/{slug}/deploy", json=mcp).status_code in (403, 422)

    assert adas.http.patch(f"/api/agents/{slug}", json={"readers": [EVERYONE]}).json()["readers"] == [EVERYONE]
    assert carol.ask("{{say open}}", agent=slug).text == "open"
    # What others rely on is for an admin to change.
    problem(bobs.http.post(f"/api/agents/{slug}/deploy", json={}), 403, "agent-not-yours")
    problem(bobs.http.delete(f"/api/agents/{slug}"), 403, "agent-not-yours")
    assert bobs.http.get(f"/api/agents/{slug}").json()["activity"] is None


def test_an_agent_for_a_group(adas: ChatClient, bobs: ChatClient, bob: Person, module_stack: Stack) -> None:
    service = {"apikey": module_stack.service_key, "Prefer": "return=representation"}
    group = module_stack.request("POST", "/rest/v1/groups", {"name": new_id()}, None, service)[0]["id"]
    slug = make(adas, readers=[group], deployment={})
    assert bobs.ask("hello", agent=slug).status == 404
    member = {"group_id": group, "user_id": str(bob.user_id)}
    module_stack.request("POST", "/rest/v1/group_members", member, None, service)
    assert bobs.ask("{{say in}}", agent=slug).text == "in"
    problem(
        adas.http.patch(f"/api/agents/{slug}", json={"readers": ["00000000-0000-4000-8000-000000000000"]}),
        422,
        "reader-not-found",
    )
    problem(adas.http.patch(f"/api/agents/{slug}", json={"readers": []}), 422, "reader-not-found")


def test_members_change_nothing_of_others(adas: ChatClient, bobs: ChatClient) -> None:
    slug = make(adas, deployment={})
    http = bobs.http
    problem(http.patch(f"/api/agents/{slug}", json={"name": "mine"}), 403, "agent-not-yours")
    for path in ("deploy", "rollback", "pause", "resume"):
        body = {"number": 1} if path == "rollback" else {}
        problem(http.post(f"/api/agents/{slug}/{path}", json=body), 403, "agent-not-yours")
    problem(http.delete(f"/api/agents/{slug}"), 403, "agent-not-yours")
    assert http.get(f"/api/agents/{slug}/deployments").json()["items"] == []
    problem(http.get(f"/api/agents/{slug}/deployments/1"), 404, "deployment-not-found")
    problem(http.get(f"/api/agents/{slug}/export"), 404, "deployment-not-found")
    problem(http.get("/api/audit"), 403, "admins-only")


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("create_agent", {"p_agent": {}}),
        ("change_agent", {"p_slug": "guide", "p_changes": {}}),
        ("deploy_agent", {"p_slug": "guide", "p_deployment": {}}),
        ("roll_back_agent", {"p_slug": "guide", "p_number": 1}),
        ("pause_agent", {"p_slug": "guide", "p_paused": True}),
        ("delete_agent", {"p_slug": "guide"}),
        ("agent_activity", {"p_slug": "guide"}),
        ("find_agent", {"p_slug": "guide"}),
        ("remember", {"p_agent": None, "p_text": "x", "p_embedding": None, "p_model": None}),
        ("recall", {"p_query": "x", "p_embedding": None, "p_model": None, "p_limit": 1}),
        ("forget", {"p_id": "00000000-0000-4000-8000-000000000000"}),
    ],
)
def test_the_functions_are_the_services_alone(
    module_stack: Stack, ada: Person, bob: Person, function: str, arguments: dict[str, object]
) -> None:
    for person in (bob, None):
        with pytest.raises(HttpError) as refused:
            module_stack.post(f"/rest/v1/rpc/{function}", {"p_user": str(ada.user_id), **arguments}, person)
        assert refused.value.status in (401, 403, 404)


def test_a_deployment_never_changes(adas: ChatClient, module_stack: Stack) -> None:
    slug = make(adas, deployment={"instructions": "For good."})
    agent_id = adas.http.get(f"/api/agents/{slug}").json()["id"]
    service = {"apikey": module_stack.service_key}
    path = f"/rest/v1/deployments?agent_id=eq.{agent_id}"
    with pytest.raises(HttpError) as refused:
        module_stack.request("PATCH", path, {"instructions": "Changed."}, None, service)
    assert refused.value.status == 409


def test_deleting_an_agent_keeps_what_was_said(adas: ChatClient) -> None:
    slug = make(adas, deployment={})
    conversation = new_id()
    adas.ask("{{say Kept.}}", conversation, agent=slug)
    assert adas.http.delete(f"/api/agents/{slug}").status_code == 204
    kept = adas.conversation(conversation)
    assert kept["messages"][-1]["parts"][-1]["text"] == "Kept."
    assert kept["agent_slug"] is None
    # The conversation goes on with Guide.
    assert adas.ask("{{say On.}}", conversation).text == "On."


def test_the_last_error_of_an_agent_is_shown_until_it_is_deployed_again(adas: ChatClient) -> None:
    slug = make(adas, deployment={})
    adas.ask("{{status 401}}", agent=slug)
    agent = adas.http.get(f"/api/agents/{slug}").json()
    assert "key" in agent["last_error"]
    assert agent["activity"]["failed"] == 1
    deploy(adas, slug)
    assert adas.http.get(f"/api/agents/{slug}").json()["last_error"] is None


def test_agents_are_listed_by_name_page_by_page(adas: ChatClient) -> None:
    mark = new_id()
    names = [f"Page {mark} {n}" for n in ("a", 'b "quoted", (odd)', "c", "d%_")]
    for name in names:
        make(adas, name=name)
    found: list[str] = []
    cursor = None
    while True:
        params = {"q": f"Page {mark}", "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = adas.http.get("/api/agents", params=params).json()
        found += [item["name"] for item in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert found == names
    problem(adas.http.get("/api/agents", params={"cursor": "nonsense!"}), 400, "invalid-request")


def test_the_tools_that_there_are(adas: ChatClient) -> None:
    offers = {offer["kind"]: offer for offer in adas.http.get("/api/tools").json()["items"]}
    assert offers["python"]["available"]
    assert not offers["web_search"]["available"]
    assert "WEB_SEARCH" in offers["web_search"]["reason"]


def test_two_who_deploy_at_once_get_numbers_of_their_own(adas: ChatClient) -> None:
    slug = make(adas)
    with ThreadPoolExecutor(8) as pool:
        deployed = [pool.submit(deploy, adas, slug, note=str(n)) for n in range(8)]
        numbers = [future.result()["number"] for future in deployed]
    assert sorted(numbers) == list(range(1, 9))


@pytest.mark.parametrize(
    "path",
    [
        "/api/agents?q=%00",
        "/api/agents?q=%25_%5C%22%2C%29",
        "/api/audit?action=%00",
        "/api/audit?subject_id=a,b)(%22",
        "/api/audit?since=0001-01-01T00:00:00Z",
        "/api/audit?until=9999-12-31T23:59:59Z",
        "/api/audit?cursor=9223372036854775807",
        "/api/agents/guide/deployments?cursor=2147483647",
        "/api/agents/guide/deployments/2147483646",
        "/api/agents/guide/export?number=2147483647",
    ],
)
def test_odd_questions_are_no_errors_of_ours(adas: ChatClient, path: str) -> None:
    assert adas.http.get(path).status_code in (200, 404, 422)


def test_odd_decisions_are_no_errors_of_ours(adas: ChatClient) -> None:
    run = "/api/runs/00000000-0000-4000-8000-000000000000/approve"
    for decision in ({"id": "a\x00", "approved": True}, {"id": "a", "approved": False, "reason": "\ud800"}):
        response = adas.http.post(run, content=json.dumps({"approvals": [decision]}))
        assert response.status_code in (400, 404, 422), response.text
