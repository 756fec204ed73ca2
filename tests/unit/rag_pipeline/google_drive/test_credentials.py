"""Credentials: what is taken, and what a person reads when something is wrong with them."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.errors import ConfigurationError
from rag_pipeline.sources.google_drive.credentials import load_account
from rag_pipeline.sources.google_drive.settings import GoogleDriveSettings
from tests.support.drive_server import ServiceAccount

KEY = ServiceAccount()
DOCUMENT = KEY.document("https://oauth2.googleapis.com/token")
#: A piece of the private key that must show up nowhere.
SECRET = json.loads(DOCUMENT)["private_key"].splitlines()[3]


def settings(value: str | None, folder: Path = Path("/nowhere")) -> GoogleDriveSettings:
    """Settings with these credentials."""
    return GoogleDriveSettings(
        rag_watch_folder_id="f",
        google_drive_credentials_json=None if value is None else SecretStr(value),
        google_drive_oauth_directory=folder,
    )


def refusal(value: str | None, folder: Path = Path("/nowhere")) -> str:
    """What a person reads. The whole traceback is searched for the key."""
    with pytest.raises(ConfigurationError) as failure:
        load_account(settings(value, folder))
    error = failure.value
    assert SECRET not in "".join(traceback.format_exception(error))
    chain: BaseException | None = error
    while chain is not None:
        assert SECRET not in repr(vars(chain)) + repr(chain.args)
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    assert error.detail.endswith((".", "it."))
    return error.detail


def test_json_and_a_path_are_taken(tmp_path: Path) -> None:
    assert load_account(settings(DOCUMENT)).name == KEY.email
    assert load_account(settings(f"  {DOCUMENT}\n")).name == KEY.email
    path = tmp_path / "key.json"
    path.write_text(DOCUMENT)
    assert load_account(settings(str(path))).name == KEY.email


def test_a_key_that_travelled_through_an_environment_file_is_taken() -> None:
    broken_lines = DOCUMENT.replace("\\n", "\n")
    assert load_account(settings(broken_lines)).name == KEY.email
    doubled = DOCUMENT.replace("\\n", "\\\\n")
    assert load_account(settings(doubled)).name == KEY.email


def test_bad_json() -> None:
    assert "not valid JSON (line 1, column" in refusal(DOCUMENT[:-40])
    assert "not valid JSON" in refusal(DOCUMENT.replace('"type"', "type"))


def test_neither_json_nor_a_path() -> None:
    assert "neither JSON" in refusal(json.loads(DOCUMENT)["private_key"])
    assert "neither JSON" in refusal(DOCUMENT[1:])


def test_a_path_that_leads_nowhere(tmp_path: Path) -> None:
    assert "/secrets/drive.json, which is not there" in refusal("/secrets/drive.json")
    binary = tmp_path / "key.json"
    binary.write_bytes(b"\xff\xfe\x00")
    assert "key.json cannot be read" in refusal(str(binary))


def test_json_that_is_no_key(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    path.write_text("[1]")
    assert "not a key" in refusal(str(path))
    assert "no key that Roost knows" in refusal('{"type": "external_account"}')


@pytest.mark.parametrize("member", ["client_email", "private_key", "token_uri"])
def test_a_missing_member_is_named(member: str) -> None:
    document = json.loads(DOCUMENT)
    del document[member]
    assert f"lacks {member}" in refusal(json.dumps(document))


def test_a_private_key_that_was_cut() -> None:
    document = json.loads(DOCUMENT)
    document["private_key"] = document["private_key"][:-200]
    assert "private_key" in refusal(json.dumps(document))


def test_an_oauth_client_in_place_of_a_key() -> None:
    assert "OAuth client" in refusal('{"installed": {"client_id": "a", "client_secret": "b"}}')


def test_no_credentials_at_all(tmp_path: Path) -> None:
    assert "set GOOGLE_DRIVE_CREDENTIALS_JSON" in refusal(None, tmp_path)


def test_oauth_as_a_fallback(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text('{"installed": {"client_id": "a", "client_secret": "b"}}')
    assert "google_drive.authorize" in refusal(None, tmp_path)
    token = {"refresh_token": "1//r", "client_id": "a", "client_secret": "b", "token_uri": "https://example.com/t"}
    (tmp_path / "token.json").write_text(json.dumps(token))
    assert load_account(settings(None, tmp_path)).name == "your account"
    # A service account goes before.
    assert load_account(settings(DOCUMENT, tmp_path)).name == KEY.email
    del token["refresh_token"]
    (tmp_path / "token.json").write_text(json.dumps({"type": "authorized_user", **token}))
    assert "token.json lacks refresh_token" in refusal(None, tmp_path)


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("1AbC-d_e", "1AbC-d_e"),
        (" 1AbC ", "1AbC"),
        ("https://drive.google.com/drive/folders/1AbC?usp=sharing", "1AbC"),
        ("https://drive.google.com/drive/u/0/folders/1AbC", "1AbC"),
        ("https://drive.google.com/open?id=1AbC", "1AbC"),
    ],
)
def test_the_id_in_an_address(given: str, taken: str) -> None:
    assert GoogleDriveSettings(rag_watch_folder_id=given).rag_watch_folder_id == taken
