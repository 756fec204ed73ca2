"""A real Postgres and a real Supabase API for the tests, and how to use them.

    async def test_a_person_sees_their_profile(stack: Stack) -> None:
        ada = stack.sign_up("ada@example.com")          # real HTTP; the first person is the administrator
        rows = stack.get("/rest/v1/user_profiles?select=email", ada)
        assert rows == [{"email": "ada@example.com"}]

Fixtures (tests/conftest.py):

- `stack`: everything empty but for what the migrations put there; made anew for each test.
- `module_stack`: the same, made anew once for each test module; for tests that only read. A module uses one of the two.
- `roost`: the whole product as `./scripts/dev` runs it, once for the session (running_roost.py); for browser tests.

One Postgres (no fsync, so only for tests) and one Supabase server run for the whole session (stack_server.py). A test
that has only changed rows costs the next one some milliseconds; one that has changed tables or functions costs a copy
of the migrated template, about half a second.
`stack.environment()` is what a service needs to run against it: pass it to a process, or build settings from it.
"""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from scripts.stack.child import LAUNCH
from scripts.stack.ports import free_port
from tests.support.forked_api import ApiForks, ForkedProcess

ROOT = Path(__file__).parents[2]
PUBLISHABLE_KEY = "sb_publishable_of_the_tests_0123456789"
SERVICE_KEY = "sb_secret_of_the_tests_0123456789"
JWT_SECRET = "a-secret-that-only-the-tests-know-0123456789"
PASSWORD = "correct horse battery staple"
#: See :func:`inherited`; the last is how coverage follows a process.
INHERITED = ("PATH", "HOME", "LANG", "COVERAGE_PROCESS_CONFIG")
Process = subprocess.Popen[bytes] | ForkedProcess


def inherited() -> dict[str, str]:
    """What a process that a test starts gets of this one's environment."""
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


class HttpError(AssertionError):
    """An answer other than 2xx, with its status and its body."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Person:
    """Somebody who has signed up."""

    user_id: UUID
    email: str
    password: str
    access_token: str
    refresh_token: str

    @property
    def authorization(self) -> dict[str, str]:
        """The header that a browser sends to the agent API."""
        return {"Authorization": f"Bearer {self.access_token}"}


@dataclass(frozen=True)
class Service:
    """A process of the product that a test has started."""

    url: str
    process: Process
    log: Path

    def output(self) -> str:
        """What it has written so far."""
        return self.log.read_text(errors="replace")


@dataclass(frozen=True)
class Stack:
    """The data layer: where it is, its keys, and a few things that tests do all the time."""

    supabase_url: str
    database_url: str
    admin_database_url: str
    service_database_url: str
    folder: Path
    publishable_key: str = PUBLISHABLE_KEY
    service_key: str = SERVICE_KEY
    jwt_secret: str = JWT_SECRET
    #: Starts agent APIs; without it each is a `python -m agent_api`, as for benchmarks.
    forks: ApiForks | None = None
    _services: list[Service] = field(default_factory=list["Service"])

    @property
    def mail_folder(self) -> Path:
        """Where the Supabase server writes mails."""
        return self.folder / "mail"

    @property
    def uploads_folder(self) -> Path:
        """Where the agent API keeps uploaded files."""
        return self.folder / "uploads"

    def environment(self, **more: str) -> dict[str, str]:
        """The variables of a service that runs against this stack.

        Its own calls of functions go straight to Postgres, as in an installation; over the REST API with
        ROOST_TEST_OVER_REST=1 in the environment of the tests, and for a test that gives it another SUPABASE_URL or
        key: what goes there is then to be seen, or lost, or refused.
        """
        of_rest = {"SUPABASE_URL", "SUPABASE_SERVICE_KEY"} & set(more)
        over_rest = of_rest or os.environ.get("ROOST_TEST_OVER_REST") == "1"
        return {
            "SUPABASE_URL": self.supabase_url,
            "SUPABASE_PUBLISHABLE_KEY": self.publishable_key,
            "SUPABASE_SERVICE_KEY": self.service_key,
            "SUPABASE_JWT_SECRET": self.jwt_secret,
            "DATABASE_URL": self.database_url,
            "SERVICE_DATABASE_URL": "" if over_rest else self.service_database_url,
            "UPLOADS_DIRECTORY": str(self.uploads_folder),
            # Their requests would stand among those that tests count.
            "GENERATE_TITLES": "false",
            **more,
        }

    def sign_up(self, email: str, password: str = PASSWORD) -> Person:
        """Make a person by the way that the web app takes."""
        return self._person(self.post("/auth/v1/signup", {"email": email, "password": password}), password)

    def sign_in(self, email: str, password: str = PASSWORD) -> Person:
        """Log a person in."""
        credentials = {"email": email, "password": password}
        return self._person(self.post("/auth/v1/token?grant_type=password", credentials), password)

    def get(self, path: str, person: Person | None = None, **headers: str) -> Any:
        """GET from the Supabase API as that person, or as nobody."""
        return self.request("GET", path, None, person, headers)

    def post(self, path: str, body: object, person: Person | None = None, **headers: str) -> Any:
        """POST to the Supabase API as that person, or as nobody."""
        return self.request("POST", path, body, person, headers)

    def rpc_as_service(self, function: str, **arguments: Any) -> Any:
        """Call a database function with the service key, as core/supabase.py does."""
        return self.request("POST", f"/rest/v1/rpc/{function}", arguments, None, {"apikey": self.service_key})

    def request(self, method: str, path: str, body: object, person: Person | None, headers: Mapping[str, str]) -> Any:
        """One request to the Supabase API; the JSON of its answer, None when it has no body.

        Raises:
            HttpError: the answer is not 2xx.
        """
        sent = {"apikey": self.publishable_key, "Content-Type": "application/json", **headers}
        if person is not None:
            sent |= person.authorization
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.supabase_url + path, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            with error:
                raise HttpError(error.code, error.read().decode()) from None
        return json.loads(text) if text else None

    def wait_for_table(self, table: str) -> None:
        """Wait until the Supabase server has heard of a table that a test has just made, and of all made with it."""
        deadline = time.monotonic() + 20
        while True:
            try:
                self.get(f"/rest/v1/{table}?limit=1", apikey=self.service_key)
            except HttpError as error:
                if error.status != 404 or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            else:
                return

    def mails(self) -> list[dict[str, Any]]:
        """The mails written so far, oldest first: to, subject, text, html, link, sentAt."""
        return [json.loads(path.read_text()) for path in sorted(self.mail_folder.glob("*.json"))]

    def start(self, module: str, *, port_variable: str, ready_path: str, **environment: str) -> Service:
        """Start what `python -m module` is against this stack and wait until `ready_path` answers 200.

        It is ended when the test is over; end it earlier by its `process`.
        """
        port = free_port()
        log = self.folder / f"{module}-{port}.log"
        environment = self.environment(**{port_variable: str(port)}, **environment)
        process = self._start_process(module, inherited() | environment, log)
        service = Service(f"http://127.0.0.1:{port}", process, log)
        self._services.append(service)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(service.url + ready_path, timeout=5):
                return service
            time.sleep(0.05)
        raise AssertionError(f"{module} did not start:\n{service.output()[-4000:]}")

    def _start_process(self, module: str, environment: dict[str, str], log: Path) -> Process:
        if self.forks is not None and module == "agent_api":
            return self.forks.start(environment, log)
        # With the tests, however they end, it ends too.
        launcher = [sys.executable, "-I", "-S", LAUNCH, str(os.getpid()), "9", "0", "0", "0"]
        with log.open("wb") as output:
            return subprocess.Popen(
                [*launcher, sys.executable, "-m", module],
                env=environment,
                cwd=ROOT,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
            )

    def start_agent_api(self, **environment: str) -> Service:
        """Start the agent API on a free port."""
        return self.start("agent_api", port_variable="AGENT_API_PORT", ready_path="/api/health", **environment)

    def stop_services(self) -> None:
        """End what `start` has started."""
        for service in self._services:
            service.process.terminate()
        for service in self._services:
            try:
                service.process.wait(15)
            except subprocess.TimeoutExpired:
                service.process.kill()
                service.process.wait()
        self._services.clear()

    def _person(self, session: dict[str, Any], password: str) -> Person:
        user = session["user"]
        return Person(UUID(user["id"]), user["email"], password, session["access_token"], session["refresh_token"])
