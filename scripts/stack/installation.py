"""What npm installs and builds, done only when its sources have changed."""

import asyncio
import fcntl
import hashlib
import os
import shutil
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from scripts.stack.child import Child, Command, describe_exit
from scripts.stack.errors import StackError
from scripts.stack.node import node, node_environment, npm

ROOT = Path(__file__).parents[2]
FRONTEND = ROOT / "frontend"
EMBEDDED = ROOT / "supabase" / "embedded"
MARK = ".made-from"  # holds the hash of what the folder was made from
NOT_SOURCES = {"node_modules", "dist", "dist.next", "coverage", "test-results"}


async def install_packages(folder: Path, log: Path) -> None:
    """`npm ci`, when package-lock.json is not the one that was installed last.

    Raises:
        StackError: npm failed.
    """
    lock_file = folder / "package-lock.json"
    if not lock_file.exists():
        raise StackError(f"{lock_file} is missing: this checkout is not complete")
    async with exclusively(lock_file):
        wanted = hashlib.sha256(lock_file.read_bytes()).hexdigest()
        mark = folder / "node_modules" / MARK
        if read_mark(mark) == wanted:
            return
        print(f"Installing the packages of {folder.relative_to(ROOT)}", flush=True)
        await run("npm ci", [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, log)
        mark.write_text(wanted)


async def build_web_app(log: Path) -> Path:
    """Build the web app, when its sources are not those of the last build.

    Returns:
        The folder to serve.

    Raises:
        StackError: npm or Vite failed.
    """
    await install_packages(FRONTEND, log)
    built = FRONTEND / "dist"
    async with exclusively(FRONTEND / "package.json"):
        wanted = hash_of_sources(FRONTEND)
        if read_mark(built / MARK) == wanted:
            return built
        print("Building the web app", flush=True)
        fresh = FRONTEND / "dist.next"
        vite = FRONTEND / "node_modules" / "vite" / "bin" / "vite.js"
        arguments = [node(), vite, "build", "--outDir", fresh, "--emptyOutDir"]
        await run("the build of the web app", arguments, FRONTEND, log)
        (fresh / MARK).write_text(wanted)
        shutil.rmtree(built, ignore_errors=True)
        fresh.rename(built)
    return built


def hash_of_sources(folder: Path) -> str:
    """One hash over the names and contents of all that a build may read."""
    digest = hashlib.sha256()
    for path in sorted(source_files(folder)):
        digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def source_files(folder: Path) -> Iterator[Path]:
    """All files but those that are made by tools."""
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NOT_SOURCES and not name.startswith(".")]
        yield from (
            Path(parent, name) for name in files if not name.startswith(".") and not name.endswith(".tsbuildinfo")
        )


def read_mark(mark: Path) -> str:
    """The hash in the mark; empty where there is none."""
    return mark.read_text() if mark.exists() else ""


@asynccontextmanager
async def exclusively(file: Path) -> AsyncGenerator[None]:
    """Let only one process at a time install or build; the others wait."""
    with file.open() as opened:
        while True:
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                await asyncio.sleep(0.1)
            else:
                break
        yield


async def run(name: str, arguments: Sequence[str | Path], folder: Path, log: Path) -> None:
    """Run to the end, quietly; cancelled, it ends what it started.

    Raises:
        StackError: it failed; the error carries what it wrote.
    """
    child = Child(Command(name, arguments, node_environment(), folder), log)
    await child.start()
    try:
        code = await child.ended()
    finally:
        await child.stop()
    if code != 0:
        raise child.failure(f"failed with {describe_exit(code)}")
