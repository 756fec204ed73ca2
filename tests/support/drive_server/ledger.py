"""A ledger in memory: it does with a source's events what a run does, and no more."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from rag_pipeline.sources.base import (
    Changed,
    Checkpoint,
    Failure,
    FetchFailed,
    Gone,
    Grant,
    Known,
    KnownFile,
    Moved,
    Source,
    SourceEvent,
    SourceFile,
)


@dataclass
class Ledger:
    """Every file of one source.

    Attributes:
        rows: What the next run is told, by external id.
        contents: The bytes of each file as they were last fetched.
        types: Media types of the fetched bytes.
        grants: Who may read, by external id.
        failures: Reason codes, by external id.
        events: The events of the last run.
    """

    rows: dict[str, KnownFile] = field(default_factory=dict[str, KnownFile])
    contents: dict[str, bytes] = field(default_factory=dict[str, bytes])
    types: dict[str, str] = field(default_factory=dict[str, str])
    grants: dict[str, tuple[Grant, ...] | None] = field(default_factory=dict[str, tuple[Grant, ...] | None])
    failures: dict[str, str] = field(default_factory=dict[str, str])
    events: list[SourceEvent] = field(default_factory=list[SourceEvent])
    checkpoint: Checkpoint = field(default_factory=dict[str, object])

    def run(self, source: Source, due: frozenset[str] = frozenset()) -> list[SourceEvent]:
        """One run: take every event in, fetch what changed, keep the checkpoint only at the end."""
        self.events = []
        changes = source.changes(Known(dict(self.rows), due, self.checkpoint))
        while True:
            try:
                event = next(changes)
            except StopIteration as end:
                self.checkpoint = end.value
                return self.events
            self.events.append(event)
            self._take(source, event)

    @property
    def paths(self) -> dict[str, str]:
        """Where each searchable file is found, to its bytes as text."""
        return {
            row.path: self.contents.get(name, b"").decode(errors="replace")
            for name, row in self.rows.items()
            if row.state == "ready"
        }

    def _take(self, source: Source, event: SourceEvent) -> None:
        match event:
            case Changed(file):
                self._fetch(source, file)
            case Moved(previous, file):
                row = self.rows.pop(previous)
                self.rows[file.external_id] = replace(
                    row, external_id=file.external_id, path=file.path, version_token=file.version_token
                )
                self.grants[file.external_id] = file.grants
            case Gone(external_id):
                del self.rows[external_id]
                self.contents.pop(external_id, None)
            case Failure(external_id, path, reason):
                self._fail(external_id, path, "", reason)

    def _fetch(self, source: Source, file: SourceFile) -> None:
        self.grants[file.external_id] = file.grants
        with tempfile.TemporaryDirectory() as folder:
            try:
                fetched = source.fetch(file, Path(folder))
            except FetchFailed as error:
                self._fail(file.external_id, file.path, file.version_token, error.reason)
                return
            assert list(Path(folder).iterdir()) == [fetched.path], "nothing is left beside the content"
            self.contents[file.external_id] = fetched.path.read_bytes()
            self.types[file.external_id] = fetched.mime_type
        self.failures.pop(file.external_id, None)
        self._write(file.external_id, file.path, file.version_token, "ready")

    def _fail(self, external_id: str, path: str, token: str, reason: str) -> None:
        self.failures[external_id] = reason
        self._write(external_id, path, token, "unsupported" if reason == "unsupported-type" else "failed")

    def _write(self, external_id: str, path: str, token: str, state: str) -> None:
        self.rows[external_id] = KnownFile(external_id, path, state, token, "", None, "")
