"""A real Valkey (or Redis, which speaks the same) for tests, in a process of its own on a free port."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from dataclasses import dataclass

import pytest

from scripts.stack.ports import free_port

_NAMES = ("valkey-server", "redis-server")


@dataclass
class Valkey:
    """The server, and its end."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it at once, as a machine that fails does."""
        self.process.kill()
        self.process.wait()


def _program() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name)) is not None), None)


def _install() -> str | None:
    """Install one where this is a Debian and we may; returns its path."""
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        return None
    for name in _NAMES:
        subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", name], capture_output=True)
        if program := _program():
            return program
    return None


@contextlib.contextmanager
def running_valkey() -> Generator[Valkey]:
    """A server that keeps nothing on disk, gone afterwards. Skips the test where none can be had."""
    program = _program() or _install()
    if program is None:
        pytest.skip("valkey-server or redis-server is needed: install one (sudo apt install redis-server)")
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", "/"],
        stdout=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert time.monotonic() < deadline, "Valkey did not start"
            time.sleep(0.02)
        yield Valkey(f"redis://127.0.0.1:{port}/0", process)
    finally:
        process.kill()
        process.wait()
