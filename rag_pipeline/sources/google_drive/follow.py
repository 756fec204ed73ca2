"""Following the change feeds: what happened since the last run, placed by the tree."""

from __future__ import annotations

from collections.abc import Iterator

from rag_pipeline.sources.base import SourceEvent
from rag_pipeline.sources.google_drive.client import DriveClient
from rag_pipeline.sources.google_drive.comparison import Comparison
from rag_pipeline.sources.google_drive.feeds import News
from rag_pipeline.sources.google_drive.problems import REASON_CODES, DriveError
from rag_pipeline.sources.google_drive.resources import FOLDER, SHORTCUT, DriveFile
from rag_pipeline.sources.google_drive.sharing import Sharing, mark
from rag_pipeline.sources.google_drive.tree import Folder, Shortcut, Tree
from rag_pipeline.sources.google_drive.walk import Placed, Walk


def needs_listing(news: News, tree: Tree, sharing: Sharing | None) -> bool:
    """Whether something happened that moves more files than the feeds tell of.

    A folder or shortcut that was there and is moved, renamed, thrown away, or shared with others takes everything below
    it along. Then everything is listed again, which is right by construction.
    """
    if news.drives and any(folder.drive in news.drives for folder in tree.folders.values()):
        return True
    for item_id, state in news.states.items():
        folder, shortcut = tree.folders.get(item_id), tree.shortcuts.get(item_id)
        if folder is not None and _folder_differs(folder, state, tree, sharing):
            return True
        if shortcut is not None and _shortcut_differs(shortcut, state):
            return True
    return False


def _folder_differs(folder: Folder, state: DriveFile | None, tree: Tree, sharing: Sharing | None) -> bool:
    if state is None or state.trashed:
        return True
    if sharing is not None and mark(sharing.of_folder(state)) != folder.sharing:
        return True
    if folder.parent is None:
        return False
    if folder.shortcut is not None:
        return any(parent in tree.folders for parent in state.parents)
    return folder.parent not in state.parents or folder.name != state.name


def _shortcut_differs(shortcut: Shortcut, state: DriveFile | None) -> bool:
    if state is None or state.trashed or state.shortcut_details is None:
        return True
    return (
        shortcut.parent not in state.parents
        or shortcut.name != state.name
        or shortcut.target != state.shortcut_details.target_id
    )


def follow(
    news: News, tree: Tree, walk: Walk, comparison: Comparison, client: DriveClient, sharing: Sharing | None
) -> Iterator[SourceEvent]:
    """Say what the feeds told, for a tree whose known folders stayed as they were."""
    for state in news.states.values():
        if state is not None and not state.trashed and state.mime_type in {FOLDER, SHORTCUT}:
            walk.take(state)
    walked: set[str] = set()
    for found in walk.found():
        if isinstance(found, Placed):
            walked.add(found.file.id)
        yield from comparison.of(found)
    for item_id, state in news.states.items():
        if item_id not in walked and (state is None or state.mime_type not in {FOLDER, SHORTCUT}):
            yield from _place(item_id, state, tree, comparison, sharing)
    for item_id in list(comparison.still_due()):
        yield from _look_again(item_id, tree, comparison, client, sharing)


def _place(
    item_id: str, state: DriveFile | None, tree: Tree, comparison: Comparison, sharing: Sharing | None
) -> Iterator[SourceEvent]:
    if state is None:
        yield from comparison.gone(item_id, "deleted")
        return
    path = tree.path_of_file(state)
    if state.trashed or path is None:
        yield from comparison.gone(item_id, "trashed" if state.trashed else "moved-out")
        return
    yield from comparison.of(Placed(state, path, sharing.of_file(state) if sharing else None))


def _look_again(
    item_id: str, tree: Tree, comparison: Comparison, client: DriveClient, sharing: Sharing | None
) -> Iterator[SourceEvent]:
    """A file that no feed mentions is to be read again: ask for it by itself."""
    shortcut = next(tree.shortcuts_to(item_id), None)
    try:
        state = client.file(item_id, tree.key_of(item_id))
    except DriveError as error:
        if error.of_the_source:
            raise
        if shortcut is not None:
            yield from comparison.unreachable(item_id, tree.shortcut_path(shortcut))
        elif error.status == 404:
            yield from comparison.gone(item_id, "deleted")
        else:
            yield from comparison.failed(item_id, REASON_CODES.get(error.reason, "not-permitted"), str(error))
        return
    yield from _place(item_id, state, tree, comparison, sharing)
