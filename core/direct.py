"""Calls of SQL functions straight to Postgres, as PostgREST would make them.

The REST server takes several times as long over a call as Postgres over the function. Where the service is given an
address of Postgres (``SERVICE_DATABASE_URL``), its own calls go there: the same arguments and the same JSON in both
directions, the same errors, one round trip, each call a transaction of its own. What the login role is set to when it
logs in (to act as ``service_role``, the search path) stands in supabase/migrations and not here, so that it also holds
behind a pooler.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeAlias, cast
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from postgrest.exceptions import APIError
from pydantic_core import from_json

from core.errors import ConfigurationError, DatabaseUnreachable, ServiceKeyRefused
from core.rpc import PATIENCE

#: Connections at most: a call holds one for milliseconds, among hundreds of streams for tenths of a second (its turn on
#: the event loop comes late: with 10, 300 readers got a fifth fewer answers), a long write of the pipeline for minutes.
_CONNECTIONS = 20
#: Seconds: an idle connection is kept, connecting may take, a free connection is waited for, the server may take to
#: give a cancelled call up, and calls may go on when all is closed.
_KEPT_IDLE = 300
_CONNECT = 5
_FREE = 10
_GIVING_UP = 5
_CLOSE = 5
#: Statements that each connection keeps prepared.
_PREPARED = 200
_ROLE = "service_role"

#: What Postgres says when a function has gone, or takes other arguments than when it was looked up.
_CHANGED = frozenset({"42883", "42725", "42804", "42P13"})
#: What it says of prepared statements that another connection of a pooler has.
_ELSEWHERE = frozenset({"26000", "42P05"})
_POOLER = (
    "SERVICE_DATABASE_URL leads to a pooler. End it in ?pgbouncer=true where that gives each transaction another "
    "connection, in ?pgbouncer=false where one connection stays the same."
)

#: The functions of a name: how they return, and their arguments, of which the last ``optional`` have defaults.
_LOOK_UP = """
select quote_ident(p.proname) as name, p.proretset as many, p.prorettype = 'void'::regtype as nothing,
  t.typtype = 'c' or coalesce(p.proargmodes && '{t,b,o}', false) as composite, p.pronargdefaults as optional,
  array(
    select array[quote_ident(a.name), format_type(a.type, null), a.name]
    from unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes)
      with ordinality as a (name, type, mode, place)
    where coalesce(a.mode, 'i') in ('i', 'b') order by a.place
  ) as arguments
from pg_proc as p join pg_type as t on t.oid = p.prorettype
where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.proname = $1
order by p.pronargs
"""

_Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
_Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


class DirectCalls:
    """Connections to Postgres, opened when they are needed; the same calls as :class:`core.rpc.FunctionCalls`.

    Args:
        address: ``postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE``. That of a pooler has to say which it is, or a
            statement could be executed that another process has prepared: ``?pgbouncer=true`` gives each transaction
            another connection, where no prepared statement can be kept; ``?pgbouncer=false`` does not.
    """

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        settings = dict(parse_qsl(parts.query))
        self._pooler = settings.pop("pgbouncer", None)
        self._prepared = 0 if self._pooler == "true" else _PREPARED
        # Taken out here: asyncpg ends the password at its first @.
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None
        self._dsn = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=urlencode(settings)))
        self._pool: _Pool | None = None
        self._statements: dict[tuple[str, ...], str] = {}

    async def call(self, function: str, arguments: Mapping[str, object], *, patience: float = PATIENCE) -> Any:  # noqa: ANN401
        """Call an SQL function and return what it returns, as JSON; None for nothing.

        ``patience`` is how many seconds the answer may take; a call that takes longer is cancelled.

        Raises:
            APIError: The database refused, or the function did, as the REST API would say it.
            DatabaseUnreachable: The database cannot be reached, or does not answer in time.
            ServiceKeyRefused: The database does not take the login.
            ConfigurationError: The address is that of something else.
        """
        body = json.dumps(arguments)
        async with self._connection() as connection:
            return await self._call(connection, function, arguments, body, patience)

    async def ping(self) -> None:
        """See that the database lets the service in.

        Raises:
            RoostError: As :meth:`call`.
        """
        async with self._connection() as connection:
            await connection.fetchval("select 1", timeout=PATIENCE)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE):
                    await self._pool.close()

    async def _call(
        self, connection: _Connection, function: str, arguments: Mapping[str, object], body: str, patience: float
    ) -> Any:  # noqa: ANN401
        key = (function, *arguments)
        statement = self._statements.get(key)
        if statement is not None:
            try:
                return _value(await connection.fetchval(statement, body, timeout=patience))
            except asyncpg.PostgresError as error:
                if error.sqlstate not in _CHANGED:
                    raise
        # Of a call that was refused nothing stays, so that it can be made again.
        known = await connection.fetch(_LOOK_UP, function, timeout=patience)
        statement = self._statements[key] = _statement(function, arguments, known)
        return _value(await connection.fetchval(statement, body, timeout=patience))

    @asynccontextmanager
    async def _connection(self) -> AsyncGenerator[_Connection]:
        pool = await self._opened()
        connection = await _taken_from(pool)
        try:
            yield connection
        except asyncpg.PostgresError as error:
            if error.sqlstate in _ELSEWHERE:
                raise ConfigurationError(_POOLER) from error
            raise _as_rest(error) from error
        except (OSError, TimeoutError, asyncpg.InterfaceError) as error:
            raise DatabaseUnreachable("SERVICE_DATABASE_URL") from error
        finally:
            # Waits until a cancelled call has ended over there; a connection that stays mute is thrown away.
            with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await pool.release(connection, timeout=_GIVING_UP)

    async def _opened(self) -> _Pool:
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                self._dsn, user=self._user, password=self._password, timeout=_CONNECT, init=self._check,
                min_size=0, max_size=_CONNECTIONS, max_inactive_connection_lifetime=_KEPT_IDLE,
                statement_cache_size=self._prepared,
                # A call leaves nothing behind that would have to be reset with a round trip of its own.
                reset=_nothing,
            )  # fmt: skip
        await self._pool
        return self._pool

    async def _check(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        # Without a name, so that it is not prepared on another's connection either.
        asked = await connection.prepare("select current_user::text, pg_backend_pid()", name="")
        role, process = cast("asyncpg.Record", await asked.fetchrow())
        if role != _ROLE:
            raise ConfigurationError(
                f"SERVICE_DATABASE_URL logs in as a role that is not set to act as {_ROLE}. Use roost_service, which "
                "the migrations make."
            )
        # A pooler tells clients a number of its own.
        if process != connection.get_server_pid() and self._pooler is None:
            raise ConfigurationError(_POOLER)


async def _taken_from(pool: _Pool) -> _Connection:
    try:
        async with asyncio.timeout(_FREE):
            return await pool.acquire()
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        raise ServiceKeyRefused(
            "The database refuses the login of SERVICE_DATABASE_URL. Correct its role, password and database, and "
            "start anew."
        ) from error
    except asyncpg.ClientConfigurationError:  # its words may hold a piece of the address
        raise ConfigurationError("SERVICE_DATABASE_URL is not an address that can be called.") from None
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise DatabaseUnreachable("SERVICE_DATABASE_URL") from error


async def _nothing(_connection: object) -> None:
    pass


def _value(told: str | None) -> Any:  # noqa: ANN401
    return None if told is None else from_json(told)


def _statement(function: str, arguments: Mapping[str, object], known: list[asyncpg.Record]) -> str:
    """The statement that calls the function whose arguments these are, with one parameter: the JSON of them all.

    Raises:
        APIError: There is no such function.
    """
    for found in known:
        taken: list[tuple[str, str, str]] = found["arguments"]
        names = [name for _, _, name in taken]
        if set(arguments).issubset(names) and set(names[: len(names) - found["optional"]]).issubset(arguments):
            break
    else:
        named = f"({', '.join(arguments)})" if arguments else " without parameters"
        message = f"Could not find the function public.{function}{named} in the schema cache"
        raise APIError({"code": "PGRST202", "message": message})
    used = [(quoted, kind) for quoted, kind, name in taken if name in arguments]
    columns = ", ".join(f"{quoted} {kind}" for quoted, kind in used)
    given = f"json_to_record($1::json) as a ({columns})" if used else "(select $1::json) as a"
    named = ", ".join(f"{quoted} := a.{quoted}" for quoted, _ in used)
    source = f"{given}, public.{found['name']}({named}) as f"
    if found["nothing"]:
        return f"select null::json from {source}"  # noqa: S608
    if found["composite"]:
        row, rows = "t", f"(select f.* from {source}) as t"  # noqa: S608
    else:
        row, rows = "f.value", f"{source} (value)"
    told = f"coalesce(json_agg({row}), '[]')" if found["many"] else f"to_json({row})"
    return f"select {told} from {rows}"  # noqa: S608


def _as_rest(error: asyncpg.PostgresError) -> APIError:
    return APIError({
        "code": error.sqlstate, "message": error.args[0] if error.args else "", "details": error.detail,
        "hint": error.hint,
    })  # fmt: skip
