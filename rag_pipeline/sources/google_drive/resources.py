"""What the Drive API answers with, as far as it is read here, checked when it arrives."""

from __future__ import annotations

from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic.alias_generators import to_camel

FOLDER = "application/vnd.google-apps.folder"
SHORTCUT = "application/vnd.google-apps.shortcut"

_PERMISSION = "id,type,role,emailAddress,domain,deleted,expirationTime,view"

#: Members of a file that are asked for. Sharing only where it is taken over: it makes answers many times larger.
FILE_FIELDS = (
    "id,name,mimeType,parents,trashed,size,md5Checksum,modifiedTime,version,webViewLink,driveId,resourceKey,"
    "shortcutDetails,capabilities/canDownload"
)
SHARED_FILE_FIELDS = f"{FILE_FIELDS},permissions({_PERMISSION}),hasAugmentedPermissions,inheritedPermissionsDisabled"
PERMISSION_FIELDS = f"nextPageToken,permissions({_PERMISSION})"


class _Resource(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True, extra="ignore", populate_by_name=True)


class Permission(_Resource):
    """One with whom an item is shared."""

    id: str
    type: str
    role: str
    email_address: str | None = None
    domain: str | None = None
    deleted: bool = False
    expiration_time: datetime | None = None
    view: str | None = None


class PermissionPage(_Resource):
    """A page of permissions."""

    permissions: tuple[Permission, ...] = ()
    next_page_token: str | None = None


class ShortcutDetails(_Resource):
    """What a shortcut points at."""

    target_id: str
    target_mime_type: str = ""
    target_resource_key: str | None = None


class Capabilities(_Resource):
    """What the account may do with a file."""

    can_download: bool = True


class DriveFile(_Resource):
    """A file, a folder or a shortcut. ``permissions`` is None where the account may not see them.

    What Drive leaves out of one odd item has a default, so that the item does not end the listing of all others.
    """

    id: str
    name: str = ""
    mime_type: str = "application/octet-stream"
    parents: tuple[str, ...] = ()
    trashed: bool = False
    size: int | None = None
    md5_checksum: str | None = None
    modified_time: datetime = datetime.fromtimestamp(0, UTC)
    version: int = 0
    web_view_link: str | None = None
    drive_id: str | None = None
    resource_key: str | None = None
    shortcut_details: ShortcutDetails | None = None
    capabilities: Capabilities = Capabilities()
    permissions: tuple[Permission, ...] | None = None
    has_augmented_permissions: bool = True
    inherited_permissions_disabled: bool = False

    @field_validator("name")
    @classmethod
    def _without_null(cls, value: str) -> str:
        # No text in Postgres holds one.
        return value.replace("\0", "")


class FilePage(_Resource):
    """A page of a listing. ``incomplete_search``: Google did not look everywhere."""

    files: tuple[DriveFile, ...] = ()
    next_page_token: str | None = None
    incomplete_search: bool = False


class Change(_Resource):
    """An entry of a change feed: an item's newest state, or that it is gone."""

    change_type: str = "file"
    removed: bool = False
    drive_id: str | None = None
    file_id: str | None = None
    file: DriveFile | None = None


class ChangePage(_Resource):
    """A page of a change feed; the last one has the token that the next reading begins with."""

    changes: tuple[Change, ...] = ()
    next_page_token: str | None = None
    new_start_page_token: str | None = None


class StartPageToken(_Resource):
    """Where a change feed stands now."""

    start_page_token: str
