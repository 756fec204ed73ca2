"""The product's own processes in an embedded stack."""

import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.stack.child import Command

ROOT = Path(__file__).parents[2]


def agent_api(environment: Mapping[str, str], port: int) -> Command:
    """`python -m agent_api`, on a port of its own behind Caddy."""
    return Command(
        name="agent API",
        arguments=[sys.executable, "-m", "agent_api"],
        environment={
            # Mails are sent, or written into a folder that whoever runs this can read.
            "RECOVERY_ENABLED": "true",
            **environment,
            "AGENT_API_HOST": "127.0.0.1",
            "AGENT_API_PORT": str(port),
            "PYTHONUNBUFFERED": "1",
        },
        folder=ROOT,
    )


def rag_pipeline(environment: Mapping[str, str]) -> Command:
    """`python -m rag_pipeline`, watching all the time."""
    return Command(
        name="pipeline",
        arguments=[sys.executable, "-m", "rag_pipeline"],
        environment={**environment, "RUN_MODE": "continuous", "PYTHONUNBUFFERED": "1"},
        folder=ROOT,
    )
