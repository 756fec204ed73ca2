"""The state behind the server, changed as people change theirs: create, edit, move, share, trash, delete."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import RLock

from tests.support.drive_server.access import Directory
from tests.support.drive_server.items import DOCUMENT, FOLDER, SHORTCUT, Item, Permission
from tests.support.drive_server.logs import ChangeLogs

OWNER = "olga@example.com"


class DriveStore:
    """All of Drive that a test needs: one owner's My Drive, shared drives, and accounts that look at them.

    Every method is one act of a person, and leaves what Drive leaves in its change logs: an entry for the item that
    was touched, none for what lies below it.
    """

    def __init__(self, accounts: tuple[str, ...]) -> None:
        self.lock = RLock()
        self._clock = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
        self._created = 0
        self.directory = Directory()
        self.items = self.directory.items
        self.logs = ChangeLogs(accounts)
        self.my_drive = self._add(
            "My Drive", FOLDER, parent=None, permissions=(Permission("user", "owner", email=OWNER),)
        )

    def _now(self) -> str:
        self._clock += timedelta(seconds=1)
        return self._clock.strftime("%Y-%m-%dT%H:%M:%S.000Z")

    def _new_id(self, kind: str) -> str:
        self._created += 1
        return f"1{kind}{self._created:05d}".ljust(33, "x")

    def _add(
        self,
        name: str,
        mime_type: str,
        *,
        parent: str | None,
        drive_id: str | None = None,
        content: bytes | None = None,
        permissions: tuple[Permission, ...] = (),
    ) -> str:
        now = self._now()
        kind = mime_type.rsplit(".", 1)[-1][:8] if mime_type.startswith("application/vnd.google-apps") else "file"
        item = Item(self._new_id(kind), name, mime_type, now, now, parent=parent, drive_id=drive_id, content=content)
        item.permissions = {permission.id: permission for permission in permissions}
        with self.lock, self._change(item.id):
            self.directory.add(item)
        return item.id

    @contextmanager
    def _change(self, identifier: str) -> Generator[None]:
        """Record in the logs what the change inside did to who sees the item, and where."""
        before = self.directory.seen_by(identifier, self.logs)
        yield
        item = self.items.get(identifier)
        if item is not None:
            item.version += 1
        self.logs.record(identifier, self._now(), before, self.directory.seen_by(identifier, self.logs))

    def folder(self, name: str, parent: str | None = None) -> str:
        """Make a folder; without ``parent`` in the owner's My Drive."""
        place = self.items[parent or self.my_drive]
        return self._add(name, FOLDER, parent=place.id, drive_id=place.drive_id)

    def file(self, name: str, parent: str, content: bytes, mime_type: str = "text/plain") -> str:
        """Upload a file."""
        return self._add(name, mime_type, parent=parent, drive_id=self.items[parent].drive_id, content=content)

    def document(self, name: str, parent: str, exports: dict[str, bytes], mime_type: str = DOCUMENT) -> str:
        """Make a document of Google's own; ``exports`` is what it can be had as."""
        identifier = self._add(name, mime_type, parent=parent, drive_id=self.items[parent].drive_id)
        self.items[identifier].exports = dict(exports)
        return identifier

    def shortcut(self, name: str, parent: str, target: str) -> str:
        """Make a shortcut to ``target``, which need not exist (any longer)."""
        identifier = self._add(name, SHORTCUT, parent=parent, drive_id=self.items[parent].drive_id)
        self.items[identifier].target = target
        return identifier

    def shared_drive(self, name: str, *members: str) -> str:
        """Make a shared drive; its id is also that of its top folder. ``members`` may manage its contents."""
        now = self._now()
        identifier = self._new_id("drive").replace("1", "0", 1)
        root = Item(identifier, name, FOLDER, now, now, drive_id=identifier)
        root.permissions = {
            one.id: one for one in (Permission("user", "fileOrganizer", email=member) for member in members)
        }
        with self.lock, self._change(identifier):
            self.directory.add(root)
            self.logs.add_drive(identifier)
        return identifier

    def edit(self, identifier: str, content: bytes | None = None, exports: dict[str, bytes] | None = None) -> None:
        """Change what a file says."""
        with self.lock, self._change(identifier):
            item = self.items[identifier]
            item.modified = self._now()
            if content is not None:
                item.content = content
            if exports is not None:
                item.exports = exports

    def rename(self, identifier: str, name: str) -> None:
        """Give an item another name."""
        with self.lock, self._change(identifier):
            self.items[identifier].name = name

    def move(self, identifier: str, parent: str) -> None:
        """Put an item, with all that lies below it, into another folder, possibly of another drive."""
        with self.lock, self._change(identifier):
            self.directory.move(identifier, parent)

    def trash(self, identifier: str) -> None:
        """Put an item, with all that lies below it, into the bin."""
        with self.lock, self._change(identifier):
            self.items[identifier].trashed = True

    def untrash(self, identifier: str) -> None:
        """Take an item out of the bin."""
        with self.lock, self._change(identifier):
            self.items[identifier].trashed = False

    def delete(self, identifier: str) -> None:
        """Remove an item for ever, with all that lies below it."""
        with self.lock, self._change(identifier):
            self.directory.remove(identifier)

    def share(self, identifier: str, permission: Permission) -> None:
        """Let one more grantee see an item and what lies below it."""
        with self.lock, self._change(identifier):
            self.items[identifier].permissions[permission.id] = permission

    def unshare(self, identifier: str, permission: Permission) -> None:
        """Take a grantee's direct access to an item away."""
        with self.lock, self._change(identifier):
            self.items[identifier].permissions.pop(permission.id)

    def limit(self, identifier: str) -> None:
        """Let only those see an item who were added to it directly ("limited access")."""
        with self.lock, self._change(identifier):
            self.items[identifier].inherits = False

    def mark(self, identifier: str, **changes: object) -> None:
        """Set members of an item as no person does (a wrong checksum, downloads forbidden)."""
        with self.lock, self._change(identifier):
            for name, value in changes.items():
                if not hasattr(self.items[identifier], name):
                    raise AttributeError(name)
                setattr(self.items[identifier], name, value)
