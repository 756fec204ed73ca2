"""The whole pipeline over Drive: as a process, into the database, and found again by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import sample_files
from tests.support.drive_server import DriveServer, Fault
from tests.support.drive_server.items import SPREADSHEET, Permission
from tests.support.pipeline import Pipeline
from tests.support.stack import Person, Stack

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def drive() -> Iterator[DriveServer]:
    """A Drive whose every answer fits the discovery document."""
    with DriveServer() as server:
        yield server
        assert server.broken == []


@pytest.fixture
def folder(drive: DriveServer) -> str:
    """The watched folder; the service account may edit it."""
    identifier = drive.store.folder("Handbook")
    drive.store.share(identifier, Permission("user", "writer", email=drive.account.email))
    return identifier


@pytest.fixture
def pipeline(stack: Stack, drive: DriveServer, folder: str, tmp_path: Path) -> Pipeline:
    """The pipeline, set to watch the folder."""
    return Pipeline(
        stack,
        tmp_path,
        {
            "RAG_PIPELINE_TYPE": "google_drive",
            "RAG_WATCH_FOLDER_ID": folder,
            "GOOGLE_DRIVE_CREDENTIALS_JSON": drive.credentials,
            "RAG_DRIVE_API_ROOT": drive.url,
            "RAG_DRIVE_RETRY_SECONDS": "2",
        },
    )


@pytest.fixture
def ada(stack: Stack) -> Person:
    """The first person: an admin."""
    return stack.sign_up("ada@example.com")


def test_documents_are_found_changed_moved_and_forgotten(
    pipeline: Pipeline, drive: DriveServer, folder: str, ada: Person
) -> None:
    store = drive.store
    sub = store.folder("Trips", folder)
    plan = store.document("Travel plan", sub, {DOCX: sample_files.docx(["# Hotels", "The zephyrine rate applies."])})
    store.document("Prices", folder, {XLSX: sample_files.xlsx({"P": [["item"], ["grommet"]]})}, SPREADSHEET)
    notes = store.file("notes.md", folder, b"# Notes\n\nThe heliograph works.\n", "text/markdown")
    form = store.document("Survey", folder, {}, "application/vnd.google-apps.form")

    run = pipeline.run()
    assert run.exit_code == 0, run.errors
    assert (run["pipeline_type"], run["files_processed"], run["files_failed"]) == ("google_drive", 3, 0)
    assert pipeline.titles(ada, "zephyrine") == ["Trips/Travel plan"]
    assert pipeline.titles(ada, "grommet") == ["Prices"]
    ledger = pipeline.ledger(ada)
    assert ledger["Survey"]["state"] == "unsupported"
    assert ledger["Trips/Travel plan"]["uri"] == f"https://docs.google.com/document/d/{plan}"

    drive.calls.clear()
    run = pipeline.run()
    assert (run.exit_code, run["files_processed"], run["files_unchanged"]) == (0, 0, 4)
    assert drive.calls["drive.files.list"] == drive.calls["drive.files.export"] == 0

    store.edit(plan, exports={DOCX: sample_files.docx(["# Hotels", "The obelisk rate applies."])})
    store.rename(sub, "Journeys")
    store.trash(notes)
    store.delete(form)
    run = pipeline.run()
    assert (run.exit_code, run["files_processed"], run["files_deleted"]) == (0, 1, 2)
    assert pipeline.titles(ada, "zephyrine") == []
    assert pipeline.titles(ada, "obelisk") == ["Journeys/Travel plan"]
    assert pipeline.titles(ada, "heliograph") == []

    check = pipeline.command("check")
    assert (check.exit_code, check["orphans"]) == (0, 0), check.errors
    assert check["waiting"]["Handbook"] == {}
    store.edit(plan, exports={DOCX: sample_files.docx(["# Hotels", "The quokka rate applies."])})
    assert pipeline.command("check")["waiting"]["Handbook"] == {"to be read": 1}


def test_drives_sharing_is_who_finds_what(
    pipeline: Pipeline, stack: Stack, drive: DriveServer, folder: str, ada: Person
) -> None:
    bob, eve = stack.sign_up("bob@example.com"), stack.sign_up("eve@elsewhere.org")
    store = drive.store
    grant = Permission("user", "reader", email="Bob@example.com")
    store.share(store.file("bobs.txt", folder, b"zephyrine for bob"), grant)
    store.share(
        store.file("company.txt", folder, b"zephyrine for the company"),
        Permission("domain", "reader", domain="example.com"),
    )
    store.share(store.file("public.txt", folder, b"zephyrine for all"), Permission("anyone", "reader"))
    secret = store.file("secret.txt", folder, b"zephyrine for olga alone")
    team = Permission("group", "reader", email="team@example.com")

    assert pipeline.run(RAG_DRIVE_PERMISSIONS="sync").exit_code == 0
    assert set(pipeline.titles(bob, "zephyrine")) == {"bobs.txt", "company.txt", "public.txt"}
    assert set(pipeline.titles(eve, "zephyrine")) == {"public.txt"}

    # A group of Roost that bears the address of a Google group stands for it.
    store.share(secret, team)
    assert pipeline.run(RAG_DRIVE_PERMISSIONS="sync")["files_processed"] == 0
    assert "secret.txt" not in pipeline.titles(eve, "zephyrine")
    service = {"apikey": stack.service_key, "Prefer": "return=representation"}
    (group,) = stack.request("POST", "/rest/v1/groups", {"name": "Team@example.com"}, None, service)
    member = {"group_id": group["id"], "user_id": str(eve.user_id)}
    stack.request("POST", "/rest/v1/group_members", member, None, service)
    assert set(pipeline.titles(eve, "zephyrine")) == {"public.txt", "secret.txt"}

    store.unshare(secret, team)
    pipeline.run(RAG_DRIVE_PERMISSIONS="sync")
    assert set(pipeline.titles(eve, "zephyrine")) == {"public.txt"}
    # Somebody of the company who signs up later finds what is the company's.
    assert set(pipeline.titles(stack.sign_up("new@example.com"), "zephyrine")) == {"company.txt", "public.txt"}


def test_what_cannot_be_had_is_in_the_ledger_and_ends_nothing(
    pipeline: Pipeline, drive: DriveServer, folder: str, ada: Person
) -> None:
    store = drive.store
    store.file("good.txt", folder, b"The zephyrine rate applies.")
    bad = store.file("bad.txt", folder, b"obelisk")
    closed = store.file("closed.txt", folder, b"closed")
    store.mark(closed, downloadable=False)
    drive.faults.add(Fault("drive.files.get.media", 403, "insufficientFilePermissions", "no", times=1, file_id=bad))
    run = pipeline.run()
    assert run.exit_code == 1
    assert (run["files_processed"], run["files_failed"]) == (1, 2)
    ledger = pipeline.ledger(ada)
    assert (ledger["bad.txt"]["state"], ledger["bad.txt"]["reason"]) == ("failed", "not-permitted")
    assert (ledger["closed.txt"]["state"], ledger["closed.txt"]["reason"]) == ("failed", "download-forbidden")
    assert pipeline.titles(ada, "zephyrine") == ["good.txt"]


@pytest.mark.parametrize(
    ("trouble", "exit_code", "words"),
    [
        ("json", 2, "not valid JSON"),
        ("folder", 2, "as a viewer"),
        ("unset", 2, "RAG_WATCH_FOLDER_ID"),
        ("revoked", 3, "refuses the credentials"),
        ("quota", 1, "limit on requests"),
        ("down", 1, "cannot be reached"),
    ],
)
def test_trouble_with_drive_as_a_whole(
    pipeline: Pipeline, drive: DriveServer, folder: str, ada: Person, trouble: str, exit_code: int, words: str
) -> None:
    drive.store.file("a.txt", folder, b"The zephyrine rate applies.")
    assert pipeline.run().exit_code == 0
    before = pipeline.stack.request(
        "GET", "/rest/v1/rag_pipeline_state?select=checkpoint", None, None, {"apikey": pipeline.stack.service_key}
    )
    environment: dict[str, str] = {}
    if trouble == "json":
        environment = {"GOOGLE_DRIVE_CREDENTIALS_JSON": drive.credentials[:-20]}
    elif trouble == "folder":
        environment = {"RAG_WATCH_FOLDER_ID": drive.store.folder("Hidden")}
    elif trouble == "unset":
        environment = {"RAG_WATCH_FOLDER_ID": ""}
    elif trouble == "revoked":
        drive.tokens.revoke(drive.account.email)
    elif trouble == "quota":
        drive.faults.add(Fault("drive.files.get", 403, "dailyLimitExceeded", "Daily Limit Exceeded", times=-1))
    else:
        environment = {"RAG_DRIVE_API_ROOT": "http://127.0.0.1:1/"}
    run = pipeline.command(**environment)
    assert run.exit_code == exit_code
    (message,) = run["messages"]
    assert words in message
    assert "PRIVATE KEY" not in run.errors + str(run.report)
    assert pipeline.titles(ada, "zephyrine") == ["a.txt"]
    after = pipeline.stack.request(
        "GET", "/rest/v1/rag_pipeline_state?select=checkpoint", None, None, {"apikey": pipeline.stack.service_key}
    )
    assert after == before
