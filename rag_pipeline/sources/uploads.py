"""Files that people uploaded: `UPLOADS_DIRECTORY/<upload id>/`, one file in each, with a description beside it.

The agent API writes such a folder under a temporary name and renames it, so that it is there whole or not at all. The
description (`.upload.json`) holds the file's name, its owner and who may read it; whoever uploads may read it, and
everyone when it says so. Deleting an upload removes its folder.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from core.errors import ConfigurationError
from rag_pipeline.sources.base import (
    Changed,
    Checkpoint,
    Failure,
    Fetched,
    FetchFailed,
    Gone,
    Grant,
    Known,
    SourceEvent,
    SourceFile,
)
from rag_pipeline.sources.folder_identity import note, require_same_if_bare

DESCRIPTION = ".upload.json"
#: How the agent API names what is not there yet, and not there any more; after so many seconds nobody is at it.
_UNFINISHED = (".new-", ".gone-")
_LEFT_BEHIND_AFTER = 86_400.0
_UPLOAD_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Uploads:
    """See the module. A folder that was never made is an empty one: nobody has uploaded anything yet."""

    kind: Literal["local", "google_drive", "upload"] = "upload"
    name = "Uploads"

    def __init__(self, directory: Path) -> None:
        self._directory = directory.expanduser().absolute()

    def settings(self) -> dict[str, object]:
        """Nothing: there is one source of uploads, wherever its folder stands."""
        return {}

    def changes(self, known: Known) -> Generator[SourceEvent, None, Checkpoint]:
        """Yield uploads that are new, asked for again, or deleted. What is uploaded never changes."""
        # A folder that was never made holds nothing; one that went away says nothing about what was in it.
        if known.files and not self._directory.is_dir():
            raise ConfigurationError(
                f"The folder of uploads {self._directory} is not there. Mount it, or set UPLOADS_DIRECTORY to where it "
                "is."
            )
        folders = list(self._folders())
        present = {folder.name for folder in folders}
        require_same_if_bare(
            self._directory, known, present, "If all of them are lost, delete these documents in the web app."
        )
        for folder in folders:
            before = known.files.get(folder.name)
            if before is None or folder.name in known.due or not before.version_token:
                yield self._event(folder)
        for name in known.files.keys() - present:
            yield Gone(name)
        self._clear_up()
        return note(self._directory)

    def fetch(self, file: SourceFile, folder: Path) -> Fetched:
        """The uploaded file itself."""
        content = self._directory / file.external_id / "content"
        if not content.is_file():
            raise FetchFailed("vanished", "The upload was deleted.")
        return Fetched(content)

    def close(self) -> None:
        """Nothing is held open."""

    def _folders(self) -> Iterator[Path]:
        if self._directory.is_dir():
            yield from (path for path in sorted(self._directory.iterdir()) if _UPLOAD_ID.fullmatch(path.name))

    def _clear_up(self) -> None:
        """Remove what a process that died had begun to write, or to delete."""
        if not self._directory.is_dir():
            return
        for path in self._directory.iterdir():
            with contextlib.suppress(OSError):
                # ctime: when it got this name, however old what is in it is
                if path.name.startswith(_UNFINISHED) and time.time() - path.stat().st_ctime > _LEFT_BEHIND_AFTER:
                    shutil.rmtree(path)

    def _event(self, folder: Path) -> SourceEvent:
        try:
            about: dict[str, Any] = json.loads((folder / DESCRIPTION).read_text("utf-8"))
            status = (folder / "content").stat()
            name = str(about["name"])
        except (OSError, ValueError, KeyError) as error:
            return Failure(folder.name, folder.name, "unreadable", f"{type(error).__name__}: {error}")
        everyone = about.get("visibility") == "everyone"
        return Changed(
            SourceFile(
                external_id=folder.name,
                path=name,
                title=name,
                version_token=f"{status.st_size}:{status.st_mtime_ns}",
                modified_at=datetime.fromtimestamp(status.st_mtime, UTC),
                mime_type=str(about.get("mime_type") or ""),
                size_bytes=status.st_size,
                owner_id=str(about["owner_id"]),
                grants=(Grant("everyone"),) if everyone else (),
            )
        )
