"""The methods of the API that a watcher calls, each as the reference describes it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

from tests.support.drive_server.discovery import JsonObject
from tests.support.drive_server.items import Item
from tests.support.drive_server.problems import DriveProblem, drive_not_found, invalid, not_found
from tests.support.drive_server.query import parse_query
from tests.support.drive_server.rendering import (
    may_list_permissions,
    render_drive,
    render_file,
    searchable,
)
from tests.support.drive_server.store import DriveStore

EXPORT_LIMIT = 10 * 1024 * 1024


@dataclass
class Methods:
    """The API's methods over a store.

    ``page_limit`` is the most that a page holds, whatever the caller asks for: Google, too, answers with fewer.
    ``epoch`` is part of every token for a further page of a listing; raising it expires them. ``incomplete`` is what
    listings say of themselves where Google could not search everything.
    """

    store: DriveStore
    page_limit: int = 1000
    epoch: int = 0
    incomplete: bool = False

    def visible(self, identifier: str, account: str, query: dict[str, str], keys: dict[str, str]) -> Item:
        """The item, if this account may see it and the caller is able to handle it.

        Raises:
            DriveProblem: 404; Drive does not say which of the two it is.
        """
        if identifier == "root":
            identifier = self.store.my_drive
        item = self.store.items.get(identifier)
        if item is None or self.store.directory.role(account, item) is None:
            raise not_found(identifier)
        if item.drive_id is not None and query.get("supportsAllDrives") != "true":
            raise not_found(identifier)
        if item.resource_key is not None and keys.get(identifier) != item.resource_key:
            raise not_found(identifier)
        return item

    def list_files(self, account: str, query: dict[str, str]) -> JsonObject:
        """files.list."""
        test = parse_query(query.get("q", "trashed = false or trashed = true"))
        within = self._corpus(account, query)
        matching = [
            item
            for item in self.store.items.values()
            if item.parent is not None and test(searchable(self.store, item)) and within(item)
        ]
        matching.sort(key=lambda item: (item.modified, item.id), reverse=True)
        found: list[JsonValue] = [render_file(self.store, item, account) for item in matching]
        scope = [query.get(name, "") for name in ("q", "corpora", "driveId")]
        page, following = self._page(found, query, scope, 1000)
        answer: JsonObject = {"kind": "drive#fileList", "incompleteSearch": self.incomplete, "files": page}
        return answer | following

    def _corpus(self, account: str, query: dict[str, str]) -> Callable[[Item], bool]:
        corpora, drive_id = query.get("corpora", "user"), query.get("driveId")
        everything = query.get("includeItemsFromAllDrives") == "true"
        if corpora not in {"user", "drive", "allDrives", "domain"}:
            raise invalid("corpora")
        if (corpora == "drive") != (drive_id is not None):
            raise invalid("driveId", "The driveId parameter must be specified if and only if corpora is set to drive.")
        if corpora in {"drive", "allDrives"} and not (everything and query.get("supportsAllDrives") == "true"):
            raise invalid(
                "includeItemsFromAllDrives",
                "The includeItemsFromAllDrives and supportsAllDrives parameters must both be set.",
            )
        directory = self.store.directory
        if drive_id is not None and not directory.is_member(account, drive_id):
            raise drive_not_found(drive_id)

        def within(item: Item) -> bool:
            if directory.role(account, item) is None:
                return False
            if item.drive_id is None:
                return corpora != "drive"
            if not everything:
                return False
            member = directory.is_member(account, item.drive_id)
            return corpora == "allDrives" or (item.drive_id == drive_id if corpora == "drive" else not member)

        return within

    def _page(
        self, found: list[JsonValue], query: dict[str, str], scope: list[str], limit: int
    ) -> tuple[list[JsonValue], JsonObject]:
        size = max(1, min(int(query.get("pageSize", "100")), limit, self.page_limit))
        start = 0
        if "pageToken" in query:
            try:
                kept = json.loads(base64.urlsafe_b64decode(query["pageToken"]))
            except ValueError as error:
                raise invalid("pageToken") from error
            if kept[1:] != [self.epoch, *scope]:
                raise invalid("pageToken")
            start = kept[0]
        end = start + size
        if end >= len(found):
            return found[start:], {}
        token = base64.urlsafe_b64encode(json.dumps([end, self.epoch, *scope]).encode()).decode()
        return found[start:end], {"nextPageToken": token}

    def export(self, item: Item, mime_type: str) -> bytes:
        """files.export."""
        if not item.mime_type.startswith("application/vnd.google-apps."):
            raise DriveProblem(403, "fileNotExportable", "Export only supports Docs Editors files.")
        self._check_download(item)
        if mime_type not in item.exports:
            raise DriveProblem(400, "badRequest", "The requested conversion is not supported.", location="convertTo")
        content = item.exports[mime_type]
        if len(content) > EXPORT_LIMIT:
            raise DriveProblem(403, "exportSizeLimitExceeded", "This file is too large to be exported.")
        return content

    def download(self, item: Item) -> bytes:
        """files.get with alt=media."""
        if item.content is None:
            raise DriveProblem(
                403,
                "fileNotDownloadable",
                "Only files with binary content can be downloaded. Use Export with Docs Editors files.",
                location="alt",
            )
        self._check_download(item)
        return item.content

    def _check_download(self, item: Item) -> None:
        if not item.downloadable:
            raise DriveProblem(403, "cannotDownloadFile", "This file cannot be downloaded by the user.")

    def list_permissions(self, item: Item, account: str, query: dict[str, str]) -> JsonObject:
        """permissions.list."""
        if not may_list_permissions(self.store, item, account):
            raise DriveProblem(
                403,
                "insufficientFilePermissions",
                "The user does not have sufficient permissions for this file.",
            )
        found: list[JsonValue] = [one.render() for one in self.store.directory.permissions(item).values()]
        page, following = self._page(found, query, [item.id], 100)
        answer: JsonObject = {"kind": "drive#permissionList", "permissions": page}
        return answer | following

    def drive(self, account: str, drive_id: str) -> JsonObject:
        """drives.get."""
        if not self.store.directory.is_member(account, drive_id):
            raise drive_not_found(drive_id)
        return render_drive(self.store.items[drive_id])
