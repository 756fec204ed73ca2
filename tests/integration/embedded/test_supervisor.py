"""`scripts/dev`'s supervisor from outside: what it starts, keeps, refuses and leaves behind."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from scripts.stack.data_folder import DataFolder
from scripts.stack.ports import free_port
from tests.support.running_roost import ROOT, RunningRoost, start, stop, wait_until_ready
from tests.support.stack import PASSWORD

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


class Trial:
    """One data folder that is started again and again."""

    def __init__(self, folder: Path) -> None:
        folder.chmod(0o711)
        self.data = DataFolder(folder / "data")
        self.watched = folder / "documents"
        self.watched.mkdir()
        self.port = free_port()
        self.running: subprocess.Popen[str] | None = None

    def start(self) -> RunningRoost:
        self.running = start(self.data.path, self.watched, self.port)
        wait_until_ready(self.running)
        return RunningRoost(f"http://localhost:{self.port}", self.watched, self.data, self.running)

    def run_to_end(self, *arguments: str) -> tuple[int, str]:
        """Start with other arguments; for starts that are refused. The exit code and what it said."""
        command = [sys.executable, "-m", "scripts.stack", "--data", self.data.path, "--watch", self.watched, *arguments]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        return result.returncode, result.stdout + result.stderr


@pytest.fixture
def trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """An empty folder; whatever still runs on it is ended after the test."""
    folder = tmp_path_factory.mktemp("trial")
    for parent in (folder.parent, folder.parent.parent):
        parent.chmod(0o711)
    trial = Trial(folder)
    yield trial
    if trial.running is not None:
        if trial.running.poll() is None:
            stop(trial.running)
        if trial.running.stdout is not None:
            trial.running.stdout.close()


def processes_below(pid: int) -> dict[int, str]:
    """All descendants of a process: id → command line."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue
    found: dict[int, str] = {}
    ahead = [pid]
    while ahead:
        current = ahead.pop()
        for child, parent in parents.items():
            if parent == current:
                found[child] = Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
                ahead.append(child)
    return found


def alive(pids: dict[int, str]) -> dict[int, str]:
    return {pid: command for pid, command in pids.items() if Path(f"/proc/{pid}/cmdline").exists() and not zombie(pid)}


def zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def eventually(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


def ask(roost: RunningRoost, path: str, body: object = None) -> Any:
    headers = {"apikey": roost.environment["SUPABASE_PUBLISHABLE_KEY"], "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(roost.url + path, data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.loads(response.read())


def answers(roost: RunningRoost, path: str) -> bool:
    try:
        ask(roost, path)
    except (urllib.error.HTTPError, OSError):
        return False
    return True


def test_people_survive_a_restart_and_nothing_else_does(trial: Trial) -> None:
    credentials = {"email": "ada@example.com", "password": PASSWORD}
    roost = trial.start()
    ada = ask(roost, "/auth/v1/signup", credentials)["user"]
    children = processes_below(roost.process.pid)
    mode = stat.S_IMODE(trial.data.environment_file.stat().st_mode)

    code, _ = stop(roost.process)

    assert code == 0
    assert mode == 0o600
    assert len(children) >= 5, "Postgres, Supabase, the agent API, the pipeline, Caddy"
    assert alive(children) == {}
    assert not trial.data.environment_file.exists()

    roost = trial.start()
    assert ask(roost, "/auth/v1/token?grant_type=password", credentials)["user"]["id"] == ada["id"]


def test_everything_is_behind_one_origin(roost: RunningRoost) -> None:
    assert ask(roost, "/config.json")["supabaseKey"] == roost.environment["SUPABASE_PUBLISHABLE_KEY"]
    assert ask(roost, "/api/health")["status"] == "ok"
    with urllib.request.urlopen(f"{roost.url}/any/page/of/the/app") as page:
        assert page.headers["Content-Type"].startswith("text/html")
        assert page.headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/metrics", "/assets/missing.js", "/.made-from"):
        assert refusal(roost, path) == 404
    assert refusal(roost, "/config.json", Host="evil.example") == 421


def refusal(roost: RunningRoost, path: str, **headers: str) -> int:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(roost.url + path, headers=headers))
    refused.value.close()
    return refused.value.code


def test_a_second_one_on_the_same_folder_or_port_is_refused(roost: RunningRoost, trial: Trial) -> None:
    code, said = trial.run_to_end("--data", str(roost.data.path), "--port", str(trial.port))
    assert code == 1
    assert "is in use by another Roost" in said

    taken = roost.url.rpartition(":")[2]
    code, said = trial.run_to_end("--port", taken)
    assert code == 1
    assert f"port {taken} is already in use" in said


def test_what_dies_is_started_again(trial: Trial) -> None:
    roost = trial.start()
    for name, path in (("agent_api", "/api/ready"), ("server.mjs", "/auth/v1/health"), ("postgres -D", "/api/ready")):
        before = [pid for pid, command in processes_below(roost.process.pid).items() if name in command]
        os.kill(before[0], signal.SIGKILL)

        eventually(lambda pids=before: not alive(dict.fromkeys(pids, "")))
        eventually(lambda path=path: answers(roost, path))

    # The services are in the database under a role of their own, whose password is another one at each start.
    assert "//roost_service:" in roost.environment["SERVICE_DATABASE_URL"]
    assert asyncio.run(service_connections(roost)) > 0
    after = ask(roost, "/auth/v1/signup", {"email": "ada@example.com", "password": PASSWORD})
    assert after["user"]["email"] == "ada@example.com"


async def service_connections(roost: RunningRoost) -> int:
    connection = await asyncpg.connect(roost.environment["DATABASE_URL"])
    try:
        return await connection.fetchval("select count(*) from pg_stat_activity where usename = 'roost_service'")
    finally:
        await connection.close()


def test_children_end_with_a_supervisor_that_is_killed(trial: Trial) -> None:
    roost = trial.start()
    children = processes_below(roost.process.pid)

    roost.process.kill()
    roost.process.communicate()

    eventually(lambda: not alive(children), 15)
    roost = trial.start()
    assert answers(roost, "/api/ready")


def test_sync_without_a_running_roost_is_refused(trial: Trial) -> None:
    code, said = trial.run_to_end("sync")

    assert code == 2
    assert "no Roost runs on" in said


def test_a_folder_of_another_postgres_is_refused(trial: Trial) -> None:
    trial.data.postgres.mkdir(parents=True)
    trial.data.secrets_file.write_text(
        "POSTGRES_ADMIN_PASSWORD=a\nPOSTGRES_PASSWORD=b\nSUPABASE_JWT_SECRET=c\n"
        "SUPABASE_PUBLISHABLE_KEY=d\nSUPABASE_SERVICE_KEY=e\n"
    )
    (trial.data.postgres / "PG_VERSION").write_text("15\n")

    code, said = trial.run_to_end("--port", str(trial.port))

    assert code == 1
    assert "was made by Postgres 15" in said


def test_a_database_without_its_secrets_is_refused(trial: Trial) -> None:
    trial.data.postgres.mkdir(parents=True)

    code, said = trial.run_to_end("--port", str(trial.port))

    assert code == 1
    assert "secrets.env is missing" in said


def test_wrong_folders_and_ports_are_told_in_a_sentence(trial: Trial) -> None:
    trial.data.path.write_text("a file")
    code, said = trial.run_to_end("--port", str(trial.port))
    assert (code, "is a file" in said) == (1, True)

    code, said = trial.run_to_end("--watch", "/nowhere/at/all")
    assert (code, "does not exist" in said) == (1, True)

    code, said = trial.run_to_end("--port", "70000")
    assert (code, "70000 is not a port" in said) == (2, True)


def test_a_port_that_somebody_else_has_is_told(trial: Trial) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken = somebody.getsockname()[1]

        code, said = trial.run_to_end("--port", str(taken))

    assert code == 1
    assert f"port {taken} is already in use" in said
