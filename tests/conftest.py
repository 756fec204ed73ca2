"""Fixtures that every test may ask for; tests/support/stack.py tells how to use them."""

from collections.abc import Iterator

import pytest

from tests.support.forked_api import ApiForks
from tests.support.running_roost import RunningRoost, running_roost
from tests.support.stack import Stack, inherited
from tests.support.stack_server import StackServer, running_stack_server


@pytest.fixture(scope="session")
def stack_server() -> Iterator[StackServer]:
    """Postgres and the Supabase server, started once."""
    forks = ApiForks(inherited())
    try:
        with running_stack_server(forks) as server:
            yield server
    finally:
        forks.close()


@pytest.fixture
def stack(stack_server: StackServer) -> Iterator[Stack]:
    """A fresh database behind the Supabase API, for one test."""
    stack = stack_server.reset()
    yield stack
    stack.stop_services()


@pytest.fixture(scope="module")
def module_stack(stack_server: StackServer) -> Iterator[Stack]:
    """A fresh database behind the Supabase API, for one module's tests."""
    stack = stack_server.reset()
    yield stack
    stack.stop_services()


@pytest.fixture(scope="session")
def roost() -> Iterator[RunningRoost]:
    """The whole product on a free port, without a language model, started once."""
    with running_roost() as running:
        yield running
