"""The role that the services log in as, and what is said of an address that is wrong."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

import asyncpg
import pytest

from core.errors import ConfigurationError, DatabaseUnreachable, RoostError, ServiceKeyRefused
from core.settings import CoreSettings, load_settings
from scripts.stack.migrations import read_folder
from tests.integration.database.conftest import connected, opened
from tests.support.pipeline import Pipeline
from tests.support.stack import Stack

MIGRATION = next(found.path for found in read_folder() if found.name == "call_functions_directly")
RIGHTS = """
select c.oid::regclass::text, p.name, has_table_privilege($1, c.oid, p.name)
from pg_class as c cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate']) as p (name)
where c.relkind in ('r', 'v') and c.relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema')
order by 1, 2
"""


async def test_the_role_is_service_role_and_no_more(module_stack: Stack) -> None:
    async with connected(module_stack.service_database_url) as connection:
        for statement in (
            "create table public.mine (id int)",
            "create schema mine",
            "create role mine",
            "create function public.mine() returns int language sql as 'select 1'",
            "set role postgres",
            "set role supabase_admin",
            "set session authorization postgres",
            "alter role roost_service superuser",
            "alter role postgres password 'mine'",
            "grant postgres to roost_service",
            "copy (select 1) to program 'true'",
            "select pg_read_file('PG_VERSION')",
            "select rolpassword from pg_authid",
            "alter table public.agents disable row level security",
            "drop function public.begin_run(jsonb, jsonb)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
        may = await connection.fetch(RIGHTS, await connection.fetchval("select current_user::text"))
        assert may == await connection.fetch(RIGHTS, "service_role")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select encrypted_password from auth.users")


async def test_the_role_stays_service_role(module_stack: Stack) -> None:
    """A session that loses it has nothing at all."""
    async with connected(module_stack.service_database_url) as connection:
        for statement in ("select 1", "reset role", "reset all", "discard all", "set role service_role"):
            await connection.execute(statement)
            assert await connection.fetchval("select current_user::text") == "service_role", statement
        await connection.execute("set role none")
        for statement in ("select * from public.agents", "select public.interrupt_expired_runs()"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


async def test_the_migration_makes_the_role_where_there_is_none(module_stack: Stack) -> None:
    """As on hosted Supabase, where whoever migrates is no superuser; where they may not, nothing is made."""
    script = MIGRATION.read_text("utf-8")
    async with connected(module_stack.admin_database_url) as admin, connected(module_stack.database_url) as owner:
        await admin.execute("alter role roost_service rename to roost_service_aside")
        try:
            async with owner.transaction():
                await owner.execute("set local role service_role")
                await owner.execute(script)
            assert not await owner.fetchval("select exists (select from pg_roles where rolname = 'roost_service')")

            await owner.execute(script)
            await owner.execute(script)
            await owner.execute("alter role roost_service login password 'of-the-owner'")
            url = module_stack.service_database_url.replace("service0of0the0tests", "of-the-owner")
            async with opened(module_stack, SERVICE_DATABASE_URL=url) as database:
                assert await database.call("forget_answers") == 0
            settings = "select setconfig from pg_db_role_setting where setrole = $1::text::regrole"
            assert sorted(await admin.fetchval(settings, "roost_service")) == sorted(
                await admin.fetchval(settings, "roost_service_aside")
            )
        finally:
            await admin.execute("drop role if exists roost_service")
            await admin.execute("alter role roost_service_aside rename to roost_service")
            await admin.execute("alter role roost_service password 'service0of0the0tests'")


@pytest.mark.parametrize("password", ["p@ss:w/rd?#%41 ü'\"", "@", "100%", "a%2Fb"])
async def test_any_password_is_possible(module_stack: Stack, password: str) -> None:
    url = module_stack.service_database_url.replace("service0of0the0tests", quote(password, safe=""))
    async with connected(module_stack.admin_database_url) as admin:
        spelt = password.replace("'", "''")
        await admin.execute(f"alter role roost_service password '{spelt}'")
        try:
            async with opened(module_stack, SERVICE_DATABASE_URL=url) as database:
                await database.ping()
        finally:
            await admin.execute("alter role roost_service password 'service0of0the0tests'")


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (("service0of0the0tests", "wr0ng-password"), ServiceKeyRefused, "the login of SERVICE_DATABASE_URL"),
        (("roost_service", "nobody_knows"), ServiceKeyRefused, "the login of SERVICE_DATABASE_URL"),
        (("roost_test", "no_such_database"), ServiceKeyRefused, "the login of SERVICE_DATABASE_URL"),
        (("127.0.0.1", "no-such-host.invalid"), DatabaseUnreachable, "cannot be reached"),
        (("roost_test", "roost_test?sslmode=nonsense"), ConfigurationError, "not an address that can be called"),
        (("roost_test", "roost_test?sslmode=require"), DatabaseUnreachable, "cannot be reached"),
    ],
)
async def test_an_address_that_is_wrong_is_told(
    module_stack: Stack, change: tuple[str, str], kind: type[RoostError], words: str
) -> None:
    url = module_stack.service_database_url.replace(*change)
    async with opened(module_stack, SERVICE_DATABASE_URL=url) as database:
        for _ in range(2):
            with pytest.raises(RoostError) as told:
                await database.ping()
            assert (type(told.value), words in told.value.detail) == (kind, True), told.value.detail


def test_the_pipeline_tells_it_in_one_line(module_stack: Stack, tmp_path: Path) -> None:
    for right, wrong, code in (("service0of0the0tests", "wr0ng", 3), ("127.0.0.1", "wr0ng.invalid", 1)):
        url = module_stack.service_database_url.replace(right, wrong)
        run = Pipeline(module_stack, tmp_path).run(SERVICE_DATABASE_URL=url)
        assert (run.exit_code, len(run["messages"])) == (code, 1)
        assert "SERVICE_DATABASE_URL" in run["messages"][0]
        assert "wr0ng" not in str(run.report)


async def test_an_address_of_something_else_is_told(module_stack: Stack) -> None:
    """Of a web server, which does not speak Postgres's protocol."""
    url = f"postgresql://roost_service:word@{module_stack.supabase_url.removeprefix('http://')}/postgres"
    async with opened(module_stack, SERVICE_DATABASE_URL=url) as database:
        with pytest.raises(DatabaseUnreachable):
            await database.call("forget_answers")


async def test_a_role_that_is_more_is_refused(module_stack: Stack) -> None:
    async with opened(module_stack, SERVICE_DATABASE_URL=module_stack.database_url) as database:
        with pytest.raises(ConfigurationError, match="Use roost_service"):
            await database.call("forget_answers")


@pytest.mark.parametrize(
    "value",
    [
        "mysql://roost_service:hidden-word@db/postgres",
        "roost_service:hidden-word@db/postgres",
        "postgresql://",
        "postgresql://roost_service:hidden-word@db:port/postgres",
        "postgresql://roost_service:hidden/word@db/postgres",
        "postgresql://roost_service:hidden#word@db/postgres",
        "postgresql+asyncpg://roost_service:hidden-word@db/postgres",
        "password",
    ],
)
def test_what_is_no_address_of_postgres_is_told(
    module_stack: Stack, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    for name, usual in module_stack.environment(SERVICE_DATABASE_URL=value).items():
        monkeypatch.setenv(name, usual)
    with pytest.raises(ConfigurationError) as told:
        load_settings(CoreSettings)
    assert "SERVICE_DATABASE_URL: " in told.value.detail
    assert "hidden" not in f"{told.value.detail}{told.value!r}"


def test_readiness_says_it_and_no_log_has_the_password(module_stack: Stack) -> None:
    url = module_stack.service_database_url.replace("service0of0the0tests", "hidden-word")
    api = module_stack.start_agent_api(SERVICE_DATABASE_URL=url)
    with pytest.raises(urllib.error.HTTPError) as answer:
        urllib.request.urlopen(f"{api.url}/api/ready", timeout=10)
    with answer.value as response:
        told = json.load(response)
    assert response.status == 503
    assert "the login of SERVICE_DATABASE_URL" in told["checks"]["database"]["detail"]
    assert "hidden-word" not in api.output()
    assert "hidden-word" not in repr(CoreSettings.model_validate({
        "supabase_url": "http://x", "supabase_publishable_key": "a", "supabase_service_key": "b",
        "service_database_url": url,
    }))  # fmt: skip
