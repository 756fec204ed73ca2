"""`./scripts/deploy` brings the committed files to a server: by setup the first time, by upgrade from then on."""

import subprocess
from pathlib import Path

import pytest

from scripts.stack.ports import free_ports
from tests.stack.deployment import ROOT, Deployment


def test_a_first_deployment_and_the_next(tmp_path: Path) -> None:
    if subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, check=False).returncode != 0:
        pytest.skip("what is deployed is a commit, and this is no git checkout")
    # In the place of SSH: what it would run over there, run here.
    ssh = tmp_path / "ssh"
    ssh.write_text('#!/bin/sh\nshift\nexec sh -c "$*"\n')
    ssh.chmod(0o755)
    http_port, https_port = free_ports(2)
    server = Deployment(tmp_path / "server", "roosttestdeploy", http_port, https_port)
    server.folder.mkdir()
    settings = {
        "ROOST_SSH": str(ssh), "COMPOSE_PROJECT_NAME": server.project, "ROOST_IMAGES": server.project,
        "PUBLIC_URL": server.url,
        "HTTP_PORT": f"127.0.0.1:{http_port}", "HTTPS_PORT": f"127.0.0.1:{https_port}",
    }  # fmt: skip
    deploy = (str(ROOT / "scripts" / "deploy"), "somebody@example.com", str(server.folder))
    try:
        first = server.run(*deploy, settings=settings)
        assert "All is well." in first.stdout
        before = server.settings()["ROOST_VERSION"]
        # As if the first had brought a file that this commit does not have; and a document, which nobody brought.
        brought = server.folder / ".releases" / "files"
        brought.write_text("".join(sorted([*brought.read_text().splitlines(keepends=True), "core/gone.py\n"])))
        gone, kept = server.folder / "core" / "gone.py", server.folder / "documents" / "kept.md"
        gone.write_text("gone")
        kept.parent.mkdir(exist_ok=True)
        kept.write_text("# Kept")
        again = server.run(*deploy, settings={"ROOST_SSH": str(ssh)})
        assert f"Upgraded from {before}" in again.stderr
        assert (gone.exists(), kept.exists()) == (False, True)
        with server.client() as http:
            assert http.get("/api/ready").json()["status"] == "ok"
    finally:
        server.remove()
