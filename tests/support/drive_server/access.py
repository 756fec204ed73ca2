"""Who sees what: permissions that come down from folder to file, trash likewise, and the tree itself."""

from __future__ import annotations

from dataclasses import replace

from tests.support.drive_server.items import ROLES, Item, Permission
from tests.support.drive_server.logs import ChangeLogs, Sight


class Directory:
    """Every item, the tree that they form, and who may see each."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.children: dict[str, list[str]] = {}
        self.groups: dict[str, set[str]] = {}

    def add(self, item: Item) -> None:
        """Put a new item into the tree."""
        self.items[item.id] = item
        if item.parent is not None:
            self.children.setdefault(item.parent, []).append(item.id)

    def move(self, identifier: str, parent: str) -> None:
        """Hang an item, with all below it, under another folder."""
        item = self.items[identifier]
        if item.parent is not None:
            self.children[item.parent].remove(identifier)
        item.parent = parent
        self.children.setdefault(parent, []).append(identifier)
        for below in self.below(identifier):
            self.items[below].drive_id = self.items[parent].drive_id

    def remove(self, identifier: str) -> None:
        """Take an item, with all below it, out of the tree."""
        parent = self.items[identifier].parent
        if parent is not None:
            self.children[parent].remove(identifier)
        for below in self.below(identifier):
            del self.items[below]
            self.children.pop(below, None)

    def below(self, identifier: str) -> list[str]:
        """The item itself and everything below it."""
        found = [identifier]
        for place in found:
            found.extend(self.children.get(place, []))
        return found

    def trashed(self, item: Item) -> bool:
        """Whether the item or a folder above it is in the bin."""
        while not item.trashed:
            if item.parent is None:
                return False
            item = self.items[item.parent]
        return True

    def permissions(self, item: Item) -> dict[str, Permission]:
        """Everybody who may see the item, by permission id, with the strongest role of each."""
        found = dict(item.permissions)
        if item.parent is None or item.parent not in self.items:
            return found
        for name, inherited in self.permissions(self.items[item.parent]).items():
            if not item.inherits and inherited.role not in {"owner", "organizer"}:
                continue
            own = found.get(name)
            if own is None or ROLES.index(own.role) < ROLES.index(inherited.role):
                found[name] = replace(inherited)
        return found

    def role(self, account: str, item: Item) -> str | None:
        """The strongest role that ``account`` has on the item, or None."""
        roles = [one.role for one in self.permissions(item).values() if self._is(one, account)]
        return max(roles, key=ROLES.index, default=None)

    def _is(self, permission: Permission, account: str) -> bool:
        if permission.deleted:
            return False
        if permission.type == "user":
            return permission.email == account
        if permission.type == "group":
            return account in self.groups.get(permission.email or "", set())
        if permission.type == "domain":
            return account.endswith(f"@{permission.domain}")
        return True

    def is_member(self, account: str, drive_id: str) -> bool:
        """Whether ``account`` belongs to the shared drive itself, not only to something in it."""
        root = self.items.get(drive_id)
        return root is not None and any(self._is(one, account) for one in root.permissions.values())

    def seen_by(self, identifier: str, logs: ChangeLogs) -> Sight:
        """Which change logs the item belongs to at this moment."""
        item = self.items.get(identifier)
        if item is None:
            return Sight(frozenset(), None)
        users: set[str] = set()
        for account in logs.accounts:
            elsewhere = item.drive_id not in {None, item.id} and self.is_member(account, item.drive_id or "")
            if not elsewhere and self.role(account, item) is not None:
                users.add(account)
        return Sight(frozenset(users), item.drive_id)
