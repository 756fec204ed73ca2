"""`python -m rag_pipeline`: one run, or a loop of them. The last line of standard output is the report as JSON."""

from __future__ import annotations

import asyncio
import sys

from core.errors import ConfigurationError
from core.settings import CoreSettings, load_settings
from core.telemetry import configure_logging
from rag_pipeline.report import Report
from rag_pipeline.run import note_error, run_once
from rag_pipeline.settings import PipelineSettings


def main(arguments: list[str]) -> int:
    """Run the command that ``arguments`` name; its exit code."""
    try:
        settings = load_settings(PipelineSettings)
        core = load_settings(CoreSettings)
    except ConfigurationError as error:
        report = Report()
        note_error(report, error)
        _tell(report)
        return report.exit_code
    configure_logging(core)
    report = asyncio.run(run_once(settings, core))
    _tell(report)
    return report.exit_code


def _tell(report: Report) -> None:
    # Standard output is for this line alone; everything else goes to standard error.
    sys.stdout.write(report.as_json() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
