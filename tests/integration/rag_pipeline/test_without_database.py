"""Where no database is configured, state and documents are files."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.stack import ROOT

# No stack is asked for: that is the point.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    return folder


def _run(folder: Path, *arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
    process = subprocess.run(
        [sys.executable, "-m", "rag_pipeline", *arguments],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "RAG_WATCH_DIRECTORY": str(folder),
            "RAG_STATE_DIRECTORY": str(folder.parent / "state"),
            **environment,
        },
        cwd=folder.parent,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return process.returncode, json.loads(process.stdout.decode().strip().splitlines()[-1])


def test_a_folder_is_followed_through_changes_failures_moves_and_deletions(folder: Path) -> None:
    for number in range(6):
        (folder / f"{number}.md").write_text(f"# Page {number}\n\nThe heron number {number}.")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 no")
    code, first = _run(folder)
    assert (code, first["files_processed"], first["files_failed"], first["chunks_written"]) == (1, 6, 1, 6)
    documents = list((folder.parent / "state").glob("*/*.document.json"))
    assert len(documents) == 6
    passage = json.loads(documents[0].read_text())["chunks"][0]
    assert passage["embedding"].startswith("[")

    (folder / "bad.pdf").unlink()
    (folder / "0.md").unlink()
    (folder / "1.md").rename(folder / "moved.md")
    (folder / "2.md").write_text("# Page 2\n\nThe stork.")
    code, second = _run(folder)
    assert code == 0
    figures = ("files_processed", "files_deleted", "files_moved", "files_unchanged")
    assert [second[name] for name in figures] == [1, 2, 1, 3]
    assert second["ledger"] == {"ready": 5}
    code, third = _run(folder)
    assert (code, third["files_unchanged"], third["files_processed"]) == (0, 5, 0)


def test_what_needs_a_database_says_so(folder: Path) -> None:
    code, answer = _run(folder, "check")
    assert code == 2
    assert "SUPABASE_URL" in answer["messages"][0]


def test_a_database_named_in_part_is_a_mistake(folder: Path) -> None:
    code, answer = _run(folder, SUPABASE_URL="http://127.0.0.1:9")
    assert code == 2
    assert "SUPABASE_SERVICE_KEY" in answer["messages"][0]
