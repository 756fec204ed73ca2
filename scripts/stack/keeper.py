"""Keeping children alive: a child that dies is started again, with longer and longer pauses."""

import asyncio
from collections.abc import Callable

from scripts.stack.child import Child, describe_exit
from scripts.stack.errors import StackError

FIRST_PAUSE = 0.5  # seconds
LONGEST_PAUSE = 30.0
STEADY = 60.0  # seconds after which a child counts as well again
MOST_DEATHS = 8  # in a row
LOG_CHECK = 60.0  # seconds


async def keep_alive(child: Child, say: Callable[[str], None]) -> None:
    """Start the child again whenever it ends, until cancelled.

    Raises:
        StackError: it died `MOST_DEATHS` times without ever being well for `STEADY` seconds.
    """
    clock = asyncio.get_running_loop()
    deaths = 0
    while True:
        started = clock.time()
        code = await child.ended()
        child.clear_group()
        deaths = 1 if clock.time() - started > STEADY else deaths + 1
        if deaths >= MOST_DEATHS:
            raise child.failure(f"ended {deaths} times in a row, the last time with {describe_exit(code)}")
        pause = min(FIRST_PAUSE * 2 ** (deaths - 1), LONGEST_PAUSE)
        say(f"The {child.name} ended ({describe_exit(code)}); starting it again in {pause:g} s. Its log: {child.log}")
        await asyncio.sleep(pause)
        await child.start()


async def keep_logs_small(children: list[Child]) -> None:
    """Look at the logs' sizes now and then, until cancelled."""
    while True:
        await asyncio.sleep(LOG_CHECK)
        for child in children:
            child.keep_log_small()


async def first_failure(*keepers: asyncio.Task[None]) -> StackError | None:
    """Wait until one of the keepers gives up, and say why."""
    done, _ = await asyncio.wait(keepers, return_when=asyncio.FIRST_COMPLETED)
    for keeper in done:
        error = None if keeper.cancelled() else keeper.exception()
        if isinstance(error, StackError):
            return error
        if error is not None:
            raise error
    return None
