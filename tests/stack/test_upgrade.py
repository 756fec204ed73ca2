"""An upgrade works or leaves the old release serving, with all that was stored."""

import pytest

from tests.stack.deployment import Deployment, Member

GOOD = """create table public.of_the_next_release (id int);
alter table public.of_the_next_release enable row level security;"""


@pytest.fixture(scope="module")
def ada(deployment: Deployment, ada: Member) -> Member:
    member = deployment.sign_in(ada.email)
    member.upload("ravens.md", "# Ravens\n\nThe raven of the tower is called Edgar.\n")
    member.wait_until_ready("ravens.md")
    return member


def answers(deployment: Deployment, member: Member) -> None:
    again = deployment.sign_in(member.email)
    text = "".join(e["delta"] for e in again.ask("What is the raven of the tower called?") if e["type"] == "text-delta")
    assert "Edgar" in text


def migration(deployment: Deployment, version: str, text: str) -> None:
    folder = deployment.folder / "supabase" / "migrations"
    (folder / f"{version}_of_the_tests.sql").write_text(text)


def test_a_migration_that_fails_changes_nothing(deployment: Deployment, ada: Member) -> None:
    before = deployment.settings()["ROOST_VERSION"]
    running = deployment.compose("ps", "-q", "agent-api", "db").stdout
    migration(deployment, "29990101000000", "alter table public.nowhere add column x int;")
    result = deployment.run("./scripts/upgrade", check=False)
    assert result.returncode == 1
    assert "29990101000000_of_the_tests.sql:1: ERROR" in result.stdout + result.stderr
    assert f"Nothing was changed: {before} goes on" in result.stderr
    assert deployment.settings()["ROOST_VERSION"] == before
    assert deployment.compose("ps", "-q", "agent-api", "db").stdout == running
    assert deployment.sql("select count(*) from pg_database where datname like 'roost_%'") == "0"
    answers(deployment, ada)


def test_a_release_that_does_not_start_is_taken_back(deployment: Deployment, ada: Member) -> None:
    before = deployment.settings()["ROOST_VERSION"]
    migration(deployment, "29990101000000", GOOD)
    entry = deployment.folder / "agent_api" / "__main__.py"
    good = entry.read_text()
    entry.write_text("raise SystemExit('this release is broken')\n")
    try:
        result = deployment.run("./scripts/upgrade", check=False)
    finally:
        entry.write_text(good)
    assert result.returncode == 1
    assert f"{before} serves, with all that was stored" in result.stderr
    assert deployment.settings()["ROOST_VERSION"] == before
    assert deployment.sql("select to_regclass('public.of_the_next_release') is null") == "t"
    answers(deployment, ada)


def test_an_upgrade_and_the_way_back(deployment: Deployment, ada: Member) -> None:
    before = deployment.settings()["ROOST_VERSION"]
    migration(deployment, "29990101000000", GOOD)
    result = deployment.run("./scripts/upgrade")
    after = deployment.settings()["ROOST_VERSION"]
    assert after != before
    assert f"Upgraded from {before} to {after}" in result.stderr
    assert deployment.sql("select to_regclass('public.of_the_next_release') is null") == "f"
    assert deployment.sql("select count(*) from pg_database where datname like 'roost_%'") == "0"
    answers(deployment, ada)

    deployment.run("./scripts/rollback")
    assert deployment.settings()["ROOST_VERSION"] == before
    images = {container["Config"]["Image"] for container in deployment.containers()}
    assert deployment.image("agent-api", before) in images
    answers(deployment, ada)
