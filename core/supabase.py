"""The database, through Supabase's REST API, with errors of Roost's own tree.

Everything that Roost reads or writes at run time goes this way, so that it runs the same on the embedded stack, on the
bundled one and on hosted Supabase; only the service's own calls of SQL functions go straight to Postgres where the
way is given (:mod:`core.direct`), with the same outcome.

A :class:`Database` acts either as the service (past row-level security, for the pipeline, the workers and named admin
paths) or, by :meth:`Database.as_user`, with a person's own token under row-level security.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol

import httpx
from postgrest import AsyncPostgrestClient, AsyncRequestBuilder
from postgrest.exceptions import APIError
from supabase import AsyncClient, AsyncClientOptions

from core.direct import DirectCalls
from core.errors import (
    ERROR_OF_STATUS,
    ConfigurationError,
    Conflict,
    DatabaseUnreachable,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    RoostError,
    ServiceKeyRefused,
    Unavailable,
    Unprocessable,
)
from core.rpc import PATIENCE, FunctionCalls
from core.settings import CoreSettings

#: Connections kept open to the REST API, and the longest wait for one of its answers in seconds.
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=40, keepalive_expiry=60)
_TIMEOUT = httpx.Timeout(30, connect=5)

#: Plain SQLSTATEs and PostgREST codes, by what they mean to a caller.
_MEANING: dict[str, tuple[type[RoostError], str]] = {
    "42501": (NotAllowed, "You have no right to do this."),
    "23505": (Conflict, "There is one of that name or number already."),
    "23503": (Conflict, "Something that this refers to is not there any more."),
    "23514": (Unprocessable, "A value is outside what is allowed."),
    "23502": (Unprocessable, "A value that is needed is missing."),
    "22P02": (Unprocessable, "A value has the wrong form."),
    "22003": (Unprocessable, "A number is outside what is allowed."),
    "22008": (Unprocessable, "A time is outside what is allowed."),
    "22021": (Unprocessable, "A text holds a character that cannot be stored."),
    "22P05": (Unprocessable, "A text holds a NUL character, which cannot be stored."),
    "PGRST116": (NotFound, "There is no such thing, or it is not yours to see."),
    "PGRST301": (NotAuthenticated, "The token was not accepted. Please log in again."),
    "PGRST302": (NotAuthenticated, "Please log in."),
    "PGRST303": (NotAuthenticated, "The token has expired. Please log in again."),
    "57014": (Unavailable, "The database took too long. Please try again."),
    "40001": (Conflict, "Someone changed this at the same moment. Please try again."),
    "40P01": (Conflict, "Someone changed this at the same moment. Please try again."),
}
_MISSING_SCHEMA = frozenset({"42P01", "42704", "42883", "42703", "PGRST202", "PGRST204", "PGRST205"})


class _Executable(Protocol):
    async def execute(self) -> object: ...


class Database:
    """One identity's access to the REST API. Cheap to make for a person; its connections are shared.

    Args:
        session: The connections that queries on tables go by.
        functions: The connections that calls of functions go by.
        direct: Connections to Postgres that the service's calls go by instead.
        url: Supabase's base address.
        publishable_key: The key that every request needs beside a person's token.
        headers: What says who asks.
        service: Whether it is the service's own access. Nobody waits then: a query that can be repeated is tried again
            where the database is away. A key that is refused is Roost's own.
    """

    def __init__(
        self,
        session: httpx.AsyncClient,
        functions: FunctionCalls,
        url: str,
        publishable_key: str,
        headers: dict[str, str],
        *,
        service: bool,
        direct: DirectCalls | None = None,
    ) -> None:
        self._session = session
        self._functions = functions
        self._direct = direct
        self._url = url
        self._publishable_key = publishable_key
        self._headers = headers
        self._service = service

    @cached_property
    def _rest(self) -> AsyncPostgrestClient:
        return AsyncPostgrestClient(
            f"{self._url}/rest/v1", headers=self._headers, http_client=self._session, retry_enabled=self._service
        )

    @classmethod
    def connect(cls, settings: CoreSettings) -> Database:
        """The service's own access. Opens no connection yet; close it with :meth:`aclose`."""
        base = settings.supabase_base
        # HTTP/1.1: several times less CPU a request than httpx's HTTP/2, on connections that are local anyway.
        session = httpx.AsyncClient(limits=_LIMITS, timeout=_TIMEOUT)
        options = AsyncClientOptions(auto_refresh_token=False, persist_session=False, httpx_client=session)
        address = settings.service_database_url
        client = AsyncClient(base, settings.supabase_service_key.get_secret_value(), options)
        database = cls(
            session,
            FunctionCalls(f"{base}/rest/v1"),
            base,
            settings.supabase_publishable_key.get_secret_value(),
            dict(client.postgrest.headers),
            service=True,
            direct=DirectCalls(address.get_secret_value()) if address else None,
        )
        database._rest = client.postgrest
        return database

    def as_user(self, token: str) -> Database:
        """The same database seen with a person's access token, under row-level security."""
        headers = {"apikey": self._publishable_key, "Authorization": f"Bearer {token}"}
        # Somebody waits for the answer: better a word at once than one after seven seconds of trying again.
        return Database(self._session, self._functions, self._url, self._publishable_key, headers, service=False)

    async def aclose(self) -> None:
        """Close the shared connections."""
        await self._session.aclose()
        await self._functions.aclose()
        if self._direct:
            await self._direct.aclose()

    def table(self, name: str) -> AsyncRequestBuilder:
        """A query on table or view ``name``; run it with :meth:`run`."""
        return self._rest.from_(name)

    async def call(
        self, function: str, arguments: Mapping[str, object] | None = None, *, patience: float = PATIENCE
    ) -> Any:  # noqa: ANN401
        """Call an SQL function, whose answer may take ``patience`` seconds.

        Returns:
            What the function returns, as JSON: rows are a list of objects.

        Raises:
            RoostError: As :func:`translate` says.
        """
        try:
            if self._direct:
                return await self._direct.call(function, arguments or {}, patience=patience)
            return await self._functions.call(function, arguments or {}, self._headers, patience=patience)
        except APIError as error:
            raise self._translate(error) from error

    async def run(self, query: _Executable) -> Any:  # noqa: ANN401
        """Run a query built with :meth:`table` and return its rows (or its one row, after ``single()``)."""
        try:
            response = await query.execute()
        except (APIError, httpx.HTTPError) as error:
            raise self._translate(error) from error
        return getattr(response, "data", None)

    def _translate(self, error: APIError | httpx.HTTPError) -> RoostError:
        problem = translate(error)
        # What an SQL function refuses on purpose is not about the key that it was called with.
        on_purpose = isinstance(error, APIError) and str(error.code or "").startswith("PT")
        if self._service and isinstance(problem, NotAuthenticated) and not on_purpose:
            return ServiceKeyRefused()
        return problem

    async def ping(self) -> None:
        """Ask for one row that is always there, and see that the direct way is open where there is one.

        Raises:
            RoostError: The database cannot be reached or has not been migrated.
        """
        await self.run(self.table("agents").select("id").limit(1).retry(False))
        if self._direct:
            await self._direct.ping()


def translate(error: APIError | httpx.HTTPError) -> RoostError:
    """The error of Roost's tree that says the same as one of the REST API.

    An SQL function of Roost raises ``PTxyz`` (PostgREST's way to name the HTTP status xyz) with a sentence for a person
    as its message and the slug of the problem type as its hint.
    """
    if isinstance(error, httpx.HTTPError):
        if isinstance(error, httpx.InvalidURL):
            return ConfigurationError("SUPABASE_URL is not an address that can be called.")
        return DatabaseUnreachable()
    code = str(error.code or "")
    if code.startswith("PT") and code[2:].isdigit():
        return _raised_on_purpose(int(code[2:]), error)
    if code in _MISSING_SCHEMA:
        return ConfigurationError(
            f"The database lacks something that this version needs ({error.message}). Run the migrations in "
            "supabase/migrations, then try again."
        )
    if code in _MEANING:
        kind, detail = _MEANING[code]
        return kind(detail)
    if code.startswith(("08", "53", "57P", "PGRST0")) or code in {"502", "503", "504"}:
        return DatabaseUnreachable()
    # A key that is not known at all is refused before Postgres is asked, with a message and no code.
    if code == "401" or "JWT" in str(error.message or "") or "API key" in str(error.message or ""):
        return NotAuthenticated("The token was not accepted. Please log in again.")
    return RoostError("The database refused this in a way that was not foreseen. The server's log has the details.")


def _raised_on_purpose(status: int, error: APIError) -> RoostError:
    kind = ERROR_OF_STATUS.get(status, RoostError)
    return kind(str(error.message), slug=error.hint or None)
