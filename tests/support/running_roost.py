"""The whole product, started as a person starts it, for tests that look at it from outside.

with running_roost(MODEL="openai-chat:scripted", OPENAI_BASE_URL=server.url) as roost:
    roost.put("prices.md", "A night costs 90 euros.")
    assert roost.sync()["files_processed"] == 1
    ... open roost.url in a browser ...
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.stack.data_folder import DataFolder
from scripts.stack.ports import free_port

ROOT = Path(__file__).parents[2]
READY = "Roost is ready at "
SECONDS_TO_START = 180  # the first start installs npm packages and builds the web app


@dataclass(frozen=True)
class RunningRoost:
    """A running `scripts/dev`: its origin, its folders, its process."""

    url: str
    watched: Path
    data: DataFolder
    process: subprocess.Popen[str]

    @property
    def environment(self) -> dict[str, str]:
        """What it tells in DATA/env: SUPABASE_URL, the keys, DATABASE_URL …"""
        return self.data.published()

    def put(self, name: str, content: str | bytes) -> Path:
        """Put a file into the watched folder."""
        path = self.watched / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def sync(self) -> dict[str, Any]:
        """Make one pipeline run and return its report, with the exit code as `exit_code`."""
        command = [sys.executable, "-m", "scripts.stack", "sync", "--data", str(self.data.path)]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        lines = result.stdout.strip().splitlines()
        assert lines, f"the pipeline said nothing (exit code {result.returncode}):\n{result.stderr[-4000:]}"
        return {**json.loads(lines[-1]), "exit_code": result.returncode}

    def mails(self) -> list[dict[str, Any]]:
        """The mails written so far, oldest first."""
        return [json.loads(path.read_text()) for path in sorted(self.data.mail.glob("*.json"))]

    def logs(self) -> str:
        """The last lines of every log."""
        parts = [f"== {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in self.data.logs.glob("*.log")]
        return "\n".join(parts)


def start(data: Path, watched: Path, port: int, **environment: str) -> "subprocess.Popen[str]":
    """Start the supervisor, without waiting for it; its output can be read from `stdout`."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.stack", "--data", data, "--watch", watched, "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "GENERATE_TITLES": "false", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
    )


def wait_until_ready(process: "subprocess.Popen[str]") -> str:
    """Read its output up to the line that says it is ready; the output so far.

    Raises:
        AssertionError: it ended instead, with what it wrote.
    """
    assert process.stdout is not None
    said: list[str] = []
    deadline = time.monotonic() + SECONDS_TO_START
    for line in process.stdout:
        said.append(line)
        if line.startswith(READY):
            return "".join(said)
        assert time.monotonic() < deadline, f"not ready after {SECONDS_TO_START} s:\n{''.join(said)}"
    raise AssertionError(f"Roost did not start (exit code {process.wait()}):\n{''.join(said)}")


def stop(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """Ask it to end; its exit code and what it still wrote."""
    process.terminate()
    try:
        rest, _ = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        rest, _ = process.communicate()
    return process.returncode, rest


@contextlib.contextmanager
def running_roost(**environment: str) -> Generator[RunningRoost]:
    """A Roost with empty folders of its own on a free port, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="roost-running-") as folder:
        data, watched = DataFolder(Path(folder, "data")), Path(folder, "documents")
        Path(folder).chmod(0o711)
        watched.mkdir()
        port = free_port()
        process = start(data.path, watched, port, **environment)
        try:
            wait_until_ready(process)
            yield RunningRoost(f"http://localhost:{port}", watched, data, process)
        finally:
            stop(process)
