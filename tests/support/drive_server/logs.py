"""Change logs: one for each account, one for each shared drive, with one entry for each item, the newest."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sight:
    """The logs that an item belongs to: those of the accounts that see it, and that of its shared drive."""

    accounts: frozenset[str]
    drive_id: str | None


@dataclass(frozen=True)
class Entry:
    """An item was touched, or left the log."""

    number: int
    item_id: str
    removed: bool
    time: str


@dataclass
class Log:
    """One log. Numbers below ``oldest`` are no longer answered."""

    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])
    number: int = 100
    oldest: int = 0

    def add(self, item_id: str, time: str, *, removed: bool) -> None:
        """Write an entry, in place of an older one of the same item."""
        self.number += 1
        self.entries.pop(item_id, None)
        self.entries[item_id] = Entry(self.number, item_id, removed, time)

    def since(self, number: int) -> list[Entry]:
        """Entries from ``number`` on, the oldest first."""
        return [entry for entry in self.entries.values() if entry.number >= number]


class ChangeLogs:
    """All logs. The accounts are those that will ask for theirs."""

    def __init__(self, accounts: tuple[str, ...]) -> None:
        self.accounts = accounts
        self._users = {account: Log() for account in accounts}
        self._drives: dict[str, Log] = {}

    def add_drive(self, drive_id: str) -> None:
        """Begin the log of a new shared drive."""
        self._drives.setdefault(drive_id, Log())

    def of(self, account: str, drive_id: str | None) -> Log | None:
        """The log of the shared drive, or without one that of the account."""
        return self._users.get(account) if drive_id is None else self._drives.get(drive_id)

    def record(self, item_id: str, time: str, before: Sight, after: Sight) -> None:
        """Write what happened to an item into every log that it is in, or was in."""
        for account in before.accounts | after.accounts:
            self._users[account].add(item_id, time, removed=account not in after.accounts)
        for drive_id in {before.drive_id, after.drive_id} - {None}:
            if drive_id is not None and drive_id in self._drives:
                self._drives[drive_id].add(item_id, time, removed=drive_id != after.drive_id)

    def forget(self) -> None:
        """Expire every page token that was handed out so far."""
        for log in (*self._users.values(), *self._drives.values()):
            log.number += 1000
            log.oldest = log.number
