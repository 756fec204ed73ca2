"""RUN_MODE=continuous: a run every CHECK_INTERVAL seconds, sooner when somebody asks, through every kind of trouble."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time

import structlog

from core.errors import RoostError
from core.settings import CoreSettings
from core.supabase import Database
from rag_pipeline.configuration import NoDatabase
from rag_pipeline.report import Report
from rag_pipeline.run import UPLOADS_PIPELINE, run_once
from rag_pipeline.settings import PipelineSettings

log = structlog.get_logger(__name__)
#: Seconds between two looks whether somebody asked for a run.
_LOOK_EVERY = 2.0
#: Longest pause after runs that failed one after another, in seconds.
_LONGEST_PAUSE = 900.0
#: Seconds that a process which is stopped takes at most to say so.
_LONGEST_FAREWELL = 3.0


async def run_continuously(settings: PipelineSettings, core: CoreSettings) -> Report:
    """Run until SIGTERM or SIGINT; the report of the last run. A signal ends the pause at once, and a run cleanly.

    While it waits, the state of its pipelines says when the next run begins, for whoever looks at a source.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    failures = 0
    report = Report(pipeline_type=settings.rag_pipeline_type, run_mode=settings.run_mode)
    while not stop.is_set():
        run = asyncio.create_task(run_once(settings, core))
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({run, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not run.done():
            # What was written stays; the rest is for the next start.
            run.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await run
            break
        stopped.cancel()
        report = run.result()
        failures = failures + 1 if report.messages and not report.locked else 0
        log.info("run ended", **{name: value for name, value in report.as_dict().items() if name != "messages"})
        pause = min(settings.check_interval * 2 ** min(failures, 10), max(_LONGEST_PAUSE, settings.check_interval))
        await _pause(pause if failures else settings.check_interval, settings, core, stop)
    await _end_plan(settings, core)
    return report


async def _pause(seconds: float, settings: PipelineSettings, core: CoreSettings, stop: asyncio.Event) -> None:
    """Wait, until the time is over, a person asks for a run, or a signal comes."""
    database = None if isinstance(core, NoDatabase) else Database.connect(core)
    end = time.monotonic() + seconds
    try:
        if database:
            await _plan(database, settings, seconds)
        while (left := end - time.monotonic()) > 0 and not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(_LOOK_EVERY, left))
            if database and left > _LOOK_EVERY and await _asked(database, settings):
                return
    finally:
        if database:
            await database.aclose()


async def _asked(database: Database, settings: PipelineSettings) -> bool:
    try:
        return bool(await database.call("sync_requested", {"p_pipeline_ids": _pipelines(settings)}))
    except RoostError:
        return False  # the next run will say what is wrong


async def _plan(database: Database, settings: PipelineSettings, seconds: float | None) -> None:
    """Tell when the next run begins; ``None``: not by this process."""
    arguments = {"p_pipeline_ids": _pipelines(settings), "p_interval": settings.check_interval, "p_seconds": seconds}
    with contextlib.suppress(RoostError):  # the next run will say what is wrong
        await database.call("plan_next_run", arguments)


async def _end_plan(settings: PipelineSettings, core: CoreSettings) -> None:
    if isinstance(core, NoDatabase):
        return
    database = Database.connect(core)
    try:
        # Whoever stops a process does not wait long for it.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_plan(database, settings, None), _LONGEST_FAREWELL)
    finally:
        await database.aclose()


def _pipelines(settings: PipelineSettings) -> list[str]:
    return [settings.rag_pipeline_id, UPLOADS_PIPELINE]
