"""Listing: every folder below one, every page of each, shortcuts followed, nothing twice, no cycle for ever."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, replace

from rag_pipeline.sources.google_drive.client import DriveClient, IncompleteListing
from rag_pipeline.sources.google_drive.feeds import Feeds
from rag_pipeline.sources.google_drive.problems import DriveError
from rag_pipeline.sources.google_drive.resources import FOLDER, SHORTCUT, DriveFile
from rag_pipeline.sources.google_drive.sharing import Grants, Sharing, mark
from rag_pipeline.sources.google_drive.tree import Folder, Shortcut, Tree

#: Folders that are listed at once. Google allows far more; the rest of a run hardly keeps pace with this.
LISTERS = 6


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


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that is to be listed: of which folder, by which shared drive, with which key."""

    folder_id: str
    drive_id: str | None
    key: str | None
    token: str | None = None


Found = Placed | Unreachable
_Listed = tuple[list[tuple[DriveFile, Grants | None]], str | None]


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
        self._waiting: deque[_Page] = deque()
        self._pending: dict[Future[_Listed], _Page] = {}
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
        """Everything below what was entered. No more is listed ahead than is asked for."""
        while self._waiting or self._pending or self._shortcuts:
            while self._waiting and len(self._pending) < LISTERS:
                page = self._waiting.popleft()
                self._pending[self._pool.submit(self._list, page)] = page
            if self._pending:
                done, _ = wait(self._pending, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from self._unpack(self._pending.pop(future), future)
            else:
                yield from self._follow_next_shortcut()

    def _enter(self, folder: DriveFile, grants: Grants | None, parent: str | None, by: str | None = None) -> None:
        if folder.id in self._tree.folders:
            return
        self._tree.folders[folder.id] = Folder(
            name=self._tree.shortcuts[by].name if by is not None else folder.name,
            parent=parent,
            shortcut=by,
            drive=folder.drive_id,
            sharing=mark(grants) if self._sharing else "",
        )
        drive = self._feeds.drive_of(folder.drive_id)
        self._waiting.append(_Page(folder.id, drive, folder.resource_key))

    def _list(self, page: _Page) -> _Listed:
        """In a thread of the pool: one page, with who may read each of its files."""
        answer = self._client.children(page.folder_id, page.drive_id, page.key, page.token)
        children: list[tuple[DriveFile, Grants | None]] = []
        for child in answer.files:
            if self._sharing is None or child.mime_type == SHORTCUT:
                children.append((child, None))
            elif child.mime_type == FOLDER:
                children.append((child, self._sharing.of_folder(child)))
            else:
                children.append((child, self._sharing.of_file(child)))
        return children, answer.next_page_token

    def _unpack(self, page: _Page, future: Future[_Listed]) -> Iterator[Found]:
        try:
            children, following = future.result()
        except IncompleteListing:
            self.complete = False
            return
        except DriveError as error:
            if error.of_the_source:
                raise
            # 404: gone since the folder above it was listed, as the next run's feed will tell.
            self.complete = self.complete and error.status == 404
            return
        if following is not None:
            self._waiting.appendleft(replace(page, token=following))
        for child, grants in children:
            if child.mime_type == FOLDER:
                self._enter(child, grants, page.folder_id)
            elif child.mime_type == SHORTCUT:
                self._note_shortcut(child, page.folder_id)
            elif child.id not in self._seen:
                self._seen.add(child.id)
                yield Placed(child, self._tree.path_of(child.name, page.folder_id), grants)

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
