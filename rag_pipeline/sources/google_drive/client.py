"""The Drive API as this source uses it: typed, from any thread, every page of everything, tried again where it pays."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock, local
from typing import IO, TypeVar

from pydantic import BaseModel, ValidationError

from core.errors import UpstreamFailed
from rag_pipeline.sources.google_drive import library
from rag_pipeline.sources.google_drive.backoff import Backoff
from rag_pipeline.sources.google_drive.problems import DriveError
from rag_pipeline.sources.google_drive.resources import (
    FILE_FIELDS,
    PERMISSION_FIELDS,
    SHARED_FILE_FIELDS,
    Change,
    ChangePage,
    DriveFile,
    FilePage,
    Permission,
    PermissionPage,
    StartPageToken,
)

_TIMEOUT_SECONDS = 60.0
_PAGE_SIZE = 1000
#: With more changes than this, listing everything is quicker, and holds less in memory.
_MOST_CHANGES = 20_000

ResourceT = TypeVar("ResourceT", bound=BaseModel)


class PageTokenExpired(Exception):
    """A change feed cannot be followed from where the last run stopped: everything is to be listed."""


class IncompleteListing(Exception):
    """Google says itself that it did not look everywhere: what is missing may still be there."""


class DriveClient:
    """Drive, for one account.

    Args:
        credentials: What gives access tokens.
        api_root: Root of Google's API, with a slash at its end.
        backoff: How failures that pass are waited for.
        with_sharing: Whether files are asked for with their permissions.
    """

    def __init__(
        self, credentials: library.Credentials, api_root: str, backoff: Backoff, *, with_sharing: bool
    ) -> None:
        self._credentials = credentials
        self._backoff = backoff
        self._fields = SHARED_FILE_FIELDS if with_sharing else FILE_FIELDS
        drive = library.build_drive(api_root, library.connection(_TIMEOUT_SECONDS))
        # Once each: the library makes every method anew whenever it is asked for a collection.
        self._files, self._changes, self._permissions = drive.files(), drive.changes(), drive.permissions()
        self._local = local()
        self._connections: list[library.Http] = []
        self._lock = Lock()

    def close(self) -> None:
        """Close the connections of every thread."""
        with self._lock:
            while self._connections:
                self._connections.pop().close()
        self._local = local()

    def file(self, file_id: str, resource_key: str | None = None) -> DriveFile:
        """One file's, folder's or shortcut's metadata.

        Raises:
            DriveError: 404 where it is not there, or not there for this account.
        """
        request = self._files.get(fileId=file_id, fields=self._fields, supportsAllDrives=True)
        return self._get(DriveFile, self._with_key(request, file_id, resource_key))

    def children(
        self, folder_id: str, drive_id: str | None, resource_key: str | None = None, page_token: str | None = None
    ) -> FilePage:
        """A page of what lies directly in a folder and is not in the bin.

        One folder a query: asked for several at once, Drive at times leaves some of them out without a word.

        Args:
            folder_id: The folder.
            drive_id: The shared drive it lies in, if the account is a member of that.
            resource_key: The folder's resource key, where it has one.
            page_token: Which page; the first one if not given.

        Raises:
            IncompleteListing: Google did not look everywhere.
        """
        within: dict[str, object] = {"corpora": "drive", "driveId": drive_id} if drive_id else {"corpora": "user"}
        request = self._files.list(
            q=f"'{folder_id}' in parents and trashed = false",
            pageSize=_PAGE_SIZE,
            pageToken=page_token,
            fields=f"nextPageToken,incompleteSearch,files({self._fields})",
            includeItemsFromAllDrives=True,
            supportsAllDrives=True,
            **within,
        )
        page = self._get(FilePage, self._with_key(request, folder_id, resource_key))
        if page.incomplete_search:
            raise IncompleteListing
        return page

    def start_page_token(self, drive_id: str | None) -> str:
        """Where the feed of the account, or of a shared drive, stands now.

        Raises:
            DriveError: 403 or 404 where the account is no member of the drive.
        """
        request = self._changes.getStartPageToken(supportsAllDrives=True, **_of(drive_id))
        return self._get(StartPageToken, request).start_page_token

    def changes(self, token: str, drive_id: str | None) -> tuple[list[Change], str]:
        """All that happened in a feed since ``token``, the oldest first, and the token to begin with next time.

        Raises:
            PageTokenExpired: The feed cannot be followed from there.
        """
        found: list[Change] = []
        while True:
            request = self._changes.list(
                pageToken=token,
                pageSize=_PAGE_SIZE,
                fields=(
                    f"nextPageToken,newStartPageToken,changes(changeType,removed,driveId,fileId,file({self._fields}))"
                ),
                includeItemsFromAllDrives=True,
                supportsAllDrives=True,
                includeRemoved=True,
                # A file that went from one feed to another is not gone.
                includeCorpusRemovals=True,
                **_of(drive_id),
            )
            try:
                page = self._get(ChangePage, request)
            except DriveError as error:
                if error.status in {400, 403, 404, 410} and not error.of_the_source:
                    raise PageTokenExpired from error
                raise
            found.extend(page.changes)
            if len(found) > _MOST_CHANGES:
                raise PageTokenExpired
            if page.new_start_page_token is not None:
                return found, page.new_start_page_token
            if page.next_page_token is None:
                raise PageTokenExpired
            token = page.next_page_token

    def permissions(self, file_id: str) -> list[Permission]:
        """Everybody with whom an item is shared, directly or by a folder above it.

        Raises:
            DriveError: 403 where the account may not see that.
        """
        found: list[Permission] = []
        token: str | None = None
        while True:
            request = self._permissions.list(
                fileId=file_id, pageSize=100, pageToken=token, fields=PERMISSION_FIELDS, supportsAllDrives=True
            )
            page = self._get(PermissionPage, request)
            found.extend(page.permissions)
            token = page.next_page_token
            if token is None:
                return found

    def download(
        self, target: IO[bytes], file_id: str, chunk_bytes: int, resource_key: str | None = None
    ) -> Iterator[None]:
        """Write a file's bytes to ``target``, a part at each step, so that the caller may stop in between."""
        request = self._files.get_media(fileId=file_id, supportsAllDrives=True)
        yield from self._steps(target, self._with_key(request, file_id, resource_key), chunk_bytes)

    def export(self, target: IO[bytes], file_id: str, mime_type: str, resource_key: str | None = None) -> None:
        """Write a Google document to ``target`` as ``mime_type``. Google exports 10 MB at most."""
        request = self._files.export_media(fileId=file_id, mimeType=mime_type)
        for _ in self._steps(target, self._with_key(request, file_id, resource_key), _EXPORT_CHUNK):
            pass

    def _steps(self, target: IO[bytes], request: library.Request, chunk_bytes: int) -> Iterator[None]:
        request.http = self._http()
        steps = library.download(target, request, chunk_bytes)
        done = False
        while not done:
            _, done = self._backoff.call(steps.next_chunk)
            yield

    def _get(self, kind: type[ResourceT], request: library.Request) -> ResourceT:
        answer = self._backoff.call(lambda: request.execute(http=self._http()))
        try:
            return kind.model_validate(answer)
        except ValidationError as error:
            raise UpstreamFailed(
                f"Google Drive answered something that is not a {kind.__name__}: is RAG_DRIVE_API_ROOT right, and no "
                "proxy in between?",
                slug="google-drive-unavailable",
            ) from error

    def _with_key(self, request: library.Request, file_id: str, resource_key: str | None) -> library.Request:
        if resource_key is not None:
            request.headers["X-Goog-Drive-Resource-Keys"] = f"{file_id}/{resource_key}"
        return request

    def _http(self) -> library.Http:
        found: library.Http | None = getattr(self._local, "http", None)
        if found is None:
            found = library.authorized_connection(self._credentials, _TIMEOUT_SECONDS)
            self._local.http = found
            with self._lock:
                self._connections.append(found)
        return found


#: More than Google exports, so that an export is one step.
_EXPORT_CHUNK = 64 * 1024 * 1024


def _of(drive_id: str | None) -> dict[str, object]:
    return {} if drive_id is None else {"driveId": drive_id}
