"""Later runs: pages, tokens and limits of the change feeds, and what is due without a change."""

from __future__ import annotations

import json

import pytest

from rag_pipeline.sources.base import Changed, Failure, Gone, Known
from rag_pipeline.sources.google_drive import client
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.integration.google_drive.conftest import MakeSource, exhaust
from tests.support.drive_server import DriveServer, Fault
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger


def test_every_page_of_the_feed_is_read(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.feeds.page_limit = 3
    for number in range(20):
        drive.store.file(f"{number}.txt", folder, str(number).encode())
    ledger.run(source)
    assert len(ledger.paths) == 23
    assert drive.calls["drive.changes.list"] == 7


def test_more_changes_than_are_worth_following_mean_a_listing(
    drive: DriveServer,
    folder: str,
    source: GoogleDriveSource,
    ledger: Ledger,
    planted: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client, "_MOST_CHANGES", 5)
    for number in range(6):
        drive.store.file(f"{number}.txt", folder, str(number).encode())
    ledger.run(source)
    assert len(ledger.paths) == 9
    assert drive.calls["drive.files.list"] == 3


def test_a_shared_drive_elsewhere_is_none_of_our_business(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.shared_drive("Other", drive.account.email)
    assert ledger.run(source) == []
    assert drive.calls["drive.files.list"] == 0


@pytest.mark.parametrize("status", [410, 404, 400])
def test_an_expired_token_means_everything_is_listed_and_nothing_lost(
    drive: DriveServer,
    folder: str,
    source: GoogleDriveSource,
    ledger: Ledger,
    planted: dict[str, str],
    status: int,
) -> None:
    store = drive.store
    store.edit(planted["b"], b"B")
    store.file("new.txt", folder, b"new")
    store.trash(planted["a"])
    drive.expire_page_tokens(status)
    ledger.run(source)
    assert ledger.paths == {"Sub/b.txt": "B", "Sub/Deep/c.txt": "c", "new.txt": "new"}
    drive.calls.clear()
    assert ledger.run(source) == []
    assert drive.calls["drive.files.list"] == 0, "the new token is followed again"


def test_what_happens_while_everything_is_listed_is_told_by_the_next_run(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    first = store.file("first.txt", folder, b"1")
    events = source.changes(Known())
    next(events)
    store.edit(first, b"2")
    store.file("meanwhile.txt", folder, b"m")
    ledger.checkpoint = exhaust(events)
    ledger.run(source)
    assert ledger.paths == {"first.txt": "2", "meanwhile.txt": "m"}


def test_losing_a_shared_drive_lists_again(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    team = store.shared_drive("Team", drive.account.email)
    store.file("t.txt", team, b"t")
    store.shortcut("Team", folder, team)
    ledger.run(source)
    assert ledger.paths["Team/t.txt"] == "t"
    store.unshare(team, Permission("user", "fileOrganizer", email=drive.account.email))
    ledger.run(source)
    assert set(ledger.paths) == {"a.txt", "Sub/b.txt", "Sub/Deep/c.txt"}


def test_due_files_are_told_of_though_nothing_changed(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    gone = planted["b"]
    events = ledger.run(source, frozenset({planted["a"]}))
    assert [type(event) for event in events] == [Changed]
    drive.store.items[gone].trashed = True  # without a word in the feed
    assert ledger.run(source, frozenset({gone})) == [Gone(gone, "trashed")]


def test_a_due_file_that_may_not_be_looked_at_is_a_failure_again(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.faults.add(Fault("drive.files.get", 403, "insufficientFilePermissions", "no", times=-1, file_id=planted["b"]))
    (event,) = ledger.run(source, frozenset({planted["b"]}))
    assert isinstance(event, Failure)
    assert (event.external_id, event.path, event.reason) == (planted["b"], "Sub/b.txt", "not-permitted")

    hidden = drive.store.file("hidden.txt", planted["outside"], b"h")
    drive.store.shortcut("Hidden", folder, hidden)
    ledger.run(source)
    (event,) = ledger.run(source, frozenset({hidden}))
    assert isinstance(event, Failure)
    assert event.path == "Hidden"


def test_a_checkpoint_is_json_and_one_of_another_folder_is_not_followed(
    drive: DriveServer, make_source: MakeSource, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    ledger.checkpoint = json.loads(json.dumps(ledger.checkpoint))
    assert ledger.run(source) == []
    assert drive.calls["drive.files.list"] == 0
    ledger.run(make_source(rag_watch_folder_id=planted["sub"]))
    assert set(ledger.paths) == {"b.txt", "Deep/c.txt"}
    ledger.checkpoint = {"form": 99}
    ledger.run(source)
    assert set(ledger.paths) == {"a.txt", "Sub/b.txt", "Sub/Deep/c.txt"}


def test_everything_is_listed_once_a_day_in_any_case(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.items[planted["a"]].trashed = True  # without a word in the feed
    assert ledger.run(source) == []
    ledger.checkpoint = {**ledger.checkpoint, "listed_at": "2026-01-01T00:00:00Z"}
    assert ledger.run(source) == [Gone(planted["a"], "deleted")]


def test_a_run_that_is_given_up_leaves_no_thread_and_the_old_checkpoint(
    drive: DriveServer, folder: str, source: GoogleDriveSource
) -> None:
    for number in range(5):
        drive.store.file(f"{number}.txt", drive.store.folder(f"F{number}", folder), b"x")
    events = source.changes(Known())
    next(events)
    events.close()
    assert len(Ledger().run(source)) == 5
