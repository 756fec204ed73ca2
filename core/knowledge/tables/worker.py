"""The process that runs one statement: `python -m core.knowledge.tables.worker`, a job as JSON on standard input."""

from __future__ import annotations

import csv
import datetime
import decimal
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

import duckdb


def main() -> None:
    """Do the job and print its outcome as JSON."""
    job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    resource.setrlimit(resource.RLIMIT_DATA, (3 * job["memory"], 3 * job["memory"]))
    try:
        outcome = answer(Path(os.environ["ROOST_TABLES"]), job)
    except (MemoryError, duckdb.OutOfMemoryException):
        # DuckDB's own words are about settings that nobody here can change.
        outcome = {"error": "The statement needed more memory than it may take. Ask for less at once."}
    except duckdb.Error as error:
        outcome = {"error": str(error).split("\n\nLINE")[0][:1000]}
    json.dump(outcome, sys.stdout)


def answer(folder: Path, job: dict[str, Any]) -> dict[str, Any]:
    """Load the tables, shut every door, run the statement."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 1,
            "memory_limit": f"{job['memory'] >> 20}MiB",
            "temp_directory": "",
            # Else a name in the statement could be a variable of this program.
            "python_enable_replacements": False,
        },
    )
    for name, file in job["tables"].items():
        _load(connection, name, folder / file)
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    statements = connection.extract_statements(job["sql"])
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        return {"error": "Only one SELECT statement is taken."}
    result = connection.execute(statements[0])
    columns = [column[0] for column in result.description or []]
    rows = result.fetchmany(job["most_rows"] + 1)
    return {
        "columns": columns,
        "rows": [[_plain(cell) for cell in row] for row in rows[: job["most_rows"]]],
        "truncated": len(rows) > job["most_rows"],
    }


def _load(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """Make a table of a file of rows. Types are those that every cell of a column agrees with."""
    target = path.with_suffix(".csv")
    with path.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_MINIMAL)
        for line in lines:
            writer.writerow(json.loads(line))
    connection.execute(
        f'create table "{name}" as select * from '  # noqa: S608 - a name of letters, digits and underscores
        "read_csv(?, header = true, delim = ',', quote = '\"', escape = '\"', sample_size = -1, null_padding = true,"
        " strict_mode = false, max_line_size = 40000000)",
        [str(target)],
    )


def _plain(cell: object) -> object:
    if isinstance(cell, decimal.Decimal):
        return float(cell)
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return str(cell)
    return cell if isinstance(cell, str | int | float | bool | None) else str(cell)


if __name__ == "__main__":
    main()
