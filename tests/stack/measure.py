"""The figures of the containers for docs/performance.md: `python -m tests.stack.measure [--keep]`.

Builds and starts a Roost of its own from this checkout, measures, and removes it. Prints Markdown. Images' sizes are
those of the machine's base images; `own` is what the layers of this repository add to them.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from tests.stack.deployment import Deployment, Member, engine_answers, new_deployment

STREAMS = 50
DOCUMENTS = 200
MESSAGES = 1000
BASES = {
    "agent-api": "python:3.13.16-slim-trixie",
    "rag-pipeline": "python:3.13.16-slim-trixie",
    "frontend": "nginxinc/nginx-unprivileged:1.29.4-alpine-slim",
    "caddy": "caddy:2.11.4-alpine",
    "database": "pgvector/pgvector:0.8.6-pg17-trixie",
}


def table(head: str, rows: Sequence[Sequence[object]]) -> None:
    """Print a table of Markdown."""
    columns = head.split("|")
    print(f"\n| {' | '.join(columns)} |\n|{' --- |' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(str(cell) for cell in row)} |")


def size(deployment: Deployment, image: str) -> float:
    """Of an image's layers, in MB."""
    return int(deployment.run("docker", "image", "inspect", "-f", "{{.Size}}", image).stdout) / 1e6


def image_sizes(deployment: Deployment) -> None:
    """Whole, and without the base image."""
    rows: list[list[object]] = []
    for name, base in BASES.items():
        image = deployment.image(name)
        pressed = deployment.run("sh", "-c", f"docker save {image} | gzip -1 | wc -c")
        whole = size(deployment, image)
        rows.append([name, f"{whole:.0f}", f"{whole - size(deployment, base):.0f}", f"{int(pressed.stdout) / 1e6:.0f}"])
    table("image|MB|own MB|compressed MB", rows)


def memory(deployment: Deployment) -> dict[str, float]:
    """Of each service, in MiB."""
    ids = deployment.compose("ps", "-q").stdout.split()
    lines = deployment.run("docker", "stats", "--no-stream", "--format", "{{.Name}} {{.MemUsage}}", *ids).stdout
    found: dict[str, float] = {}
    for line in lines.splitlines():
        match = re.match(rf"{deployment.project}-(.+)-\d+ ([\d.]+)(KiB|MiB|GiB)", line)
        if match:
            found[match[1]] = float(match[2]) * {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024}[match[3]]
    return found


async def stream(deployment: Deployment, member: Member) -> list[float]:
    """When each token of one answer arrived behind Caddy."""
    headers = {"Authorization": member.http.headers["Authorization"]}
    async with (
        httpx.AsyncClient(base_url=deployment.url, verify=False, timeout=120, headers=headers) as http,
        http.stream("POST", "/api/chat", json=member.question("Say something")) as response,
    ):
        assert response.status_code == 200, await response.aread()
        return [time.monotonic() async for line in response.aiter_lines() if '"text-delta"' in line]


async def at_once(deployment: Deployment, member: Member) -> tuple[list[list[float]], dict[str, float]]:
    """The tokens of many answers at once, and the memory in the middle of them."""
    streams = [asyncio.create_task(stream(deployment, member)) for _ in range(STREAMS)]
    await asyncio.sleep(8)
    used = await asyncio.to_thread(memory, deployment)
    return await asyncio.gather(*streams), used


def gaps(arrived: list[float]) -> str:
    """Shortest, median and longest time between two tokens, in milliseconds."""
    between = [(after - before) * 1000 for before, after in itertools.pairwise(arrived)]
    return f"{min(between):.0f} / {statistics.median(between):.0f} / {max(between):.0f}"


PROBE = """
import http.client, json, sys, time
host, port, path, body, headers = json.loads(sys.argv[1])
connection = http.client.HTTPConnection(host, port, timeout=60)
connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json", **headers})
response = connection.getresponse()
arrived = []
while line := response.readline():
    if line.startswith(b"data:") and (b"text-delta" in line or (b'"content"' in line and b"w" in line)):
        arrived.append(time.monotonic())
print(json.dumps(arrived))
"""


def hop(deployment: Deployment, host: str, port: int, path: str, body: object, **headers: str) -> list[float]:
    """When the tokens arrived at a client inside the agent API's container."""
    given = json.dumps([host, port, path, body, headers])
    return json.loads(deployment.compose("exec", "-T", "agent-api", "python", "-c", PROBE, given).stdout)


def streaming(deployment: Deployment, member: Member) -> None:
    """Tokens at the model, at the API, behind Caddy; then many streams at once."""
    rest = memory(deployment)
    with deployment.paced_model() as address:
        for name, value in {
            "MODEL": "openai-chat:paced-200-10-150",
            "OPENAI_BASE_URL": address,
            "OPENAI_API_KEY": "-",
        }.items():
            deployment.set(name, value)
        deployment.up()
        member = deployment.sign_in(member.email)
        authorization = member.http.headers["Authorization"]
        asked = {"model": "paced-200-10-60", "stream": True, "messages": [{"role": "user", "content": "hello"}]}
        rows: list[list[object]] = [
            ["model", gaps(hop(deployment, "model", 9000, "/v1/chat/completions", asked))],
            [
                "agent API",
                gaps(
                    hop(deployment, "127.0.0.1", 8001, "/api/chat", member.question("x"), Authorization=authorization)
                ),
            ],
            ["behind Caddy, HTTPS", gaps(asyncio.run(stream(deployment, member)))],
        ]
        many, busy = asyncio.run(at_once(deployment, member))
    middle = statistics.median(statistics.median(b - a for a, b in itertools.pairwise(one)) for one in many) * 1000
    rows.append(
        [
            f"behind Caddy, {STREAMS} at once",
            f"median {middle:.0f}; {min(map(len, many))} to {max(map(len, many))} tokens each",
        ]
    )
    table("where|ms between two tokens: least / median / most (sent every 100)", rows)
    names = sorted(set(rest) | set(busy))
    table(
        f"service|MiB at rest|MiB under {STREAMS} streams",
        [[name, f"{rest.get(name, 0):.0f}", f"{busy.get(name, 0):.0f}"] for name in names]
        + [["all", f"{sum(rest.values()):.0f}", f"{sum(busy.values()):.0f}"]],
    )
    for name in ("MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        deployment.set(name, "")
    deployment.up()


def keeping(deployment: Deployment, member: Member, folder: Path) -> None:
    """Backup and restore of so many documents and messages."""
    member = deployment.sign_in(member.email)
    for number in range(DOCUMENTS):
        text = f"# Note {number}\n\n" + " ".join(f"word{number}x{n}" for n in range(60))
        (deployment.folder / "documents" / f"note-{number}.md").write_text(text)
    began = time.monotonic()
    while int(deployment.sql("select count(*) from public.documents")) < DOCUMENTS:
        assert time.monotonic() - began < 600
        time.sleep(2)
    taken_in = time.monotonic() - began
    while int(deployment.sql("select count(*) from public.messages")) < MESSAGES:
        member.ask("What is in note 7?")
    counts = {
        name: deployment.sql(f"select count(*) from public.{name}") for name in ("messages", "documents", "chunks")
    }
    began = time.monotonic()
    backup = Path(deployment.run("./scripts/backup").stdout.strip())
    backed_up = time.monotonic() - began
    kept = folder / backup.name
    kept.write_bytes(backup.read_bytes())
    email = member.email
    deployment.remove()
    (deployment.folder / ".env").unlink()
    where = {
        "COMPOSE_PROJECT_NAME": deployment.project, "ROOST_IMAGES": deployment.project, "PUBLIC_URL": deployment.url,
        "HTTP_PORT": f"127.0.0.1:{deployment.http_port}", "HTTPS_PORT": f"127.0.0.1:{deployment.https_port}",
    }  # fmt: skip
    began = time.monotonic()
    deployment.run("./scripts/restore", str(kept), settings=where)
    restored = time.monotonic() - began
    again = {name: deployment.sql(f"select count(*) from public.{name}") for name in counts}
    assert again == counts, (again, counts)
    deployment.sign_in(email)
    table(
        "what|figure",
        [
            ["rows", ", ".join(f"{count} {name}" for name, count in counts.items())],
            [f"{DOCUMENTS} documents taken in", f"{taken_in:.0f} s"],
            ["backup", f"{backed_up:.0f} s, {kept.stat().st_size / 1e6:.1f} MB"],
            ["restore onto nothing, to all healthy", f"{restored:.0f} s"],
        ],
    )


def main() -> int:
    """Measure everything."""
    if not engine_answers():
        print("no Docker engine answers here", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name:
        deployment = new_deployment(Path(name) / "roost")
        try:
            deployment.setup(**{f"RATE_LIMIT_{kind}": "1000000/minute" for kind in ("PERSON", "KEY", "ADDRESS")})
            deployment.compose("--profile", "*", "build", "agent-api", "rag-pipeline", "frontend", "caddy", "db")
            first = deployment.up()
            deployment.compose("down", "-t", "5")
            second = deployment.up()
            table(
                "start|s",
                [["`up` to all healthy, new database", f"{first:.0f}"], ["the same, database there", f"{second:.0f}"]],
            )
            image_sizes(deployment)
            member = deployment.sign_up()
            streaming(deployment, member)
            keeping(deployment, member, Path(name))
        finally:
            if "--keep" not in sys.argv:
                deployment.remove()
    return 0


if __name__ == "__main__":
    sys.exit(main())
