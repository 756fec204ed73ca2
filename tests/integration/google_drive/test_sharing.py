"""RAG_DRIVE_PERMISSIONS=sync: who may read in Drive, by whatever way the right came."""

from __future__ import annotations

import pytest

from core.errors import ConfigurationError, Unavailable
from rag_pipeline.sources.base import Changed, Grant, Moved
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.integration.google_drive.conftest import MakeSource
from tests.support.drive_server import DriveServer, Fault
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger

OLGA = Grant("user", "olga@example.com")
BOB = Permission("user", "reader", email="Bob@Example.com")


@pytest.fixture
def roost(drive: DriveServer) -> Grant:
    """The service account, which is among the readers of all that it may read."""
    return Grant("user", drive.account.email)


@pytest.fixture
def folder(drive: DriveServer) -> str:
    """A watched folder that the service account may edit, so that it sees with whom files are shared."""
    identifier = drive.store.folder("Handbook")
    drive.store.share(identifier, Permission("user", "writer", email=drive.account.email))
    return identifier


@pytest.fixture
def source(make_source: MakeSource) -> GoogleDriveSource:
    """A source that takes Drive's sharing over."""
    return make_source(rag_drive_permissions="sync")


def test_everybody_with_whom_a_file_is_shared_may_read_it(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, roost: Grant
) -> None:
    store = drive.store
    file = store.file("a.txt", folder, b"a")
    store.share(file, BOB)
    store.share(file, Permission("group", "commenter", email="team@example.com"))
    store.share(file, Permission("domain", "reader", domain="Example.com"))
    ledger.run(source)
    assert set(ledger.grants[file] or ()) == {
        OLGA,
        roost,
        Grant("user", "bob@example.com"),
        Grant("group", "team@example.com"),
        Grant("domain", "example.com"),
    }


def test_whoever_has_the_link_is_everyone(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    file = drive.store.file("a.txt", folder, b"a")
    drive.store.share(file, Permission("anyone", "reader"))
    ledger.run(source)
    assert Grant("everyone") in (ledger.grants[file] or ())


def test_those_whose_right_does_not_count(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, roost: Grant
) -> None:
    store = drive.store
    file = store.file("a.txt", folder, b"a")
    store.share(file, Permission("user", "reader", email="gone@example.com", deleted=True))
    store.share(file, Permission("user", "reader", email="late@example.com", expires="2026-01-01T00:00:00.000Z"))
    store.share(file, Permission("user", "reader", email="peek@example.com", view="metadata"))
    store.share(file, Permission("user", "reader", email="soon@example.com", expires="2999-01-01T00:00:00.000Z"))
    ledger.run(source)
    assert set(ledger.grants[file] or ()) == {OLGA, roost, Grant("user", "soon@example.com")}


def test_sharing_anew_moves_rights_and_reads_nothing(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    file = drive.store.file("a.txt", folder, b"a")
    ledger.run(source)
    drive.calls.clear()
    drive.store.share(file, BOB)
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert Grant("user", "bob@example.com") in (ledger.grants[file] or ())
    drive.store.unshare(file, BOB)
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert Grant("user", "bob@example.com") not in (ledger.grants[file] or ())
    assert drive.calls["drive.files.get.media"] == 0
    assert ledger.run(source) == []


def test_a_folder_that_is_shared_anew_shares_what_lies_below(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    sub = drive.store.folder("Sub", folder)
    deep = drive.store.folder("Deep", sub)
    inside = drive.store.file("inside.txt", deep, b"i")
    outside = drive.store.file("outside.txt", folder, b"o")
    ledger.run(source)
    drive.store.share(sub, BOB)
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert Grant("user", "bob@example.com") in (ledger.grants[inside] or ())
    assert Grant("user", "bob@example.com") not in (ledger.grants[outside] or ())
    drive.store.unshare(sub, BOB)
    ledger.run(source)
    assert Grant("user", "bob@example.com") not in (ledger.grants[inside] or ())


def test_the_watched_folder_is_shared_anew(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    file = drive.store.file("a.txt", folder, b"a")
    ledger.run(source)
    drive.store.share(folder, BOB)
    ledger.run(source)
    assert Grant("user", "bob@example.com") in (ledger.grants[file] or ())


def test_a_folder_above_the_watched_one_is_shared_anew(
    drive: DriveServer, make_source: MakeSource, ledger: Ledger
) -> None:
    store = drive.store
    above = store.folder("Above")
    watched = store.folder("Watched", above)
    store.share(watched, Permission("user", "writer", email=drive.account.email))
    file = store.file("a.txt", watched, b"a")
    source = make_source(rag_watch_folder_id=watched, rag_drive_permissions="sync")
    ledger.run(source)
    store.share(above, BOB)
    ledger.run(source)
    assert Grant("user", "bob@example.com") in (ledger.grants[file] or ())


def test_sharing_that_may_not_be_seen_is_nobodys(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    private = store.file("private.txt", folder, b"private")
    store.mark(private, writers_can_share=False)
    ledger.run(source)
    assert ledger.failures == {private: "sharing-unreadable"}
    assert ledger.paths == {}
    assert ledger.run(source) == []
    store.mark(private, writers_can_share=True)
    ledger.run(source)
    assert ledger.paths == {"private.txt": "private"}
    # It had readers; now nobody can tell who they are.
    store.mark(private, writers_can_share=False)
    (event,) = ledger.run(source)
    assert isinstance(event, Moved)
    assert ledger.grants[private] == ()
    assert ledger.run(source) == []


def test_an_account_that_only_reads_cannot_take_sharing_over(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    drive.store.share(folder, Permission("user", "reader", email=drive.account.email))
    with pytest.raises(ConfigurationError, match="as an editor"):
        ledger.run(source)


def test_a_shared_drives_members_and_those_who_were_let_in(
    drive: DriveServer, make_source: MakeSource, ledger: Ledger, roost: Grant
) -> None:
    store = drive.store
    team = store.shared_drive("Team", drive.account.email, "mia@example.com")
    sub = store.folder("Sub", team)
    plain = store.file("plain.txt", sub, b"p")
    extra = store.file("extra.txt", sub, b"e")
    store.share(extra, BOB)
    source = make_source(rag_watch_folder_id=team, rag_drive_permissions="sync")
    ledger.run(source)
    assert set(ledger.grants[plain] or ()) == {roost, Grant("user", "mia@example.com")}
    assert set(ledger.grants[extra] or ()) == {
        roost,
        Grant("user", "mia@example.com"),
        Grant("user", "bob@example.com"),
    }
    assert drive.calls["drive.permissions.list"] == 3, "the drive before and while it is listed, and the shared file"

    store.share(team, Permission("user", "reader", email="new@example.com"))
    ledger.run(source)
    assert Grant("user", "new@example.com") in (ledger.grants[plain] or ())


def test_every_page_of_a_long_list_of_readers(drive: DriveServer, make_source: MakeSource, ledger: Ledger) -> None:
    store = drive.store
    people = [f"p{number}@example.com" for number in range(230)]
    team = store.shared_drive("Team", drive.account.email, *people)
    file = store.file("a.txt", team, b"a")
    ledger.run(make_source(rag_watch_folder_id=team, rag_drive_permissions="sync"))
    assert len(ledger.grants[file] or ()) == 231


def test_limited_access_in_a_shared_drive(drive: DriveServer, make_source: MakeSource, ledger: Ledger) -> None:
    store = drive.store
    team = store.shared_drive("Team", "mia@example.com")
    store.share(team, Permission("user", "organizer", email=drive.account.email))
    closed = store.folder("Closed", team)
    file = store.file("a.txt", closed, b"a")
    source = make_source(rag_watch_folder_id=team, rag_drive_permissions="sync")
    ledger.run(source)
    assert Grant("user", "mia@example.com") in (ledger.grants[file] or ())
    store.limit(closed)
    ledger.run(source)
    assert ledger.grants[file] == (Grant("user", drive.account.email),)


def test_a_file_in_a_shared_drive_whose_sharing_google_does_not_tell(
    drive: DriveServer, make_source: MakeSource, ledger: Ledger
) -> None:
    store = drive.store
    team = store.shared_drive("Team", drive.account.email)
    file = store.file("a.txt", team, b"a")
    store.share(file, BOB)
    source = make_source(rag_watch_folder_id=team, rag_drive_permissions="sync")
    drive.faults.add(Fault("drive.permissions.list", 403, "insufficientFilePermissions", "no", file_id=file, times=-1))
    ledger.run(source)
    assert ledger.failures == {file: "sharing-unreadable"}
    drive.faults.clear()
    ledger.run(source, frozenset({file}))
    assert Grant("user", "bob@example.com") in (ledger.grants[file] or ())


def test_an_error_of_google_is_not_taken_for_nobody(
    drive: DriveServer, make_source: MakeSource, ledger: Ledger
) -> None:
    team = drive.store.shared_drive("Team", drive.account.email)
    file = drive.store.file("a.txt", team, b"a")
    drive.store.share(file, BOB)
    source = make_source(rag_watch_folder_id=team, rag_drive_permissions="sync")
    drive.faults.add(Fault("drive.permissions.list", 503, file_id=file, times=-1))
    with pytest.raises(Unavailable):
        ledger.run(source)


def test_a_new_file_in_a_shared_drive_has_its_folders_readers(
    drive: DriveServer, make_source: MakeSource, ledger: Ledger
) -> None:
    store = drive.store
    team = store.shared_drive("Team", drive.account.email)
    sub = store.folder("Sub", team)
    source = make_source(rag_watch_folder_id=team, rag_drive_permissions="sync")
    ledger.run(source)
    store.share(sub, BOB)
    ledger.run(source)
    file = store.file("new.txt", sub, b"n")
    (event,) = ledger.run(source)
    assert isinstance(event, Changed)
    assert Grant("user", "bob@example.com") in (ledger.grants[file] or ())


def test_switching_it_off_gives_files_back_to_the_source(
    drive: DriveServer, folder: str, source: GoogleDriveSource, make_source: MakeSource, ledger: Ledger
) -> None:
    file = drive.store.file("a.txt", folder, b"a")
    ledger.run(source)
    assert ledger.grants[file]
    assert source.settings() != make_source().settings(), "another source, begun from the beginning"
    ledger.checkpoint = {}
    (event,) = ledger.run(make_source())
    assert isinstance(event, Moved)
    assert ledger.grants[file] is None
