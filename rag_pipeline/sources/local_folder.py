"""A folder of this machine.

A file is known again by its path, and unchanged when size and modification time are what they were: nothing of it is
read. A file that appears where another of the same size and time is missing is compared by its hash, and is a move
when that is the same. Hidden and temporary files, and what `.roostignore` names, are not there. A link is followed only
as far as it stays inside the folder.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from core.errors import ConfigurationError, Unavailable
from rag_pipeline.sources.base import (
    Changed,
    Checkpoint,
    Failure,
    Fetched,
    FetchFailed,
    Gone,
    Known,
    KnownFile,
    Moved,
    SourceEvent,
    SourceFile,
)
from rag_pipeline.sources.folder_identity import note, require_same_if_bare
from rag_pipeline.sources.ignore_rules import IGNORE_FILE, IgnoreRules

_TEMPORARY_SUFFIXES = (".tmp", ".temp", ".part", ".partial", ".crdownload", ".download", ".swp", ".swx", ".lock")
_TEMPORARY_PREFIXES = (".", "~$", "~", "#")
_FOLDERS_LEFT_OUT = frozenset({"node_modules", "__pycache__", "__MACOSX", "lost+found", "$RECYCLE.BIN"})
#: A file changed less than this many seconds ago may still be being written, unless its size holds still.
_SETTLED_AFTER = 2.0
_DEEPEST = 64
_LONGEST_ID = 1024


@dataclass(frozen=True, slots=True)
class _Entry:
    """A file in the folder: its id, where it really is, and what the file system says of it."""

    external_id: str
    path: Path
    status: os.stat_result

    @property
    def token(self) -> str:
        return f"{self.status.st_size}:{self.status.st_mtime_ns}"


class LocalFolder:
    """See the module. ``directory`` must be there; ``kind`` and ``name`` are overridden by the source of uploads."""

    kind: Literal["local", "google_drive", "upload"] = "local"

    def __init__(self, directory: Path, name: str | None = None) -> None:
        self._directory = directory.expanduser().absolute()
        self.name = name or self._directory.name or str(self._directory)

    def settings(self) -> dict[str, object]:
        """The folder's path."""
        return {"directory": str(self._directory)}

    def changes(self, known: Known) -> Generator[SourceEvent, None, Checkpoint]:
        """Walk the folder and yield what differs from ``known``. The whole folder is looked at every time."""
        self._require()
        unreadable: list[Failure] = []
        entries = {entry.external_id: entry for entry in self._walk(unreadable)}
        if not (self._directory / IGNORE_FILE).exists():
            way_out = f"If all of them were deleted, put an empty file named {IGNORE_FILE} there."
            require_same_if_bare(self._directory, known, entries, way_out)
        missing = {name: file for name, file in known.files.items() if name not in entries}
        candidates: dict[str, list[KnownFile]] = defaultdict(list)
        for file in missing.values():
            if file.content_hash:
                candidates[file.version_token].append(file)
        for name, entry in entries.items():
            before = known.files.get(name)
            if before is not None:
                if before.version_token != entry.token or name in known.due:
                    yield Changed(self._describe(entry))
            elif moved := _moved_from(entry, candidates[entry.token]):
                del missing[moved.external_id]
                candidates[entry.token].remove(moved)
                yield Moved(moved.external_id, self._describe(entry))
            else:
                yield Changed(self._describe(entry))
        yield from unreadable
        # A folder that could not be read says nothing about what is in it.
        closed = tuple(f"{failure.external_id}/" for failure in unreadable)
        unknown = {failure.external_id for failure in unreadable}
        for name in missing:
            if name not in unknown and not name.startswith(closed or ("\0",)):
                yield Gone(name)
        self._require()
        return note(self._directory)

    def fetch(self, file: SourceFile, folder: Path) -> Fetched:
        """The file itself, once it holds still."""
        path = self._directory / _real_name(file.external_id)
        try:
            status = path.stat()
            if time.time() - status.st_mtime < _SETTLED_AFTER:
                time.sleep(0.2)
                status = path.stat()
            with path.open("rb"):
                pass
        except FileNotFoundError as error:
            raise FetchFailed("vanished", "The file is not there any more.") from error
        except PermissionError as error:
            raise FetchFailed("not-permitted", str(error.strerror)) from error
        except OSError as error:
            raise FetchFailed("unreadable", str(error.strerror)) from error
        if f"{status.st_size}:{status.st_mtime_ns}" != file.version_token:
            raise FetchFailed("still-changing", "The file changed while it was looked at.")
        return Fetched(path)

    def close(self) -> None:
        """Nothing is held open."""

    def _require(self) -> None:
        if not self._directory.is_dir():
            raise ConfigurationError(
                f"The folder {self._directory} is not there. Create or mount it, or set RAG_WATCH_DIRECTORY to another."
            )
        if not os.access(self._directory, os.R_OK | os.X_OK):
            raise ConfigurationError(f"The folder {self._directory} may not be read. Give this process the right to.")

    def _walk(self, unreadable: list[Failure]) -> Iterator[_Entry]:
        rules = IgnoreRules.read(self._directory / IGNORE_FILE)
        root = self._directory.resolve()
        stack: list[tuple[Path, str, int]] = [(self._directory, "", 0)]
        seen: set[tuple[int, int]] = set()
        while stack:
            folder, prefix, depth = stack.pop()
            for name, item, status in _items(folder, prefix, root, unreadable):
                is_folder = stat.S_ISDIR(status.st_mode)
                if rules.leaves_out(name, is_folder=is_folder):
                    continue
                if is_folder:
                    identity = (status.st_dev, status.st_ino)
                    if depth < _DEEPEST and identity not in seen and item.name not in _FOLDERS_LEFT_OUT:
                        seen.add(identity)
                        stack.append((Path(item.path), f"{name}/", depth + 1))
                elif stat.S_ISREG(status.st_mode) and len(name) <= _LONGEST_ID:
                    yield _Entry(name, Path(item.path), status)

    def _describe(self, entry: _Entry) -> SourceFile:
        return SourceFile(
            external_id=entry.external_id,
            path=entry.external_id,
            title=entry.path.name.encode("utf-8", "replace").decode(),
            version_token=entry.token,
            modified_at=datetime.fromtimestamp(entry.status.st_mtime, UTC),
            size_bytes=entry.status.st_size,
        )


def _moved_from(entry: _Entry, candidates: list[KnownFile]) -> KnownFile | None:
    if not candidates:
        return None
    try:
        with entry.path.open("rb") as stream:
            content_hash = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
    return next((file for file in candidates if file.content_hash == content_hash), None)


def _left_out(name: str) -> bool:
    return name.startswith(_TEMPORARY_PREFIXES) or name.lower().endswith(_TEMPORARY_SUFFIXES) or name.endswith("~")


def _items(
    folder: Path, prefix: str, root: Path, unreadable: list[Failure]
) -> Iterator[tuple[str, os.DirEntry[str], os.stat_result]]:
    """What is in a folder, by name; of what cannot be looked at, a failure: that says neither changed nor gone."""
    try:
        with os.scandir(folder) as listing:
            items = sorted(listing, key=lambda item: item.name)
    except OSError as error:
        if not prefix:
            raise Unavailable(f"The folder {folder} cannot be read ({error.strerror}). Check its disk.") from error
        unreadable.append(_unreadable(prefix.rstrip("/"), error))
        return
    for item in items:
        name = prefix + _safe_name(item.name)
        if _left_out(item.name):
            continue
        try:
            if not item.is_symlink() or _inside(item.path, root):
                yield name, item, item.stat()
        except FileNotFoundError:
            continue  # it went away, or is a link to nothing
        except OSError as error:
            unreadable.append(_unreadable(name, error))


def _unreadable(name: str, error: OSError) -> Failure:
    reason = "not-permitted" if isinstance(error, PermissionError) else "unreadable"
    return Failure(name, name, reason, str(error.strerror))


def _inside(path: str, root: Path) -> bool:
    """Whether a link leads to what is in the folder. Raises OSError where that cannot be told."""
    try:
        return Path(path).resolve(strict=True).is_relative_to(root)
    except RuntimeError:  # it leads to itself
        return False


def _safe_name(name: str) -> str:
    """A name as text that a database takes: a byte that is no UTF-8 becomes its hex code after a backslash and x."""
    if name.isascii() and "\\" not in name:
        return name
    return os.fsencode(name.replace("\\", "\\\\")).decode("utf-8", "backslashreplace")


def _real_name(external_id: str) -> str:
    """The other way round of :func:`_safe_name`."""
    if "\\" not in external_id:
        return external_id
    out = bytearray()
    rest = external_id.encode()
    while rest:
        if rest.startswith(b"\\\\"):
            out += b"\\"
            rest = rest[2:]
        elif rest.startswith(b"\\x"):
            out.append(int(rest[2:4], 16))
            rest = rest[4:]
        else:
            out.append(rest[0])
            rest = rest[1:]
    return os.fsdecode(bytes(out))
