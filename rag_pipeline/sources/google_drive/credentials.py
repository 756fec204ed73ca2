"""Who Roost is to Google: a service account, or a person who authorized it.

Nothing that is read here reaches a message, a log or the chain of an exception: errors of the parsers carry what they
parsed, so they are dropped and not chained.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from core.errors import ConfigurationError
from rag_pipeline.sources.google_drive import library
from rag_pipeline.sources.google_drive.settings import GoogleDriveSettings

SCOPE = "https://www.googleapis.com/auth/drive.readonly"

_SLUG = "google-drive-credentials"
_SERVICE_ACCOUNT_MEMBERS = ("client_email", "private_key", "token_uri")
_USER_MEMBERS = ("client_id", "client_secret", "refresh_token")
_VARIABLE = "GOOGLE_DRIVE_CREDENTIALS_JSON"


@dataclass(frozen=True, slots=True)
class Account:
    """Credentials, and how a person names whose they are (an e-mail address, where it is known)."""

    credentials: library.Credentials
    name: str


def load_account(settings: GoogleDriveSettings) -> Account:
    """The service account of GOOGLE_DRIVE_CREDENTIALS_JSON, or the person of token.json.

    Raises:
        ConfigurationError: There are none, or they are not what they should be.
    """
    if settings.google_drive_credentials_json is not None:
        text, place = _text_of(settings.google_drive_credentials_json.get_secret_value().strip())
        return _account(_parse(text, place), place)
    folder = settings.google_drive_oauth_directory
    token, client = folder / "token.json", folder / "credentials.json"
    if token.is_file():
        return _account(_parse(_read(token), token.name), token.name)
    if client.is_file():
        raise ConfigurationError(
            "credentials.json is there, but nobody has authorized Roost yet: run "
            "`python -m rag_pipeline.sources.google_drive.authorize` once, on a machine with a browser.",
            slug=_SLUG,
        )
    raise ConfigurationError(
        f"Google Drive has no credentials: set {_VARIABLE} to a service account's key, as JSON or as the path of its "
        "file (docs/google-drive.md tells how to make one).",
        slug=_SLUG,
    )


def _text_of(value: str) -> tuple[str, str]:
    """The JSON behind the variable, and what to call its place."""
    if value.startswith("{"):
        return value, _VARIABLE
    # A damaged key must not be shown as if it were a path.
    looks_like_path = len(value) < 500 and "\n" not in value and "PRIVATE" not in value and '"' not in value
    if not looks_like_path:
        raise ConfigurationError(
            f"{_VARIABLE} is neither JSON, which begins with {{, nor the path of a file. Copy the whole key file, on "
            "one line and in single quotes.",
            slug=_SLUG,
        )
    path = Path(value).expanduser()
    if not path.is_file():
        raise ConfigurationError(
            f"{_VARIABLE} names the file {value}, which is not there: check the path, and in a container that the file "
            "is mounted.",
            slug=_SLUG,
        )
    return _read(path), f"the file {path.name}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path.name} cannot be read ({type(error).__name__}): check who may read it.", slug=_SLUG
        ) from None


def _parse(text: str, place: str) -> dict[str, object]:
    try:
        # Not strict: the line breaks of a key often arrive as such when it travels through an environment file.
        document: object = json.loads(text, strict=False)
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise ConfigurationError(
            f"{place} is not valid JSON{where}: copy the key file again, whole, in single quotes.", slug=_SLUG
        ) from None
    if not isinstance(document, dict):
        raise ConfigurationError(f"{place} holds JSON, but not a key: that is an object in {{}}.", slug=_SLUG)
    return cast("dict[str, object]", document)


def _account(document: dict[str, object], place: str) -> Account:
    kind = document.get("type")
    if kind == "service_account":
        _require(document, _SERVICE_ACCOUNT_MEMBERS, place)
        key = str(document["private_key"]).replace("\\n", "\n")
        try:
            credentials = library.service_account({**document, "private_key": key}, [SCOPE])
        except ValueError:
            raise ConfigurationError(
                f"The private_key in {place} cannot be read: it was cut or changed on its way. Download a new key for "
                "the service account and copy it whole.",
                slug=_SLUG,
            ) from None
        return Account(credentials, str(document["client_email"]))
    if "installed" in document or "web" in document:
        raise ConfigurationError(
            f"{place} is an OAuth client and not a service account's key. Save it as credentials.json and run "
            "`python -m rag_pipeline.sources.google_drive.authorize`, or use a service account.",
            slug=_SLUG,
        )
    if kind == "authorized_user" or "refresh_token" in document:
        _require(document, _USER_MEMBERS, place)
        return Account(library.authorized_user(document, [SCOPE]), str(document.get("account") or "your account"))
    raise ConfigurationError(
        f"{place} is no key that Roost knows: the “type” of a service account's key is “service_account”.", slug=_SLUG
    )


def _require(document: dict[str, object], members: tuple[str, ...], place: str) -> None:
    missing = [name for name in members if not document.get(name)]
    if missing:
        raise ConfigurationError(
            f"{place} lacks {', '.join(missing)}: copy the whole key file as Google gave it.", slug=_SLUG
        )
