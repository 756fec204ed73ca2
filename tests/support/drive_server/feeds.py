"""The change feeds: changes.getStartPageToken and changes.list."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import JsonValue

from tests.support.drive_server.discovery import JsonObject
from tests.support.drive_server.logs import Log
from tests.support.drive_server.problems import DriveProblem, drive_not_found, invalid
from tests.support.drive_server.rendering import render_change
from tests.support.drive_server.store import DriveStore


@dataclass
class Feeds:
    """The feeds over a store.

    ``page_limit`` is the most that a page holds; ``expired_status`` what a token that is too old is answered with.
    """

    store: DriveStore
    page_limit: int = 1000
    expired_status: int = 410

    def start_page_token(self, account: str, query: dict[str, str]) -> JsonObject:
        """changes.getStartPageToken."""
        log = self._log(account, query)
        return {"kind": "drive#startPageToken", "startPageToken": str(log.number + 1)}

    def list_changes(self, account: str, query: dict[str, str]) -> JsonObject:
        """changes.list."""
        log = self._log(account, query)
        token = query["pageToken"]
        if not token.isdigit():
            raise invalid("pageToken")
        if int(token) < log.oldest:
            raise self._expired()
        everything = query.get("includeItemsFromAllDrives") == "true"
        entries = [
            entry
            for entry in log.since(int(token))
            if (not entry.removed or query.get("includeRemoved", "true") == "true")
            and (everything or self._in_my_drive(entry.item_id))
        ]
        size = max(1, min(int(query.get("pageSize", "100")), 1000, self.page_limit))
        keep = query.get("includeCorpusRemovals") == "true"
        shown: list[JsonValue] = [
            render_change(self.store, entry, account, keep_removed=keep) for entry in entries[:size]
        ]
        answer: JsonObject = {"kind": "drive#changeList", "changes": shown}
        if len(entries) > size:
            return answer | {"nextPageToken": str(entries[size].number)}
        return answer | {"newStartPageToken": str(log.number + 1)}

    def _in_my_drive(self, identifier: str) -> bool:
        item = self.store.items.get(identifier)
        return item is None or item.drive_id is None

    def _log(self, account: str, query: dict[str, str]) -> Log:
        drive_id = query.get("driveId")
        if drive_id is not None:
            if query.get("supportsAllDrives") != "true":
                raise invalid("supportsAllDrives")
            if not self.store.directory.is_member(account, drive_id):
                raise drive_not_found(drive_id)
        log = self.store.logs.of(account, drive_id)
        assert log is not None, f"no log for {account} {drive_id}"
        return log

    def _expired(self) -> DriveProblem:
        if self.expired_status == 404:
            return DriveProblem(404, "notFound", "Page token not found.", location="pageToken")
        if self.expired_status == 400:
            return invalid("pageToken")
        return DriveProblem(410, "gone", "The page token is too old.", location="pageToken")
