"""Trouble with the embedding model's provider is told to whoever searches, and is never taken for theirs."""

from collections.abc import Iterator

import pytest

from tests.integration.knowledge.conftest import Connect, found
from tests.support.embedding_server import EmbeddingServer, embedding_server
from tests.support.pipeline import Pipeline
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def provider() -> Iterator[EmbeddingServer]:
    with embedding_server(dimension=32) as server:
        yield server


@pytest.fixture(scope="module")
def model(provider: EmbeddingServer) -> dict[str, str]:
    return {"EMBEDDING_MODEL": "openai:instant", "OPENAI_BASE_URL": provider.url, "OPENAI_API_KEY": "-"}


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: dict[str, str]) -> Service:
    return module_stack.start_agent_api(**model)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_what_the_provider_refuses_is_a_failure_behind_roost(
    connect: Connect, ada: Person, pipeline: Pipeline, provider: EmbeddingServer, model: dict[str, str], status: int
) -> None:
    pipeline.write("heron.md", "# Heron\n\nIt stands in the reeds.")
    assert pipeline.run(**model).exit_code == 0
    client = connect(ada)
    assert found(client, "reeds") == ["heron.md"]
    provider.fail_with(status)
    try:
        refused = client.get("/api/search", params={"q": "reeds"})
    finally:
        provider.fail_with(None)
    assert (refused.status_code, refused.json()["type"]) == (502, "/problems/upstream-failed"), refused.text
    assert "embedding model" in refused.json()["detail"]
    assert found(client, "reeds") == ["heron.md"]
