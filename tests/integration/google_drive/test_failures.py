"""What makes the whole source unusable, and what is only waited for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from core.errors import ConfigurationError, NotAuthenticated, RateLimited, RoostError, Unavailable
from rag_pipeline.sources.base import Known
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.integration.google_drive.conftest import MakeSource, Pauses
from tests.support.drive_server import DriveServer, Fault, ServiceAccount
from tests.support.drive_server.items import Permission
from tests.support.drive_server.ledger import Ledger


def fail(source: GoogleDriveSource, kind: type[RoostError]) -> str:
    """Run into `kind`, and give what a person reads."""
    with pytest.raises(kind) as failure:
        list(source.changes(Known()))
    assert "PRIVATE KEY" not in repr(failure.value)
    return failure.value.detail


def test_a_folder_that_is_not_shared_says_with_whom_to_share_it(drive: DriveServer, make_source: MakeSource) -> None:
    hidden = drive.store.folder("Hidden")
    detail = fail(make_source(rag_watch_folder_id=hidden), ConfigurationError)
    assert hidden in detail
    assert f"add {drive.account.email} as a viewer" in detail
    assert detail.count("\n") == 0


def test_a_folder_that_stops_being_shared_deletes_nothing(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    drive.store.file("a.txt", folder, b"a")
    ledger.run(source)
    before = ledger.checkpoint
    drive.store.unshare(folder, Permission("user", "reader", email=drive.account.email))
    with pytest.raises(ConfigurationError):
        ledger.run(source)
    assert ledger.paths == {"a.txt": "a"}
    assert ledger.checkpoint is before


def test_a_folder_in_the_bin_deletes_nothing(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    drive.store.file("a.txt", folder, b"a")
    ledger.run(source)
    drive.store.trash(folder)
    with pytest.raises(ConfigurationError, match="in the bin"):
        ledger.run(source)
    assert ledger.paths == {"a.txt": "a"}


def test_a_file_is_no_folder(drive: DriveServer, folder: str, make_source: MakeSource) -> None:
    file = drive.store.file("a.txt", folder, b"a")
    assert "is no folder" in fail(make_source(rag_watch_folder_id=file), ConfigurationError)


def test_no_folder_is_set(make_source: MakeSource) -> None:
    with pytest.raises(ConfigurationError, match="RAG_WATCH_FOLDER_ID"):
        make_source(rag_watch_folder_id="")


def test_the_address_of_a_folder_will_do(
    drive: DriveServer, folder: str, make_source: MakeSource, ledger: Ledger
) -> None:
    drive.store.file("a.txt", folder, b"a")
    address = f"https://drive.google.com/drive/u/1/folders/{folder}?usp=sharing"
    ledger.run(make_source(rag_watch_folder_id=address))
    assert ledger.paths == {"a.txt": "a"}


@pytest.mark.parametrize("how", ["account", "key"])
def test_revoked_credentials(drive: DriveServer, source: GoogleDriveSource, how: str) -> None:
    if how == "account":
        drive.tokens.revoke(drive.account.email)
    else:
        drive.tokens.accounts[drive.account.email] = ServiceAccount(drive.account.email, number=1)
    detail = fail(source, NotAuthenticated)
    assert "new key" in detail


def test_an_access_token_that_expires_is_renewed(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    ledger.run(source)
    drive.tokens.expire()
    drive.store.file("a.txt", folder, b"a")
    ledger.run(source)
    assert ledger.paths == {"a.txt": "a"}
    assert drive.tokens.issued >= 2


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (403, "accessNotConfigured", ConfigurationError),
        (403, "insufficientPermissions", ConfigurationError),
        (401, "authError", NotAuthenticated),
        (403, "userRateLimitExceeded", RateLimited),
        (403, "dailyLimitExceeded", RateLimited),
        (429, "rateLimitExceeded", RateLimited),
        (500, "internalError", Unavailable),
        (503, "backendError", Unavailable),
    ],
)
@pytest.mark.parametrize("method", ["drive.files.get", "drive.files.list", "drive.changes.getStartPageToken"])
def test_errors_of_the_source_end_the_run(
    drive: DriveServer, source: GoogleDriveSource, method: str, status: int, reason: str, kind: type[RoostError]
) -> None:
    drive.faults.add(Fault(method, status, reason, "what Google says", times=-1))
    fail(source, kind)


@pytest.mark.parametrize("method", ["drive.changes.list", "drive.files.get"])
def test_errors_while_the_feed_is_read_leave_everything_as_it_was(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, method: str
) -> None:
    drive.store.file("a.txt", folder, b"a")
    ledger.run(source)
    before = ledger.checkpoint
    drive.store.file("b.txt", folder, b"b")
    drive.faults.add(Fault(method, 503, times=-1))
    with pytest.raises(Unavailable):
        ledger.run(source)
    assert ledger.checkpoint is before
    drive.faults.clear()
    ledger.run(source)
    assert ledger.paths == {"a.txt": "a", "b.txt": "b"}


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "userRateLimitExceeded"), (403, "rateLimitExceeded"), (429, "rateLimitExceeded"), (500, "x"), (502, "x")],
)
def test_what_passes_is_waited_for(
    drive: DriveServer,
    folder: str,
    source: GoogleDriveSource,
    ledger: Ledger,
    pauses: Pauses,
    status: int,
    reason: str,
) -> None:
    drive.store.file("a.txt", folder, b"a")
    drive.faults.add(Fault("drive.files.list", status, reason, times=4))
    ledger.run(source)
    assert ledger.paths == {"a.txt": "a"}
    assert pauses.taken == [0.375, 0.75, 1.5, 3.0]


def test_a_pause_that_google_asks_for_is_taken(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, pauses: Pauses
) -> None:
    drive.store.file("a.txt", folder, b"a")
    drive.faults.add(Fault("drive.files.list", 429, "rateLimitExceeded", headers={"Retry-After": "17"}))
    ledger.run(source)
    assert ledger.paths == {"a.txt": "a"}
    assert 17.0 in pauses.taken


def test_a_date_is_a_pause_as_well(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, pauses: Pauses
) -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    drive.faults.add(Fault("drive.files.list", 503, headers={"Retry-After": when}))
    ledger.run(source)
    assert 40 < max(pauses.taken) <= 50


def test_a_pause_longer_than_the_time_allowed_is_not_begun(
    drive: DriveServer, source: GoogleDriveSource, pauses: Pauses
) -> None:
    drive.faults.add(Fault("drive.files.list", 429, "rateLimitExceeded", headers={"Retry-After": "3600"}))
    with pytest.raises(RateLimited) as failure:
        list(source.changes(Known()))
    assert failure.value.retry_after == 3600
    assert pauses.taken == []


def test_the_time_of_all_tries_is_bounded(drive: DriveServer, make_source: MakeSource, pauses: Pauses) -> None:
    drive.faults.add(Fault("drive.files.get", 503, times=-1))
    source = make_source(rag_drive_retry_seconds=30)
    fail(source, Unavailable)
    assert sum(pauses.taken) <= 30
    tries = drive.calls["drive.files.get"]
    fail(source, Unavailable)
    assert drive.calls["drive.files.get"] == tries + 1, "after that was in vain, one try says enough"


def test_nobody_listens_at_the_address(make_source: MakeSource, pauses: Pauses) -> None:
    source = make_source(rag_drive_api_root="http://127.0.0.1:1/")
    assert "cannot be reached" in fail(source, Unavailable)


def test_something_else_answers_at_the_address(drive: DriveServer, source: GoogleDriveSource) -> None:
    drive.faults.add(Fault("drive.files.get", effect="garbage", times=-1))
    fail(source, RoostError)


def test_google_is_down_while_a_token_is_asked_for(
    drive: DriveServer, source: GoogleDriveSource, pauses: Pauses, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", pauses.sleep)  # google-auth waits by itself here
    drive.faults.add(Fault("token", 503, times=-1))
    fail(source, Unavailable)
