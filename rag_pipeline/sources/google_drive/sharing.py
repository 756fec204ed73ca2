"""Drive's own sharing, in Roost's words.

A person is named by e-mail address, a Google group by its address (a group of Roost that bears the address as its name
stands for it), a domain by its name. Whoever has the link, in Drive's sense, is everyone who is logged in to Roost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from rag_pipeline.sources.base import Grant
from rag_pipeline.sources.google_drive.client import DriveClient
from rag_pipeline.sources.google_drive.problems import DriveError
from rag_pipeline.sources.google_drive.resources import DriveFile, Permission

Grants = tuple[Grant, ...]

NOBODY: Grants = ()


def read_grants(permissions: Iterable[Permission]) -> Grants:
    """Those who may read what is shared like this. Every role of Drive reads; a mere view of it does not."""
    now = datetime.now(UTC)
    found: set[Grant] = set()
    for one in permissions:
        if one.deleted or one.view is not None or (one.expiration_time is not None and one.expiration_time <= now):
            continue
        grant = _grant(one)
        if grant is not None:
            found.add(grant)
    return tuple(sorted(found, key=lambda grant: (grant.kind, grant.name)))


def _grant(permission: Permission) -> Grant | None:
    if permission.type == "anyone":
        return Grant("everyone")
    if permission.type == "domain" and permission.domain:
        return Grant("domain", permission.domain.lower())
    if permission.type in {"user", "group"} and permission.email_address:
        kind = "user" if permission.type == "user" else "group"
        return Grant(kind, permission.email_address.lower())
    return None


def mark(grants: Grants | None) -> str:
    """A short text that differs whenever ``grants`` differ. ``None``, where sharing cannot be read, is nobody."""
    names = "\n".join(f"{grant.kind} {grant.name}" for grant in grants or NOBODY)
    return hashlib.sha256(names.encode()).hexdigest()[:12]


class Sharing:
    """Who may read each file, asked for as rarely as can be.

    In My Drive a listing says it. In a shared drive a file without permissions of its own has those of its folder.
    """

    def __init__(self, client: DriveClient) -> None:
        self._client = client
        self._folders: dict[str, Grants | None] = {}

    def of_file(self, file: DriveFile) -> Grants | None:
        """Those who may read ``file``; None where this account may not know."""
        if file.permissions is not None:
            return read_grants(file.permissions)
        if file.drive_id is None:
            return None
        if file.parents and not (file.has_augmented_permissions or file.inherited_permissions_disabled):
            return self._of_folder(file.parents[0])
        return self._ask(file.id)

    def of_folder(self, folder: DriveFile) -> Grants | None:
        """Those who may read what lies in ``folder``, kept for the files in it."""
        grants = self.of_file(folder)
        self._folders[folder.id] = grants
        return grants

    def mark_of(self, folder_id: str) -> str:
        """The mark of a folder that was asked for before."""
        return mark(self._folders[folder_id])

    def _of_folder(self, folder_id: str) -> Grants | None:
        if folder_id not in self._folders:
            self._folders[folder_id] = self._ask(folder_id)
        return self._folders[folder_id]

    def _ask(self, file_id: str) -> Grants | None:
        try:
            return read_grants(self._client.permissions(file_id))
        except DriveError as error:
            if error.of_the_source or error.status not in {403, 404}:
                raise
            return None
