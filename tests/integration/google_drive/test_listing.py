"""The first run: everything below the folder, once, from every page, whatever the way to it."""

from __future__ import annotations

from rag_pipeline.sources.base import Changed, Known
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from rag_pipeline.sources.google_drive.walk import LISTERS
from tests.integration.google_drive.conftest import MakeSource
from tests.support.drive_server import DriveServer, Fault
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger


def test_everything_below_the_folder_is_found(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    store.file("welcome.txt", folder, b"hello")
    people = store.folder("People", folder)
    deep = store.folder("2026", people)
    store.file("list.txt", deep, b"Ada")
    store.file("elsewhere.txt", store.my_drive, b"not watched")
    store.trash(store.file("old.txt", folder, b"in the bin"))

    ledger.run(source)

    assert ledger.paths == {"welcome.txt": "hello", "People/2026/list.txt": "Ada"}
    assert source.name == "Handbook"


def test_the_event_describes_the_file(drive: DriveServer, folder: str, source: GoogleDriveSource) -> None:
    identifier = drive.store.file("prices.csv", folder, b"a,b", "text/csv")
    (event,) = Ledger().run(source)
    assert isinstance(event, Changed)
    file = event.file
    assert (file.external_id, file.path, file.title) == (identifier, "prices.csv", "prices.csv")
    assert (file.mime_type, file.size_bytes) == ("text/csv", 3)
    assert file.uri == f"https://drive.google.com/file/d/{identifier}"
    assert file.modified_at.tzinfo is not None
    assert file.grants is None


def test_every_page_of_every_listing_is_read(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    drive.methods.page_limit = 7
    below = drive.store.folder("More", folder)
    for number in range(30):
        drive.store.file(f"{number}.txt", folder if number % 2 else below, str(number).encode())
    ledger.run(source)
    assert sorted(ledger.paths.values(), key=int) == [str(number) for number in range(30)]


def test_a_second_run_reads_no_file_and_lists_nothing(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    for number in range(20):
        drive.store.file(f"{number}.txt", folder, b"x")
    ledger.run(source)
    drive.calls.clear()
    assert ledger.run(source) == []
    assert drive.calls["drive.files.list"] == 0
    assert drive.calls["drive.files.get.media"] == 0
    assert drive.calls.total() <= 3


def test_a_full_listing_mentions_nothing_that_is_as_it_was(
    drive: DriveServer, folder: str, make_source: MakeSource, ledger: Ledger
) -> None:
    drive.store.file("a.txt", folder, b"x")
    drive.store.shortcut("b", folder, drive.store.folder("Loop", folder))
    source = make_source(rag_drive_full_listing_hours=0)
    ledger.run(source)
    drive.calls.clear()
    assert ledger.run(source) == []
    assert drive.calls["drive.files.list"] > 0


def test_shortcuts_to_files_are_read_once(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    other = store.folder("Elsewhere")
    store.share(other, Permission("user", "reader", email=drive.account.email))
    target = store.file("policy.txt", other, b"be kind")
    here = store.file("here.txt", folder, b"twice reachable")
    store.shortcut("Policy (link)", folder, target)
    store.shortcut("Again", folder, target)
    store.shortcut("To here", folder, here)

    ledger.run(source)

    assert ledger.paths == {"Again": "be kind", "here.txt": "twice reachable"}
    assert set(ledger.rows) == {target, here}


def test_shortcuts_to_folders_are_followed_and_cycles_end(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    other = store.folder("Elsewhere")
    store.share(other, Permission("user", "reader", email=drive.account.email))
    store.file("far.txt", other, b"far")
    inner = store.folder("Inner", other)
    store.file("inner.txt", inner, b"inner")
    sub = store.folder("Sub", folder)
    store.shortcut("Far away", sub, other)
    store.shortcut("Back to the top", other, folder)
    store.shortcut("Round and round", inner, inner)

    ledger.run(source)

    assert ledger.paths == {"Sub/Far away/far.txt": "far", "Sub/Far away/Inner/inner.txt": "inner"}


def test_a_file_in_a_watched_folder_keeps_its_own_place_though_shortcuts_lead_to_it(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    other = store.folder("Elsewhere")
    store.share(other, Permission("user", "reader", email=drive.account.email))
    target = store.file("plan.txt", other, b"plan")
    store.shortcut("A link to the file", folder, target)
    store.shortcut("Z link to its folder", folder, other)
    ledger.run(source)
    assert ledger.paths == {"Z link to its folder/plan.txt": "plan"}
    store.edit(target, b"new plan")
    ledger.run(source)
    assert ledger.paths == {"Z link to its folder/plan.txt": "new plan"}


def test_a_shortcut_to_what_is_not_shared_is_a_failure_and_ends_nothing(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    secret = store.file("secret.txt", store.my_drive, b"secret")
    store.shortcut("Secret", folder, secret)
    store.file("open.txt", folder, b"open")
    ledger.run(source)
    assert ledger.paths == {"open.txt": "open"}
    assert ledger.failures == {secret: "not-permitted"}
    assert ledger.rows[secret].path == "Secret"
    assert ledger.run(source) == []

    store.share(secret, Permission("user", "reader", email=drive.account.email))
    ledger.run(source)
    assert ledger.paths == {"open.txt": "open", "Secret": "secret"}


def test_a_resource_key_opens_what_only_a_link_shares(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    target = store.file("linked.txt", store.my_drive, b"by link")
    store.share(target, Permission("anyone", "reader"))
    store.mark(target, resource_key="0-abcDEF")
    store.shortcut("Linked", folder, target)
    ledger.run(source)
    assert ledger.paths == {"Linked": "by link"}


def test_a_shared_drive_is_watched_by_its_own_id(drive: DriveServer, make_source: MakeSource, ledger: Ledger) -> None:
    store = drive.store
    team = store.shared_drive("Team", drive.account.email)
    store.file("top.txt", team, b"top")
    store.file("below.txt", store.folder("Below", team), b"below")
    source = make_source(rag_watch_folder_id=team)
    ledger.run(source)
    assert ledger.paths == {"top.txt": "top", "Below/below.txt": "below"}


def test_a_folder_of_a_shared_drive_is_read_by_one_who_is_no_member(
    drive: DriveServer, make_source: MakeSource, ledger: Ledger
) -> None:
    store = drive.store
    team = store.shared_drive("Team", "somebody@example.com")
    part = store.folder("Part", team)
    store.share(part, Permission("user", "reader", email=drive.account.email))
    inner = store.file("a.txt", store.folder("Inner", part), b"one")
    source = make_source(rag_watch_folder_id=part)
    ledger.run(source)
    assert ledger.paths == {"Inner/a.txt": "one"}
    # The drive's own feed is not for strangers: every run lists.
    store.edit(inner, b"two")
    ledger.run(source)
    assert ledger.paths == {"Inner/a.txt": "two"}


def test_a_shortcut_leads_into_a_shared_drive(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    store = drive.store
    team = store.shared_drive("Team", drive.account.email)
    below = store.folder("Below", team)
    inner = store.file("a.txt", below, b"one")
    store.shortcut("Team folder", folder, below)
    ledger.run(source)
    assert ledger.paths == {"Team folder/a.txt": "one"}
    drive.calls.clear()
    store.edit(inner, b"two")
    ledger.run(source)
    assert ledger.paths == {"Team folder/a.txt": "two"}
    assert drive.calls["drive.files.list"] == 0


def test_no_more_is_listed_ahead_than_is_asked_for(drive: DriveServer, folder: str, source: GoogleDriveSource) -> None:
    drive.methods.page_limit = 5
    for number in range(40):
        inner = drive.store.folder(str(number), folder)
        for other in range(3):
            drive.store.file(f"{other}.txt", inner, b"x")
    events = source.changes(Known())
    next(events)
    assert drive.calls["drive.files.list"] <= 2 * LISTERS + 2
    assert len(list(events)) == 119


def test_a_page_of_a_listing_that_expires_means_another_listing(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    drive.methods.page_limit = 5
    for number in range(12):
        drive.store.file(f"{number}.txt", folder, b"x")
    ledger.run(source)
    assert len(ledger.paths) == 12
    ledger.checkpoint = {}
    drive.faults.add(Fault("drive.files.list", 400, "invalid", "Invalid Value", skip=1))
    assert ledger.run(source) == [], "nothing counts as gone"
    drive.calls.clear()
    ledger.run(source)
    assert drive.calls["drive.files.list"] == 3


def test_names_with_slashes_stay_one_part_of_a_path(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    drive.store.file("and/or.txt", drive.store.folder("A/B", folder), b"x")
    ledger.run(source)
    assert list(ledger.paths) == ["A\N{DIVISION SLASH}B/and\N{DIVISION SLASH}or.txt"]


def test_files_of_the_same_name_in_one_folder_are_two(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    drive.store.file("same.txt", folder, b"one")
    drive.store.file("same.txt", folder, b"two")
    ledger.run(source)
    assert sorted(ledger.contents.values()) == [b"one", b"two"]


def test_nothing_counts_as_gone_when_google_did_not_look_everywhere(
    drive: DriveServer, folder: str, make_source: MakeSource, ledger: Ledger
) -> None:
    drive.store.file("a.txt", folder, b"a")
    source = make_source(rag_drive_full_listing_hours=0)
    ledger.run(source)
    drive.methods.incomplete = True
    ledger.run(source)
    assert ledger.paths == {"a.txt": "a"}
    drive.methods.incomplete = False
    drive.store.trash(next(iter(ledger.rows)))
    ledger.run(make_source())
    assert ledger.paths == {}


def test_a_sub_folder_that_may_not_be_listed_does_not_end_the_run(
    drive: DriveServer, folder: str, make_source: MakeSource, ledger: Ledger
) -> None:
    closed = drive.store.folder("Closed", folder)
    drive.store.file("in.txt", closed, b"in")
    drive.store.file("out.txt", folder, b"out")
    source = make_source(rag_drive_full_listing_hours=0)
    ledger.run(source)
    drive.faults.add(Fault("drive.files.list", 403, "insufficientFilePermissions", "no", skip=1, times=1))
    ledger.run(source)
    assert ledger.paths == {"Closed/in.txt": "in", "out.txt": "out"}
