"""A person lets Roost read their Drive, in a browser; afterwards Roost reads it with the token that is left."""

from __future__ import annotations

import http.client
import json
import stat
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest

from core.errors import ConfigurationError, NotAuthenticated
from rag_pipeline.sources.google_drive import authorize as module
from rag_pipeline.sources.google_drive.authorize import authorize
from tests.integration.google_drive.conftest import MakeSource
from tests.support.drive_server import DriveServer
from tests.support.drive_server.ledger import Ledger


@pytest.fixture
def oauth(drive: DriveServer, tmp_path: Path) -> Path:
    """A folder with credentials.json."""
    client = {
        "client_id": drive.tokens.client_id,
        "client_secret": drive.tokens.client_secret,
        "auth_uri": f"{drive.url}auth",
        "token_uri": f"{drive.url}token",
    }
    (tmp_path / "credentials.json").write_text(json.dumps({"installed": client}))
    return tmp_path


def visit(address: str) -> http.client.HTTPResponse:
    """Open a page; without following where it sends on to."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}")
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


class Browser:
    """A person at a browser. `way` is what they do on Google's page."""

    def __init__(self, way: str = "consent") -> None:
        self._way = way
        self._threads: list[Thread] = []

    def show(self, address: str) -> None:
        """Open the page, as the person does while the command waits."""
        self._threads.append(Thread(target=self._visit, args=(address,)))
        self._threads[-1].start()

    def _visit(self, address: str) -> None:
        back = visit(address).getheader("Location") or ""
        if self._way == "refuse":
            back = back.replace("?code=", "?error=access_denied&was=")
        if self._way == "forge":
            assert visit(back.split("?")[0] + "?code=forged&state=guessed").status == 200
        assert visit(back).status == 200

    def close(self) -> None:
        """The person is done."""
        for thread in self._threads:
            thread.join()


@pytest.mark.parametrize("way", ["consent", "forge"])
def test_a_person_consents_and_roost_reads(
    drive: DriveServer, folder: str, oauth: Path, make_source: MakeSource, ledger: Ledger, way: str
) -> None:
    browser = Browser(way)
    path = authorize(oauth, browser.show)
    browser.close()
    assert path == oauth / "token.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    drive.store.file("a.txt", folder, b"a")
    source = make_source(google_drive_credentials_json=None, google_drive_oauth_directory=oauth)
    ledger.run(source)
    assert ledger.paths == {"a.txt": "a"}

    drive.tokens.revoke(drive.account.email)
    with pytest.raises(NotAuthenticated, match="authorize again"):
        ledger.run(source)


def test_a_person_refuses(oauth: Path) -> None:
    browser = Browser("refuse")
    with pytest.raises(NotAuthenticated, match="access_denied"):
        authorize(oauth, browser.show)
    browser.close()
    assert not (oauth / "token.json").exists()


def test_google_does_not_know_the_client(drive: DriveServer, oauth: Path) -> None:
    browser = Browser()
    drive.tokens.client_secret = "changed meanwhile"
    with pytest.raises(NotAuthenticated, match="HTTP 401"):
        authorize(oauth, browser.show)
    browser.close()


def test_nobody_answers(oauth: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MINUTES", 0)
    with pytest.raises(NotAuthenticated, match="no answer"):
        authorize(oauth, lambda address: None)


@pytest.mark.parametrize("content", [None, "{}", "[]", "no json", '{"web": {"client_id": "a"}}'])
def test_credentials_that_are_none(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "credentials.json").write_text(content)
    with pytest.raises(ConfigurationError, match=r"credentials\.json"):
        authorize(tmp_path, lambda address: None)


def test_the_command(
    oauth: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    browser = Browser()
    monkeypatch.setenv("GOOGLE_DRIVE_OAUTH_DIRECTORY", str(oauth))
    monkeypatch.setattr(module.webbrowser, "open", browser.show)
    assert module.main([]) == 0
    browser.close()
    assert "token.json is written" in capsys.readouterr().out
    monkeypatch.setenv("GOOGLE_DRIVE_OAUTH_DIRECTORY", str(tmp_path / "nowhere"))
    assert module.main([]) == 2
    assert "There is no credentials.json" in capsys.readouterr().err
