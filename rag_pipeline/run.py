"""One run of the pipeline: each source in turn, under its lock, and a report of it all."""

from __future__ import annotations

import contextlib
import time

import structlog

from core.errors import (
    ConfigurationError,
    DatabaseUnreachable,
    NotAllowed,
    NotAuthenticated,
    RoostError,
    ServiceKeyRefused,
)
from core.knowledge.chunking import ChunkSettings
from core.knowledge.model_names import LOCAL_MODEL
from core.settings import CoreSettings
from core.supabase import Database
from rag_pipeline.configuration import NoDatabase
from rag_pipeline.extraction.pool import ParseLimits, ParserPool
from rag_pipeline.folder_state import FolderState
from rag_pipeline.ingest import Ingestion
from rag_pipeline.queue import Queue
from rag_pipeline.report import EXIT_AUTHENTICATION, EXIT_CONFIGURATION, EXIT_FAILED, Report
from rag_pipeline.settings import PipelineSettings
from rag_pipeline.sources.base import Checkpoint, Source
from rag_pipeline.sources.local_folder import LocalFolder
from rag_pipeline.sources.uploads import Uploads
from rag_pipeline.state import BegunRun, Locked, StateManager, SupabaseStateManager
from rag_pipeline.vectors import PassageVectors

log = structlog.get_logger(__name__)
UPLOADS_PIPELINE = "uploads"


async def run_once(settings: PipelineSettings, core: CoreSettings, *, patience: float = 0.0) -> Report:
    """Run every source once. Never raises what is expected: the report says it, with the exit code.

    Args:
        settings: The pipeline's.
        core: The common ones.
        patience: Seconds to wait, in all, for other runs of the same sources to end; 0: leave the sources to them.
    """
    report = Report(
        pipeline_id=settings.rag_pipeline_id, pipeline_type=settings.rag_pipeline_type, run_mode=settings.run_mode
    )
    started = time.monotonic()
    queue = Queue(patience)
    database = Database.connect(core)
    try:
        for pipeline_id, source in sources_of(settings, core, report):
            state = (
                FolderState(settings.rag_state_directory, pipeline_id)
                if isinstance(core, NoDatabase)
                else SupabaseStateManager(database, pipeline_id, source.kind)
            )
            of_this = report.for_one_source()
            with contextlib.closing(source):
                await run_source(source, state, settings, core, of_this, queue)
            report.add(of_this)
    finally:
        await database.aclose()
    report.settle()
    report.total_duration = time.monotonic() - started
    return report


def sources_of(settings: PipelineSettings, core: CoreSettings, report: Report) -> list[tuple[str, Source]]:
    """The configured source and that of uploads, by the names of their pipelines; trouble goes into ``report``."""
    found: list[tuple[str, Source]] = []
    try:
        found.append((settings.rag_pipeline_id, build_source(settings)))
    except RoostError as error:
        note_error(report, error)
    if core.uploads_directory is not None:
        found.append((UPLOADS_PIPELINE, Uploads(core.uploads_directory)))
    return found


def build_source(settings: PipelineSettings) -> Source:
    """The source that the settings name.

    Raises:
        ConfigurationError: Something it needs is missing.
    """
    if settings.rag_pipeline_type == "google_drive":
        # Google's libraries take a second to import: only for those who use them.
        from rag_pipeline.sources.google_drive.source import GoogleDriveSource

        return GoogleDriveSource(settings, max_file_bytes=settings.rag_max_file_bytes)
    if settings.rag_watch_directory is None:
        raise ConfigurationError("RAG_WATCH_DIRECTORY is not set. Set it to the folder that holds your documents.")
    return LocalFolder(settings.rag_watch_directory)


async def run_source(
    source: Source,
    state: StateManager,
    settings: PipelineSettings,
    core: CoreSettings,
    report: Report,
    queue: Queue,
) -> None:
    """Run one source under its lock, and note what came of it in ``report``, which is its own."""
    began = time.monotonic()
    visibility = "everyone" if source.kind == "upload" else settings.rag_source_visibility
    try:
        run = await queue.begin(lambda: state.begin(source, visibility=visibility))
    except Locked as locked:
        report.locked = True
        if queue.patient:
            report.fail(f"{locked} It was waited for in vain. Try again when it has ended.", EXIT_FAILED)
        else:
            log.info("nothing to do here", why=str(locked))
            report.messages.append(str(locked))
        return
    except RoostError as error:
        note_error(report, error)
        return
    report.initialized = True
    checkpoint: Checkpoint | None = None
    failure: RoostError | None = None
    changed = True
    async with state.renewing():
        try:
            checkpoint, changed = await _take_in(source, state, run, settings, core, report)
        except RoostError as error:
            failure = error
            note_error(report, error)
        except Exception:
            # A run that dies of a mistake of ours says so like any other, and the next one has its turn.
            log.exception("the run ended by a mistake of its own")
            failure = RoostError("The run ended by a mistake of Roost's own. The pipeline's log has the details.")
            report.fail(failure.detail, EXIT_FAILED)
        if changed and failure is None:
            await state.tend()
        report.duration += time.monotonic() - began
        report.files_seen += len(run.known.files)
        try:
            ledger = await state.finish(
                checkpoint, report.as_dict(), changed=changed, error=failure.detail if failure else None
            )
        except RoostError as error:
            note_error(report, error)
            return
    report.ledger = ledger


async def _take_in(
    source: Source, state: StateManager, run: BegunRun, settings: PipelineSettings, core: CoreSettings, report: Report
) -> tuple[Checkpoint, bool]:
    vectors = PassageVectors(choose_model(core, run.index.name), run.index, state.adopt_model)
    limits = ParseLimits(
        seconds=settings.rag_parse_timeout, memory=settings.rag_parse_memory_bytes,
        max_text=settings.rag_max_text_characters, chunks=ChunkSettings(size=settings.rag_chunk_characters),
        ocr_languages=settings.rag_ocr_languages,
    )  # fmt: skip
    async with contextlib.aclosing(vectors), ParserPool(settings.rag_parse_processes, limits) as pool:
        ingestion = Ingestion(
            source=source, run=run, vectors=vectors, pool=pool, report=report, max_bytes=settings.rag_max_file_bytes,
            files_at_once=4 * settings.rag_parse_processes + 4,
        )  # fmt: skip
        checkpoint = await ingestion.work()
    return checkpoint, ingestion.changed


def choose_model(core: CoreSettings, indexed: str | None) -> str:
    """The configured embedding model; where none is configured, the index's own; for an empty index, the local one."""
    if "embedding_model" in core.model_fields_set:
        return core.embedding_model
    return indexed or LOCAL_MODEL


def note_error(report: Report, error: RoostError) -> None:
    """Put an error of the run itself into the report, with the exit code it calls for."""
    detail = error.detail
    if isinstance(error, DatabaseUnreachable):
        # Its own words are for those who use Roost; these are for whoever started the pipeline.
        detail = f"The database cannot be reached. Check {error.setting}, and that it runs there; then run again."
    log.error("the run did not come through", error=detail, problem=error.slug)
    code = EXIT_FAILED
    if isinstance(error, ConfigurationError):
        code = EXIT_CONFIGURATION
    elif isinstance(error, (NotAuthenticated, NotAllowed, ServiceKeyRefused)):
        code = EXIT_AUTHENTICATION
    report.fail(detail, code)
