"""A pipeline over an empty folder, and two people."""

from pathlib import Path

import pytest

from tests.support.pipeline import Pipeline
from tests.support.stack import Person, Stack


@pytest.fixture
def pipeline(stack: Stack, tmp_path: Path) -> Pipeline:
    folder = tmp_path / "documents"
    folder.mkdir()
    return Pipeline(stack, folder)


@pytest.fixture
def ada(stack: Stack) -> Person:
    """The first person: an admin."""
    return stack.sign_up("ada@example.com")


@pytest.fixture
def bob(stack: Stack, ada: Person) -> Person:
    """The second person: a member."""
    return stack.sign_up("bob@example.com")
