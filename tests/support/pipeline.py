"""The pipeline as a process, over a folder of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.settings import CoreSettings, load_settings
from rag_pipeline.run import run_once
from rag_pipeline.settings import PipelineSettings
from tests.support.stack import ROOT, Person, Stack, inherited

EVERYONE = "00000000-0000-0000-0000-000000000001"


@dataclass(frozen=True)
class Run:
    """What a run said."""

    exit_code: int
    report: dict[str, Any]
    errors: str

    def __getitem__(self, name: str) -> Any:
        return self.report[name]


def _no_environment() -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Pipeline:
    """Runs `python -m rag_pipeline` over ``folder`` against ``stack``."""

    stack: Stack
    folder: Path
    environment: dict[str, str] = field(default_factory=_no_environment)

    def write(self, name: str, content: str | bytes) -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start the command and let it run."""
        place = {"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}
        here = {"RAG_WATCH_DIRECTORY": str(self.folder), "LOG_FORMAT": "json", **self.environment, **environment}
        return subprocess.Popen(
            [sys.executable, "-m", "rag_pipeline", *arguments],
            env={**inherited(), **place, **self.stack.environment(**here)},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )

    def run(self, **environment: str) -> Run:
        """One run in this process: as `python -m rag_pipeline`, without the seconds that a new process takes."""
        here = {"RAG_WATCH_DIRECTORY": str(self.folder), **self.environment, **environment}
        variables = self.stack.environment(**here)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            settings, core = load_settings(PipelineSettings), load_settings(CoreSettings)
            report = asyncio.run(run_once(settings, core))
        return Run(report.exit_code, report.as_dict(), "\n".join(report.messages))

    def command(self, *arguments: str, **environment: str) -> Run:
        """Run the command as a process to its end."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=300)
        lines = out.decode().strip().splitlines()
        assert lines, f"no report; standard error:\n{err.decode()}"
        return Run(process.returncode, json.loads(lines[-1]), err.decode())

    def search(self, person: Person, words: str, **filters: Any) -> list[dict[str, Any]]:
        """Search by words alone, as that person and with that person's own token."""
        return self.stack.post("/rest/v1/rpc/search_knowledge", {"p_query": words, "p_filters": filters}, person)

    def titles(self, person: Person, words: str, **filters: Any) -> list[str]:
        """The paths of what a search by words finds, each once, best first."""
        return list(dict.fromkeys(row["path"] for row in self.search(person, words, **filters)))

    def execute(self, statement: str, *values: object) -> list[dict[str, Any]]:
        """Run SQL as the owner of the tables, past every rule."""

        async def run() -> list[dict[str, Any]]:
            connection = await asyncpg.connect(self.stack.database_url)
            try:
                return [dict(row) for row in await connection.fetch(statement, *values)]
            finally:
                await connection.close()

        return asyncio.run(run())

    def ledger(self, person: Person) -> dict[str, dict[str, Any]]:
        """The ledger as that person sees it, by path."""
        rows = self.stack.get("/rest/v1/knowledge_files?select=*", person)
        return {row["path"]: row for row in rows}
