"""Every error that Roost expects, in one tree.

    RoostError                  500  internal-error          something of ours is wrong
    ├── ConfigurationError      500  configuration           a setting is missing or wrong (exit code 2)
    ├── InvalidRequest          400  invalid-request         the request cannot be understood
    ├── NotAuthenticated        401  not-authenticated       no token, or one that is wrong or has expired
    ├── BudgetExceeded          402  budget-exceeded         money or tokens are used up, or a price is not known
    ├── NotAllowed              403  not-allowed             known, but without the right to do this
    ├── NotFound                404  not-found               not there, or not there for this person
    ├── Conflict                409  conflict                the state has changed meanwhile
    ├── TooLarge                413  too-large               more bytes than are taken
    ├── Unprocessable           422  unprocessable           understood, but not acceptable
    ├── RateLimited             429  rate-limited            too many requests; ``retry_after`` says when
    ├── UpstreamFailed          502  upstream-failed         a model or another service answered with an error
    ├── Unavailable             503  unavailable             the database or another part cannot be reached
    │   ├── DatabaseUnreachable 503  unavailable             it is the database
    │   └── ServiceKeyRefused   503  service-key-refused     the database is there, and does not take Roost's own key
    └── UpstreamTimeout         504  upstream-timeout        a model or another service did not answer in time

An error carries what a person may read (``detail``: what happened and what to do) and the slug of a stable problem
type (RFC 9457). What must not be shown stays in ``__cause__``, for the log.
"""

from __future__ import annotations

from typing import ClassVar


class RoostError(Exception):
    """An error with a status, a title and a stable problem type.

    Args:
        detail: One or two sentences for a person: what happened, and what to do about it.
        slug: The problem type, where it is narrower than the class's own.
        retry_after: Seconds after which another try is worth it, where that is known.
        **extensions: Further members of the problem document (RFC 9457, section 3.2); JSON values only.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"
    default_slug: ClassVar[str] = "internal-error"

    def __init__(
        self,
        detail: str,
        *,
        slug: str | None = None,
        retry_after: float | None = None,
        **extensions: object,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.slug = slug or self.default_slug
        self.retry_after = retry_after
        self.extensions = extensions

    @property
    def type(self) -> str:
        """The problem type as a relative URI reference, stable across versions."""
        return f"/problems/{self.slug}"


class ConfigurationError(RoostError):
    """A setting is missing, malformed or contradicts what is stored. Ends a command with exit code 2."""

    title = "The configuration is not right"
    default_slug = "configuration"


class InvalidRequest(RoostError):
    """The request cannot be understood."""

    status = 400
    title = "The request cannot be understood"
    default_slug = "invalid-request"


class NotAuthenticated(RoostError):
    """No token, or one that is wrong or has expired. Ends a command with exit code 3."""

    status = 401
    title = "Please log in"
    default_slug = "not-authenticated"


class BudgetExceeded(RoostError):
    """The money or the tokens allowed are used up, or what something costs is not known."""

    status = 402
    title = "The budget does not allow this"
    default_slug = "budget-exceeded"


class NotAllowed(RoostError):
    """The caller is known, but has no right to do this."""

    status = 403
    title = "This is not allowed"
    default_slug = "not-allowed"


class NotFound(RoostError):
    """The thing is not there, or not there for this person: the two are not told apart."""

    status = 404
    title = "Not found"
    default_slug = "not-found"


class Conflict(RoostError):
    """The state has changed meanwhile, or does not admit this."""

    status = 409
    title = "This does not fit the present state"
    default_slug = "conflict"


class TooLarge(RoostError):
    """More bytes than are taken."""

    status = 413
    title = "Too large"
    default_slug = "too-large"


class Unprocessable(RoostError):
    """Understood, but not acceptable."""

    status = 422
    title = "The request is not acceptable"
    default_slug = "unprocessable"


class RateLimited(RoostError):
    """Too many requests in the time allowed."""

    status = 429
    title = "Too many requests"
    default_slug = "rate-limited"


class UpstreamFailed(RoostError):
    """A model or another service answered with an error."""

    status = 502
    title = "A service that Roost asked has failed"
    default_slug = "upstream-failed"


class Unavailable(RoostError):
    """A part of Roost that is needed cannot be reached."""

    status = 503
    title = "A part of Roost cannot be reached"
    default_slug = "unavailable"


class DatabaseUnreachable(Unavailable):
    """The database cannot be reached. ``setting`` is what says where it is, for those who run Roost."""

    def __init__(self, setting: str = "SUPABASE_URL") -> None:
        super().__init__("The database cannot be reached. Please try again in a moment.")
        self.setting = setting


class ServiceKeyRefused(Unavailable):
    """The database does not take the key of Roost itself. Ends a command with exit code 3."""

    default_slug = "service-key-refused"

    def __init__(
        self,
        detail: str = "The database refuses Roost's own key (SUPABASE_SERVICE_KEY). Copy the secret key of this "
        "Supabase again, and start anew.",
    ) -> None:
        super().__init__(detail)


def may_pass(error: Exception) -> bool:
    """Whether the same may come off in a moment: something is away, and it is not a key that is wrong."""
    return isinstance(error, Unavailable) and not isinstance(error, ServiceKeyRefused)


class UpstreamTimeout(RoostError):
    """A model or another service did not answer in time."""

    status = 504
    title = "A service that Roost asked did not answer in time"
    default_slug = "upstream-timeout"


#: The error class of each HTTP status, for errors that the database raises with a status of its own.
ERROR_OF_STATUS: dict[int, type[RoostError]] = {
    cls.status: cls
    for cls in (
        InvalidRequest,
        NotAuthenticated,
        BudgetExceeded,
        NotAllowed,
        NotFound,
        Conflict,
        TooLarge,
        Unprocessable,
        RateLimited,
        Unavailable,
    )
}
