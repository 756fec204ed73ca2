"""The server of the tests refuses what Google refuses; otherwise tests against it would prove little."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.support.drive_server import DriveServer
from tests.support.drive_server.discovery import JsonObject, check_value
from tests.support.drive_server.fields import check_fields, parse_fields, select
from tests.support.drive_server.items import Permission
from tests.support.drive_server.problems import DriveProblem
from tests.support.drive_server.query import parse_query

Get = Callable[..., httpx.Response]


@pytest.fixture
def drive() -> Iterator[DriveServer]:
    """A Drive."""
    with DriveServer() as server:
        yield server


@pytest.fixture
def get(drive: DriveServer) -> Iterator[Get]:
    """GET as the service account."""
    drive.tokens.access_tokens["t"] = drive.account.email
    with httpx.Client(base_url=f"{drive.url}drive/v3/", headers={"Authorization": "Bearer t"}) as client:

        def request(path: str, **query: str) -> httpx.Response:
            return client.get(path, params=query)

        yield request


def reason(response: httpx.Response) -> tuple[int, str]:
    """Status and reason of an error."""
    return response.status_code, response.json()["error"]["errors"][0]["reason"]


def test_requests_that_google_refuses(drive: DriveServer, get: Get) -> None:
    folder = drive.store.folder("F")
    drive.store.share(folder, Permission("user", "reader", email=drive.account.email))
    team = drive.store.shared_drive("T", drive.account.email)
    assert reason(get("files", nonsense="1")) == (400, "badRequest")
    assert reason(get("files", pageSize="many")) == (400, "invalidParameter")
    assert reason(get("files", supportsAllDrives="yes")) == (400, "invalidParameter")
    assert reason(get("files", fields="files(id,size,colour)")) == (400, "invalidParameter")
    assert reason(get("files", q="'x' in folders")) == (400, "invalid")
    assert reason(get("files", pageToken="made up")) == (400, "invalid")
    assert reason(get("files", corpora="drive")) == (400, "invalid")
    assert reason(get("files", corpora="drive", driveId=team)) == (400, "invalid")
    assert reason(get("changes")) == (400, "required")
    assert reason(get(f"files/{team}")) == (404, "notFound"), "without supportsAllDrives"
    assert get(f"files/{team}", supportsAllDrives="true").status_code == 200
    assert reason(get(f"files/{folder}", alt="media")) == (403, "fileNotDownloadable")
    assert reason(get("nowhere")) == (404, "notFound")
    drive.tokens.expire()
    assert reason(get("files")) == (401, "authError")
    assert drive.broken == []


def test_shared_drives_show_only_to_those_who_ask_for_them(drive: DriveServer, get: Get) -> None:
    team = drive.store.shared_drive("T", drive.account.email)
    file = drive.store.file("a.txt", team, b"a")

    def listed(**query: str) -> list[str]:
        answer = get("files", **query).json()
        return [item["id"] for item in answer["files"]]

    both = {"includeItemsFromAllDrives": "true", "supportsAllDrives": "true"}
    assert listed() == []
    assert listed(**both) == [], "the account's own corpus has no item of a drive that it is a member of"
    assert listed(corpora="drive", driveId=team, **both) == [file]
    assert listed(corpora="allDrives", **both) == [file]


def test_without_fields_a_file_has_four_members(drive: DriveServer, get: Get) -> None:
    folder = drive.store.folder("F")
    drive.store.share(folder, Permission("user", "reader", email=drive.account.email))
    assert set(get(f"files/{folder}").json()) == {"kind", "id", "name", "mimeType"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'p' in parents", True),
        ("'q' in parents", False),
        ("name = 'it\\'s' and trashed = false", True),
        ("not name = 'it\\'s' or trashed = true", False),
        ("(name contains 'IT' or trashed = true) and mimeType != 'b'", True),
    ],
)
def test_queries(text: str, found: bool) -> None:
    item: JsonObject = {"name": "it's", "mimeType": "a", "trashed": False, "parents": ["p"]}
    assert parse_query(text)(item) is found


@pytest.mark.parametrize(
    "text", ["", "name", "name =", "name ~ 'a'", "'a' in parents and", "(name = 'a'", "a b c", "'a"]
)
def test_queries_that_are_none(text: str) -> None:
    with pytest.raises(DriveProblem):
        parse_query(text)


def test_fields() -> None:
    mask = parse_fields("nextPageToken, files(id,capabilities/canDownload)")
    check_fields(mask, {"$ref": "FileList"})
    files: JsonObject = {"files": [{"id": "a", "name": "b", "capabilities": {"canDownload": True, "canEdit": False}}]}
    assert select(files, mask) == {"files": [{"id": "a", "capabilities": {"canDownload": True}}]}
    for text in ("files(id", "files)", ",", "files(id)name"):
        with pytest.raises(DriveProblem):
            parse_fields(text)


@pytest.mark.parametrize(
    "answer",
    [
        {"id": 5},
        {"colour": "red"},
        {"size": "large"},
        {"size": 5},
        {"trashed": "no"},
        {"parents": "a"},
        {"modifiedTime": "yesterday"},
        {"capabilities": {"canFly": True}},
        [],
    ],
)
def test_answers_that_google_never_gives(answer: JsonObject) -> None:
    with pytest.raises(AssertionError):
        check_value(answer, {"$ref": "File"}, "file")


def test_a_broken_answer_is_noted(drive: DriveServer, get: Get) -> None:
    drive.store.mark(drive.store.my_drive, modified="yesterday")
    drive.store.share(drive.store.my_drive, Permission("user", "reader", email=drive.account.email))
    assert get("files/root").status_code == 500
    assert "modifiedTime" in drive.broken[0]
