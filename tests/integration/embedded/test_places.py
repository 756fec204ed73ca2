"""Where a Roost may live: an ordinary user's folder, and disks and folders that do not take it."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stack.child import LAUNCH
from scripts.stack.data_folder import DataFolder
from scripts.stack.ports import free_port
from tests.support.running_roost import ROOT, stop, wait_until_ready
from tests.support.stack import PASSWORD

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="changes users and mounts file systems")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")

SOMEBODY = 65534  # the user id that stands for nobody in particular


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `documents` in it that everybody can reach."""
    folder = tmp_path_factory.mktemp("place")
    for parent in (folder, folder.parent, folder.parent.parent):
        parent.chmod(0o711)
    (folder / "documents").mkdir(mode=0o755)
    return folder


@pytest.fixture
def mounted(place: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of its own, mounted with the options that the test gives."""
    folder = place / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", request.param, "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("this machine mounts no file systems")
    yield folder
    subprocess.run(["umount", folder], check=True)


def as_ordinary_user(place: Path, data: Path) -> "subprocess.Popen[str]":
    """A Roost with that data folder, run without root's rights; reading the checkout is allowed wherever it is."""
    command = [sys.executable, "-m", "scripts.stack"]
    if os.geteuid() == 0:
        launch = [sys.executable, "-I", "-S", LAUNCH, str(os.getpid()), "15", str(SOMEBODY), str(SOMEBODY), "1"]
        command = [*map(str, launch), *command]
    return subprocess.Popen(
        [*command, "--data", str(data), "--watch", str(place / "documents"), "--port", str(free_port())],
        cwd=ROOT, env={**os.environ, "HOME": str(place)}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def refused(data: Path, place: Path) -> str:
    """What a start with that data folder says instead of starting."""
    command = [sys.executable, "-m", "scripts.stack", "--data", data, "--watch", place / "documents"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    return ended.stdout + ended.stderr


def test_an_ordinary_user_runs_it(place: Path) -> None:
    # Installing is the checkout's owner's; a checkout with changed sources would be built again by the start.
    subprocess.run([sys.executable, "-m", "scripts.stack", "install"], cwd=ROOT, capture_output=True, check=True)
    home = place / "home"
    home.mkdir()
    if os.geteuid() == 0:
        os.chown(home, SOMEBODY, SOMEBODY)
    process = as_ordinary_user(place, home / "data")
    try:
        said = wait_until_ready(process)
        key = DataFolder(home / "data").published()["SUPABASE_PUBLISHABLE_KEY"]
        url = said.strip().rpartition(" ")[2]
        request = urllib.request.Request(
            f"{url}/auth/v1/signup",
            json.dumps({"email": "ada@example.com", "password": PASSWORD}).encode(),
            {"apikey": key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            assert json.load(response)["user"]["email"] == "ada@example.com"
    finally:
        code, _ = stop(process)
    assert code == 0


def test_a_folder_of_somebody_else_is_told(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o555)

    process = as_ordinary_user(place, closed / "data")
    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert f"no permission to write {closed / 'data'}: choose another folder with --data" in said


@needs_root
@pytest.mark.parametrize("mounted", ["size=20m"], indirect=True)
def test_a_full_disk_is_told_before_anything_is_begun(mounted: Path, place: Path) -> None:
    assert "is full (" in refused(mounted / "data", place)
    assert not (mounted / "data" / "postgres").exists()


@needs_root
@pytest.mark.parametrize("mounted", ["ro"], indirect=True)
def test_a_disk_that_cannot_be_written_is_told(mounted: Path, place: Path) -> None:
    assert "cannot be written: choose another folder with --data" in refused(mounted / "data", place)


def test_a_file_in_place_of_the_folder_is_told(place: Path) -> None:
    (place / "data").write_text("a letter")

    assert "is a file: choose a folder with --data" in refused(place / "data", place)
    assert (place / "data").read_text() == "a letter"
