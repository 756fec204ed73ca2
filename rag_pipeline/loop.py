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
from rag_pipeline.report import Report
from rag_pipeline.run import UPLOADS_PIPELINE, run_once
from rag_pipeline.settings import PipelineSettings

log = structlog.get_logger(__name__)
#: Seconds between two looks whether somebody asked for a run.
_LOOK_EVERY = 2.0
#: Longest pause after runs that failed one after another, in seconds.
_LONGEST_PAUSE = 900.0


async def run_continuously(settings: PipelineSettings, core: CoreSettings) -> Report:
    """Run until SIGTERM or SIGINT; the report of the last run. A signal ends the pause at once, and a run cleanly."""
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
    return report


async def _pause(seconds: float, settings: PipelineSettings, core: CoreSettings, stop: asyncio.Event) -> None:
    """Wait, until the time is over, a person asks for a run, or a signal comes."""
    database = Database.connect(core)
    end = time.monotonic() + seconds
    try:
        while (left := end - time.monotonic()) > 0 and not stop.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(_LOOK_EVERY, left))
            if left > _LOOK_EVERY and await _asked(database, settings):
                return
    finally:
        await database.aclose()


async def _asked(database: Database, settings: PipelineSettings) -> bool:
    try:
        pipelines = [settings.rag_pipeline_id, UPLOADS_PIPELINE]
        return bool(await database.call("sync_requested", {"p_pipeline_ids": pipelines}))
    except RoostError:
        return False  # the next run will say what is wrong
