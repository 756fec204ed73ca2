"""Listing: every folder below one, every page of each, shortcuts followed, nothing twice, no cycle for ever."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass

from rag_pipeline.sources.google_drive.client import DriveClient, IncompleteListing
from rag_pipeline.sources.google_drive.feeds import Feeds
from rag_pipeline.sources.google_drive.problems import DriveError
from rag_pipeline.sources.google_drive.resources import FOLDER, SHORTCUT, DriveFile
from rag_pipeline.sources.google_drive.sharing import Grants, Sharing, mark
from rag_pipeline.sources.google_drive.tree import Folder, Shortcut, Tree


@dataclass(frozen=True, slots=True)
class Placed:
    """A file that is watched, and where a person finds it. ``grants`` is None where sharing cannot be read."""

    file: DriveFile
    path: str
    grants: Grants | None = None


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A shortcut leads to something that this account cannot see."""

    target_id: str
    path: str


Found = Placed | Unreachable
_Children = list[tuple[DriveFile, Grants | None]]


class Walk:
    """A walk through folders that fills a tree on its way.

    A folder that lies in the watched folder is entered by its own place; what only a shortcut leads to comes last, by
    the shortcut's place. Each folder is entered once, however many ways lead to it, so that cycles end.

    Args:
        client: Drive.
        tree: What is known already, and is added to.
        feeds: Told of every shared drive before it is listed.
        sharing: Who may read; None where that is not taken over.
        pool: Lists several folders at once.
    """

    def __init__(self, client: DriveClient, tree: Tree, feeds: Feeds, sharing: Sharing | None, pool: Executor) -> None:
        self._client = client
        self._tree = tree
        self._feeds = feeds
        self._sharing = sharing
        self._pool = pool
        self._pending: dict[Future[_Children], str] = {}
        self._shortcuts: list[str] = []
        self._seen: set[str] = set()
        #: False where something could not be listed: what was not found may still be there.
        self.complete = True

    def enter_root(self, root: DriveFile) -> None:
        """Begin at the watched folder."""
        self._enter(root, self._sharing.of_folder(root) if self._sharing else None, None)

    def take(self, file: DriveFile) -> None:
        """Take in a folder or shortcut that a feed tells of, if it is watched and new."""
        parent = next((parent for parent in file.parents if parent in self._tree.folders), None)
        if file.mime_type == SHORTCUT:
            if parent is not None:
                self._note_shortcut(file, parent)
        elif file.id not in self._tree.folders:
            if parent is not None:
                self._enter(file, self._sharing.of_folder(file) if self._sharing else None, parent)
            else:
                self._shortcuts.extend(
                    name for name, shortcut in self._tree.shortcuts.items() if shortcut.target == file.id
                )

    def found(self) -> Generator[Found]:
        """Everything below what was entered."""
        while self._pending or self._shortcuts:
            if self._pending:
                done, _ = wait(self._pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from self._unpack(self._pending.pop(future), future)
            else:
                yield from self._follow_next_shortcut()

    def _enter(self, folder: DriveFile, grants: Grants | None, parent: str | None, by: str | None = None) -> None:
        if folder.id in self._tree.folders:
            return
        name = self._tree.shortcuts[by].name if by is not None else folder.name
        self._tree.folders[folder.id] = Folder(
            name=name,
            parent=parent,
            shortcut=by,
            drive=folder.drive_id,
            key=folder.resource_key,
            sharing=mark(grants) if self._sharing else "",
        )
        drive = self._feeds.drive_of(folder.drive_id)
        self._pending[self._pool.submit(self._list, folder, drive)] = folder.id

    def _list(self, folder: DriveFile, drive: str | None) -> _Children:
        children: _Children = []
        for child in self._client.children(folder.id, drive, folder.resource_key):
            if self._sharing is None or child.mime_type == SHORTCUT:
                children.append((child, None))
            elif child.mime_type == FOLDER:
                children.append((child, self._sharing.of_folder(child)))
            else:
                children.append((child, self._sharing.of_file(child)))
        return children

    def _unpack(self, folder_id: str, future: Future[_Children]) -> Iterator[Found]:
        try:
            children = future.result()
        except (DriveError, IncompleteListing) as error:
            if isinstance(error, DriveError):
                if error.of_the_source:
                    raise
                if error.status == 404:
                    # Gone since the folder above it was listed.
                    self._tree.folders.pop(folder_id)
                    return
            self.complete = False
            return
        for child, grants in children:
            if child.mime_type == FOLDER:
                self._enter(child, grants, folder_id)
            elif child.mime_type == SHORTCUT:
                self._note_shortcut(child, folder_id)
            elif child.id not in self._seen:
                self._seen.add(child.id)
                yield Placed(child, self._tree.path_of(child.name, folder_id), grants)

    def _note_shortcut(self, file: DriveFile, parent: str) -> None:
        details = file.shortcut_details
        if details is not None and file.id not in self._tree.shortcuts:
            self._tree.shortcuts[file.id] = Shortcut(
                name=file.name,
                parent=parent,
                target=details.target_id,
                to_folder=details.target_mime_type == FOLDER,
                key=details.target_resource_key,
            )
            self._shortcuts.append(file.id)

    def _rank(self, name: str) -> tuple[bool, str]:
        shortcut = self._tree.shortcuts[name]
        return not shortcut.to_folder, self._tree.shortcut_path(shortcut)

    def _follow_next_shortcut(self) -> Iterator[Found]:
        """Follow those to folders first, as a file's own folder goes before, then by path: always the same way."""
        name = min(self._shortcuts, key=self._rank)
        self._shortcuts.remove(name)
        shortcut = self._tree.shortcuts[name]
        if shortcut.target in self._tree.folders or shortcut.target in self._seen:
            return
        path = self._tree.shortcut_path(shortcut)
        try:
            target = self._client.file(shortcut.target, shortcut.key)
        except DriveError as error:
            if error.of_the_source:
                raise
            yield Unreachable(shortcut.target, path)
            return
        if target.trashed or target.mime_type == SHORTCUT:
            return
        if target.mime_type == FOLDER:
            grants = self._sharing.of_folder(target) if self._sharing else None
            self._enter(target, grants, shortcut.parent, by=name)
            return
        self._seen.add(target.id)
        grants = self._sharing.of_file(target) if self._sharing else None
        # Its own folder's path where that is watched as well: a change of the file is placed by the same rule.
        yield Placed(target, self._tree.path_of_file(target) or path, grants)
