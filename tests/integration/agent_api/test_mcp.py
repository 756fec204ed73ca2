"""MCP clients use agents and the search as tools, with the rights of whoever made the key."""

import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastmcp import Client
from fastmcp.client.auth import BearerAuth
from fastmcp.exceptions import ToolError

from tests.integration.agent_api.conftest import Connect
from tests.support.chat import ChatClient
from tests.support.keys import bearer, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def key(api: Service, ada: Person) -> str:
    with ChatClient(api.url, ada) as client:
        return str(make_key(client)["key"])


def _client(api: Service, key: str) -> Client[Any]:
    return Client(f"{api.url}/mcp", auth=BearerAuth(key))


@pytest.fixture
async def client(api: Service, key: str) -> AsyncIterator[Client[Any]]:
    async with _client(api, key) as client:
        yield client


async def test_agents_and_the_search_are_tools(client: Client[Any], other_agent: str) -> None:
    tools = {tool.name: tool for tool in await client.list_tools()}

    assert {"ask_guide", f"ask_{other_agent}", "search_knowledge"} <= tools.keys()
    assert "Guide" in (tools["ask_guide"].title or "")
    assert tools["ask_guide"].input_schema["required"] == ["question"]


async def test_asking_an_agent(client: Client[Any], module_stack: Stack, ada: Person) -> None:
    result = await client.call_tool("ask_guide", {"question": "{{say Forty-two.}}"})

    assert result.structured_content is not None
    assert result.structured_content["answer"] == "Forty-two."
    assert result.structured_content["citations"] == []
    run_id = result.structured_content["run_id"]
    [run] = module_stack.get(f"/rest/v1/runs?id=eq.{run_id}&select=door,state", ada)
    assert run == {"door": "mcp", "state": "finished"}


async def test_searching(client: Client[Any]) -> None:
    result = await client.call_tool("search_knowledge", {"query": "refunds", "limit": 3})
    assert result.structured_content == {"passages": []}


async def test_what_goes_wrong_is_told_to_the_asking_model(client: Client[Any]) -> None:
    for tool, arguments, words in [
        ("ask_nobody", {"question": "hello"}, "no such agent"),
        ("ask_guide", {"question": "{{status 401}}"}, "key"),
        ("ask_guide", {"question": ""}, "question"),
        ("ask_guide", {}, "question"),
        ("search_knowledge", {"query": "x", "limit": 1000}, "limit"),
    ]:
        with pytest.raises(ToolError, match=words):
            await client.call_tool(tool, arguments)
    failed = await client.call_tool("ask_guide", {"question": "{{status 429}}"}, raise_on_error=False)
    assert failed.is_error
    assert "sk-very-secret" not in str(failed)


async def test_a_tool_that_is_not_there(client: Client[Any]) -> None:
    with pytest.raises(Exception, match="no tool called nothing"):
        await client.call_tool("nothing", {})


async def test_a_key_for_one_agent_sees_no_other_and_no_documents(
    api: Service, connect: Connect, ada: Person, other_agent: str
) -> None:
    key = make_key(connect(ada), agents=[other_agent])["key"]
    async with _client(api, key) as client:
        assert [tool.name for tool in await client.list_tools()] == [f"ask_{other_agent}"]
        with pytest.raises(Exception, match="no tool called search_knowledge"):
            await client.call_tool("search_knowledge", {"query": "x"})
        with pytest.raises(ToolError, match="not for the agent"):
            await client.call_tool("ask_guide", {"question": "hello"})


async def test_a_second_person_has_their_own_tools(api: Service, bob: Person, other_agent: str) -> None:
    async with _client(api, bob.access_token) as client:
        names = [tool.name for tool in await client.list_tools()]
    assert "ask_guide" in names
    assert f"ask_{other_agent}" not in names


def test_without_a_key(api: Service, connect: Connect, ada: Person) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"accept": "application/json, text/event-stream"}
    for headers in ({}, bearer("roost_unknown"), bearer("nonsense")):
        response = httpx.post(f"{api.url}/mcp", json=message, headers=accept | headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.headers["content-type"] == "application/problem+json"
    adas = connect(ada)
    made = make_key(adas)
    assert httpx.post(f"{api.url}/mcp", json=message, headers=accept | bearer(made["key"])).status_code == 200
    adas.http.delete(f"/api/keys/{made['id']}")
    assert httpx.post(f"{api.url}/mcp", json=message, headers=accept | bearer(made["key"])).status_code == 401
    assert httpx.get(f"{api.url}/mcp", headers=bearer(made["key"])).status_code == 405


def test_who_leaves_stops_the_model(api: Service, key: str, model: ScriptedModel) -> None:
    model.released.clear()
    aborted = model.aborted
    call = {"name": "ask_guide", "arguments": {"question": "{{hold}}{{say a b}}"}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
    headers = bearer(key) | {"accept": "application/json, text/event-stream"}
    with (
        pytest.raises(httpx.ReadTimeout),
        httpx.stream("POST", f"{api.url}/mcp", json=message, headers=headers, timeout=1.5) as response,
    ):
        for _ in response.iter_bytes():
            pass
    deadline = time.monotonic() + 10
    while model.aborted == aborted:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    model.release()
