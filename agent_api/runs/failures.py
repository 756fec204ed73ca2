"""What can go wrong while a model answers, said so that a person knows what to do.

The provider's own words may hold keys, addresses and prompts: they go to the log, never to the reader.
"""

from __future__ import annotations

import httpx
import httpx2
from pydantic_ai.exceptions import (
    ContentFilterError,
    FallbackExceptionGroup,
    ModelAPIError,
    ModelHTTPError,
    RunCancelled,
    RunTimedOut,
    UnexpectedModelBehavior,
    UsageLimitExceeded,
)

from core.errors import Conflict, RateLimited, RoostError, Unprocessable, UpstreamFailed, UpstreamTimeout

_HTTP: dict[int, tuple[type[RoostError], str, str]] = {
    401: (UpstreamFailed, "model-key-refused", "The model's provider refused the key. An admin should check it."),
    403: (UpstreamFailed, "model-key-refused", "The model's provider refused access. An admin should check the key."),
    404: (UpstreamFailed, "model-not-found", "The provider does not know this model. An admin should check its name."),
    408: (UpstreamTimeout, "model-timeout", "The model did not answer in time. Please try again."),
    413: (Unprocessable, "model-input-too-long", "This conversation is too long for the model. Start a new one."),
    429: (RateLimited, "model-rate-limited", "The model's provider is at its limit. Please try again in a minute."),
    504: (UpstreamTimeout, "model-timeout", "The model did not answer in time. Please try again."),
}


def _of_status(status: int) -> RoostError:
    if status in _HTTP:
        kind, slug, detail = _HTTP[status]
        return kind(detail, slug=slug)
    return UpstreamFailed(f"The model's provider answered with an error ({status}). Please try again.")


def explain(error: Exception) -> RoostError:
    """The error of Roost's tree for whatever ended a run; an unforeseen one becomes a plain 500."""
    match error:
        case RoostError():
            return error
        case FallbackExceptionGroup(exceptions=[*_, Exception() as last]):
            return explain(last)  # the others are among the steps
        case ModelHTTPError(status_code=status):
            return _of_status(status)
        case RunTimedOut() | httpx.ReadTimeout() | httpx2.ReadTimeout() | TimeoutError():
            return UpstreamTimeout("The answer took longer than is allowed. Please try again.", slug="run-timeout")
        case RunCancelled():
            return Conflict("The answer was stopped before it was complete.", slug="run-cancelled")
        case ModelAPIError() | httpx.TransportError() | httpx2.TransportError():
            return UpstreamFailed(
                "The model's provider cannot be reached. Please try again; should it stay so, an admin can check its "
                "address.",
                slug="model-unreachable",
            )
        case UsageLimitExceeded():
            return Unprocessable(
                "The answer would have gone over the limits set for this agent. Ask for less at a time.",
                slug="run-limit-exceeded",
            )
        case ContentFilterError():
            return Unprocessable("The model's provider declined to answer this.", slug="content-filtered")
        case UnexpectedModelBehavior():
            return UpstreamFailed(
                "The model answered in a form that cannot be used. Please try again.", slug="model-misbehaved"
            )
        case _:
            return RoostError("The answer failed in a way that was not foreseen. The server's log has the details.")


def as_problem(error: RoostError) -> dict[str, object]:
    """The problem document (RFC 9457) of an error, as events and the database carry it."""
    return {
        "type": error.type,
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        **error.extensions,
    }
