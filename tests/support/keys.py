"""API keys for tests, made as the web app makes them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.chat import ChatClient


def make_key(client: ChatClient, **wanted: Any) -> dict[str, Any]:
    """A key of that client's person, as the API answers."""
    response = client.http.post("/api/keys", json={"name": "a test", **wanted})
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()
    return created


def bearer(key: str) -> dict[str, str]:
    """The header that a program sends."""
    return {"Authorization": f"Bearer {key}"}


def complete(http: httpx.Client, key: str, text: str = "{{say yes}}", model: str = "guide", **more: Any) -> Any:
    """One completion over plain HTTP."""
    body = {"model": model, "messages": [{"role": "user", "content": text}], **more}
    return http.post("/v1/chat/completions", json=body, headers=bearer(key))


def leave_while_held(url: str, key: str, *, model: str = "guide", stream: bool) -> None:
    """Ask for an answer that the scripted model holds, and leave before it is whole."""
    body = {"model": model, "stream": stream, "messages": [{"role": "user", "content": "{{hold}}{{say a b c}}"}]}
    with (
        # The first question of an API takes seconds: the provider's package is read from disk.
        httpx.Client(base_url=url, headers=bearer(key), timeout=2.5) as http,
        pytest.raises(httpx.ReadTimeout),
        http.stream("POST", "/v1/chat/completions", json=body) as response,
    ):
        for _ in response.iter_bytes():
            pass
