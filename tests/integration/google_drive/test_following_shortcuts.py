"""Later runs: shortcuts, what they lead to, and files between two drives."""

from __future__ import annotations

import pytest

from core.errors import RateLimited
from rag_pipeline.sources.base import Gone, Moved
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.support.drive_server import DriveServer, Fault
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger


def test_shortcuts_come_change_and_go(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    store.share(planted["outside"], Permission("user", "reader", email=drive.account.email))
    far = store.file("far.txt", planted["outside"], b"far")
    link = store.shortcut("Link", folder, far)
    ledger.run(source)
    assert ledger.paths["Link"] == "far"
    store.edit(far, b"farther")
    ledger.run(source)
    assert ledger.paths["Link"] == "farther"
    store.rename(link, "Chain")
    ledger.run(source)
    assert "Chain" in ledger.paths
    assert "Link" not in ledger.paths
    store.trash(link)
    ledger.run(source)
    assert set(ledger.paths) == {"a.txt", "Sub/b.txt", "Sub/Deep/c.txt"}


def test_a_shortcut_to_a_folder_is_followed_by_the_feed(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    link = store.shortcut("Link", folder, planted["outside"])
    ledger.run(source)
    assert "Link" not in "".join(ledger.paths)
    # Shared only later: the feed tells of the folder, the tree knows the shortcut.
    store.share(planted["outside"], Permission("user", "reader", email=drive.account.email))
    far = store.file("far.txt", planted["outside"], b"far")
    ledger.run(source)
    assert ledger.paths["Link/far.txt"] == "far"
    store.rename(far, "near.txt")
    ledger.run(source)
    assert "Link/near.txt" in ledger.paths
    store.delete(link)
    ledger.run(source)
    assert set(ledger.paths) == {"a.txt", "Sub/b.txt", "Sub/Deep/c.txt"}


def test_a_folder_behind_a_shortcut_moves_into_the_watched_folder(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    store.share(planted["outside"], Permission("user", "reader", email=drive.account.email))
    store.file("far.txt", planted["outside"], b"far")
    store.shortcut("Link", planted["sub"], planted["outside"])
    ledger.run(source)
    assert ledger.paths["Sub/Link/far.txt"] == "far"
    store.move(planted["outside"], folder)
    assert {type(event) for event in ledger.run(source)} == {Moved}
    assert ledger.paths["Outside/far.txt"] == "far"


def test_a_shortcut_that_dangles_is_no_file(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    far = store.file("far.txt", planted["outside"], b"far")
    store.share(far, Permission("user", "reader", email=drive.account.email))
    store.trash(far)
    link = store.shortcut("Link", folder, far)
    store.shortcut("Link to a link", folder, link)
    assert ledger.run(source) == []


def test_a_due_file_that_is_deleted_without_a_word(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.directory.remove(planted["b"])
    assert ledger.run(source, frozenset({planted["b"]})) == [Gone(planted["b"], "deleted")]
    drive.faults.add(Fault("drive.files.get", 403, "dailyLimitExceeded", times=-1, file_id=planted["a"]))
    with pytest.raises(RateLimited):
        ledger.run(source, frozenset({planted["a"]}))


def test_a_shortcut_keeps_a_file_that_leaves_the_folder(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    store.share(planted["outside"], Permission("user", "reader", email=drive.account.email))
    store.shortcut("Link", folder, planted["a"])
    ledger.run(source)
    store.move(planted["a"], planted["outside"])
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert ledger.paths["Link"] == "a"


def test_what_a_shortcut_leads_to_is_hidden_again(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    far = store.file("far.txt", planted["outside"], b"far")
    grant = Permission("user", "reader", email=drive.account.email)
    store.share(far, grant)
    store.shortcut("Link", folder, far)
    ledger.run(source)
    assert ledger.paths["Link"] == "far"
    store.unshare(far, grant)
    ledger.run(source)
    assert "Link" not in ledger.paths


def test_a_file_that_moves_between_two_watched_drives_stays_the_same_document(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    team = store.shared_drive("Team", drive.account.email)
    place = store.folder("Place", team)
    store.shortcut("Team", folder, place)
    ledger.run(source)
    drive.calls.clear()
    store.move(planted["a"], place)
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert ledger.paths["Team/a.txt"] == "a"
    store.move(planted["a"], folder)
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert ledger.paths["a.txt"] == "a"
    assert drive.calls["drive.files.list"] == 0
