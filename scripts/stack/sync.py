"""`scripts/dev sync`: one pipeline run against the running stack."""

import subprocess
import sys
from pathlib import Path

from scripts.stack.data_folder import DataFolder
from scripts.stack.environment import users_environment

ROOT = Path(__file__).parents[2]


def sync(data: DataFolder) -> int:
    """Run the pipeline once; its standard output is ours and its exit code is returned.

    Raises:
        StackError: no stack runs on this folder.
    """
    environment = {**users_environment(), **data.published(), "RUN_MODE": "single"}
    command = [sys.executable, "-m", "rag_pipeline"]
    try:
        return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode
    except KeyboardInterrupt:
        return 130
