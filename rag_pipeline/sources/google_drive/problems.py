"""What Google's errors mean: for one file, for the whole source, or only for the moment."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import cast

from pydantic import BaseModel, ValidationError

from core.errors import ConfigurationError, NotAuthenticated, RateLimited, RoostError, Unavailable
from rag_pipeline.sources.google_drive.library import HttpErrorShape

#: Reasons of a 403 that pass by themselves.
RATE_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded"})
#: Reasons of a 403 that pass, but not within a run.
QUOTA_REASONS = frozenset({"dailyLimitExceeded", "quotaExceeded"})
PASSING_STATUSES = frozenset({408, 429, 500, 502, 503, 504})

#: Google's reasons and ours (see core.knowledge.reasons) for files that cannot be had.
REASON_CODES = {
    "exportSizeLimitExceeded": "export-too-large",
    "cannotDownloadFile": "download-forbidden",
    "cannotDownloadAbusiveFile": "download-forbidden",
    "cannotExportFile": "download-forbidden",
    "fileNotDownloadable": "unsupported-type",
    "fileNotExportable": "unsupported-type",
    "downloadQuotaExceeded": "rate-limited",
}


class _Entry(BaseModel):
    reason: str = ""
    message: str = ""


class _Error(BaseModel):
    message: str = ""
    status: str = ""
    errors: list[_Entry] = []
    details: list[_Entry] = []


class _Document(BaseModel):
    error: _Error


class DriveError(Exception):
    """An answer of the Drive API that is not a success.

    Args:
        status: HTTP status.
        reason: Google's machine-readable reason; empty where there is none.
        message: What Google says.
        retry_after: Seconds that Google asks to wait, where it does.
    """

    def __init__(self, status: int, reason: str, message: str, retry_after: float | None = None) -> None:
        super().__init__(f"{message} ({reason or 'no reason'}, HTTP {status})")
        self.status = status
        self.reason = reason
        self.message = message
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        """Whether another try in a moment is worth it."""
        return self.status in PASSING_STATUSES or (self.status == 403 and self.reason in RATE_REASONS)

    @property
    def of_the_source(self) -> bool:
        """Whether it concerns everything, not this one file."""
        return self.status == 401 or self.passing or self.reason in QUOTA_REASONS or self._set_up_reason() is not None

    def _set_up_reason(self) -> str | None:
        if self.reason in {"accessNotConfigured", "SERVICE_DISABLED"}:
            return (
                "The Google Drive API is switched off in the Google Cloud project of these credentials: switch it on "
                "under APIs & Services, wait a few minutes and run again."
            )
        if self.reason in {"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientScopes"}:
            return (
                "The Google credentials do not allow reading Drive: authorize again and leave "
                "“See and download all your Google Drive files” ticked."
            )
        return None

    def as_roost_error(self) -> RoostError:
        """The error that ends a run."""
        set_up = self._set_up_reason()
        if set_up is not None:
            return ConfigurationError(set_up, slug="google-drive-not-set-up")
        if self.status == 401:
            return NotAuthenticated(
                "Google does not accept the credentials any more: make a new key for the service account (or authorize "
                "again) and set GOOGLE_DRIVE_CREDENTIALS_JSON.",
                slug="google-drive-credentials",
            )
        if self.status in {403, 429}:
            return RateLimited(
                f"Google's limit on requests is reached ({self.reason or self.status}): nothing is lost, the next run "
                "goes on where this one began.",
                slug="google-drive-quota",
                retry_after=self.retry_after,
            )
        return Unavailable(
            f"Google Drive does not answer as it should (HTTP {self.status}): nothing is lost, run again later.",
            slug="google-drive-unavailable",
            retry_after=self.retry_after,
        )


def read_error(error: Exception) -> DriveError:
    """Read what the library raised."""
    shape = cast("HttpErrorShape", error)
    status = int(shape.resp.status)
    found = _Error()
    try:
        found = _Document.model_validate_json(shape.content).error
    except ValidationError:
        found = _Error(message=f"HTTP {status} without a reason")
    entries = [*found.errors, *found.details]
    reason = next((entry.reason for entry in entries if entry.reason), found.status)
    return DriveError(status, reason, found.message[:500], _retry_after(shape.resp.get("retry-after")))


def _retry_after(value: str | None) -> float | None:
    """Seconds in a ``Retry-After`` header, which carries seconds or a date (RFC 9110, section 10.2.3)."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        when = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
