"""`deployment`: a running Roost of containers, built and started once for each module that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.deployment import Deployment, engine_answers, new_deployment


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


@pytest.fixture(scope="module")
def deployment(bare: Deployment) -> Deployment:
    """The two commands of a stranger, and everything is healthy."""
    bare.setup()
    bare.up("--build")
    return bare
