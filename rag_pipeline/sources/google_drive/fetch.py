"""Bringing a file's bytes to disk: in parts, within a limit, and the right ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

from core.errors import Unavailable
from rag_pipeline.sources.base import Fetched, FetchFailed, SourceFile
from rag_pipeline.sources.google_drive.client import DriveClient
from rag_pipeline.sources.google_drive.formats import Format
from rag_pipeline.sources.google_drive.problems import QUOTA_REASONS, REASON_CODES, DriveError
from rag_pipeline.sources.google_drive.versions import checksum_in, formats_in, same_content, version_token

#: What a download holds in memory at once.
_CHUNK_BYTES = 4 * 1024 * 1024


def fetch(client: DriveClient, file: SourceFile, folder: Path, max_bytes: int, resource_key: str | None) -> Fetched:
    """Bring ``file`` to ``folder``.

    Raises:
        FetchFailed: This file cannot be had.
    """
    if file.size_bytes is not None and file.size_bytes > max_bytes:
        raise _too_large(max_bytes)
    try:
        formats = formats_in(file.version_token)
        if formats:
            return _export(client, file, folder, formats, resource_key)
        return _download(client, file, folder, max_bytes, resource_key)
    except Unavailable as error:
        raise FetchFailed("download-failed", error.detail) from error
    except DriveError as error:
        if error.passing or error.reason in QUOTA_REASONS:
            reason = "rate-limited" if error.status in {403, 429} else "download-failed"
            raise FetchFailed(reason, str(error)) from error
        if error.of_the_source:
            raise error.as_roost_error() from error
        if error.status == 404:
            raise _as_it_is_now(client, file, resource_key) from error
        raise FetchFailed(REASON_CODES.get(error.reason, "not-permitted"), str(error)) from error


def _export(
    client: DriveClient, file: SourceFile, folder: Path, formats: tuple[Format, ...], resource_key: str | None
) -> Fetched:
    """Export in the best format that is not too large."""
    for place, kind in enumerate(formats, 1):
        path = folder / f"content{kind.suffix}"
        try:
            with path.open("wb") as target:
                client.export(target, file.external_id, kind.mime_type, resource_key)
        except DriveError as error:
            path.unlink()
            if error.reason != "exportSizeLimitExceeded" or place == len(formats):
                raise
        else:
            return Fetched(path, kind.mime_type)
    raise AssertionError("every kind of document has a format")


def _download(client: DriveClient, file: SourceFile, folder: Path, max_bytes: int, resource_key: str | None) -> Fetched:
    path = folder / f"content{_suffix(file)}"
    with path.open("wb") as target:
        for _ in client.download(target, file.external_id, _CHUNK_BYTES, resource_key):
            if target.tell() > max_bytes:
                raise _too_large(max_bytes)
    expected = checksum_in(file.version_token)
    if expected is not None:
        with path.open("rb") as content:
            found = hashlib.file_digest(content, _md5).hexdigest()
        if found != expected:
            raise _as_it_is_now(client, file, resource_key)
    return Fetched(path, file.mime_type)


def _as_it_is_now(client: DriveClient, file: SourceFile, resource_key: str | None) -> FetchFailed:
    """Why the bytes are not there, or are others. What Drive itself reports is left to the next run; the rest is not.

    A change or a removal is in a change feed, behind the token that this run keeps. Damage on the way is in none.
    """
    try:
        now = client.file(file.external_id, resource_key)
    except DriveError as error:
        if error.status != 404:
            raise
        return FetchFailed("vanished", "It was deleted, or is not shared with Roost's account any more.")
    if now.trashed or not same_content(file.version_token, version_token(now, None)):
        return FetchFailed("still-changing", "It was changed since it was listed.")
    return FetchFailed("download-failed", "The bytes that arrived are not those that Google has.")


def _md5() -> hashlib._Hash:  # pyright: ignore[reportPrivateUsage]
    # Google's checksum: against damage on the way, not against anybody.
    return hashlib.md5(usedforsecurity=False)


def _suffix(file: SourceFile) -> str:
    """The ending of the file's own name, if it is one: extraction goes by it where the type says nothing."""
    suffix = Path(file.title).suffix
    return suffix if len(suffix) <= 10 and suffix[1:].isalnum() else ""


def _too_large(max_bytes: int) -> FetchFailed:
    return FetchFailed(
        "too-large", f"It is larger than the {max_bytes // 1024**2} MB that RAG_DRIVE_MAX_FILE_BYTES allows."
    )
