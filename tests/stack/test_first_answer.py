"""From a fresh checkout to an answer with its source, by real HTTP through Caddy."""

import itertools
import json
import time

import httpx

from tests.stack.deployment import Deployment, Member


def test_an_upload_is_answered_from(ada: Member) -> None:
    ada.upload("cranes.md", "# Cranes\n\nThe blue crane of the harbour was painted by Ada Lovelace in 1843.\n")
    ada.wait_until_ready("cranes.md")
    answer = ada.ask("Who painted the blue crane of the harbour?")
    citations = [event["data"] for event in answer if event["type"] == "data-citation"]
    assert "cranes.md" in {citation["title"] for citation in citations} | {citation["path"] for citation in citations}
    text = "".join(event["delta"] for event in answer if event["type"] == "text-delta")
    assert "Ada Lovelace" in text


def test_one_run_of_the_pipeline_for_cron(deployment: Deployment, ada: Member) -> None:
    (deployment.folder / "documents" / "herons.md").write_text("# Herons\n\nThe heron on the mill sleeps until noon.\n")
    deployment.compose("stop", "rag-pipeline-watch")
    run = deployment.compose("run", "--rm", "-T", "rag-pipeline")
    report = json.loads(run.stdout.strip().splitlines()[-1])
    assert report["run_mode"] == "single"
    assert report["files_failed"] == 0
    assert report["files_processed"] + report["files_unchanged"] >= 1
    hits = ada.http.get("/api/search", params={"q": "heron on the mill"}).json()["items"]
    assert "herons.md" in {hit["path"] for hit in hits}
    deployment.compose("start", "rag-pipeline-watch")


def test_the_configuration_names_the_origin(deployment: Deployment) -> None:
    with deployment.client() as http:
        configuration = http.get("/config.json").json()
    assert configuration["supabaseUrl"] == deployment.url
    assert configuration["features"]["uploads"] is True
    # Nothing here could send a link.
    assert configuration["features"]["passwordRecovery"] is False


def test_plain_http_is_sent_to_https(deployment: Deployment) -> None:
    answer = httpx.get(f"http://localhost:{deployment.http_port}/some/page")
    assert answer.status_code in {301, 308}
    assert answer.headers["location"].startswith("https://localhost")


def test_http_3_is_offered(deployment: Deployment) -> None:
    with deployment.client() as http:
        answer = http.get("/")
    assert "h3=" in answer.headers["alt-svc"]


def test_what_is_not_for_strangers_is_not_there(deployment: Deployment) -> None:
    with deployment.client() as http:
        assert http.get("/metrics").status_code == 404
        assert http.get("/rest/v1/user_profiles").status_code in {401, 403}
        assert http.get("/api/conversations").status_code == 401


def test_the_web_app_is_sent_as_it_was_compressed(deployment: Deployment) -> None:
    with deployment.client() as http:
        page = http.get("/", headers={"Accept-Encoding": "identity"})
        script = next(part for part in page.text.split('"') if part.startswith("/assets/") and part.endswith(".js"))
        for encoding in ("br", "gzip"):
            answer = http.get(script, headers={"Accept-Encoding": encoding})
            assert answer.headers["content-encoding"] == encoding
            assert answer.headers["content-type"].startswith("text/javascript")
            assert "immutable" in answer.headers["cache-control"]
        assert "content-encoding" not in http.get(script, headers={"Accept-Encoding": "identity"}).headers
        assert http.get(f"{script}x").status_code == 404
        assert http.get("/", headers={"Accept-Encoding": "br"}).headers["content-encoding"] == "br"
        assert http.get("/some/page/of/the/app", headers={"Accept-Encoding": "identity"}).text == page.text
        assert page.headers["cache-control"] == "no-cache"


def test_too_large_a_request_is_told_so(deployment: Deployment, ada: Member) -> None:
    answer = ada.http.post("/api/chat", content=b"x" * (9 * 1024 * 1024), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_tokens_arrive_one_by_one(deployment: Deployment) -> None:
    with deployment.client() as http, http.stream("GET", "/api/health/stream") as response:
        arrived = [time.monotonic() for line in response.iter_lines() if line.startswith("data:")]
    gaps = sorted(after - before for before, after in itertools.pairwise(arrived))
    assert len(arrived) == 10
    assert gaps[len(gaps) // 2] > 0.05, gaps


def test_the_doctor_finds_nothing_broken(deployment: Deployment) -> None:
    result = deployment.run("./scripts/doctor", check=False)
    assert result.returncode == 0, result.stdout
    for line in ("streaming at agent-api", "streaming at caddy", "embeddings: 384", "only Caddy publishes ports"):
        assert line in result.stdout
