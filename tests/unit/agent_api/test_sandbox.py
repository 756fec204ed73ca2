"""The sandbox holds whatever runs in it, also many at once."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from agent_api.assistant.sandbox import PythonSandbox, open_sandbox
from core.errors import Unprocessable


@pytest.fixture
async def sandbox() -> AsyncGenerator[PythonSandbox]:
    async with open_sandbox(seconds=1, memory_bytes=32 * 1024 * 1024) as sandbox:
        yield sandbox


async def test_each_program_begins_anew(sandbox: PythonSandbox) -> None:
    await sandbox.run("secret = 42")
    with pytest.raises(Unprocessable, match="NameError"):
        await sandbox.run("secret")


async def test_the_environment_is_out_of_sight(sandbox: PythonSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_SERVICE_KEY", "not-to-be-seen")
    for code in ("import os; os.environ['SUPABASE_SERVICE_KEY']", "import os; os.getenv('SUPABASE_SERVICE_KEY')"):
        try:
            told = await sandbox.run(code)
        except Unprocessable as error:
            told = error.detail
        assert "not-to-be-seen" not in told


async def test_nothing_is_written(sandbox: PythonSandbox, tmp_path: Path) -> None:
    target = tmp_path / "file"
    with pytest.raises(Unprocessable):
        await sandbox.run(f"open({str(target)!r}, 'w').write('x')")
    assert not target.exists()


async def test_what_is_printed_before_an_error_is_told(sandbox: PythonSandbox) -> None:
    with pytest.raises(Unprocessable, match=r"(?s)so far.*ZeroDivisionError"):
        await sandbox.run("print('so far')\n1/0")


async def test_an_endless_one_holds_up_no_other(sandbox: PythonSandbox) -> None:
    endless = asyncio.create_task(sandbox.run("while True: pass"))
    await asyncio.sleep(0.1)
    assert await asyncio.wait_for(sandbox.run("1 + 1"), 5) == "2"
    with pytest.raises(Unprocessable, match="TimeoutError"):
        await endless


async def test_a_caller_who_leaves_leaves_nothing_running() -> None:
    async with open_sandbox(seconds=1, memory_bytes=32 * 1024 * 1024) as sandbox:
        task = asyncio.create_task(sandbox.run("while True: pass"))
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert await asyncio.wait_for(sandbox.run("2"), 5) == "2"
    async with asyncio.timeout(10):
        while any("monty" in name for name in _children()):  # noqa: ASYNC110 - a process that ends sets no event
            await asyncio.sleep(0.1)


async def test_a_long_value_is_cut(sandbox: PythonSandbox) -> None:
    told = await sandbox.run("'x' * 100_000")
    assert len(told) < 21_000
    assert "100,002 characters in all" in told


def _children() -> list[str]:
    """The names of this process's children."""
    listed = [path.read_text() for path in Path("/proc/self/task").glob("*/children")]
    return [Path(f"/proc/{pid}/comm").read_text() for pid in " ".join(listed).split()]
