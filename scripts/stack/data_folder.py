"""The folder that holds everything one embedded Roost knows, and the one process that may use it."""

import fcntl
import os
import re
import secrets
import shlex
import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from scripts.stack.errors import StackError

LEAST_FREE = 300_000_000  # bytes; Postgres stops in the middle of its work when the disk is full


@dataclass(frozen=True)
class Secrets:
    """Made once per data folder, at random."""

    postgres_admin_password: str
    postgres_password: str
    supabase_jwt_secret: str
    supabase_publishable_key: str
    supabase_service_key: str

    @classmethod
    def random(cls) -> "Secrets":
        """New ones; letters, digits, `-` and `_` only, so that they need no quoting in a URL or a shell."""
        return cls(
            postgres_admin_password=secrets.token_hex(24),
            postgres_password=secrets.token_hex(24),
            supabase_jwt_secret=secrets.token_urlsafe(48),
            supabase_publishable_key=f"sb_publishable_{secrets.token_urlsafe(24)}",
            supabase_service_key=f"sb_secret_{secrets.token_urlsafe(32)}",
        )


class DataFolder:
    """`postgres/ uploads/ mail/ logs/ caddy/ secrets.env env lock` below one path."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres = self.path / "postgres"
        self.uploads = self.path / "uploads"
        self.mail = self.path / "mail"
        self.logs = self.path / "logs"
        self.caddy = self.path / "caddy"
        self.environment_file = self.path / "env"
        self.secrets_file = self.path / "secrets.env"
        self._lock_file = self.path / "lock"

    @contextmanager
    def owned(self) -> Generator[None]:
        """Hold the folder for this process alone, making it where it is missing.

        Raises:
            StackError: another Roost has it, the disk is nearly full, or it may not be written.
        """
        try:
            # Others may pass, not look: as root, Postgres runs as a user of its own and has its folder below.
            self.path.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
            for folder in (self.uploads, self.mail, self.logs, self.caddy):
                folder.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(self._lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except FileExistsError as error:
            raise StackError(f"{error.filename} is a file: choose a folder with --data") from error
        except PermissionError as error:
            raise StackError(f"no permission to write {error.filename}: choose another folder with --data") from error
        try:
            self._take_lock(descriptor)
            self._check_space()
            self.environment_file.unlink(missing_ok=True)
            yield
        finally:
            os.close(descriptor)

    def _take_lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StackError(
                f"{self.path} is in use by another Roost (process {self._lock_file.read_text().strip() or 'unknown'}): "
                "stop it, or choose another folder with --data"
            ) from error
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.path).free
        if free < LEAST_FREE:
            raise StackError(
                f"the disk with {self.path} is full ({free // 1_000_000} MB left, {LEAST_FREE // 1_000_000} MB are "
                "needed): make room, or choose a folder on another disk with --data"
            )

    def in_use(self) -> bool:
        """Whether a Roost runs on it now."""
        try:
            descriptor = os.open(self._lock_file, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def secrets(self) -> Secrets:
        """The folder's secrets, made at its first use.

        Raises:
            StackError: the folder has a database and its secrets are gone or incomplete.
        """
        if self.secrets_file.exists():
            values = parse_environment(self.secrets_file.read_text())
            try:
                return Secrets(**{name.lower(): value for name, value in values.items()})
            except TypeError as error:
                raise StackError(
                    f"{self.secrets_file} is damaged: {error}; put back the file of this folder"
                ) from error
        if self.postgres.exists():
            raise StackError(
                f"{self.secrets_file} is missing and the database beside it cannot be opened without: "
                "put the file back, or choose another folder with --data"
            )
        made = Secrets.random()
        values = {name.upper(): value for name, value in asdict(made).items()}
        write_private(self.secrets_file, format_environment(values))
        return made

    def publish(self, environment: Mapping[str, str]) -> None:
        """Write `env`, which others source to reach the running stack."""
        names = " ".join(environment)
        write_private(self.environment_file, f"{format_environment(environment)}export {names}\n")

    def withdraw(self) -> None:
        """Remove `env`; nothing runs any more."""
        self.environment_file.unlink(missing_ok=True)

    def published(self) -> dict[str, str]:
        """What `publish` wrote.

        Raises:
            StackError: no Roost runs on this folder, or it is still starting.
        """
        if not self.in_use():
            raise StackError(f"no Roost runs on {self.path}: start it with ./scripts/dev, in another terminal")
        try:
            return parse_environment(self.environment_file.read_text())
        except FileNotFoundError as error:
            raise StackError(
                f"the Roost on {self.path} is still starting: wait until it says that it is ready"
            ) from error


def format_environment(values: Mapping[str, str]) -> str:
    """Lines that a shell can source."""
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in values.items())


def parse_environment(text: str) -> dict[str, str]:
    """The reverse of `format_environment`; other lines are passed over."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        match = re.match(r"^([A-Z][A-Z0-9_]*)=(.*)$", line)
        if match:
            values[match[1]] = "".join(shlex.split(match[2]))
    return values


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all, and safely on the disk."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
