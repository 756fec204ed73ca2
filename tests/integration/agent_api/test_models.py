"""Which model answers, what happens when it does not, and what it costs."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.agents import make
from tests.support.chat import ChatClient, new_id
from tests.support.keys import bearer, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack


def environment(model: ScriptedModel) -> dict[str, str]:
    prices = {
        "openai-chat:scripted": {"input": 1000, "output": 2000},
        "box:scripted": {"input": 100, "output": 0},
        "box:priced:8b": {"input": 0, "output": 0},
        "anthropic:claude-sonnet-4-5": {"input": 1000, "output": 0, "cache_written": 1250},
    }
    return {
        "MODEL": "openai-chat:scripted",
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": "-",
        "ANTHROPIC_BASE_URL": model.url.removesuffix("/v1"),
        "ANTHROPIC_API_KEY": "-",
        "OLLAMA_BASE_URL": model.url,
        "MODEL_RETRIES": "1",
        "MODEL_ENDPOINTS": json.dumps({name: {"base_url": model.url, "api_key": "-"} for name in ("box", "attic")}),
        "MODEL_PRICES": json.dumps(prices),
    }


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel) -> Service:
    """An API with a named endpoint and with prices of its own."""
    return module_stack.start_agent_api(**environment(model))


@pytest.fixture
def client(connect: Connect, ada: Person) -> ChatClient:
    return connect(ada)


def steps(stack: Stack, person: Person, run_id: str) -> list[dict[str, Any]]:
    return stack.get(f"/rest/v1/run_steps?run_id=eq.{run_id}&kind=eq.model&order=number", person)


def test_an_agents_own_model_at_a_named_endpoint(client: ChatClient, model: ScriptedModel) -> None:
    agent = make(client, deployment={"model": "box:llama", "model_settings": {"temperature": 0.25, "max_tokens": 77}})
    assert client.ask("{{say From the box.}}", agent=agent).text == "From the box."
    asked = model.requests[-1]
    assert (asked["model"], asked["temperature"]) == ("llama", 0.25)
    assert 77 in (asked.get("max_tokens"), asked.get("max_completion_tokens"))


# With passages in its instructions, no request of an "always" agent begins as the one before it did.
@pytest.mark.parametrize(("mode", "conversation_too"), [("off", True), ("always", False)])
def test_what_stays_the_same_is_kept_in_the_providers_cache(
    client: ChatClient, model: ScriptedModel, module_stack: Stack, ada: Person, mode: str, conversation_too: bool
) -> None:
    deployment = {"model": "anthropic:claude-sonnet-4-5", "instructions": "Be brief.", "knowledge": {"mode": mode}}
    answer = client.ask("{{say Cached.}}", agent=make(client, deployment=deployment))

    assert answer.text == "Cached."
    asked = model.requests[-1]
    assert asked["system"][0]["text"].strip() == "Be brief."
    assert asked["system"][0]["cache_control"]["type"] == "ephemeral"
    assert ("cache_control" in asked) == conversation_too
    [step] = steps(module_stack, ada, answer.run_id)
    assert step["cost"] == pytest.approx((2 * 1000 + 8 * 1250) / 1e6)


def test_the_next_model_answers_where_one_fails_and_the_run_says_why(
    client: ChatClient, module_stack: Stack, ada: Person
) -> None:
    agent = make(client, deployment={"model": "openai-chat:first", "fallback_models": ["box:second", "box:third"]})
    answer = client.ask("{{fail first 401}}{{fail second 500}}{{say Third time.}}", agent=agent)
    assert answer.text == "Third time."
    [step] = steps(module_stack, ada, answer.run_id)
    assert step["detail"]["failed_attempts"][0]["model"] == "first"
    assert [attempt["status"] for attempt in step["detail"]["failed_attempts"]] == [401, 500]
    assert "sk-very-secret" not in json.dumps(step)


def test_all_models_fail(client: ChatClient, module_stack: Stack, ada: Person) -> None:
    agent = make(client, deployment={"model": "openai-chat:first", "fallback_models": ["box:second"]})
    answer = client.ask("{{fail first 500}}{{fail second 401}}", agent=agent)
    assert answer.of("data-problem")[0]["data"]["type"] == "/problems/model-key-refused"
    [step] = steps(module_stack, ada, answer.run_id)
    assert [attempt["status"] for attempt in step["detail"]["failed_attempts"]] == [500, 401]
    assert step["error"] == "FallbackExceptionGroup"


def test_a_busy_provider_is_asked_again(client: ChatClient, model: ScriptedModel) -> None:
    before = len(model.requests)
    answer = client.ask("{{status 503}}")
    assert answer.of("data-problem")[0]["data"]["type"] == "/problems/upstream-failed"
    assert len(model.requests) == before + 2
    before = len(model.requests)
    client.ask("{{status 400}}")
    assert len(model.requests) == before + 1


def test_what_an_answer_costs_by_ones_own_prices(client: ChatClient, module_stack: Stack, ada: Person) -> None:
    conversation = new_id()
    answer = client.ask("{{say one two three}}", conversation)  # 10 tokens in, 3 out
    run = client.conversation(conversation)["messages"][-1]["run"]
    assert run["cost"] == pytest.approx(10 * 1000e-6 + 3 * 2000e-6)
    [step] = steps(module_stack, ada, answer.run_id)
    assert step["cost"] == pytest.approx(0.016)

    # The same name at another provider has another price.
    agent = make(client, deployment={"model": "box:scripted"})
    conversation = new_id()
    client.ask("{{say one two three}}", conversation, agent=agent)
    assert client.conversation(conversation)["messages"][-1]["run"]["cost"] == pytest.approx(10 * 100e-6)


def test_a_deployments_bounds_end_a_run(client: ChatClient) -> None:
    agent = make(client, deployment={"limits": {"requests": 2}, "tools": [{"kind": "python"}]})
    calls = '{{call run_python {"code": "1"}}}' * 5
    answer = client.ask(f"{calls}{{{{say never}}}}", agent=agent)
    assert answer.of("data-problem")[0]["data"]["type"] == "/problems/run-limit-exceeded"


def test_thinking_is_shown_where_a_model_gives_it(client: ChatClient) -> None:
    agent = make(client, deployment={"model_settings": {"thinking": True}})
    conversation = new_id()
    answer = client.ask("{{think Let me see.}}{{say Four.}}", conversation, agent=agent)
    assert "".join(event["delta"] for event in answer.of("reasoning-delta")) == "Let me see."
    parts = client.conversation(conversation)["messages"][-1]["parts"]
    assert {"type": "reasoning", "text": "Let me see."} in parts


@pytest.fixture
def budget_in_dollars(client: ChatClient) -> Iterator[None]:
    made = client.http.post("/api/budgets", json={"scope": "all", "period": "month", "max_cost": 1_000_000})
    assert made.status_code in (200, 201), made.text
    yield
    client.http.delete(f"/api/budgets/{made.json()['id']}")


@pytest.mark.usefixtures("budget_in_dollars")
@pytest.mark.parametrize(
    "models",
    [{"model": "box:llama"}, {"model": "box:scripted", "fallback_models": ["box:llama"]}],
    ids=["itself", "who stands in for it"],
)
def test_a_budget_in_dollars_refuses_what_has_no_known_price(
    client: ChatClient, model: ScriptedModel, models: dict[str, Any]
) -> None:
    agent = make(client, deployment={**models, "knowledge": {"mode": "off"}})
    before = len(model.requests)
    refused = client.ask("{{say For nothing.}}", agent=agent)
    assert (refused.status, refused.problem["type"]) == (402, "/problems/price-unknown")
    assert "MODEL_PRICES" in refused.problem["detail"]
    assert len(model.requests) == before

    words = [{"role": "user", "content": "{{say For nothing.}}"}]
    program = bearer(make_key(client)["key"])
    told = client.http.post("/v1/chat/completions", json={"model": agent, "messages": words}, headers=program)
    assert told.status_code == 402
    error = told.json()["error"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "price-unknown")
    assert len(model.requests) == before


@pytest.mark.usefixtures("budget_in_dollars")
@pytest.mark.parametrize("name", ["box:scripted", "box:priced:8b", "ollama:llama"])
def test_a_budget_in_dollars_lets_pass_what_has_a_price_or_runs_here(client: ChatClient, name: str) -> None:
    agent = make(client, deployment={"model": name, "knowledge": {"mode": "off"}})
    assert client.ask("{{say Gladly.}}", agent=agent).text == "Gladly."


def ask_through_another(client: ChatClient, stack: Stack, inner: dict[str, Any]) -> dict[str, Any]:
    """Let a priced agent ask another one; the run as it is stored."""
    asked = make(client, deployment={**inner, "knowledge": {"mode": "off"}})
    tools = [{"kind": "agent", "slug": asked}]
    asking = make(client, deployment={"model": "box:scripted", "tools": tools, "knowledge": {"mode": "off"}})
    order = json.dumps({"question": "Indeed?"})
    answer = client.ask(f"{{{{call ask_{asked.replace('-', '_')} {order}}}}}{{{{say Done.}}}}", agent=asking)
    run = stack.get(
        f"/rest/v1/runs?id=eq.{answer.run_id}&select=state,error,run_steps(kind,name)", apikey=stack.service_key
    )[0]
    assert any(step["kind"] == "tool" for step in run["run_steps"]), run
    return run


@pytest.mark.usefixtures("budget_in_dollars")
def test_a_budget_in_dollars_looks_at_the_models_of_an_agent_that_is_asked(
    client: ChatClient, module_stack: Stack
) -> None:
    priced = {"model": "box:scripted"}
    assert ask_through_another(client, module_stack, priced)["state"] == "finished"
    refused = ask_through_another(client, module_stack, priced | {"fallback_models": ["box:llama"]})
    assert (refused["state"], refused["error"]["type"]) == ("failed", "/problems/price-unknown")


@pytest.mark.usefixtures("budget_in_dollars")
def test_passages_cost_nothing(module_stack: Stack, model: ScriptedModel, ada: Person) -> None:
    without_a_model = module_stack.start_agent_api(**{**environment(model), "MODEL": ""})
    with ChatClient(without_a_model.url, ada) as client:
        assert ask_through_another(client, module_stack, {})["state"] == "finished"
        alone = client.ask("Well?", agent=make(client, deployment={"knowledge": {"mode": "off"}}))
    (step,) = steps(module_stack, ada, alone.run_id)
    assert (step["name"], step["cost"]) == ("passages", 0)


def test_usage_says_how_much_has_no_known_price(client: ChatClient) -> None:
    agent = make(client, deployment={"model": "attic:llama", "knowledge": {"mode": "off"}})
    conversation = new_id()
    client.ask("{{say one two}}", conversation, agent=agent)
    run = client.conversation(conversation)["messages"][-1]["run"]
    assert (run["cost"], run["unpriced_tokens"]) == (0, 12)
    told = client.http.get(f"/api/agents/{agent}").json()
    row = next(row for row in client.http.get("/api/usage?by=agent").json()["items"] if row["key"] == told["id"])
    assert (row["cost"], row["unpriced_tokens"]) == (0, 12)
    assert (told["activity"]["cost"], told["activity"]["unpriced_tokens"]) == (0, 12)
