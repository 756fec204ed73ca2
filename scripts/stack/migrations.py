"""Migrations out of supabase/migrations, recorded where the Supabase CLI records them, so that either can go on."""

import re
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from scripts.stack.errors import StackError

FOLDER = Path(__file__).parents[2] / "supabase" / "migrations"
NAME = re.compile(r"^(\d{14})_([a-z0-9_]+)\.sql$")
LOCK = 7_203_415_001  # of this product; two stacks on one database migrate one after the other

HISTORY = """
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text not null primary key,
  statements text[],
  name text
);
alter table supabase_migrations.schema_migrations add column if not exists statements text[];
alter table supabase_migrations.schema_migrations add column if not exists name text;
"""


@dataclass(frozen=True)
class Migration:
    """One file: `20261122000100_create_people.sql` is version 20261122000100, name create_people."""

    path: Path
    version: str
    name: str


def read_folder(folder: Path = FOLDER) -> list[Migration]:
    """The migrations in their order.

    Raises:
        StackError: a file's name is not <14 digits>_<name>.sql, or two files have one version.
    """
    migrations: dict[str, Migration] = {}
    for path in sorted(folder.glob("*.sql")):
        match = NAME.match(path.name)
        if match is None:
            raise StackError(f"{path} must be called <14 digits of UTC time>_<verb_noun>.sql")
        version, name = match.groups()
        if version in migrations:
            raise StackError(f"{path} and {migrations[version].path} have the same version")
        migrations[version] = Migration(path, version, name)
    return list(migrations.values())


async def migrate(database_url: str, folder: Path = FOLDER) -> list[str]:
    """Run what has not run yet, each file in a transaction of its own together with its record.

    Returns:
        The names of the files that ran now.

    Raises:
        StackError: naming file and line where a migration failed; that file left nothing behind.
    """
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute("set client_min_messages = warning")
        await connection.execute("select pg_advisory_lock($1)", LOCK)
        await connection.execute(HISTORY)
        rows = await connection.fetch("select version from supabase_migrations.schema_migrations")
        done = {row["version"] for row in rows}
        pending = [migration for migration in read_folder(folder) if migration.version not in done]
        for migration in pending:
            await apply(connection, migration)
        return [migration.path.name for migration in pending]
    finally:
        await connection.close()


async def apply(connection: "asyncpg.Connection[asyncpg.Record]", migration: Migration) -> None:
    """Run one file and record it, both or neither."""
    text = migration.path.read_text(encoding="utf-8")
    try:
        async with connection.transaction():
            await connection.execute(text)
            await connection.execute("reset role")
            await connection.execute(
                "insert into supabase_migrations.schema_migrations (version, statements, name) values ($1, $2, $3)",
                migration.version,
                [text],
                migration.name,
            )
    except asyncpg.PostgresError as error:
        raise StackError(describe(error, migration.path, text)) from error


def describe(error: asyncpg.PostgresError, path: Path, text: str) -> str:
    """One sentence with the file, the line where Postgres stumbled, and its words."""
    position = getattr(error, "position", None)
    line = text.count("\n", 0, int(position) - 1) + 1 if position else None
    place = f"{path}, line {line}" if line else f"{path}"
    detail = f" ({error.detail})" if getattr(error, "detail", None) else ""
    context = getattr(error, "context", None)
    where = f" [{context.splitlines()[0]}]" if context and not position else ""
    return f"migration failed at {place}: {error}{detail}{where}"
