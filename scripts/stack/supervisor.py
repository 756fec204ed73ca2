"""Start everything in its order, keep it running, stop it in the reverse order."""

import asyncio
import secrets
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scripts.stack import environment as env
from scripts.stack import services
from scripts.stack.caddy import Caddy
from scripts.stack.child import Child, Command
from scripts.stack.data_folder import DataFolder
from scripts.stack.http_probe import wait_for_http
from scripts.stack.installation import EMBEDDED, build_web_app, install_packages
from scripts.stack.keeper import first_failure, keep_alive, keep_logs_small
from scripts.stack.migrations import migrate
from scripts.stack.ports import check_port, free_ports
from scripts.stack.postgres import Cluster
from scripts.stack.supabase_server import MAIL_SETTINGS, SupabaseServer


@dataclass(frozen=True)
class Options:
    """What the command line says: the data folder, the public port, the folder of documents."""

    data: Path
    port: int
    watched: Path

    @property
    def url(self) -> str:
        """Where people open Roost."""
        return f"http://localhost:{self.port}"


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(text, flush=True)


class Diary:
    """`logs/roost.log`: when each step of a start was done, to see what a start waits for."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._began = time.monotonic()

    def note(self, text: str) -> None:
        """Write a line with the seconds since the start."""
        self._file.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {time.monotonic() - self._began:7.2f} s  {text}\n")
        self._file.flush()


class Supervisor:
    """One embedded stack in the data folder, which this process owns."""

    def __init__(self, options: Options, data: DataFolder) -> None:
        self._options = options
        self._data = data
        self._secrets = data.secrets()
        self._users = env.users_environment()
        self._children: list[Child] = []
        self._diary = Diary(data.logs / "roost.log")

    async def run(self) -> None:
        """Start, say so, keep alive until SIGINT or SIGTERM, and stop.

        Raises:
            StackError: something did not start, or does not stay up. Everything is stopped all the same.
        """
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, stopping.set)
        work = asyncio.create_task(self._start_and_keep())
        stop = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait((work, stop), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
            else:
                self._tell("Stopping")
        finally:
            self._data.withdraw()
            for task in (work, stop):
                task.cancel()
            await asyncio.gather(work, stop, return_exceptions=True)
            await self._stop()

    async def _start_and_keep(self) -> None:
        await self._start()
        self._tell(f"Roost is ready at {self._options.url}")
        keepers = [asyncio.create_task(keep_alive(child, self._tell)) for child in self._children]
        keepers.append(asyncio.create_task(keep_logs_small(self._children)))
        try:
            error = await first_failure(*keepers)
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
        if error is not None:
            raise error

    def _tell(self, text: str) -> None:
        say(text)
        self._diary.note(text)

    async def _start(self) -> None:
        check_port(self._options.port)
        log = self._data.logs / "npm.log"
        await install_packages(EMBEDDED, log)
        web_app = asyncio.create_task(build_web_app(log))
        behind = asyncio.create_task(self._start_behind_caddy())
        await both_or_neither(web_app, behind)
        supabase_port, api_port, given = behind.result()
        self._diary.note("the web app is built")
        await self._start_caddy(Caddy(self._options.port, api_port, supabase_port, web_app.result(), self._data.caddy))
        self._data.publish({"ROOST_URL": self._options.url, **given})

    async def _start_behind_caddy(self) -> tuple[int, int, dict[str, str]]:
        """Start all that Caddy stands in front of: Supabase's port, the agent API's, and what their clients need."""
        postgres_port, supabase_port, api_port = free_ports(3)
        cluster = await self._start_postgres(postgres_port)
        supabase = await self._start_supabase(supabase_port, cluster.url())
        migrated = await migrate(cluster.url())
        if migrated:
            self._tell(f"Migrated the database to {migrated[-1]}")
        given = env.connection(
            self._data,
            self._secrets,
            supabase_url=supabase.url,
            database_url=cluster.url(),
            service_database_url=cluster.service_url(),
        )
        given |= env.pipeline(self._users, self._options.watched)
        await self._start_services({**self._users, **given}, api_port)
        return supabase_port, api_port, given

    async def _start_postgres(self, port: int) -> Cluster:
        cluster = Cluster(
            self._data.postgres,
            port,
            self._secrets.postgres_admin_password,
            self._secrets.postgres_password,
            # Nobody needs it after this start: it is another one at the next.
            service_password=secrets.token_hex(24),
        )
        if not self._data.postgres.exists():
            say(f"Making a new Roost in {self._data.path}")
        await asyncio.to_thread(cluster.create)
        child = await self._launch(cluster.command(), "postgres")
        waiting = asyncio.create_task(cluster.wait_until_ready())
        died = asyncio.create_task(child.ended())
        await asyncio.wait((waiting, died), return_when=asyncio.FIRST_COMPLETED)
        if died.done():
            waiting.cancel()
            raise child.failure("ended during its start")
        died.cancel()
        await waiting
        await cluster.bootstrap()
        self._diary.note("Postgres answers")
        return cluster

    async def _start_supabase(self, port: int, database_url: str) -> SupabaseServer:
        server = SupabaseServer(
            port=port,
            database_url=database_url,
            site_url=self._options.url,
            jwt_secret=self._secrets.supabase_jwt_secret,
            publishable_key=self._secrets.supabase_publishable_key,
            service_key=self._secrets.supabase_service_key,
            mail_folder=self._data.mail,
            settings={name: self._users[name] for name in MAIL_SETTINGS if name in self._users},
        )
        await server.wait_until_ready(await self._launch(server.command(), "supabase"))
        self._diary.note("Supabase answers")
        return server

    async def _start_services(self, environment: Mapping[str, str], port: int) -> None:
        api = await self._launch(services.agent_api(environment, port), "agent-api")
        await wait_for_http(api, port, "/api/ready")
        self._diary.note("the agent API is ready")
        await self._launch(services.rag_pipeline(environment), "rag-pipeline")

    async def _start_caddy(self, caddy: Caddy) -> None:
        child = await self._launch(caddy.command(), "caddy")
        key = {"apikey": self._secrets.supabase_publishable_key}
        for path, headers in (
            ("/", {}),
            ("/config.json", {}),
            ("/api/ready", {}),
            ("/auth/v1/health", key),
        ):
            await wait_for_http(child, caddy.port, path, headers=headers)

    async def _launch(self, command: Command, log: str) -> Child:
        child = Child(command, self._data.logs / f"{log}.log")
        self._children.append(child)
        await child.start()
        return child

    async def _stop(self) -> None:
        """Caddy first, so that nobody is let in any more; Postgres last."""
        for child in reversed(self._children):
            await child.stop()


async def both_or_neither(*tasks: asyncio.Task[Any]) -> None:
    """Wait for all; when one fails or this is cancelled, cancel the others and pass it on."""
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
