"""Google Drive as a source: a folder with all below it, of one account."""

from __future__ import annotations

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

import structlog

from core.errors import ConfigurationError
from rag_pipeline.sources.base import Checkpoint, Fetched, Known, SourceEvent, SourceFile
from rag_pipeline.sources.google_drive.backoff import Backoff
from rag_pipeline.sources.google_drive.checkpoint import DriveCheckpoint, read_checkpoint
from rag_pipeline.sources.google_drive.client import DriveClient, PageTokenExpired
from rag_pipeline.sources.google_drive.comparison import Comparison
from rag_pipeline.sources.google_drive.credentials import Account, load_account
from rag_pipeline.sources.google_drive.feeds import Feeds, News
from rag_pipeline.sources.google_drive.fetch import fetch
from rag_pipeline.sources.google_drive.follow import follow, needs_listing
from rag_pipeline.sources.google_drive.problems import DriveError
from rag_pipeline.sources.google_drive.resources import FOLDER, DriveFile
from rag_pipeline.sources.google_drive.settings import GoogleDriveSettings
from rag_pipeline.sources.google_drive.sharing import Sharing
from rag_pipeline.sources.google_drive.tree import Tree
from rag_pipeline.sources.google_drive.walk import LISTERS, Walk

log = structlog.get_logger(__name__)


class GoogleDriveSource:
    """A folder of Google Drive.

    A run follows the change feeds from its checkpoint. It lists everything where it cannot: at the beginning, when a
    token has expired, when a folder that is watched was itself moved or shared anew, and once a day in any case,
    because Drive does not promise that the feeds are complete.

    Args:
        settings: Folder, credentials, times.
        max_file_bytes: Larger files are not downloaded.
        account: Who asks; read from ``settings`` where it is not given.
        backoff: How failures that pass are waited for; made from ``settings`` where it is not given.

    Raises:
        ConfigurationError: The folder is not set, or the credentials are not what they should be.
    """

    kind: Literal["google_drive"] = "google_drive"

    def __init__(
        self,
        settings: GoogleDriveSettings,
        *,
        max_file_bytes: int,
        account: Account | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        if not settings.rag_watch_folder_id:
            raise ConfigurationError(
                "Set RAG_WATCH_FOLDER_ID to the Google Drive folder to watch: its address in the browser will do.",
                slug="google-drive-folder",
            )
        self._settings = settings
        self._max_file_bytes = max_file_bytes
        self._account = account or load_account(settings)
        self._with_sharing = settings.rag_drive_permissions == "sync"
        self._client = DriveClient(
            self._account.credentials,
            settings.rag_drive_api_root,
            backoff or Backoff(settings.rag_drive_retry_seconds),
            with_sharing=self._with_sharing,
        )
        #: Resource keys of the files that were yielded and have one; very few do.
        self._keys: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The watched folder's name."""
        return self._first_look.name[:500] or "Google Drive"

    def settings(self) -> dict[str, object]:
        """What makes this source this one: another folder, account or way of sharing is begun from the beginning."""
        return {
            "folder_id": self._settings.rag_watch_folder_id,
            "account": self._account.name,
            "permissions": self._settings.rag_drive_permissions,
        }

    def changes(self, known: Known) -> Generator[SourceEvent, None, Checkpoint]:
        """Yield what is different from ``known``, by the feeds where they suffice."""
        try:
            root = self._look()
            sharing = self._check_sharing(root)
            checkpoint = read_checkpoint(known.checkpoint)
            hours = self._settings.rag_drive_full_listing_hours
            # No feed tells that a folder above the watched one was shared anew.
            sharing_mark = sharing.mark_of(root.id) if sharing else ""
            if checkpoint is not None and checkpoint.may_be_followed(root.id, hours, sharing_mark):
                feeds = Feeds(self._client, checkpoint.tokens)
                news = self._read(feeds, checkpoint.tree, sharing)
                if news is not None:
                    return (yield from self._follow(known, checkpoint, feeds, news, sharing))
            return (yield from self._list(known, root, sharing))
        except DriveError as error:
            raise error.as_roost_error() from error

    def fetch(self, file: SourceFile, folder: Path) -> Fetched:
        """Bring a file's bytes to ``folder``; Google's own documents are exported."""
        key = self._keys.get(file.external_id)
        return fetch(self._client, file, folder, self._max_file_bytes, key)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _read(self, feeds: Feeds, tree: Tree, sharing: Sharing | None) -> News | None:
        """What the feeds tell, if that is enough."""
        try:
            news = feeds.read()
        except PageTokenExpired:
            log.info("google_drive_lists_again", cause="the change feed cannot be followed from the last run")
            return None
        if needs_listing(news, tree, sharing):
            log.info("google_drive_lists_again", cause="a watched folder or shortcut was itself changed")
            return None
        return news

    def _follow(
        self, known: Known, checkpoint: DriveCheckpoint, feeds: Feeds, news: News, sharing: Sharing | None
    ) -> Generator[SourceEvent, None, Checkpoint]:
        tree = checkpoint.tree
        comparison = Comparison(known, self._keys, with_sharing=self._with_sharing)
        pool = ThreadPoolExecutor(LISTERS, "google-drive")
        try:
            walk = Walk(self._client, tree, feeds, sharing, pool)
            yield from follow(news, tree, walk, comparison, self._client, sharing)
        finally:
            pool.shutdown(cancel_futures=True)
        return DriveCheckpoint(
            tokens=feeds.tokens,
            followed=feeds.complete and walk.complete,
            listed_at=checkpoint.listed_at,
            tree=tree,
        ).dump()

    def _list(self, known: Known, root: DriveFile, sharing: Sharing | None) -> Generator[SourceEvent, None, Checkpoint]:
        """List everything; what the ledger has beyond that is gone."""
        started = datetime.now(UTC)
        feeds, tree = Feeds(self._client), Tree()
        feeds.begin()
        comparison = Comparison(known, self._keys, with_sharing=self._with_sharing)
        pool = ThreadPoolExecutor(LISTERS, "google-drive")
        try:
            walk = Walk(self._client, tree, feeds, sharing, pool)
            walk.enter_root(root)
            for found in walk.found():
                yield from comparison.of(found)
        finally:
            pool.shutdown(cancel_futures=True)
        if walk.complete:
            yield from comparison.rest_is_gone()
        else:
            log.warning(
                "google_drive_listing_incomplete", effect="nothing is taken for deleted; the next run lists again"
            )
        return DriveCheckpoint(
            tokens=feeds.tokens, followed=feeds.complete and walk.complete, listed_at=started, tree=tree
        ).dump()

    @cached_property
    def _first_look(self) -> DriveFile:
        try:
            return self._look()
        except DriveError as error:
            raise error.as_roost_error() from error

    def _look(self) -> DriveFile:
        """The watched folder itself.

        Raises:
            ConfigurationError: It is not there, not shared with the account, in the bin, or no folder.
        """
        folder_id, who = self._settings.rag_watch_folder_id, self._account.name
        try:
            root = self._client.file(folder_id)
        except DriveError as error:
            if error.of_the_source:
                raise
            raise _unusable(
                f"The Google Drive folder {folder_id} does not exist or is not shared with {who}: open it in Google "
                f"Drive, choose Share, add {who} as a viewer, and run again."
            ) from error
        if root.mime_type != FOLDER:
            raise _unusable(
                f"RAG_WATCH_FOLDER_ID names “{root.name}”, which is no folder: open the folder itself in Google Drive "
                "and copy its address."
            )
        if root.trashed:
            raise _unusable(
                f"The Google Drive folder “{root.name}” is in the bin: restore it, or set RAG_WATCH_FOLDER_ID to "
                "another one. Nothing was deleted here."
            )
        return root

    def _check_sharing(self, root: DriveFile) -> Sharing | None:
        """Reads sharing, where it is taken over.

        Raises:
            ConfigurationError: The account may not see with whom the folder is shared.
        """
        if not self._with_sharing:
            return None
        sharing = Sharing(self._client)
        if sharing.of_folder(root) is None:
            raise _unusable(
                f"RAG_DRIVE_PERMISSIONS=sync needs to see with whom files are shared, which Google shows to editors "
                f"only: share “{root.name}” with {self._account.name} as an editor (in a shared drive: a content "
                "manager), or set RAG_DRIVE_PERMISSIONS=ignore."
            )
        return sharing


def _unusable(sentence: str) -> ConfigurationError:
    return ConfigurationError(sentence, slug="google-drive-folder")
