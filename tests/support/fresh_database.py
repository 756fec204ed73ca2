"""Bring a database back to what the migrations made of it, quickly.

Rows are deleted and the migrations' own rows copied back, which takes milliseconds. When tables, columns, functions,
triggers or policies have changed since, or somebody still holds a lock, that is not enough, and the database is made
anew from its template.
"""

from io import BytesIO
from typing import TypeAlias

import asyncpg

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

TABLES = """
select format('%I.%I', n.nspname, c.relname) as name, n.nspname as schema, c.relname as table
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.oid >= 16384 and n.nspname <> 'supabase_migrations'
  and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
"""
SEQUENCES = """
select format('select pg_catalog.setval(%L, %s, %L)', c.oid::regclass,
  coalesce(pg_sequence_last_value(c.oid), s.seqstart), pg_sequence_last_value(c.oid) is not null) as statement
from pg_class c join pg_sequence s on s.seqrelid = c.oid
"""
# The newest change and the number of all that DDL touches. Plain writes, analyze and vacuum leave these alone.
FINGERPRINT = "select " + ", ".join(
    f"(select count(*) || ' ' || max(xmin::text::bigint) from {catalogue} where {oid} >= 16384)"
    for catalogue, oid in {
        "pg_class": "oid",
        "pg_attribute": "attrelid",
        "pg_proc": "oid",
        "pg_type": "oid",
        "pg_trigger": "oid",
        "pg_policy": "oid",
        "pg_constraint": "oid",
    }.items()
)


class FreshDatabase:
    """One database, as it was when `remember` was called."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: Connection | None = None
        self._fingerprint: asyncpg.Record | None = None
        self._rows: list[tuple[str, str, bytes]] = []
        self._clear = ""

    async def remember(self) -> None:
        """Look at the database as it is now; the connection stays open for `restore`."""
        connection = self._connection = await asyncpg.connect(self._url)
        tables = await connection.fetch(TABLES)
        sequences = await connection.fetch(SEQUENCES)
        self._fingerprint = await connection.fetchrow(FINGERPRINT)
        self._clear = ";\n".join(
            [f"delete from {row['name']}" for row in tables] + [row["statement"] for row in sequences]
        )
        self._rows = []
        for row in tables:
            if await connection.fetchval(f"select exists (select from {row['name']})"):
                copy = BytesIO()
                await connection.copy_from_table(row["table"], schema_name=row["schema"], output=copy)
                self._rows.append((row["schema"], row["table"], copy.getvalue()))

    async def restore(self) -> bool:
        """Bring every row back; False when that is not enough or not possible."""
        connection = self._connection
        assert connection is not None, "remember comes first"
        try:
            if await connection.fetchrow(FINGERPRINT) != self._fingerprint:
                return False
            async with connection.transaction():
                await connection.execute("set local session_replication_role = replica; set local lock_timeout = '2s'")
                await connection.execute(self._clear)
                for schema, table, rows in self._rows:
                    await connection.copy_to_table(table, schema_name=schema, source=BytesIO(rows))
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False  # a lock that somebody holds, or a test that has cut all connections
        return True

    async def close(self) -> None:
        """Leave the database."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
