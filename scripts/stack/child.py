"""One child process: its log file, its start, its end."""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.stack.errors import StackError

LAUNCH = Path(__file__).with_name("launch.py")
LOG_LIMIT = 20_000_000  # bytes; a larger log is moved to NAME.log.1
TAIL_LINES = 15


@dataclass(frozen=True)
class Command:
    """What a child runs.

    `stop_signal` asks it to end in its own good time, of which it has `stop_timeout` seconds. `user` is the (uid, gid)
    to become, for a stack that root starts.
    """

    name: str
    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    stop_timeout: float = 10.0
    user: tuple[int, int] | None = None
    read_all: bool = False


class Child:
    """A running command, in a process group of its own, writing to a log file."""

    def __init__(self, command: Command, log: Path) -> None:
        self.command = command
        self.log = log
        self._process: asyncio.subprocess.Process | None = None
        self._log_start = 0

    @property
    def name(self) -> str:
        """How the child is called in messages."""
        return self.command.name

    @property
    def pid(self) -> int | None:
        """Its process id, None before the start."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start it; output is appended to the log."""
        self.keep_log_small()
        uid, gid = self.command.user or (0, 0)
        launcher = [sys.executable, "-I", "-S", LAUNCH, os.getpid(), int(self.command.stop_signal), uid, gid]
        arguments = [*launcher, int(self.command.read_all), *self.command.arguments]
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._log_start = os.fstat(descriptor).st_size
            self._process = await asyncio.create_subprocess_exec(
                *(str(argument) for argument in arguments),
                env=dict(self.command.environment),
                cwd=self.command.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
            )
        finally:
            os.close(descriptor)

    async def ended(self) -> int:
        """Wait for its end and return its exit code, negative for a signal."""
        assert self._process is not None  # noqa: S101
        return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to end, insist when it does not, and clear its process group of whatever it left."""
        process = self._process
        if process is None:
            return
        if process.returncode is None:
            process.send_signal(self.command.stop_signal)
            try:
                await asyncio.wait_for(process.wait(), self.command.stop_timeout)
            except TimeoutError:
                process.kill()
                await process.wait()
        self.clear_group()

    def clear_group(self) -> None:
        """End what the child started and left behind, such as a worker process of a pool."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # nothing was left, as it should be
        except PermissionError:
            return  # the group's number has passed on to somebody else's process

    def tail(self) -> str:
        """The last lines that it wrote since its last start."""
        with self.log.open("rb") as file:
            file.seek(self._log_start)
            lines = file.read().decode(errors="replace").splitlines()
        return "\n".join(lines[-TAIL_LINES:])

    def keep_log_small(self) -> None:
        """Move a log that has grown too large aside; safe while the child appends to it."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
            os.truncate(self.log, 0)
            self._log_start = 0

    def failure(self, what: str) -> StackError:
        """An error that names the child and shows why it failed."""
        return StackError(f"{self.name} {what}; its log is {self.log}", log=self.tail())


def describe_exit(code: int) -> str:
    """`exit code 1`, or the name of the signal that ended the process."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
