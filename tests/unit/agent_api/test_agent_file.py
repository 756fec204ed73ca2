"""An agent as a YAML file: whatever its texts hold, it is read as it was written."""

import random
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from agent_api.agents.schemas import Agent, Deployment, DeploymentRequest
from agent_api.agents.text import export_agent, read_agent

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ODD = [
    "", " ", "\n", "a\n", "\na", "  a", "a  ", "a \n b", "\ttab", "a: b", "- a", "# a", "a # b",
    "'", '"', "\\", "|", ">", "yes", "no", "on", "null", "~", "1", "1.0", "1e3", "0x1f",
    "2001-01-01", "12:30:45", "=", "<<", "!!str a", "&a", "*a", "%TAG", "---", "...", "---\na\n...",
    "{a: b}", "[a]", "a,b", "é", "🚢", "\u0085", "\u2028", "\ufeff", "\x7f", "\x1b", "a\r\nb", "\r",
    "x" * 500, "word " * 100, "line\n" * 50, " \n \n", "a\n\n\n", "\u200b", "日本語\n日本語",
]  # fmt: skip


def agent(name: str, description: str) -> Agent:
    return Agent(
        id=uuid.uuid4(), slug="a", name=name, description=description, starters=[], status="draft", live_number=1,
        readers=[], last_error=None, last_error_at=None, created_by=None, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def there_and_back(text: str) -> DeploymentRequest | None:
    request = DeploymentRequest(instructions=text, note=text[:1000], starters=[text[:300]] if text else [])
    deployment = Deployment(number=1, created_by=None, created_at=NOW, **_fields(request))
    exported = export_agent(agent(text[:120] or "-", text[:2000]), deployment)
    read = read_agent(exported)
    assert read.description == text[:2000]
    assert read.deployment is not None
    again = Deployment(number=1, created_by=None, created_at=NOW, **_fields(read.deployment))
    assert export_agent(agent(read.name, read.description), again) == exported
    return read.deployment


def _fields(request: DeploymentRequest) -> dict[str, Any]:
    return {name: value for name, value in request.to_row().items() if name != "based_on"}


@pytest.mark.parametrize("text", ODD)
def test_an_odd_text(text: str) -> None:
    read = there_and_back(text)
    assert read is not None
    assert read.instructions == text


def test_random_texts() -> None:
    random.seed(7)
    alphabet = [*"ab \n\t:#-'\"\\|>&*!%{}[],?é🚢\u2028\u0085\r", "\n  ", ": ", " #"]
    for _ in range(300):
        text = "".join(random.choices(alphabet, k=random.randint(1, 40)))
        read = there_and_back(text)
        assert read is not None
        assert read.instructions == text, repr(text)
