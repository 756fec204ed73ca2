"""Services that are restarted under load, volumes, replicas, and what a change in .env does."""

import concurrent.futures
import json
import threading
import time
import uuid

import httpx
import pytest

from tests.stack.deployment import Deployment, Member, events


@pytest.fixture(scope="module")
def deployment(bare: Deployment) -> Deployment:
    """One that lets a person ask as fast as these tests do."""
    bare.setup(**{f"RATE_LIMIT_{kind}": "1000000/minute" for kind in ("PERSON", "KEY", "ADDRESS")})
    bare.up("--build")
    return bare


@pytest.fixture(scope="module")
def ada(deployment: Deployment) -> Member:
    member = deployment.sign_up()
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


def test_three_replicas_answer_and_one_may_go(deployment: Deployment, ada: Member) -> None:
    deployment.up("--scale", "agent-api=3", "--no-recreate")
    replicas = deployment.compose("ps", "-q", "agent-api").stdout.split()
    assert len(replicas) == 3
    time.sleep(2)
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        texts = list(pool.map(answered, [ada] * 24))
    assert len(texts) == 24
    # Who is there to answer, as Caddy sees it: every replica has had its share.
    for replica in replicas:
        log = deployment.run("docker", "exec", replica, "cat", "/proc/net/tcp").stdout
        assert ":1F41 " in log
    deployment.run("docker", "kill", replicas[1])
    for _ in range(10):
        answered(ada, 15)
    deployment.up("--scale", "agent-api=1", "--no-recreate")


def test_a_stream_stays_in_order_over_replicas(deployment: Deployment, ada: Member) -> None:
    deployment.up("--scale", "agent-api=3", "--no-recreate")
    conversation = uuid.uuid4().hex[:16]
    ada.ask("What is the owl of the library called?", conversation)
    # Whoever is asked knows the conversation: it is in the database, not in a process.
    for _ in range(9):
        stored = ada.http.get(f"/api/conversations/{conversation}")
        assert stored.status_code == 200
        assert "Minerva" in json.dumps(stored.json())
        assert ada.http.get(f"/api/chat/{conversation}/stream").status_code == 204
    deployment.up("--scale", "agent-api=1", "--no-recreate")


def test_tokens_of_a_model_keep_their_pace(deployment: Deployment, ada: Member) -> None:
    with deployment.paced_model() as address:
        for name, value in {
            "MODEL": "openai-chat:paced-200-10-12",
            "OPENAI_BASE_URL": address,
            "OPENAI_API_KEY": "-",
        }.items():
            deployment.set(name, value)
        deployment.up()
        try:
            member = deployment.sign_in(ada.email)
            arrived: list[float] = []
            with member.http.stream("POST", "/api/chat", json=member.question("Say something")) as response:
                arrived.extend(
                    time.monotonic() for event in events(response.iter_lines()) if event["type"] == "text-delta"
                )
        finally:
            for name in ("MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
                deployment.set(name, "")
            deployment.up()
    # Twelve tokens, one every 100 ms: they have come on their own, not in lumps.
    assert len(arrived) >= 9
    assert 0.7 < arrived[-1] - arrived[0] < 2.5


def test_volumes_survive_down_and_up(deployment: Deployment, ada: Member) -> None:
    deployment.compose("down", "-t", "5")
    deployment.up()
    member = deployment.sign_in(ada.email)
    assert "Minerva" in answered(member)


def test_a_changed_password_holds_from_the_next_start(deployment: Deployment, ada: Member) -> None:
    for name in ("POSTGRES_PASSWORD", "POSTGRES_AUTH_PASSWORD", "POSTGRES_REST_PASSWORD", "VALKEY_PASSWORD"):
        deployment.set(name, uuid.uuid4().hex)
    deployment.up()
    answered(deployment.sign_in(ada.email))


def test_sign_up_can_be_closed(deployment: Deployment) -> None:
    deployment.set("SIGN_UP_ENABLED", "false")
    deployment.set("DISABLE_SIGNUP", "true")
    deployment.up()
    with deployment.client() as http:
        configuration = http.get("/config.json").json()
        assert configuration["features"]["signUp"] is False
        body = {"email": "late@example.com", "password": "correct horse battery staple"}
        answer = http.post("/auth/v1/signup", headers={"apikey": configuration["supabaseKey"]}, json=body)
    assert 400 <= answer.status_code < 500
