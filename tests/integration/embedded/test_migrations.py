"""Running migrations: each once, each whole, with words that help when one fails."""

from pathlib import Path

import asyncpg
import pytest

from scripts.stack.errors import StackError
from scripts.stack.migrations import migrate
from tests.support.stack import Stack

pytestmark = pytest.mark.usefixtures("stack")


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text)


async def fetch(stack: Stack, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(stack.database_url)
    rows = await connection.fetch(query)
    await connection.close()
    return rows


async def test_each_file_runs_once_and_is_recorded_as_the_supabase_cli_does(stack: Stack, tmp_path: Path) -> None:
    write(tmp_path, "29990101000000_make_one.sql", "create table public.one (id int);")

    assert await migrate(stack.database_url, tmp_path) == ["29990101000000_make_one.sql"]
    assert await migrate(stack.database_url, tmp_path) == []

    rows = await fetch(stack, "select * from supabase_migrations.schema_migrations where version > '2999'")
    assert [(row["version"], row["name"], row["statements"]) for row in rows] == [
        ("29990101000000", "make_one", ["create table public.one (id int);"])
    ]


async def test_a_failing_file_is_named_with_its_line_and_leaves_nothing(stack: Stack, tmp_path: Path) -> None:
    write(tmp_path, "29990101000000_make_one.sql", "create table public.one (id int);")
    write(
        tmp_path, "29990101000001_make_two.sql", "create table public.two (id int);\n\ncreate tabel public.three ();\n"
    )

    with pytest.raises(StackError, match=r"29990101000001_make_two.sql, line 3: syntax error"):
        await migrate(stack.database_url, tmp_path)

    rows = await fetch(stack, "select to_regclass('public.one') as one, to_regclass('public.two') as two")
    assert (rows[0]["one"], rows[0]["two"]) == ("one", None)


async def test_misnamed_files_are_refused(stack: Stack, tmp_path: Path) -> None:
    write(tmp_path, "make_one.sql", "select 1")

    with pytest.raises(StackError, match="must be called"):
        await migrate(stack.database_url, tmp_path)


async def test_two_files_of_one_version_are_refused(stack: Stack, tmp_path: Path) -> None:
    write(tmp_path, "29990101000000_make_one.sql", "select 1")
    write(tmp_path, "29990101000000_make_two.sql", "select 1")

    with pytest.raises(StackError, match="same version"):
        await migrate(stack.database_url, tmp_path)
