"""compose.yaml in every profile and scenario, .env, and the images' own promises. Nothing is started."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.stack.deployment import Deployment

PROFILES = ["supabase", "pipeline", "pipeline-watch", "ollama", "monitoring", "langfuse"]
HOSTED = {
    "COMPOSE_PROFILES": "pipeline-watch",
    "SUPABASE_URL": "https://abc.supabase.co",
    "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_0123456789",
    "SUPABASE_SERVICE_KEY": "sb_secret_0123456789",
    "DATABASE_URL": "postgresql://postgres.abc:secret@db.example.com:5432/postgres",
}
SCENARIOS: dict[str, dict[str, str]] = {
    "local": {},
    "vps": {"DOMAIN": "roost.example.com", "ACME_EMAIL": "ada@example.com"},
    "hosted": {"DOMAIN": "roost.example.com", **HOSTED},
    "behind-a-proxy": {
        "COMPOSE_FILE": "compose.yaml:compose.proxy.yaml", "DOMAIN": "roost.example.com",
        "HTTP_PORT": "127.0.0.1:8080", "TRUSTED_PROXIES": "172.16.0.0/12",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def prepared(bare: Deployment) -> Deployment:
    bare.setup()
    return bare


def configured(deployment: Deployment, *arguments: str, **settings: str) -> dict[str, Any]:
    command = ("docker", "compose", *arguments, "config", "--format", "json")
    return json.loads(deployment.run(*command, settings=settings).stdout)


@pytest.mark.parametrize("profile", [*PROFILES, "*"])
def test_every_profile_is_valid(prepared: Deployment, profile: str) -> None:
    prepared.compose("--profile", profile, "config", "-q")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_is_valid(prepared: Deployment, scenario: str) -> None:
    settings = SCENARIOS[scenario]
    services = configured(prepared, **settings)["services"]
    assert ("db" in services) == (scenario != "hosted")
    caddy = services["caddy"]
    if scenario == "behind-a-proxy":
        assert [port["published"] for port in caddy["ports"]] == ["8080"]
        assert caddy["environment"]["SITE_ADDRESS"] == "http://:80"
    else:
        assert caddy["environment"]["SITE_ADDRESS"] == settings.get("DOMAIN", "localhost")
    if scenario == "hosted":
        assert services["agent-api"]["environment"]["SUPABASE_URL"] == HOSTED["SUPABASE_URL"]
        assert services["agent-api"]["environment"]["SUPABASE_PUBLIC_URL"] == HOSTED["SUPABASE_URL"]
        assert services["migrate"]["environment"]["DATABASE_URL"] == HOSTED["DATABASE_URL"]
        assert caddy["environment"]["SUPABASE_ELSEWHERE"] == "_elsewhere"


@pytest.mark.parametrize(
    ("settings", "offered"),
    [
        ({}, ""),
        ({"SMTP_HOST": "mail.example.com"}, "true"),
        (HOSTED, ""),
        ({"RECOVERY_ENABLED": "false"}, "false"),
    ],
    ids=["no mail server", "mail server", "hosted", "switched off"],
)
def test_recovery_is_offered_where_a_mail_can_be_sent(
    prepared: Deployment, settings: dict[str, str], offered: str
) -> None:
    environment = configured(prepared, **settings)["services"]["agent-api"]["environment"]
    assert environment["RECOVERY_ENABLED"] == offered
    # Unset, it is offered where Supabase is elsewhere.
    assert bool(environment["SUPABASE_PUBLIC_URL"]) == (settings is HOSTED)


def test_services_call_the_database_beside_them_straight(prepared: Deployment) -> None:
    """An .env of a release that knew no such password goes on over PostgREST; an address of one's own comes first."""
    password = prepared.settings()["POSTGRES_SERVICE_PASSWORD"]
    own = {"SERVICE_DATABASE_URL": "postgresql://roost_service.abc:p%40ss@db.example.com:6543/postgres?pgbouncer=true"}
    straight = f"postgresql://roost_service:{password}@db:5432/postgres"
    before = (prepared.folder / ".env").read_text()
    for settings, expected in (({}, straight), (own, own["SERVICE_DATABASE_URL"]), (None, "")):
        try:
            if settings is None:
                prepared.set("POSTGRES_SERVICE_PASSWORD", "")
            services = configured(prepared, "--profile", "*", **(settings or {}))["services"]
        finally:
            (prepared.folder / ".env").write_text(before)
        for name in ("agent-api", "rag-pipeline", "rag-pipeline-watch"):
            assert services[name]["environment"]["SERVICE_DATABASE_URL"] == expected
            assert "internal" in services[name]["networks"]
        assert set(services["db"]["networks"]) == {"internal"}
        told = [name for name, service in services.items() if "SERVICE_DATABASE_URL" in service.get("environment", {})]
        assert sorted(told) == ["agent-api", "rag-pipeline", "rag-pipeline-watch"]


def test_setup_for_a_supabase_elsewhere_leaves_the_database_beside_us(prepared: Deployment) -> None:
    before = (prepared.folder / ".env").read_text()
    try:
        prepared.setup(**HOSTED)
        environment = configured(prepared)["services"]["agent-api"]["environment"]
    finally:
        (prepared.folder / ".env").write_text(before)
    assert environment["SERVICE_DATABASE_URL"] == ""


def test_without_setup_the_way_is_told(bare: Deployment, tmp_path: Any) -> None:
    command = ("docker", "compose", "--env-file", "/dev/null", "config", "-q")
    result = bare.run(*command, check=False)
    assert result.returncode != 0
    assert "run ./scripts/setup" in result.stderr


def test_monitoring_asks_services_that_it_can_reach(prepared: Deployment) -> None:
    services = configured(prepared, "--profile", "monitoring")["services"]
    folder = prepared.folder / "monitoring"
    jobs = yaml.safe_load((folder / "prometheus.yaml").read_text())["scrape_configs"]
    sources = yaml.safe_load((folder / "datasources.yaml").read_text())["datasources"]
    asked = {("prometheus", target) for job in jobs for one in job["static_configs"] for target in one["targets"]}
    asked |= {("grafana", source["url"].removeprefix("http://")) for source in sources}
    assert {("prometheus", "caddy:8000"), ("grafana", "prometheus:9090")} <= asked
    for who, target in asked:
        assert set(services[who]["networks"]) & set(services[target.partition(":")[0]]["networks"]), target
    # Figures, and no table.
    assert "//metrics:" in services["postgres-exporter"]["environment"]["DATA_SOURCE_NAME"]
    mounted = {volume["target"] for name in ("prometheus", "grafana") for volume in services[name]["volumes"]}
    assert {"/etc/prometheus/prometheus.yaml", "/etc/grafana/provisioning/datasources/roost.yaml"} <= mounted


def test_langfuse_has_all_that_it_needs(prepared: Deployment) -> None:
    before = (prepared.folder / ".env").read_text()
    prepared.set("COMPOSE_PROFILES", "supabase,pipeline-watch,monitoring,langfuse")
    try:
        prepared.setup()
        settings = prepared.settings()
        services = configured(prepared)["services"]
    finally:
        (prepared.folder / ".env").write_text(before)
    web, worker = (services[f"langfuse-{name}"]["environment"] for name in ("web", "worker"))
    for name in ("SALT", "ENCRYPTION_KEY", "REDIS_AUTH", "CLICKHOUSE_PASSWORD"):
        assert len(web[name]) >= 48
        assert web[name] == worker[name]
    assert re.fullmatch("[0-9a-f]{64}", web["ENCRYPTION_KEY"])
    # The agent API sends to the project that Langfuse makes at its first start.
    api = services["agent-api"]
    assert api["environment"]["LANGFUSE_PUBLIC_KEY"] == web["LANGFUSE_INIT_PROJECT_PUBLIC_KEY"] != ""
    assert api["environment"]["LANGFUSE_SECRET_KEY"] == web["LANGFUSE_INIT_PROJECT_SECRET_KEY"] != ""
    assert api["environment"]["LANGFUSE_BASE_URL"] == "http://langfuse-web:3000"
    assert set(api["networks"]) & set(services["langfuse-web"]["networks"])
    stores = {"langfuse-db", "langfuse-cache", "langfuse-clickhouse", "langfuse-objects"}
    assert all(set(services[name]["networks"]) == {"langfuse"} for name in stores)
    assert set(services["langfuse-web"]["depends_on"]) == stores
    assert not any(service.get("ports") for name, service in services.items() if name != "caddy")
    assert len(settings["GRAFANA_PASSWORD"]) >= 48


def test_every_image_has_a_version(prepared: Deployment) -> None:
    for name, service in configured(prepared, "--profile", "*")["services"].items():
        assert re.search(r":[\w.-]*\d[\w.-]*$", service["image"]), f"{name}: {service['image']}"


def test_setup_is_safe_to_run_again(prepared: Deployment) -> None:
    before = prepared.settings()
    prepared.setup()
    assert prepared.settings() == before
    assert (prepared.folder / ".env").stat().st_mode & 0o777 == 0o600
    secrets = [value for name, value in before.items() if name.endswith(("PASSWORD", "SECRET", "KEY"))]
    assert all(len(value) >= 48 for value in secrets)
    assert len(set(secrets)) == len(secrets)


def test_setup_refuses_a_known_default(prepared: Deployment) -> None:
    result = prepared.run(
        "./scripts/setup", "--non-interactive", check=False, settings={"POSTGRES_PASSWORD": "postgres"}
    )
    assert result.returncode == 1
    assert "POSTGRES_PASSWORD is a known default" in result.stderr


def test_a_key_of_another_secret_is_told(prepared: Deployment) -> None:
    before = prepared.settings()["SUPABASE_SERVICE_KEY"]
    prepared.set("SUPABASE_SERVICE_KEY", f"{before[:-4]}AAAA")
    try:
        result = prepared.run("./scripts/setup", "--non-interactive", check=False)
        assert result.returncode == 1
        assert "SUPABASE_SERVICE_KEY is not signed" in result.stderr
    finally:
        prepared.set("SUPABASE_SERVICE_KEY", before)


def test_the_doctor_names_what_it_does_not_know(prepared: Deployment) -> None:
    prepared.set("RAG_CHEK_INTERVAL", "5")
    assert "not known to Roost: RAG_CHEK_INTERVAL" in prepared.run("./scripts/doctor", check=False).stdout
