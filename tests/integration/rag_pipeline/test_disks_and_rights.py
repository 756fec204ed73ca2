"""Folders and files that may not be read, full disks: told in a line, nothing lost, nothing deleted."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.pipeline import Pipeline
from tests.support.stack import ROOT, Person

#: Root reads everything, unless these two powers are taken from it.
_LIKE_ANYBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
rights_count = pytest.mark.skipif(
    bool(_LIKE_ANYBODY) and not shutil.which("setpriv"), reason="root reads everything, and there is no setpriv"
)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a disk of its own takes root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def _run(environment: dict[str, str]) -> tuple[int, dict[str, Any]]:
    process = subprocess.run(
        [*_LIKE_ANYBODY, sys.executable, "-m", "rag_pipeline"],
        env={"PATH": os.environ["PATH"], **environment}, cwd=ROOT, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    lines = process.stdout.decode().strip().splitlines()
    assert lines, process.stderr.decode()
    return process.returncode, json.loads(lines[-1])


def test_a_disk_that_is_not_mounted_deletes_nothing(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    mounted = pipeline.folder.rename(pipeline.folder.with_name("disk"))
    pipeline.folder.mkdir()
    run = pipeline.run()
    assert (run.exit_code, run["files_deleted"], len(run["messages"])) == (2, 0, 1)
    assert "is its disk mounted?" in run["messages"][0]
    (pipeline.folder / "lost+found").mkdir()  # what a new disk has in it
    pipeline.write("stray.md", "# Stray\n\npelican")
    assert pipeline.run().exit_code == 2
    assert pipeline.titles(ada, "albatross") == ["one.md"]
    # It comes back, as it was.
    pipeline.folder.rename(pipeline.folder.with_name("unmounted"))
    mounted.rename(pipeline.folder)
    assert pipeline.run()["files_unchanged"] == 1
    # Whoever deletes the files deletes them.
    (pipeline.folder / "one.md").unlink()
    assert pipeline.run()["files_deleted"] == 1
    assert pipeline.titles(ada, "albatross") == []


def test_a_new_folder_that_is_meant_to_be_empty_can_be_said_to_be(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    pipeline.folder.rename(pipeline.folder.with_name("before"))
    pipeline.folder.mkdir()
    assert pipeline.run().exit_code == 2
    pipeline.write(".roostignore", "")
    run = pipeline.run()
    assert (run.exit_code, run["files_deleted"]) == (0, 1)


def test_uploads_that_a_dead_process_left_half_done_are_cleared_up(
    pipeline: Pipeline, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pipeline.stack.uploads_folder
    for name in (".gone-1", ".new-2"):
        (folder / name).mkdir(parents=True)
        (folder / name / "content").write_text("secret")
        os.utime(folder / name, (1, 1))
    assert pipeline.run().exit_code == 0
    assert len(list(folder.iterdir())) == 2, "somebody may be at it just now, however old the content is"
    monkeypatch.setattr("rag_pipeline.sources.uploads._LEFT_BEHIND_AFTER", 0.0)
    assert pipeline.run().exit_code == 0
    assert list(folder.iterdir()) == []


@rights_count
def test_what_may_not_be_read_is_told_and_deletes_nothing(pipeline: Pipeline, ada: Person) -> None:
    for name in ("open", "closed", "listed", "locked/inside"):
        pipeline.write(f"{name}.md", f"# {name}\n\nThe {name.replace('/', '')}fish swims.")
    pipeline.write("room/inside.md", "# Inside\n\nThe roomfish swims.")
    pipeline.run()
    closed, locked, room = pipeline.folder / "closed.md", pipeline.folder / "locked", pipeline.folder / "room"
    closed.write_text("# closed\n\nChanged.")
    closed.chmod(0o000)
    locked.chmod(0o000)
    room.chmod(0o600)  # its names can be listed, and nothing behind them be looked at
    environment = pipeline.stack.environment(RAG_WATCH_DIRECTORY=str(pipeline.folder))
    try:
        code, report = _run(environment)
    finally:
        for path in (closed, locked, room):
            path.chmod(0o700)
    assert (code, report["files_deleted"]) == (1, 0)
    assert report["reasons"]["not-permitted"] == 3
    ledger = pipeline.ledger(ada)
    assert ledger["closed.md"]["reason"] == "not-permitted"
    assert ledger["room/inside.md"]["reason"] == "not-permitted"
    for word in ("openfish", "closedfish", "lockedinsidefish", "roomfish"):
        assert len(pipeline.titles(ada, word)) == 1, word


@rights_count
def test_a_folder_that_may_not_be_read_at_all_is_a_matter_of_configuration(pipeline: Pipeline, ada: Person) -> None:
    pipeline.write("one.md", "# One\n\nalbatross")
    pipeline.run()
    pipeline.folder.chmod(0o000)
    try:
        code, report = _run(pipeline.stack.environment(RAG_WATCH_DIRECTORY=str(pipeline.folder)))
    finally:
        pipeline.folder.chmod(0o700)
    assert code == 2
    assert "may not be read" in report["messages"][0]
    assert pipeline.titles(ada, "albatross") == ["one.md"]


def test_a_full_disk_for_temporary_files_ends_the_run_and_leaves_the_ledger_alone(
    pipeline: Pipeline, ada: Person, tiny_disk: Path
) -> None:
    pipeline.write("long.md", "# Long\n\n" + "The albatross glides over the long sea. " * 20_000)
    environment = pipeline.stack.environment(RAG_WATCH_DIRECTORY=str(pipeline.folder))
    code, report = _run({**environment, "TMPDIR": str(tiny_disk)})
    assert (code, report["files_failed"], len(report["messages"])) == (1, 0, 1)
    assert "is full. Free some space" in report["messages"][0]
    assert pipeline.ledger(ada) == {}
    pipeline.write("long.md", "# Short now")
    code, report = _run(environment)
    assert (code, report["files_processed"]) == (0, 1)


def test_a_full_disk_for_the_state_keeps_the_last_whole_state(tmp_path: Path, tiny_disk: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "small.md").write_text("# Small\n\nheron")
    environment = {"RAG_WATCH_DIRECTORY": str(folder), "RAG_STATE_DIRECTORY": str(tiny_disk)}
    assert _run(environment)[0] == 0
    before = {path: path.read_bytes() for path in tiny_disk.glob("*/*.json")}
    (folder / "large.md").write_text("# Large\n\n" + "The stork stands on one leg. " * 800)
    code, report = _run(environment)
    assert code == 1
    assert "Free some space" in report["messages"][0]
    after = {path: path.read_bytes() for path in tiny_disk.glob("*/*.json")}
    assert {path: after[path] for path in before if "document" in path.name} == {
        path: content for path, content in before.items() if "document" in path.name
    }
    state = json.loads(next(content for path, content in after.items() if path.name == "state.json"))
    assert state["known_files"]["small.md"]["state"] == "ready"
    code, report = _run({**environment, "RAG_STATE_DIRECTORY": str(tmp_path / "elsewhere")})
    assert (code, report["files_processed"]) == (0, 2)
