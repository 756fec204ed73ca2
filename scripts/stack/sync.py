"""`scripts/dev sync`: one pipeline run against the running stack."""

import subprocess
import sys
from pathlib import Path

from scripts.stack.data_folder import DataFolder
from scripts.stack.environment import users_environment

ROOT = Path(__file__).parents[2]
LONGEST_WAIT = 900
"""Seconds that a run waits for the one before it."""


def sync(data: DataFolder) -> int:
    """Run the pipeline once; its standard output is ours and its exit code is returned.

    Raises:
        StackError: no stack runs on this folder.
    """
    environment = {**users_environment(), **data.published(), "RUN_MODE": "single"}
    # The pipeline that watches may be at work on what was there before: whoever asks wants to see what is there now.
    command = [sys.executable, "-m", "rag_pipeline", "run", "--wait", str(LONGEST_WAIT)]
    try:
        return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130
