"""The change feeds: one of the account, and one of each shared drive that the tree reaches into."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from rag_pipeline.sources.google_drive.checkpoint import ACCOUNT
from rag_pipeline.sources.google_drive.client import DriveClient
from rag_pipeline.sources.google_drive.problems import DriveError
from rag_pipeline.sources.google_drive.resources import Change, DriveFile

log = structlog.get_logger(__name__)


class Feeds:
    """Which feeds there are, and where each stands.

    A feed's token is taken before the drive is listed for the first time: what happens meanwhile is told twice rather
    than not at all.

    Attributes:
        tokens: Where the next run begins, by shared drive.
        complete: False where the tree reaches into a shared drive that the account is no member of. Its feed cannot be
            read, so that only listing tells what changed there.
    """

    def __init__(self, client: DriveClient, tokens: dict[str, str] | None = None) -> None:
        self._client = client
        self._strange: set[str] = set()
        self.tokens = dict(tokens or {})
        self.complete = True

    def begin(self) -> None:
        """Take the token of the account's own feed."""
        self.tokens[ACCOUNT] = self._client.start_page_token(None)

    def drive_of(self, drive_id: str | None) -> str | None:
        """The shared drive to list by: ``drive_id`` itself for its members, None for whoever was let into a part."""
        if drive_id is None or drive_id in self.tokens:
            return drive_id
        if drive_id not in self._strange:
            try:
                self.tokens[drive_id] = self._client.start_page_token(drive_id)
            except DriveError as error:
                if error.of_the_source or error.status not in {403, 404}:
                    raise
                log.info("google_drive_not_a_member", drive=drive_id)
                self._strange.add(drive_id)
                self.complete = False
        return None if drive_id in self._strange else drive_id

    def read(self) -> News:
        """All that happened since the tokens, which move on.

        Raises:
            PageTokenExpired: A feed cannot be followed from where the last run stopped.
        """
        news = News()
        for drive_id, token in list(self.tokens.items()):
            changes, self.tokens[drive_id] = self._client.changes(token, drive_id or None)
            news.add_feed(changes)
        return news


class News:
    """What happened, one entry for each item.

    Attributes:
        states: The newest state of each item that was touched; None for one that is gone or out of sight.
        drives: Shared drives whose own entry changed: the name, the members, or that the account is one of them.
    """

    def __init__(self) -> None:
        self.states: dict[str, DriveFile | None] = {}
        self.drives: set[str] = set()

    def add_feed(self, changes: Iterable[Change]) -> None:
        """Take in what one feed tells, the oldest first.

        Of one feed, the last entry of an item counts. An item that left one feed and came into another is gone in the
        first and there in the second: there counts.
        """
        states: dict[str, DriveFile | None] = {}
        for change in changes:
            if change.change_type == "drive":
                self.drives.add(change.drive_id or "")
            elif change.file_id is not None:
                states[change.file_id] = change.file
        for file_id, state in states.items():
            before = self.states.get(file_id)
            if before is None or (state is not None and state.version >= before.version):
                self.states[file_id] = state
