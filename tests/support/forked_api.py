"""The agent API started again and again within a second: a process that has imported it forks one for each start.

A start is nearly all imports, four seconds of them. Tests that start a hundred do not want to wait for those a hundred
times; that `python -m agent_api` itself starts is tested where the whole product runs.

    python -m tests.support.forked_api      # each line of JSON it reads starts one; the answer is the process's number
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from scripts.stack.child import LAUNCH

ROOT = Path(__file__).parents[2]
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


class ForkedProcess:
    """A process that somebody else has forked for this one: as much of ``subprocess.Popen`` as tests need."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        """Wait until it has ended; its exit code.

        Raises:
            TimeoutExpired: it runs on after that many seconds.
        """
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("agent_api", timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at this instant."""
        self.send_signal(signal.SIGKILL)


class ApiForks:
    """Starts agent APIs, as children of this process, by a helper that has imported them."""

    def __init__(self, inherited: Mapping[str, str]) -> None:
        self._inherited = dict(inherited)
        self._helper: subprocess.Popen[str] | None = None

    def start(self, environment: Mapping[str, str], log: Path) -> ForkedProcess:
        """Start one with that environment, which writes to that file."""
        if self._helper is None:
            self._helper = self._start_helper()
        helper = self._helper
        assert helper.stdin is not None
        assert helper.stdout is not None
        log.touch(mode=0o600)
        with _adopting():
            order = {"environment": dict(environment), "log": str(log), "parent": os.getpid()}
            with suppress(BrokenPipeError):
                print(json.dumps(order), file=helper.stdin, flush=True)
            answer = helper.stdout.readline()
        assert answer, f"the helper that starts agent APIs has ended (exit code {helper.wait()})"
        return ForkedProcess(int(answer))

    def close(self) -> None:
        """End the helper; what it has started runs on."""
        if self._helper is not None:
            self._helper.communicate()  # at the end of its input it ends
            self._helper = None

    def _start_helper(self) -> subprocess.Popen[str]:
        # With the tests, however they end, it ends too.
        launcher = [sys.executable, "-I", "-S", LAUNCH, str(os.getpid()), "9", "0", "0", "0"]
        return subprocess.Popen(
            [*launcher, sys.executable, "-m", "tests.support.forked_api"],
            env=self._inherited,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


@contextmanager
def _adopting() -> Generator[None]:
    """Become the parent of what loses its own meanwhile."""
    _prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        _prctl(PR_SET_CHILD_SUBREAPER, 0)


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def serve() -> None:
    """Start one for each line that is read, until there are no more."""
    gc.disable()
    from agent_api.command import main

    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        between = os.fork()
        if between == 0:
            parent = os.getpid()
            if pid := os.fork():
                os.write(writing, str(pid).encode())
                os.kill(parent, signal.SIGKILL)  # at once: the other is left to whoever has sent the order
            os.close(reading)
            os.close(writing)
            _become(order, parent)
            gc.enable()
            os._exit(main([]))
        os.close(writing)
        os.waitpid(between, 0)
        print(os.read(reading, 32).decode(), flush=True)
        os.close(reading)


def _become(order: dict[str, Any], parent: int) -> None:
    """Take the order's environment and output on, and end with whoever has sent it."""
    while os.getppid() == parent:
        time.sleep(0.001)
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != order["parent"]:
        os._exit(126)  # the tests have ended meanwhile
    output = os.open(order["log"], os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.close(nothing)
    os.close(output)
    os.environ.clear()
    os.environ.update(order["environment"])


if __name__ == "__main__":
    serve()
