"""Python in a sandbox: pydantic's Monty, an interpreter without files, network or packages, in a process of its own.

The worker ends a computation that takes too long or too much by itself; one that does not is killed from outside.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pydantic_monty
from pydantic_monty import AsyncMonty, CollectString, MontyCrashedError, MontyError, ResourceLimits

from core.errors import Unavailable, Unprocessable

#: Bytes that a computation may print, and characters of its value that are told.
_MOST_PRINTED = 64 * 1024
_MOST_TOLD = 20_000
#: Workers at once, and seconds that a computation waits for a free one.
_WORKERS = 4
_PATIENCE = 30.0
#: Seconds past its limit after which a worker is killed.
_GRACE = 1.0


class PythonSandbox:
    """Runs short programs.

    Args:
        pool: The workers; none is started before it is needed.
        seconds: Longest time of one program.
        memory_bytes: Most memory of one program.
    """

    def __init__(self, pool: AsyncMonty, *, seconds: float, memory_bytes: int) -> None:
        self._pool = pool
        self._limits = ResourceLimits(
            max_feed_duration_secs=seconds, max_memory=memory_bytes, max_total_sleep_secs=0, max_suspensions=1
        )

    async def run(self, code: str) -> str:
        """What a program prints, and the value of its last expression.

        Raises:
            Unprocessable: The program is wrong or went over a limit; the detail is Python's own message.
            Unavailable: No worker was free, or it ended before its time.
        """
        printed = CollectString(_MOST_PRINTED)
        try:
            async with self._pool.checkout(limits=self._limits) as session:
                value = await session.feed_run(code, print_callback=printed)
        except MontyCrashedError as error:
            raise Unavailable("The computation had to be ended.", slug="sandbox-crashed") from error
        except MontyError as error:
            raise Unprocessable(_message(error, printed.output), slug="program-failed") from error
        except TimeoutError as error:
            raise Unavailable("All workers are busy. Try again in a moment.", slug="sandbox-busy") from error
        told = "" if value is None else repr(value)
        return (
            "\n".join(text for text in (_shortened(printed.output.rstrip()), _shortened(told)) if text) or "(nothing)"
        )


def _message(error: MontyError, printed: str) -> str:
    before = f"{_shortened(printed.rstrip())}\n" if printed else ""
    display: Any = getattr(error, "display", None)
    return f"{before}{_shortened(str(display()) if display else str(error))}"


def _shortened(text: str) -> str:
    return text if len(text) <= _MOST_TOLD else f"{text[:_MOST_TOLD]}… ({len(text):,} characters in all)"


@asynccontextmanager
async def open_sandbox(*, seconds: float, memory_bytes: int) -> AsyncGenerator[PythonSandbox]:
    """A sandbox whose workers end with it."""
    async with pydantic_monty.AsyncMonty(
        min_processes=0,
        max_processes=_WORKERS,
        checkout_timeout=_PATIENCE,
        request_timeout=seconds + 2 * _GRACE,
        feed_duration_limit_grace=_GRACE,
        max_checkouts_per_worker=50,
    ) as pool:
        yield PythonSandbox(pool, seconds=seconds, memory_bytes=memory_bytes)
