"""What the server keeps: files, folders, shortcuts, shared drives and who may read them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from pydantic import JsonValue

from tests.support.drive_server.discovery import JsonObject

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"
DOCUMENT = "application/vnd.google-apps.document"
SPREADSHEET = "application/vnd.google-apps.spreadsheet"
PRESENTATION = "application/vnd.google-apps.presentation"

ROLES = ("reader", "commenter", "writer", "fileOrganizer", "organizer", "owner")


@dataclass(frozen=True)
class Permission:
    """One grantee of one item."""

    type: str
    role: str
    email: str | None = None
    domain: str | None = None
    deleted: bool = False
    expires: str | None = None
    view: str | None = None

    @property
    def id(self) -> str:
        """The grantee's identifier: the same on every item, as Google's is."""
        if self.type == "anyone":
            return "anyoneWithLink"
        name = f"{self.type}:{self.email or self.domain}:{self.view or ''}"
        return str(int(hashlib.sha256(name.encode()).hexdigest()[:15], 16))

    def render(self) -> JsonObject:
        """The permission as the API shows it."""
        shown: JsonObject = {"kind": "drive#permission", "id": self.id, "type": self.type, "role": self.role}
        if self.type in {"user", "group"}:
            shown |= {"emailAddress": self.email or "", "displayName": (self.email or "").split("@")[0]}
            shown["deleted"] = self.deleted
        if self.type == "user":
            shown["pendingOwner"] = False
        if self.type == "domain":
            shown |= {"domain": self.domain or "", "displayName": self.domain or "", "allowFileDiscovery": True}
        if self.type == "anyone":
            shown["allowFileDiscovery"] = False
        if self.expires is not None:
            shown["expirationTime"] = self.expires
        if self.view is not None:
            shown["view"] = self.view
        return shown


@dataclass
class Item:
    """A file, a folder, a shortcut, or the top of a shared drive.

    ``content`` is None for what has no bytes of its own; ``exports`` holds what Google makes of its own documents, by
    media type. ``permissions`` are those set directly on it; the rest come from its parents.
    """

    id: str
    name: str
    mime_type: str
    modified: str
    created: str
    parent: str | None = None
    drive_id: str | None = None
    content: bytes | None = None
    exports: dict[str, bytes] = field(default_factory=dict[str, bytes])
    permissions: dict[str, Permission] = field(default_factory=dict[str, Permission])
    inherits: bool = True
    trashed: bool = False
    version: int = 1
    target: str | None = None
    resource_key: str | None = None
    downloadable: bool = True
    writers_can_share: bool = True
    stale_checksum: str | None = None

    def content_fields(self) -> JsonObject:
        """Members that only files with bytes of their own have."""
        if self.content is None:
            return {}
        extension = self.name.rsplit(".", 1)[-1] if "." in self.name else ""
        return {
            "size": str(len(self.content)),
            "md5Checksum": self.stale_checksum or hashlib.md5(self.content, usedforsecurity=False).hexdigest(),
            "headRevisionId": f"rev-{self.id}-{hashlib.sha256(self.content).hexdigest()[:8]}",
            "originalFilename": self.name,
            "fileExtension": extension,
        }

    def shortcut_fields(self, target: Item | None) -> JsonObject:
        """Members that only shortcuts have."""
        if self.mime_type != SHORTCUT:
            return {}
        details: JsonObject = {"targetId": self.target or ""}
        if target is not None:
            details["targetMimeType"] = target.mime_type
            if target.resource_key is not None:
                details["targetResourceKey"] = target.resource_key
        return {"shortcutDetails": details}


def strings(values: list[str]) -> list[JsonValue]:
    """``values`` as JSON."""
    return [*values]
