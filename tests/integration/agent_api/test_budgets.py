"""Budgets and rate limits as a client meets them."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import pytest

from tests.integration.agent_api.conftest import start_api
from tests.support.agents import make
from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Stack


def _budget(client: ChatClient, **body: Any) -> dict[str, Any]:
    response = client.http.post("/api/budgets", json=body)
    assert response.status_code == 201, response.text
    return response.json()


def _budgets(client: ChatClient) -> list[dict[str, Any]]:
    return client.http.get("/api/budgets").json()["items"]


def _eventually(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


@pytest.fixture
def client(stack: Stack, model: ScriptedModel) -> Iterator[ChatClient]:
    """An admin's client of an API of one's own."""
    model.released.set()
    with ChatClient(start_api(stack, model).url, stack.sign_up("ada@example.com")) as client:
        yield client


# An agent without documents and tools is asked by a shorter way.
@pytest.mark.parametrize("mode", ["always", "off"])
def test_fifty_runs_at_once_against_a_budget_for_ten(client: ChatClient, model: ScriptedModel, mode: str) -> None:
    agent = make(client, deployment={"knowledge": {"mode": mode}})
    _budget(client, scope="all", period="total", max_tokens=10**9)
    model.released.clear()
    asked = len(model.requests)
    with ExitStack() as streams, ThreadPoolExecutor(50) as pool:

        def ask(_: int) -> tuple[Any, Any]:
            return streams.enter_context(client.asking(client.body("{{hold}}{{say done now}}", new_id(), agent=agent)))

        first = ask(0)
        _eventually(lambda: len(model.requests) == asked + 1)
        bound = _budgets(client)[0]["tokens_reserved"]
        _budget(client, scope="all", period="total", max_tokens=int(bound * 10.5))
        answers = [first, *pool.map(ask, range(49))]
        model.release()
        for _, events in answers:
            list(events)

    admitted = [answer for answer, _ in answers if answer.status == 200]
    refused = [answer for answer, _ in answers if answer.status != 200]
    assert len(admitted) == 10
    assert all(answer.text == "done now" and answer.done for answer in admitted)
    assert {(answer.status, answer.problem["type"]) for answer in refused} == {(402, "/problems/budget-exceeded")}
    assert len(model.requests) == asked + 10
    budget = _budgets(client)[0]
    assert (budget["tokens_used"], budget["tokens_reserved"]) == (10 * 12, 0)
    # What was refused has left nothing behind.
    assert len(client.http.get("/api/conversations?limit=100").json()["items"]) == 10


def test_a_budget_that_is_used_up_in_the_middle_ends_the_run_with_words(client: ChatClient) -> None:
    bound = _bound_of(client, '{{call search_knowledge {"query": "x"}}}{{say end}}')
    # Enough for the first request, and not for the second, which carries the first one's exchange too.
    _budget(client, scope="all", period="total", max_tokens=bound + 12)
    answer = client.ask('{{call search_knowledge {"query": "x"}}}{{say end}}')

    assert answer.status == 200
    assert answer.of("data-problem")[0]["data"]["type"] == "/problems/budget-exceeded"
    assert _budgets(client)[0]["tokens_reserved"] == 0


def _bound_of(client: ChatClient, question: str) -> int:
    """The least budget with which a question's first request is admitted."""
    low, high = 1, 200_000
    while high - low > 8:
        middle = (low + high) // 2
        _budget(client, scope="each_person", period="total", max_tokens=middle)
        conversation = new_id()
        answer = client.ask(question, conversation)
        client.http.delete(f"/api/conversations/{conversation}")
        for budget in _budgets(client):
            client.http.delete(f"/api/budgets/{budget['id']}")
        low, high = (low, middle) if answer.status == 200 else (middle, high)
    return high


def test_usage_is_told_to_oneself_and_to_admins(client: ChatClient, stack: Stack) -> None:
    client.ask("{{say one two}}")
    with ChatClient(str(client.http.base_url), stack.sign_up("bob@example.com")) as bob:
        bob.ask("{{say one two three}}")
        own = bob.http.get("/api/usage?by=model").json()["items"]
        assert [(row["key"], row["runs"], row["output_tokens"]) for row in own] == [("scripted", 1, 3)]
        assert bob.http.get("/api/usage?everybody=true").status_code == 403
        assert bob.http.post("/api/budgets", json={"scope": "all", "max_tokens": 1}).status_code == 403
        assert bob.http.get("/api/usage?since=2026-01-02&until=2026-01-01").status_code == 422

    everybody = client.http.get("/api/usage?by=person&everybody=true").json()["items"]
    assert {row["label"]: row["output_tokens"] for row in everybody} == {"ada@example.com": 2, "bob@example.com": 3}


def test_a_change_of_a_budget_is_in_the_audit_log(client: ChatClient) -> None:
    budget = _budget(client, scope="each_person", max_cost=5)
    _budget(client, scope="each_person", max_cost=9)
    assert client.http.delete(f"/api/budgets/{budget['id']}").status_code == 204
    assert client.http.delete(f"/api/budgets/{budget['id']}").status_code == 404
    actions = [item["action"] for item in client.http.get("/api/audit").json()["items"]]
    assert actions == ["budget.delete", "budget.set", "budget.set"]


def test_budgets_that_make_no_sense(client: ChatClient) -> None:
    nonsense: list[dict[str, Any]] = [
        {"scope": "all"},
        {"scope": "person", "max_tokens": 1},
        {"scope": "all", "max_tokens": -1},
        {"scope": "galaxy", "max_tokens": 1},
    ]
    for body in nonsense:
        assert client.http.post("/api/budgets", json=body).status_code == 422, body


def test_too_many_requests_of_a_person_are_told_when_to_come_again(stack: Stack, model: ScriptedModel) -> None:
    api = start_api(stack, model, RATE_LIMIT_PERSON="3/minute")
    with ChatClient(api.url, stack.sign_up("ada@example.com")) as ada:
        answers = [ada.http.get("/api/agents") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert [answer.headers["ratelimit-remaining"] for answer in answers[:3]] == ["2", "1", "0"]
        assert answers[0].headers["ratelimit-limit"] == "3"
        assert answers[3].json()["type"] == "/problems/rate-limited"
        assert 1 <= int(answers[3].headers["retry-after"]) <= 60
    with ChatClient(api.url, stack.sign_up("bob@example.com")) as bob:
        assert bob.http.get("/api/agents").status_code == 200


def test_an_address_is_bounded_before_anybody_is_known(stack: Stack, model: ScriptedModel) -> None:
    api = start_api(stack, model, RATE_LIMIT_ADDRESS="2/minute")
    with ChatClient(api.url, None) as nobody:
        assert [nobody.http.get("/api/me").status_code for _ in range(3)] == [401, 401, 429]
        assert nobody.http.get("/api/health").status_code == 200


def test_without_its_counter_nobody_passes(stack: Stack, model: ScriptedModel) -> None:
    api = start_api(stack, model, VALKEY_URL="redis://127.0.0.1:9/0")
    with ChatClient(api.url, stack.sign_up("ada@example.com")) as ada:
        answer = ada.http.get("/api/agents")
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/unavailable"


def test_an_agents_budget_holds_when_another_agent_asks_it(client: ChatClient, model: ScriptedModel) -> None:
    dear = make(client, deployment={"knowledge": {"mode": "off"}})
    asker = make(client, deployment={"tools": [{"kind": "agent", "slug": dear}], "knowledge": {"mode": "off"}})
    agent_id = client.http.get(f"/api/agents/{dear}").json()["id"]
    _budget(client, scope="agent", scope_id=agent_id, period="total", max_tokens=10)
    asked = len(model.requests)
    order = json.dumps({"question": "Spend."})

    answer = client.ask(f"{{{{call ask_{dear.replace('-', '_')} {order}}}}}{{{{say Done.}}}}", agent=asker)

    assert len(model.requests) == asked + 1, "the agent whose budget is used up was asked all the same"
    assert answer.of("data-problem")[0]["data"]["type"] == "/problems/budget-exceeded"
    assert client.ask("{{say free}}", agent=asker).text == "free"


def test_an_account_that_goes_leaves_nothing_reserved(client: ChatClient, model: ScriptedModel, stack: Stack) -> None:
    _budget(client, scope="all", period="total", max_tokens=10**9)
    bob = stack.sign_up("bob@example.com")
    model.released.clear()
    with (
        ChatClient(str(client.http.base_url), bob) as bobs,
        bobs.asking(bobs.body("{{hold}}{{say x}}", new_id())) as (
            _,
            events,
        ),
    ):
        next(event for event in events if event["type"] == "text-delta")
        assert _budgets(client)[0]["tokens_reserved"] > 0
        service = {"apikey": stack.service_key}
        stack.request("DELETE", f"/rest/v1/runs?user_id=eq.{bob.user_id}", None, None, service)
        assert _budgets(client)[0]["tokens_reserved"] == 0
        model.release()
