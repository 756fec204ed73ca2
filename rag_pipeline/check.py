"""`python -m rag_pipeline check [--repair]`: do source, ledger, documents, passages and vectors fit together?"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from core.errors import RoostError
from core.settings import CoreSettings
from core.supabase import Database
from rag_pipeline.report import EXIT_DONE, EXIT_FAILED, Report
from rag_pipeline.run import note_error, run_once, sources_of
from rag_pipeline.settings import PipelineSettings
from rag_pipeline.sources.base import Changed, Failure, Gone, Known, Moved, Source
from rag_pipeline.state import known_from

#: What the database found, for a person.
_KINDS = {
    "document-left-behind": "documents of files that are gone",
    "file-without-document": "files that count as ready without a document of theirs",
    "document-incomplete": "documents with passages or vectors missing",
    "passage-without-document": "passages without a document",
    "vector-without-passage": "vectors without a passage",
    "readers-wrong": "files whose readers are not what their sharing says",
    "staged-by-a-dead-run": "documents half brought in by a run that died",
}
#: Differences between a source and the ledger are no damage: the next run takes them in.
_EVENTS = {Changed: "to be read", Moved: "moved", Gone: "gone from the source", Failure: "not readable"}


async def check(settings: PipelineSettings, core: CoreSettings, *, repair: bool) -> int:
    """Check, and mend with ``repair``. Prints what was found; the last line is JSON. The exit code: 0, all is well."""
    report = Report(pipeline_id=settings.rag_pipeline_id, pipeline_type=settings.rag_pipeline_type)
    database = Database.connect(core)
    try:
        found: list[dict[str, Any]] = await database.call("check_knowledge", {"p_repair": repair})
        _tell(
            f"{item['count']} {_KINDS.get(item['kind'], item['kind'])}, for instance {', '.join(item['examples'])}"
            for item in found
        )
        if repair:
            await run_once(settings, core)
            found = await database.call("check_knowledge", {"p_repair": False})
        waiting = {
            source.name: await _compare(database, pipeline_id, source)
            for pipeline_id, source in sources_of(settings, core, report)
        }
    except RoostError as error:
        note_error(report, error)
        sys.stdout.write(report.as_json() + "\n")
        return report.exit_code
    finally:
        await database.aclose()
    orphans = sum(item["count"] for item in found)
    for name, counts in waiting.items():
        _tell(f"{name}: {count} {what} at the next run" for what, count in counts.items())
    _tell(["Everything fits together." if not orphans else "Mend it with: python -m rag_pipeline check --repair"])
    code = EXIT_FAILED if orphans else EXIT_DONE
    answer = {"orphans": orphans, "problems": found, "waiting": waiting, "repaired": repair, "exit_code": code}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return max(code, report.exit_code)


async def _compare(database: Database, pipeline_id: str, source: Source) -> dict[str, int]:
    """How the source differs from the ledger, without touching either."""
    row = await database.call("known_to_pipeline", {"p_pipeline_id": pipeline_id})
    known = known_from(row["files"], {}) if row else Known()

    def count() -> Counter[str]:
        with contextlib.closing(source):
            return Counter(_EVENTS[type(event)] for event in source.changes(known))

    return dict(await asyncio.to_thread(count))


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stderr.write(line + "\n")
