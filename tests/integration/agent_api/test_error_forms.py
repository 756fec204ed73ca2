"""Under /v1 and /a2a every error has the form of that door's protocol, also those of limits and of missing routes."""

from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest

from tests.integration.agent_api.conftest import start_api
from tests.support.chat import ChatClient
from tests.support.keys import bearer, make_key
from tests.support.scripted_model import ScriptedModel
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel) -> Service:
    return start_api(module_stack, model, MAX_REQUEST_BYTES="4096", RATE_LIMIT_ADDRESS="60/minute")


@pytest.fixture(scope="module")
def key(api: Service, ada: Person) -> str:
    with ChatClient(api.url, ada) as client:
        return str(make_key(client)["key"])


@pytest.fixture
def http(api: Service, key: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=api.url, headers=bearer(key), timeout=20) as http:
        yield http


def of_openai(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"error"}
    error: dict[str, Any] = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


def of_json_rpc(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    body = response.json()
    assert body["jsonrpc"] == "2.0"
    assert body["error"]["data"]["status"] == status
    return body["error"]


def test_what_is_too_large(http: httpx.Client) -> None:
    large = {"model": "guide", "messages": [{"role": "user", "content": "x" * 5000}]}
    assert of_openai(http.post("/v1/chat/completions", json=large), 413)["code"] == "too-large"
    assert of_json_rpc(http.post("/a2a/guide", json=large), 413)["code"] == -32600
    in_pieces = http.post("/v1/chat/completions", content=iter([b" " * 3000, b" " * 3000]))
    assert of_openai(in_pieces, 413)["type"] == "invalid_request_error"


def test_what_is_not_there_or_not_taken(http: httpx.Client) -> None:
    assert of_openai(http.post("/v1/embeddings", json={}), 404)["code"] == "not-found"
    assert of_openai(http.get("/v1/chat/completions"), 405)["code"] == "method-not-allowed"
    assert of_json_rpc(http.get("/a2a/guide"), 405)["code"] == -32600


def test_who_may_not_ask(http: httpx.Client) -> None:
    nobody = {"Authorization": ""}
    body = {"model": "guide", "messages": [{"role": "user", "content": "?"}]}
    assert (
        of_openai(http.post("/v1/chat/completions", json=body, headers=nobody), 401)["type"] == "authentication_error"
    )
    refused = http.post("/a2a/guide", json={}, headers=nobody)
    assert of_json_rpc(refused, 401)["data"]["type"] == "/problems/not-authenticated"
    assert refused.headers["www-authenticate"] == "Bearer"


def test_what_cannot_be_read(http: httpx.Client) -> None:
    json_type = {"Content-Type": "application/json"}
    for body in (b"{", b"\xff\xfe"):
        assert of_openai(http.post("/v1/chat/completions", content=body, headers=json_type), 400)["message"]
    assert of_openai(http.post("/v1/chat/completions", json={}), 422)["param"]


def test_too_many_requests(http: httpx.Client, api: Service, key: str) -> None:
    response = http.get("/v1/models")
    for _ in range(80):
        if response.status_code == 429:
            break
        response = http.get("/v1/models")
    assert of_openai(response, 429)["type"] == "rate_limit_error"
    assert int(response.headers["retry-after"]) > 0
    assert response.headers["content-length"] == str(len(response.content))
    of_json_rpc(http.post("/a2a/guide", json={}), 429)
    client = openai.OpenAI(base_url=f"{api.url}/v1", api_key=key, max_retries=0)
    with pytest.raises(openai.RateLimitError) as refused:
        client.models.list()
    assert refused.value.code == "rate-limited"
    client.close()
