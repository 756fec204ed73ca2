"""A Drive with one watched folder, and sources that look at it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator

import pytest
from pydantic import SecretStr

from rag_pipeline.sources.base import Checkpoint, SourceEvent
from rag_pipeline.sources.google_drive.backoff import Backoff
from rag_pipeline.sources.google_drive.settings import GoogleDriveSettings
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.support.drive_server import DriveServer
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger

MakeSource = Callable[..., GoogleDriveSource]


@pytest.fixture
def drive() -> Iterator[DriveServer]:
    """A Drive. Whatever it answered fits the discovery document."""
    with DriveServer() as server:
        yield server
        assert server.broken == []


@pytest.fixture
def folder(drive: DriveServer) -> str:
    """The watched folder, in somebody's My Drive, shared with the service account."""
    identifier = drive.store.folder("Handbook")
    drive.store.share(identifier, Permission("user", "reader", email=drive.account.email))
    return identifier


class Pauses:
    """Notes what would have been waited for, and moves a clock instead."""

    def __init__(self) -> None:
        self.taken: list[float] = []
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        """Pretend to wait."""
        self.taken.append(seconds)
        self.now += seconds

    def clock(self) -> float:
        """Seconds that were waited."""
        return self.now


@pytest.fixture
def pauses() -> Pauses:
    """The pauses of every source of the test."""
    return Pauses()


@pytest.fixture
def make_source(drive: DriveServer, folder: str, pauses: Pauses) -> Iterator[MakeSource]:
    """Make a source that watches `folder`; arguments are settings, and `max_file_bytes`."""
    made: list[GoogleDriveSource] = []

    def make(max_file_bytes: int = 1 << 30, **changes: object) -> GoogleDriveSource:
        values: dict[str, object] = {
            "rag_watch_folder_id": folder,
            "google_drive_credentials_json": SecretStr(drive.credentials),
            "rag_drive_api_root": drive.url,
            **changes,
        }
        settings = GoogleDriveSettings.model_validate(values)
        backoff = Backoff(settings.rag_drive_retry_seconds, sleep=pauses.sleep, clock=pauses.clock, jitter=lambda: 0.5)
        made.append(GoogleDriveSource(settings, max_file_bytes=max_file_bytes, backoff=backoff))
        return made[-1]

    yield make
    for source in made:
        source.close()


@pytest.fixture
def source(make_source: MakeSource) -> GoogleDriveSource:
    """A source with everything at its default."""
    return make_source()


@pytest.fixture
def ledger() -> Ledger:
    """An empty ledger."""
    return Ledger()


def exhaust(events: Generator[SourceEvent, None, Checkpoint]) -> Checkpoint:
    """What a run returns at its end."""
    while True:
        try:
            next(events)
        except StopIteration as end:
            return end.value


@pytest.fixture
def planted(drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger) -> dict[str, str]:
    """A small tree that was read once: names to ids."""
    store = drive.store
    sub = store.folder("Sub", folder)
    names = {
        "a": store.file("a.txt", folder, b"a"),
        "b": store.file("b.txt", sub, b"b"),
        "c": store.file("c.txt", store.folder("Deep", sub), b"c"),
        "sub": sub,
        "outside": store.folder("Outside"),
    }
    ledger.run(source)
    drive.calls.clear()
    return names
