"""Later runs: what happened since, told by the change feeds and placed by the tree."""

from __future__ import annotations

import pytest

from rag_pipeline.sources.base import Changed, Gone, Moved
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.support.drive_server import DriveServer
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger


def test_an_edit_is_read_again(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.edit(planted["b"], b"B")
    (event,) = ledger.run(source)
    assert isinstance(event, Changed)
    assert ledger.paths["Sub/b.txt"] == "B"
    assert drive.calls["drive.files.list"] == 0


def test_a_new_file_is_found(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.file("new.txt", planted["sub"], b"new")
    ledger.run(source)
    assert ledger.paths["Sub/new.txt"] == "new"
    assert drive.calls["drive.files.list"] == 0


def test_a_file_elsewhere_is_not_mentioned(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.share(planted["outside"], Permission("user", "reader", email=drive.account.email))
    drive.store.file("other.txt", planted["outside"], b"other")
    assert ledger.run(source) == []


def test_a_rename_is_a_move_and_reads_nothing(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.rename(planted["a"], "alpha.txt")
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert (event.previous_external_id, event.file.title) == (planted["a"], "alpha.txt")
    assert set(ledger.paths) == {"alpha.txt", "Sub/b.txt", "Sub/Deep/c.txt"}
    assert drive.calls["drive.files.get.media"] == 0


def test_a_rename_with_an_edit_is_read_again(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.rename(planted["a"], "alpha.txt")
    drive.store.edit(planted["a"], b"alpha")
    assert [type(event) for event in ledger.run(source)] == [Changed]
    assert ledger.paths["alpha.txt"] == "alpha"


def test_a_move_within_the_folder(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.move(planted["a"], planted["sub"])
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert "Sub/a.txt" in ledger.paths


@pytest.mark.parametrize(
    ("act", "reason"), [("trash", "trashed"), ("delete", "deleted"), ("move_out", "deleted"), ("hide", "deleted")]
)
def test_a_file_that_goes_away(
    drive: DriveServer,
    folder: str,
    source: GoogleDriveSource,
    ledger: Ledger,
    planted: dict[str, str],
    act: str,
    reason: str,
) -> None:
    store = drive.store
    if act == "trash":
        store.trash(planted["a"])
    elif act == "delete":
        store.delete(planted["a"])
    elif act == "move_out":
        store.move(planted["a"], planted["outside"])
    else:
        store.limit(planted["a"])
    assert ledger.run(source) == [Gone(planted["a"], reason)]
    assert drive.calls["drive.files.list"] == 0


def test_a_file_that_moves_out_and_stays_visible(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.share(planted["outside"], Permission("user", "reader", email=drive.account.email))
    drive.store.move(planted["a"], planted["outside"])
    assert ledger.run(source) == [Gone(planted["a"], "moved-out")]
    drive.store.move(planted["a"], planted["sub"])
    ledger.run(source)
    assert ledger.paths["Sub/a.txt"] == "a"


def test_out_of_the_bin_and_back(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.trash(planted["a"])
    ledger.run(source)
    drive.store.untrash(planted["a"])
    ledger.run(source)
    assert ledger.paths["a.txt"] == "a"


@pytest.mark.parametrize("act", ["trash", "delete", "move_out"])
def test_a_folder_that_goes_away_takes_everything_along(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str], act: str
) -> None:
    store = drive.store
    if act == "trash":
        store.trash(planted["sub"])
    elif act == "delete":
        store.delete(planted["sub"])
    else:
        store.move(planted["sub"], planted["outside"])
    assert {type(event) for event in ledger.run(source)} == {Gone}
    assert ledger.paths == {"a.txt": "a"}
    if act == "trash":
        store.untrash(planted["sub"])
        ledger.run(source)
        assert set(ledger.paths) == {"a.txt", "Sub/b.txt", "Sub/Deep/c.txt"}


def test_a_folder_that_is_renamed_moves_everything_and_reads_nothing(
    drive: DriveServer, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.rename(planted["sub"], "Under")
    assert {type(event) for event in ledger.run(source)} == {Moved}
    assert set(ledger.paths) == {"a.txt", "Under/b.txt", "Under/Deep/c.txt"}
    assert drive.calls["drive.files.get.media"] == 0


def test_a_folder_that_comes_in_brings_everything(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    inner = store.folder("Inner", planted["outside"])
    store.file("old.txt", inner, b"old")
    store.move(planted["outside"], folder)
    ledger.run(source)
    assert ledger.paths["Outside/Inner/old.txt"] == "old"


def test_new_folders_in_new_folders_are_listed_and_nothing_else(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    store = drive.store
    outer = store.folder("Outer", folder)
    inner = store.folder("Inner", outer)
    store.file("new.txt", inner, b"new")
    ledger.run(source)
    assert ledger.paths["Outer/Inner/new.txt"] == "new"
    assert drive.calls["drive.files.list"] == 2
    store.edit(store.file("later.txt", inner, b"later"), b"even later")
    ledger.run(source)
    assert ledger.paths["Outer/Inner/later.txt"] == "even later"


def test_a_file_that_moves_into_a_new_folder(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.move(planted["a"], drive.store.folder("New", folder))
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert "New/a.txt" in ledger.paths


def test_the_watched_folder_may_be_renamed_and_moved(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, planted: dict[str, str]
) -> None:
    drive.store.rename(folder, "Manual")
    drive.store.move(folder, planted["outside"])
    assert ledger.run(source) == []
