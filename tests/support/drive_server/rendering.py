"""An item, a change and a drive as the API shows them to one account."""

from __future__ import annotations

from tests.support.drive_server.discovery import JsonObject
from tests.support.drive_server.items import (
    DOCUMENT,
    FOLDER,
    PRESENTATION,
    SHORTCUT,
    SPREADSHEET,
    Item,
    strings,
)
from tests.support.drive_server.logs import Entry
from tests.support.drive_server.store import DriveStore

_VIEWERS = {
    FOLDER: "https://drive.google.com/drive/folders/",
    DOCUMENT: "https://docs.google.com/document/d/",
    SPREADSHEET: "https://docs.google.com/spreadsheets/d/",
    PRESENTATION: "https://docs.google.com/presentation/d/",
}


def _may_share(store: DriveStore, item: Item, role: str | None) -> bool:
    if item.drive_id is not None:
        return role in {"organizer", "fileOrganizer", "writer"}
    return role == "owner" or (role == "writer" and item.writers_can_share)


def may_list_permissions(store: DriveStore, item: Item, account: str) -> bool:
    """Whether ``account`` may see with whom the item is shared."""
    return _may_share(store, item, store.directory.role(account, item))


def searchable(store: DriveStore, item: Item) -> JsonObject:
    """What a query looks at."""
    return {
        "name": item.name,
        "mimeType": item.mime_type,
        "trashed": store.directory.trashed(item),
        "parents": [item.parent],
    }


def render_file(store: DriveStore, item: Item, account: str) -> JsonObject:
    """The item with every member that this account may see."""
    directory = store.directory
    permissions = directory.permissions(item)
    may_share = may_list_permissions(store, item, account)
    google = item.mime_type.startswith("application/vnd.google-apps")
    shown: JsonObject = {
        "kind": "drive#file",
        "id": item.id,
        "name": "Drive" if item.id == item.drive_id else item.name,
        "mimeType": item.mime_type,
        "trashed": directory.trashed(item),
        "explicitlyTrashed": item.trashed,
        "modifiedTime": item.modified,
        "createdTime": item.created,
        "version": str(item.version),
        "webViewLink": _VIEWERS.get(item.mime_type, "https://drive.google.com/file/d/") + item.id,
        "capabilities": {
            "canDownload": item.downloadable and item.mime_type not in {FOLDER, SHORTCUT},
            "canShare": may_share,
            "canListChildren": item.mime_type == FOLDER,
        },
        **item.content_fields(),
        **item.shortcut_fields(store.items.get(item.target or "")),
    }
    if google and item.exports:
        shown["exportLinks"] = dict.fromkeys(item.exports, f"https://docs.google.com/export/{item.id}")
    if item.parent is not None and directory.role(account, store.items[item.parent]) is not None:
        shown["parents"] = strings([item.parent])
    if item.resource_key is not None:
        shown["resourceKey"] = item.resource_key
    if not item.inherits:
        shown["inheritedPermissionsDisabled"] = True
    if item.drive_id is not None:
        shown["driveId"] = item.drive_id
        shown["hasAugmentedPermissions"] = bool(item.permissions) and item.id != item.drive_id
    else:
        shown["shared"] = len(permissions) > 1
        shown["ownedByMe"] = directory.role(account, item) == "owner"
        if may_share:
            shown["permissions"] = [one.render() for one in permissions.values()]
    if may_share:
        shown["permissionIds"] = strings(list(permissions))
    return shown


def render_drive(item: Item) -> JsonObject:
    """A shared drive."""
    return {"kind": "drive#drive", "id": item.id, "name": item.name}


def render_change(store: DriveStore, entry: Entry, account: str, *, keep_removed: bool) -> JsonObject:
    """One entry of a change log; with ``keep_removed`` the state of a file that is out of the log, but visible."""
    item = store.items.get(entry.item_id)
    visible = item is not None and store.directory.role(account, item) is not None
    shown: JsonObject = {"kind": "drive#change", "time": entry.time, "removed": entry.removed}
    if item is not None and item.id == item.drive_id:
        shown |= {"changeType": "drive", "type": "drive", "driveId": item.id}
        if not entry.removed:
            shown["drive"] = render_drive(item)
        return shown
    shown |= {"changeType": "file", "type": "file", "fileId": entry.item_id}
    if item is not None and visible and (keep_removed or not entry.removed):
        shown["file"] = render_file(store, item, account)
    return shown
