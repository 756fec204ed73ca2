"""The tools by which a model asks the tables of spreadsheets and CSV files exact questions."""

from __future__ import annotations

import json
from typing import Annotated
from uuid import UUID

from pydantic import Field
from pydantic_ai import FunctionToolset, ModelRetry, RunContext

from agent_api.assistant.turn import Turn
from core.errors import NotFound, TooLarge, Unprocessable
from core.knowledge.tables.questions import TableInfo, TableQuestions

_INSTRUCTIONS = (
    "For sums, counts, comparisons and look-ups in spreadsheets and CSV files find the table first and ask it by SQL. "
    "Say in your answer which document and sheet the figures are from."
)
#: Characters of an answer at most, and of a list of tables.
_MOST_TOLD = 20_000


def tables_toolset(tables: TableQuestions) -> FunctionToolset[Turn]:
    """The tools, over the tables of all documents that the person may read."""

    async def find_tables(
        ctx: RunContext[Turn],
        query: Annotated[str, Field(description="What the table is about.", min_length=1, max_length=1000)],
    ) -> str:
        """Find tables of spreadsheets and CSV files, with their columns and what they are called in SQL."""
        found = await tables.find(query.replace("\x00", ""), user_id=ctx.deps.user_id, source_ids=_scope(ctx))
        return "\n\n".join(_described(table) for table in found)[:_MOST_TOLD] or "There is no such table."

    async def query_table(
        ctx: RunContext[Turn],
        document_id: Annotated[UUID, Field(description="The document, by the id that find_tables has given.")],
        sql: Annotated[
            str, Field(description="One SELECT in DuckDB's SQL over the tables of this document.", max_length=10_000)
        ],
    ) -> str:
        """Ask the tables of one document by SQL. Returns the columns and at most 200 rows, as JSON."""
        try:
            answer = await tables.ask(document_id, sql, user_id=ctx.deps.user_id, source_ids=_scope(ctx))
        except (Unprocessable, NotFound, TooLarge) as error:
            raise ModelRetry(error.detail) from error
        told = json.dumps({"columns": answer.columns, "rows": answer.rows}, ensure_ascii=False, default=str)
        if answer.truncated or len(told) > _MOST_TOLD:
            told = f"{told[:_MOST_TOLD]}\nThere is more than is shown: ask for less, or for sums."
        return told

    return FunctionToolset[Turn]([find_tables, query_table], id="query_table", instructions=_INSTRUCTIONS)


def _scope(ctx: RunContext[Turn]) -> tuple[UUID, ...]:
    return ctx.deps.specification.knowledge.source_ids


def _described(table: TableInfo) -> str:
    sheet = f", sheet {table.label}" if table.label else ""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    return (
        f"document_id {table.document_id}: {table.title}{sheet} ({table.path})\n"
        f"table {table.name}, {table.row_count} rows, columns {columns}"
    )
