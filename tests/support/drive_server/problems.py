"""Errors in the shapes that Google answers with."""

from __future__ import annotations

from pydantic import JsonValue


class DriveProblem(Exception):
    """An error answer of the Drive API.

    Args:
        status: HTTP status.
        reason: Google's machine-readable reason, such as ``userRateLimitExceeded``.
        message: What Google says to a developer.
        domain: Google's name for the family of the reason.
        location: Parameter that is to blame, where there is one.
        headers: Further headers of the answer, such as ``Retry-After``.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        message: str,
        *,
        domain: str = "global",
        location: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.message = message
        self.domain = domain
        self.location = location
        self.headers = headers or {}

    def body(self) -> dict[str, JsonValue]:
        """The JSON document of the answer."""
        entry: dict[str, JsonValue] = {
            "message": self.message,
            "domain": self.domain,
            "reason": self.reason,
        }
        if self.location is not None:
            entry |= {"location": self.location, "locationType": "parameter"}
        return {"error": {"code": self.status, "message": self.message, "errors": [entry]}}


def not_found(identifier: str) -> DriveProblem:
    """What Drive says of a file that is not there, or not there for this account: it does not tell the two apart."""
    return DriveProblem(404, "notFound", f"File not found: {identifier}.", location="fileId")


def drive_not_found(identifier: str) -> DriveProblem:
    """What Drive says of a shared drive that this account is no member of."""
    return DriveProblem(404, "notFound", f"Shared drive not found: {identifier}", location="driveId")


def invalid(parameter: str, message: str = "Invalid Value") -> DriveProblem:
    """What Drive says of a parameter whose value it cannot use."""
    return DriveProblem(400, "invalid", message, location=parameter)


class TokenProblem(Exception):
    """An error answer of the OAuth token endpoint (RFC 6749, section 5.2)."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description

    def body(self) -> dict[str, JsonValue]:
        """The JSON document of the answer."""
        return {"error": self.error, "error_description": self.description}
