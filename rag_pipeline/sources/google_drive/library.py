"""The edge to Google's client libraries, which carry no types: everything untyped is named here and nowhere else.

The service is built from the discovery document inside the package, so that nothing is fetched to begin with. Its own
retries stay off: :mod:`.backoff` waits as long as Google says, across all threads.
"""

# ruff: noqa: D102 - the methods are Google's, and told of in its reference
from __future__ import annotations

import http.client
import logging
from collections.abc import Mapping
from importlib import import_module
from typing import IO, Protocol, cast

_discovery = import_module("googleapiclient.discovery")
_errors = import_module("googleapiclient.errors")
_media = import_module("googleapiclient.http")
_httplib2 = import_module("httplib2")
_google_auth_httplib2 = import_module("google_auth_httplib2")
_service_account = import_module("google.oauth2.service_account")
_user = import_module("google.oauth2.credentials")
_exceptions = import_module("google.auth.exceptions")

# It warns of every 403 itself, before anybody could tell whether it matters.
logging.getLogger("googleapiclient.http").setLevel(logging.ERROR)


class Response(Protocol):
    """Status and headers of an answer; header names are in lower case."""

    status: int

    def get(self, name: str, default: str = "") -> str: ...


class HttpErrorShape(Protocol):
    """What the library raises for any status that is not a success."""

    resp: Response
    content: bytes


class Http(Protocol):
    """A connection. Not safe for threads: each thread has its own."""

    def request(
        self, uri: str, method: str = "GET", body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[Response, bytes]: ...

    def close(self) -> None: ...


class Credentials(Protocol):
    """What gives access tokens."""

    valid: bool


class Request(Protocol):
    """One request, built and not yet sent."""

    headers: dict[str, str]
    http: Http

    def execute(self, http: Http | None = None, num_retries: int = 0) -> object: ...


class Files(Protocol):
    """``drive.files``."""

    def list(self, **parameters: object) -> Request: ...
    def get(self, **parameters: object) -> Request: ...
    def get_media(self, **parameters: object) -> Request: ...
    def export_media(self, **parameters: object) -> Request: ...


class Changes(Protocol):
    """``drive.changes``."""

    def getStartPageToken(self, **parameters: object) -> Request: ...  # noqa: N802 - Google's name
    def list(self, **parameters: object) -> Request: ...


class Permissions(Protocol):
    """``drive.permissions``."""

    def list(self, **parameters: object) -> Request: ...


class Drive(Protocol):
    """The Drive API."""

    def files(self) -> Files: ...
    def changes(self) -> Changes: ...
    def permissions(self) -> Permissions: ...


class Download(Protocol):
    """A download in parts."""

    def next_chunk(self, num_retries: int = 0) -> tuple[object, bool]: ...


HttpError = cast("type[Exception]", _errors.HttpError)
RefreshError = cast("type[Exception]", _exceptions.RefreshError)

#: What a broken connection looks like, from whichever layer it comes.
CONNECTION_ERRORS: tuple[type[Exception], ...] = (
    OSError,
    http.client.HTTPException,
    cast("type[Exception]", _httplib2.HttpLib2Error),
    cast("type[Exception]", _exceptions.TransportError),
)


def service_account(document: Mapping[str, object], scopes: list[str]) -> Credentials:
    """Credentials from a service account's key.

    Raises:
        ValueError: A member is missing, or the key cannot be read.
    """
    return cast("Credentials", _service_account.Credentials.from_service_account_info(dict(document), scopes=scopes))


def authorized_user(document: Mapping[str, object], scopes: list[str]) -> Credentials:
    """Credentials from a refresh token that a person gave, at the endpoint that ``document`` names.

    Not by ``from_authorized_user_info``: it always asks Google's own endpoint, whatever the document says.
    """
    return cast(
        "Credentials",
        _user.Credentials(
            None,
            refresh_token=document["refresh_token"],
            client_id=document["client_id"],
            client_secret=document["client_secret"],
            token_uri=document.get("token_uri") or "https://oauth2.googleapis.com/token",
            scopes=scopes,
        ),
    )


def connection(seconds: float) -> Http:
    """A connection without credentials. ``seconds`` bounds every wait for the other side."""
    return cast("Http", _httplib2.Http(timeout=seconds))


def authorized_connection(credentials: Credentials, seconds: float) -> Http:
    """A connection that sends, and renews, an access token."""
    return cast("Http", _google_auth_httplib2.AuthorizedHttp(credentials, http=connection(seconds)))


def build_drive(api_root: str, http: Http) -> Drive:
    """The Drive API at ``api_root``. Requests are sent over the connection that is given to ``execute``."""
    return cast(
        "Drive",
        _discovery.build(
            "drive",
            "v3",
            http=http,
            client_options={"api_endpoint": f"{api_root}drive/v3/"},
            static_discovery=True,
            cache_discovery=False,
        ),
    )


def download(target: IO[bytes], request: Request, chunk_bytes: int) -> Download:
    """Read the answer to ``request`` into ``target``, no more than ``chunk_bytes`` of it in memory at once."""
    return cast("Download", _media.MediaIoBaseDownload(target, request, chunksize=chunk_bytes))
