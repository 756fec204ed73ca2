"""Uploaded files on disk, as `rag_pipeline.sources.uploads` reads them.

An upload is a folder with the bytes and a description, written under a hidden name and renamed: it is there whole or
not at all. Deleting begins with the opposite renaming, so that no run picks up what is about to go.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import unicodedata
from pathlib import Path, PurePosixPath
from typing import Protocol
from uuid import UUID, uuid4

from core.errors import TooLarge, Unavailable

_BLOCK = 1 << 20
_LONGEST_NAME = 255


class Readable(Protocol):
    """What an upload is read from."""

    async def read(self, size: int = -1, /) -> bytes:
        """The next bytes; empty at the end."""
        ...


class UploadFolder:
    """``UPLOADS_DIRECTORY``.

    Args:
        directory: The folder; made when the first upload comes. ``None``: uploads are switched off.
    """

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory

    async def keep(
        self, content: Readable, *, name: str, mime_type: str, owner_id: UUID, visibility: str, max_bytes: int
    ) -> tuple[str, int]:
        """Write an upload.

        Returns:
            Its id, and its size in bytes.

        Raises:
            TooLarge: It is larger than ``max_bytes``. Nothing is kept.
            Unavailable: Uploads are switched off, or the disk does not take it.
        """
        root = self._root()
        upload_id = str(uuid4())
        hidden = root / f".new-{upload_id}"
        about = {"name": name, "mime_type": mime_type, "owner_id": str(owner_id), "visibility": visibility}
        try:
            await asyncio.to_thread(hidden.mkdir, 0o700, True)
            size = await self._write(content, hidden / "content", max_bytes)
            await asyncio.to_thread(_finish, hidden, root / upload_id, about)
        except OSError as error:
            raise Unavailable("The upload could not be stored. Check the disk that uploads are kept on.") from error
        finally:
            await asyncio.to_thread(shutil.rmtree, hidden, True)
        return upload_id, size

    async def hide(self, upload_id: str) -> None:
        """Take an upload out of the pipeline's sight; :meth:`show` brings it back, :meth:`drop` ends it."""
        await self._rename(upload_id, f".gone-{upload_id}")

    async def show(self, upload_id: str) -> None:
        """Undo :meth:`hide`."""
        await self._rename(f".gone-{upload_id}", upload_id)

    async def drop(self, upload_id: str) -> None:
        """Remove a hidden upload from the disk."""
        await asyncio.to_thread(shutil.rmtree, self._root() / f".gone-{upload_id}", True)

    async def _rename(self, before: str, after: str) -> None:
        root = self._root()
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread((root / before).rename, root / after)

    async def _write(self, content: Readable, path: Path, max_bytes: int) -> int:
        size = 0
        stream = await asyncio.to_thread(path.open, "xb")
        try:
            while block := await content.read(_BLOCK):
                size += len(block)
                if size > max_bytes:
                    raise TooLarge(f"The file is larger than the {max_bytes:,} bytes that are taken here.")
                await asyncio.to_thread(stream.write, block)
            await asyncio.to_thread(os.fsync, stream.fileno())
        finally:
            await asyncio.to_thread(stream.close)
        return size

    def _root(self) -> Path:
        if self._directory is None:
            raise Unavailable("Uploads are switched off here: UPLOADS_DIRECTORY is not set.", slug="uploads-off")
        return self._directory


def _finish(hidden: Path, final: Path, about: dict[str, str]) -> None:
    (hidden / ".upload.json").write_text(json.dumps(about), "utf-8")
    hidden.rename(final)


def clean_name(name: str | None) -> str:
    """A file's name as it is shown: without folders and control characters, not too long, never empty."""
    last = PurePosixPath((name or "").replace("\\", "/")).name
    last = "".join(letter for letter in unicodedata.normalize("NFC", last) if unicodedata.category(letter)[0] != "C")
    stem, dot, ending = last.strip().rpartition(".")
    if len(last) > _LONGEST_NAME:
        last = f"{stem[: _LONGEST_NAME - len(ending) - 1]}{dot}{ending}"[:_LONGEST_NAME]
    return last.strip() or "upload"
