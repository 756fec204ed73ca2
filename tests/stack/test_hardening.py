"""What a container may do, what is published, what a browser is told."""

import re
import socket
from typing import Any

import pytest

from tests.stack.deployment import Deployment

#: The least that Mozilla's observatory wants of each answer for an A+.
HEADERS = {
    "strict-transport-security": r"max-age=(\d{8,})",
    "x-content-type-options": r"^nosniff$",
    "x-frame-options": r"^DENY$",
    "referrer-policy": r"^strict-origin-when-cross-origin$",
    "cross-origin-opener-policy": r"^same-origin$",
    "cross-origin-resource-policy": r"^same-origin$",
    "permissions-policy": r"camera=\(\)",
    "content-security-policy": r"frame-ancestors 'none'",
}
WRITABLE = {
    "caddy": {"/config", "/data", "/tmp"},
    "frontend": {"/tmp"},
    "agent-api": {"/tmp", "/var/lib/roost/uploads"},
    "rag-pipeline-watch": {"/tmp", "/var/lib/roost/uploads"},
    "migrate": {"/tmp", "/var/lib/postgresql/data", "/var/run/postgresql"},
    "db": {"/tmp", "/var/lib/postgresql/data", "/var/run/postgresql"},
    "auth": {"/tmp"},
    "rest": {"/tmp"},
    "valkey": {"/data", "/tmp"},
}


def service(container: dict[str, Any]) -> str:
    return container["Config"]["Labels"]["com.docker.compose.service"]


def test_no_container_is_root_or_may_become_it(deployment: Deployment) -> None:
    containers = deployment.containers()
    assert {service(container) for container in containers} == set(WRITABLE)
    for container in containers:
        host = container["HostConfig"]
        name = service(container)
        assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", container["Config"]["User"]), name
        assert host["CapDrop"] == ["ALL"], name
        assert not host["CapAdd"], name
        assert "no-new-privileges:true" in host["SecurityOpt"], name
        assert host["ReadonlyRootfs"], name
        assert host["Memory"] > 0, name
        assert host["PidsLimit"] > 0, name
        assert not host["Privileged"], name
        assert host["LogConfig"]["Config"]["max-size"], name


def test_only_what_is_said_can_be_written(deployment: Deployment) -> None:
    for container in deployment.containers():
        mounts = {mount["Destination"] for mount in container["Mounts"] if mount["RW"]}
        assert mounts | set(container["HostConfig"]["Tmpfs"]) == WRITABLE[service(container)], service(container)


@pytest.mark.parametrize("name", ["agent-api", "rag-pipeline-watch", "caddy", "frontend", "db"])
def test_processes_are_who_they_should_be(deployment: Deployment, name: str) -> None:
    status = deployment.compose("exec", "-T", name, "cat", "/proc/self/status").stdout
    assert not re.search(r"^Uid:\s+0\b", status, re.MULTILINE)
    assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
    assert re.search(r"^CapBnd:\s+0+$", status, re.MULTILINE)
    assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
    written = deployment.compose("exec", "-T", name, "sh", "-c", "echo x >/etc/x", check=False)
    assert written.returncode != 0


def test_only_caddy_is_published(deployment: Deployment) -> None:
    published: set[tuple[str, str, str]] = set()
    for container in deployment.containers():
        ports: dict[str, list[dict[str, str]] | None] = container["NetworkSettings"]["Ports"] or {}
        for port, bindings in ports.items():
            published |= {(service(container), port.split("/")[0], binding["HostPort"]) for binding in bindings or []}
    assert published == {
        ("caddy", "80", str(deployment.http_port)),
        ("caddy", "443", str(deployment.https_port)),
    }
    for port in (deployment.http_port, deployment.https_port):
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_the_database_finds_no_way_out(deployment: Deployment) -> None:
    networks = {
        service(container): {
            name.removeprefix(f"{deployment.project}_") for name in container["NetworkSettings"]["Networks"]
        }
        for container in deployment.containers()
    }
    assert networks["db"] == networks["rest"] == networks["valkey"] == networks["frontend"] == {"internal"}
    inspected = deployment.run("docker", "network", "inspect", "-f", "{{.Internal}}", f"{deployment.project}_internal")
    assert inspected.stdout.strip() == "true"


def test_the_superuser_has_no_way_in_from_the_network(deployment: Deployment) -> None:
    assert (
        deployment.sql("select count(*) from pg_authid where rolname = 'supabase_admin' and rolpassword is null") == "1"
    )
    assert deployment.sql("select rolsuper from pg_roles where rolname = 'postgres'") == "f"


@pytest.mark.parametrize(
    "path",
    ["/", "/some/page", "/config.json", "/api/health", "/api/docs", "/api/nothing", "/v1/models", "/mcp", "/metrics",
     "/auth/v1/health", "/rest/v1/agents", "/manifest.webmanifest", "/icon.svg"],
)  # fmt: skip
def test_every_answer_carries_the_headers(deployment: Deployment, path: str) -> None:
    with deployment.client() as http:
        answer = http.get(path)
    for name, pattern in HEADERS.items():
        assert re.search(pattern, answer.headers.get(name, "")), f"{name}: {answer.headers.get(name)}"
        assert len(answer.headers.get_list(name)) == 1, name
    assert int(re.findall(r"max-age=(\d+)", answer.headers["strict-transport-security"])[0]) >= 15_768_000
    assert "server" not in answer.headers
    assert "x-powered-by" not in answer.headers
    assert "access-control-allow-credentials" not in answer.headers
    if path == "/":
        script = re.findall(r"script-src ([^;]+)", answer.headers["content-security-policy"])[0]
        assert script == "'self'"


def test_the_access_log_holds_no_secret(deployment: Deployment) -> None:
    secret = "a-token-that-must-not-be-logged"
    with deployment.client(Authorization=f"Bearer {secret}", apikey=secret, Cookie=f"session={secret}") as http:
        http.get(f"/api/conversations?token={secret}&access_token={secret}&apikey={secret}&code={secret}")
        for path in ("/api/invitations/open/", "/api/shared/", "/invitation/", "/s/"):
            http.get(f"{path}{secret}?n=1")
        http.get("/", headers={"Referer": f"{deployment.url}/s/{secret}"})
    logged = deployment.compose("logs", "caddy").stdout
    for path in ("/api/conversations", "/api/shared/***?n=1", "/invitation/***", "/s/***"):
        assert path in logged
    for name in ("caddy", "agent-api"):
        assert secret not in deployment.compose("logs", name).stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_PASSWORD", "postgres"),
        ("SUPABASE_JWT_SECRET", "super-secret-jwt-token-with-at-least-32-characters-long"),
        ("POSTGRES_REST_PASSWORD", "p@ss:word/with/signs"),
        ("POSTGRES_SERVICE_PASSWORD", "password"),
    ],
)
def test_a_known_default_secret_stops_the_database(deployment: Deployment, name: str, value: str) -> None:
    good = {"POSTGRES_PASSWORD", "POSTGRES_AUTH_PASSWORD", "POSTGRES_REST_PASSWORD", "SUPABASE_JWT_SECRET"} - {name}
    given = [f"{other}=0123456789abcdef0123456789" for other in good] + [f"{name}={value}"]
    result = deployment.run(
        "docker",
        "run",
        "--rm",
        *[part for one in given for part in ("-e", one)],
        deployment.image("database"),
        check=False,
    )
    assert result.returncode == 1
    assert name in result.stderr


@pytest.mark.parametrize("service_name", ["agent-api", "rag-pipeline"])
def test_a_known_default_key_stops_the_services(deployment: Deployment, service_name: str) -> None:
    arguments = ("-e", "SUPABASE_SERVICE_KEY=your-service-key", service_name)
    result = deployment.compose("run", "--rm", "-T", "--no-deps", *arguments, check=False)
    assert result.returncode == 2
    assert "SUPABASE_SERVICE_KEY" in result.stdout + result.stderr
