"""A Roost of containers, made from a copy of this checkout as a stranger would: setup, then `docker compose up`."""

import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from scripts.stack.ports import free_ports

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery staple"
KEPT = ("PATH", "HOME", "LANG", "DOCKER_HOST", "XDG_RUNTIME_DIR")


def engine_answers() -> bool:
    """Whether a Docker engine with Compose can be used here."""
    if shutil.which("docker") is None:
        return False
    commands = (["docker", "version", "--format", "{{.Server.Version}}"], ["docker", "compose", "version"])
    return all(subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in commands)


def copy_checkout(folder: Path) -> None:
    """What git knows of this checkout, as it lies here, into ``folder``."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listing.split("\0")):
        source = ROOT / name
        if source.is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)


@dataclass
class Member:
    """Somebody who has signed up, with a client that speaks for them."""

    email: str
    http: httpx.Client

    def upload(self, name: str, text: str) -> dict[str, Any]:
        """Put a document in; its row."""
        answer = self.http.post("/api/documents", files={"file": (name, text.encode(), "text/markdown")})
        assert answer.status_code < 300, answer.text
        return answer.json()["items"][0]

    def wait_until_ready(self, name: str, seconds: float = 60) -> None:
        """Until the pipeline has taken that document in."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            items = self.http.get("/api/documents", params={"q": name}).json()["items"]
            if any(item["path"] == name and item["state"] == "ready" for item in items):
                return
            time.sleep(0.5)
        raise AssertionError(f"{name} was not taken in within {seconds:.0f} s")

    def question(self, text: str, conversation: str | None = None, agent: str | None = None) -> dict[str, Any]:
        """The body that the AI SDK sends."""
        message = {"id": uuid.uuid4().hex, "role": "user", "parts": [{"type": "text", "text": text}]}
        body = {"id": conversation or uuid.uuid4().hex[:16], "trigger": "submit-message", "messages": [message]}
        return {**body, "agent": agent} if agent else body

    def make_agent(self, model: str) -> str:
        """An agent that answers by ``model`` and nothing else; its slug."""
        slug = f"agent-{uuid.uuid4().hex[:8]}"
        deployed = {"model": model, "knowledge": {"mode": "off"}}
        answer = self.http.post("/api/agents", json={"slug": slug, "name": slug, "deployment": deployed})
        assert answer.status_code == 201, answer.text
        return slug

    def ask(self, text: str, conversation: str | None = None, agent: str | None = None) -> list[dict[str, Any]]:
        """The events of an answer, to its end."""
        with self.http.stream("POST", "/api/chat", json=self.question(text, conversation, agent)) as response:
            if response.status_code != 200:
                raise AssertionError(f"{response.status_code}: {response.read().decode()}")
            return list(events(response.iter_lines()))


def events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """The JSON of each event of a stream; its end is not one."""
    for line in lines:
        if line.startswith("data: ") and line != "data: [DONE]":
            yield json.loads(line.removeprefix("data: "))


@dataclass
class Deployment:
    """One project of Compose in a folder of its own."""

    folder: Path
    project: str
    http_port: int
    https_port: int
    environment: dict[str, str] = field(default_factory=dict[str, str])
    _members: list[httpx.Client] = field(default_factory=list[httpx.Client])

    @property
    def url(self) -> str:
        return f"https://localhost:{self.https_port}"

    def run(
        self, *command: str, check: bool = True, settings: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in the folder; its output is in the error where it fails."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        result = subprocess.run(
            command,
            cwd=self.folder,
            env={**kept, **self.environment, **(settings or {})},
            capture_output=True,
            text=True,
            check=False,
        )
        if check and result.returncode != 0:
            raise AssertionError(
                f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}\n{result.stderr}"
            )
        return result

    def compose(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run("docker", "compose", *arguments, check=check)

    def setup(self, **settings: str) -> None:
        """`./scripts/setup --non-interactive` with these settings and this deployment's ports."""
        own = {
            "COMPOSE_PROJECT_NAME": self.project,
            "ROOST_IMAGES": self.project,
            "PUBLIC_URL": self.url,
            "HTTP_PORT": f"127.0.0.1:{self.http_port}",
            "HTTPS_PORT": f"127.0.0.1:{self.https_port}",
        }
        self.run("./scripts/setup", "--non-interactive", settings={**own, **settings})

    def image(self, name: str, version: str = "") -> str:
        """One of our own images; of the release that .env names where no version is given."""
        return f"{self.project}/{name}:{version or self.settings()['ROOST_VERSION']}"

    def up(self, *arguments: str) -> float:
        """`docker compose up -d --wait`; seconds until all is healthy."""
        began = time.monotonic()
        self.compose("up", "-d", "--wait", *arguments)
        return time.monotonic() - began

    def settings(self) -> dict[str, str]:
        """What .env says."""
        lines = (self.folder / ".env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))

    def set(self, name: str, value: str) -> None:
        """Change a line of .env as a person would."""
        path = self.folder / ".env"
        lines = [line for line in path.read_text().splitlines() if not line.startswith(f"{name}=")]
        path.write_text("\n".join([*lines, f"{name}={value}", ""]))

    def client(self, **headers: str) -> httpx.Client:
        """A client through Caddy, whose certificate nobody else has signed."""
        return httpx.Client(base_url=self.url, verify=False, timeout=60, headers=headers)

    def sign_up(self) -> Member:
        """A new person, by the way that the web app takes."""
        return self._session("/auth/v1/signup", f"{uuid.uuid4().hex[:10]}@example.com")

    def sign_in(self, email: str) -> Member:
        return self._session("/auth/v1/token?grant_type=password", email)

    def _session(self, path: str, email: str) -> Member:
        with self.client() as http:
            key = http.get("/config.json").json()["supabaseKey"]
            answer = http.post(path, headers={"apikey": key}, json={"email": email, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
        member = Member(email, self.client(Authorization=f"Bearer {answer.json()['access_token']}"))
        self._members.append(member.http)
        return member

    def sql(self, query: str) -> str:
        """Ask the database as its superuser."""
        psql = ("psql", "-X", "-A", "-t", "-U", "supabase_admin", "-d", "postgres", "-c", query)
        return self.compose("exec", "-T", "db", *psql).stdout.strip()

    def containers(self) -> list[dict[str, Any]]:
        """What Docker says of each container."""
        ids = self.compose("ps", "-aq").stdout.split()
        return json.loads(self.run("docker", "inspect", *ids).stdout)

    def one_container(self, service: str) -> str:
        return self.compose("ps", "-q", service).stdout.split()[0]

    @contextmanager
    def paced_model(self) -> Generator[str]:
        """A language model on schedule (tests/bench/paced_model.py) beside the services; gives its address."""
        name = f"{self.project}-model"
        program = (
            "import asyncio, uvloop\nfrom tests.bench import paced_model\n"
            "async def serve():\n"
            "    loop = asyncio.get_running_loop()\n"
            "    server = await loop.create_server(paced_model._Connection, '0.0.0.0', 9000, backlog=2048)\n"
            "    await server.serve_forever()\n"
            "uvloop.run(serve())"
        )
        self.run(
            "docker", "run", "-d", "--no-healthcheck", "--name", name,
            "--network", f"{self.project}_internal", "--network-alias", "model",
            "-v", f"{ROOT / 'tests'}:/t/tests:ro", "-e", "PYTHONPATH=/t",
            self.image("agent-api"), "python", "-c", program,
        )  # fmt: skip
        try:
            yield "http://model:9000/v1"
        finally:
            self.run("docker", "rm", "-f", name, check=False)

    def remove(self) -> None:
        """Everything of it, volumes and images too."""
        for http in self._members:
            http.close()
        self.compose("--profile", "*", "down", "-v", "--remove-orphans", "-t", "2", check=False)
        images = self.run("docker", "image", "ls", "--quiet", "--filter", f"reference={self.project}/*").stdout.split()
        if images:
            self.run("docker", "image", "rm", "--force", *sorted(set(images)), check=False)


def new_deployment(folder: Path) -> Deployment:
    """A copy of this checkout in ``folder``, with ports of its own; nothing is started."""
    copy_checkout(folder)
    http_port, https_port = free_ports(2)
    return Deployment(folder, f"roosttest{uuid.uuid4().hex[:6]}", http_port, https_port)
