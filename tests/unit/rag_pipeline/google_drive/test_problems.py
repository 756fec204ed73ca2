"""Google's errors, in every shape that they have."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from core.errors import ConfigurationError, NotAuthenticated, RateLimited, RoostError, Unavailable
from rag_pipeline.sources.google_drive.problems import DriveError, read_error


@dataclass
class Answer:
    """Status and headers."""

    status: int
    headers: dict[str, str] = field(default_factory=dict[str, str])

    def get(self, name: str, default: str = "") -> str:
        return self.headers.get(name, default)


class Raised(Exception):
    """What the library raises."""

    def __init__(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
        super().__init__()
        self.resp = Answer(status, headers or {})
        self.content = content


def error(code: int, **members: object) -> bytes:
    """A body."""
    return json.dumps({"error": {"code": code, **members}}).encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            error(403, message="m", errors=[{"reason": "userRateLimitExceeded", "message": "m"}]),
            "userRateLimitExceeded",
        ),
        (
            error(403, message="m", status="PERMISSION_DENIED", details=[{"reason": "SERVICE_DISABLED"}]),
            "SERVICE_DISABLED",
        ),
        (error(403, message="m", status="PERMISSION_DENIED"), "PERMISSION_DENIED"),
        (error(403, message="m", errors=[]), ""),
        (b"<html>Forbidden</html>", ""),
        (b"", ""),
        (b'{"error": "invalid"}', ""),
    ],
)
def test_the_reason_is_found(content: bytes, reason: str) -> None:
    assert read_error(Raised(403, content)).reason == reason


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("30", 30.0), ("", None), ("soon", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_the_pause_is_read(header: str, seconds: float | None) -> None:
    assert read_error(Raised(429, b"", {"retry-after": header})).retry_after == seconds


@pytest.mark.parametrize(
    ("status", "reason", "passing", "of_the_source", "kind"),
    [
        (429, "", True, True, RateLimited),
        (403, "rateLimitExceeded", True, True, RateLimited),
        (403, "dailyLimitExceeded", False, True, RateLimited),
        (503, "backendError", True, True, Unavailable),
        (401, "authError", False, True, NotAuthenticated),
        (403, "accessNotConfigured", False, True, ConfigurationError),
        (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", False, True, ConfigurationError),
        (404, "notFound", False, False, Unavailable),
        (403, "insufficientFilePermissions", False, False, RateLimited),
    ],
)
def test_what_an_error_concerns(
    status: int, reason: str, passing: bool, of_the_source: bool, kind: type[RoostError]
) -> None:
    found = DriveError(status, reason, "message")
    assert (found.passing, found.of_the_source) == (passing, of_the_source)
    assert isinstance(found.as_roost_error(), kind)
