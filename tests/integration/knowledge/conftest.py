"""An agent API, a pipeline and three people, for all tests of a file."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.support.pipeline import Pipeline
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def api(module_stack: Stack) -> Service:
    return module_stack.start_agent_api()


@pytest.fixture(scope="module")
def ada(module_stack: Stack) -> Person:
    """The first person: an admin."""
    return module_stack.sign_up("ada@example.com")


@pytest.fixture(scope="module")
def bob(module_stack: Stack, ada: Person) -> Person:
    """The second person: a member."""
    return module_stack.sign_up("bob@example.com")


@pytest.fixture(scope="module")
def carol(module_stack: Stack, bob: Person) -> Person:
    """The third person: another member."""
    return module_stack.sign_up("carol@example.com")


@pytest.fixture(scope="module")
def pipeline(module_stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    return Pipeline(module_stack, tmp_path_factory.mktemp("documents"))


Connect = Callable[[Person], httpx.Client]


@pytest.fixture
def connect(api: Service) -> Iterator[Connect]:
    clients: list[httpx.Client] = []

    def make(person: Person) -> httpx.Client:
        clients.append(httpx.Client(base_url=api.url, headers=person.authorization, timeout=30))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def found(client: httpx.Client, words: str, **query: str) -> list[str]:
    """The paths that a search by words finds for whoever the client is."""
    answer = client.get("/api/search", params={"q": words, **query})
    assert answer.status_code == 200, answer.text
    return [item["path"] for item in answer.json()["items"] if item["text_rank"]]
