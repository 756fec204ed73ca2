"""`python -m rag_pipeline evaluate`: how well does the search find what it should, on one's own documents?

A golden set is a JSON file: `[{"question": …, "document": path, "contains": words of the passage}]`, the last one
optional. Where the
file is not there yet it is made: by the language model of MODEL, which writes a question for each of some passages;
or, without one, from the telling words of these passages, which tests less. Look through it before you rely on it.

A report is compared with the last one of the same questions, and the command fails below a threshold.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import statistics
import sys
import time
from collections import defaultdict
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from core.errors import ConfigurationError, RoostError
from core.knowledge.reranking import build_reranker
from core.knowledge.search import KnowledgeSearch, Passage
from core.settings import CoreSettings
from core.supabase import Database
from rag_pipeline.golden_set import GoldenQuestion, load_golden_set, make_golden_set
from rag_pipeline.report import EXIT_DONE, EXIT_FAILED, Report
from rag_pipeline.run import note_error

_DEPTH = 10
#: A report may be this much worse than the last one before that is called a loss.
_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Quality:
    """How well some questions were answered.

    Attributes:
        questions: How many.
        recall_at_1: Share of questions whose passage (or document) came first.
        recall_at_5: … among the first five.
        recall_at_10: … among the first ten.
        mrr: Mean of one over the rank at which it came; 0 where it did not.
    """

    questions: int
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr: float

    @classmethod
    def of(cls, ranks: list[int | None]) -> Quality:
        """The quality of ranks from 1; ``None``: not found."""
        count = len(ranks)

        def recall(depth: int) -> float:
            return round(sum(rank is not None and rank <= depth for rank in ranks) / count, 4)

        reciprocal = round(sum(1 / rank for rank in ranks if rank) / count, 4)
        return cls(count, recall(1), recall(5), recall(10), reciprocal)


async def evaluate(core: CoreSettings, path: Path, *, threshold: float, size: int, person: str | None) -> int:
    """Ask every question of the golden set; print the report as the last line. The exit code: 1 below the threshold."""
    database = Database.connect(core)
    failed = Report()
    try:
        user = await _person(database, person)
        if not await asyncio.to_thread(path.exists):
            await make_golden_set(database, user, path, size)
        report = await _ask_all(database, core, user, load_golden_set(path))
        before = await _last(database, report["golden_set"])
        await database.call("keep_evaluation", {"p_report": report})
    except RoostError as error:
        note_error(failed, error)
        sys.stdout.write(failed.as_json() + "\n")
        return failed.exit_code
    finally:
        await database.aclose()
    report["before"] = before
    recall = report["overall"]["recall_at_5"]
    lost = before is not None and recall < before["recall_at_5"] - _TOLERANCE
    report["passed"] = recall >= threshold and not lost
    for name, quality in {"all": report["overall"], **report["by_type"]}.items():
        sys.stderr.write(f"{name}: {quality}\n")
    if not report["passed"]:
        against = f"the last report had {before['recall_at_5']}" if lost and before else f"{threshold} is asked for"
        sys.stderr.write(f"Recall at 5 is {recall}, and {against}.\n")
    sys.stdout.write(json.dumps(report, ensure_ascii=False) + "\n")
    return EXIT_DONE if report["passed"] else EXIT_FAILED


async def _ask_all(
    database: Database, core: CoreSettings, user: UUID, questions: list[GoldenQuestion]
) -> dict[str, Any]:
    from core.knowledge.embedding import build_embedder

    ranks: dict[str, list[int | None]] = defaultdict(list)
    times: list[float] = []
    missed: list[str] = []
    async with httpx.AsyncClient() as http, aclosing(build_embedder(core.embedding_model)) as embedder:
        search = KnowledgeSearch(database, embedder, build_reranker(core, http))
        for question in questions:
            began = time.perf_counter()
            passages = await search.search(question.question, user_id=user, limit=_DEPTH)
            times.append(1000 * (time.perf_counter() - began))
            rank = next((number for number, found in enumerate(passages, 1) if _right(question, found)), None)
            ranks[Path(question.document).suffix.lower() or "none"].append(rank)
            if rank is None or rank > 5:
                missed.append(question.question)
    every = [rank for some in ranks.values() for rank in some]
    index: Any = await database.run(database.table("embedding_index").select("model").single())
    text = json.dumps([asdict(question) for question in questions], sort_keys=True)
    return {
        "golden_set": hashlib.sha256(text.encode()).hexdigest()[:16],
        "model": index["model"],
        "overall": asdict(Quality.of(every)),
        "by_type": {name: asdict(Quality.of(some)) for name, some in sorted(ranks.items())},
        "latency_ms": {
            "p50": round(statistics.median(times), 1),
            "p95": round(sorted(times)[int(0.95 * (len(times) - 1))], 1),
        },
        "missed": missed[:50],
    }


def _right(question: GoldenQuestion, passage: Passage) -> bool:
    if passage.path != question.document:
        return False
    wanted, has = " ".join(question.contains.lower().split()), " ".join(passage.text.lower().split())
    return wanted in has


async def _person(database: Database, email: str | None) -> UUID:
    select = database.table("user_profiles").select("user_id").order("created_at").limit(1)
    select = select.eq("email", email) if email else select.eq("role", "admin")
    rows: Any = await database.run(select)
    if not rows:
        raise ConfigurationError(
            f"Nobody has the address {email}."
            if email
            else "Nobody has signed up yet, and the questions are asked in somebody's name."
        )
    return UUID(rows[0]["user_id"])


async def _last(database: Database, golden_set: str) -> dict[str, Any] | None:
    select = (
        database.table("search_evaluations").select("report").eq("golden_set", golden_set)
        .order("id", desc=True).limit(1)
    )  # fmt: skip
    rows: Any = await database.run(select)
    return rows[0]["report"]["overall"] if rows else None
