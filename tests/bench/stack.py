"""What the measurements share: a stack of their own, and somebody to search as."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.pipeline import Pipeline
from tests.support.stack import Person
from tests.support.stack_server import running_stack_server


@contextmanager
def bench_pipeline() -> Generator[tuple[Pipeline, Person]]:
    """A pipeline over an empty folder against an empty database, and the admin."""
    with running_stack_server() as server, TemporaryDirectory(prefix="roost-bench-") as name:
        stack = server.reset()
        yield Pipeline(stack, Path(name)), stack.sign_up("ada@example.com")
