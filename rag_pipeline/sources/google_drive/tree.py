"""The watched folder as it was last seen: its sub-folders and shortcuts, by which a change is placed.

Drive reports a folder that was moved, renamed or thrown away as one change, and says nothing of what lies below. Which
files that concerns is known only to whoever remembers the tree; so it is part of the checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from rag_pipeline.sources.google_drive.resources import DriveFile


class Folder(BaseModel):
    """A folder that is watched.

    Attributes:
        name: As it is called in the folder above; a shortcut's name where a shortcut leads to it.
        parent: The folder above it; None for the watched folder itself.
        shortcut: The shortcut that leads to it, where one does.
        drive: The shared drive it lies in.
        sharing: A mark of who may read what lies in it, where that is taken over.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    parent: str | None
    shortcut: str | None = None
    drive: str | None = None
    sharing: str = ""


class Shortcut(BaseModel):
    """A shortcut in a watched folder, and what it leads to."""

    model_config = ConfigDict(frozen=True)

    name: str
    parent: str
    target: str
    to_folder: bool = False
    key: str | None = None


class Tree(BaseModel):
    """Folders and shortcuts by id."""

    folders: dict[str, Folder] = {}
    shortcuts: dict[str, Shortcut] = {}

    def path_of(self, name: str, folder_id: str) -> str:
        """Where a person finds ``name``: the names of the folders above it, without the watched one's own."""
        names = [_as_part(name)]
        folder = self.folders[folder_id]
        while folder.parent is not None:
            names.append(_as_part(folder.name))
            folder = self.folders[folder.parent]
        return "/".join(reversed(names))

    def shortcut_path(self, shortcut: Shortcut) -> str:
        """Where a person finds what a shortcut leads to."""
        return self.path_of(shortcut.name, shortcut.parent)

    def path_of_file(self, file: DriveFile) -> str | None:
        """Where a person finds ``file``, by its own folder or by a shortcut; None where it is not watched."""
        for parent in file.parents:
            if parent in self.folders:
                return self.path_of(file.name, parent)
        return min((self.shortcut_path(shortcut) for shortcut in self.shortcuts_to(file.id)), default=None)

    def shortcuts_to(self, file_id: str) -> Iterator[Shortcut]:
        """The shortcuts that lead to ``file_id`` from a folder that is watched."""
        return (shortcut for shortcut in self.shortcuts.values() if shortcut.target == file_id)

    def key_of(self, file_id: str) -> str | None:
        """The resource key that a shortcut to ``file_id`` carries."""
        return next((shortcut.key for shortcut in self.shortcuts_to(file_id)), None)


def _as_part(name: str) -> str:
    """A name as one part of a path: Drive allows slashes in names, a path does not."""
    return name.replace("/", "\N{DIVISION SLASH}")
