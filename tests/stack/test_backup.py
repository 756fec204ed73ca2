"""Backup, an end of everything, restore: rows, log-ins, answers, files and secrets are what they were."""

import hashlib
import tarfile
from pathlib import Path

import pytest

from tests.stack.deployment import Deployment, Member, new_deployment

SECRETS = (
    "POSTGRES_PASSWORD",
    "SUPABASE_JWT_SECRET",
    "SUPABASE_SERVICE_KEY",
    "SUPABASE_PUBLISHABLE_KEY",
    "VALKEY_PASSWORD",
)
PASSPHRASE = "a passphrase of the tests"
TABLES = (
    "auth.users",
    "public.conversations",
    "public.messages",
    "public.documents",
    "public.chunks",
    "public.sources",
)


def counts(deployment: Deployment) -> dict[str, str]:
    return {table: deployment.sql(f"select count(*) from {table}") for table in TABLES}


def found(member: Member) -> list[tuple[str, float]]:
    items = member.http.get("/api/search", params={"q": "Where does the kingfisher live?"}).json()["items"]
    return [(item["text"], round(item["score"], 6)) for item in items]


@pytest.fixture(scope="module")
def ada(deployment: Deployment, ada: Member) -> Member:
    member = deployment.sign_in(ada.email)
    member.upload("kingfishers.md", "# Kingfishers\n\nThe kingfisher lives below the old bridge.\n")
    member.wait_until_ready("kingfishers.md")
    member.ask("Where does the kingfisher live?")
    return member


def test_backup_destroy_restore(deployment: Deployment, ada: Member, tmp_path: Path) -> None:
    deployment.compose("stop", "rag-pipeline-watch")
    before, hits, settings = counts(deployment), found(ada), deployment.settings()
    deployment.set("BACKUP_PASSPHRASE", PASSPHRASE)
    backup = Path(deployment.run("./scripts/backup").stdout.strip())
    assert backup.name.endswith(".tar.enc")
    assert backup.stat().st_mode & 0o077 == 0
    assert not tarfile.is_tarfile(backup)
    deployment.run("./scripts/backup", "--verify", str(backup))

    moved = tmp_path / backup.name
    moved.write_bytes(backup.read_bytes())
    deployment.remove()

    empty = new_deployment(tmp_path / "elsewhere")
    try:
        where = {
            "COMPOSE_PROJECT_NAME": empty.project, "ROOST_IMAGES": empty.project,
            "HTTP_PORT": f"127.0.0.1:{empty.http_port}",
            "HTTPS_PORT": f"127.0.0.1:{empty.https_port}", "PUBLIC_URL": empty.url,
        }  # fmt: skip
        wrong = empty.run(
            "./scripts/restore", str(moved), check=False, settings={**where, "BACKUP_PASSPHRASE": "another"}
        )
        assert wrong.returncode != 0
        assert not (empty.folder / ".env").exists()
        empty.run("./scripts/restore", str(moved), settings={**where, "BACKUP_PASSPHRASE": PASSPHRASE})
        assert {name: empty.settings()[name] for name in SECRETS} == {name: settings[name] for name in SECRETS}
        again = empty.sign_in(ada.email)
        empty.compose("stop", "rag-pipeline-watch")
        assert counts(empty) == before
        assert found(again) == hits
        kept = "find /var/lib/roost/uploads -name content -exec sha256sum {} +"
        digests = empty.compose("exec", "-T", "agent-api", "sh", "-c", kept).stdout.split()
        text = b"# Kingfishers\n\nThe kingfisher lives below the old bridge.\n"
        assert hashlib.sha256(text).hexdigest() in digests
        assert (
            "there is a Roost here already"
            in empty.run(
                "./scripts/restore", str(moved), check=False, settings={"BACKUP_PASSPHRASE": PASSPHRASE}
            ).stderr
        )
    finally:
        empty.remove()


def test_a_damaged_backup_is_told(tmp_path: Path, bare: Deployment) -> None:
    damaged = tmp_path / "roost-damaged.tar"
    damaged.write_bytes(b"this is no backup" * 100)
    result = bare.run("./scripts/backup", "--verify", str(damaged), check=False)
    assert result.returncode == 1
    assert "is no backup of Roost" in result.stderr
