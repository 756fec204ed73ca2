"""Postgres and the Supabase server of one test session, and fresh databases from them."""

import asyncio
import contextlib
import tempfile
import threading
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from scripts.stack.child import Child
from scripts.stack.migrations import migrate
from scripts.stack.ports import free_ports
from scripts.stack.postgres import OWNER, THROW_AWAY, Cluster
from scripts.stack.supabase_server import SupabaseServer
from tests.support.forked_api import ApiForks
from tests.support.fresh_database import FreshDatabase
from tests.support.stack import JWT_SECRET, PUBLISHABLE_KEY, SERVICE_KEY, Stack

DATABASE = "roost_test"
TEMPLATE = "roost_template"
LISTENING = "select exists (select from pg_stat_activity where datname = $1 and query ilike 'listen %')"
Result = TypeVar("Result")


class LoopThread:
    """An event loop in a thread of its own: the children belong to it, whatever loops the tests have."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stack", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run to the end, from any thread but its own."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=120)

    def close(self) -> None:
        """Stop the loop and the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class StackServer:
    """One Postgres, one Supabase server, one database that is made fresh again and again."""

    def __init__(self, folder: Path, forks: ApiForks | None = None) -> None:
        self._loop = LoopThread()
        postgres_port, supabase_port = free_ports(2)
        folder.chmod(0o711)
        self._cluster = Cluster(
            folder / "postgres", postgres_port, "admin0of0the0tests", "owner0of0the0tests", "service0of0the0tests"
        )
        self._postgres = Child(self._cluster.command(THROW_AWAY), folder / "postgres.log")
        database_url = self._cluster.url(database=DATABASE)
        admin_url = self._cluster.url(database=DATABASE, admin=True)
        self._server = SupabaseServer(
            port=supabase_port,
            database_url=database_url,
            site_url="http://localhost:8080",
            jwt_secret=JWT_SECRET,
            publishable_key=PUBLISHABLE_KEY,
            service_key=SERVICE_KEY,
            mail_folder=folder / "mail",
            settings={"PASSWORD_COST": "4"},
        )
        self._supabase = Child(self._server.command(), folder / "supabase.log")
        self._database = FreshDatabase(admin_url)
        self.stack = Stack(
            supabase_url=self._server.url,
            database_url=database_url,
            admin_database_url=admin_url,
            service_database_url=self._cluster.service_url(database=DATABASE),
            folder=folder,
            forks=forks,
        )

    def start(self) -> None:
        """Make the cluster, the schema and the template of it."""
        self._cluster.create()
        self._loop.run(self._start())

    async def _start(self) -> None:
        await self._postgres.start()
        await self._cluster.wait_until_ready()
        await self._cluster.bootstrap()
        await self._execute(f"create database {DATABASE} owner {OWNER}")
        await self._cluster.bootstrap(DATABASE)
        await self._supabase.start()
        await self._server.wait_until_ready(self._supabase)
        await migrate(self.stack.database_url)
        await self._execute(
            f"alter database {DATABASE} with allow_connections false",
            f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{DATABASE}'",
            f"create database {TEMPLATE} template {DATABASE} is_template true",
            f"alter database {DATABASE} with allow_connections true",
        )
        await self._settle()

    def reset(self) -> Stack:
        """Make the database fresh, and empty the folders."""
        for folder in (self.stack.mail_folder, self.stack.uploads_folder):
            if folder.exists():
                for path in sorted(folder.rglob("*"), reverse=True):
                    path.rmdir() if path.is_dir() else path.unlink()
        self._loop.run(self._reset())
        return self.stack

    async def _reset(self) -> None:
        if await self._database.restore():
            return
        await self._database.close()
        await self._execute(
            f"drop database {DATABASE} with (force)", f"create database {DATABASE} template {TEMPLATE} owner {OWNER}"
        )
        await self._settle()

    async def _settle(self) -> None:
        """Wait until the server has found its connections again and listens for changes of the schema."""
        await self._server.wait_until_ready(self._supabase)
        connection = await asyncpg.connect(self._cluster.url(admin=True))
        async with asyncio.timeout(30):
            while not await connection.fetchval(LISTENING, DATABASE):  # noqa: ASYNC110  (the event is elsewhere)
                await asyncio.sleep(0.01)
        await connection.close()
        await self._database.remember()

    async def _execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(self._cluster.url(admin=True))
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def stop(self) -> None:
        """End both processes."""
        self._loop.run(self._stop())
        self._loop.close()

    async def _stop(self) -> None:
        await self._database.close()
        await self._supabase.stop()
        await self._postgres.stop()


@contextlib.contextmanager
def running_stack_server(forks: ApiForks | None = None) -> Generator[StackServer]:
    """A server in a folder of its own, gone afterwards. Its agent APIs are forked by ``forks``, where given."""
    with tempfile.TemporaryDirectory(prefix="roost-tests-") as folder:
        server = StackServer(Path(folder), forks)
        try:
            server.start()
            yield server
        finally:
            server.stop()
