"""Agents made and deployed over HTTP, and what the model and refusals then say."""

from typing import Any

import httpx

from tests.support.chat import ChatClient, new_id
from tests.support.scripted_model import ScriptedModel

#: The reader that stands for everybody.
EVERYONE = "00000000-0000-0000-0000-000000000001"


def make(client: ChatClient, **more: Any) -> str:
    slug = f"agent-{new_id()}"
    body = {"slug": slug, "name": f"Agent {slug}", **more}
    response = client.http.post("/api/agents", json=body)
    assert response.status_code == 201, response.text
    return slug


def deploy(client: ChatClient, slug: str, **deployment: Any) -> dict[str, Any]:
    response = client.http.post(f"/api/agents/{slug}/deploy", json=deployment)
    assert response.status_code == 201, response.text
    return response.json()


def told(model: ScriptedModel) -> str:
    """The instructions that the model was last given."""
    return str([m for m in model.requests[-1]["messages"] if m["role"] in ("system", "developer")])


def problem(response: httpx.Response, status: int, slug: str) -> str:
    assert response.status_code == status, response.text
    assert response.json()["type"] == f"/problems/{slug}"
    return response.json()["detail"]
