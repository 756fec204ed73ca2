"""Bringing bytes to disk: downloads in parts, exports, limits, and what stands in the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import NotAuthenticated
from rag_pipeline.sources.base import Changed, FetchFailed, Known, SourceFile
from rag_pipeline.sources.google_drive import fetch as fetching
from rag_pipeline.sources.google_drive.formats import DOCX, PDF, PPTX, TEXT, XLSX, Format
from rag_pipeline.sources.google_drive.source import GoogleDriveSource
from tests.integration.google_drive.conftest import MakeSource, Pauses
from tests.support.drive_server import DriveServer, Fault
from tests.support.drive_server.items import DOCUMENT, PRESENTATION, SPREADSHEET
from tests.support.drive_server.ledger import Ledger
from tests.support.drive_server.methods import EXPORT_LIMIT

TOO_MUCH = b"x" * (EXPORT_LIMIT + 1)


def only_file(source: GoogleDriveSource) -> SourceFile:
    """The one file that the source has."""
    (event,) = source.changes(Known())
    assert isinstance(event, Changed)
    return event.file


@pytest.mark.parametrize(
    ("mime_type", "wanted"),
    [
        (DOCUMENT, DOCX),
        (SPREADSHEET, XLSX),
        (PRESENTATION, PPTX),
        ("application/vnd.google-apps.drawing", PDF),
    ],
)
def test_documents_of_googles_own_are_exported(
    drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path, mime_type: str, wanted: Format
) -> None:
    drive.store.document("Plan", folder, {wanted.mime_type: b"office bytes"}, mime_type)
    fetched = source.fetch(only_file(source), tmp_path)
    assert fetched.path.read_bytes() == b"office bytes"
    assert fetched.mime_type == wanted.mime_type
    assert fetched.path.suffix == wanted.suffix


def test_an_edited_document_is_exported_again_and_a_shared_one_is_not(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    identifier = drive.store.document("Plan", folder, {DOCX.mime_type: b"one"})
    ledger.run(source)
    drive.store.rename(identifier, "The plan")
    ledger.run(source)
    assert drive.calls["drive.files.export"] == 1
    drive.store.edit(identifier, exports={DOCX.mime_type: b"two"})
    ledger.run(source)
    assert ledger.paths == {"The plan": "two"}
    assert drive.calls["drive.files.export"] == 2


def test_a_document_too_large_for_one_format_is_had_in_the_next(
    drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path
) -> None:
    drive.store.document("Pictures", folder, {DOCX.mime_type: TOO_MUCH, TEXT.mime_type: b"the text"})
    fetched = source.fetch(only_file(source), tmp_path)
    assert fetched.path.read_bytes() == b"the text"
    assert fetched.mime_type == "text/plain"
    assert list(tmp_path.iterdir()) == [fetched.path]


def test_a_spreadsheet_too_large_to_export_has_a_reason(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    identifier = drive.store.document("Big", folder, {XLSX.mime_type: TOO_MUCH}, SPREADSHEET)
    ledger.run(source)
    assert ledger.failures == {identifier: "export-too-large"}


def test_forms_and_sites_are_named_as_unreadable_once(
    drive: DriveServer, folder: str, make_source: MakeSource, ledger: Ledger
) -> None:
    source = make_source(rag_drive_full_listing_hours=0)
    identifier = drive.store.document("Survey", folder, {}, "application/vnd.google-apps.form")
    ledger.run(source)
    assert ledger.failures == {identifier: "unsupported-type"}
    assert ledger.run(source) == []


def test_a_file_whose_owner_forbids_downloads_has_a_reason_until_they_allow_it(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger
) -> None:
    identifier = drive.store.file("closed.txt", folder, b"closed")
    drive.store.mark(identifier, downloadable=False)
    ledger.run(source)
    assert ledger.failures == {identifier: "download-forbidden"}
    drive.store.mark(identifier, downloadable=True)
    ledger.run(source)
    assert ledger.paths == {"closed.txt": "closed"}


@pytest.mark.parametrize(
    ("status", "reason", "code"),
    [
        (403, "cannotDownloadAbusiveFile", "download-forbidden"),
        (403, "downloadQuotaExceeded", "rate-limited"),
        (403, "insufficientFilePermissions", "not-permitted"),
        (403, "appNotAuthorizedToFile", "not-permitted"),
        (404, "notFound", "download-failed"),
        (403, "dailyLimitExceeded", "rate-limited"),
        (503, "backendError", "download-failed"),
        (429, "rateLimitExceeded", "rate-limited"),
    ],
)
def test_an_error_of_one_file_ends_nothing(
    drive: DriveServer,
    folder: str,
    source: GoogleDriveSource,
    ledger: Ledger,
    status: int,
    reason: str,
    code: str,
) -> None:
    bad = drive.store.file("bad.txt", folder, b"bad")
    drive.store.file("good.txt", folder, b"good")
    drive.faults.add(Fault("drive.files.get.media", status, reason, "no", times=-1, file_id=bad))
    ledger.run(source)
    assert ledger.paths == {"good.txt": "good"}
    assert ledger.failures == {bad: code}


def test_a_file_that_vanished_is_left_to_the_next_run(
    drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path
) -> None:
    identifier = drive.store.file("a.txt", folder, b"a")
    file = only_file(source)
    drive.store.delete(identifier)
    with pytest.raises(FetchFailed) as failure:
        source.fetch(file, tmp_path)
    assert failure.value.reason == "vanished"


def test_revoked_credentials_end_the_run_even_in_the_middle(
    drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path
) -> None:
    drive.store.file("a.txt", folder, b"a")
    events = source.changes(Known())
    event = next(events)
    assert isinstance(event, Changed)
    drive.tokens.revoke(drive.account.email)
    with pytest.raises(NotAuthenticated):
        source.fetch(event.file, tmp_path)


def test_a_large_file_comes_in_parts(
    drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_CHUNK_BYTES", 1000)
    content = bytes(range(256)) * 20
    drive.store.file("large.bin", folder, content, "application/octet-stream")
    file = only_file(source)
    drive.faults.add(Fault("drive.files.get.media", 503, skip=2))
    assert source.fetch(file, tmp_path).path.read_bytes() == content
    assert drive.calls["drive.files.get.media"] == 7, "six parts, and one of them twice"


def test_an_empty_file_is_empty(drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path) -> None:
    drive.store.file("empty.txt", folder, b"")
    assert source.fetch(only_file(source), tmp_path).path.read_bytes() == b""


def test_a_file_above_the_limit_is_not_asked_for(
    drive: DriveServer, folder: str, make_source: MakeSource, tmp_path: Path
) -> None:
    drive.store.file("large.txt", folder, b"x" * 101)
    source = make_source(max_file_bytes=100)
    with pytest.raises(FetchFailed) as failure:
        source.fetch(only_file(source), tmp_path)
    assert failure.value.reason == "too-large"
    assert drive.calls["drive.files.get.media"] == 0


def test_a_file_that_is_larger_than_was_said_is_given_up(
    drive: DriveServer, folder: str, make_source: MakeSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_CHUNK_BYTES", 50)
    identifier = drive.store.file("growing.txt", folder, b"x" * 90)
    source = make_source(max_file_bytes=100)
    file = only_file(source)
    drive.store.edit(identifier, b"y" * 100_000)
    with pytest.raises(FetchFailed) as failure:
        source.fetch(file, tmp_path)
    assert failure.value.reason == "too-large"
    assert drive.calls["drive.files.get.media"] == 3


def test_bytes_that_are_not_those_that_were_listed_wait_for_the_next_run(
    drive: DriveServer, folder: str, source: GoogleDriveSource, ledger: Ledger, tmp_path: Path
) -> None:
    identifier = drive.store.file("a.txt", folder, b"before")
    file = only_file(source)
    drive.store.edit(identifier, b"after")
    with pytest.raises(FetchFailed) as failure:
        source.fetch(file, tmp_path)
    assert failure.value.reason == "still-changing"


def test_damage_on_the_way_is_seen(drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path) -> None:
    drive.store.file("a.txt", folder, b"abcdef")
    file = only_file(source)
    drive.faults.add(Fault("drive.files.get.media", effect="garbage"))
    with pytest.raises(FetchFailed) as failure:
        source.fetch(file, tmp_path)
    assert failure.value.reason == "download-failed", "no feed tells of it: it is to be tried again"


@pytest.mark.parametrize("effect", ["drop", "cut"])
def test_a_connection_that_breaks_is_made_anew(
    drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path, pauses: Pauses, effect: str
) -> None:
    drive.store.file("a.txt", folder, b"abcdef" * 1000)
    file = only_file(source)
    drive.faults.add(Fault("drive.files.get.media", effect=effect, times=2))
    assert source.fetch(file, tmp_path).path.read_bytes() == b"abcdef" * 1000


def test_the_ending_of_a_name_stays_when_it_is_one(
    drive: DriveServer, folder: str, source: GoogleDriveSource, tmp_path: Path
) -> None:
    drive.store.file("Prices 3. draft/../../x", folder, b"x", "text/plain")
    fetched = source.fetch(only_file(source), tmp_path)
    assert fetched.path.parent == tmp_path
    assert fetched.path.name == "content"
