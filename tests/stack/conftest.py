"""One running Roost of containers for all of these tests, and the order that lets them share it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.deployment import Deployment, Member, engine_answers, new_deployment

#: From what changes nothing to what ends it.
ORDER = ("configuration", "first_answer", "hardening", "survival", "upgrade", "backup", "deploy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules in that order; those of other folders stay where they are."""
    here = [item for item in items if item.path.parent == Path(__file__).parent]
    ordered = iter(sorted(here, key=lambda item: ORDER.index(item.path.stem.removeprefix("test_"))))
    items[:] = [next(ordered) if item in here else item for item in items]


@pytest.fixture(scope="session", autouse=True)
def docker_engine() -> None:
    """Nothing here runs without one."""
    if not engine_answers():
        pytest.skip("no Docker engine answers here: these tests need one, with Compose")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A copy of the checkout; nothing is set up."""
    deployment = new_deployment(Path(tmp_path_factory.mktemp("roost")))
    yield deployment
    deployment.remove()


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """The two commands of a stranger, and everything is healthy. People may ask as fast as these tests do."""
    deployment = new_deployment(Path(tmp_path_factory.mktemp("roost")))
    try:
        deployment.setup(
            **{f"RATE_LIMIT_{kind}": "1000000/minute" for kind in ("PERSON", "KEY", "ADDRESS")},
            # Of Deployment.paced_model, for the agents that are deployed with it; MODEL is unset.
            OPENAI_BASE_URL="http://model:9000/v1",
            OPENAI_API_KEY="-",
        )
        deployment.up("--build")
        yield deployment
    finally:
        deployment.remove()


@pytest.fixture(scope="session")
def ada(deployment: Deployment) -> Member:
    """The first person, and so the admin."""
    return deployment.sign_up()
