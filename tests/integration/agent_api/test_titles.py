"""Conversations are named after their first answer, by work in the queue; what fails for good is shown to admins."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.agent_api.conftest import start_api
from tests.support.agents import problem
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel) -> Service:
    return start_api(module_stack, model, GENERATE_TITLES="true")


@pytest.fixture
def client(api: Service, ada: Person) -> Iterator[ChatClient]:
    with ChatClient(api.url, ada) as client:
        yield client


def _when(condition: Callable[[], Any], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def title(client: ChatClient, conversation: str) -> str:
    return str(client.conversation(conversation)["title"])


def no_job_left(stack: Stack) -> bool:
    return stack.get("/rest/v1/jobs?select=id&state=neq.dead", apikey=stack.service_key) == []


def test_a_conversation_is_named_once(client: ChatClient, model: ScriptedModel, module_stack: Stack) -> None:
    before = len(model.requests)
    conversation = new_id()
    client.ask('{{say "Refunds, in short."}} What is our policy?', conversation)
    _when(lambda: title(client, conversation) == "Refunds, in short")

    client.ask("{{say Another thing}} And then?", conversation)
    _when(lambda: no_job_left(module_stack))

    assert title(client, conversation) == "Refunds, in short"
    assert len(model.requests) == before + 3
    # What it took is with the run that gave rise to it.
    (run,) = module_stack.get(
        f"/rest/v1/runs?conversation_id=eq.{conversation}&select=output_tokens,run_steps(name,detail)&order=created_at"
        "&limit=1",
        apikey=module_stack.service_key,
    )
    assert run["output_tokens"] == 6
    assert {"name": "scripted", "detail": {"for": "title"}} in run["run_steps"]


def test_a_persons_own_name_stays(client: ChatClient, model: ScriptedModel, module_stack: Stack) -> None:
    conversation = new_id()
    model.released.clear()
    with client.asking(client.body("{{hold}}{{say A model's name}} What?", conversation)) as (_, events):
        next(event for event in events if event["type"] == "text-delta")
        renamed = client.http.patch(f"/api/conversations/{conversation}", json={"title": "Mine"})
        assert renamed.status_code in (200, 204), renamed.text
        model.release()
        list(events)
    time.sleep(0.5)
    _when(lambda: no_job_left(module_stack))
    assert title(client, conversation) == "Mine"


def test_what_a_dead_process_had_taken_is_done_by_another(client: ChatClient, module_stack: Stack, ada: Person) -> None:
    conversation = new_id()
    answer = client.ask("{{say Named late}} What?", conversation)
    _when(lambda: title(client, conversation) == "Named late")
    service = {"apikey": module_stack.service_key}
    as_asked = {"title": "What?", "title_by": "question"}
    module_stack.request("PATCH", f"/rest/v1/conversations?id=eq.{conversation}", as_asked, None, service)
    job = {
        "kind": "title", "subject": conversation, "payload": {"run_id": answer.run_id}, "state": "running", "tries": 1,
        "owner": "a process that is gone", "lease_until": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    module_stack.post("/rest/v1/jobs", job, None, **service)
    _when(lambda: title(client, conversation) == "Named late")


def test_what_fails_for_good_is_shown_to_admins(
    client: ChatClient, api: Service, bob: Person, module_stack: Stack
) -> None:
    job = {"kind": "title", "subject": new_id(), "payload": {"run_id": "none"}, "tries": 4}
    module_stack.post("/rest/v1/jobs", job, None, apikey=module_stack.service_key)
    _when(lambda: client.http.get("/api/jobs").json())
    (dead,) = client.http.get("/api/jobs").json()
    assert dead["kind"] == "title"
    assert dead["subject"] == job["subject"]
    assert dead["tries"] == 5
    assert dead["last_error"]
    with ChatClient(api.url, bob) as bobs:
        problem(bobs.http.get("/api/jobs"), 403, "admins-only")
        problem(bobs.http.post(f"/api/jobs/{dead['id']}/retry"), 403, "admins-only")
    assert client.http.post(f"/api/jobs/{dead['id']}/retry").status_code == 204
    assert client.http.get("/api/jobs").json() == []
    problem(client.http.post(f"/api/jobs/{dead['id']}/retry"), 404, "job-not-found")


def test_without_a_language_model_it_keeps_the_question(module_stack: Stack, ada: Person) -> None:
    api = module_stack.start_agent_api(GENERATE_TITLES="true")
    conversation = new_id()
    with ChatClient(api.url, ada) as client:
        client.ask("What is our refund policy?", conversation)
        time.sleep(1)
        assert title(client, conversation) == "What is our refund policy?"
