"""The agent API as a process, with a scripted model, for tests over real HTTP."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.chat import ChatClient
from tests.support.scripted_model import ScriptedModel, scripted_model
from tests.support.stack import Person, Service, Stack


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    """The scripted model, one a module."""
    with scripted_model() as model:
        yield model


@pytest.fixture(scope="module")
def api(module_stack: Stack, model: ScriptedModel) -> Service:
    """The agent API answering with the scripted model, one a module."""
    return start_api(module_stack, model)


def start_api(stack: Stack, model: ScriptedModel, **environment: str) -> Service:
    """An agent API of one's own."""
    return stack.start_agent_api(
        MODEL="openai-chat:scripted", OPENAI_BASE_URL=model.url, OPENAI_API_KEY="-", **environment
    )


@pytest.fixture(scope="module")
def ada(module_stack: Stack) -> Person:
    """The first person: an admin."""
    return module_stack.sign_up("ada@example.com")


@pytest.fixture(scope="module")
def bob(module_stack: Stack, ada: Person) -> Person:
    """The second person: a member."""
    return module_stack.sign_up("bob@example.com")


Connect = Callable[[Person | None], ChatClient]


@pytest.fixture
def connect(api: Service) -> Iterator[Connect]:
    """Clients of the module's API, closed after the test."""
    clients: list[ChatClient] = []

    def make(person: Person | None) -> ChatClient:
        clients.append(ChatClient(api.url, person))
        return clients[-1]

    yield make
    for client in clients:
        client.http.close()


@pytest.fixture(scope="module")
def other_agent(module_stack: Stack, ada: Person) -> str:
    """The slug of a second agent, open to Ada alone."""
    slug = "ledger"
    wanted = {"slug": slug, "name": "Ledger", "readers": [str(ada.user_id)]}
    module_stack.rpc_as_service("create_agent", p_user=str(ada.user_id), p_agent=wanted)
    deployment = {"instructions": "You keep the books.", "knowledge": {"mode": "off"}}
    module_stack.rpc_as_service("deploy_agent", p_user=str(ada.user_id), p_slug=slug, p_deployment=deployment)
    return slug


@pytest.fixture
def adas(connect: Connect, ada: Person) -> ChatClient:
    """The admin's client."""
    return connect(ada)


@pytest.fixture
def bobs(connect: Connect, bob: Person) -> ChatClient:
    """The member's client."""
    return connect(bob)
