"""Later runs: what happened since, told by the change feeds and placed by the tree."""

from __future__ import annotations

import json
from collections.abc import Generator

import pytest

from core.errors import RateLimited
from rag_pipeline.sources.base import Changed, Checkpoint, Failure, Gone, Known, Moved, SourceEvent
from rag_pipeline.sources.google_drive import client
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.integration.google_drive.conftest import MakeSource
from tests.support.drive_server import DriveServer, Fault
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger


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
