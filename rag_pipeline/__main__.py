"""`python -m rag_pipeline`: one run or a loop of them, and what keeps the index in order.

The last line of standard output is one JSON object; everything else goes to standard error. Exit codes: 0 done, 1
something failed and is worth another try, 2 configuration, 3 authentication.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from core.errors import ConfigurationError
from core.settings import CoreSettings, load_settings
from core.telemetry import configure_logging
from rag_pipeline.configuration import load_core_settings, require_database
from rag_pipeline.report import Report
from rag_pipeline.run import note_error, run_once
from rag_pipeline.settings import PipelineSettings


def main(arguments: list[str]) -> int:
    """Run the command that ``arguments`` name; its exit code."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(PipelineSettings)
        core = load_core_settings()
        if options.command in {"check", "reindex", "evaluate"}:
            require_database(core, options.command)
    except ConfigurationError as error:
        report = Report()
        note_error(report, error)
        sys.stdout.write(report.as_json() + "\n")
        return report.exit_code
    configure_logging(core)
    return asyncio.run(_run(options, settings, core))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rag_pipeline", description=(__doc__ or "").split("\n")[0])
    commands = parser.add_subparsers(dest="command")
    run = commands.add_parser("run", help="take in what changed (what happens without a command)")
    run.add_argument(
        "--wait", type=float, default=0.0, metavar="SECONDS",
        help="wait so long for another run of this pipeline to end, then run (default: leave it to that one)",
    )  # fmt: skip
    check = commands.add_parser("check", help="reconcile sources, ledger, documents, passages and vectors")
    check.add_argument("--repair", action="store_true", help="mend what does not fit, then run")
    reindex = commands.add_parser("reindex", help="change the embedding model without an outage")
    reindex.add_argument("--embedding-model", required=True, metavar="NAME", help="provider:model, or local:minilm")
    evaluate = commands.add_parser("evaluate", help="measure how well the search finds what it should")
    evaluate.add_argument(
        "--golden-set", type=Path, default=Path("golden_set.json"), metavar="FILE", help="made where it is not there"
    )
    evaluate.add_argument("--threshold", type=float, default=0.8, help="least recall at 5 (default: 0.8)")
    evaluate.add_argument("--size", type=int, default=50, help="questions of a set that is made (default: 50)")
    evaluate.add_argument("--as", dest="person", metavar="EMAIL", help="ask as this person (default: the first admin)")
    return parser


async def _run(options: argparse.Namespace, settings: PipelineSettings, core: CoreSettings) -> int:
    if options.command == "check":
        from rag_pipeline.check import check

        return await check(settings, core, repair=options.repair)
    if options.command == "reindex":
        from rag_pipeline.reindex import reindex

        return await reindex(core, options.embedding_model)
    if options.command == "evaluate":
        from rag_pipeline.evaluate import evaluate

        return await evaluate(
            core, options.golden_set, threshold=options.threshold, size=options.size, person=options.person
        )
    if settings.run_mode == "continuous":
        from rag_pipeline.loop import run_continuously

        report = await run_continuously(settings, core)
    else:
        report = await run_once(settings, core, patience=getattr(options, "wait", 0.0))
    sys.stdout.write(report.as_json() + "\n")
    return report.exit_code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
