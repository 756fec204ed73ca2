"""What a source of documents is: it says what changed, hands over the bytes, and stores nothing.

A run gives a source what the ledger knows (:class:`Known`) and iterates over :meth:`Source.changes` in a worker thread.
The generator *yields* what is different (:data:`SourceEvent`) and *returns* the new checkpoint, which the run stores
only once everything that was yielded is accounted for. A file that is as the ledger knows it is not mentioned at all.

One file that cannot be listed or read is a :class:`Failure` and ends nothing. What makes the whole source unusable is
raised: :class:`core.errors.ConfigurationError` (exit code 2), :class:`core.errors.NotAuthenticated` (3),
:class:`core.errors.Unavailable` (1). A generator that raises leaves the old checkpoint in place.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

#: Where the next run goes on, in the source's own words: any JSON object. Empty: from the beginning.
Checkpoint: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Grant:
    """One who may read a file, as the source names them.

    Attributes:
        kind: ``everyone`` is everyone who is logged in to Roost; ``user`` and ``group`` are looked up by ``name``;
            ``domain`` is everyone whose confirmed e-mail address ends with ``@`` and the name.
        name: A person's e-mail address, a group's name, or a domain. Empty for ``everyone``.
    """

    kind: Literal["everyone", "user", "group", "domain"]
    name: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as its source describes it, before anything of it was read.

    Attributes:
        external_id: What names the file in its source for as long as it is the same file. At most 1,024 characters.
        path: Where a person finds it, with slashes, without one at the beginning.
        title: Its name as a person knows it.
        mime_type: What the source says it is; empty where it does not say. Extraction looks for itself.
        size_bytes: Size of what :meth:`Source.fetch` will hand over, where it is known beforehand.
        modified_at: Time of the last change, with a time zone.
        version_token: Different whenever the content may be different. Compared with the ledger's, never parsed.
        uri: Address that opens the original, where there is one.
        owner_id: The person (a user id of Roost) it belongs to, for sources that know; text of a UUID.
        grants: Who may read it. ``None``: whoever may read the source. Empty: nobody but the owner.
    """

    external_id: str
    path: str
    title: str
    version_token: str
    modified_at: datetime
    mime_type: str = ""
    size_bytes: int | None = None
    uri: str | None = None
    owner_id: str | None = None
    grants: tuple[Grant, ...] | None = None


@dataclass(frozen=True, slots=True)
class Changed:
    """A file that is new, or whose content may be different: it is to be read again."""

    file: SourceFile


@dataclass(frozen=True, slots=True)
class Moved:
    """A file with the same content under another name, in another place or with other grants: it is not read again.

    Attributes:
        previous_external_id: The ledger's name of it; equal to ``file.external_id`` where identity outlives a rename.
        file: The file as it is now.
    """

    previous_external_id: str
    file: SourceFile


@dataclass(frozen=True, slots=True)
class Gone:
    """A file that the ledger knows and the source has no more: it must not answer any longer.

    Attributes:
        external_id: The ledger's name of it.
        reason: Why, as a code of :mod:`core.knowledge.reasons`.
    """

    external_id: str
    reason: str = "deleted"


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that is there and cannot be had. It goes into the ledger and is tried again with growing pauses.

    Attributes:
        external_id: Its name in the source.
        path: Where a person finds it, as far as is known.
        reason: Why, as a code of :mod:`core.knowledge.reasons`.
        detail: What the source said, for the ledger's ``last_error``; no secrets.
    """

    external_id: str
    path: str
    reason: str
    detail: str


SourceEvent: TypeAlias = Changed | Moved | Gone | Failure


@dataclass(frozen=True, slots=True)
class KnownFile:
    """What the ledger has of a file that the source had at the last run."""

    external_id: str
    path: str
    state: str
    version_token: str
    content_hash: str
    size_bytes: int | None
    modified_at: str


def _no_files() -> dict[str, KnownFile]:
    return {}


def _no_checkpoint() -> dict[str, object]:
    return {}


@dataclass(frozen=True, slots=True)
class Known:
    """What a run tells a source about the past.

    Attributes:
        files: Every file the ledger holds for this source, but the deleted ones, by external id.
        due: External ids that must be yielded again though nothing changed (as :class:`Changed`, :class:`Gone` or
            :class:`Failure`): the retries whose time has come, and what a person asked to have read again.
        checkpoint: What the last run that came through returned.
    """

    files: Mapping[str, KnownFile] = field(default_factory=_no_files)
    due: frozenset[str] = frozenset()
    checkpoint: Checkpoint = field(default_factory=_no_checkpoint)


@dataclass(frozen=True, slots=True)
class Fetched:
    """The content of a file, on disk.

    Attributes:
        path: Where its bytes are. Inside the folder that was given, or the original itself.
        mime_type: What the bytes are, where the source knows better than the name does (an exported document).
    """

    path: Path
    mime_type: str = ""


class FetchFailed(Exception):
    """One file's bytes cannot be had.

    Args:
        reason: A code of :mod:`core.knowledge.reasons`. ``vanished`` (gone since it was listed) and ``still-changing``
            (being written) are no failures: the next run sees to them.
        detail: What happened, for the ledger.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class Source(Protocol):
    """A place that documents come from. Methods block and are called from worker threads."""

    @property
    def kind(self) -> Literal["local", "google_drive", "upload"]:
        """The kind of source, as ``sources.kind`` has it."""
        ...

    @property
    def name(self) -> str:
        """What people see: a folder's name."""
        ...

    def settings(self) -> dict[str, object]:
        """What makes this source this one (a folder's path or id), for the ledger. No secrets."""
        ...

    def changes(self, known: Known) -> Generator[SourceEvent, None, Checkpoint]:
        """Yield every difference between the source and ``known``; return the new checkpoint."""
        ...

    def fetch(self, file: SourceFile, folder: Path) -> Fetched:
        """Bring one file's bytes to disk, at most once at a time for one file, from any thread.

        Args:
            file: As it was yielded.
            folder: An empty folder of this file's own, removed afterwards.

        Raises:
            FetchFailed: This file cannot be had.
        """
        ...

    def close(self) -> None:
        """Let go of connections. The source is not used afterwards."""
        ...
