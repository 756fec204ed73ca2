"""Services that are restarted under load, volumes, replicas, and what a change in .env does."""

import concurrent.futures
import json
import threading
import time
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.stack.deployment import Deployment, Member, events


@pytest.fixture(scope="module")
def ada(deployment: Deployment, ada: Member) -> Member:
    member = deployment.sign_in(ada.email)
    member.upload("owls.md", "# Owls\n\nThe owl of the library is called Minerva.\n")
    member.wait_until_ready("owls.md")
    return member


def answered(member: Member, seconds: float = 60) -> str:
    """The text of an answer; tried again while something is away, as a person would."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer = member.ask("What is the owl of the library called?")
            text = "".join(event["delta"] for event in answer if event["type"] == "text-delta")
            if "Minerva" in text:
                return text
        except (AssertionError, httpx.HTTPError):
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline
        time.sleep(0.3)


@pytest.mark.parametrize(
    "service", ["agent-api", "rest", "auth", "valkey", "frontend", "caddy", "rag-pipeline-watch", "db"]
)
def test_a_restart_under_load_is_got_over(deployment: Deployment, ada: Member, service: str) -> None:
    over = threading.Event()
    odd: list[str] = []

    def ask_all_the_time() -> int:
        asked = 0
        with deployment.client(**dict(ada.http.headers)) as http:
            while not over.is_set():
                try:
                    status = http.get("/api/conversations").status_code
                    # PostgREST says 503 while its database is away; the server that stands in for it here, 500.
                    if status not in {200, 502, 503, 504} | ({500} if service == "db" else set()):
                        odd.append(f"{service}: {status}")
                except httpx.HTTPError:
                    if service != "caddy":
                        odd.append(f"{service}: Caddy gave no answer")
                asked += 1
                time.sleep(0.05)
        return asked

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        load = [pool.submit(ask_all_the_time) for _ in range(4)]
        time.sleep(0.5)
        deployment.compose("restart", "-t", "5", service)
        answered(ada)
        over.set()
        assert all(future.result() > 0 for future in load)
    assert not odd
    answered(deployment.sign_in(ada.email))


#: Reads the stream of a conversation's run at the API of its own container.
RESUME = """
import http.client, sys
conversation, authorization = sys.argv[1:]
connection = http.client.HTTPConnection("127.0.0.1", 8001, timeout=60)
connection.request("GET", f"/api/chat/{conversation}/stream", headers={"Authorization": authorization})
response = connection.getresponse()
assert response.status == 200, response.status
sys.stdout.write(response.read().decode())
"""


def text_of(lines: Iterator[str]) -> str:
    return "".join(event["delta"] for event in events(lines) if event["type"] == "text-delta")


def words(count: int) -> list[str]:
    """What the model on schedule says."""
    return [f"w{number}" for number in range(count)]


@pytest.fixture(scope="class")
def replicas(deployment: Deployment) -> Iterator[list[str]]:
    """The ids of three containers of the agent API, and a model on schedule."""
    with deployment.paced_model():
        deployment.up("--scale", "agent-api=3", "--no-recreate")
        yield deployment.compose("ps", "-q", "agent-api").stdout.split()
        deployment.up("--scale", "agent-api=1", "--no-recreate")


class TestThreeReplicas:
    """The agent API three times behind Caddy."""

    def test_each_answers(self, deployment: Deployment, ada: Member, replicas: list[str]) -> None:
        assert len(replicas) == 3
        agent = ada.make_agent("openai-chat:paced-200-10-60")
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            asked = [pool.submit(ada.ask, "Say something", agent=agent) for _ in range(12)]
            owners, deadline = "", time.monotonic() + 20
            while owners != "3" and time.monotonic() < deadline:
                owners = deployment.sql("select count(distinct owner) from public.runs where state = 'running'")
            texts = ["".join(e["delta"] for e in one.result() if e["type"] == "text-delta") for one in asked]
        assert owners == "3"
        assert [text.split() for text in texts] == [words(60)] * 12

    def test_each_knows_a_conversation(self, ada: Member, replicas: list[str]) -> None:
        conversation = uuid.uuid4().hex[:16]
        ada.ask("What is the owl of the library called?", conversation)
        # It is in the database, not in a process.
        for _ in range(9):
            stored = ada.http.get(f"/api/conversations/{conversation}")
            assert stored.status_code == 200
            assert "Minerva" in json.dumps(stored.json())
            assert ada.http.get(f"/api/chat/{conversation}/stream").status_code == 204

    def test_tokens_keep_their_pace(self, ada: Member, replicas: list[str]) -> None:
        arrived: list[float] = []
        question = ada.question("Say something", agent=ada.make_agent("openai-chat:paced-200-10-12"))
        with ada.http.stream("POST", "/api/chat", json=question) as response:
            arrived.extend(time.monotonic() for event in events(response.iter_lines()) if event["type"] == "text-delta")
        # Twelve tokens, one every 100 ms: they have come on their own, not in lumps.
        assert len(arrived) >= 9
        assert 0.7 < arrived[-1] - arrived[0] < 2.5

    def test_a_stream_is_resumed_through_each(self, deployment: Deployment, ada: Member, replicas: list[str]) -> None:
        conversation = uuid.uuid4().hex[:16]
        question = ada.question("Say much", conversation, ada.make_agent("openai-chat:paced-200-10-150"))

        def resumed(replica: str) -> str:
            arguments = ("python", "-c", RESUME, conversation, ada.http.headers["Authorization"])
            return text_of(iter(deployment.run("docker", "exec", replica, *arguments).stdout.splitlines()))

        with (
            concurrent.futures.ThreadPoolExecutor(3) as pool,
            ada.http.stream("POST", "/api/chat", json=question) as response,
        ):
            lines = response.iter_lines()
            next(line for line in lines if '"text-delta"' in line)
            # One of them has begun it; the others read it through Valkey.
            others = [pool.submit(resumed, replica) for replica in replicas]
            text_of(lines)
            texts = [other.result() for other in others]
        assert [text.split() for text in texts] == [words(150)] * 3

    def test_one_may_go(self, deployment: Deployment, ada: Member, replicas: list[str]) -> None:
        deployment.run("docker", "kill", replicas[1])
        for _ in range(10):
            answered(ada, 15)


def test_what_changes_in_env_holds_from_the_next_start(deployment: Deployment, ada: Member) -> None:
    """Volumes, and what they hold, survive the end of all containers."""
    deployment.compose("down", "-t", "5")
    for name in ("POSTGRES_PASSWORD", "POSTGRES_AUTH_PASSWORD", "POSTGRES_REST_PASSWORD", "VALKEY_PASSWORD"):
        deployment.set(name, uuid.uuid4().hex)
    deployment.set("POSTGRES_METRICS_PASSWORD", uuid.uuid4().hex)
    deployment.set("POSTGRES_SERVICE_PASSWORD", uuid.uuid4().hex)
    deployment.set("DISABLE_SIGNUP", "true")
    for name, value in {"ENABLED": "true", "CLIENT_ID": "of-the-tests", "SECRET": "of-the-tests"}.items():
        deployment.set(f"GITHUB_LOGIN_{name}", value)
    deployment.up()
    assert "Minerva" in answered(deployment.sign_in(ada.email))
    # The services are in the database under their own name, and nobody's but service_role's rights.
    assert int(deployment.sql("select count(*) from pg_stat_activity where usename = 'roost_service'")) > 0
    # Whoever measures the database reads its figures and no table.
    role = "select rolcanlogin, has_table_privilege('metrics', 'public.messages', 'select') from pg_roles"
    assert deployment.sql(f"{role} where rolname = 'metrics'") == "t|f"
    with deployment.client() as http:
        configuration = http.get("/config.json").json()
        assert configuration["features"]["signUp"] is False
        assert configuration["features"]["singleSignOn"] == ["github"]
        body = {"email": "late@example.com", "password": "correct horse battery staple"}
        answer = http.post("/auth/v1/signup", headers={"apikey": configuration["supabaseKey"]}, json=body)
    assert 400 <= answer.status_code < 500
