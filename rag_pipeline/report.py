"""What a run did, as the last line of standard output and the exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields

EXIT_DONE = 0
EXIT_FAILED = 1
EXIT_CONFIGURATION = 2
EXIT_AUTHENTICATION = 3

#: What is counted over all sources.
_SUMS = (
    "files_processed", "files_moved", "files_deleted", "files_failed", "files_unsupported", "files_unchanged",
    "files_seen", "chunks_written", "errors", "duration", "total_duration",
)  # fmt: skip


def _no_counts() -> dict[str, int]:
    return {}


def _no_errors() -> list[str]:
    return []


@dataclass(slots=True)
class Report:
    """Counts of one run, over all its sources.

    Attributes:
        files_processed: Files whose document was written.
        files_moved: Files with a new name, place or readers, of which nothing was read.
        files_failed: Files that were tried in vain in this run.
        files_unsupported: Files of a kind that is not read.
        files_unchanged: Files that are as the ledger knows them.
        errors: Number of things that went wrong: files, and the run itself.
        messages: What went wrong with the run itself, for a person.
        ledger: Files by state, when the run ended.
        duration: Seconds spent on files.
        total_duration: Seconds from the start of the process' work to its end.
    """

    pipeline_id: str = ""
    pipeline_type: str = "local"
    run_mode: str = "single"
    files_processed: int = 0
    files_moved: int = 0
    files_deleted: int = 0
    files_failed: int = 0
    files_unsupported: int = 0
    files_unchanged: int = 0
    files_seen: int = 0
    chunks_written: int = 0
    errors: int = 0
    duration: float = 0.0
    initialized: bool = False
    total_duration: float = 0.0
    locked: bool = False
    reasons: dict[str, int] = field(default_factory=_no_counts)
    ledger: dict[str, int] = field(default_factory=_no_counts)
    messages: list[str] = field(default_factory=_no_errors)
    exit_code: int = EXIT_DONE

    def fail(self, message: str, exit_code: int) -> None:
        """Note that the run itself went wrong; the gravest exit code stays."""
        self.errors += 1
        self.messages.append(message)
        self.exit_code = max(self.exit_code, exit_code)

    def for_one_source(self) -> Report:
        """An empty report of the same run, for one of its sources."""
        return Report(self.pipeline_id, self.pipeline_type, self.run_mode)

    def add(self, other: Report) -> None:
        """Add what came of one source."""
        for name in _SUMS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for counts, more in ((self.reasons, other.reasons), (self.ledger, other.ledger)):
            for name, count in more.items():
                counts[name] = counts.get(name, 0) + count
        # What ails all sources alike (the database is away) is said once.
        self.messages += [message for message in other.messages if message not in self.messages]
        self.initialized |= other.initialized
        self.locked |= other.locked
        self.exit_code = max(self.exit_code, other.exit_code)

    def file_failed(self, reason: str) -> None:
        """Count a file that was tried in vain."""
        self.files_failed += 1
        self.errors += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1

    def settle(self) -> None:
        """Derive the exit code from what the ledger says: files that failed and are worth another try."""
        if self.files_failed or self.ledger.get("failed"):
            self.exit_code = max(self.exit_code, EXIT_FAILED)

    def as_dict(self) -> dict[str, object]:
        """Every figure by its name; times in seconds, to the millisecond."""
        return {
            item.name: round(value, 3) if isinstance(value := getattr(self, item.name), float) else value
            for item in fields(self)
        }

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps(self.as_dict(), ensure_ascii=False)
