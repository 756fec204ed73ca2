"""The tools of an agent, each over the whole way: deployed, called by the model, streamed, and told to the model."""

import json
import re
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.integration.agent_api.conftest import Connect
from tests.support.agents import make, problem
from tests.support.chat import Answer, ChatClient, new_id
from tests.support.mcp_server import McpServer, mcp_server
from tests.support.pipeline import Pipeline
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack


class _Searxng(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Say nothing."""

    def do_GET(self) -> None:
        hit = {"title": "Ships <b>float</b>", "url": "https://example.com/ships", "content": "They do &amp; did."}
        script = {"title": "Script", "url": "javascript:alert(1)", "content": ""}
        body = json.dumps({"results": [script, hit], "query": self.path}).encode()
        self.send_response(500 if "broken" in self.path else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def searxng() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Searxng)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture(scope="module")
def wiki() -> Iterator[McpServer]:
    with mcp_server() as server:
        yield server


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel, searxng: str, wiki: McpServer) -> Service:
    servers = {"wiki": {"url": wiki.url, "headers": {"X-Key": "secret-of-wiki"}}, "gone": {"url": "http://127.0.0.1:9"}}
    return module_stack.start_agent_api(
        MODEL="openai-chat:scripted",
        OPENAI_BASE_URL=model.url,
        OPENAI_API_KEY="-",
        WEB_SEARCH="searxng",
        SEARXNG_URL=searxng,
        MCP_SERVERS=json.dumps(servers),
        PYTHON_SECONDS="1",
        AGENT_DEPTH="2",
    )


@pytest.fixture
def client(connect: Connect, ada: Person) -> ChatClient:
    return connect(ada)


def order(name: str, arguments: dict[str, Any]) -> str:
    """An order to call a tool; orders within its arguments are for whoever is given these."""
    inner = json.dumps(arguments).replace("{{", "\\u007b\\u007b").replace("}}", "\\u007d\\u007d")
    return f"{{{{call {name} {inner}}}}}"


def call(client: ChatClient, agent: str, *calls: tuple[str, dict[str, Any]]) -> Answer:
    orders = "".join(order(name, arguments) for name, arguments in calls)
    answer = client.ask(f"{orders}{{{{say Done.}}}}", agent=agent)
    assert answer.text == "Done.", answer.events
    return answer


def outputs(answer: Answer) -> list[str]:
    return [str(event["output"]) for event in answer.of("tool-output-available")]


def told(model: ScriptedModel) -> str:
    return json.dumps([m for m in model.requests[-1]["messages"] if m["role"] == "tool"])


def with_tool(client: ChatClient, **tool: Any) -> str:
    return make(client, deployment={"tools": [tool], "knowledge": {"mode": "off"}})


def test_only_the_tools_that_are_chosen_are_there(client: ChatClient, model: ScriptedModel) -> None:
    call(client, with_tool(client, kind="python"))
    assert [tool["function"]["name"] for tool in model.requests[-1]["tools"]] == ["run_python"]


def test_web_search(client: ChatClient, model: ScriptedModel) -> None:
    agent = with_tool(client, kind="web_search", results=3)
    [output] = outputs(call(client, agent, ("web_search", {"query": "ships"})))
    assert "Ships float" in output
    assert "https://example.com/ships" in output
    assert "They do & did." in output
    assert "javascript" not in output
    call(client, agent, ("web_search", {"query": "broken"}))
    assert "Answer without it" in told(model)


def test_a_page_inside_is_not_read(client: ChatClient, model: ScriptedModel, searxng: str) -> None:
    agent = with_tool(client, kind="read_page")
    for url in (searxng, "http://169.254.169.254/latest/meta-data/", "http://[::1]/"):
        answer = call(client, agent, ("read_page", {"url": url}))
        assert not outputs(answer)
        assert "blocked" in told(model)


@pytest.mark.parametrize(
    ("code", "output"),
    [
        ("sum(range(101))", "5050"),
        ("print('a')\n'b'", "a\n'b'"),
        ("x = 1", "(nothing)"),
    ],
)
def test_python_computes(client: ChatClient, code: str, output: str) -> None:
    assert outputs(call(client, with_tool(client, kind="python"), ("run_python", {"code": code}))) == [output]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("open('/etc/passwd').read()", "PermissionError"),
        ("import os\nos.listdir('/')", "PermissionError"),
        ("import subprocess", "ModuleNotFoundError"),
        ("import socket", "ModuleNotFoundError"),
        ("().__class__.__bases__[0].__subclasses__()", "Error"),
        ("while True: pass", "TimeoutError"),
        ("[0] * 10**10", "MemoryError"),
        ("import time; time.sleep(60)", "TimeoutError"),
        ("def f(): f()\nf()", "RecursionError"),
    ],
)
def test_python_is_held_in(client: ChatClient, model: ScriptedModel, code: str, reason: str) -> None:
    answer = call(client, with_tool(client, kind="python"), ("run_python", {"code": code}))
    assert not outputs(answer)
    assert reason in told(model)


def test_memory_from_one_conversation_to_the_next(client: ChatClient, connect: Connect, bob: Person) -> None:
    agent = with_tool(client, kind="memory")
    mark = new_id()
    call(client, agent, ("remember", {"text": f"Ada drinks green tea {mark}."}), ("remember", {"text": "She sails."}))
    call(client, agent, ("remember", {"text": f"Ada drinks green tea {mark}."}))  # again, and kept once
    [output] = outputs(call(client, agent, ("recall", {"query": "Which tea does she like to drink?"})))
    assert f"Ada drinks green tea {mark}." in output

    items = client.http.get("/api/memories").json()["items"]
    assert [item["text"] for item in items] == ["She sails.", f"Ada drinks green tea {mark}."]
    assert items[1]["agent_name"] == f"Agent {agent}"
    assert items[1]["recalled_at"] is not None

    bobs = connect(bob)
    assert bobs.http.get("/api/memories").json()["items"] == []
    assert "Nothing" in outputs(call(bobs, agent, ("recall", {"query": "tea"})))[0]
    problem(bobs.http.delete(f"/api/memories/{items[0]['id']}"), 404, "memory-not-found")

    assert client.http.delete(f"/api/memories/{items[0]['id']}").status_code == 204
    call(client, agent, ("forget", {"memory_id": items[1]["id"]}))
    assert client.http.get("/api/memories").json()["items"] == []
    call(client, agent, ("remember", {"text": "She rows."}))
    assert client.http.delete("/api/memories").status_code == 204
    assert client.http.get("/api/memories").json()["items"] == []


def test_an_mcp_servers_tools_by_its_name(client: ChatClient, model: ScriptedModel, wiki: McpServer) -> None:
    agent = with_tool(client, kind="mcp", server="wiki", tools=["shout"])
    assert outputs(call(client, agent, ("wiki_shout", {"text": "ahoy"}))) == ["AHOY"]
    assert wiki.calls[-1]["name"] == "shout"
    assert wiki.headers[-1]["x-key"] == "secret-of-wiki"
    assert [tool["function"]["name"] for tool in model.requests[-1]["tools"]] == ["wiki_shout"]


def test_an_mcp_server_that_is_gone_is_said(client: ChatClient) -> None:
    answer = client.ask("hello", agent=with_tool(client, kind="mcp", server="gone"))
    assert answer.of("data-problem")[0]["data"]["type"] == "/problems/mcp-server-unreachable"
    assert answer.done


def test_an_mcp_tool_that_needs_approval(client: ChatClient, wiki: McpServer) -> None:
    agent = with_tool(client, kind="mcp", server="wiki", approval=True)
    before = len(wiki.calls)
    answer = client.ask('{{call wiki_whisper {"text": "HUSH"}}}{{say Done.}}', agent=agent)
    approval = answer.of("tool-approval-request")[0]["approvalId"]
    assert len(wiki.calls) == before
    decided = client.http.post(
        f"/api/runs/{answer.run_id}/approve", json={"approvals": [{"id": approval, "approved": True}]}
    )
    assert decided.status_code == 202
    with client.resuming(decided.json()["conversation_id"]) as (_, events):
        list(events)
    assert _eventually_called(wiki, before)


def _eventually_called(wiki: McpServer, before: int) -> bool:
    deadline = time.monotonic() + 10
    while len(wiki.calls) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    return len(wiki.calls) > before


def test_an_agent_asks_another(client: ChatClient, model: ScriptedModel, module_stack: Stack, ada: Person) -> None:
    expert = make(client, deployment={"instructions": "You know ships.", "knowledge": {"mode": "off"}})
    agent = with_tool(client, kind="agent", slug=expert, purpose="Ask about ships.")
    tool = f"ask_{expert.replace('-', '_')}"
    answer = call(client, agent, (tool, {"question": "{{say They float.}}"}))
    assert outputs(answer) == ["They float."]
    steps = module_stack.get(f"/rest/v1/run_steps?run_id=eq.{answer.run_id}&select=kind,name&order=number", ada)
    assert [step["kind"] for step in steps] == ["model", "tool", "model", "model"]
    runs = module_stack.get(f"/rest/v1/runs?id=eq.{answer.run_id}&select=input_tokens", ada)
    assert runs[0]["input_tokens"] == 30


def test_agents_do_not_ask_each_other_for_ever(client: ChatClient, model: ScriptedModel) -> None:
    first, second = make(client, deployment={}), make(client, deployment={})
    for one, other in ((first, second), (second, first)):
        tools = [{"kind": "agent", "slug": other}]
        client.http.post(f"/api/agents/{one}/deploy", json={"tools": tools, "knowledge": {"mode": "off"}})
    back = order(f"ask_{first.replace('-', '_')}", {"question": "again"}) + "{{say Enough.}}"
    answer = call(client, first, (f"ask_{second.replace('-', '_')}", {"question": back}))
    assert outputs(answer) == ["Enough."]
    told_in_all = json.dumps([m for request in model.requests[-3:] for m in request["messages"]])
    assert "would go on asking one another" in told_in_all


def test_an_agent_that_one_may_not_use_is_not_asked(
    client: ChatClient, connect: Connect, bob: Person, model: ScriptedModel, ada: Person
) -> None:
    private = make(client, readers=[str(ada.user_id)], deployment={"knowledge": {"mode": "off"}})
    agent = with_tool(client, kind="agent", slug=private)
    tool = f"ask_{private.replace('-', '_')}"
    assert outputs(call(client, agent, (tool, {"question": "{{say yes}}"}))) == ["yes"]
    assert outputs(call(connect(bob), agent, (tool, {"question": "{{say yes}}"}))) == []
    assert "not open to you" in told(model)


def test_tables_are_asked_by_sql(client: ChatClient, model: ScriptedModel, module_stack: Stack) -> None:
    agent = with_tool(client, kind="query_table")
    assert "no such table" in outputs(call(client, agent, ("find_tables", {"query": "prices"})))[0]
    missing = {"document_id": "00000000-0000-4000-8000-000000000000", "sql": "select 1"}
    call(client, agent, ("query_table", missing))
    assert "no such document" in told(model)


def test_tables_are_of_the_sources_that_the_agent_is_for(
    client: ChatClient, model: ScriptedModel, module_stack: Stack, ada: Person
) -> None:
    prices = module_stack.folder / "prices"
    prices.mkdir()
    (prices / "prices.csv").write_text("item,euros\n" + "".join(f"thing {n},{n}\n" for n in range(20)))
    pipeline = Pipeline(module_stack, prices)
    assert pipeline.run()["files_processed"] == 1
    (document,) = pipeline.execute("select id::text, source_id::text from public.documents")
    tools = [{"kind": "query_table"}]
    inside = make(
        client, deployment={"tools": tools, "knowledge": {"mode": "off", "source_ids": [document["source_id"]]}}
    )
    # Any other source: that of uploads.
    (other,) = pipeline.execute("select id::text from public.sources where id::text <> $1", document["source_id"])
    outside = make(client, deployment={"tools": tools, "knowledge": {"mode": "off", "source_ids": [other["id"]]}})

    found = outputs(call(client, inside, ("find_tables", {"query": "prices"})))[0]
    table = re.findall(r"table (\w+), 20 rows", found)[0]
    ask = ("query_table", {"document_id": document["id"], "sql": f"select sum(euros) as total from {table}"})
    assert "no such table" in outputs(call(client, outside, ("find_tables", {"query": "prices"})))[0]
    answer = outputs(call(client, inside, ask))
    assert '"rows": [[190' in answer[0], answer
    assert outputs(call(client, outside, ask)) == []
    assert "no such document" in told(model)


def test_a_member_connects_no_server_by_its_address(connect: Connect, bob: Person) -> None:
    bobs = connect(bob)
    agent = make(bobs)
    body = {"tools": [{"kind": "mcp", "url": "https://1.1.1.1/mcp"}]}
    response: httpx.Response = bobs.http.post(f"/api/agents/{agent}/deploy", json=body)
    problem(response, 403, "mcp-address-not-allowed")
