"""Ask a document's tables in SQL.

The rows that the person may read are copied into a process of their own, into a DuckDB in memory that can reach neither
files nor network; the statement runs there, bounded in time and memory, and the process ends. Nothing that is written
in the statement can touch the database that holds the documents.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from core.errors import NotFound, RoostError, TooLarge, Unavailable, Unprocessable
from core.knowledge.tables.names import table_names
from core.supabase import Database

#: Limits of one question: seconds, bytes of memory, rows of the tables, rows of the answer.
_SECONDS = 15.0
_MEMORY = 512 << 20
_MOST_ROWS_IN = 500_000
MOST_ROWS_OUT = 200
#: Questions that run at the same time, and the seconds that one waits for its turn.
_PLACES = asyncio.Semaphore(2)
_PATIENCE = 20.0


@dataclass(frozen=True, slots=True)
class TableInfo:
    """A table that may be asked.

    Attributes:
        document_id: Its document.
        ordinal: Its number in the document.
        title: The document's title.
        path: Where the document is.
        name: What the table is called in a statement.
        label: The sheet's name as a person knows it; empty for a file that is one table.
        columns: Names of its columns, to be quoted in a statement.
        row_count: How many rows it has.
    """

    document_id: UUID
    ordinal: int
    title: str
    path: str
    name: str
    label: str
    columns: list[str]
    row_count: int


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """What a statement gave; ``truncated``: there were more rows than are handed over."""

    columns: list[str]
    rows: list[list[object]]
    truncated: bool


class TableQuestions:
    """Tables, by the rights of whoever asks.

    Args:
        database: The service's access.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(
        self, query: str, *, user_id: UUID, limit: int = 10, source_ids: Sequence[UUID] = ()
    ) -> list[TableInfo]:
        """The tables that fit the words best, among those of documents that the person may read.

        With ``source_ids`` only those of these sources.
        """
        arguments = {"p_user": str(user_id), "p_query": query[:1000], "p_limit": limit, "p_sources": _of(source_ids)}
        rows: list[dict[str, Any]] = await self._database.call("find_tables_as", arguments)
        return [_info(row) for row in rows]

    async def ask(self, document_id: UUID, sql: str, *, user_id: UUID, source_ids: Sequence[UUID] = ()) -> TableAnswer:
        """Run one SELECT over the tables of a document; with ``source_ids`` only of one of these sources.

        Raises:
            NotFound: There is no such document for this person, or it holds no table.
            Unprocessable: The statement is wrong, is no SELECT, or takes too long; the detail says which.
            TooLarge: The document's tables are larger than can be asked.
            Unavailable: Too many others ask at the same time.
        """
        async with _place():
            outcome = await self._asked(document_id, sql, user_id, source_ids)
        if "error" in outcome:
            raise Unprocessable(str(outcome["error"]), slug="table-question")
        return TableAnswer(outcome["columns"], outcome["rows"], outcome["truncated"])

    async def _asked(self, document_id: UUID, sql: str, user_id: UUID, source_ids: Sequence[UUID]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="roost-tables-") as name:
            folder = Path(name)
            tables = await self._copy(document_id, user_id, source_ids, folder)
            if not tables:
                raise NotFound("This document holds no table.", slug="table-not-found")
            job = {"tables": tables, "sql": sql, "memory": _MEMORY, "most_rows": MOST_ROWS_OUT}
            return await _run(job, folder)

    async def _copy(self, document_id: UUID, user_id: UUID, source_ids: Sequence[UUID], folder: Path) -> dict[str, str]:
        """Write the rows as files; their names by the names of the tables."""
        whose: dict[str, object] = {"p_user": str(user_id), "p_sources": _of(source_ids)}
        arguments = whose | {"p_document": str(document_id)}
        after, rows = -1, 0
        labels: dict[int, str] = {}
        while part := await self._database.call("table_rows_as", {**arguments, "p_after": after}):
            after = part["number"]
            rows += len(part["rows"])
            if rows > _MOST_ROWS_IN:
                raise TooLarge(f"The tables of this document have more than {_MOST_ROWS_IN:,} rows.")
            await asyncio.to_thread(_append, folder / f"{part['ordinal']}.jsonl", part, part["ordinal"] not in labels)
            labels[part["ordinal"]] = part["name"]
        names = table_names([labels[number] for number in sorted(labels)])
        return {name: f"{number}.jsonl" for name, number in zip(names, sorted(labels), strict=True)}


@contextlib.asynccontextmanager
async def _place() -> AsyncGenerator[None]:
    """One of the places of questions that run at the same time: each takes a process and its memory."""
    try:
        await asyncio.wait_for(_PLACES.acquire(), _PATIENCE)
    except TimeoutError as error:
        raise Unavailable("Too many questions are asked of tables at the moment. Please ask again.") from error
    try:
        yield
    finally:
        _PLACES.release()


def _of(source_ids: Sequence[UUID]) -> list[str] | None:
    return [str(source_id) for source_id in source_ids] or None


def _info(row: Mapping[str, Any]) -> TableInfo:
    label = str(row["name"])
    return TableInfo(
        document_id=UUID(row["document_id"]),
        ordinal=row["ordinal"],
        title=row["title"],
        path=row["path"],
        name=table_names([label])[0],
        label=label,
        columns=list(row["columns"]),
        row_count=row["row_count"],
    )


def _append(path: Path, part: Mapping[str, Any], first: bool) -> None:
    with path.open("a", encoding="utf-8") as out:
        if first:
            out.write(json.dumps(part["columns"]) + "\n")
        out.writelines(json.dumps(row) + "\n" for row in part["rows"])


async def _run(job: Mapping[str, object], folder: Path) -> dict[str, Any]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "core.knowledge.tables.worker",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        # No key of anything goes in.
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "ROOST_TABLES": str(folder)},
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    try:
        out, _ = await asyncio.wait_for(process.communicate(json.dumps(job).encode()), _SECONDS)
    except TimeoutError:
        return {"error": f"The statement took longer than {_SECONDS:g} seconds. Ask for less at once."}
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if not out:
        return {"error": "The statement needed more memory than it may take. Ask for less at once."}
    try:
        return json.loads(out)
    except ValueError as error:
        raise RoostError("The process that asks tables answered with something else.") from error
