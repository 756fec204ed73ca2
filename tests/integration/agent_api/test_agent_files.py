"""Agents as YAML files: out, in again, and files that are none."""

from typing import Any

import pytest

from tests.support.agents import make, problem
from tests.support.chat import ChatClient, new_id


def test_an_agent_travels_as_a_file(adas: ChatClient) -> None:
    deployment: dict[str, Any] = {
        "instructions": "Line one.\n\n  Indented: yes\n# not a comment\ttab é 🚢\nlast line without end",
        "model": "openai-chat:other",
        "fallback_models": ["openai-chat:third"],
        "model_settings": {"temperature": 0.5, "stop_sequences": ["no", "on", "1e3"]},
        "tools": [{"kind": "python", "approval": True}, {"kind": "read_page", "domains": ["example.com"]}],
        "knowledge": {"mode": "tool", "limit": 9, "source_ids": []},
        "limits": {"requests": 5},
        "starters": ["yes", "null", "What: this?"],
        "note": "- dash",
    }
    slug = make(adas, description="a: b\n---\n", deployment=deployment)
    exported = adas.http.get(f"/api/agents/{slug}/export")
    assert exported.headers["content-type"].startswith("application/yaml")

    copy = f"agent-{new_id()}"
    text = exported.text.replace(f"slug: {slug}", f"slug: {copy}")
    headers = {"content-type": "application/yaml"}
    response = adas.http.post("/api/agents/import", content=text, headers=headers)
    assert response.status_code == 201, response.text
    assert adas.http.get(f"/api/agents/{copy}/export").text == text
    one, two = (adas.http.get(f"/api/agents/{s}/deployments/1").json() for s in (slug, copy))
    assert {k: v for k, v in one.items() if k != "created_at"} == {k: v for k, v in two.items() if k != "created_at"}

    problem(adas.http.post("/api/agents/import", content=text, headers=headers), 409, "agent-exists")
    again = adas.http.post("/api/agents/import?replace=true", content=text, headers=headers)
    assert again.json()["live_number"] == 2


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("a: [", "file-not-readable"),
        ("!!python/object/apply:os.system ['true']", "file-not-readable"),
        ("a: &a [1]\nb: *a", "file-not-readable"),
        ("[" * 5000, "file-not-readable"),
        ("just a text", "file-not-an-agent"),
        ("roost_agent: 2\nslug: x\nname: X", "file-not-an-agent"),
        ("roost_agent: 1\nslug: UPPER\nname: X", "file-not-an-agent"),
        ("roost_agent: 1\nslug: x\nname: X\nsurprise: 1", "file-not-an-agent"),
    ],
)
def test_files_that_are_no_agents(adas: ChatClient, text: str, slug: str) -> None:
    headers = {"content-type": "application/yaml"}
    assert problem(adas.http.post("/api/agents/import", content=text, headers=headers), 422, slug)


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"", b"\x00", b'roost_agent: 1\nslug: x\nname: "\\0"', b"? a", b"1e999", b"- " * 3000]
)
def test_odd_files_are_no_errors_of_ours(adas: ChatClient, content: bytes) -> None:
    headers = {"content-type": "application/yaml"}
    assert adas.http.post("/api/agents/import", content=content, headers=headers).status_code in (400, 422)
